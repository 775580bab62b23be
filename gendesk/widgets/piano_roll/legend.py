"""What the colours of notes mean when a number colours them."""

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gendesk.widgets.piano_roll.look import packed, value_colors
from gendesk.widgets.theme import current_colors

_BAR = 96  # pixels
_GAP = 6


class ValueLegend(QWidget):
    """A title and a strip of colours from 0 to 1."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def set_title(self, title: str) -> None:
        """Show what the numbers are; nothing is shown without a title."""
        self._title = title
        self.setVisible(bool(title))
        text = self.tr("{title}: pale is 0, strong is 1; grey notes have none").format(title=title)
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        words = metrics.horizontalAdvance(self._title) + metrics.horizontalAdvance("01")
        return QSize(words + _BAR + 3 * _GAP, metrics.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors, metrics = current_colors(), self.fontMetrics()
        painter = QPainter(self)
        painter.setPen(QColor(colors.text))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        left = 0
        for text in (self._title, "0"):
            painter.drawText(QRectF(left, 0, self.width(), self.height()), flags, text)
            left += metrics.horizontalAdvance(text) + _GAP
        strip = packed(value_colors(colors, np.linspace(0, 1, _BAR)))
        image = QImage(strip.data, _BAR, 1, 4 * _BAR, QImage.Format.Format_RGB32)
        bar = QRectF(left, self.height() / 2 - 5, _BAR, 10)
        painter.drawImage(bar, image)
        painter.setPen(QColor(colors.border))
        painter.drawRect(bar)
        painter.setPen(QColor(colors.text))
        painter.drawText(QRectF(left + _BAR + _GAP, 0, 24, self.height()), flags, "1")
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)
