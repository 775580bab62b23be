"""The failure gallery: what goes wrong in games of two networks, each to be provoked in a run of its own."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gendesk.studios.studio import Studio

from ..doctor.failures import FAILURES, provocations
from .failures_card import FailureCard

_CARD_WIDTH = 328
_MOST_COLUMNS = 4


class FailuresStudio(Studio):
    """A card for each failure. Settings are those of the run that is shown; without one there is nothing to change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Failures"))
        self._intro = QLabel(wordWrap=True)
        self._intro.setProperty("role", "muted")
        self.cards = [FailureCard(failure) for failure in FAILURES]
        body = QWidget()
        self._grid = QGridLayout(body)
        self._grid.setContentsMargins(0, 0, 8, 8)
        self._grid.setSpacing(8)
        self._columns = 0
        for card in self.cards:
            card.provoked.connect(self.new_run_wanted)
        self._area = QScrollArea(widgetResizable=True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(self.tr("Cards of failures"))
        self._area.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(8)
        column.addWidget(self._intro)
        column.addWidget(self._area, 1)
        self._arrange(1)
        self.on_session()

    def on_session(self) -> None:
        for card in self.cards:
            card.offer(None)
        if self.session is None:
            text = self.tr("Train a run, or choose one: each button below changes its settings and trains it anew.")
        else:
            text = self.tr(
                "Each button trains a new run with the settings of this one, spoilt in one way. When the "
                "failure shows, the health centre says so, and what helps."
            )
        self._intro.setText(text)
        self.ask("changes", provocations, None, data=True, slow=True)

    def model_changed(self) -> None:
        if not self.cards[0].button.isEnabled():  # asked before the run had anything to show
            self.ask("changes", provocations, None, data=True, slow=True)

    def on_answer(self, asker: str, argument: object, result: Any) -> None:  # noqa: ARG002 (there is one question)
        for card in self.cards:
            card.offer(result[card.kind])

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(max(1, min(_MOST_COLUMNS, self.width() // _CARD_WIDTH)))
        super().resizeEvent(event)

    def _arrange(self, columns: int) -> None:
        """Stand the cards in as many columns as there is room for."""
        if columns == self._columns:
            return
        for place, card in enumerate(self.cards):
            self._grid.removeWidget(card)
            self._grid.addWidget(card, place // columns, place % columns)
        for row in range(len(self.cards) + 1):  # the room that is left stays below the last row
            self._grid.setRowStretch(row, 1 if row == -(-len(self.cards) // columns) else 0)
        for column in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
