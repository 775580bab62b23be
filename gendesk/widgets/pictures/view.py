"""One picture shown as large and as crisp as fits."""

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPaintEvent
from PySide6.QtWidgets import QWidget

from gendesk.widgets.painting import device_painter, draw_empty_text, draw_picture, fitted
from gendesk.widgets.pictures.picture import UInt8Array, to_qimage
from gendesk.widgets.theme import changes_look, current_colors


class PictureView(QWidget):
    """Shows one picture with the largest whole-number zoom that fits, on a neutral ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._empty_text = ""
        self.setMinimumSize(64, 64)
        self.setAccessibleName(self.tr("Picture"))

    def set_picture(self, picture: UInt8Array | None) -> None:
        """Show a picture, uint8 (height, width, 1 or 3), or nothing."""
        self._image = None if picture is None else to_qimage(picture)
        self.update()

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown while there is no picture."""
        self._empty_text = text
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 240)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ratio = device_painter(self)
        area = QRect(0, 0, round(self.width() * ratio), round(self.height() * ratio))
        painter.fillRect(area.adjusted(0, 0, 1, 1), QColor(current_colors().picture_ground))
        if self._image is not None:
            size = fitted(self._image.size(), area.size())
            corner = QPoint((area.width() - size.width()) // 2, (area.height() - size.height()) // 2)
            draw_picture(painter, QRect(corner, size), self._image)
        elif self._empty_text:
            painter.resetTransform()
            draw_empty_text(painter, QRectF(self.rect()), self._empty_text)
        painter.end()
