"""A person's own pictures in folders and archives: all formats, classes, parts, sizes and colours just work."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gendesk.data.dataset import SkippedFile
from gendesk.data.library import DataLibrary
from gendesk.data.options import ImageOptions
from gendesk.errors import InputError
from tests.data.pictures import noise, save_pngs, together, zip_folder

SIZE_32 = ImageOptions(image_size=32)


def test_small_pictures_of_one_size_stay_as_they_are(library: DataLibrary, tmp_path: Path) -> None:
    images = noise(20, 9, 14, 3)
    dataset = library.open(str(save_pngs(tmp_path / "own", images)))
    assert (dataset.info.height, dataset.info.width, dataset.info.channels) == (9, 14, 3)
    assert (len(dataset.train), len(dataset.test)) == (18, 2)
    assert dataset.train.images.dtype == np.uint8
    assert together(dataset.train.images) | together(dataset.test.images) == together(images)
    assert set(dataset.train.labels) == {-1}
    assert dataset.info.classes == ()
    assert dataset.info.name == dataset.info.title == "own"


def test_the_result_is_mapped_from_disk_and_cannot_be_written(library: DataLibrary, tmp_path: Path) -> None:
    dataset = library.open(str(save_pngs(tmp_path / "own", noise(5))))
    assert isinstance(dataset.train.images, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        dataset.train.images[0] = 0
    with pytest.raises(ValueError, match="read-only"):
        dataset.train.labels[0] = 0


def test_mixed_sizes_become_64_pixel_squares(library: DataLibrary, tmp_path: Path) -> None:
    folder = save_pngs(tmp_path / "own", noise(40, 20, 20))
    # The one that differs comes up after the others were believed to tell the size of all.
    Image.new("L", (31, 17), 99).save(folder / "odd.png")
    dataset = library.open(str(folder))
    assert dataset.info.item_shape == (1, 64, 64)
    assert len(dataset.train) + len(dataset.test) == 41


def test_large_pictures_of_one_size_become_64_pixel_squares(library: DataLibrary, tmp_path: Path) -> None:
    dataset = library.open(str(save_pngs(tmp_path / "own", noise(4, 10, 129))))
    assert dataset.info.item_shape == (1, 64, 64)


def test_pictures_are_cropped_around_the_centre_and_not_stretched(library: DataLibrary, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    wide = np.zeros((40, 120), np.uint8)
    wide[:, 40:80] = 255
    for number in range(3):
        Image.fromarray(wide).save(folder / f"{number}.png")
    dataset = library.open(str(folder), SIZE_32)
    assert dataset.info.item_shape == (1, 32, 32)
    assert dataset.train.images.min() > 240


def test_pictures_are_made_smaller_with_antialiasing(library: DataLibrary, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    stripes = np.tile(np.array([0, 255], np.uint8), (256, 128))
    for number in range(3):
        Image.fromarray(stripes).save(folder / f"{number}.png")
    dataset = library.open(str(folder), SIZE_32)
    assert 120 < dataset.train.images.min() <= dataset.train.images.max() < 136


@pytest.mark.parametrize("suffix", ["png", "jpg", "JPEG", "webp", "bmp", "gif", "tif", "tiff"])
def test_every_format_is_read(library: DataLibrary, tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    for number in range(3):
        Image.new("RGB", (16, 16), (250, 10, 10)).save(folder / f"{number}.{suffix}")
    dataset = library.open(str(folder))
    assert dataset.info.channels == 3
    assert np.abs(dataset.train.images[0, 8, 8].astype(int) - (250, 10, 10)).max() < 8


def _saved_as(folder: Path, image: Image.Image, name: str = "a.png", **options: object) -> Path:
    folder.mkdir()
    for number in range(3):
        image.save(folder / f"{number}{name}", **options)
    return folder


def test_sixteen_bits_keep_their_brightness(library: DataLibrary, tmp_path: Path) -> None:
    values = np.array([[0, 0x4000], [0x8000, 0xFFFF]], np.uint16).repeat(8, 0).repeat(8, 1)
    dataset = library.open(str(_saved_as(tmp_path / "own", Image.fromarray(values))))
    assert dataset.info.item_shape == (1, 16, 16)
    assert dataset.train.images[0, ::8, ::8, 0].tolist() == [[0, 64], [128, 255]]


def test_floating_point_pictures_are_read(library: DataLibrary, tmp_path: Path) -> None:
    image = Image.fromarray(np.full((8, 8), 0.5, np.float32))
    dataset = library.open(str(_saved_as(tmp_path / "own", image, "a.tif")))
    assert dataset.train.images[0, 0, 0, 0] == 128


@pytest.mark.parametrize(("mode", "clear"), [("RGBA", (10, 20, 30, 0)), ("LA", (10, 0))])
def test_transparent_parts_become_white(
    library: DataLibrary, tmp_path: Path, mode: str, clear: tuple[int, ...]
) -> None:
    dataset = library.open(str(_saved_as(tmp_path / "own", Image.new(mode, (16, 16), clear))))
    assert dataset.info.channels == 1
    assert dataset.train.images.min() == 255


def test_palettes_are_read_with_and_without_transparency(library: DataLibrary, tmp_path: Path) -> None:
    image = Image.new("P", (16, 16), 1)
    image.putpalette([0, 0, 0, 0, 200, 0])
    folder = _saved_as(tmp_path / "own", image)
    dataset = library.open(str(folder))
    assert dataset.train.images[0, 0, 0].tolist() == [0, 200, 0]
    for path in folder.iterdir():
        image.save(path, transparency=1)
    assert library.open(str(folder)).train.images.min() == 255


def test_cmyk_becomes_rgb(library: DataLibrary, tmp_path: Path) -> None:
    image = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    dataset = library.open(str(_saved_as(tmp_path / "own", image, "a.jpg", quality=95)))
    red, green, blue = dataset.train.images[0, 8, 8].tolist()
    assert red > 220
    assert max(green, blue) < 60


def test_pictures_are_turned_as_the_camera_says(library: DataLibrary, tmp_path: Path) -> None:
    pixels = np.zeros((16, 24), np.uint8)
    pixels[:, :12] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn clockwise: the left half is seen on top
    dataset = library.open(str(_saved_as(tmp_path / "own", Image.fromarray(pixels), "a.jpg", exif=exif)))
    assert dataset.info.item_shape == (1, 24, 16)
    assert dataset.train.images[0, :10].min() > 240
    assert dataset.train.images[0, 14:].max() < 15


def test_animations_give_their_first_frame(library: DataLibrary, tmp_path: Path) -> None:
    frames = [Image.new("L", (16, 16), level) for level in (200, 20)]
    folder = _saved_as(tmp_path / "own", frames[0], "a.gif", save_all=True, append_images=frames[1:])
    assert library.open(str(folder)).train.images.min() == 200


def test_colour_pictures_without_colours_are_grey(library: DataLibrary, tmp_path: Path) -> None:
    images = noise(40).repeat(3, axis=3)
    folder = save_pngs(tmp_path / "own", images)
    assert library.open(str(folder)).info.channels == 1
    assert library.open(str(folder), ImageOptions(color="rgb")).info.channels == 3
    Image.new("RGB", (12, 12), "red").save(folder / "zz.png")
    assert library.open(str(folder)).info.channels == 3
    assert library.open(str(folder), ImageOptions(color="grey")).info.channels == 1


def test_folders_become_classes_in_natural_order(library: DataLibrary, tmp_path: Path) -> None:
    for number, name in enumerate(("10", "9", "cat")):
        save_pngs(tmp_path / "own" / name, np.full((6, 8, 8, 1), number * 100, np.uint8))
    dataset = library.open(str(tmp_path / "own"))
    assert dataset.info.classes == ("9", "10", "cat")
    brightness = {"9": 100, "10": 0, "cat": 200}
    for split in (dataset.train, dataset.test):
        names = [dataset.info.classes[label] for label in split.labels]
        assert [brightness[name] for name in names] == split.images[:, 0, 0, 0].tolist()


def test_pictures_beside_class_folders_have_no_label(library: DataLibrary, tmp_path: Path) -> None:
    save_pngs(tmp_path / "own", noise(4))
    save_pngs(tmp_path / "own" / "cats", noise(4, seed=1))
    dataset = library.open(str(tmp_path / "own"))
    assert dataset.info.classes == ("cats",)
    assert sorted([*dataset.train.labels, *dataset.test.labels]) == [-1] * 4 + [0] * 4


@pytest.mark.parametrize("held_out", ["test", "val", "valid", "Validation"])
def test_train_and_test_folders_are_the_parts(library: DataLibrary, tmp_path: Path, held_out: str) -> None:
    for part, count, level in (("train", 5, 50), (held_out, 3, 150)):
        for name in ("a", "b"):
            save_pngs(tmp_path / "own" / part / name, np.full((count, 8, 8, 1), level, np.uint8))
    save_pngs(tmp_path / "own" / "covers", noise(1))
    dataset = library.open(str(tmp_path / "own"))
    assert (len(dataset.train), len(dataset.test)) == (10, 6)
    assert set(np.unique(dataset.train.images)) == {50}
    assert set(np.unique(dataset.test.images)) == {150}
    assert dataset.info.classes == ("a", "b")
    assert np.bincount(dataset.train.labels).tolist() == [5, 5]
    assert dataset.skipped == (SkippedFile("covers/000.png", "lies outside the folders for training and testing"),)


def test_a_zip_gives_the_same_data_set_as_its_folder(library: DataLibrary, tmp_path: Path) -> None:
    for name in ("a", "b"):
        save_pngs(tmp_path / "own" / name, noise(5, seed=ord(name)))
    archive = zip_folder(tmp_path / "own", tmp_path / "wrapped.zip")
    from_folder, from_zip = library.open(str(tmp_path / "own")), library.open(str(archive))
    assert from_zip.info.classes == ("a", "b")
    assert from_zip.info.fingerprint == from_folder.info.fingerprint
    assert from_zip.info.name == "wrapped"


def test_the_fingerprint_follows_pixels_and_labels(library: DataLibrary, tmp_path: Path) -> None:
    images = noise(8)
    first = library.open(str(save_pngs(tmp_path / "one", images))).info.fingerprint
    assert library.open(str(save_pngs(tmp_path / "two", images))).info.fingerprint == first
    images[0, 0, 0, 0] ^= 1
    assert library.open(str(save_pngs(tmp_path / "three", images))).info.fingerprint != first
    for name in ("a", "b"):
        save_pngs(tmp_path / "four" / name, images[:4] if name == "a" else images[4:])
    labelled = library.open(str(tmp_path / "four")).info.fingerprint
    for name in ("b", "a"):
        save_pngs(tmp_path / "five" / ("x" + name), images[:4] if name == "a" else images[4:])
    assert library.open(str(tmp_path / "five")).info.fingerprint == labelled


def test_unreadable_pictures_are_skipped_and_told(library: DataLibrary, tmp_path: Path) -> None:
    folder = save_pngs(tmp_path / "own", noise(6))
    (folder / "notes.txt").write_text("not a picture, and not called one")
    (folder / "text.png").write_text("called a picture")
    (folder / "empty.jpg").touch()
    whole = (folder / "000.png").read_bytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    dataset = library.open(str(folder))
    assert len(dataset.train) + len(dataset.test) == 6
    assert {skip.path for skip in dataset.skipped} == {"text.png", "empty.jpg", "cut.png"}
    assert all(skip.reason.startswith(("is ", "has ")) for skip in dataset.skipped)


def test_odd_names_are_fine(library: DataLibrary, tmp_path: Path) -> None:
    folder = tmp_path / "Bilder, été"
    folder.mkdir()
    for name in ("a b.png", "ünï.PNG", "名前.png", "100%.png"):
        Image.new("L", (8, 8), 7).save(folder / name)
    (folder / ".hidden.png").write_bytes(b"")
    dataset = library.open(str(folder))
    assert (len(dataset.train), len(dataset.test), dataset.skipped) == (3, 1, ())


@pytest.mark.parametrize(("share", "held_out"), [(0.0, 1), (0.1, 2), (0.5, 10)])
def test_the_share_held_out_can_be_chosen(library: DataLibrary, tmp_path: Path, share: float, held_out: int) -> None:
    dataset = library.open(str(save_pngs(tmp_path / "own", noise(20))), ImageOptions(test_share=share))
    assert len(dataset.test) == held_out


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_pictures_are_one_sentence(library: DataLibrary, tmp_path: Path, count: int) -> None:
    folder = save_pngs(tmp_path / "own", noise(count))
    with pytest.raises(InputError, match=r"\bown\b.*\.$"):
        library.open(str(folder))
    assert list(library.folder.iterdir()) == []


def test_nothing_but_damaged_pictures_is_one_sentence_with_an_example(library: DataLibrary, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "bad.png").write_bytes(b"x")
    with pytest.raises(InputError, match=r"bad\.png is not a picture that can be read\.$"):
        library.open(str(folder))


@pytest.mark.parametrize(
    "values",
    [{"image_size": 4}, {"image_size": 513}, {"test_share": 0.6}, {"color": "pink"}, {"limit": 3}, {"crop": "round"}],
)
def test_options_out_of_range_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(InputError):
        ImageOptions().with_values(values)


@pytest.mark.parametrize(("crop", "left", "top"), [("centre", 200, 200), ("pad", 10, 255), ("stretch", 10, 200)])
def test_other_proportions_are_cut_padded_or_stretched(
    library: DataLibrary, tmp_path: Path, crop: str, left: int, top: int
) -> None:
    pixels = np.full((32, 64), 200, np.uint8)
    pixels[:, :8] = 10
    options = ImageOptions(image_size=16, crop=crop)
    dataset = library.open(str(_saved_as(tmp_path / "own", Image.fromarray(pixels))), options)
    picture = dataset.train.images[0, ..., 0].astype(int)
    assert picture.shape == (16, 16)
    assert picture[8, 15] == 200
    assert picture[0, 8] == top
    assert abs(picture[8, 0] - left) < 8
    assert (picture == 255).sum() == (16 * 8 if crop == "pad" else 0)


def test_padding_is_white_in_colour_too(library: DataLibrary, tmp_path: Path) -> None:
    folder = _saved_as(tmp_path / "own", Image.new("RGB", (10, 30), "red"))
    dataset = library.open(str(folder), ImageOptions(image_size=30, crop="pad"))
    assert dataset.train.images[0, 15, 0].tolist() == [255, 255, 255]
    assert dataset.train.images[0, 15, 15].tolist() == [255, 0, 0]


def test_a_limit_takes_a_random_part_of_all_classes(library: DataLibrary, tmp_path: Path) -> None:
    for number, name in enumerate("abc"):
        save_pngs(tmp_path / "own" / name, np.full((30, 8, 8, 1), number, np.uint8))
    dataset = library.open(str(tmp_path / "own"), ImageOptions(limit=30))
    assert (len(dataset.train), len(dataset.test)) == (27, 3)
    assert min(np.bincount(dataset.train.labels, minlength=3)) >= 3
    assert library.open(str(tmp_path / "own"), ImageOptions(limit=1000)).info.train_count == 81


def test_a_limit_keeps_the_proportion_of_the_parts(library: DataLibrary, tmp_path: Path) -> None:
    for part, count in (("train", 60), ("test", 20)):
        save_pngs(tmp_path / "own" / part, noise(count, 8, 8, seed=count))
    dataset = library.open(str(tmp_path / "own"), ImageOptions(limit=20))
    assert (len(dataset.train), len(dataset.test)) == (15, 5)
