"""Painting that several widgets share: whole screen pixels, crisp pictures, empty states."""

from math import floor

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from gendesk.widgets.theme import current_colors


def device_painter(widget: QWidget) -> tuple[QPainter, float]:
    """Return a painter that counts in whole screen pixels, and how many of them make a logical pixel.

    Without this a fractional scale of the desktop (125 %) would smear pictures over neighbouring pixels.
    """
    painter = QPainter(widget)
    ratio = widget.devicePixelRatioF()
    place = painter.deviceTransform()
    painter.translate((round(place.dx()) - place.dx()) / ratio, (round(place.dy()) - place.dy()) / ratio)
    painter.scale(1 / ratio, 1 / ratio)
    return painter, ratio


def fitted(size: QSize, area: QSize) -> QSize:
    """Enlarge by the largest whole number that fits into an area, or shrink what is larger; in screen pixels."""
    factor = min(area.width() / max(1, size.width()), area.height() / max(1, size.height()))
    if factor >= 1:
        return size * floor(factor)
    return QSize(max(1, floor(size.width() * factor)), max(1, floor(size.height() * factor)))


def draw_picture(painter: QPainter, target: QRect, image: QImage) -> None:
    """Draw with hard pixels when enlarged and smoothly when shrunk; `painter` counts in screen pixels."""
    if target.width() * 2 < image.width():
        image = image.scaled(target.size(), mode=Qt.TransformationMode.SmoothTransformation)
    # Down to half the size two neighbours in each direction are enough, and that is several times faster.
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, target.width() < image.width())
    painter.drawImage(target, image)


def draw_empty_text(painter: QPainter, area: QRectF, text: str) -> None:
    """Draw the sentence of an empty state in the middle; `painter` counts in logical pixels."""
    painter.setPen(QColor(current_colors().muted))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area.adjusted(24, 16, -24, -16), flags, text)
