"""The live chart of one group of metrics: raw values, their average, and tools to look closely."""

from functools import partial
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QToolTip, QVBoxLayout, QWidget

from gendesk.widgets.export import Export, Report
from gendesk.widgets.plot.bands import NO_AREA
from gendesk.widgets.plot.canvas import Mark, MarkKind, PlotCanvas, marks_near
from gendesk.widgets.plot.controls import PlotControls
from gendesk.widgets.plot.curve_buffer import CurveBuffer
from gendesk.widgets.plot.curves import (
    Curve,
    CurveStyle,
    Scales,
    data_span,
    give_colors,
    measured_name,
    nearest_step,
    values_span,
    with_level,
)
from gendesk.widgets.plot.export import rendered, write_csv, write_png
from gendesk.widgets.plot.legend import PlotLegend
from gendesk.widgets.plot.navigation import PlotNavigation
from gendesk.widgets.plot.ticks import step_text
from gendesk.widgets.theme import changes_look, current_colors

_REPAINT_MS = 100  # after new data
_ANSWER_MS = 15  # after a hand on mouse or keyboard
_SLICE = 40_000  # values to work through between two events: 1 ms
_WIDE = 460  # pixels; a plot with less is narrow
_HARMLESS = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier  # + needs Shift on many keyboards


class LossPlot(QWidget):
    """Shows curves over steps. Appending is cheap; repaints are coalesced, and a hidden plot does no work."""

    saved = Signal(str)  # the path of a file that was written
    failed = Signal(str)  # one sentence: a file could not be written
    over_time = False
    """Whether curves lie over seconds instead of steps."""

    def __init__(self, title: str, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = unit
        self._curves: dict[str, Curve] = {}
        self._marks: list[Mark] = []
        self._level: tuple[float, str] | None = None
        self._pointer: QPointF | None = None
        self.controls = PlotControls(title, unit)
        self._options = self.controls.options
        self.legend = PlotLegend()
        self.canvas = PlotCanvas()
        self.navigation = PlotNavigation(self.canvas)
        self._export = Export(self)
        self._export.saved.connect(self.saved)
        self._export.failed.connect(self.failed)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._refresh)
        self.setAccessibleName(self.tr("Plot of {title}").format(title=title))
        self.setWhatsThis(self.controls.help_text())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 160)
        self._arrange()
        self._connect()

    def add_curve(self, name: str, title: str, style: CurveStyle = "train") -> None:
        """Declare a curve; "validation/total" gets the colour of "total". Raises ValueError if the name is taken."""
        if name in self._curves:
            raise ValueError(f"There is a curve named {name!r} already.")
        curve = Curve(title, style, CurveBuffer(self._options.smoothing))
        before = [measured_name(other, self._curves[other].style) for other in self.legend.entries][-1:]
        joined = style == "validation" and before == [measured_name(name, style)]
        entry = self.legend.add_entry(name, title, style, joined=joined)
        entry.toggled.connect(partial(self._show_curve, curve))
        self.canvas.add_curve(name, style)
        self._curves[name] = curve
        self._recolor()

    def add_edge(self, name: str, title: str, of: str) -> None:
        """Declare one of the two series between which the band of the curve `of` lies, such as the worst and the best.

        It takes values as a curve does and is saved with them, but has no line and no entry in the legend. Raises
        ValueError if the name is taken or the curve has two edges, KeyError for an unknown curve.
        """
        whole = self._curves[of]
        if name in self._curves:
            raise ValueError(f"There is a curve named {name!r} already.")
        if len(whole.edges) == 2:
            raise ValueError(f"The band of {of!r} has two edges already.")
        self._curves[name] = Curve(title, "edge", CurveBuffer(self._options.smoothing), shown=False)
        whole.edges.append(self._curves[name].buffer)

    def append(self, name: str, steps: ArrayLike, values: ArrayLike) -> None:
        """Add values (n,) of a curve at steps (n,); what it had at or behind the first step goes, as after a resume.

        Raises KeyError for an unknown curve, ValueError if the arrays do not fit or a step is not finite.
        """
        self._curves[name].buffer.append(steps, values)
        self._schedule(_REPAINT_MS)

    def set_history(self, name: str, steps: ArrayLike, values: ArrayLike) -> None:
        """Replace all values of a curve; raises like `append`."""
        self._curves[name].buffer.clear()
        self.append(name, steps, values)

    def mark(self, step: float, kind: MarkKind, text: str) -> None:
        """Mark an event with a thin vertical line that shows `text` under the mouse; ValueError for an unknown kind."""
        if kind not in get_args(MarkKind):
            raise ValueError(f"There are no marks of the kind {kind!r}.")
        self._marks.append(Mark(float(step), kind, text))
        self._schedule(_REPAINT_MS)

    def set_level(self, value: float, text: str) -> None:
        """Draw a horizontal line at a value that curves are to be held against.

        It is kept in view unless that would press the curves into a small part of the plot; then its name stands at
        the end where it lies.
        """
        self._level = value, text
        self._schedule(_REPAINT_MS)

    def clear(self) -> None:
        """Forget all values and marks and show everything that comes; the curves stay declared."""
        for curve in self._curves.values():
            curve.buffer.clear()
        self._marks.clear()
        self.navigation.show_everything()

    @property
    def nbytes(self) -> int:
        """Bytes that the values and what is derived from them take."""
        return sum(curve.buffer.nbytes for curve in self._curves.values())

    def save_png(self, path: str | Path) -> None:
        """Save title, legend and chart as shown, at twice their size; ends with `saved` or `failed`."""
        picture = self._picture()
        self._export.start(Path(path), lambda target, _report: write_png(picture, target))

    def save_csv(self, path: str | Path) -> None:
        """Save the raw values of all curves so far, one row per step; ends with `saved` or `failed`."""
        views = {name: (curve.buffer.steps, curve.buffer.values) for name, curve in self._curves.items()}

        def write(target: Path, report: Report) -> None:
            # Copied before a resumed run can write over them, but not by the window, which would feel it.
            write_csv({name: (steps.copy(), values.copy()) for name, (steps, values) in views.items()}, target, report)

        self._export.start(Path(path), write)

    def _picture(self) -> QImage:
        self._pointer = None
        for curve in self._curves.values():
            curve.buffer.catch_up(len(curve.buffer))
        self._refresh()
        return rendered(self, (self.controls.title, self.legend, self.canvas, self._empty))

    def _arrange(self) -> None:
        self._empty = QLabel(self.tr("Curves appear here when training starts"))
        self._empty.setProperty("role", "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 4, 4)
        layout.setSpacing(2)
        layout.addWidget(self.controls)
        layout.addWidget(self.legend)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self._empty, 1)
        for part in (self.legend, self.canvas):
            part.hide()
        self._layout = layout

    def _connect(self) -> None:
        controls, navigation, mouse = self.controls, self.navigation, self.canvas.mouse
        self._options.smoothing_changed.connect(self._smooth)
        self._options.log_x_changed.connect(navigation.show_everything)
        self._options.log_y_changed.connect(navigation.fit_values)
        self._options.follow_clicked.connect(navigation.follow)
        controls.fit_clicked.connect(navigation.show_everything)
        controls.png_chosen.connect(self.save_png)
        controls.csv_chosen.connect(self.save_csv)
        for moved in (navigation.changed, self.canvas.resized):
            moved.connect(lambda: self._schedule(_ANSWER_MS))
        mouse.pressed.connect(lambda: self.setFocus(Qt.FocusReason.MouseFocusReason))
        mouse.hovered.connect(self._hover)
        mouse.left.connect(lambda: self._hover(None))
        mouse.help_asked.connect(self._explain_mark)

    def _smooth(self, weight: float) -> None:
        for curve in self._curves.values():
            curve.buffer.set_weight(weight)
        self._schedule(_ANSWER_MS)

    def _show_curve(self, curve: Curve, shown: bool) -> None:
        curve.shown = shown
        self._schedule(_ANSWER_MS)

    # Drawing

    @property
    def _scales(self) -> Scales:
        return Scales(self._options.log_x, self._options.log_y, not self.over_time)

    def _schedule(self, milliseconds: int) -> None:
        if self.isVisible() and not 0 <= self._timer.remainingTime() <= milliseconds:
            self._timer.start(milliseconds)

    def _refresh(self) -> None:
        self._timer.stop()
        share = _SLICE // max(len(self._curves), 1)
        done = [curve.buffer.catch_up(share) for curve in self._curves.values()]
        data = data_span(self._curves.values(), self._scales)
        if (data is not None) != self.legend.isVisibleTo(self):
            for part in (self.legend, self.canvas, self._empty):
                part.setVisible((data is None) == (part is self._empty))
            self._layout.activate()  # now: columns and ticks depend on the size of the canvas
        if data is not None:
            self.navigation.data = data
            self._draw()
            self._show_readings()
        self._options.show_follow(self.navigation.view.follow)
        if not all(done):
            self._schedule(_ANSWER_MS)

    def _draw(self) -> None:
        scales, view = self._scales, self.navigation.view
        x = view.x_range(self.navigation.data)
        edges = self.canvas.columns(x)
        drawn: list[NDArray[np.floating]] = []
        for name in self.legend.entries:
            curve = self._curves[name]
            raw, bold = curve.lines(edges, scales, self._options.smoothing) if curve.shown else (None, None)
            band = curve.band(edges, scales) if curve.shown else NO_AREA
            self.canvas.draw_curve(name, raw, bold, band)
            drawn += [*(points[1] for points in (raw, bold) if points), *band[1:]]
        span = values_span(drawn)
        if self._level is not None:
            value, text = self._level
            level = scales.to_view(1.0, value)[1]
            span = with_level(span, level)
            beyond = span is not None and not span[0] <= level <= span[1]
            self.canvas.draw_level(level, f"{text}: {step_text(value)}" if beyond else text)
        y = view.y_range(span or (0.0, 1.0))
        marks = {kind: [mark.step for mark in self._marks if mark.kind == kind] for kind in get_args(MarkKind)}
        places = {kind: scales.steps_to_view(np.array(steps)) for kind, steps in marks.items() if steps}
        self.canvas.draw_marks(places)
        self.canvas.show_range(x, y, log_x=scales.log_x, log_y=scales.log_y)

    def _show_readings(self) -> None:
        """Show every curve's value under the mouse, else its latest one."""
        shown = [curve for curve in self._curves.values() if curve.shown]
        step = None if self._pointer is None else nearest_step(shown, self._step_at(self._pointer))
        readings = {name: self._curves[name].reading(step) for name in self.legend.entries}
        latest = max((newest.step for curve in shown if (newest := curve.reading(None))), default=0.0)
        text = self.place_text(latest if step is None else step)
        self.legend.show_readings(text, readings, self._unit)
        self.controls.title.set_note(text if self.controls.is_narrow else "")
        scales, hits = self._scales, []
        for name, reading in readings.items():
            curve = self._curves[name]
            if step is not None and curve.shown and reading:
                hits.append((*scales.to_view(reading.step, reading.drawn), curve.color))
        self.canvas.draw_crosshair(None if step is None else scales.to_view(step, 1.0)[0], hits)

    def place_text(self, place: float) -> str:
        """Say where on the x axis the values in the legend are."""
        return self.tr("Step {step}").format(step=step_text(place))

    def _recolor(self) -> None:
        curves = {name: self._curves[name] for name in self.legend.entries}
        give_colors(curves, current_colors().curves)
        for name, curve in curves.items():
            self.legend.entries[name].set_color(curve.color)
        self.canvas.recolor({name: curve.color for name, curve in curves.items()})
        self._schedule(0)

    # Mouse, keyboard and the rest of Qt

    def _hover(self, place: QPointF | None) -> None:
        self._pointer = place
        if self._curves and self.legend.isVisible():
            self._show_readings()

    def _step_at(self, place: QPointF) -> float:
        x = self.canvas.to_view(place).x()
        return float(10.0 ** min(x, 300) if self._options.log_x else x)

    def _explain_mark(self, place: QPoint, on_screen: QPoint) -> None:
        near = marks_near(self._marks, self._scales, self.canvas, place.x())
        QToolTip.showText(on_screen, "\n".join(near), self.canvas)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt's hook: pan, zoom, switch; other keys go on to the window."""
        if event.key() == Qt.Key.Key_L and not event.modifiers():
            self._options.toggle_log_y()
        elif event.modifiers() & ~_HARMLESS or not self.navigation.press_key(event.key()):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's hook: a narrow plot hides its options behind a button and shows the step in its first line."""
        super().resizeEvent(event)
        narrow = self.width() < _WIDE
        if narrow != self.controls.is_narrow:
            self.controls.set_narrow(narrow)
            self.legend.set_step_shown(not narrow)
            self._schedule(_ANSWER_MS)

    def showEvent(self, event: QShowEvent) -> None:
        """Qt's hook: catch up with what happened while hidden."""
        super().showEvent(event)
        self._schedule(0)

    def hideEvent(self, event: QHideEvent) -> None:
        """Qt's hook."""
        self._timer.stop()
        super().hideEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Qt's hook: another theme."""
        super().changeEvent(event)
        if changes_look(event):
            self._recolor()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's hook: the ground and a frame."""
        colors = current_colors()
        painter = QPainter(self)
        painter.setBrush(QColor(colors.surface))
        painter.setPen(QColor(colors.accent if self.hasFocus() else colors.border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
