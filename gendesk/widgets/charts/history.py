"""A chart of a training over its steps: the live numbers, and all saved ones to scrub through."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, QThreadPool, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from gendesk.widgets.charts.chart import Chart
from gendesk.widgets.charts.table import ChartTable
from gendesk.widgets.pictures.timeline import Timeline
from gendesk.widgets.plot.options import tool_button

_KEPT_FRAMES = 32


class ChartSource(Protocol):
    """Saved frames of a run, as the chart shows them; `frame` is called on a worker thread, None if it is missing."""

    def steps(self) -> Sequence[int]: ...

    def frame(self, step: int) -> Any | None: ...


class _Replies(QObject):
    """Carries what the worker thread has read into the window's thread."""

    loaded = Signal(object, int, object)  # source, step, and the frame, None or the error


class ChartHistory(QWidget):
    """A chart with a timeline under it. `show(frame)` brings a frame into the chart."""

    exported = Signal(str)
    failed = Signal(str)

    def __init__(self, chart: Chart | ChartTable, show: Callable[[Any], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chart = chart
        self._show_frame = show
        self._source: ChartSource | None = None
        self._frames: OrderedDict[int, Any] = OrderedDict()
        self._wanted: int | None = None
        self._loading = False
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._replies = _Replies(self)
        self._replies.loaded.connect(self._loaded)
        self.timeline = Timeline()
        self.timeline.step_selected.connect(self._show_step)
        chart.saved.connect(self.exported)
        chart.failed.connect(self.failed)
        self.setAccessibleName(self.tr("Chart history"))
        self.setFocusProxy(chart)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.timeline, 1)
        row.addWidget(self._make_export_button())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(chart, 1)
        column.addLayout(row)
        self.destroyed.connect(self._pool.waitForDone)

    def _make_export_button(self) -> QToolButton:
        self._export = tool_button(self.tr("Export"), self.tr("Save or copy this chart or its numbers"), "export")
        menu = QMenu(self._export)
        self.chart.export.fill_menu(menu)
        self._export.setMenu(menu)
        self._export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._export.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._export.setEnabled(False)
        return self._export

    def set_source(self, source: ChartSource | None) -> None:
        """Show the saved frames of another run, the newest first; None empties the history."""
        self._source = source
        self._frames.clear()
        self._show(None)
        self.timeline.set_steps(source.steps() if source else ())
        self.timeline.go_live()

    def show_live(self, frame: Any, step: int) -> None:
        """Take the newest frame of a training; it is shown unless the person looks at an earlier one."""
        self.timeline.append_step(step)
        self._keep(step, frame)
        if self.timeline.is_live:
            self._wanted = step
            self._show(frame)

    def show_passing(self, frame: Any) -> None:
        """Show what is not yet of any step, unless the person looks at an earlier one; nothing keeps it."""
        if self.timeline.is_live:
            self._show(frame)

    def stop(self) -> None:
        """Wait for the worker thread; a destroyed history does so by itself."""
        self._pool.waitForDone()

    def _show_step(self, step: int | None) -> None:
        self._wanted = self.timeline.step if step is None else step
        if self._wanted is not None and self._wanted in self._frames:
            self._frames.move_to_end(self._wanted)
            self._show(self._frames[self._wanted])
        elif not self._loading and self._source is not None and self._wanted is not None:
            self._loading = True
            self._pool.start(partial(_read, self._source, self._wanted, self._replies))

    def _loaded(self, source: ChartSource, step: int, reply: Any) -> None:
        """Show what has been read; what was wanted meanwhile is read next."""
        self._loading = False
        if source is self._source:
            if isinstance(reply, Exception):
                self.failed.emit(self.tr("Cannot show step {step}: {reason}").format(step=f"{step:,}", reason=reply))
                reply = None
            if reply is not None:
                self._keep(step, reply)
            # During a fast scrub a chart that is already outrun is better than none.
            if step == self._wanted or (reply is not None and not self.timeline.is_live):
                self._show(reply)
        if step != self._wanted or source is not self._source:
            self._show_step(self._wanted)

    def _keep(self, step: int, frame: Any) -> None:
        self._frames[step] = frame
        self._frames.move_to_end(step)
        while len(self._frames) > _KEPT_FRAMES:
            self._frames.popitem(last=False)

    def _show(self, frame: Any | None) -> None:
        if frame is None:
            self.chart.clear()
        else:
            self._show_frame(frame)
        self._export.setEnabled(not self.chart.is_empty)


def _read(source: ChartSource, step: int, replies: _Replies) -> None:
    try:
        replies.loaded.emit(source, step, source.frame(step))
    except Exception as error:  # noqa: BLE001 - whatever a file can do wrong is told, in the window's thread
        replies.loaded.emit(source, step, error)
