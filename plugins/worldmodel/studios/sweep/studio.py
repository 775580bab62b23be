"""The temperature sweep: controllers evolve in colder and hotter dreams, and real tracks tell what they are worth."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.studios.studio import Studio
from gendesk.widgets.charts.table import ChartTable

from ...sweep_report import SweepReport, SweepRow
from ..labour import Labour, sentence_of
from .asking import Known, Plan, known, planned, swept
from .chart import SweepChart
from .settings import SweepForm

_WIDE = 820  # pixels: from here on the table stands beside the chart
_PARTS = 1000


class SweepStudio(Studio):
    """Shows the last sweep of the run, and does a new one; one that was stopped goes on where it was."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Temperature sweep"))
        self.report: SweepReport | None = None
        self._dreams = False
        self.labour = Labour(self)
        self.labour.told.connect(self._take_news)
        self.labour.ended.connect(self._take_end)
        self._make_parts()
        self._arrange()
        self.on_session()

    def _make_parts(self) -> None:
        self.form = SweepForm(self)
        self.form.changed.connect(self._name_button)
        self.button = QPushButton(self)
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self._press)
        self.bar = QProgressBar(self, textVisible=False, maximum=_PARTS)
        self.bar.setAccessibleName(self.tr("Progress of the sweep"))
        self.status = QLabel(self, wordWrap=True)
        self.status.setProperty("role", "muted")
        self.chart = SweepChart(self)
        self.table = ChartTable(self)
        self.table.setAccessibleName(self.tr("Scores by temperature"))
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.parting = QLabel(self, wordWrap=True)
        self.parting.setAccessibleName(self.tr("Where dream and road part"))

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self.bar, 1)
        row.addWidget(self.status, 2)
        right = QVBoxLayout()
        right.setSpacing(6)
        right.addWidget(self.table, 1)
        right.addWidget(self.parting)
        self._outer = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._outer.setSpacing(8)
        self._outer.addWidget(self.chart, 3)
        self._outer.addLayout(right, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.form)
        column.addLayout(row)
        column.addLayout(self._outer, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        directions = QBoxLayout.Direction
        sideways = event.size().width() >= _WIDE
        self._outer.setDirection(directions.LeftToRight if sideways else directions.TopToBottom)
        super().resizeEvent(event)

    # The run

    def on_session(self) -> None:
        self.labour.drop()
        self._dreams = False
        self._show(None)
        self._rest(self.tr("Train M, or choose a run with one.") if self.session is None else "")
        self.ask("known", known, None, data=True)

    def model_changed(self) -> None:
        if not self._dreams:
            self.ask("known", known, None, data=True)

    def on_answer(self, asker: str, argument: object, result: Any) -> None:  # noqa: ARG002
        if asker == "known" and isinstance(result, Known):
            self._dreams = result.dreams
            self.form.offer_driver(result.drives)
            if not self.labour.is_busy:
                if result.sweep is not None:
                    self.form.show_settings(result.sweep.settings)
                self._show(result.sweep)
                self._rest(result.problem if result.dreams else self.tr("This run has no M yet: stage 4 trains one."))
        elif asker == "plan" and isinstance(result, Plan):
            self.labour.start(partial(swept, result))
            self.status.setText(self.tr("The first dreams are under way ..."))
            self.bar.setValue(0)
            self.bar.show()
            self._name_button()

    def on_failure(self, asker: str, sentence: str) -> None:
        self._rest(sentence)
        if asker == "plan":
            super().on_failure(asker, sentence)

    # The sweep

    def _press(self) -> None:
        settings = self.form.settings
        if self.labour.is_busy:
            self.labour.stop()
            self.button.setEnabled(False)
            self.status.setText(self.tr("Stopping ..."))
        elif settings is not None:
            self.button.setEnabled(False)
            self.ask("plan", planned, settings, data=True, slow=True)

    def _take_news(self, report: SweepReport) -> None:
        self._show(report)
        self.bar.setValue(round(report.share * _PARTS))
        generations, races = min(len(row.curve) for row in report.rows), sum(len(row.races) for row in report.rows)
        if generations < report.settings.generations:
            text = self.tr("{0} of {1} generations").format(generations, report.settings.generations)
        else:
            text = self.tr("{0} of {1} races").format(races, len(report.rows) * report.settings.tracks)
        self.status.setText(text)

    def _take_end(self, result: object) -> None:
        if isinstance(result, SweepReport):
            self._show(result)
            self._rest("")
        elif isinstance(result, Exception):
            self._rest(sentence_of(result))
            self.failed.emit(sentence_of(result))
        else:
            self._rest(self.tr("Stopped; it can go on from here."))

    # What is shown

    def _show(self, report: SweepReport | None) -> None:
        self.report = report
        self.chart.show_report(report)
        heads = (self.tr("Temperature"), self.tr("Dream"), self.tr("Real tracks"), self.tr("Score"))
        self.table.set_rows(heads, [_cells(row) for row in report.rows] if report is not None else [])
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.table.setVisible(report is not None)
        self.parting.setText(self._words(report))
        self.parting.setVisible(bool(self.parting.text()))

    def _words(self, report: SweepReport | None) -> str:
        if report is None or not report.is_complete or len(report.rows) < 2:
            return ""
        parting = report.parting()
        if parting is not None:
            text = self.tr("Dream and road part: at {0} the dream promises more than at {1}, and the road keeps less.")
            return text.format(*(f"{one:g}" for one in parting))
        best = max(report.rows, key=_mean_score)
        text = self.tr("They do not part clearly here; the best on real tracks evolved at {0}.")
        return text.format(f"{best.temperature:g}")

    def _rest(self, text: str) -> None:
        self.bar.hide()
        self.status.setText(text)
        self._name_button()

    def _name_button(self) -> None:
        busy, settings = self.labour.is_busy, self.form.settings
        unfinished = self.report is not None and not self.report.is_complete and self.report.settings == settings
        texts = self.tr("Stop"), self.tr("Go On"), self.tr("Sweep")
        self.button.setText(texts[0] if busy else texts[1] if unfinished else texts[2])
        tip = self.tr("Evolve a controller at each temperature, then let each of them race on real tracks")
        self.button.setToolTip(self.tr("End the sweep for now; it can go on later") if busy else tip)
        self.button.setEnabled(busy or (self.session is not None and self._dreams and settings is not None))
        self.form.setEnabled(not busy)


def _cells(row: SweepRow) -> tuple[str, ...]:
    dream = _spread(row.dreams) if row.dreams else f"{row.curve[-1]:.0f}" if row.curve else ""
    return (f"{row.temperature:g}", dream, _spread(row.rewarded), _spread(row.scores))


def _spread(values: Sequence[float]) -> str:
    if not values:
        return ""
    return f"{np.mean(values):.0f} ± {np.std(values):.0f}".replace("-", "\N{MINUS SIGN}")


def _mean_score(row: SweepRow) -> float:
    return float(np.mean(row.scores))
