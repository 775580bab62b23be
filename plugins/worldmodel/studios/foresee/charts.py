"""A number of the code over the steps, the mixture from which it is drawn in one of them, and the rewards foreseen."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.plot.painting import paint_axes, paint_band, paint_dots, paint_thin, paint_wide
from gendesk.widgets.plot.projection import Projection
from gendesk.widgets.plot.ticks import axis_ticks
from gendesk.widgets.theme import changes_look, current_colors

from ...foreseeing import Foreseen, Recorded

_LEFT, _RIGHT, _BOTTOM = 40, 10, 20
_PLACES = 240  # at which a density is drawn
_MOST_LOGIT = 12.0
Mark = Literal["line", "swatch", "dot"]


class Plot(QWidget):
    """A painted plot with a legend above. Where it is over steps, a click or an arrow chooses one of them."""

    moved = Signal(int)  # places of steps, counted from 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._race: Recorded | None = None
        self._found: Foreseen | None = None
        self.number = 0
        self.place = 0
        self._x = (0.0, 1.0)
        self.setMinimumSize(QSize(160, 84))

    def show_foreseen(self, race: Recorded | None, found: Foreseen | None) -> None:
        """Show what was foreseen of a race, or nothing."""
        self._race, self._found = race, found
        self._tell()

    def show_place(self, place: int, number: int) -> None:
        """Point at a step, counted from 0, and at a number of the code."""
        self.place, self.number = place, number
        self._tell()

    def _tell(self) -> None:
        if self._race is not None and self._found is not None and self.place < len(self._found.codes):
            self.setAccessibleDescription(self.words(self._race, self._found))
        else:
            self.setAccessibleDescription("")
        self.update()

    @abstractmethod
    def words(self, race: Recorded, found: Foreseen) -> str:
        """Say what is shown of the step."""

    @abstractmethod
    def entries(self) -> Sequence[tuple[str, str, Mark]]:
        """Return what the legend says, in which colours and with which marks."""

    @abstractmethod
    def ranges(self, race: Recorded, found: Foreseen) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ends of both axes."""

    @abstractmethod
    def paint_inside(self, painter: QPainter, projection: Projection, race: Recorded, found: Foreseen) -> None:
        """Draw curves and marks."""

    def sizeHint(self) -> QSize:
        return QSize(220, 140)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = current_colors()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colors.surface))
        if self._race is None or self._found is None:
            draw_empty_text(
                painter, QRectF(self.rect()), self.tr("{0} will appear here.").format(self.accessibleName())
            )
        else:
            font = painter.font()
            font.setPointSizeF(0.9 * font.pointSizeF())
            painter.setFont(font)
            self._x, y = self.ranges(self._race, self._found)
            projection = Projection(self._x, y, self._box())
            across, up = max(2, int(projection.box.width() // 60)), max(2, int(projection.box.height() // 28))
            paint_axes(
                painter, projection, axis_ticks(*self._x, across, log=False), axis_ticks(*y, up, log=False), colors
            )
            painter.save()
            painter.setClipRect(projection.box.adjusted(-1, -1, 1, 1))
            self.paint_inside(painter, projection, self._race, self._found)
            painter.restore()
            self._paint_legend(painter)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _box(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, self.fontMetrics().height() + 10, -_RIGHT, -_BOTTOM)

    def _paint_legend(self, painter: QPainter) -> None:
        colors, metrics = current_colors(), painter.fontMetrics()
        x, middle = 8.0, 4 + metrics.height() / 2
        for text, color, mark in self.entries():
            if mark == "dot":
                paint_dots(painter, [QPointF(x + 6, middle)], QColor(color), 2.5)
            else:
                thick = 3 if mark == "line" else 8
                painter.fillRect(QRectF(x, middle - thick / 2, 12, thick), QColor(color))
            painter.setPen(QColor(colors.text))
            width = metrics.horizontalAdvance(text)
            painter.drawText(QRectF(x + 16, 2, width + 4, metrics.height() + 4), Qt.AlignmentFlag.AlignVCenter, text)
            x += width + 28

    def _paint_cursor(self, painter: QPainter, projection: Projection, found: Foreseen) -> None:
        """Draw a line at the step that is pointed at."""
        (x,) = projection.across(np.array([found.start + 1.0 + self.place])).tolist()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(current_colors().accent), 1))
        painter.drawLine(QPointF(x, projection.box.top()), QPointF(x, projection.box.bottom()))


class StepPlot(Plot):
    """A plot over the steps of the race."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def steps(self, found: Foreseen) -> NDArray[np.float64]:
        """Return the numbers of the frames foreseen, float64 (n,)."""
        return found.start + 1.0 + np.arange(len(found.codes), dtype=np.float64)

    def span(self, found: Foreseen) -> tuple[float, float]:
        """Return the ends of the axis of steps."""
        return float(found.start), float(found.start + len(found.codes) + 0.5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._point(event.position().x())

    def _point(self, x: float) -> None:
        if self._found is not None:
            box = self._box()
            value = self._x[0] + (x - box.left()) / max(1.0, box.width()) * (self._x[1] - self._x[0])
            self._go(round(value) - self._found.start - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        go = {Qt.Key.Key_Left: self.place - 1, Qt.Key.Key_Right: self.place + 1, Qt.Key.Key_Home: 0}
        if self._found is not None and (event.key() in go or event.key() == Qt.Key.Key_End):
            self._go(go.get(Qt.Key(event.key()), len(self._found.codes) - 1))
        else:
            super().keyPressEvent(event)

    def _go(self, place: int) -> None:
        if self._found is not None:
            self.moved.emit(max(0, min(len(self._found.codes) - 1, place)))


class TraceChart(StepPlot):
    """One number of the code: as V saw it, and as M foresaw it, with its standard deviation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("A number of the code over the steps"))
        self.setToolTip(
            self.tr("What V saw, and the mean of what M foresaw with its standard deviation; dots were drawn from it")
        )

    def words(self, race: Recorded, found: Foreseen) -> str:
        text = self.tr("Step {step}, z{number}: true {true}, foreseen {mean} \N{PLUS-MINUS SIGN} {deviation}")
        return text.format(
            step=found.start + 1 + self.place,
            number=self.number,
            true=f"{race.mu[found.start + 1 + self.place, self.number]:.2f}",
            mean=f"{found.mean[self.place, self.number]:.2f}",
            deviation=f"{found.deviation[self.place, self.number]:.2f}",
        )

    def entries(self) -> Sequence[tuple[str, str, Mark]]:
        colors = current_colors()
        return (
            (self.tr("true z{0}").format(self.number), colors.text, "line"),
            (self.tr("foreseen"), colors.curves[0], "line"),
            (self.tr("drawn"), colors.curves[1], "dot"),
        )

    def ranges(self, race: Recorded, found: Foreseen) -> tuple[tuple[float, float], tuple[float, float]]:
        mean, deviation = found.mean[:, self.number], found.deviation[:, self.number]
        true = race.mu[found.start : found.start + len(mean) + 1, self.number]
        low, high = min(true.min(), (mean - deviation).min()), max(true.max(), (mean + deviation).max())
        room = max(0.2, 0.06 * float(high - low))
        return self.span(found), (float(low) - room, float(high) + room)

    def paint_inside(self, painter: QPainter, projection: Projection, race: Recorded, found: Foreseen) -> None:
        colors, x = current_colors(), projection.across(self.steps(found))
        mean = found.mean[:, self.number].astype(np.float64)
        deviation = found.deviation[:, self.number]
        paint_band(
            painter, x, projection.down(mean + deviation), projection.down(mean - deviation), QColor(colors.curves[0])
        )
        paint_wide(painter, x, projection.down(mean), QColor(colors.curves[0]), dashed=False)
        true = race.mu[found.start : found.start + len(mean) + 1, self.number]
        places = projection.across(found.start + np.arange(len(true), dtype=np.float64))
        paint_wide(painter, places, projection.down(true), QColor(colors.text), dashed=False)
        drawn = np.stack([x, projection.down(found.codes[:, self.number])], 1)
        paint_dots(painter, [QPointF(*one) for one in drawn.tolist()], QColor(colors.curves[1]), 2.0)
        self._paint_cursor(painter, projection, found)


class RewardChart(StepPlot):
    """The logit of a reward: above 0 one is likelier than not. Green marks are steps that brought one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("The reward foreseen"))
        self.setToolTip(self.tr("The logit of a reward: M expects one above 0. Marks are steps that brought one."))

    def words(self, race: Recorded, found: Foreseen) -> str:
        came = self.tr("a reward came") if race.rewards[found.start + self.place] else self.tr("none came")
        text = self.tr("Step {step}: logit of a reward {logit}, {came}")
        logit = f"{found.logits[self.place]:.1f}"
        return text.format(step=found.start + 1 + self.place, logit=logit, came=came)

    def entries(self) -> Sequence[tuple[str, str, Mark]]:
        colors = current_colors()
        return (
            (self.tr("logit of a reward"), colors.curves[0], "line"),
            (self.tr("reward came"), colors.good, "swatch"),
        )

    def ranges(self, race: Recorded, found: Foreseen) -> tuple[tuple[float, float], tuple[float, float]]:  # noqa: ARG002
        low, high = min(-1.0, float(found.logits.min())), max(1.0, float(found.logits.max()))
        return self.span(found), (max(-_MOST_LOGIT, 1.1 * low), min(_MOST_LOGIT, 1.1 * high))

    def paint_inside(self, painter: QPainter, projection: Projection, race: Recorded, found: Foreseen) -> None:
        colors, box, steps = current_colors(), projection.box, self.steps(found)
        came = race.rewards[found.start : found.start + len(steps)]
        half = max(1.0, 0.35 * float(np.diff(projection.across(np.array([0.0, 1.0])))[0]))
        for x in projection.across(steps[came]).tolist():
            painter.fillRect(QRectF(x - half, box.top(), 2 * half, box.height()), _veiled(colors.good))
        (zero,) = projection.down(np.zeros(1)).tolist()
        painter.setPen(QPen(QColor(colors.muted), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(box.left(), zero), QPointF(box.right(), zero))
        paint_wide(
            painter, projection.across(steps), projection.down(found.logits), QColor(colors.curves[0]), dashed=False
        )
        self._paint_cursor(painter, projection, found)


class DensityChart(Plot):
    """The mixture of one number in one step: its normal distributions, their sum, and what was true."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("The mixture of one number"))
        self.setToolTip(
            self.tr("How likely M holds each value of the number in the step chosen: thin lines are its mixtures")
        )

    def words(self, race: Recorded, found: Foreseen) -> str:
        parts = found.weights[self.place, self.number], found.means[self.place, self.number]
        text = ", ".join(f"{mean:.2f} ({weight:.0%})" for weight, mean in zip(*parts, strict=True))
        true = race.mu[found.start + 1 + self.place, self.number]
        return self.tr("Mixtures at {0}; true is {1}").format(text, f"{true:.2f}")

    def entries(self) -> Sequence[tuple[str, str, Mark]]:
        colors, found = current_colors(), self._found
        step = 0 if found is None else found.start + 1 + self.place
        return (
            (self.tr("z{0} in step {1}").format(self.number, step), colors.curves[0], "line"),
            (self.tr("true"), colors.text, "line"),
        )

    def densities(self, found: Foreseen, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weighted densities of the mixtures, float64 (mixtures, places)."""
        weights, means, sigmas = (
            values[self.place, self.number].astype(np.float64)[:, None]
            for values in (found.weights, found.means, found.sigmas)
        )
        return np.asarray(weights * np.exp(-0.5 * ((places - means) / sigmas) ** 2) / (sigmas * np.sqrt(2 * np.pi)))

    def ranges(self, race: Recorded, found: Foreseen) -> tuple[tuple[float, float], tuple[float, float]]:
        mean, deviation = found.mean[self.place, self.number], found.deviation[self.place, self.number]
        true = race.mu[found.start + 1 + self.place, self.number]
        low, high = min(true - 0.2, mean - 4 * deviation), max(true + 0.2, mean + 4 * deviation)
        most = self.densities(found, np.linspace(low, high, _PLACES)).sum(0).max()
        return (float(low), float(high)), (0.0, max(1e-6, 1.08 * float(most)))

    def paint_inside(self, painter: QPainter, projection: Projection, race: Recorded, found: Foreseen) -> None:
        colors = current_colors()
        places = np.linspace(*projection.x, _PLACES)
        densities, x = self.densities(found, places), projection.across(places)
        for index, density in enumerate(densities):
            paint_thin(painter, x, projection.down(density), QColor(colors.curves[1 + index % 7]))
        together = densities.sum(0)
        paint_band(painter, x, projection.down(together), projection.down(0 * together), QColor(colors.curves[0]))
        paint_wide(painter, x, projection.down(together), QColor(colors.curves[0]), dashed=False)
        true = race.mu[found.start + 1 + self.place, self.number]
        (at,) = projection.across(np.array([true])).tolist()
        painter.setPen(QPen(QColor(colors.text), 1.75))
        painter.drawLine(QPointF(at, projection.box.top()), QPointF(at, projection.box.bottom()))


def _veiled(color: str) -> QColor:
    """Return a colour through which others are seen."""
    veiled = QColor(color)
    veiled.setAlphaF(0.28)
    return veiled
