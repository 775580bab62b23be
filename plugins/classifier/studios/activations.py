"""The explorer of activation functions: their curves, softmax, a unit that can die, and the dead units of a run."""

from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.engine.preview import BarsPreview, Preview
from gendesk.studios.studio import Studio
from gendesk.widgets.charts.bars import BarCharts, Bars
from gendesk.widgets.panels import Panels
from gendesk.widgets.undo import StateHistory

from ..activating import Function, Unit
from .controls import muted
from .curves import CurvesPanel
from .dying import DyingPanel
from .softmax_panel import LOGITS, SoftmaxPanel

_WIDE = 860
_UNIT = Unit()


@dataclass(frozen=True)
class Setting:
    """What can be undone."""

    function: Function = "relu"
    slope: float = 0.3
    logits: tuple[float, ...] = LOGITS
    temperature: float = 1.0
    unit: Unit = _UNIT


class ActivationStudio(Studio):
    """Needs no model; with a run, the last part shows how many of its units are dead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Activation functions"))
        self.curves, self.softmax, self.dying = CurvesPanel(), SoftmaxPanel(), DyingPanel()
        for part in (self.curves, self.softmax, self.dying):
            part.edited.connect(self._remember)
        self.dead = BarCharts()
        self.dead.set_empty_text(
            self.tr("Train a network with ReLU, and the share of dead units of each of its layers appears here.")
        )
        self._dead_words = muted()
        self._history = StateHistory(self, self.setting)
        self._history.restored.connect(self._restore)
        self.panels = Panels(2, _WIDE)
        self.panels.add(self.tr("Curves"), self.tr("Activation functions and their slopes"), self.curves)
        self.panels.add(self.tr("Dying ReLU"), self.tr("How a unit loses its gradient for good"), self.dying)
        self.panels.add(self.tr("Softmax"), self.tr("Numbers that become probabilities"), self.softmax)
        self.panels.add(self.tr("In the run"), self.tr("Dead units of the run's network"), self._make_dead())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panels)

    @property
    def setting(self) -> Setting:
        """What the person has chosen."""
        view, softmax = self.curves.view, self.softmax
        return Setting(view.function, view.slope, softmax.logits, softmax.temperature, self.dying.unit)

    def on_session(self) -> None:
        self.dead.set_charts(())
        self._dead_words.clear()

    def show_preview(self, preview: Preview) -> None:
        """Show the dead units of the run, of the preview that is called so."""
        if isinstance(preview, BarsPreview) and preview.name == "dead":
            charts = [
                Bars(chart.title, chart.values, chart.labels, chart.series, chart.low, chart.high)
                for chart in preview.charts
            ]
            self.dead.set_charts(charts)
            self._dead_words.setText(preview.description)

    def _make_dead(self) -> QWidget:
        panel = QWidget()
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.dead, 1)
        column.addWidget(self._dead_words)
        return panel

    def _remember(self, key: str) -> None:
        self._history.push(self.setting, key)

    def _restore(self, setting: Setting) -> None:
        self.curves.show_setting(setting.function, setting.slope)
        self.softmax.show_setting(setting.logits, setting.temperature)
        self.dying.show_unit(setting.unit)
