"""The instruments of a car: steering, pedals, speed, tiles and rewards, and what was done lately."""

import math

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from gendesk.widgets.car_view.frame import TRACE, Frame
from gendesk.widgets.theme import changes_look, current_colors

KMH = 3.6
_HEIGHT, _SIDE = 128, 248  # logical pixels: how high it is below the pictures, how wide beside them
_DIAL, _PEDAL, _NUMBERS = 92, 46, 138
_SWEEP = 130.0  # degrees between the stops of the steering wheel's needle
_GAP = 10
_STACKED = 200  # logical pixels: how high it has to be for the numbers to lie below the other instruments
_LOW_TRACE, _WIDE_TRACE = 40, 140


class Gauges(QWidget):
    """Paints the instruments of a frame: in a row where it is wide, one below the other where it is high."""

    HEIGHT, SIDE, STACKED = _HEIGHT, _SIDE, _STACKED

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = Frame()
        self.setMinimumSize(_SIDE, _HEIGHT)

    def show_frame(self, frame: Frame | None) -> None:
        """Show the instruments of a frame, at rest without one."""
        self._frame = frame if frame is not None else Frame()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(440, _HEIGHT)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self.update()
        super().changeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dial, pedals, numbers, trace = self._rooms()
        self._draw_steering(painter, dial)
        colors = current_colors().curves
        half = pedals.width() / 2
        self._draw_pedal(painter, QRectF(pedals.left(), pedals.top(), half, pedals.height()), 1, colors[2])
        self._draw_pedal(painter, QRectF(pedals.left() + half, pedals.top(), half, pedals.height()), 2, colors[1])
        self._draw_numbers(painter, numbers)
        if trace.width() > _LOW_TRACE and trace.height() > _LOW_TRACE:
            self._draw_trace(painter, trace)
        painter.end()

    def _rooms(self) -> tuple[QRectF, QRectF, QRectF, QRectF]:
        """Return where steering, pedals, numbers and trace lie."""
        area = QRectF(self.rect()).adjusted(_GAP, 6, -_GAP, -6)
        row = _HEIGHT - 12.0
        dial = QRectF(area.left(), area.top(), _DIAL, row)
        pedals = QRectF(dial.right() + _GAP, area.top(), 2 * _PEDAL, row)
        if self.height() >= _STACKED:
            top = area.top() + row + _GAP
            numbers = QRectF(area.left(), top, area.width(), min(row - 8, area.bottom() - top))
            rest = area.bottom() - numbers.bottom() - _GAP
            return dial, pedals, numbers, QRectF(area.left(), numbers.bottom() + _GAP, area.width(), min(rest, row))
        numbers = QRectF(pedals.right() + _GAP, area.top(), _NUMBERS, row)
        trace = QRectF(numbers.right() + _GAP, area.top(), area.right() - numbers.right() - _GAP, row)
        return dial, pedals, numbers, trace

    def _label(self, painter: QPainter, room: QRectF, text: str) -> QRectF:
        """Write what an instrument shows at its foot; return the room above."""
        height = painter.fontMetrics().height()
        painter.setPen(QColor(current_colors().muted))
        foot = QRectF(room.left() - 4, room.bottom() - height, room.width() + 8, height)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, text)
        return room.adjusted(0, 0, 0, -height - 4)

    def _draw_steering(self, painter: QPainter, room: QRectF) -> None:
        colors = current_colors()
        value = self._frame.steering
        text = _signed(value)
        room = self._label(painter, room, _words("Steering {value}").format(value=text))
        radius = min(room.width() / 2, room.height() / 1.5) - 4
        middle = QPointF(room.center().x(), room.top() + room.height() / 2 + radius / 4)
        box = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.border), 5, c=Qt.PenCapStyle.FlatCap))
        painter.drawArc(box, round((90 - _SWEEP) * 16), round(2 * _SWEEP * 16))
        painter.setPen(QPen(QColor(colors.accent), 5, c=Qt.PenCapStyle.FlatCap))
        painter.drawArc(box, 90 * 16, round(-max(-1.0, min(1.0, value)) * _SWEEP * 16))
        angle = math.radians(max(-1.0, min(1.0, value)) * _SWEEP)
        tip = QPointF(middle.x() + math.sin(angle) * (radius - 6), middle.y() - math.cos(angle) * (radius - 6))
        painter.setPen(QPen(QColor(colors.text), 2.5, c=Qt.PenCapStyle.RoundCap))
        painter.drawLine(middle, tip)
        painter.setBrush(QColor(colors.text))
        painter.drawEllipse(middle, 3, 3)

    def _draw_pedal(self, painter: QPainter, room: QRectF, place: int, color: str) -> None:
        value = self._frame.gas if place == 1 else self._frame.brake
        room = self._label(painter, room, _words("Gas") if place == 1 else _words("Brake"))
        bar = QRectF(room.center().x() - 9, room.top() + 2, 18, room.height() - 2)
        painter.setPen(QPen(QColor(current_colors().border), 1))
        painter.setBrush(QColor(current_colors().surface))
        painter.drawRect(bar)
        height = max(0.0, min(1.0, value)) * (bar.height() - 2)
        painter.fillRect(QRectF(bar.left() + 1, bar.bottom() - 1 - height, bar.width() - 2, height), QColor(color))

    def _draw_numbers(self, painter: QPainter, room: QRectF) -> None:
        frame, colors = self._frame, current_colors()
        speed = "\N{EN DASH}" if frame.speed is None else f"{frame.speed * KMH:.0f}"
        tiles = "\N{EN DASH}" if frame.tiles is None else f"{frame.tiles[0]} / {frame.tiles[1]}"
        rows = (
            (_words("Speed, km/h"), speed),
            (_words("Rewards"), f"{frame.score:,.1f}".replace("-", "\N{MINUS SIGN}")),
            (_words("Tiles"), tiles),
            (_words("Frame"), f"{frame.step:,}"),
        )
        height = room.height() / len(rows)
        for number, (name, value) in enumerate(rows):
            line = QRectF(room.left(), room.top() + number * height, room.width(), height)
            painter.setPen(QColor(colors.muted))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            painter.setPen(QColor(colors.text))
            painter.setFont(self._bold() if number < 2 else self.font())
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, value)
            painter.setFont(self.font())

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def _draw_trace(self, painter: QPainter, room: QRectF) -> None:
        colors = current_colors()
        words = _words("Last {count} decisions") if room.width() > _WIDE_TRACE else _words("Last {count}")
        room = self._label(painter, room, words.format(count=TRACE))
        painter.setPen(QPen(QColor(colors.border), 1))
        painter.setBrush(QColor(colors.surface))
        painter.drawRect(room)
        middle = room.center().y()
        painter.setPen(QPen(QColor(colors.grid), 1))
        painter.drawLine(QPointF(room.left() + 1, middle), QPointF(room.right() - 1, middle))
        trace = self._frame.trace[-TRACE:]
        if len(trace) < 2:
            return
        step, last = (room.width() - 4) / (TRACE - 1), len(trace) - 1
        x = [room.right() - 2 - (last - number) * step for number in range(len(trace))]
        # One curve over the other: pedals from the foot up, steering around the middle, right above.
        for column, color in ((1, colors.curves[2]), (2, colors.curves[1]), (0, colors.accent)):
            values = np.clip(trace[:, column].astype(float), -1, 1).tolist()
            shares = [(value + 1) / 2 for value in values] if column == 0 else values
            y = [room.bottom() - 2 - share * (room.height() - 4) for share in shares]
            painter.setPen(QPen(QColor(color), 1.5))
            painter.drawPolyline(QPolygonF([QPointF(*point) for point in zip(x, y, strict=True)]))


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")


def _words(text: str) -> str:
    return QCoreApplication.translate("Gauges", text)
