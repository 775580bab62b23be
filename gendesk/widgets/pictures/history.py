"""The pictures of a training over its steps: the live ones, and all saved ones to scrub through."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QThreadPool, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.gif import write_gif
from gendesk.widgets.export import Export, Report, choose_file
from gendesk.widgets.export_line import ExportLine
from gendesk.widgets.pictures.image_grid import ImageGrid
from gendesk.widgets.pictures.mosaic import MosaicLayout, compose, near_square
from gendesk.widgets.pictures.picture import UInt8Array, enlarged
from gendesk.widgets.pictures.timeline import Timeline
from gendesk.widgets.theme import current_colors

_GIF_SIDE = 600  # small mosaics are enlarged towards this many pixels
_KEPT_FRAMES = 32


@dataclass(frozen=True)
class Frame:
    """What an ImageGrid shows at one step: images uint8 (count, height, width, 1 or 3) and their texts."""

    images: UInt8Array
    columns: int | None = None
    captions: Sequence[str] = ()
    row_titles: Sequence[str] = ()


class FrameSource(Protocol):
    """Saved frames of a run. `frame` is called on worker threads, perhaps on two at once; None if it is missing."""

    def steps(self) -> Sequence[int]: ...

    def frame(self, step: int) -> Frame | None: ...


class _Replies(QObject):
    """Carries what the worker thread has read into the window's thread."""

    loaded = Signal(object, int, object)  # source, step, Frame, None or the error


class ImageHistory(QWidget):
    """An ImageGrid with a timeline under it: live pictures during training, all saved ones at any time."""

    exported = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source: FrameSource | None = None
        self._frames: OrderedDict[int, Frame] = OrderedDict()
        self._wanted: int | None = None
        self._loading = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._replies = _Replies(self)
        self._replies.loaded.connect(self._loaded)
        self._export = Export(self)
        self._export.saved.connect(self.exported)
        self._export.failed.connect(self.failed)
        self._export.ended.connect(self._allow_export)
        self.grid = ImageGrid()
        self.grid.saved.connect(self.exported)
        self.grid.failed.connect(self.failed)
        self._gif_action = self.grid.export_menu.addAction(self.tr("Export Timeline as GIF..."), self._ask_where)
        self.timeline = Timeline()
        self.timeline.step_selected.connect(self._show_step)
        self.setAccessibleName(self.tr("Picture history"))
        self.setFocusProxy(self.grid)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.grid, 1)
        self._export_line = ExportLine(self._export)
        column.addWidget(self._export_line)
        column.addWidget(self.timeline)
        self.destroyed.connect(self._pool.waitForDone)

    def set_source(self, source: FrameSource | None) -> None:
        """Show the saved frames of another run, the newest first; None empties the history."""
        self._source = source
        self._frames.clear()
        self._show(Frame(self.grid.view.images[:0]))
        self.timeline.set_steps(source.steps() if source else ())
        self.timeline.go_live()

    def show_live(self, frame: Frame, step: int) -> None:
        """Take the newest frame of a training; it is shown unless the person looks at an earlier one."""
        self.timeline.append_step(step)
        self._keep(step, frame)
        if self.timeline.is_live:
            self._wanted = step
            self._show(frame)

    def _show_step(self, step: int | None) -> None:
        self._wanted = self.timeline.step if step is None else step
        frame = None if self._wanted is None else self._frames.get(self._wanted)
        if self._wanted is not None and frame is not None:
            self._keep(self._wanted, frame)
            self._show(frame)
        elif not self._loading:
            self._load()

    def _load(self) -> None:
        """Read the wanted frame on a worker thread; what is wanted meanwhile is read next."""
        source, step, replies = self._source, self._wanted, self._replies
        if source is None or step is None:
            return

        def read() -> None:
            try:
                replies.loaded.emit(source, step, source.frame(step))
            except Exception as error:  # noqa: BLE001 - whatever a file can do wrong is told, in the window's thread
                replies.loaded.emit(source, step, error)

        self._loading = True
        self._pool.start(read)

    def _loaded(self, source: FrameSource, step: int, reply: Frame | Exception | None) -> None:
        self._loading = False
        if source is self._source:
            if isinstance(reply, Frame):
                self._keep(step, reply)
            # During a fast scrub a picture that is already outrun is better than none.
            if step == self._wanted or (isinstance(reply, Frame) and not self.timeline.is_live):
                self._show(reply if isinstance(reply, Frame) else Frame(self.grid.view.images[:0]))
            if isinstance(reply, Exception):
                self.failed.emit(self.tr("Cannot show step {step}: {reason}").format(step=f"{step:,}", reason=reply))
        if step != self._wanted or source is not self._source:
            self._show_step(self._wanted)

    def _keep(self, step: int, frame: Frame) -> None:
        self._frames[step] = frame
        self._frames.move_to_end(step)
        while len(self._frames) > _KEPT_FRAMES:
            self._frames.popitem(last=False)

    def _show(self, frame: Frame) -> None:
        self.grid.set_images(frame.images, frame.columns, frame.captions, frame.row_titles)

    @property
    def is_exporting(self) -> bool:
        return self._export.is_busy

    def export_gif(self, path: str | Path) -> None:
        """Write all saved steps as a GIF on a worker thread, at the timeline's speed.

        Ends with `exported` or `failed`; a cancelled export says nothing and leaves no file.
        """
        if self._source is None or self.is_exporting:
            return
        source, steps, interval = self._source, list(self._source.steps()), self.timeline.interval
        ground = QColor(current_colors().picture_ground).lightness()

        def write(target: Path, report: Report) -> None:
            write_gif(target, mosaics(report), interval)

        def mosaics(report: Report) -> Iterator[UInt8Array]:
            for number, step in enumerate(steps):
                report(number)
                frame = source.frame(step)
                if frame is not None and len(frame.images):
                    yield _gif_mosaic(frame, ground)

        self._export.start(Path(path), write)
        self._export_line.begin("GIF", len(steps))
        self._allow_export()

    def _allow_export(self) -> None:
        self._gif_action.setEnabled(not self.is_exporting)

    def stop(self) -> None:
        """Cancel an export and wait for the worker threads; a destroyed history does so by itself."""
        self._export.stop()
        self._pool.waitForDone()

    def _ask_where(self) -> None:
        if self._source is not None:
            choose_file(self, self.tr("Export Timeline"), "timeline.gif", self.export_gif)


def _gif_mosaic(frame: Frame, ground: int) -> UInt8Array:
    count, height, width = frame.images.shape[:3]
    mosaic = compose(frame.images, MosaicLayout(count, frame.columns or near_square(count), width, height), ground)
    return enlarged(mosaic, max(1, _GIF_SIDE // max(mosaic.shape[:2])))
