"""One frame of a race, as large as there is room, and how frames are enlarged."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPaintEvent
from PySide6.QtWidgets import QWidget

from gendesk.widgets.painting import device_painter
from gendesk.widgets.pictures.picture import UInt8Array, to_qimage
from gendesk.widgets.theme import current_colors


def sharp(image: QImage, side: int) -> QImage:
    """Return a square image with so many pixels a side, also where that is no whole multiple of what it has.

    Its pixels are repeated first, so that only their edges are blended and all of them stay equally large.
    """
    times = -(-side // max(1, image.width()))
    if times > 1 and side % image.width():
        image = image.scaled(image.size() * (2 * times))
    return image.scaled(QSize(side, side), mode=_mode(image, side))


def _mode(image: QImage, side: int) -> Qt.TransformationMode:
    whole = side % max(1, image.width()) == 0
    return Qt.TransformationMode.FastTransformation if whole else Qt.TransformationMode.SmoothTransformation


class Screen(QWidget):
    """Draws a picture in its middle on a neutral ground."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setAccessibleName(self.tr("Film"))
        self.setToolTip(self.tr("The frame that is shown"))
        self.setMinimumSize(QSize(64, 64))

    def show_picture(self, picture: UInt8Array | None) -> None:
        """Show a square picture uint8 (side, side, 3), or none."""
        self._image = QImage() if picture is None else to_qimage(picture)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(128, 128)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ratio = device_painter(self)
        area = QSize(round(self.width() * ratio), round(self.height() * ratio))
        painter.fillRect(QRect(QPoint(0, 0), area), QColor(current_colors().picture_ground))
        if not self._image.isNull():
            side = min(area.width(), area.height())
            place = QPoint((area.width() - side) // 2, (area.height() - side) // 2)
            painter.drawImage(place, sharp(self._image, side))
        painter.end()
