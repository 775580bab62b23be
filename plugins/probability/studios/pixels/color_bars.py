"""The colours of one pixel as bars that have these colours."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gendesk.widgets.charts.chart import Chart, Place
from gendesk.widgets.theme import current_colors

_MARGIN = 8
_GAP = 3
_WIDEST = 48


class ColorBars(Chart):
    """Shares of colours, the largest first, each bar in its own colour; a last bar stands for all other colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors: list[QColor | None] = []
        self._shares: list[float] = []
        self.setAccessibleName(self.tr("Colours of the pixel"))
        self.setMinimumSize(120, 80)

    def set_colors(self, colors: NDArray[np.uint8], shares: NDArray[np.float32], rest: float) -> None:
        """Show colours (count, 3) and their shares (count,) in [0, 1]; `rest` is what all others have together."""
        self._colors = [QColor(*color) for color in colors.tolist()]
        self._shares = [float(share) for share in shares]
        if rest > 0.0005:
            self._colors.append(None)
            self._shares.append(rest)
        self.forget_places()
        self.repaint_all()

    def clear(self) -> None:
        """Show no colours."""
        self._colors, self._shares = [], []
        self.forget_places()
        self.repaint_all()

    @property
    def is_empty(self) -> bool:
        return not self._shares

    def paint_chart(self, painter: QPainter) -> None:
        theme = current_colors()
        metrics = QFontMetricsF(painter.font())
        for index, (color, share) in enumerate(zip(self._colors, self._shares, strict=True)):
            bar = self._bar(index)
            painter.setPen(QPen(QColor(theme.muted), 1))
            painter.setBrush(color if color is not None else QColor(theme.grid))
            painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
            text = _percent(share)
            if metrics.horizontalAdvance(text) <= bar.width() + _GAP:
                painter.setPen(QColor(theme.text))
                above = QRectF(bar.left() - _GAP, bar.top() - metrics.height() - 1, bar.width() + 2 * _GAP, 40)
                painter.drawText(above, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
            if color is None:
                painter.setPen(QColor(theme.muted))
                painter.drawText(
                    bar, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, "\N{HORIZONTAL ELLIPSIS}"
                )

    def _bar(self, index: int) -> QRectF:
        head = QFontMetricsF(self.small_font()).height() + 2
        room = self.rect().toRectF().adjusted(_MARGIN, _MARGIN + head, -_MARGIN, -_MARGIN)
        width = min(_WIDEST, (room.width() + _GAP) / max(1, len(self._shares)))
        height = max(2.0, room.height() * self._shares[index] / max(self._shares))
        return QRectF(room.left() + index * width, room.bottom() - height, width - _GAP, height)

    def place_at(self, position: QPointF) -> Place | None:
        for index in range(len(self._shares)):
            bar = self._bar(index)
            if bar.left() <= position.x() <= bar.right():
                return 0, index
        return None

    def area_of(self, place: Place) -> QRectF:
        return self._bar(place[1])

    def words_of(self, place: Place) -> str:
        color, share = self._colors[place[1]], self._shares[place[1]]
        name = self.tr("All other colours") if color is None else color.name().upper()
        return f"{name}: {_percent(share)}"

    def moved(self, place: Place, key: Qt.Key) -> Place | None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key)
        return None if step is None else (0, max(0, min(len(self._shares) - 1, place[1] + step)))

    def activate(self, place: Place) -> None:
        """Do nothing: a colour can only be read."""

    def table(self) -> Sequence[Sequence[str]]:
        rows = [(self.tr("Colour"), self.tr("Share"))]
        for color, share in zip(self._colors, self._shares, strict=True):
            rows.append((self.tr("others") if color is None else color.name().upper(), f"{share:.6f}"))
        return rows


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 else f"{share:.1%}"
