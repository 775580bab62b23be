"""Pictures in .npy and .npz files."""

import pickle
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gendesk.data.library import DataLibrary
from gendesk.errors import InputError
from tests.data.pictures import noise, together
from tests.support.shared_data import shared_data


def _npy(tmp_path: Path, array: np.ndarray) -> str:
    np.save(tmp_path / "array.npy", array)
    return str(tmp_path / "array.npy")


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("first", [False, True])
def test_channels_may_be_first_or_last(
    library: DataLibrary, tmp_path: Path, order: str, channels: int, first: bool
) -> None:
    images = noise(10, 9, 14, channels)
    stored = images.transpose(0, 3, 1, 2) if first else images
    dataset = library.open(_npy(tmp_path, np.array(stored, order=order)))
    assert dataset.info.item_shape == (channels, 9, 14)
    assert together(dataset.train.images) | together(dataset.test.images) == together(images)


def test_grey_pictures_need_no_channels(library: DataLibrary, tmp_path: Path) -> None:
    assert library.open(_npy(tmp_path, noise(10)[..., 0])).info.item_shape == (1, 12, 12)


def test_transparent_pictures_lie_on_white(library: DataLibrary, tmp_path: Path) -> None:
    dataset = library.open(_npy(tmp_path, np.zeros((4, 8, 8, 4), np.uint8)))
    assert dataset.train.images.min() == 255


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, ">f4"])
@pytest.mark.parametrize(("lowest", "highest"), [(0, 1), (-1, 1), (0, 255)])
def test_floats_are_scaled_by_their_range(
    library: DataLibrary, tmp_path: Path, dtype: object, lowest: int, highest: int
) -> None:
    pixels = np.tile(np.array([0, 51, 204, 255]), (4, 8, 2))
    array = (pixels / 255 * (highest - lowest) + lowest).astype(dtype)
    dataset = library.open(_npy(tmp_path, array))
    assert np.array_equal(dataset.train.images[0, ..., 0], pixels[0])


@pytest.mark.parametrize("dtype", [np.int64, np.uint16])
def test_whole_numbers_are_levels(library: DataLibrary, tmp_path: Path, dtype: type) -> None:
    images = noise(10)
    dataset = library.open(_npy(tmp_path, images.astype(dtype)))
    assert together(dataset.train.images) | together(dataset.test.images) == together(images)


def test_truth_values_are_black_and_white(library: DataLibrary, tmp_path: Path) -> None:
    dataset = library.open(_npy(tmp_path, noise(10)[..., 0] > 127))
    assert set(np.unique(dataset.train.images)) == {0, 255}


@pytest.mark.parametrize(
    ("train", "train_labels", "test", "test_labels"),
    [
        ("x_train", "y_train", "x_test", "y_test"),
        ("X_train", "Y_train", "X_test", "Y_test"),
        ("train_images", "train_labels", "test_images", "test_labels"),
        ("train_images", "train_labels", "val_images", "val_labels"),
        ("images", "labels", None, None),
        ("x", "y", None, None),
        ("arr_0", "arr_1", None, None),
        ("anything", None, None, None),
    ],
)
def test_the_usual_names_are_known(
    library: DataLibrary, tmp_path: Path, train: str, train_labels: str | None, test: str | None, test_labels: str
) -> None:
    arrays = {train: noise(10)}
    if train_labels:
        arrays[train_labels] = np.arange(10) % 3
    if test:
        arrays |= {test: noise(4, seed=1), test_labels: np.arange(4).reshape(4, 1) % 2}
    np.savez_compressed(tmp_path / "set.npz", **arrays)
    dataset = library.open(str(tmp_path / "set.npz"))
    assert (len(dataset.train), len(dataset.test)) == ((10, 4) if test else (9, 1))
    assert dataset.info.classes == (("0", "1", "2") if train_labels else ())
    numbers = {image.tobytes(): number % 3 for number, image in enumerate(noise(10))}
    for image, label in zip(dataset.train.images, dataset.train.labels, strict=True):
        assert label == (numbers[image.tobytes()] if train_labels else -1)


def test_names_can_be_labels(library: DataLibrary, tmp_path: Path) -> None:
    np.savez(tmp_path / "set.npz", images=noise(6), labels=np.array(["dog", "cat"] * 3))
    assert library.open(str(tmp_path / "set.npz")).info.classes == ("cat", "dog")


@pytest.mark.parametrize(
    ("array", "said"),
    [
        (np.zeros((10, 780), np.uint8), "shape"),
        (np.zeros((28, 28, 3), np.uint8), "shape"),
        (np.zeros((2, 3, 4, 5, 6), np.uint8), "shape"),
        (np.float64(3), "empty array or a single number"),
        (np.zeros((0, 8, 8), np.uint8), "empty array"),
        (np.full((4, 8, 8), np.nan), "values from nan"),
        (np.full((4, 8, 8), 256), "values from 256"),
        (np.full((4, 8, 8), -2.0), "values from -2"),
        (np.zeros((4, 8, 8), np.complex64), "complex"),
        (np.zeros((4, 8, 8), "U3"), "pictures need numbers"),
    ],
)
def test_other_arrays_are_one_sentence(library: DataLibrary, tmp_path: Path, array: np.ndarray, said: str) -> None:
    with pytest.raises(InputError, match=rf"array\.npy.*{said}.*\.$"):
        library.open(_npy(tmp_path, array))


class _Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, ...]:
        return Path.mkdir, (self.folder,)


def test_pickles_are_never_opened(library: DataLibrary, tmp_path: Path) -> None:
    trap, sprung = np.array([_Trap(tmp_path / "sprung")], dtype=object), tmp_path / "sprung"
    np.save(tmp_path / "set.npy", trap, allow_pickle=True)
    np.savez(tmp_path / "images.npz", images=trap)
    np.savez(tmp_path / "labels.npz", images=noise(4), labels=trap)
    (tmp_path / "bare.npy").write_bytes(pickle.dumps(_Trap(sprung)))
    for name in ("set.npy", "images.npz", "labels.npz"):
        with pytest.raises(InputError, match=r"holds Python objects.*\.$"):
            library.open(str(tmp_path / name))
    with pytest.raises(InputError, match=r"bare\.npy is not a numpy array"):
        library.open(str(tmp_path / "bare.npy"))
    assert not sprung.exists()


def test_real_pickled_sketches_are_refused(library: DataLibrary) -> None:
    with pytest.raises(InputError, match=r"aaron_sheep\.npz"):
        library.open(str(shared_data("sketches", "aaron_sheep.npz")))


def test_a_header_that_promises_more_than_there_is_is_refused(library: DataLibrary, tmp_path: Path) -> None:
    path = tmp_path / "array.npy"
    np.save(path, noise(10)[..., 0])
    path.write_bytes(path.read_bytes().replace(b"(10, 12, 12)", b"(90000000, 12, 12)"))
    with pytest.raises(InputError, match="its header promises"):
        library.open(str(path))
    with zipfile.ZipFile(tmp_path / "set.npz", "w") as archive:
        archive.write(path, "images.npy")
    with pytest.raises(InputError, match="its header promises"):
        library.open(str(tmp_path / "set.npz"))


def test_a_header_that_claims_to_be_endless_is_refused(library: DataLibrary, tmp_path: Path) -> None:
    path = tmp_path / "array.npy"
    path.write_bytes(b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + b" " * 100)
    with pytest.raises(InputError, match="header is damaged"):
        library.open(str(path))


def test_an_array_that_explodes_is_refused(library: DataLibrary, tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "set.npz", images=np.zeros((100, 1000, 1000), np.uint8))
    with pytest.raises(InputError, match="no real data"):
        library.open(str(tmp_path / "set.npz"))


def test_an_archive_without_pictures_lists_what_it_holds(library: DataLibrary, tmp_path: Path) -> None:
    np.savez(tmp_path / "set.npz", weights=noise(3), bias=noise(3))
    with pytest.raises(InputError, match=r"set\.npz holds bias, weights, but no array named"):
        library.open(str(tmp_path / "set.npz"))


def test_labels_must_be_as_many_as_pictures(library: DataLibrary, tmp_path: Path) -> None:
    np.savez(tmp_path / "set.npz", images=noise(6), labels=np.arange(5))
    with pytest.raises(InputError, match="for 6 pictures"):
        library.open(str(tmp_path / "set.npz"))


def test_members_of_one_name_are_no_trouble(library: DataLibrary, tmp_path: Path) -> None:
    np.savez(tmp_path / "set.npz", images=noise(6))
    data = zipfile.ZipFile(tmp_path / "set.npz").read("images.npy")
    with warnings.catch_warnings(), zipfile.ZipFile(tmp_path / "set.npz", "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("images.npy", data)
    assert len(library.open(str(tmp_path / "set.npz")).train) == 5
