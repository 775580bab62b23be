"""A row of cards, one for each stage of a pipeline: how far it has come, and the button that trains it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from gendesk.widgets.icons import icon
from gendesk.widgets.theme import current_colors

Tone = Literal["muted", "accent", "good", "warning", "bad"]
TALL, SLIM = 72, 26
_NARROW = 176
_GAP = 14
_EDGE = 10
_BUTTON_HEIGHT = 22


@dataclass(frozen=True)
class StageCard:
    """What a card shows. `state` is a word with its icon, in the colour of `tone`; `run` and `detail` are a few words.

    `progress` is in [0, 1] while the stage is in training, else None. `action` is what the button says, "" for no
    button; one that is not `offered` cannot be pressed. `reason` and `about` are sentences for the tooltip.
    """

    key: str
    title: str
    state: str
    icon: str
    tone: Tone = "muted"
    run: str = ""
    detail: str = ""
    reason: str = ""
    progress: float | None = None
    action: str = ""
    action_icon: str = "play"
    offered: bool = True
    about: str = ""


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
        self._cards: list[_Card] = []
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
        self.run_all.setMenu(None if busy else self.menu)  # type: ignore[arg-type]  # Qt takes none away by none

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
        self._cards = [_Card(content, self) for content in cards]
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


class _Card(QWidget):
    """One stage. A click, Space or Enter choose it; the arrow keys lead to its neighbours."""

    chosen = Signal(str)
    moved = Signal(str, int)

    def __init__(self, content: StageCard, parent: QWidget) -> None:
        super().__init__(parent)
        self.content = content
        self._marked = False
        self._slim = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMinimumWidth(96)
        self.button = QToolButton(self)
        self.button.setIconSize(QSize(14, 14))
        self.button.setCursor(Qt.CursorShape.ArrowCursor)

    def show_content(self, content: StageCard, *, marked: bool) -> None:
        if (content, marked) == (self.content, self._marked) and self.accessibleName():
            return
        self.content = content
        self._marked = marked
        self.setAccessibleName(f"{content.title}: {content.state}")
        words = "\n".join(filter(None, (content.reason, content.about)))
        self.setAccessibleDescription(words)
        self.setToolTip("\n".join(filter(None, (f"{content.title}: {content.state}", words))))
        self.button.setText(content.action)
        self.button.setIcon(icon(content.action_icon))
        self.button.setAccessibleName(f"{content.action}: {content.title}")
        self.button.setToolTip(content.reason if not content.offered else f"{content.action}: {content.title}")
        self.button.setEnabled(content.offered)
        self._place_button()
        self.update()

    def set_slim(self, slim: bool) -> None:
        self._slim = slim
        self._place_button()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_button()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(self.content.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.content.key)
        elif key in steps:
            self.moved.emit(self.content.key, steps[key])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _place_button(self) -> None:
        style = Qt.ToolButtonStyle
        wide = self.width() >= _NARROW
        self.button.setToolButtonStyle(style.ToolButtonTextBesideIcon if wide else style.ToolButtonIconOnly)
        width = self.button.sizeHint().width()
        self.button.setGeometry(self.width() - width - 8, self.height() - _BUTTON_HEIGHT - 5, width, _BUTTON_HEIGHT)
        self.button.setVisible(bool(self.content.action) and not self._slim)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = current_colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = colors.accent if self._marked or self.hasFocus() else colors.border
        painter.setPen(QPen(QColor(edge), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(colors.surface))
        inset = 1 if self.hasFocus() else 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 4, 4)
        self._draw_words(painter)
        if self.content.progress is not None:
            self._draw_progress(painter, self.content.progress)

    def _draw_words(self, painter: QPainter) -> None:
        colors, content = current_colors(), self.content
        tone = QColor(getattr(colors, content.tone))
        top = 5 if self._slim else 8
        _draw_icon(painter, content.icon, QRect(_EDGE - 2, top, 16, 16), tone)
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        left = _EDGE + 19
        self._draw_line(
            painter, font, QColor(colors.text), QRect(left, top, self.width() - left - 6, 16), content.title
        )
        if self._slim:
            return
        small = QFont(self.font())
        small.setPointSizeF(small.pointSizeF() * 0.92)
        room = (self.button.x() if self.button.isVisibleTo(self) else self.width()) - _EDGE - 6
        state = self._draw_line(painter, small, tone, QRect(_EDGE, 27, self.width() - 2 * _EDGE, 16), content.state)
        muted = QColor(colors.muted)
        beside = _EDGE + state + 8
        self._draw_line(painter, small, muted, QRect(beside, 27, self.width() - beside - _EDGE, 16), content.run)
        self._draw_line(painter, small, muted, QRect(_EDGE, 46, room, 16), content.detail)

    def _draw_line(self, painter: QPainter, font: QFont, color: QColor, area: QRect, text: str) -> int:
        """Draw a line, shortened where it does not fit, and return how wide it is."""
        painter.setFont(font)
        painter.setPen(color)
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, area.width()))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        return metrics.horizontalAdvance(shown)

    def _draw_progress(self, painter: QPainter, share: float) -> None:
        colors = current_colors()
        bar = QRectF(_EDGE, self.height() - 6, self.width() - 2 * _EDGE, 3)
        if self._slim:
            bar.moveTop(self.height() - 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.grid))
        painter.drawRoundedRect(bar, 1.5, 1.5)
        painter.setBrush(QColor(colors.accent))
        painter.drawRoundedRect(QRectF(bar.x(), bar.y(), bar.width() * min(1.0, max(0.0, share)), 3), 1.5, 1.5)


def _draw_icon(painter: QPainter, name: str, area: QRect, color: QColor) -> None:
    """Draw an icon in a colour of its own."""
    ratio = painter.device().devicePixelRatio()
    picture = icon(name).pixmap(area.size() * ratio)
    tint = QPainter(picture)
    tint.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    tint.fillRect(picture.rect(), color)
    tint.end()
    painter.drawPixmap(area, picture)
