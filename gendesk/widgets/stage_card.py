"""The card of one stage of a pipeline, as it is painted, with its button."""

import html
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QToolButton, QWidget

from gendesk.widgets.icons import icon
from gendesk.widgets.theme import current_colors

Tone = Literal["muted", "accent", "good", "warning", "bad"]
_NARROW = 176
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


class CardWidget(QWidget):
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
        # Some of the words come from files: Qt must not take them for its own markup.
        lines = html.escape("\n".join(filter(None, (f"{content.title}: {content.state}", words))))
        self.setToolTip(f"<qt>{lines.replace(chr(10), '<br>')}</qt>")
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
