"""Bar charts and histograms, one beside the other."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from gendesk.widgets.charts.bars_layout import BOLD, Bars, Panel, elided, panels
from gendesk.widgets.charts.chart import Chart, Place
from gendesk.widgets.charts.numbers import exact_text
from gendesk.widgets.plot.painting import paint_axes
from gendesk.widgets.theme import current_colors

__all__ = ["BarCharts", "Bars"]

_MARGIN = 8
_SWATCH = 10
_CENTRED = Qt.AlignmentFlag.AlignCenter
_FLUSH_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_FLUSH_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_VEIL = 90  # of 255: how opaque histograms are that lie over each other


class BarCharts(Chart):
    """Shows charts in a grid; a highlighted bar stands out in each. Arrows step along bars, Page keys along charts."""

    bar_clicked = Signal(int, int)  # chart, bar

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.charts: tuple[Bars, ...] = ()
        self._panels: list[Panel] = []
        self._highlights: dict[int, int] = {}
        self.setAccessibleName(self.tr("Bar charts"))
        self.set_empty_text(self.tr("Bar charts will appear here."))

    def set_charts(self, charts: Sequence[Bars]) -> None:
        """Show charts; highlights stay on bars that are still there.

        Raises ValueError if values are not (series, bars), or names do not fit to them.
        """
        for chart in charts:
            if chart.values.ndim != 2 or (chart.labels and len(chart.labels) != chart.count):
                raise ValueError(
                    f"The bars of {chart.title!r} are {chart.values.shape}, with {len(chart.labels)} names."
                )
        counts = [chart.count for chart in charts]
        if counts != [chart.count for chart in self.charts]:
            self.forget_places()
        self.charts = tuple(charts)
        self._highlights = {
            chart: bar for chart, bar in self._highlights.items() if chart < len(counts) and bar < counts[chart]
        }
        self.repaint_all()

    def clear(self) -> None:
        self.set_charts(())

    def set_highlight(self, chart: int, bar: int | None) -> None:
        """Let a bar of a chart stand out, or none; raises IndexError for one that is not there."""
        if bar is None:
            self._highlights.pop(chart, None)
        elif 0 <= chart < len(self.charts) and 0 <= bar < self.charts[chart].count:
            self._highlights[chart] = bar
        else:
            raise IndexError(f"There is no bar {bar} in chart {chart}.")
        self.repaint_all()

    @property
    def is_empty(self) -> bool:
        return not any(chart.count for chart in self.charts)

    @property
    def panels(self) -> Sequence[Panel]:
        """Where the charts were painted."""
        return self._panels

    def _series(self) -> list[str]:
        """Return the names of the legend: those of the chart with most series."""
        named = (list(chart.series) for chart in self.charts if len(chart.values) > 1)
        return max(named, key=len, default=[])

    def paint_chart(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(self.small_font())
        area = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        if names := self._series():
            self._paint_legend(painter, names, area)
            area.setTop(area.top() + metrics.height() + _MARGIN)
        self._panels = panels([chart for chart in self.charts if chart.count], area, metrics)
        for index, panel in enumerate(self._panels):
            self._paint_panel(painter, panel, self._highlights.get(self._index(index)))

    def _index(self, panel: int) -> int:
        """Return the chart of a panel: charts without bars have none."""
        return [index for index, chart in enumerate(self.charts) if chart.count][panel]

    def _paint_legend(self, painter: QPainter, names: Sequence[str], area: QRectF) -> None:
        colors, metrics = current_colors(), QFontMetricsF(painter.font())
        left = area.left()
        for index, name in enumerate(names):
            middle = area.top() + metrics.height() / 2
            painter.fillRect(QRectF(left, middle - _SWATCH / 2, _SWATCH, _SWATCH), _color(index))
            painter.setPen(QColor(colors.text))
            text = elided(name, max(0.0, area.right() - left - _SWATCH - 6), metrics)
            painter.drawText(QPointF(left + _SWATCH + 6, area.top() + metrics.ascent()), text)
            left += _SWATCH + 6 + metrics.horizontalAdvance(text) + 16

    def _paint_panel(self, painter: QPainter, panel: Panel, highlight: int | None) -> None:
        colors, metrics = current_colors(), QFontMetricsF(painter.font())
        if panel.chart.title:
            painter.setFont(self.small_font(bold=True))
            painter.setPen(QColor(colors.text))
            title = elided(panel.chart.title, panel.area.width(), QFontMetricsF(painter.font()))
            painter.drawText(QPointF(panel.area.left(), panel.area.top() + metrics.ascent()), title)
            painter.setFont(self.small_font())
        if highlight is not None:
            veil = QColor(colors.accent)
            veil.setAlpha(60)
            painter.fillRect(panel.slot(highlight), veil)
        if panel.kind != "rows" and not panel.texts and not panel.bare:
            paint_axes(painter, panel.projection(), *panel.ticks(), colors)
        self._paint_bars(painter, panel)
        if panel.chart.labels:
            self._paint_names(painter, panel, highlight)
        self._paint_texts(painter, panel)

    def _paint_bars(self, painter: QPainter, panel: Panel) -> None:
        series = range(len(panel.chart.values))
        overlaid = panel.kind == "histogram" and len(series) > 1
        for one in series:
            bars = panel.bars(one)
            color = _color(one)
            if overlaid:
                painter.setPen(QPen(color, 1.5))
                painter.drawPolyline(_outline(bars, panel))
                color.setAlpha(_VEIL)
            elif panel.kind == "histogram" and panel.room >= 4:
                bars = [bar.adjusted(0.5, 0, -0.5, 0) for bar in bars]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawRects(bars)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        if panel.kind == "rows" or panel.texts or panel.span[0] < 0:
            painter.setPen(QColor(current_colors().border))
            painter.drawLine(panel.zero_line())

    def _paint_names(self, painter: QPainter, panel: Panel, highlight: int | None) -> None:
        metrics = QFontMetricsF(painter.font())
        line = metrics.height()
        stride = max(1, round(line * 0.8 / panel.room)) if panel.kind == "rows" else 1
        # Names of rows stand before the bars, and before the numbers of negative bars.
        advances = [metrics.horizontalAdvance(label) for label in panel.chart.labels]
        longest = min(BOLD * max(advances), panel.box.left() - panel.area.left() - 4)
        painter.setPen(QColor(current_colors().text))
        for bar, label in enumerate(panel.chart.labels):
            if bar % stride and bar != highlight:
                continue
            if bar == highlight:
                painter.setFont(self.small_font(bold=True))
            if panel.kind == "rows":
                width, middle = longest, panel.box.top() + (bar + 0.5) * panel.room
                place = QRectF(panel.area.left(), middle - line / 2, width + 2, line)
                flags = _FLUSH_RIGHT
            else:
                width = panel.room
                place = QRectF(panel.box.left() + bar * width, panel.area.bottom() - line, width, line)
                flags = _CENTRED
            fits = bar != highlight and advances[bar] <= width
            text = label if fits else elided(label, width, QFontMetricsF(painter.font()))
            painter.drawText(place, flags, text)
            if bar == highlight:
                painter.setFont(self.small_font())

    def _paint_texts(self, painter: QPainter, panel: Panel) -> None:
        """Write the numbers at the ends of the bars."""
        line = QFontMetricsF(painter.font()).height()
        painter.setPen(QColor(current_colors().muted))
        for series, row in enumerate(panel.texts):
            negatives = (panel.chart.values[series] < 0).tolist()
            for area, negative, text in zip(panel.bars(series), negatives, row, strict=True):
                if panel.kind == "columns":
                    top = area.bottom() if negative else area.top() - line
                    place = QRectF(area.center().x() - 60, top, 120, line)
                    flags = _CENTRED
                else:
                    top = area.center().y() - line / 2
                    place = QRectF(area.left() - 124 if negative else area.right() + 4, top, 120, line)
                    flags = _FLUSH_RIGHT if negative else _FLUSH_LEFT
                painter.drawText(place, flags, text)

    def place_at(self, position: QPointF) -> Place | None:
        for index, panel in enumerate(self._panels):
            bar = panel.bar_at(position)
            if bar is not None:
                return self._index(index), bar
        return None

    def area_of(self, place: Place) -> QRectF:
        for index, panel in enumerate(self._panels):
            if self._index(index) == place[0]:
                return panel.slot(place[1])
        return QRectF()

    def words_of(self, place: Place) -> str:
        chart, bar = self.charts[place[0]], place[1]
        numbers = [exact_text(float(value)) for value in chart.values[:, bar]]
        if len(numbers) > 1:
            names = [*chart.series, *map(str, range(len(chart.series) + 1, len(numbers) + 1))]
            numbers = [f"{name}: {number}" for name, number in zip(names, numbers, strict=False)]
        return "\n".join(line for line in (chart.title, chart.name_of(bar), *numbers) if line)

    def moved(self, place: Place, key: Qt.Key) -> Place | None:
        chart, bar = place
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_Up:
                bar -= 1
            case Qt.Key.Key_Right | Qt.Key.Key_Down:
                bar += 1
            case Qt.Key.Key_Home:
                bar = 0
            case Qt.Key.Key_End:
                bar = self.charts[chart].count - 1
            case Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                filled = [index for index, one in enumerate(self.charts) if one.count]
                step = -1 if key == Qt.Key.Key_PageUp else 1
                chart = filled[min(max(filled.index(chart) + step, 0), len(filled) - 1)]
            case _:
                return None
        return chart, min(max(bar, 0), self.charts[chart].count - 1)

    def activate(self, place: Place) -> None:
        self.bar_clicked.emit(*place)

    def table(self) -> Sequence[Sequence[str]]:
        rows = [["chart", "series", "bar", "value"]]
        for chart in self.charts:
            for index, values in enumerate(chart.values):
                series = chart.series[index] if index < len(chart.series) else ""
                rows += [[chart.title, series, chart.name_of(bar), str(value)] for bar, value in enumerate(values)]
        return rows


def _color(series: int) -> QColor:
    curves = current_colors().curves
    return QColor(curves[series % len(curves)])


def _outline(bars: Sequence[QRectF], panel: Panel) -> QPolygonF:
    """Return the steps along the upper ends of a histogram."""
    corners = [corner for bar in bars for corner in (bar.topLeft(), bar.topRight())]
    return QPolygonF([QPointF(panel.box.left(), panel.box.bottom()), *corners, panel.box.bottomRight()])
