"""What all painted charts share: a picture that is kept, places to hover over, a keyboard cursor, export."""

from abc import abstractmethod
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from gendesk.widgets.charts.export import ChartExport
from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.theme import changes_look, current_colors

Place = tuple[int, int]
"""What can be pointed at: row and column of a heat map, chart and bar of bar charts."""


class Chart(QWidget):
    """A painted chart with places. Numbers are painted once and kept; only frames around places follow the mouse."""

    saved = Signal(str)  # the path of a file that was written
    failed = Signal(str)  # one sentence: a file could not be written
    pointed = Signal(object)  # the place that the mouse or the cursor has come to, None where the mouse has left

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cursor_place: Place | None = None
        self._hovered: Place | None = None
        self._empty_text = ""
        self._picture = QPixmap()
        self._fonts: dict[bool, QFont] = {}
        self.export = ChartExport(self)
        self.export.saved.connect(self.saved)
        self.export.failed.connect(self.failed)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)

    @abstractmethod
    def paint_chart(self, painter: QPainter) -> None:
        """Draw everything but the frames, in logical pixels."""

    @abstractmethod
    def place_at(self, position: QPointF) -> Place | None:
        """Return what lies under a pixel."""

    @abstractmethod
    def area_of(self, place: Place) -> QRectF:
        """Return where a place is drawn."""

    @abstractmethod
    def words_of(self, place: Place) -> str:
        """Return what a place says of itself: its names and its value."""

    @abstractmethod
    def moved(self, place: Place, key: Qt.Key) -> Place | None:
        """Return where a key takes the cursor from a place; None for a key that moves nothing."""

    @abstractmethod
    def activate(self, place: Place) -> None:
        """Tell that a place was clicked."""

    @abstractmethod
    def table(self) -> Sequence[Sequence[str]]:
        """Return the numbers as rows of text, headings first."""

    @abstractmethod
    def clear(self) -> None:
        """Forget all numbers: the empty state returns."""

    @property
    @abstractmethod
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""

    @property
    def readout(self) -> str:
        """What the place under the mouse, or else the keyboard cursor, says of itself."""
        place = self._hovered or (self.cursor_place if self.hasFocus() else None)
        return self.words_of(place) if place is not None and not self.is_empty else ""

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown while there are no numbers."""
        self._empty_text = text
        self.repaint_all()

    def repaint_all(self) -> None:
        """Draw the chart anew, soon."""
        self._picture = QPixmap()
        self.update()

    def forget_places(self) -> None:
        """Let go of hover and cursor, as when there are other places than before."""
        self._hovered = self.cursor_place = None

    def sizeHint(self) -> QSize:
        return QSize(360, 260)

    def small_font(self, *, bold: bool = False) -> QFont:
        """Return the font of numbers and labels; kept, because Qt looks long for what a new one looks like."""
        if bold not in self._fonts:
            font = self.font()
            font.setPointSizeF(font.pointSizeF() * 0.9)
            font.setBold(bold)
            self._fonts[bold] = font
        return self._fonts[bold]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        ratio = painter.deviceTransform().m11()
        size = (self.size().toSizeF() * ratio).toSize()
        if self._picture.size() != size:
            self._paint_picture(size, ratio)
        painter.drawPixmap(0, 0, self._picture)
        if not self.is_empty:
            self.paint_frames(painter)
        painter.end()

    def _paint_picture(self, size: QSize, ratio: float) -> None:
        self._picture = QPixmap(size)
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(QColor(current_colors().surface))
        painter = QPainter(self._picture)
        painter.setFont(self.small_font())
        if self.is_empty:
            painter.setFont(self.font())
            draw_empty_text(painter, QRectF(self.rect()), self._empty_text)
        else:
            self.paint_chart(painter)
        painter.end()

    def paint_frames(self, painter: QPainter) -> None:
        """Draw what follows the mouse or time, upon the picture that is kept."""
        colors = current_colors()
        if self._hovered is not None:
            painter.setPen(QPen(QColor(colors.text), 1))
            painter.drawRect(self.area_of(self._hovered).adjusted(0.5, 0.5, -0.5, -0.5))
        if self.cursor_place is not None and self.hasFocus():
            painter.setPen(QPen(QColor(colors.accent), 2))
            painter.drawRect(self.area_of(self.cursor_place).adjusted(1, 1, -1, -1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = None if self.is_empty else self.place_at(event.position())
        if place != self._hovered:
            self._hovered = place
            self.update()
            self.pointed.emit(place)
        if place is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self.words_of(place), self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = None if self.is_empty else self.place_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or place is None:
            super().mousePressEvent(event)
            return
        self.cursor_place = place
        self.update()
        self.activate(place)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()
        self.pointed.emit(None)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.cursor_place is None:
            self.cursor_place = (0, 0)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place, key = self.cursor_place, Qt.Key(event.key())
        if self.is_empty or place is None:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activate(place)
        elif (target := self.moved(place, key)) is not None:
            self._hovered, self.cursor_place = None, target
            self.setAccessibleDescription(self.words_of(target))
            below = self.area_of(target).bottomLeft().toPoint()
            QToolTip.showText(self.mapToGlobal(below), self.words_of(target), self)
            self.update()
            self.pointed.emit(target)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.repaint_all()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self._fonts.clear()
            self.repaint_all()
        super().changeEvent(event)
