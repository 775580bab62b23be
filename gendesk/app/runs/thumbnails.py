"""Small pictures of runs, read on a worker thread when a row is painted, and kept as long as nothing newer is there."""

from collections import OrderedDict
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QRect, QSize, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageReader, QPainter, QPixmap

from gendesk.app.runs.entries import RunEntry
from gendesk.engine.preview import ImagePreview
from gendesk.errors import StoredDataError
from gendesk.widgets.pictures.picture import checked_images, to_qimage

_WAITING = 64
_LARGEST_SIDE = 4096
_TILE = 28
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
        for path in sorted(folder.glob("*.png"), key=lambda path: (path.stem != "samples", path.name)):
            stamp = path, path.stat().st_mtime_ns
            if stamp == known:
                return stamp, QImage()
            try:
                return stamp, drawn(_sheet(path), size, ratio)
            except StoredDataError:  # damaged, or being written: the one before is better than none
                continue
    return None


def _sheet(path: Path) -> ImagePreview:
    if not path.is_file():  # opening a pipe would wait for its other end
        raise StoredDataError(f"The sample sheet {path} is no file.")
    measure = QImageReader(str(path)).size()
    if not 0 < max(measure.width(), measure.height()) <= _LARGEST_SIDE:
        raise StoredDataError(f"The sample sheet {path} is too large for a small picture.")
    from gendesk.engine.samples import load_image_preview  # here, because the first paint need not wait for Pillow

    return load_image_preview(path)


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


def _place(row: int, column: int, tile: QSize) -> QRect:
    return QRect(column * tile.width(), row * tile.height(), tile.width() - 1, tile.height() - 1)


def _source(entry: RunEntry) -> Source:
    return entry.sheets, entry.sheets_changed


def _stop(pool: QThreadPool) -> None:
    pool.clear()
    pool.waitForDone()
