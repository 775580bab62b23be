"""A model as a figure: a bar for each layer, as wide as its tensor is large, joined to the silhouette of the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log1p, prod

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.theme import changes_look, current_colors

_ROW, _BAR, _MARGIN, _GAP = 36, 16, 8, 12
_NARROWEST = 6.0
_LEAST_FIGURE, _MOST_FIGURE = 80.0, 320.0
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8, Qt.Key.Key_PageDown: 8}


@dataclass(frozen=True)
class Block:
    """One bar: what it is, what it makes, what it has learnt.

    `shape` is that of the tensor, whose volume gives the width; `shape_text`, `count` and `note` are shown as they are.
    Neighbours of one `group` share a colour. `tip` is a tool tip, as rich text.
    """

    title: str
    note: str
    shape: tuple[int, ...]
    shape_text: str
    count: str
    group: str = ""
    tip: str = ""


class ModelDiagram(QWidget):
    """Reads from top to bottom. Mouse, arrow keys, Home and End choose a block; `chosen` tells which."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blocks: tuple[Block, ...] = ()
        self._current = -1
        self._hovered = -1
        self.empty_text = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        self.setAccessibleName(self.tr("Diagram of the model"))
        self.setToolTip(self.tr("Each bar is a tensor: the wider, the more numbers. Click one to find its layer."))

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self._blocks

    @property
    def current(self) -> int:
        """The chosen block, -1 if there is none."""
        return self._current

    def set_blocks(self, blocks: Sequence[Block]) -> None:
        """Show other blocks; the choice stays where it was if there still is one."""
        self._blocks = tuple(blocks)
        self._current = min(self._current, len(self._blocks) - 1)
        self._hovered = -1
        self._describe()
        self.updateGeometry()
        self.update()

    def choose(self, index: int) -> None:
        """Mark a block, -1 for none, without telling it."""
        if index != self._current:
            self._current = index
            self._describe()
            self.update()

    def block_rect(self, index: int) -> QRectF:
        """Return where a block's row is, in logical pixels of this widget."""
        return QRectF(_MARGIN, _MARGIN + index * _ROW, self.width() - 2 * _MARGIN, _ROW)

    def sizeHint(self) -> QSize:
        return QSize(440, 2 * _MARGIN + _ROW * max(4, len(self._blocks)))

    def minimumSizeHint(self) -> QSize:
        return QSize(280, self.sizeHint().height())

    # Drawing

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        if not self._blocks:
            draw_empty_text(painter, QRectF(self.rect()), self.empty_text)
        else:
            self._draw_marks(painter)
            bars = self._bars()
            self._draw_silhouette(painter, bars)
            self._draw_bars(painter, bars)
            self._draw_words(painter)
        painter.end()

    def _columns(self) -> tuple[float, float]:
        """Return where the figure begins and ends; words stand at both sides of it."""
        metrics, small = QFontMetricsF(self.font()), QFontMetricsF(self._small())
        left = max(metrics.horizontalAdvance(block.title) for block in self._blocks)
        left = max(left, *(small.horizontalAdvance(block.note) for block in self._blocks))
        right = max(metrics.horizontalAdvance(block.shape_text) for block in self._blocks)
        right = max(right, *(small.horizontalAdvance(block.count) for block in self._blocks))
        room = self.width() - 2 * (_MARGIN + _GAP)
        # Where there is little room the words at the left are cut first.
        left = min(left + _GAP, max(64.0, room - right - _GAP - _LEAST_FIGURE))
        figure = min(_MOST_FIGURE, max(40.0, room - left - right - _GAP))
        spare = max(0.0, room - left - right - _GAP - figure) / 2
        start = _MARGIN + _GAP + left + spare
        return start, start + figure

    def _bars(self) -> list[QRectF]:
        start, end = self._columns()
        largest = max((prod(block.shape) for block in self._blocks if block.shape), default=1)
        bars = []
        for index, block in enumerate(self._blocks):
            # The square of the logarithm: a tensor of 2 numbers and one of 25,000 are both seen for what they are.
            part = (log1p(prod(block.shape)) / log1p(largest)) ** 2 if block.shape else 0.0
            width = max(_NARROWEST, part * (end - start))
            row = self.block_rect(index)
            bars.append(QRectF((start + end - width) / 2, row.center().y() - _BAR / 2, width, _BAR))
        return bars

    def _color(self, index: int) -> QColor:
        groups = list(dict.fromkeys(block.group for block in self._blocks))
        curves = current_colors().curves
        return QColor(curves[groups.index(self._blocks[index].group) % len(curves)])

    def _draw_marks(self, painter: QPainter) -> None:
        colors = current_colors()
        for index, strength in ((self._hovered, 0.10), (self._current, 0.18)):
            if 0 <= index < len(self._blocks):
                ground = QColor(colors.accent)
                ground.setAlphaF(strength)
                focused = index == self._current and self.hasFocus()
                painter.setPen(QPen(QColor(colors.accent), 1) if focused else Qt.PenStyle.NoPen)
                painter.setBrush(ground)
                painter.drawRoundedRect(self.block_rect(index).adjusted(0.5, 1.5, -0.5, -1.5), 4, 4)

    def _draw_silhouette(self, painter: QPainter, bars: list[QRectF]) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for index, (above, below) in enumerate(pairwise(bars)):
            veil = self._color(index + 1)
            veil.setAlphaF(0.16)
            painter.setBrush(veil)
            corners = above.bottomLeft(), above.bottomRight(), below.topRight(), below.topLeft()
            painter.drawPolygon(QPolygonF(list(corners)))
            self._draw_arrow(painter, QPointF(above.center().x(), (above.bottom() + below.top()) / 2))

    def _draw_arrow(self, painter: QPainter, place: QPointF) -> None:
        painter.save()
        painter.setPen(QPen(QColor(current_colors().muted), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline([place + QPointF(-4, -2), place + QPointF(0, 2), place + QPointF(4, -2)])
        painter.restore()

    def _draw_bars(self, painter: QPainter, bars: list[QRectF]) -> None:
        for index, bar in enumerate(bars):
            color = self._color(index)
            known = bool(self._blocks[index].shape)
            painter.setPen(Qt.PenStyle.NoPen if known else QPen(color, 1, Qt.PenStyle.DashLine))
            painter.setBrush(color if known else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(bar, 3, 3)

    def _draw_words(self, painter: QPainter) -> None:
        start, end = self._columns()
        for index, block in enumerate(self._blocks):
            row = self.block_rect(index)
            left = QRectF(row.left() + _GAP, row.top(), start - _GAP - row.left() - _GAP, _ROW)
            right = QRectF(end + _GAP, row.top(), row.right() - end - _GAP, _ROW)
            self._draw_pair(painter, left, (block.title, block.note))
            self._draw_pair(painter, right, (block.shape_text, block.count))

    def _draw_pair(self, painter: QPainter, area: QRectF, lines: tuple[str, str]) -> None:
        colors = current_colors()
        fonts = ((self.font(), colors.text), (self._small(), colors.muted))
        shown = [(text, *look) for text, look in zip(lines, fonts, strict=True) if text]
        top = area.center().y() - sum(QFontMetricsF(font).height() for _, font, _ in shown) / 2
        for text, font, color in shown:
            metrics = QFontMetricsF(font)
            painter.setFont(font)
            painter.setPen(QColor(color))
            line = QRectF(area.left(), top, area.width(), metrics.height())
            painter.drawText(line, 0, metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width()))
            top += metrics.height()

    def _small(self) -> QFont:
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        return font

    # Mouse and keyboard

    def _block_at(self, place: QPointF) -> int:
        index = int((place.y() - _MARGIN) // _ROW)
        return index if 0 <= index < len(self._blocks) else -1

    def _pick(self, index: int) -> None:
        if 0 <= index < len(self._blocks):
            self.choose(index)
            self.chosen.emit(index)

    def _describe(self) -> None:
        block = self._blocks[self._current] if 0 <= self._current < len(self._blocks) else None
        parts = (block.title, block.note, block.shape_text, block.count) if block else ()
        self.setAccessibleDescription(", ".join(part for part in parts if part))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pick(self._block_at(event.position()))
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._block_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, index: int) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        last = len(self._blocks) - 1
        if key in _STEPS:
            self._pick(max(0, min(last, self._current + _STEPS[key])))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._pick(0 if key == Qt.Key.Key_Home else last)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._current < 0:
            self._pick(0)
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show the tool tip of the block under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._block_at(QPointF(event.pos()))
            tip = self._blocks[index].tip if index >= 0 else ""
            QToolTip.showText(event.globalPos(), tip or self.toolTip(), self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self.update()
