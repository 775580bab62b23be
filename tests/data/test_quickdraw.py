"""Quick, Draw! files: bitmaps, and strokes that are drawn here."""

from pathlib import Path

import numpy as np
import pytest

from gendesk.data.library import DataLibrary
from gendesk.data.options import ImageOptions
from gendesk.data.readers.quickdraw import draw
from gendesk.errors import InputError
from tests.data.pictures import CROSS, DOT, noise, save_pngs, stroke_bytes, stroke_lines, together

BOX = [[(0, 0), (255, 0), (255, 255), (0, 255), (0, 0)]]
LINE = [[(80, 80), (80, 160)]]


def _ink(image: object) -> np.ndarray:
    return np.asarray(image) == 0


def test_a_line_is_two_pixels_wide_and_black_on_white() -> None:
    pixels = np.asarray(draw(LINE, 32))
    assert set(np.unique(pixels)) == {0, 255}
    rows, columns = np.nonzero(_ink(pixels))
    # The points are divided by 8: from row 10 to row 20, two columns wide around column 10.
    assert (rows.min(), rows.max()) == (10, 20)
    assert len(set(columns)) == 2
    assert 10 in columns


@pytest.mark.parametrize("stroke", [[(128, 64)], [(128, 64), (128, 64)], [(128, 64), (129, 65)], [(255, 255)]])
def test_a_single_point_is_a_dot(stroke: list[tuple[int, int]]) -> None:
    ink = _ink(draw([stroke], 32))
    assert ink.sum() == 4
    row, column = min(stroke[0][1] // 8, 30), min(stroke[0][0] // 8, 30)
    assert ink[row : row + 2, column : column + 2].all()


def test_drawings_scale_with_their_lines() -> None:
    inner = [[(64, 64), (192, 64), (192, 192), (64, 192), (64, 64)]]
    small, large = _ink(draw(inner, 32)).mean(), _ink(draw(inner, 128)).mean()
    assert large == pytest.approx(small, rel=0.1)


@pytest.mark.parametrize("suffix", ["bin", "ndjson"])
def test_strokes_become_pictures(library: DataLibrary, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"cross.{suffix}"
    drawings = [CROSS, DOT, BOX, LINE]
    path.write_bytes((stroke_bytes if suffix == "bin" else stroke_lines)(drawings))
    dataset = library.open(str(path))
    assert dataset.info.item_shape == (1, 32, 32)
    assert dataset.info.classes == ()
    assert dataset.info.name == "cross"
    expected = {np.asarray(draw(drawing, 32)).tobytes() for drawing in drawings}
    assert together(dataset.train.images) | together(dataset.test.images) == expected


def test_strokes_are_drawn_as_large_as_one_wants(library: DataLibrary, tmp_path: Path) -> None:
    (tmp_path / "cross.bin").write_bytes(stroke_bytes([CROSS, BOX, LINE]))
    dataset = library.open(str(tmp_path / "cross.bin"), ImageOptions(image_size=64))
    assert dataset.info.item_shape == (1, 64, 64)
    expected = {np.asarray(draw(drawing, 64)).tobytes() for drawing in (CROSS, BOX, LINE)}
    assert together(dataset.train.images) | together(dataset.test.images) == expected


@pytest.mark.parametrize("suffix", ["bin", "ndjson"])
def test_drawings_that_were_not_recognised_can_be_left_out(library: DataLibrary, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"cross.{suffix}"
    known = [True, False, True, True, False]
    path.write_bytes((stroke_bytes if suffix == "bin" else stroke_lines)([CROSS, DOT, BOX, LINE, DOT], known))
    assert _count(library, path) == 5
    assert _count(library, path, recognised_only=True) == 3


def _count(library: DataLibrary, path: Path, **options: object) -> int:
    dataset = library.open(str(path), ImageOptions(**options))
    return len(dataset.train) + len(dataset.test)


def test_published_bitmaps_are_squares(library: DataLibrary, tmp_path: Path) -> None:
    images = noise(20, 28, 28)[..., 0]
    np.save(tmp_path / "cat.npy", images.reshape(20, 784))
    dataset = library.open(str(tmp_path / "cat.npy"))
    assert dataset.info.item_shape == (1, 28, 28)
    assert together(dataset.train.images) | together(dataset.test.images) == together(images)


@pytest.mark.parametrize("suffix", ["bin", "ndjson", "npy"])
def test_the_files_of_a_folder_become_classes(library: DataLibrary, tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "sketches"
    folder.mkdir()
    for name, drawing in (("palm tree", CROSS), ("dot", DOT)):
        if suffix == "npy":
            np.save(folder / f"{name}.npy", np.repeat(np.asarray(draw(drawing, 28)).reshape(1, 784), 8, axis=0))
        else:
            data = (stroke_bytes if suffix == "bin" else stroke_lines)([drawing] * 8)
            (folder / f"{name}.{suffix}").write_bytes(data)
    (folder / "notes.txt").write_text("not a drawing")
    dataset = library.open(str(folder))
    assert dataset.info.classes == ("dot", "palm tree")
    ink = (dataset.train.images == 0).sum(axis=(1, 2, 3))
    assert (ink == 4).tolist() == (dataset.train.labels == 0).tolist()


def test_strokes_go_before_bitmaps_and_pictures_before_both(library: DataLibrary, tmp_path: Path) -> None:
    np.save(tmp_path / "cat.npy", noise(20, 28, 28).reshape(20, 784))
    (tmp_path / "cat.bin").write_bytes(stroke_bytes([CROSS, DOT, BOX, LINE]))
    assert library.open(str(tmp_path)).info.height == 32
    save_pngs(tmp_path / "own", noise(6))
    assert library.open(str(tmp_path)).info.height == 12


def test_a_changed_file_of_a_folder_is_noticed(library: DataLibrary, tmp_path: Path) -> None:
    folder = tmp_path / "sketches"
    folder.mkdir()
    (folder / "a.bin").write_bytes(stroke_bytes([CROSS, DOT, BOX, LINE]))
    before = library.open(str(folder)).info.fingerprint
    (folder / "a.bin").write_bytes(stroke_bytes([CROSS, DOT, BOX]))
    assert library.open(str(folder)).info.fingerprint != before


GOOD = stroke_bytes([CROSS, DOT, BOX, LINE])
LINES = stroke_lines([CROSS, DOT, BOX, LINE])


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.bin", b"", "is empty"),
        ("a.bin", GOOD[:-1], "damaged at drawing 4"),
        ("a.bin", GOOD + b"abc", "ends within drawing 5"),
        ("a.bin", bytes(4000), "damaged at drawing 1"),
        ("a.bin", b"hello, this is text and no drawing at all", "no(t a)? file of Quick, Draw!"),
        ("a.bin", GOOD[:15] + b"\xff\xff" + GOOD[17:], "damaged at drawing 1"),
        ("a.ndjson", b"", "is empty"),
        ("a.ndjson", LINES + b"{", "damaged at line 5"),
        ("a.ndjson", b"[" * 100_000, "damaged at line 1"),
        ("a.ndjson", b'{"drawing": 3}\n', "damaged at line 1"),
        ("a.ndjson", b" " * (3 << 20), "too long for a drawing"),
        ("a.ndjson", b"\xff\xfe\n" + LINES, "damaged at line 1"),
        ("a.ndjson", b'{"drawing": []}\n' * 9, "has no strokes"),
        ("a.ndjson", b'{"drawing": [[[1, 2], [3]]]}\n' * 9, "do not add up"),
        ("a.ndjson", b'{"drawing": [[[1, 1e9], [3, 4]]]}\n' * 9, "whole numbers to 255"),
        ("a.ndjson", b'{"drawing": [[[1], [3], [0]]]}\n' * 9, "two rows"),
    ],
)
def test_damaged_files_are_one_sentence(
    library: DataLibrary, tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=rf"^a\b[^\n]*{said}[^\n]*\.$"):
        library.open(str(tmp_path / name))
    assert list(library.folder.iterdir()) == []
