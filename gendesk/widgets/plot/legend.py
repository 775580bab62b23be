"""The legend of a plot: one entry per curve with its line and a value; a click hides the curve."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QStyle, QStyleOptionFocusRect, QWidget

from gendesk.widgets.plot.curves import Reading
from gendesk.widgets.plot.ticks import step_text, value_text
from gendesk.widgets.theme import current_colors

_SAMPLE = 16  # length of the piece of line
_GAP = 6
_WIDEST_VALUE = "0.00000"
_NARROWEST = 112  # an entry with a shortened title


class LegendEntry(QAbstractButton):
    """Shows a piece of a curve's line, its title and a value; checked while the curve is shown."""

    def __init__(self, title: str, *, dashed: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._dashed = dashed
        self._color = QColor()
        self._value = ""
        self.setText(title)
        self.setCheckable(True)
        self.setChecked(True)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def value(self) -> str:
        """The number that stands behind the title."""
        return self._value

    def set_color(self, color: str) -> None:
        """Draw the piece of line in this colour."""
        self._color = QColor(color)
        self.update()

    def show_reading(self, reading: Reading | None, unit: str) -> None:
        """Show what the bold line is worth, and all that is known as the tool tip; nothing without a reading."""
        value = value_text(reading.drawn) if reading else ""
        if value != self._value:
            self._value = value
            self.update()
        description = self._described(reading, unit) if reading else self.text()
        self.setToolTip(description)
        self.setAccessibleDescription(description)

    def _described(self, reading: Reading, unit: str) -> str:
        measured, drawn = (f"{value_text(value)} {unit}".rstrip() for value in (reading.measured, reading.drawn))
        text = self.tr("{title}: {value} at step {step}")
        if drawn != measured:
            text = self.tr("{title}: {value} at step {step}, smoothed {smoothed}")
        return text.format(title=self.text(), value=measured, step=step_text(reading.step), smoothed=drawn)

    def sizeHint(self) -> QSize:
        """Room for the title and for any value, so that changing values do not move their neighbours."""
        metrics = self.fontMetrics()
        width = _SAMPLE + metrics.horizontalAdvance(self.text()) + metrics.horizontalAdvance(_WIDEST_VALUE) + 3 * _GAP
        return QSize(width, metrics.height() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's hook."""
        colors = current_colors()
        painter = QPainter(self)
        shown = self.isChecked()
        painter.setPen(self._line_pen(self._color if shown else QColor(colors.border)))
        middle = self.height() // 2
        painter.drawLine(2, middle, 2 + _SAMPLE, middle)
        if self._dashed:
            painter.setBrush(painter.pen().color())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawEllipse(QPoint(2 + _SAMPLE // 2, middle), 2, 2)
        self._paint_texts(painter, colors.text if shown else colors.muted, colors.muted)
        if self.hasFocus():
            option = QStyleOptionFocusRect()
            option.initFrom(self)
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, option, painter, self)

    def _line_pen(self, color: QColor) -> QPen:
        return QPen(color, 1.5, Qt.PenStyle.DashLine if self._dashed else Qt.PenStyle.SolidLine)

    def _paint_texts(self, painter: QPainter, value_color: str, title_color: str) -> None:
        area = self.rect().adjusted(2 + _SAMPLE + _GAP, 0, 0, 0)
        font = painter.font()
        font.setStrikeOut(not self.isChecked())
        painter.setFont(font)
        painter.setPen(QColor(title_color))
        metrics = self.fontMetrics()
        room = area.width() - (metrics.horizontalAdvance(self._value) + _GAP)
        title = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, title)
        if self.isChecked():
            painter.setPen(QColor(value_color))
            area.setLeft(area.left() + metrics.horizontalAdvance(title) + _GAP)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._value)


class PlotLegend(QWidget):
    """A row of entries behind the step that their values belong to; it breaks into lines where the width ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: dict[str, LegendEntry] = {}
        self._step = QLabel(self)
        self._step.setProperty("role", "muted")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def step(self) -> str:
        """What stands at the beginning of the row."""
        return self._step.text()

    def add_entry(self, name: str, title: str, *, dashed: bool) -> LegendEntry:
        """Append the entry of a curve."""
        entry = LegendEntry(title, dashed=dashed, parent=self)
        entry.show()
        self.entries[name] = entry
        self._place(self.width())
        self.updateGeometry()
        return entry

    def show_step(self, text: str) -> None:
        """Show a step; the row moves only when it gets longer than ever before."""
        self._step.setText(text)
        width = self._step.fontMetrics().horizontalAdvance(text) + 4
        if width > self._step.minimumWidth():
            self._step.setMinimumWidth(width)
            self._place(self.width())
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the size of one column; the height follows from the width."""
        hints = [part.sizeHint() for part in self._parts()]
        return QSize(max(hint.width() for hint in hints), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """Return the height that the entries need at this width."""
        return QSize(0, self.heightForWidth(self.width()))

    def heightForWidth(self, width: int) -> int:
        """Return the height of the lines that fit into a width."""
        return max(area.bottom() + 1 for area in self._areas(width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self._place(self.width())
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _parts(self) -> list[QWidget]:
        return [self._step, *self.entries.values()]

    def _place(self, width: int) -> None:
        for part, area in zip(self._parts(), self._areas(width), strict=True):
            part.setGeometry(area)

    def _areas(self, width: int) -> list[QRect]:
        left, top, areas = 0, 0, []
        # Two lines, if shortened titles make that possible: the plot needs the height.
        widest = max(_NARROWEST, 2 * width // (len(self.entries) + 2) - 2 * _GAP)
        if sum(part.sizeHint().width() + 2 * _GAP for part in self._parts()) < 1.6 * width:
            widest = width
        line = max(part.sizeHint().height() for part in self._parts())
        for part in self._parts():
            wanted = max(min(part.sizeHint().width(), widest), part.minimumWidth())
            if left > 0 and left + wanted > width:
                left, top = 0, top + line
            areas.append(QRect(left, top, wanted, line))
            left += wanted + 2 * _GAP
        return areas
