"""The legend of a plot: one entry per curve with its line and a value; a click hides the curve."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QStyle, QStyleOptionFocusRect, QWidget

from gendesk.widgets.plot.curves import CurveStyle, Reading
from gendesk.widgets.plot.painting import faint, veil
from gendesk.widgets.plot.ticks import step_text, value_text
from gendesk.widgets.theme import current_colors

_SAMPLE = 16  # length of the piece of line
_BAND = 4  # half the height of the piece of a band
_GAP = 6
_USUAL_VALUE = "0.00000"


@dataclass(frozen=True)
class _Density:
    """How much room the titles of a legend take; `short` is the one of an entry that belongs to the one before."""

    short: str | None = None
    longest: int = 1000


class LegendEntry(QAbstractButton):
    """Shows a piece of a curve's line, its title and a value; checked while the curve is shown.

    It appears with the first value. One that is `joined` belongs to the entry before it, as validation to training: it
    stays beside that and can do with less of a title, or none.
    """

    def __init__(self, title: str, style: CurveStyle, *, joined: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.joined = joined
        self._style = style
        self._banded = False
        self._color = QColor()
        self._label = title
        self._value = ""
        self._widest = _USUAL_VALUE
        self.setText(title)
        self.setCheckable(True)
        self.setChecked(True)
        self.setAccessibleName(title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    @property
    def label(self) -> str:
        """As much of the title as is shown."""
        return self._label

    @property
    def value(self) -> str:
        """The number that stands behind the title."""
        return self._value

    def set_color(self, color: str) -> None:
        """Draw the piece of line in this colour."""
        self._color = QColor(color)
        self.update()

    def show_reading(self, reading: Reading | None, unit: str) -> bool:
        """Show what the bold line is worth, and all that is known as the tool tip; hide without a reading.

        Returns whether the entry needs another place.
        """
        before = self.isHidden(), self._widest
        value = self._valued(reading) if reading else ""
        self._banded = self._banded or bool(reading and reading.band)
        if value != self._value:
            self._value = value
            self._widest = max(self._widest, value, key=len)
            self.update()
        description = self._described(reading, unit) if reading else self.text()
        self.setToolTip(description)
        self.setAccessibleDescription(description)
        self.setVisible(reading is not None)
        return before != (self.isHidden(), self._widest)

    def _valued(self, reading: Reading) -> str:
        value, band = value_text(reading.drawn), reading.band
        if band is None:
            return value
        text = self.tr("{value} ({low} to {high})")
        return text.format(value=value, low=value_text(band.low), high=value_text(band.high))

    def _described(self, reading: Reading, unit: str) -> str:
        measured, drawn = (f"{value_text(value)} {unit}".rstrip() for value in (reading.measured, reading.drawn))
        text = self.tr("{title}: {value} at step {step}")
        if drawn != measured:
            text = self.tr("{title}: {value} at step {step}, smoothed {smoothed}")
        text = text.format(title=self.text(), value=measured, step=step_text(reading.step), smoothed=drawn)
        if reading.band is None:
            return text
        ends = {"low": value_text(reading.band.low), "high": value_text(reading.band.high)}
        return self.tr("{text}; the band reaches from {low} to {high}").format(text=text, **ends)

    def width_for(self, density: _Density) -> int:
        """Return the room for the line, the title, and the longest value so far, so that neighbours stay in place."""
        metrics, label = self.fontMetrics(), self._label_for(density)
        title = metrics.horizontalAdvance(label) + _GAP if label else 0
        return 2 + _SAMPLE + _GAP + title + metrics.horizontalAdvance(self._widest)

    def set_density(self, density: _Density) -> None:
        """Choose how much of the title is shown."""
        self._label = self._label_for(density)
        self.update()

    def _label_for(self, density: _Density) -> str:
        title = self.text() if density.short is None or not self.joined else density.short
        return self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, density.longest)

    def sizeHint(self) -> QSize:
        return QSize(self.width_for(_Density()), self.fontMetrics().height() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Qt's hook."""
        colors = current_colors()
        painter = QPainter(self)
        shown = self.isChecked()
        self._paint_sample(painter, self._color if shown else QColor(colors.border))
        self._paint_texts(painter, colors.text if shown else colors.muted, colors.muted)
        if self.hasFocus():
            option = QStyleOptionFocusRect()
            option.initFrom(self)
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, option, painter, self)

    def _paint_sample(self, painter: QPainter, color: QColor) -> None:
        """Draw a piece of the curve as it is drawn in the plot."""
        middle, style = self.height() // 2, self._style
        if self._banded:
            painter.fillRect(2, middle - _BAND, _SAMPLE, 2 * _BAND + 1, veil(color))
        line = faint(color.name(), current_colors().surface) if style == "dots" else color
        painter.setPen(QPen(line, 1.5, Qt.PenStyle.DashLine if style == "validation" else Qt.PenStyle.SolidLine))
        painter.drawLine(2, middle, 2 + _SAMPLE, middle)
        if style in ("validation", "dots"):
            painter.setPen(color)
            painter.setBrush(color)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            radius = 3 if style == "dots" else 2
            painter.drawEllipse(QPoint(2 + _SAMPLE // 2, middle), radius, radius)

    def _paint_texts(self, painter: QPainter, value_color: str, title_color: str) -> None:
        area = self.rect().adjusted(2 + _SAMPLE + _GAP, 0, 0, 0)
        font = painter.font()
        font.setStrikeOut(not self.isChecked())
        painter.setFont(font)
        painter.setPen(QColor(title_color))
        metrics = self.fontMetrics()
        if self._label:
            room = area.width() - (metrics.horizontalAdvance(self._value) + _GAP if self.isChecked() else 0)
            label = metrics.elidedText(self._label, Qt.TextElideMode.ElideRight, room)
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, label)
            area.setLeft(area.left() + metrics.horizontalAdvance(label) + _GAP)
        if self.isChecked() or not self._label:
            painter.setPen(QColor(value_color))
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._value)


class PlotLegend(QWidget):
    """A row of entries behind the step that their values belong to; it breaks into lines where the width ends."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entries: dict[str, LegendEntry] = {}
        self._step = QLabel(self)
        self._step.setProperty("role", "muted")
        held_out = self.tr("held-out")
        # From the longest titles to the shortest: the plot needs the height.
        self._densities = (
            *(_Density(), _Density(held_out), _Density("")),
            *(_Density("", longest) for longest in (96, 72, 48)),
        )
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def step(self) -> str:
        """What stands at the beginning of the row."""
        return self._step.text()

    def add_entry(self, name: str, title: str, style: CurveStyle, *, joined: bool = False) -> LegendEntry:
        """Append the entry of a curve; a `joined` one belongs to the entry before."""
        entry = LegendEntry(title, style, joined=joined, parent=self)
        self.entries[name] = entry
        return entry

    def show_readings(self, step: str, readings: dict[str, Reading | None], unit: str) -> None:
        """Show a step and the values of all curves there; the entries of curves without values stay hidden."""
        moved = [self.entries[name].show_reading(reading, unit) for name, reading in readings.items()]
        self._step.setText(step)
        width = self._step.fontMetrics().horizontalAdvance(step) + 4
        if width > self._step.minimumWidth():  # the row moves only when the step gets longer than ever before
            self._step.setMinimumWidth(width)
            moved.append(True)
        if any(moved):
            self._place()
            self.updateGeometry()

    def set_step_shown(self, shown: bool) -> None:
        """Show the step, or leave its room to the entries."""
        self._step.setVisible(shown)
        self._place()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the size of one column; the height follows from the width."""
        hints = [part.sizeHint().width() for part in self.entries.values()]
        return QSize(max(hints, default=0), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """Return the height that the entries need at this width."""
        return QSize(0, self.heightForWidth(self.width()))

    def heightForWidth(self, width: int) -> int:
        """Return the height of the lines that fit into a width."""
        _, areas = self._densest(width)
        return max((area.bottom() + 1 for area in areas.values()), default=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew."""
        super().resizeEvent(event)
        self._place()
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _place(self) -> None:
        density, areas = self._densest(self.width())
        for part, area in areas.items():
            part.setGeometry(area)
            if isinstance(part, LegendEntry):
                part.set_density(density)

    def _densest(self, width: int) -> tuple[_Density, dict[QWidget, QRect]]:
        """Return the longest titles that take the fewest lines, two being as good as one, and where all parts lie."""
        line = self.fontMetrics().height() + 4

        def cost(choice: tuple[_Density, dict[QWidget, QRect]]) -> tuple[bool, int]:
            areas = choice[1].values()
            cut = any(area.right() >= width for area in areas)
            return cut, max([2, *(area.top() // line + 1 for area in areas)])

        return min(((density, self._lines(width, line, density)) for density in self._densities), key=cost)

    def _lines(self, width: int, line: int, density: _Density) -> dict[QWidget, QRect]:
        """Break the parts into lines of a height; those that belong together stay in one, if they need that."""
        areas: dict[QWidget, QRect] = {}
        left = top = 0
        groups = self._groups()
        if density.short is None:
            groups = [[part] for group in groups for part in group]
        for group in groups:
            widths = [
                part.width_for(density) if isinstance(part, LegendEntry) else part.minimumWidth() for part in group
            ]
            if left > 0 and left + sum(widths) + 2 * _GAP * (len(widths) - 1) > width:
                left, top = 0, top + line
            for part, wanted in zip(group, widths, strict=True):
                areas[part] = QRect(left, top, wanted, line)
                left += wanted + 2 * _GAP
        return areas

    def _groups(self) -> list[list[QWidget]]:
        groups: list[list[QWidget]] = [] if self._step.isHidden() else [[self._step]]
        for entry in self.entries.values():
            if not entry.isHidden():
                if entry.joined and groups:
                    groups[-1].append(entry)
                else:
                    groups.append([entry])
        return groups
