"""The curves of several runs in one plot for each metric, over steps or over time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gendesk.app.runs.compare_table import headers
from gendesk.engine.comparison import VALIDATION, Notes, RunReading, all_metrics, common_metrics, run_names
from gendesk.engine.throughput import clock
from gendesk.widgets.plot.curves import CurveStyle
from gendesk.widgets.plot.loss_plot import LossPlot
from gendesk.widgets.plot.ticks import step_text
from gendesk.widgets.translation import translated

if TYPE_CHECKING:
    from gendesk.engine.recipe import MetricSpec

_KINDS = {"both": ("", VALIDATION), "train": ("",), "validation": (VALIDATION,)}
Curve = tuple[NDArray[np.float64], NDArray[np.float64]]
_NOTHING: Curve = (np.empty(0), np.empty(0))


class RunsPlot(LossPlot):
    """A plot whose curves lie over steps or over seconds of training."""

    def place_text(self, place: float) -> str:
        if not self.over_time:
            return self.tr("Step {step}").format(step=step_text(place))
        return self.tr("{0} s").format(f"{place:.1f}") if place < 60 else clock(place)


class CurvesPage(QWidget):
    """A plot of the chosen metric, or one of each metric that the runs have in common."""

    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plots: dict[str, RunsPlot] = {}
        self._readings: Sequence[RunReading] = ()
        self._notes: Notes = {}
        self._drawn: dict[str, dict[str, Curve]] = {}  # by metric and curve
        self.metrics = self._combo(self.tr("Metric"), self.tr("Which measurement of the training is drawn"))
        self.across = self._combo(self.tr("Over"), self.tr("What lies on the horizontal axis"))
        self.across.addItem(self.tr("Steps"), False)
        self.across.addItem(self.tr("Time in training, s"), True)
        self.kinds = self._combo(self.tr("Curves"), self.tr("Values of the training, of held-out data, or both"))
        for title, kind in (
            (self.tr("Training and held-out"), "both"),
            (self.tr("Training"), "train"),
            (self.tr("Held-out"), "validation"),
        ):
            self.kinds.addItem(title, kind)
        for combo in (self.metrics, self.across, self.kinds):
            combo.currentIndexChanged.connect(self._show)
        self._hint = QLabel(self.tr("Curves appear here when one of the runs has trained for a moment."))
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._arrange()

    def _combo(self, name: str, tip: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(tip)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return combo

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for combo in (self.metrics, self.across, self.kinds):
            label = QLabel(combo.accessibleName())
            label.setBuddy(combo)
            row.addWidget(label)
            row.addWidget(combo)
            row.addSpacing(8)
        row.addStretch(1)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(row)
        column.addLayout(self._grid, 1)
        column.addWidget(self._hint, 1)

    def set_readings(self, readings: Sequence[RunReading], notes: Notes) -> None:
        """Draw these runs; the plots stay as they are zoomed if the runs are the same as before."""
        if headers(readings) != headers(self._readings):
            for plot in self.plots.values():
                plot.hide()
                plot.deleteLater()
            self.plots.clear()
            self._drawn.clear()
        self._readings, self._notes = readings, notes
        self._list_metrics()
        self._show()

    def _list_metrics(self) -> None:
        histories = [one.history for one in self._readings]
        banded = {spec.name: spec.band_of for spec in self._specs()}
        every = all_metrics(histories)
        names = [name for name in every if banded.get(name, "") not in every]
        several = len(common_metrics(histories)) > 1
        items = [*names, *([""] if several else [])]
        if items == [self.metrics.itemData(index) for index in range(self.metrics.count())]:
            return
        chosen = self.metrics.currentData()
        with QSignalBlocker(self.metrics):
            self.metrics.clear()
            for name in items:
                self.metrics.addItem(self._title(name) if name else self.tr("All common metrics"), name)
            self.metrics.setCurrentIndex(max(0, self.metrics.findData(chosen)))

    def _title(self, name: str) -> str:
        spec = self._spec(name)
        return translated(spec.title if spec is not None else name.replace("_", " ").capitalize())

    def _specs(self) -> list["MetricSpec"]:
        """Return what the recipes of the runs say of their metrics."""
        recipes = dict.fromkeys(one.run.record.config.recipe for one in self._readings)
        return [spec for recipe in recipes if recipe in self._notes for spec in self._notes[recipe].metrics]

    def _show(self) -> None:
        """Lay out the plots that are wanted, and bring them up to date; the others are hidden and do no work."""
        chosen = self.metrics.currentData()
        common = common_metrics([one.history for one in self._readings])
        wanted = [name for name in (common if chosen == "" else [chosen]) if name and self.metrics.findData(name) >= 0]
        self._hint.setVisible(not wanted)
        for name, plot in self.plots.items():
            if name not in wanted:
                self._grid.removeWidget(plot)
                plot.hide()
        columns = 1 if len(wanted) == 1 else 2
        for place, name in enumerate(wanted):
            plot = self.plots.get(name) or self._make_plot(name)
            self._grid.addWidget(plot, *divmod(place, columns))
            self._draw(name, plot)
            plot.show()

    def _make_plot(self, metric: str) -> RunsPlot:
        plot = self.plots[metric] = RunsPlot(self._title(metric), parent=self)
        plot.failed.connect(self.failed)
        spec, style = self._spec(metric), self._style(metric)
        if spec is not None and spec.level is not None:
            plot.set_level(spec.level[0], translated(spec.level[1]))
        # Every run is declared in every plot, in the same order: so it has the same colour in all of them.
        for one, name in zip(self._readings, run_names([one.run for one in self._readings]), strict=True):
            plot.add_curve(one.run.id, name, style)
            for edge in self._edges(metric):
                plot.add_edge(f"{one.run.id} {edge}", f"{name}, {self._title(edge)}", one.run.id)
            plot.add_curve(VALIDATION + one.run.id, self.tr("{0} (held-out)").format(name), "validation")
        return plot

    def _spec(self, metric: str) -> "MetricSpec | None":
        return next((spec for spec in self._specs() if spec.name == metric), None)

    def _style(self, metric: str) -> CurveStyle:
        spec = self._spec(metric)
        return "train" if spec is None or spec.drawn == "line" else spec.drawn

    def _edges(self, metric: str) -> tuple[str, ...]:
        """Return the metrics that are the edges of a band around another one."""
        return tuple(dict.fromkeys(spec.name for spec in self._specs() if spec.band_of == metric))[:2]

    def _draw(self, metric: str, plot: RunsPlot) -> None:
        """Bring the curves of a plot up to date; what has only grown gets what is new, which is quick."""
        over_time, kinds = self.across.currentData(), _KINDS[self.kinds.currentData()]
        drawn = self._drawn.setdefault(metric, {})
        if plot.over_time != over_time:
            plot.over_time = over_time
            plot.clear()
            drawn.clear()
        for one in self._readings:
            wanted = {kind + one.run.id: kind + metric if kind in kinds else "" for kind in _KINDS["both"]}
            if self._style(metric) == "dots":  # measured on held-out data already
                wanted = {one.run.id: metric}
            wanted |= {f"{one.run.id} {edge}": edge if "" in kinds else "" for edge in self._edges(metric)}
            for name, source in wanted.items():
                now = curve_of(one, source, over_time)
                before = drawn.get(name, _NOTHING)
                drawn[name] = now
                if not _has_grown(before, now):
                    plot.set_history(name, *now)
                elif len(now[0]) > len(before[0]):
                    plot.append(name, *(numbers[len(before[0]) :] for numbers in now))


def _has_grown(before: Curve, now: Curve) -> bool:
    count = len(before[0])
    return len(now[0]) >= count and all(
        np.array_equal(old, new[:count], equal_nan=True) for old, new in zip(before, now, strict=True)
    )


def curve_of(reading: RunReading, metric: str, over_time: bool) -> Curve:
    """Return places on the x axis (n,) (steps, or seconds of training) and the values (n,) of a metric."""
    if metric not in reading.history:
        return _NOTHING
    steps, values = reading.history[metric]
    places = np.interp(steps, *reading.clock) if over_time and len(reading.clock[0]) else steps.astype(np.float64)
    return places, values
