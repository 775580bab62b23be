"""The title of a plot, with as much behind it as there is room for."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.theme import current_colors

_GAP = 8


class PlotTitle(QWidget):
    """Shows a title, behind it a unit, and behind that a note; what does not fit is left away, the title last."""

    def __init__(self, title: str, unit: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._unit, self._note = title, unit, ""
        self.setAccessibleName(f"{title} {unit}".rstrip())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    @property
    def note(self) -> str:
        return self._note

    def set_note(self, note: str) -> None:
        if note != self._note:
            self._note = note
            self.update()

    def sizeHint(self) -> QSize:
        """Room for title and unit."""
        small = QFontMetrics(self._font(0.85)).horizontalAdvance(self._unit) + _GAP if self._unit else 0
        width = QFontMetrics(self._font(bold=True)).horizontalAdvance(self._title) + small
        return QSize(width + 2, self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def _font(self, scale: float = 1.0, *, bold: bool = False) -> QFont:
        font = self.font()
        font.setBold(bold)
        font.setPointSizeF(font.pointSizeF() * scale)
        return font

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors, area = current_colors(), self.rect()
        painter = QPainter(self)
        parts = (
            (self._title, self._font(bold=True), colors.text),
            (self._unit, self._font(0.85), colors.text),
            (self._note, self._font(), colors.muted),
        )
        for text, font, color in parts:
            metrics = QFontMetrics(font)
            if text is self._title:
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            width = metrics.horizontalAdvance(text)
            if text and width <= area.width():
                painter.setFont(font)
                painter.setPen(QColor(color))
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
                area.setLeft(area.left() + width + _GAP)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
