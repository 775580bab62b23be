"""A row of cards, one for each stage of a pipeline: how far it has come, and the button that trains it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from gendesk.widgets.icons import icon
from gendesk.widgets.stage_card import CardWidget, StageCard
from gendesk.widgets.theme import current_colors

TALL, SLIM = 72, 26
_GAP = 14


class StageCards(QWidget):
    """The cards, and at their left what is done with all of them at once.

    `chosen` and `action_clicked` bring the key of a card. `all_wanted` brings a preset, "" for the one that is chosen
    elsewhere; `rest_wanted` asks for what is not done yet, and `stop_wanted` for the end of all that runs or waits.
    """

    chosen = Signal(str)
    action_clicked = Signal(str)
    all_wanted = Signal(str)
    rest_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Stages"))
        self._cards: list[CardWidget] = []
        self._busy = False
        self._collapsed = False
        self.fold = self._make_button("chevron-down", self.tr("Stages"))
        self.fold.setAutoRaise(True)
        self.fold.clicked.connect(self._toggle)
        self.run_all = self._make_button("play", "")
        self.run_all.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.run_all.clicked.connect(self._run_or_stop)
        self.menu = QMenu(self.run_all)
        self.menu.setToolTipsVisible(True)
        self.run_all.setMenu(self.menu)
        self._arrange()
        self.set_busy(busy=False)
        self.set_collapsed(collapsed=False)

    @property
    def collapsed(self) -> bool:
        """Whether only the titles and the icons of the states are seen."""
        return self._collapsed

    def card(self, key: str) -> "QWidget":
        """Return the widget of a card; raises KeyError for an unknown key."""
        return {card.content.key: card for card in self._cards}[key]

    def button(self, key: str) -> QToolButton:
        """Return the button of a card; raises KeyError for an unknown key."""
        return {card.content.key: card.button for card in self._cards}[key]

    def contents(self) -> list[StageCard]:
        """Return what the cards show, in their order."""
        return [card.content for card in self._cards]

    def set_presets(self, presets: Sequence[str]) -> None:
        """Offer to train all stages with each of these presets."""
        self.menu.clear()
        for preset in presets:
            action = self.menu.addAction(icon("play"), self.tr("All Stages, {0}").format(preset))
            action.setToolTip(self.tr("Train every stage anew, each with this preset or else with its first one"))
            action.triggered.connect(partial(self._emit_all, preset))
        self.menu.addSeparator()
        rest = self.menu.addAction(icon("resume"), self.tr("Only What Is Not Done"))
        rest.setToolTip(self.tr("Go on from the first stage that is not done or has become stale"))
        rest.triggered.connect(self.rest_wanted)

    def set_cards(self, cards: Sequence[StageCard], chosen: str) -> None:
        """Show these cards; `chosen` is the key of the one that is marked, "" for none."""
        if [card.content.key for card in self._cards] != [card.key for card in cards]:
            self._make_cards(cards)
        for widget, content in zip(self._cards, cards, strict=True):
            widget.show_content(content, marked=content.key == chosen)

    def set_busy(self, *, busy: bool) -> None:
        """Offer to stop everything while a stage trains or waits, else to train everything."""
        self._busy = busy
        self.run_all.setText(self.tr("Stop All") if busy else self.tr("Run All"))
        self.run_all.setAccessibleName(self.run_all.text())
        self.run_all.setIcon(icon("stop" if busy else "play"))
        self.run_all.setToolTip(
            self.tr("Take the waiting stages out of the queue, then stop and save the one in training")
            if busy
            else self.tr("Train every stage anew, one after the other, each with the chosen preset if it has that one")
        )
        mode = QToolButton.ToolButtonPopupMode
        self.run_all.setPopupMode(mode.DelayedPopup if busy else mode.MenuButtonPopup)
        self.run_all.setMenu(None if busy else self.menu)  # type: ignore[arg-type]  # Qt takes None to mean no menu, its stub does not

    def set_collapsed(self, *, collapsed: bool) -> None:
        """Show titles and icons alone, or all."""
        self._collapsed = collapsed
        self.setFixedHeight(SLIM if collapsed else TALL)
        self.fold.setIcon(icon("chevron-right" if collapsed else "chevron-down"))
        self.fold.setToolTip(
            self.tr("Show the stages in full") if collapsed else self.tr("Show the stages in one line")
        )
        self.run_all.setVisible(not collapsed)
        for card in self._cards:
            card.set_slim(collapsed)

    def _toggle(self) -> None:
        self.set_collapsed(collapsed=not self._collapsed)

    def _run_or_stop(self) -> None:
        if self._busy:
            self.stop_wanted.emit()
        else:
            self.all_wanted.emit("")

    def _emit_all(self, preset: str, _checked: bool = False) -> None:
        self.all_wanted.emit(preset)

    def _make_button(self, icon_name: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(icon_name))
        button.setIconSize(QSize(16, 16))
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    def _arrange(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.fold)
        head.addWidget(self.run_all)
        head.addStretch(1)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_GAP)
        self._row.addLayout(head)

    def _make_cards(self, cards: Sequence[StageCard]) -> None:
        for old in self._cards:
            self._row.removeWidget(old)
            old.deleteLater()
        self._cards = [CardWidget(content, self) for content in cards]
        for card in self._cards:
            card.chosen.connect(self.chosen)
            card.button.clicked.connect(partial(self._act, card.content.key))
            card.moved.connect(self._move)
            card.set_slim(self._collapsed)
            self._row.addWidget(card, 1)

    def _act(self, key: str, _checked: bool = False) -> None:
        self.action_clicked.emit(key)

    def _move(self, key: str, places: int) -> None:
        """Bring the keyboard to a neighbour of a card."""
        keys = [card.content.key for card in self._cards]
        place = min(max(0, keys.index(key) + places), len(keys) - 1)
        self._cards[place].setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw an arrow between each two cards: what one makes, the next one takes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(current_colors().muted), 1.5))
        for card in self._cards[1:]:
            x, y = card.x() - _GAP / 2, self.height() / 2
            painter.drawPolyline([QPointF(x - 2, y - 4), QPointF(x + 2, y), QPointF(x - 2, y + 4)])
