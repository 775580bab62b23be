"""The live plots of a run, one for each group of metrics, side by side; with many, one scrolls to the last."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSplitter, QVBoxLayout, QWidget

from gendesk.app.explain.explanation import explain_metrics
from gendesk.engine.events import Marked, Scalars, Warned
from gendesk.widgets.explanation import ExplanationButton, rich_text
from gendesk.widgets.translation import translated

if TYPE_CHECKING:
    from gendesk.engine.metrics_log import History
    from gendesk.engine.recipe import MetricSpec
    from gendesk.widgets.plot.loss_plot import LossPlot


class ChartsPanel(QWidget):
    """Plots appear when the metrics of a recipe are known, which is after the engine has been loaded."""

    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plots: dict[str, LossPlot] = {}
        self._shown: list[MetricSpec] = []
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._hint = QLabel(self.tr("Curves of the training appear here."), alignment=Qt.AlignmentFlag.AlignCenter)
        self._hint.setProperty("role", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._hint)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._splitter)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(self._scroll)
        self._scroll.hide()

    @property
    def plots(self) -> Sequence["LossPlot"]:
        """The plots from left to right."""
        return tuple(dict.fromkeys(self._plots.values()))

    def set_metrics(self, specs: Sequence["MetricSpec"]) -> None:
        """Make a plot for each group, unless the same are there already; then only empty them."""
        from gendesk.widgets.plot.loss_plot import LossPlot

        if list(specs) == self._shown:
            for plot in self.plots:
                plot.clear()
            return
        for plot in self.plots:
            plot.setParent(None)
            plot.deleteLater()
        self._shown, self._plots = list(specs), {}
        by_group: dict[str, LossPlot] = {}
        for spec in specs:
            if spec.group not in by_group:
                by_group[spec.group] = LossPlot(translated(spec.group))
                by_group[spec.group].failed.connect(self.failed)
                self._splitter.addWidget(by_group[spec.group])
            self._add_curves(by_group[spec.group], spec)
        for group, plot in by_group.items():
            self._explain(plot, [spec for spec in specs if spec.group == group])
        self._splitter.setSizes([1000] * len(by_group))
        self._hint.hide()
        self._scroll.setMinimumHeight(self._splitter.minimumSizeHint().height())
        self._scroll.show()

    def _add_curves(self, plot: "LossPlot", spec: "MetricSpec") -> None:
        """Declare the curves of a metric; what is measured on held-out data already is not drawn a second time."""
        from gendesk.engine.scores.keeper_metrics import PREFIX

        title = translated(spec.title)
        self._plots[spec.name] = plot
        if spec.level is not None:
            value, text = spec.level
            plot.set_level(value, translated(text))
        if spec.band_of:
            plot.add_edge(spec.name, title, spec.band_of)
            return
        if spec.name.startswith(PREFIX) or spec.drawn == "dots":
            plot.add_curve(spec.name, title, "dots" if spec.drawn == "dots" else "validation")
            return
        plot.add_curve(spec.name, title, "pieces" if spec.drawn == "pieces" else "train")
        plot.add_curve(f"validation/{spec.name}", self.tr("{0} (held-out)").format(title), "validation")
        self._plots[f"validation/{spec.name}"] = plot

    def _explain(self, plot: "LossPlot", specs: Sequence["MetricSpec"]) -> None:
        """Put an "i" at the end of a plot's row of buttons, and its words in the title's tool tip."""
        paragraphs = explain_metrics(specs)
        button = ExplanationButton(plot.controls)
        button.set_explanation(translated(specs[0].group), paragraphs)
        row = plot.controls.layout()
        if row is not None:
            row.addWidget(button)
        title = plot.controls.title
        title.setToolTip(f"{rich_text(paragraphs)}<hr>{plot.controls.help_text()}")

    def append(self, event: Scalars) -> None:
        steps = event.steps.astype(np.float64)
        for name, values in event.values.items():
            if name in self._plots:
                self._plots[name].append(name, steps, values)

    def mark(self, event: Marked) -> None:
        for plot in self.plots:
            plot.mark(event.step, event.kind, event.text)  # type: ignore[arg-type]  # kinds are those of the plot

    def set_history(self, history: "History", warnings: Sequence[Warned] = ()) -> None:
        """Show a run's curves as they are on disk, with marks where it was warned of something."""
        for warning in warnings:
            for plot in self.plots:
                plot.mark(warning.step, "warning", warning.text)
        for name, (steps, values) in history.items():
            if name in self._plots:
                self._plots[name].set_history(name, steps.astype(np.float64), values)
