"""Previews on disk, a file each in samples/STEP/: PNG mosaics for images, npy for points, JSON for all else."""

import contextlib
import io
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin
from pydantic import PositiveInt, ValidationError

from gendesk.data.dataset import UInt8Array
from gendesk.engine.chart_files import CHART_FILE, ChartFile, Words, chart_file, preview_of
from gendesk.engine.preview import ChartPreview, ImagePreview, Preview, ScatterPreview
from gendesk.errors import StoredDataError
from gendesk.files import write_atomically

SETTINGS_KEY = "gendesk run"
"""The text of a PNG that holds the settings of the run that made it, a RunConfig as JSON."""

_KEY = "gendesk"
_LONGEST_WORDS = 100_000
_LARGEST_CHART = 1 << 20
_WORDS = "-words.json"


class _Layout(Words):
    """What a mosaic's picture says of itself: enough to take it apart again. `tile` is height and width."""

    step: int
    count: int
    columns: PositiveInt
    tile: tuple[PositiveInt, PositiveInt]
    captions: tuple[str, ...]
    row_titles: tuple[str, ...]


class _PointWords(Words):
    """What points say of themselves beside their title; without classes, they are those of the data."""

    classes: tuple[str, ...] = ()
    prior: bool = True
    marked: tuple[int, ...] = ()


def save_preview(folder: Path, step: int, preview: Preview, settings: str) -> Path:
    """Write one preview; a PNG carries its layout and the run's settings, so that it tells how it was made."""
    target = folder / f"{step:08d}"
    target.mkdir(parents=True, exist_ok=True)
    if isinstance(preview, ImagePreview):
        path = target / f"{preview.name}.png"
        save_mosaic(path, preview, settings, step)
        return path
    if isinstance(preview, ChartPreview):
        path = target / f"{preview.name}.json"
        write_atomically(path, chart_file(preview).model_dump_json().encode(), durable=False)
        return path
    path = target / f"{preview.name}.npy"
    table = np.column_stack([preview.points, preview.labels.astype(np.float32)]).astype(np.float32)
    file = io.BytesIO()
    np.save(file, table, allow_pickle=False)
    write_atomically(path, file.getvalue(), durable=False)
    words = _PointWords(
        title=preview.title,
        description=preview.description,
        classes=preview.classes,
        prior=preview.prior,
        marked=preview.marked,
    )
    write_atomically(_words_path(path), words.model_dump_json().encode(), durable=False)
    return path


def load_chart_preview(path: Path) -> ChartPreview:
    """Read a chart, a table, texts or scores that `save_preview` wrote; raises StoredDataError."""
    try:
        return preview_of(_read_chart(path), path.stem)
    except (OSError, ValueError) as error:
        raise StoredDataError(f"The chart {path} cannot be read: {_first_line(error)}.") from error


def _read_chart(path: Path) -> ChartFile:
    with path.open("rb") as file:
        content = file.read(_LARGEST_CHART + 1)
    if len(content) > _LARGEST_CHART:
        raise ValueError("it is larger than gendesk writes it")
    return CHART_FILE.validate_json(content)


def _words_path(path: Path) -> Path:
    """Return where the words of points are kept, which have no metadata of their own as pictures have."""
    return path.with_name(path.stem + _WORDS)


def save_mosaic(path: Path, preview: ImagePreview, settings: str, step: int) -> None:
    count, height, width, _ = preview.images.shape
    layout = _Layout(
        title=preview.title,
        description=preview.description,
        step=step,
        count=count,
        columns=preview.columns,
        tile=(height, width),
        captions=preview.captions,
        row_titles=preview.row_titles,
    )
    info = PngImagePlugin.PngInfo()
    info.add_itxt(_KEY, layout.model_dump_json())
    info.add_itxt(SETTINGS_KEY, settings)
    picture = io.BytesIO()
    Image.fromarray(mosaic(preview.images, preview.columns)).save(picture, "PNG", pnginfo=info)
    write_atomically(path, picture.getvalue(), durable=False)


def mosaic(images: UInt8Array, columns: int) -> UInt8Array:
    """Lay out uint8 (count, height, width, channels) row by row: (rows * height, columns * width[, 3])."""
    count, height, width, channels = images.shape
    rows = -(-count // columns)
    full = np.zeros((rows * columns, height, width, channels), dtype=np.uint8)
    full[:count] = images
    grid = full.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    flat = grid.reshape(rows * height, columns * width, channels)
    return flat[..., 0] if channels == 1 else flat


def load_image_preview(path: Path) -> ImagePreview:
    """Read a mosaic that `save_preview` wrote; raises StoredDataError."""
    try:
        with Image.open(path) as picture:
            layout = _layout_of(picture)
            pixels = np.asarray(picture)
        height, width = layout.tile
        flat = pixels[..., None] if pixels.ndim == 2 else pixels
        rows, channels = flat.shape[0] // height, flat.shape[2]
        grid = flat.reshape(rows, height, layout.columns, width, channels).swapaxes(1, 2)
        images = np.ascontiguousarray(grid.reshape(rows * layout.columns, height, width, channels)[: layout.count])
    except Exception as error:  # Pillow and numpy raise almost anything over a damaged file
        raise StoredDataError(f"The sample sheet {path} cannot be read: {_first_line(error)}.") from error
    return ImagePreview(
        path.stem, layout.title, images, layout.columns, layout.captions, layout.row_titles, layout.description
    )


def preview_title(path: Path) -> str:
    """Return the title of a saved preview, without decoding its picture; its name where it has none."""
    return preview_words(path)[0]


def preview_words(path: Path) -> tuple[str, str]:
    """Return title and description of a saved preview, without decoding its picture; its name where it has none."""
    with contextlib.suppress(Exception):
        words = _words_of(path)
        return words.title, words.description
    return path.stem.capitalize(), ""


def _words_of(path: Path) -> Words:
    if path.suffix == ".png":
        with Image.open(path) as picture:
            return _layout_of(picture)
    if path.suffix == ".json":
        return _read_chart(path)
    return _point_words(path)


def _point_words(path: Path) -> _PointWords:
    with _words_path(path).open("rb") as file:
        return _PointWords.model_validate_json(file.read(_LONGEST_WORDS))


def _layout_of(picture: Image.Image) -> _Layout:
    try:
        return _Layout.model_validate_json(picture.info[_KEY])
    except (KeyError, ValidationError) as error:
        raise ValueError("it does not say how its pictures are laid out") from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")


def load_scatter_preview(path: Path, title: str, classes: tuple[str, ...]) -> ScatterPreview:
    """Read points that `save_preview` wrote; raises StoredDataError. Points without words are codes of `classes`."""
    try:
        table = np.load(path, allow_pickle=False)
        points, labels = table[:, :2].astype(np.float32), table[:, 2].astype(np.int64)
    except Exception as error:  # Pillow and numpy raise almost anything over a damaged file
        raise StoredDataError(f"The points {path} cannot be read: {_first_line(error)}.") from error
    words = _PointWords(title=title)
    with contextlib.suppress(OSError, ValueError):
        words = _point_words(path)
    own = words.classes or classes
    return ScatterPreview(path.stem, title, points, labels, own, words.description, words.prior, words.marked)


def preview_kind(path: Path) -> type:
    """Return the class of a saved preview, without reading more of it than that needs; raises StoredDataError."""
    match path.suffix:
        case ".png":
            return ImagePreview
        case ".npy":
            return ScatterPreview
        case _:
            return type(load_chart_preview(path))


def is_preview(path: Path) -> bool:
    """Tell the file of a preview from those beside it."""
    return path.suffix in (".png", ".npy", ".json") and not path.name.endswith(_WORDS)


def sample_steps(folder: Path, name: str) -> list[int]:
    """Return the steps for which a preview of this name is on disk, oldest first."""
    return sorted(int(path.parent.name) for path in folder.glob(f"*/{name}.*") if path.parent.name.isdigit())


def sample_path(folder: Path, step: int, name: str) -> Path | None:
    """Return the file of a preview, whatever its kind."""
    return next((path for path in (folder / f"{step:08d}").glob(f"{name}.*")), None)
