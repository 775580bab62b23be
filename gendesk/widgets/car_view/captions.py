"""What V, M and C say, a line each."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gendesk.widgets.theme import changes_look, current_colors

SPEAKERS = ("V", "M", "C")
_BADGE = 20
_MARGIN = 10


class Captions(QWidget):
    """Three lines with a badge each; what is too long is cut, and in the tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[str, ...] = ()
        self.setAccessibleName(self.tr("V, M and C say"))

    @property
    def lines(self) -> tuple[str, ...]:
        """What is said."""
        return self._lines

    def set_lines(self, lines: tuple[str, ...]) -> None:
        """Show up to three lines, those of V, M and C."""
        if lines != self._lines:
            self._lines = lines
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, len(SPEAKERS) * self._row() + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip("\n".join(f"{who}: {line}" for who, line in zip(SPEAKERS, self._lines, strict=False)))
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)

    def _row(self) -> int:
        return max(_BADGE, self.fontMetrics().height()) + 3

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = current_colors()
        for number, (who, line) in enumerate(zip(SPEAKERS, self._lines, strict=False)):
            top = 4 + number * self._row()
            badge = QRectF(_MARGIN, top, _BADGE, _BADGE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colors.accent))
            painter.drawRoundedRect(badge, 4, 4)
            painter.setPen(QColor(colors.accent_text))
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, who)
            room = QRectF(badge.right() + 8, top, self.width() - badge.right() - 8 - _MARGIN, _BADGE)
            painter.setPen(QColor(colors.text))
            text = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
