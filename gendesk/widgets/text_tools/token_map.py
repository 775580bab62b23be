"""Tokens in a plane, each written where it lies."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gendesk.widgets.painting import draw_empty_text
from gendesk.widgets.text_tools.spelling import visible
from gendesk.widgets.theme import DARK, changes_look, current_colors

_MARGIN = 20.0
_REACH = 12.0  # from the mouse to a token, in logical pixels
_KINDS = 5  # small letters, capitals, digits, marks, blanks
_SATURATION, _LIGHTS, _DARKS = 0.75, 0.36, 0.68  # of hues; lightness in the light and in the dark scheme


class TokenMap(QWidget):
    """Writes as many tokens as find room, the first ones first; the others are dots that name themselves.

    Colours tell small letters, capitals, digits, marks and blanks apart, unless hues are given.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty_text = ""
        self._texts: tuple[str, ...] = ()
        self._places: NDArray[np.float32] = np.zeros((0, 2), np.float32)
        self._hues: tuple[float, ...] = ()
        self.setAccessibleName(self.tr("Map of tokens"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 160)

    @property
    def texts(self) -> tuple[str, ...]:
        return self._texts

    def set_tokens(self, texts: Sequence[str], places: NDArray[np.float32], hues: Sequence[float] = ()) -> None:
        """Show tokens at places (tokens, 2), in the colours of their hues (0..1, red at both ends) if there are any."""
        self._texts, self._places, self._hues = tuple(texts), places, tuple(hues)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    def pixels(self) -> NDArray[np.float64]:
        """Return where the tokens are drawn, (tokens, 2), with both directions at the same scale."""
        places = self._places.astype(np.float64)
        low, high = places.min(0), places.max(0)
        room = np.array([self.width() - 2 * _MARGIN, self.height() - 2 * _MARGIN])
        scale = float((room / np.maximum(high - low, 1e-9)).min())
        middle = (places - (low + high) / 2) * scale
        return np.asarray(middle * [1, -1] + [self.width() / 2, self.height() / 2])

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, colors = QPainter(self), current_colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(colors.surface))
        if not self._texts:
            draw_empty_text(painter, QRectF(self.rect()), self.empty_text)
            painter.end()
            return
        metrics = QFontMetricsF(self.font())
        taken: list[QRectF] = []
        for index, (x, y) in enumerate(self.pixels().tolist()):
            name = visible(self._texts[index])
            wide, high = metrics.horizontalAdvance(name), metrics.height()
            area = QRectF(x - wide / 2, y - high / 2, wide, high)
            color = self._color(index)
            painter.setPen(QPen(color))
            if any(area.intersects(other) for other in taken):
                painter.setBrush(color)
                painter.drawEllipse(QPointF(x, y), 1.5, 1.5)
            else:
                taken.append(area)
                painter.drawText(area.adjusted(-1, 0, 1, 0), Qt.AlignmentFlag.AlignCenter, name)
        painter.end()

    def _color(self, index: int) -> QColor:
        colors = current_colors()
        if not self._hues:
            return QColor(colors.curves[_kind(self._texts[index])])
        return QColor.fromHslF(self._hues[index] % 1, _SATURATION, _DARKS if colors is DARK else _LIGHTS)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._texts:
            distances = np.hypot(*(self.pixels() - (event.pos().x(), event.pos().y())).T)
            near = [visible(self._texts[index]) for index in np.argsort(distances)[:8] if distances[index] <= _REACH]
            if near:
                QToolTip.showText(event.globalPos(), "  ".join(near), self)
                return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)


def _kind(text: str) -> int:
    core = text.strip()
    if not core:
        return 4
    if core[0].isalpha():
        return 1 if core[0].isupper() else 0
    return 2 if core[0].isdigit() else 3
