"""How a list draws its pictures: in their own colours, with a frame around the chosen one."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gendesk.widgets.theme import current_colors

FRAME = 4  # logical pixels around a picture that are kept free
_CAPTION = 24  # pixels that a caption may be wider than its picture
_Index = QModelIndex | QPersistentModelIndex


class FramedPictures(QStyledItemDelegate):
    """Draws icons of the list's icon size with their captions below; Qt's own way would tint the chosen one."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        picture: QIcon = index.data(Qt.ItemDataRole.DecorationRole)
        rect: QRect = option.rect
        size: QSize = option.decorationSize
        left = rect.left() + (rect.width() - size.width()) // 2
        place = QRect(left, rect.top() + FRAME, size.width(), size.height())
        picture.paint(painter, place)
        painter.save()
        caption = index.data(Qt.ItemDataRole.DisplayRole)
        if caption:
            below = rect.adjusted(0, size.height() + 2 * FRAME, 0, 0)
            text = QFontMetrics(painter.font()).elidedText(caption, Qt.TextElideMode.ElideRight, below.width())
            painter.setPen(QColor(current_colors().text))
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(current_colors().accent), FRAME, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(place.adjusted(-FRAME // 2, -FRAME // 2, FRAME // 2, FRAME // 2))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        size: QSize = option.decorationSize
        framed = QSize(size.width() + 2 * FRAME, size.height() + 2 * FRAME)
        if not index.data(Qt.ItemDataRole.DisplayRole):
            return framed
        metrics: QFontMetrics = option.fontMetrics
        return framed + QSize(_CAPTION, metrics.height())
