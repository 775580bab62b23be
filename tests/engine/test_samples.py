"""Previews on disk come back as they were shown, and damaged ones are one sentence."""

import contextlib
import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from gendesk.engine.preview import ImagePreview, ScatterPreview
from gendesk.engine.samples import (
    load_image_preview,
    load_scatter_preview,
    mosaic,
    preview_title,
    preview_words,
    sample_path,
    sample_steps,
    save_preview,
)
from gendesk.errors import StoredDataError

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def images(count: int = 7, height: int = 5, width: int = 4, channels: int = 1) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (count, height, width, channels), dtype=np.uint8)


def test_points_keep_their_own_classes_and_how_they_are_drawn(tmp_path):
    points = np.array([[0, 1], [2, 3], [0, 0]], np.float32)
    words = ("Others", "Best quarter", "Mean")
    shown = ScatterPreview("population", "Population", points, np.arange(3), words, "Where.", prior=False, marked=(2,))
    loaded = load_scatter_preview(save_preview(tmp_path, 7, shown, ""), "Population", ("classes", "of", "data"))
    assert (loaded.classes, loaded.prior, loaded.marked) == (words, False, (2,))
    (tmp_path / "00000007" / "population-words.json").write_text('{"title": "Population", "marked": "all"}')
    damaged = load_scatter_preview(tmp_path / "00000007" / "population.npy", "Population", ("a", "b"))
    assert (damaged.classes, damaged.prior, damaged.marked) == (("a", "b"), True, ())


def scatter(labels: list[int]) -> ScatterPreview:
    points = np.random.default_rng(3).normal(size=(len(labels), 2)).astype(np.float32)
    return ScatterPreview("codes", "Codes", points, np.array(labels, dtype=np.int64), ("a", "b"))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("count", "columns"), [(1, 1), (7, 3), (6, 3), (2, 5)])
def test_pictures_come_back_to_the_bit(tmp_path: Path, channels: int, count: int, columns: int) -> None:
    shown = ImagePreview("samples", "Samples Ω", images(count, channels=channels), columns, ("x", "y"), ("Original",))
    path = save_preview(tmp_path, 40, shown, "{}")
    assert path == tmp_path / "00000040" / "samples.png"
    loaded = load_image_preview(path)
    np.testing.assert_array_equal(loaded.images, shown.images)
    assert loaded.images.dtype == np.uint8
    assert (loaded.name, loaded.title, loaded.columns) == ("samples", "Samples Ω", columns)
    assert (loaded.captions, loaded.row_titles) == (("x", "y"), ("Original",))
    assert preview_title(path) == "Samples Ω"


def test_a_mosaic_is_laid_out_row_by_row() -> None:
    tiles = np.arange(3, dtype=np.uint8).reshape(3, 1, 1, 1).repeat(2, axis=1).repeat(2, axis=2)
    assert mosaic(tiles, 2).tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 0, 0], [2, 2, 0, 0]]


def test_a_picture_tells_how_it_was_made(tmp_path: Path) -> None:
    path = save_preview(tmp_path, 7, ImagePreview("samples", "Samples", images(), 3), '{"seed": 5}')
    with Image.open(path) as picture:
        assert json.loads(picture.info["gendesk run"]) == {"seed": 5}
        assert json.loads(picture.info["gendesk"])["step"] == 7


def test_points_come_back(tmp_path: Path) -> None:
    shown = scatter([0, 1, -1, 1])
    path = save_preview(tmp_path, 3, shown, "{}")
    loaded = load_scatter_preview(path, "Codes", shown.classes)
    np.testing.assert_array_equal(loaded.points, shown.points)
    np.testing.assert_array_equal(loaded.labels, shown.labels)
    assert (loaded.name, loaded.title, loaded.classes) == ("codes", "Codes", ("a", "b"))
    assert preview_title(path) == "Codes"


def test_what_a_preview_shows_is_kept_with_it(tmp_path: Path) -> None:
    pictures = ImagePreview("samples", "Samples", images(), 3, description="Pictures from random codes.")
    points = dataclasses.replace(scatter([0, 1]), title="Codes of pictures", description="Each point is a picture.")
    for shown in (pictures, points):
        path = save_preview(tmp_path, 3, shown, "{}")
        assert preview_words(path) == (shown.title, shown.description)
        assert sample_path(tmp_path, 3, shown.name) == path
    assert load_image_preview(tmp_path / "00000003" / "samples.png").description == pictures.description
    (tmp_path / "00000003" / "codes-words.json").write_bytes(b"[1, 2")
    assert preview_words(tmp_path / "00000003" / "codes.npy") == ("Codes", "")


def test_saved_steps_are_found_by_name(tmp_path: Path) -> None:
    for step in (100, 5):
        save_preview(tmp_path, step, ImagePreview("samples", "Samples", images(), 3), "{}")
    save_preview(tmp_path, 7, scatter([0]), "{}")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "samples.png").touch()
    assert sample_steps(tmp_path, "samples") == [5, 100]
    assert sample_steps(tmp_path, "codes") == [7]
    assert sample_path(tmp_path, 7, "codes") == tmp_path / "00000007" / "codes.npy"
    assert sample_path(tmp_path, 7, "samples") is None
    assert sample_steps(tmp_path / "missing", "samples") == []


@quick
@given(data=st.data())
def test_a_truncated_file_is_one_sentence(tmp_path: Path, data: st.DataObject) -> None:
    for preview in (ImagePreview("samples", "Samples", images(), 3), scatter([0, 1])):
        path = save_preview(tmp_path, 1, preview, "{}")
        content = path.read_bytes()
        path.write_bytes(content[: data.draw(st.integers(0, len(content) // 2))])
        with pytest.raises(StoredDataError, match="cannot be read"):
            _load(path)
        preview_title(path)


@quick
@given(data=st.data())
def test_flipped_bytes_are_one_sentence_or_another_picture(tmp_path: Path, data: st.DataObject) -> None:
    for preview in (ImagePreview("samples", "Samples", images(), 3), scatter([0, 1])):
        path = save_preview(tmp_path, 1, preview, "{}")
        content = bytearray(path.read_bytes())
        for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=5)):
            content[place] = data.draw(st.integers(0, 255))
        path.write_bytes(bytes(content))
        with contextlib.suppress(StoredDataError):
            _load(path)
        preview_title(path)


@pytest.mark.parametrize(
    "layout",
    [
        "[]",
        "5",
        "nonsense",
        "{}",
        '{"title": "x", "step": 1, "tile": [5], "columns": 3, "count": 7, "captions": [], "row_titles": []}',
        '{"title": "x", "step": 1, "tile": [0, 0], "columns": 0, "count": 7, "captions": [], "row_titles": []}',
        '{"title": "x", "step": 1, "tile": [5, 4], "columns": 3, "count": "many", "captions": [], "row_titles": []}',
        '{"title": "x", "step": 1, "tile": [5, 4], "columns": 3, "count": 7}',
        '{"title": "x", "step": 1, "tile": [5, 4], "columns": 3, "count": 7, "captions": null, "row_titles": []}',
    ],
)
def test_a_picture_with_another_layout_is_one_sentence(tmp_path: Path, layout: str) -> None:
    path = tmp_path / "samples.png"
    info = PngImagePlugin.PngInfo()
    info.add_itxt("gendesk", layout)
    Image.new("L", (12, 15)).save(path, pnginfo=info)
    with pytest.raises(StoredDataError, match="cannot be read"):
        load_image_preview(path)
    assert preview_title(path) == "Samples"


def test_a_picture_of_another_size_than_it_says_is_one_sentence(tmp_path: Path) -> None:
    path = save_preview(tmp_path, 1, ImagePreview("samples", "Samples", images(), 3), "{}")
    with Image.open(path) as picture:
        layout = picture.info["gendesk"]
        info = PngImagePlugin.PngInfo()
        info.add_itxt("gendesk", layout)
        picture.crop((0, 0, 11, 15)).save(path, pnginfo=info)
    with pytest.raises(StoredDataError, match="cannot be read"):
        load_image_preview(path)


def test_a_stranger_s_picture_and_a_missing_one_are_one_sentence(tmp_path: Path) -> None:
    Image.new("P", (12, 15)).save(tmp_path / "other.png")
    for name in ("other.png", "missing.png"):
        with pytest.raises(StoredDataError):
            load_image_preview(tmp_path / name)
        assert preview_title(tmp_path / name) == name.partition(".")[0].capitalize()


def _load(path: Path) -> None:
    try:
        if path.suffix == ".png":
            load_image_preview(path)
        else:
            load_scatter_preview(path, "Codes", ())
    except StoredDataError as error:
        assert "\n" not in str(error)
        raise
