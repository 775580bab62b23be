"""Published data sets: what is known of them, opening them by name, and files given in place of a download."""

import io
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gendesk.data.catalogue import catalogue, find_entry
from gendesk.data.download import given_files
from gendesk.data.library import Cancelled, DataLibrary
from gendesk.data.options import ImageOptions
from gendesk.data.published import CIFAR10, FASHION_MNIST, MNIST, published_set
from gendesk.data.quickdraw_names import QUICKDRAW_NAMES
from gendesk.errors import InputError
from tests.data.pictures import CROSS, DOT, noise, stroke_bytes, together
from tests.support.data_server import DataServer, Served
from tests.support.shared_data import shared_data

STROKES = stroke_bytes([CROSS, DOT] * 5)


def _bitmaps(seed: int = 0, count: int = 20) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, noise(count, 28, 28, seed=seed).reshape(count, 784))
    return buffer.getvalue()


@pytest.mark.parametrize("data", [MNIST, FASHION_MNIST, CIFAR10])
def test_what_is_known_of_published_files_is_complete(data: object) -> None:
    for file in data.files:
        assert re.fullmatch("[0-9a-f]{32}", file.md5)
        assert file.size > 0
        assert all(re.fullmatch(r"https?://\S+", address) for address in data.addresses(file))
    assert find_entry(data.reference).download_bytes == data.size


def test_all_names_of_quick_draw_are_known() -> None:
    assert len(set(QUICKDRAW_NAMES)) == 345
    for name in QUICKDRAW_NAMES:
        assert published_set(f"quickdraw:{name}").files[0].name == f"{name}.npy"


def test_addresses_are_those_of_the_makers() -> None:
    data = published_set("quickdraw:the eiffel tower,cat")
    assert [data.addresses(file, "http://localhost:8000/") for file in data.files] == [
        [
            "http://localhost:8000/quickdraw/The%20Eiffel%20Tower.npy",
            "https://storage.googleapis.com/quickdraw_dataset/full/numpy_bitmap/The%20Eiffel%20Tower.npy",
        ],
        [
            "http://localhost:8000/quickdraw/cat.npy",
            "https://storage.googleapis.com/quickdraw_dataset/full/numpy_bitmap/cat.npy",
        ],
    ]
    assert published_set("quickdraw-strokes:cat").addresses(published_set("quickdraw-strokes:cat").files[0]) == [
        "https://storage.googleapis.com/quickdraw_dataset/full/binary/cat.bin"
    ]


def test_an_entry_is_found_for_every_drawing() -> None:
    assert find_entry("quickdraw:cat") in catalogue()
    entry = find_entry("quickdraw-strokes:dog, cat")
    assert entry.name == "quickdraw-strokes:dog,cat"
    assert "dog, cat" in entry.title
    assert entry.published
    assert find_entry("no-such-set") is None


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a/b", ".hidden", "cat,", "x" * 90, "a\nb", "a\\b", "C:x"])
@pytest.mark.parametrize("kind", ["quickdraw", "quickdraw-strokes"])
def test_names_that_can_be_none_are_refused(library: DataLibrary, kind: str, name: str) -> None:
    with pytest.raises(InputError, match=f"{kind}:cat or {kind}:cat,dog"):
        library.open(f"{kind}:{name}")
    assert not library.folder.exists()


def test_opening_downloads_once_and_prepares_once(library: DataLibrary, mirror: DataServer) -> None:
    mirror.files["quickdraw/cat.npy"] = Served(_bitmaps())
    told: list[tuple[float, str]] = []
    dataset = library.open("quickdraw:cat", report=lambda *news: told.append(news))
    assert dataset.info.item_shape == (1, 28, 28)
    assert (len(dataset.train), len(dataset.test)) == (18, 2)
    assert dataset.info.name == "quickdraw:cat"
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert told[0][1].startswith("Downloading Quick, Draw! cat (bitmaps): 0.0 ")
    assert told[-1] == (1.0, "Quick, Draw! cat (bitmaps) is ready")
    (library.downloads / "quickdraw" / "cat.npy").unlink()
    assert library.open("quickdraw:cat").info == dataset.info
    assert len(mirror.asked) == 1


def test_other_options_are_prepared_from_the_same_file(library: DataLibrary, mirror: DataServer) -> None:
    mirror.files["quickdraw-strokes/cat.bin"] = Served(STROKES)
    assert library.open("quickdraw-strokes:cat").info.height == 32
    assert library.open("quickdraw-strokes:cat", ImageOptions(image_size=48)).info.height == 48
    assert len(mirror.asked) == 1


def test_several_drawings_become_classes_in_the_order_given(library: DataLibrary, mirror: DataServer) -> None:
    for name, drawing in (("cat", CROSS), ("dog", DOT)):
        mirror.files[f"quickdraw-strokes/{name}.bin"] = Served(stroke_bytes([drawing] * 6))
    dataset = library.open("quickdraw-strokes:dog,cat")
    assert dataset.info.classes == ("dog", "cat")
    ink = (dataset.train.images == 0).sum(axis=(1, 2, 3))
    assert (ink == 4).tolist() == (dataset.train.labels == 0).tolist()


def test_a_damaged_file_without_a_published_hash_is_downloaded_anew(library: DataLibrary, mirror: DataServer) -> None:
    mirror.files["quickdraw/cat.npy"] = Served(_bitmaps()[:-10])
    with pytest.raises(InputError, match=r"cat\.npy is .* open it again to download it anew\.$"):
        library.open("quickdraw:cat")
    mirror.files["quickdraw/cat.npy"] = Served(_bitmaps())
    assert len(library.open("quickdraw:cat").train) == 18


def test_a_cancelled_download_leaves_no_data_set_but_goes_on_later(library: DataLibrary, mirror: DataServer) -> None:
    mirror.files["quickdraw/cat.npy"] = Served(_bitmaps(), stalls_after=8192)
    with pytest.raises(Cancelled):
        library.open("quickdraw:cat", cancelled=lambda: mirror.sent >= 8192)
    assert [path.name for path in library.folder.iterdir()] == ["downloads"]
    mirror.files["quickdraw/cat.npy"].stalls_after = None
    assert len(library.open("quickdraw:cat").train) == 18


def _stalls_in_a_process(folder: Path) -> subprocess.Popen[str]:
    code = (
        "import sys; from pathlib import Path; from gendesk.data.library import DataLibrary\n"
        "DataLibrary(Path(sys.argv[1])).open('quickdraw:cat', report=lambda _, sentence: print(sentence, flush=True))"
    )
    return subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_download_survives_a_kill(library: DataLibrary, mirror: DataServer) -> None:
    mirror.files["quickdraw/cat.npy"] = Served(_bitmaps(count=200), stalls_after=65536)
    with _stalls_in_a_process(library.folder) as process:
        assert process.stdout is not None
        # 0.1 MB are the 65,536 bytes, rounded: they are on the disk, as each report comes behind what it tells of.
        assert any(": 0.1 of" in line for line in process.stdout)
        os.kill(process.pid, signal.SIGKILL)
    mirror.files["quickdraw/cat.npy"].stalls_after = None
    assert len(library.open("quickdraw:cat").train) == 180
    assert mirror.asked[-1][1].startswith("bytes=")


def test_given_files_take_the_place_of_a_download(library: DataLibrary, tmp_path: Path) -> None:
    given = tmp_path / "from a stick"
    given.mkdir()
    (given / "Cat.npy").write_bytes(_bitmaps(1))
    (given / "dog.npy").write_bytes(_bitmaps(2))
    library.adopt("quickdraw:cat,dog", [given])
    dataset = library.open("quickdraw:cat,dog")
    assert dataset.info.classes == ("cat", "dog")
    both = np.concatenate([noise(20, 28, 28, seed=seed)[..., 0] for seed in (1, 2)])
    assert together(dataset.train.images) | together(dataset.test.images) == together(both)
    library.adopt("quickdraw:cat,dog", [library.downloads / "quickdraw"])


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("quickdraw:dog", r"dog\.npy of .* is not among the files that were given"),
        ("quickdraw:cat", r"cat\.npy is not a numpy array file"),
        ("mnist", r"train-images-idx3-ubyte\.gz .* is not among the files"),
        ("glyphs", "names no published data set"),
        ("no-such-set", "names no published data set"),
    ],
)
def test_files_that_are_not_the_right_ones_are_refused(
    library: DataLibrary, tmp_path: Path, reference: str, said: str
) -> None:
    (tmp_path / "cat.npy").write_text("no numpy file")
    with pytest.raises(InputError, match=rf"{said}.*\.$"):
        library.adopt(reference, [tmp_path / "cat.npy", tmp_path / "missing.npy"])
    assert not library.downloads.exists()


def test_files_of_other_contents_are_told_from_the_published_ones() -> None:
    with pytest.raises(InputError, match=r"its MD5 differs.*gendesk train --data .*train-images-idx3-ubyte\.gz\.$"):
        given_files(MNIST, [shared_data("mnist")])
