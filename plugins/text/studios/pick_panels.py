"""The parts of the picking studio: bars to click, the distribution at another temperature, and the log."""

import numpy as np
from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from gendesk.engine.text.picking import Ahead
from gendesk.engine.text.writing import Sampling
from gendesk.widgets.charts.bars import BarCharts, Bars
from gendesk.widgets.charts.table import ChartTable
from gendesk.widgets.seed_box import SeedBox
from gendesk.widgets.text_tools.spelling import visible
from gendesk.widgets.text_tools.token_bars import TokenBars, percent

from .on_text import decimal, note, surprise, whole
from .pick_state import PickedText

OFFERED = 10
_COMPARED = 15  # tokens in the distribution


class PickPanel(QWidget):
    """Ten likeliest tokens, a field to type another one, undo, and picks by the model itself."""

    picked = Signal(int)  # the number of a token
    typed = Signal(str)
    auto_wanted = Signal()

    def __init__(self, undo: QAction, redo: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._numbers: list[int] = []
        self.bars = TokenBars()
        self.bars.empty_text = self.tr("Train a model: what it thinks may come next appears here, to be clicked.")
        self.bars.picked.connect(self._pick)
        self.field = QLineEdit()
        self.field.setAccessibleName(self.tr("Type the next token"))
        self.field.setPlaceholderText(self.tr("or type what comes next"))
        self.field.setToolTip(self.tr("Write something else than the likeliest tokens; Return adds it"))
        self.field.setMaxLength(200)
        self.field.returnPressed.connect(self._type)
        self.count = whole(self.tr("Picks"), self.tr("How many tokens the model picks in a row"), 1, 500, 20)
        self.auto = QPushButton(self.tr("Auto-Pick"))
        self.auto.setToolTip(self.tr("Let the model pick so many tokens, at the temperature of the distribution"))
        self.auto.clicked.connect(self.auto_wanted)
        self.seed = SeedBox()
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(8)
        first.addWidget(self.field, 1)
        for action in (undo, redo):
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolTip(f"{action.text()} ({action.shortcut().toString()})")
            first.addWidget(button)
        second.addWidget(self.auto)
        second.addWidget(self.count)
        second.addWidget(self.seed, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.bars, 1)
        column.addLayout(first)
        column.addLayout(second)
        column.addStretch()

    def show_ahead(self, ahead: Ahead | None) -> None:
        """Offer what may come next, or nothing."""
        self._numbers = [] if ahead is None else ahead.tokens[:OFFERED].tolist()
        self.bars.set_tokens(ahead.texts[:OFFERED] if ahead else (), ahead.chances[:OFFERED] if ahead else np.zeros(0))
        self.set_ready(ahead is not None)

    def set_ready(self, ready: bool) -> None:
        """Take picks, or wait for an answer to the last one."""
        self.bars.setEnabled(ready)
        self.field.setReadOnly(not ready)
        self.auto.setEnabled(ready)

    def _pick(self, row: int) -> None:
        self.picked.emit(self._numbers[row])

    def _type(self) -> None:
        if self.field.text() and not self.field.isReadOnly():
            self.typed.emit(self.field.text())
            self.field.clear()


class DistributionPanel(QWidget):
    """The likeliest tokens as the model says and at another temperature, with the entropy of both in bits."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.temperature = decimal(
            self.tr("Temperature"),
            self.tr(
                "Below 1 the likely tokens become likelier still, above 1 all become more alike; 0 leaves only one"
            ),
            0.0,
            5.0,
            0.5,
        )
        self.temperature.valueChanged.connect(self.changed)
        self.chart = BarCharts()
        self.chart.set_empty_text(self.tr("How likely the next tokens are, at two temperatures, appears here."))
        self.entropy = note()
        row = QHBoxLayout()
        row.setSpacing(8)
        label = note()
        label.setText(self.tr("Temperature"))
        label.setBuddy(self.temperature)
        row.addWidget(label)
        row.addWidget(self.temperature)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.chart, 1)
        column.addWidget(self.entropy)

    @property
    def sampling(self) -> Sampling:
        """How the model picks."""
        return Sampling(self.temperature.value())

    def show_ahead(self, ahead: Ahead | None) -> None:
        """Show both distributions, or nothing."""
        if ahead is None:
            self.chart.clear()
            self.entropy.clear()
            return
        warmth = f"{self.temperature.value():g}"
        names = (self.tr("as the model says"), self.tr("temperature {value}").format(value=warmth))
        values = 100 * np.stack([ahead.chances[:_COMPARED], ahead.weighted[:_COMPARED]])
        labels = [visible(text) for text in ahead.texts[:_COMPARED]]
        self.chart.set_charts([Bars(self.tr("Next token, %"), values, labels, names)])
        text = self.tr(
            "Entropy {own} bits; at temperature {value}: {weighted} bits. A blind choice among {size} tokens: {blind}."
        )
        self.entropy.setText(
            text.format(
                own=f"{ahead.entropy:.2f}",
                value=warmth,
                weighted=f"{ahead.weighted_entropy:.2f}",
                size=f"{ahead.size:,}",
                blind=f"{np.log2(ahead.size):.2f}",
            )
        )


class LogPanel(QWidget):
    """Every pick with its probability and its place among all tokens, the newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = ChartTable()
        self.table.setAccessibleName(self.tr("Log of picks"))
        self.summary = note()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.table, 1)
        column.addWidget(self.summary)
        self.show_text(PickedText(), [])

    def sizeHint(self) -> QSize:
        return QSize(280, 200)

    def show_text(self, text: PickedText, pieces: list[str]) -> None:
        """List the picks of a text; `pieces` spell them."""
        names = {"you": self.tr("you"), "model": self.tr("model")}
        rows = [
            (str(number), visible(piece), percent(pick.picked.chance), f"{pick.picked.rank:,}", names[pick.by])
            for number, (pick, piece) in enumerate(zip(text.picks, pieces, strict=True), 1)
        ]
        heads = (self.tr("No."), self.tr("Token"), self.tr("Probability"), self.tr("Rank"), self.tr("By"))
        self.table.set_rows(heads, rows[::-1])
        if not rows:
            self.summary.setText(self.tr("Your picks are listed here."))
            return
        bits = surprise([pick.picked.chance for pick in text.picks]).mean()
        summary = self.tr("{count} picks, which surprised the model by {bits} bits each on average.")
        self.summary.setText(summary.format(count=len(rows), bits=f"{bits:.2f}"))
