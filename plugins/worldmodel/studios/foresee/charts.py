"""A number of the code over the steps, the mixture from which it is drawn in one of them, and the rewards foreseen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gendesk.widgets.plot.painting import paint_band, paint_dots, paint_thin, paint_wide
from gendesk.widgets.plot.projection import Projection
from gendesk.widgets.theme import current_colors

from ...foreseeing import Foreseen, Recorded
from .plot import Mark, Plot, StepPlot

_PLACES = 240  # at which a density is drawn
_MOST_LOGIT = 12.0


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
        self.paint_cursor(painter, projection, found)


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
        self.paint_cursor(painter, projection, found)


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
