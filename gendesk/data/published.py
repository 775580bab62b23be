"""Data sets that others publish: which files they are made of, where those lie, and how to know them.

Light and without the network, as the catalogue is made from it.
"""

import difflib
import re
from dataclasses import dataclass
from urllib.parse import quote

from gendesk.data.quickdraw_names import QUICKDRAW_NAMES
from gendesk.errors import InputError

QUICKDRAW, QUICKDRAW_STROKES = "quickdraw", "quickdraw-strokes"
GUTENBERG = "gutenberg"
_CLASS = re.compile(r"\w[\w '().-]{0,63}")
_GUTENBERG_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
_QUICKDRAW_HOST = "https://storage.googleapis.com/quickdraw_dataset/full/"
_QUICKDRAW_FOLDERS = {QUICKDRAW: ("numpy_bitmap/", ".npy"), QUICKDRAW_STROKES: ("binary/", ".bin")}


@dataclass(frozen=True)
class PublishedFile:
    """A file as its makers publish it: `size` in bytes (0: not known) and its MD5 in hex ("": none is published)."""

    name: str
    size: int = 0
    md5: str = ""


@dataclass(frozen=True)
class PublishedSet:
    """The files of a data set and the addresses of the folders where they lie, the best first.

    `reference` opens it; `folder` is the name of the folder that its files are kept in, here and on a mirror.
    `classes` are the names of its labels where its files do not tell them; `shape` (height, width, channels) is that
    of its pictures.
    """

    reference: str
    title: str
    folder: str
    files: tuple[PublishedFile, ...]
    mirrors: tuple[str, ...]
    homepage: str
    classes: tuple[str, ...] = ()
    shape: tuple[int, int, int] = (28, 28, 1)

    @property
    def size(self) -> int:
        """Bytes to download, or 0 where that is not known."""
        return sum(file.size for file in self.files) if all(file.size for file in self.files) else 0

    def addresses(self, file: PublishedFile, first: str = "") -> list[str]:
        """Return where to ask for a file; `first` is the address of a mirror of all sets that is asked before all."""
        own = [f"{first.rstrip('/')}/{self.folder}/"] if first else []
        return [mirror + quote(file.name) for mirror in (*own, *self.mirrors)]


_IDX = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz")  # fmt: skip


def _idx_files(sizes: tuple[int, ...], hashes: tuple[str, ...]) -> tuple[PublishedFile, ...]:
    return tuple(PublishedFile(*facts) for facts in zip(_IDX, sizes, hashes, strict=True))


MNIST = PublishedSet(
    reference="mnist",
    title="MNIST digits",
    folder="mnist",
    files=_idx_files(
        (9_912_422, 28_881, 1_648_877, 4_542),
        (
            "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "d53e105ee54ea40749a09fcbcd1e9432",
            "9fb629c4189551a2d022fa330f9573f3",
            "ec29112dd5afa0611ce80d1b7f02629c",
        ),
    ),
    mirrors=(
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ),
    homepage="http://yann.lecun.com/exdb/mnist/",
)
FASHION_MNIST = PublishedSet(
    reference="fashion-mnist",
    title="Fashion-MNIST",
    folder="fashion-mnist",
    files=_idx_files(
        (26_421_880, 29_515, 4_422_102, 5_148),
        (
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "25c81989df183df01b3e8a0aad5dffbe",
            "bef4ecab320f06d8554ea6380940ec79",
            "bb300cfdad3c16e7a12a480ee83cd310",
        ),
    ),
    mirrors=(
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
    homepage="https://github.com/zalandoresearch/fashion-mnist",
    classes=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
)
CIFAR10 = PublishedSet(
    reference="cifar10",
    title="CIFAR-10",
    folder="cifar10",
    files=(PublishedFile("cifar-10-binary.tar.gz", 170_052_171, "c32a1d4ab5d03f1284b67883e8d87530"),),
    mirrors=("https://www.cs.toronto.edu/~kriz/",),
    homepage="https://www.cs.toronto.edu/~kriz/cifar.html",
    shape=(32, 32, 3),
)
_FIXED = {published.reference: published for published in (MNIST, FASHION_MNIST, CIFAR10)}


def published_set(reference: str) -> PublishedSet | None:
    """Return the published set that a reference names, None if it names none.

    `quickdraw:cat` are the bitmaps of one name of Quick, Draw!, `quickdraw:cat,dog` those of two as two classes, and
    `quickdraw-strokes:` the strokes. Raises InputError for a name that can be none.
    """
    kind, colon, names = reference.partition(":")
    if colon and kind in _QUICKDRAW_FOLDERS:
        return quickdraw_set(kind, [name.strip() for name in names.split(",")])
    return _FIXED.get(reference)


def quickdraw_set(kind: str, names: list[str]) -> PublishedSet:
    """Return the bitmaps or the strokes (QUICKDRAW or QUICKDRAW_STROKES) of some names; raises InputError."""
    for name in names:
        if not _CLASS.fullmatch(name):
            raise InputError(
                f"{kind} needs the names of what is drawn behind a colon, as in {kind}:cat or {kind}:cat,dog"
                + (f"; {name!r} can be none." if name else ".")
            )
    folder, suffix = _QUICKDRAW_FOLDERS[kind]
    chosen = tuple(dict.fromkeys(_spelled(name) for name in names))
    return PublishedSet(
        reference=f"{kind}:{','.join(chosen)}",
        title=f"Quick, Draw! {', '.join(chosen)} ({'strokes' if kind == QUICKDRAW_STROKES else 'bitmaps'})",
        folder=kind,
        files=tuple(PublishedFile(name + suffix) for name in chosen),
        mirrors=(_QUICKDRAW_HOST + folder,),
        homepage="https://github.com/googlecreativelab/quickdraw-dataset",
        shape=(32, 32, 1) if kind == QUICKDRAW_STROKES else (28, 28, 1),
    )


def gutenberg_book(reference: str) -> PublishedSet | None:
    """Return the book that gutenberg:NUMBER names, None for other references; raises InputError for no number.

    Books are texts, which have an opening of their own, and so are none of the published sets above.
    """
    kind, colon, number = reference.partition(":")
    if not colon or kind != GUTENBERG:
        return None
    if not _GUTENBERG_NUMBER.fullmatch(number.strip()):
        raise InputError("gutenberg needs the number of a book behind a colon, as in gutenberg:11339.")
    return _book(int(number))


def _book(number: int) -> PublishedSet:
    return PublishedSet(
        reference=f"{GUTENBERG}:{number}",
        title=f"Gutenberg's book {number}",
        folder=GUTENBERG,
        files=(PublishedFile(f"pg{number}.txt"),),
        mirrors=(f"https://www.gutenberg.org/cache/epub/{number}/",),
        homepage=f"https://www.gutenberg.org/ebooks/{number}",
    )


AESOP = _book(11_339)


def _spelled(name: str) -> str:
    """Write a known name as it is published, with its own capitals; leave any other as it is."""
    known = {spelling.lower(): spelling for spelling in QUICKDRAW_NAMES}
    return known.get(name.lower(), name)


def similar_names(name: str) -> list[str]:
    """Return known names of Quick, Draw! that a mistyped one may have meant."""
    return [] if name in QUICKDRAW_NAMES else difflib.get_close_matches(name, QUICKDRAW_NAMES, 3)
