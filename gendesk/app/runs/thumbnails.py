"""Small pictures of runs, first words of texts and first notes, read on a worker thread for painted rows, and kept."""

from collections import OrderedDict
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QImageReader, QPainter, QPixmap

from gendesk.app.runs.entries import RunEntry
from gendesk.engine.preview import ImagePreview, ScorePreview, TextPreview
from gendesk.errors import StoredDataError
from gendesk.music.score import Score
from gendesk.widgets.pictures.picture import checked_images, to_qimage

_WAITING = 64
_LARGEST_SIDE = 4096
_TILE = 28
_LETTERS = 9  # pixels
_WORDS = 400  # more than has room
_PAPER = QColor("#f4f1e8")
_INK = QColor("#33312b")
_VOICES = ("#0b6e99", "#b3541e", "#3d7a37", "#8a3a7c")  # on the paper, each as dark as ink
_BEATS = 16  # of a piece that have room
_JSON = ("samples.json", "composition*.json")
_SAMPLES = ("samples", "compositions", "composition")
Sheet = ImagePreview | TextPreview | ScorePreview
Source = tuple[Path | None, int]
Stamp = tuple[Path, int]
Loaded = tuple[Stamp, QImage] | None


class Thumbnails(QObject):
    """Pictures of one size, in logical pixels, of at most `kept` runs; the rows that were painted last come first."""

    loaded = Signal(str)  # the id of a run that has another picture now
    _read = Signal(str, object, object)  # id, Source, Loaded; from the worker thread

    def __init__(self, size: QSize, kept: int, parent: QObject) -> None:
        super().__init__(parent)
        self.size = size
        self.ratio = 1.0
        self._kept = kept
        self._pictures: OrderedDict[str, tuple[Source, Stamp | None, QPixmap | None]] = OrderedDict()
        self._waiting: OrderedDict[str, RunEntry] = OrderedDict()
        self._busy = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._read.connect(self._keep)
        # The parent's and not its own, which comes when the worker can no longer emit signals.
        parent.destroyed.connect(partial(_stop, self._pool))

    def picture(self, entry: RunEntry) -> QPixmap | None:
        """Return the picture as far as it is known, None where there is none; a newer one is read and announced."""
        known = self._pictures.get(entry.id)
        if known is not None:
            self._pictures.move_to_end(entry.id)
        if entry.sheets is not None and (known is None or known[0] != _source(entry)):
            self._waiting[entry.id] = entry
            self._waiting.move_to_end(entry.id)
            if len(self._waiting) > _WAITING:
                self._waiting.popitem(last=False)
            self._next()
        return known[2] if known else None

    def _next(self) -> None:
        if self._busy or not self._waiting:
            return
        self._busy = True
        _, entry = self._waiting.popitem()
        known = self._pictures.get(entry.id)
        self._pool.start(partial(self._load, entry, known[1] if known else None, self.size, self.ratio))

    def _load(self, entry: RunEntry, known: Stamp | None, size: QSize, ratio: float) -> None:
        try:
            result = _newest(entry.sheets, known, size, ratio) if entry.sheets else None
        except Exception:  # noqa: BLE001 - a picture from a stranger can break a decoder in any way, and only costs itself
            result = None
        self._read.emit(entry.id, _source(entry), result)

    def _keep(self, run_id: str, source: Source, result: Loaded) -> None:
        self._busy = False
        known = self._pictures.get(run_id)
        if result is None:
            self._pictures[run_id] = source, None, None
        elif known is not None and result[1].isNull():
            self._pictures[run_id] = source, *known[1:]
        else:
            self._pictures[run_id] = source, result[0], QPixmap.fromImage(result[1])
        if len(self._pictures) > self._kept:
            self._pictures.popitem(last=False)
        self.loaded.emit(run_id)
        self._next()


def _newest(sheets: Path, known: Stamp | None, size: QSize, ratio: float) -> Loaded:
    """Return the newest sheet that can be read, a null image if it is the `known` one, None if there is none."""
    steps = sorted((path for path in sheets.parent.iterdir() if path.name.isdecimal()), key=lambda path: int(path.name))
    for folder in reversed(steps):
        # What a model makes from nothing tells runs apart better than what it makes of given pictures.
        paths = [*folder.glob("*.png"), *(path for name in _JSON for path in folder.glob(name))]
        for path in sorted(paths, key=lambda path: (path.stem not in _SAMPLES, path.name)):
            stamp = path, path.stat().st_mtime_ns
            if stamp == known:
                return stamp, QImage()
            try:
                return stamp, _picture(_sheet(path), size, ratio)
            except StoredDataError:  # damaged, or being written: the one before is better than none
                continue
    return None


def _sheet(path: Path) -> Sheet:
    if not path.is_file():  # opening a pipe would wait for its other end
        raise StoredDataError(f"The sample sheet {path} is no file.")
    from gendesk.engine.samples import (  # the first paint need not wait for Pillow
        load_chart_preview,
        load_image_preview,
    )

    if path.suffix == ".json":
        saved = load_chart_preview(path)
        if not isinstance(saved, TextPreview | ScorePreview):
            raise StoredDataError(f"The file {path} holds no texts and no music.")
        return saved
    measure = QImageReader(str(path)).size()
    if not 0 < max(measure.width(), measure.height()) <= _LARGEST_SIDE:
        raise StoredDataError(f"The sample sheet {path} is too large for a small picture.")
    return load_image_preview(path)


def _picture(sheet: Sheet, size: QSize, ratio: float) -> QImage:
    match sheet:
        case TextPreview():
            return written(sheet, size, ratio)
        case ScorePreview():
            return noted(sheet, size, ratio)
        case _:
            return drawn(sheet, size, ratio)


def drawn(sheet: ImagePreview, size: QSize, ratio: float) -> QImage:
    """Draw as many whole tiles of a sheet, from its top left, as fit into `size` at about 28 pixels or more each."""
    images = checked_images(sheet.images)
    _, height, width, _ = images.shape
    rows = max(1, min(size.height() // _TILE, -(-len(images) // sheet.columns)))
    tile = QSize(width, height).scaled(size.width(), size.height() // rows, Qt.AspectRatioMode.KeepAspectRatio)
    columns = max(1, min(size.width() // max(1, tile.width()), sheet.columns))
    result = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    result.setDevicePixelRatio(ratio)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    # Small pictures stay crisp when they grow; large ones must not shimmer when they shrink.
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, tile.height() * ratio < height)
    for row in range(rows):
        for column, image in enumerate(images[row * sheet.columns :][:columns]):
            painter.drawImage(_place(row, column, tile), to_qimage(image))
    painter.end()
    return result


def written(sheet: TextPreview, size: QSize, ratio: float) -> QImage:
    """Write the first words of a sheet on a slip of paper; it looks the same in light and dark, as pictures do."""
    result = _slip(size, ratio)
    painter = QPainter(result)
    font = QGuiApplication.font()
    font.setPixelSize(_LETTERS)
    painter.setFont(font)
    painter.setPen(_INK)
    words = " ".join((sheet.prompt + next(iter(sheet.texts), ""))[:_WORDS].split())
    area = QRect(0, 0, size.width(), size.height()).adjusted(3, 2, -3, 0)
    area.setHeight(area.height() // painter.fontMetrics().lineSpacing() * painter.fontMetrics().lineSpacing())
    painter.drawText(area, Qt.TextFlag.TextWrapAnywhere | Qt.AlignmentFlag.AlignTop, words)
    painter.end()
    return result


def noted(sheet: ScorePreview, size: QSize, ratio: float) -> QImage:
    """Draw the first bars of a sheet's first piece that has notes, each track in its colour, on such a slip."""
    result = _slip(size, ratio)
    score = next((score for score in sheet.scores if score.note_count), Score())
    notes = [(number, note) for number, note in score.notes() if note.start < _BEATS]
    low = min((note.pitch for _, note in notes), default=60) - 2
    high = max((note.pitch for _, note in notes), default=60) + 2
    beat, row = size.width() / _BEATS, size.height() / (high - low + 1)
    painter = QPainter(result)
    for number, note in notes:
        # At least a pixel high and wide, and apart from the note behind it.
        area = QRectF(note.start * beat, (high - note.pitch) * row, max(1.0, note.length * beat - 1), max(1.5, row))
        painter.fillRect(area, QColor(_VOICES[number % len(_VOICES)]))
    painter.end()
    return result


def _slip(size: QSize, ratio: float) -> QImage:
    result = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    result.setDevicePixelRatio(ratio)
    result.fill(_PAPER)
    return result


def _place(row: int, column: int, tile: QSize) -> QRect:
    return QRect(column * tile.width(), row * tile.height(), tile.width() - 1, tile.height() - 1)


def _source(entry: RunEntry) -> Source:
    return entry.sheets, entry.sheets_changed


def _stop(pool: QThreadPool) -> None:
    pool.clear()
    pool.waitForDone()
