"""Scrubbing through the pictures of a training: a slider over its steps, and a mosaic that follows it."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QSignalBlocker, Qt, QThreadPool, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.errors import GendeskError
from gendesk.widgets.icons import icon
from gendesk.widgets.pictures.dialog import choose_file
from gendesk.widgets.pictures.image_grid import ImageGrid
from gendesk.widgets.pictures.picture import MosaicLayout, UInt8Array, compose, enlarged, near_square, write_gif
from gendesk.widgets.theme import current_colors

SPEEDS = (2, 5, 10, 20)  # steps per second
_GIF_SIDE = 600  # small mosaics are enlarged towards this many pixels
_KEPT_FRAMES = 32


class Timeline(QWidget):
    """A slider over saved steps. It is live (follows the newest step) until the person scrubs or plays.

    Keys: left and right, Home and End, Space plays and pauses.
    """

    step_selected = Signal(object)  # int, or None when it goes live again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[int] = []
        self._live = True
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._advance)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName(self.tr("Training step"))
        self._slider.valueChanged.connect(self._scrubbed)
        self._label = QLabel()
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._play = self._button("play", self.tr("Play"))
        self._play.clicked.connect(self.toggle_playing)
        self._loop = self._button("loop", self.tr("Play in a Loop"), checkable=True)
        self._speed = QComboBox()
        self._speed.setAccessibleName(self.tr("Speed"))
        self._speed.setToolTip(self.tr("Saved steps played per second"))
        for speed in SPEEDS:
            self._speed.addItem(self.tr("{count}/s").format(count=speed), speed)
        self._speed.setCurrentIndex(SPEEDS.index(10))
        self._speed.currentIndexChanged.connect(lambda: self._timer.setInterval(self.interval))
        self._live_button = self._button("", self.tr("Follow the Newest Step"), checkable=True)
        self._live_button.setText(self.tr("Live"))
        self._live_button.clicked.connect(self.go_live)
        self.setAccessibleName(self.tr("Timeline"))
        self.setFocusProxy(self._slider)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self._play, self._slider, self._label, self._speed, self._loop, self._live_button):
            row.addWidget(widget, 1 if widget is self._slider else 0)
        self._refresh()

    def _button(self, name: str, text: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setCheckable(checkable)
        button.setToolTip(text)
        button.setAccessibleName(text)
        if name:
            button.setIcon(icon(name))
        return button

    @property
    def steps(self) -> Sequence[int]:
        return self._steps

    @property
    def step(self) -> int | None:
        """The step that the slider shows; None without steps."""
        return self._steps[self._slider.value()] if self._steps else None

    @property
    def is_live(self) -> bool:
        return self._live

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    @property
    def interval(self) -> int:
        """Milliseconds from one step to the next when playing."""
        return 1000 // int(self._speed.currentData())

    def set_steps(self, steps: Sequence[int]) -> None:
        """Replace all steps (increasing); a scrubbed position stays at the nearest step."""
        shown, self._steps = self.step, list(steps)
        if not steps:
            self._timer.stop()
        nearest = int(np.abs(np.asarray(steps) - shown).argmin()) if steps and shown is not None else 0
        self._move_to(len(steps) - 1 if self._live else nearest)

    def append_step(self, step: int) -> None:
        """Add the newest step; steps at or after it are forgotten, as a resumed run makes them again."""
        while self._steps and self._steps[-1] >= step:
            self._steps.pop()
        self._steps.append(step)
        self._move_to(len(self._steps) - 1 if self._live else self._slider.value())

    def go_live(self) -> None:
        """Follow the newest step again."""
        self._timer.stop()
        self._live = True
        self._move_to(len(self._steps) - 1)
        self.step_selected.emit(None)

    def toggle_playing(self) -> None:
        """Play from the shown step, or from the start if it is the last; or pause."""
        if self._timer.isActive():
            self._timer.stop()
        elif len(self._steps) > 1:
            self._timer.start(self.interval)
            if self._slider.value() == len(self._steps) - 1:
                self._slider.setValue(0)
        self._refresh()

    def _advance(self) -> None:
        last = len(self._steps) - 1
        if self._slider.value() < last:
            self._slider.setValue(self._slider.value() + 1)
        elif self._loop.isChecked():
            self._slider.setValue(0)
        if self._slider.value() == last and not self._loop.isChecked():
            self._timer.stop()
            self._refresh()

    def _scrubbed(self) -> None:
        self._live = False
        self._refresh()
        self.step_selected.emit(self.step)

    def _move_to(self, index: int) -> None:
        """Follow a change of the steps; only a person's moves are told."""
        with QSignalBlocker(self._slider):
            self._slider.setRange(0, max(0, len(self._steps) - 1))
            self._slider.setPageStep(max(1, len(self._steps) // 10))
            self._slider.setValue(index)
        self._refresh()

    def _refresh(self) -> None:
        text = "" if self.step is None else f"{self.step:,}"
        widest = f"{self._steps[-1]:,}" if self._steps else ""
        self._label.setMinimumWidth(self._label.fontMetrics().horizontalAdvance(widest) + 8)
        self._label.setText(text)
        self._label.setToolTip(self.tr("Step {step}").format(step=text) if text else "")
        self._slider.setEnabled(len(self._steps) > 1)
        self._play.setEnabled(len(self._steps) > 1)
        self._live_button.setEnabled(bool(self._steps))
        self._live_button.setChecked(self._live)
        playing = self._timer.isActive()
        text = self.tr("Pause") if playing else self.tr("Play")
        if text != self._play.toolTip() or self._play.icon().isNull():
            self._play.setIcon(icon("pause" if playing else "play"))
            self._play.setToolTip(text)
            self._play.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.toggle_playing()
        else:
            super().keyPressEvent(event)


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


class _CancelledError(Exception):
    pass


class _Replies(QObject):
    """Carries what the worker threads have to say into the window's thread."""

    loaded = Signal(object, int, object)  # source, step, Frame, None or the error
    progress = Signal(int)
    finished = Signal(object)  # the path, None if cancelled, or the error


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
        self._cancel = threading.Event()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)  # pictures can be looked at while a GIF is written
        self._replies = _Replies(self)
        self._replies.loaded.connect(self._loaded)
        self._replies.finished.connect(self._export_finished)
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
        column.addWidget(self._make_busy_row())
        column.addWidget(self.timeline)
        self.destroyed.connect(partial(_stop, self._cancel, self._pool))
        if app := QCoreApplication.instance():
            app.aboutToQuit.connect(self._cancel.set)

    def _make_busy_row(self) -> QWidget:
        self._progress = QProgressBar()
        self._progress.setFormat(self.tr("Writing GIF: %v of %m"))
        self._replies.progress.connect(self._progress.setValue)
        stop = QPushButton(self.tr("Cancel"))
        stop.clicked.connect(self._cancel.set)
        self._busy_row = QWidget()
        row = QHBoxLayout(self._busy_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._progress, 1)
        row.addWidget(stop)
        self._busy_row.hide()
        return self._busy_row

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
        return not self._gif_action.isEnabled()

    def export_gif(self, path: str | Path) -> None:
        """Write all saved steps as a GIF on a worker thread, at the timeline's speed.

        Ends with `exported` or `failed`; a cancelled export says nothing and leaves no file.
        """
        if self._source is None or self.is_exporting:
            return
        source, steps, target = self._source, list(self._source.steps()), Path(path)
        replies, cancel, interval = self._replies, self._cancel, self.timeline.interval
        ground = QColor(current_colors().picture_ground).lightness()

        def mosaics() -> Iterator[UInt8Array]:
            for number, step in enumerate(steps):
                if cancel.is_set():
                    raise _CancelledError
                frame = source.frame(step)
                if frame is not None and len(frame.images):
                    yield _gif_mosaic(frame, ground)
                replies.progress.emit(number + 1)

        def write() -> None:
            try:
                write_gif(target, mosaics(), interval)
                replies.finished.emit(target)
            except _CancelledError:
                replies.finished.emit(None)
            except Exception as error:  # noqa: BLE001 - whatever a file can do wrong is told, in the window's thread
                replies.finished.emit(error)

        cancel.clear()
        self._gif_action.setEnabled(False)
        self._progress.setRange(0, len(steps))
        self._progress.setValue(0)
        self._busy_row.show()
        self._pool.start(write)

    def _export_finished(self, result: Path | Exception | None) -> None:
        self._gif_action.setEnabled(True)
        self._busy_row.hide()
        if isinstance(result, Path):
            self.exported.emit(str(result))
        elif isinstance(result, GendeskError):
            self.failed.emit(str(result))
        elif result is not None:
            self.failed.emit(self.tr("Cannot write the GIF: {reason}").format(reason=result))

    def stop(self) -> None:
        """Cancel an export and wait for the worker threads; a destroyed history does so by itself."""
        _stop(self._cancel, self._pool)

    def _ask_where(self) -> None:
        if self._source is not None:
            choose_file(self, self.tr("Export Timeline"), "timeline.gif", "gif", self.export_gif)


def _stop(cancel: threading.Event, pool: QThreadPool) -> None:
    cancel.set()
    pool.waitForDone()


def _gif_mosaic(frame: Frame, ground: int) -> UInt8Array:
    count, height, width = frame.images.shape[:3]
    mosaic = compose(frame.images, MosaicLayout(count, frame.columns or near_square(count), width, height), ground)
    return enlarged(mosaic, max(1, _GIF_SIDE // max(mosaic.shape[:2])))
