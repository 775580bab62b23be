"""Twenty frames of a race, five in a row, with what was done in each and what it brought."""

from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from gendesk.widgets.painting import device_painter, draw_empty_text
from gendesk.widgets.pictures.picture import to_qimage
from gendesk.widgets.theme import changes_look, current_colors

from ...racing.episodes import Played
from .screen import sharp
from .words import FALL, HIT, action_lines, most_actions, reward_line, sentence, short_action

COLUMNS, ROWS = 5, 4
SHOWN = COLUMNS * ROWS
_GAP = 2  # logical pixels around a picture and its words
_LEAST = 40  # logical pixels of a picture that are worth more than a further line of words
_WORDS = 96  # logical pixels of words, where there is room
_SMALL = 0.9  # of the font
_NOTCH = 120  # of a wheel


class _Layout(NamedTuple):
    """The height of a line, how many of them an action has, and screen pixels for each logical one."""

    line: int
    lines: int
    ratio: float

    @property
    def words(self) -> int:
        """The height of all words below a picture."""
        return (self.lines + 1) * self.line


class FilmStrip(QWidget):
    """Shows the frames from `start` on; one of them is the current one.

    Keys: left and right, up and down by a row, Page Up and Page Down, Home and End; the wheel moves the strip by a row.
    """

    moved = Signal(int)  # a person has chosen a frame

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start, self.current = 0, 0
        self._played: Played | None = None
        self._images: list[QImage] = []
        self._shown: dict[int, QImage] = {}
        self._lines = 1
        self._turned = 0
        self.empty_text = ""
        self.setAccessibleName(self.tr("Filmstrip"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def count(self) -> int:
        """How many frames the race has."""
        return 0 if self._played is None else len(self._played.observations)

    def set_race(self, played: Played | None) -> None:
        """Show a race from its beginning, or none."""
        self._played = played
        self.start = self.current = 0
        # As many lines for all, so that nothing jumps while the strip moves.
        self._lines = 1 if played is None else most_actions(played)
        self._take_images()
        self._tell()

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown while there is no race."""
        self.empty_text = text
        self.update()

    def show_frame(self, frame: int) -> None:
        """Make a frame the current one; the strip turns a page only where it would not be seen."""
        self.current = max(0, min(self.count - 1, frame))
        if not self.start <= self.current < self.start + SHOWN:
            self._begin_at(self.current)
        self._tell()

    def show_from(self, frame: int) -> None:
        """Make a frame the current one and, as far as there are enough after it, the first."""
        self.current = max(0, min(self.count - 1, frame))
        self._begin_at(self.current)
        self._tell()

    def _begin_at(self, start: int) -> None:
        start = max(0, min(self.count - SHOWN, start))
        if start != self.start:
            self.start = start
            self._take_images()

    def _take_images(self) -> None:
        frames = () if self._played is None else self._played.observations[self.start : self.start + SHOWN]
        self._images = [to_qimage(frame) for frame in frames]
        self._shown.clear()

    def _tell(self) -> None:
        if self._played is not None:
            self.setAccessibleDescription(sentence(self._played, self.current))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(440, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 260)

    # Where things lie, in logical pixels

    def _small(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(_SMALL * font.pointSizeF())
        return font

    def _lines_shown(self, line: float) -> int:
        """Return how many lines an action has: one where more would leave too little of the pictures."""
        left = self.height() / ROWS - (self._lines + 1) * line - 3 * _GAP
        return self._lines if left >= _LEAST else 1

    def _cell(self, place: int) -> QRectF:
        """Return where a picture with its words lies."""
        row, column = divmod(place, COLUMNS)
        width, height = self.width() / COLUMNS, self.height() / ROWS
        return QRectF(column * width, row * height, width, height)

    def _frame_at(self, position: QPointF) -> int | None:
        column, row = int(position.x() * COLUMNS // self.width()), int(position.y() * ROWS // self.height())
        frame = self.start + row * COLUMNS + column
        inside = 0 <= column < COLUMNS and 0 <= row < ROWS and frame < self.count
        return frame if inside else None

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, ratio = device_painter(self)
        area = QRect(0, 0, round(self.width() * ratio) + 1, round(self.height() * ratio) + 1)
        painter.fillRect(area, QColor(current_colors().surface))
        if self._played is None:
            painter.scale(ratio, ratio)
            draw_empty_text(painter, QRectF(self.rect()), self.empty_text)
        else:
            painter.setFont(self._small())
            line = QFontMetrics(painter.font()).height()
            layout = _Layout(line, self._lines_shown(line), ratio)
            for place, image in enumerate(self._images):
                self._paint_frame(painter, layout, place, image, self._played)
        painter.end()

    def _paint_frame(self, painter: QPainter, layout: "_Layout", place: int, image: QImage, played: Played) -> None:
        """Paint a picture in screen pixels and its words in logical ones."""
        frame, cell, ratio = self.start + place, self._cell(place), layout.ratio
        side = int(min(cell.width() - 2 * _GAP, cell.height() - layout.words - 3 * _GAP) * ratio)
        top = cell.top() + (cell.height() - side / ratio - layout.words - _GAP) / 2
        target = QRect(round(cell.center().x() * ratio - side / 2), round(top * ratio), side, side)
        if frame == self.current:
            self._paint_current(painter, ratio, cell)
        painter.drawImage(target.topLeft(), self._enlarged(place, image, side))
        reward = float(played.rewards[frame]) if frame < len(played.rewards) else 0.0
        colors = current_colors()
        color = colors.good if reward > HIT else colors.bad if reward < FALL else ""
        if color:
            wide = max(2, round(2 * ratio))
            painter.setPen(QPen(QColor(color), wide, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(target.adjusted(wide // 2, wide // 2, -(wide - wide // 2), -(wide - wide // 2)))
        width = min(cell.width() - 4 * _GAP, max(side / ratio, _WORDS))
        words = QRectF(cell.center().x() - width / 2, top + side / ratio + _GAP, width, layout.words)
        painter.save()
        painter.scale(ratio, ratio)
        self._paint_words(painter, layout, words, frame, color)
        painter.restore()

    def _enlarged(self, place: int, image: QImage, side: int) -> QImage:
        """Return a picture as it is painted, made once for all paints until strip or size change."""
        known = self._shown.get(place)
        if known is None or known.width() != side:
            known = self._shown[place] = sharp(image, side)
        return known

    def _paint_current(self, painter: QPainter, ratio: float, cell: QRectF) -> None:
        around = QRectF(cell.topLeft() * ratio, cell.size() * ratio).adjusted(1, 1, -1, -1)
        ground = QColor(current_colors().accent)
        ground.setAlphaF(0.22)
        painter.fillRect(around, ground)
        painter.setPen(QPen(QColor(current_colors().accent), max(1, round((2 if self.hasFocus() else 1) * ratio))))
        painter.drawRect(around)

    def _paint_words(self, painter: QPainter, layout: "_Layout", area: QRectF, frame: int, color: str) -> None:
        """Write the number of the frame and its reward, then what was done, an action a line."""
        assert self._played is not None
        colors, font, line = current_colors(), painter.font(), layout.line
        metrics, flags = QFontMetrics(font), Qt.AlignmentFlag
        painter.setPen(QColor(colors.text))
        texts = action_lines(self._played, frame)
        if len(texts) > layout.lines:
            texts = [short_action(self._played, frame)]
        for index, text in enumerate(texts):
            where = QRectF(area.left(), area.top() + (index + 1) * line, area.width(), line)
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
            painter.drawText(where, flags.AlignCenter, text)
        first = QRectF(area.left(), area.top(), area.width(), line)
        reward = reward_line(self._played, frame)
        painter.setPen(QColor(colors.muted))
        if metrics.horizontalAdvance(f"{frame}  {reward}") <= area.width():
            painter.drawText(first, flags.AlignLeft | flags.AlignVCenter, str(frame))
        painter.setPen(QColor(color or colors.muted))
        font.setBold(bool(color))
        painter.setFont(font)
        painter.drawText(first, flags.AlignRight | flags.AlignVCenter, reward)

    # The mouse, the keyboard

    def mousePressEvent(self, event: QMouseEvent) -> None:
        frame = self._frame_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and frame is not None:
            self.show_frame(frame)
            self.moved.emit(frame)
        else:
            super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._turned += event.angleDelta().y()
        rows = int(self._turned / _NOTCH)
        self._turned -= rows * _NOTCH
        if rows and self.count:
            start = max(0, min(self.count - SHOWN, self.start - rows * COLUMNS))
            self._go(self.current + start - self.start, start)
        event.accept()

    def _go(self, frame: int, start: int | None = None) -> None:
        if start is not None:
            self._begin_at(start)
        self.show_frame(frame)
        self.moved.emit(self.current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = event.key(), self.count - 1
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -COLUMNS, Qt.Key.Key_Down: COLUMNS}
        pages = {Qt.Key.Key_PageUp: -SHOWN, Qt.Key.Key_PageDown: SHOWN}
        ends = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        if last < 0:
            super().keyPressEvent(event)
        elif key in steps:
            self._step(max(0, min(last, self.current + steps[Qt.Key(key)])))
        elif key in pages:
            self._go(self.current + pages[Qt.Key(key)], max(0, self.start + pages[Qt.Key(key)]))
        elif key in ends:
            self._go(ends[Qt.Key(key)])
        else:
            super().keyPressEvent(event)

    def _step(self, frame: int) -> None:
        """Go to a frame nearby; where it is not seen, the strip moves by rows and not by a page."""
        beyond = frame - (self.start + SHOWN - 1) if frame > self.start else frame - self.start
        if not self.start <= frame < self.start + SHOWN:
            self._begin_at(self.start + COLUMNS * (-(-beyond // COLUMNS) if beyond > 0 else beyond // COLUMNS))
        self._go(frame)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._played is not None:
            frame = self._frame_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if frame is None else sentence(self._played, frame), self)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self.update()
