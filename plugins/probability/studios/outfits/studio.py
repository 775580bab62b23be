"""Choose an outfit value by value, and see what three models of the same table think of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QLabel, QSlider, QTabWidget, QVBoxLayout, QWidget

from gendesk.studios.studio import Studio
from gendesk.widgets.charts.bars import BarCharts, Bars
from gendesk.widgets.charts.heat_map import HeatMap
from gendesk.widgets.translation import translated

from ...outfits.operations import RANKED, Draw, Facts, Question, Row, Sheet, Weights, draw, facts, portrait, weigh
from .sampling import SamplePanel
from .verdict import Verdict

_WIDE = 860
_TENTHS = 10
_MOST = 5
_SAMPLES = 10


class OutfitsStudio(Studio):
    """A portrait with its probabilities, the shares of all values, samples, and what features tell of each other."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Outfit studio"))
        self._facts: Facts | None = None
        self.row: Row = ()
        self.verdict = Verdict()
        self.bars = BarCharts()
        self.bars.setAccessibleName(self.tr("Shares of the values"))
        self.bars.set_empty_text(self.tr("Count a table, and the shares of all values appear here: click to choose."))
        self.bars.bar_clicked.connect(self._choose_value)
        self.sampling = SamplePanel()
        self.sampling.changed.connect(self._ask)
        self.information = HeatMap()
        self.information.setAccessibleName(self.tr("Mutual information in bits"))
        self.information.set_empty_text(self.tr("How much features tell of each other appears here."))
        self.ranks = BarCharts()
        self.ranks.setAccessibleName(self.tr("Likeliest outfits"))
        self.ranks.set_empty_text(self.tr("How probability falls from outfit to outfit appears here."))
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._body.setSpacing(8)
        self._body.addWidget(self.verdict, 0)
        self._body.addWidget(self._make_pages(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._make_controls())
        column.addLayout(self._body, 1)
        self._forget()

    def _make_controls(self) -> QHBoxLayout:
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("Model"))
        self.kind.setToolTip(self.tr("Which model the bars and the samples belong to"))
        self.kind.addItem(self.tr("Naive Bayes"), "naive-bayes")
        self.kind.addItem(self.tr("Multinomial"), "multinomial")
        self.kind.currentIndexChanged.connect(self._ask)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _MOST * _TENTHS)
        self.slider.setPageStep(_TENTHS)
        self.slider.setAccessibleName(self.tr("Pseudo-count"))
        self.slider.setToolTip(
            self.tr("Added to every count: 0 trusts the table alone; more gives to what the table lacks")
        )
        self.slider.valueChanged.connect(self._ask)
        self._amount = QLabel()
        self._amount.setMinimumWidth(self.fontMetrics().horizontalAdvance("+0.0"))
        label = QLabel(self.tr("Pseudo-count"))
        label.setBuddy(self.slider)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.kind)
        row.addWidget(label)
        row.addWidget(self.slider, 1)
        row.addWidget(self._amount)
        return row

    def _make_pages(self) -> QTabWidget:
        self.pages = QTabWidget(documentMode=True)
        self.pages.setAccessibleName(self.tr("Views of the table"))
        bits = self.tr(
            "Bits that one feature tells of another. Above the diagonal: in the table. Below: if every column is "
            "shuffled, which is mere chance."
        )
        ranks = self.tr("Probability of the likeliest outfit, the second, and so on to the two hundredth.")
        self.pages.addTab(self.bars, self.tr("Shares"))
        self.pages.addTab(self.sampling, self.tr("Samples"))
        self.pages.addTab(_explained(bits, self.information), self.tr("Dependence"))
        self.pages.addTab(_explained(ranks, self.ranks), self.tr("Ranking"))
        return self.pages

    @property
    def pseudo_count(self) -> float:
        """What the slider adds to every count."""
        return float(self.slider.value()) / _TENTHS

    # What the session brings

    def on_session(self) -> None:
        self._forget()
        self.model_changed()

    def model_changed(self) -> None:
        self.ask("facts", facts, None)

    def _forget(self) -> None:
        self._facts, self.row = None, ()
        self.verdict.clear()
        self.bars.set_charts(())
        self.ranks.set_charts(())
        self.information.set_values(np.empty((0, 0), np.float32), (), ())
        self.sampling.clear()
        self._amount.setText(f"+{self.pseudo_count:.1f}")
        for part in (self.kind, self.slider, self.sampling):
            part.setEnabled(False)

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if isinstance(result, Facts):
            self._begin(result)
        elif isinstance(result, Weights):
            self._show_weights(argument, result)
        elif isinstance(result, Sheet):
            self.sampling.show_samples(result.images, result.firsts.tolist())
        elif asker == "portrait":
            self.verdict.show_portrait(result)

    def on_failure(self, asker: str, sentence: str) -> None:
        if asker == "samples":
            self.sampling.show_problem(sentence)
        else:
            self.failed.emit(sentence)

    def _begin(self, found: Facts) -> None:
        """Take over names and numbers; of a run that is known already only the numbers are new."""
        before, self._facts = self._facts, found
        if before is None or before.values != found.values:
            self.sampling.set_features(found.titles)
            self._take_settings(found)
        if before is None or not before.count:
            self.row = found.start
        self.information.set_values(_off_diagonal(found.information), found.titles, found.titles)
        for part in (self.kind, self.slider, self.sampling):
            part.setEnabled(True)
        self.choose(self.row)

    def _take_settings(self, found: Facts) -> None:
        for part in (self.kind, self.slider):
            part.blockSignals(True)
        self.kind.setCurrentIndex(self.kind.findData(found.kind))
        self.slider.setValue(round(found.pseudo_count * _TENTHS))
        for part in (self.kind, self.slider):
            part.blockSignals(False)

    # What the person does

    def choose(self, row: Row) -> None:
        """Look at another outfit."""
        if self._facts is None or self.session is None:
            return
        self.row = tuple(row)
        self.sampling.set_outfit(self.row, self._words())
        self.ask("portrait", portrait, self.row)
        self._ask()

    def _words(self) -> list[str]:
        values = self._facts.values if self._facts else ()
        return [translated(names[value]) for names, value in zip(values, self.row, strict=True)]

    def _titles(self) -> list[str]:
        return [translated(title) for title in self._facts.titles] if self._facts else []

    def _choose_value(self, feature: int, value: int) -> None:
        self.choose((*self.row[:feature], value, *self.row[feature + 1 :]))

    def _ask(self, _value: int = 0) -> None:
        """Ask for all numbers and samples anew."""
        self._amount.setText(f"+{self.pseudo_count:.1f}")
        if self._facts is None or self.session is None:
            return
        kind, pins = self.kind.currentData(), self.sampling.pinned
        self.ask("weights", weigh, Question(self.row, self.pseudo_count, kind, pins))
        self.ask("samples", draw, Draw(_SAMPLES, self.sampling.seed.seed, self.pseudo_count, kind, pins))

    # What is shown

    def _show_weights(self, question: Question, weights: Weights) -> None:
        if self._facts is None:
            return
        names = (self.tr("Multinomial"), f"{self.tr('Multinomial')} +{question.pseudo_count:g}", self.tr("Naive Bayes"))
        self.verdict.show_outfit(self._titles(), self._words(), weights.occurs, weights.first)
        self.verdict.show_product(self._titles(), weights.factors)
        self.verdict.show_models(names, weights.probabilities, weights.unseen)
        self._show_bars(self._facts, weights)
        self._show_ranks(names, weights)

    def _show_bars(self, found: Facts, weights: Weights) -> None:
        named = zip(found.titles, found.values, weights.bars, strict=True)
        self.bars.set_charts(
            [
                Bars(translated(title), shares[None], [translated(value) for value in values])
                for title, values, shares in named
            ]
        )
        for feature, value in enumerate(self.row):
            self.bars.set_highlight(feature, value)

    def _show_ranks(self, names: Sequence[str], weights: Weights) -> None:
        rows = zip(names, weights.falling, strict=True)
        self.ranks.set_charts([Bars(name, row[None], low=0.5, high=RANKED + 0.5) for name, row in rows])

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = self.width() >= _WIDE
        self._body.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._body.setStretch(0, 2 if wide else 0)
        self._body.setStretch(1, 3 if wide else 1)
        self.verdict.set_tall(wide)
        super().resizeEvent(event)


def _explained(text: str, content: QWidget) -> QWidget:
    """Put a sentence above a chart."""
    page = QWidget()
    words = QLabel(text, page, wordWrap=True)
    words.setProperty("role", "muted")
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 8, 0, 0)
    column.addWidget(words)
    column.addWidget(content, 1)
    return page


def _off_diagonal(information: NDArray[np.float32]) -> NDArray[np.float32]:
    """Leave the diagonal empty: what a feature tells of itself is no dependence."""
    shown = information.copy()
    np.fill_diagonal(shown, np.nan)
    return shown
