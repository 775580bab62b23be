"""IDX files, as MNIST comes in."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from gendesk.data.library import DataLibrary
from gendesk.errors import InputError
from tests.data.pictures import idx_bytes, noise, save_idx, together
from tests.support.shared_data import shared_data


@pytest.mark.parametrize("dot", [False, True])
@pytest.mark.parametrize("gz", [False, True])
def test_a_folder_named_as_mnist_is_read_whole(library: DataLibrary, tmp_path: Path, dot: bool, gz: bool) -> None:
    images = save_idx(tmp_path / "digits", dot=dot, gz=gz)
    dataset = library.open(str(tmp_path / "digits"))
    assert dataset.info.item_shape == (1, 7, 5)
    assert (len(dataset.train), len(dataset.test)) == (12, 4)
    assert dataset.info.classes == ("0", "1", "2")
    expected = {image.tobytes(): number % 3 for number, image in enumerate(images)}
    pairs = (dataset.train.images, dataset.train.labels)
    assert {image.tobytes(): label for image, label in zip(*pairs, strict=True)} == expected


def test_the_training_file_brings_its_labels_and_test_part(library: DataLibrary, tmp_path: Path) -> None:
    save_idx(tmp_path)
    dataset = library.open(str(tmp_path / "train-images-idx3-ubyte.gz"))
    assert (len(dataset.train), len(dataset.test)) == (12, 4)


def test_the_test_file_brings_its_labels_only(library: DataLibrary, tmp_path: Path) -> None:
    save_idx(tmp_path)
    dataset = library.open(str(tmp_path / "t10k-images-idx3-ubyte.gz"))
    assert (len(dataset.train), len(dataset.test)) == (3, 1)
    assert dataset.info.classes == ("0", "1", "2")


def test_a_file_of_any_name_is_read_without_labels(library: DataLibrary, tmp_path: Path) -> None:
    images = noise(10)[..., 0]
    (tmp_path / "digits.bin").write_bytes(idx_bytes(images))
    dataset = library.open(str(tmp_path / "digits.bin"))
    assert together(dataset.train.images) | together(dataset.test.images) == together(images)
    assert dataset.info.classes == ()


def test_changed_labels_are_noticed(library: DataLibrary, tmp_path: Path) -> None:
    save_idx(tmp_path / "digits", gz=False)
    before = library.open(str(tmp_path / "digits"))
    labels = tmp_path / "digits" / "train-labels-idx1-ubyte"
    labels.write_bytes(idx_bytes(np.full(12, 5, np.uint8)))
    after = library.open(str(tmp_path / "digits"))
    assert after.info.fingerprint != before.info.fingerprint
    assert set(after.train.labels) == {5}


def _written(tmp_path: Path, data: bytes) -> str:
    path = tmp_path / "pictures.idx"
    path.write_bytes(data)
    return str(path)


WHOLE = idx_bytes(noise(10)[..., 0])
HUGE = WHOLE[:4] + (0xFFFFFFFF).to_bytes(4, "big") * 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not an IDX file"),
        (b"hello, this is text", "not an IDX file"),
        (WHOLE[:10], "within its header"),
        (WHOLE[:-1], "its header promises"),
        (WHOLE + b"x", "its header promises"),
        (HUGE, "cannot be pictures"),
        (b"\0\0\x0d\3" + WHOLE[4:], "only unsigned bytes"),
        (b"\0\0\x08\2" + WHOLE[4:], "2 dimensions"),
        (idx_bytes(np.zeros((0, 4, 4), np.uint8)), "cannot be pictures"),
        (gzip.compress(WHOLE)[:-20], "cannot be read|ends too early"),
        (gzip.compress(WHOLE[:-1]), "ends too early"),
        (gzip.compress(WHOLE + b"x"), "holds more than"),
        (gzip.compress(WHOLE[:4] + (1 << 20).to_bytes(4, "big") + (4096).to_bytes(4, "big") * 2), "no real data"),
    ],
)
def test_damaged_and_lying_files_are_one_sentence(library: DataLibrary, tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=rf"pictures\.idx.*({said}).*\.$"):
        library.open(_written(tmp_path, data))
    assert list(library.folder.iterdir()) == []


def test_labels_must_be_as_many_as_pictures(library: DataLibrary, tmp_path: Path) -> None:
    save_idx(tmp_path / "digits", gz=False)
    (tmp_path / "digits" / "train-labels-idx1-ubyte").write_bytes(idx_bytes(np.zeros(11, np.uint8)))
    with pytest.raises(InputError, match="11 labels for 12 pictures"):
        library.open(str(tmp_path / "digits"))


def test_labels_alone_are_one_sentence(library: DataLibrary, tmp_path: Path) -> None:
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx_bytes(np.zeros(11, np.uint8)))
    with pytest.raises(InputError, match="labels without pictures"):
        library.open(str(tmp_path / "train-labels-idx1-ubyte"))


def test_the_real_digits(library: DataLibrary) -> None:
    dataset = library.open(str(shared_data("mnist")))
    assert (len(dataset.train), len(dataset.test)) == (60_000, 10_000)
    assert dataset.info.item_shape == (1, 28, 28)
    assert dataset.info.classes == tuple("0123456789")
    assert np.bincount(dataset.train.labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert float(dataset.train.images.mean()) / 255 == pytest.approx(0.1307, abs=1e-4)
