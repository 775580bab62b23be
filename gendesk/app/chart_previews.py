"""Pages for previews that are numbers or words: heat maps, bars, tables and texts, with the timeline of their steps."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from gendesk.engine.preview import BarsPreview, ChartPreview, HeatMapPreview, Preview, TablePreview, TextPreview
from gendesk.engine.runs import Run
from gendesk.engine.samples import load_chart_preview, sample_path, sample_steps
from gendesk.widgets.charts.bars import BarCharts, Bars
from gendesk.widgets.charts.chart import Chart
from gendesk.widgets.charts.heat_map import HeatMap
from gendesk.widgets.charts.history import ChartHistory
from gendesk.widgets.charts.table import ChartTable
from gendesk.widgets.text.history import TextHistory
from gendesk.widgets.text.sheet import Texts
from gendesk.widgets.translation import translated


class SavedCharts:
    """The saved charts of one preview of a run, for the timeline."""

    def __init__(self, samples: Path, name: str) -> None:
        self._samples = samples
        self._name = name

    def steps(self) -> Sequence[int]:
        return sample_steps(self._samples, self._name)

    def frame(self, step: int) -> ChartPreview | None:
        path = sample_path(self._samples, step, self._name)
        return None if path is None else load_chart_preview(path)


class ChartView:
    """A chart with its timeline. `show` brings a preview of the class `kind` into the chart; others are left alone."""

    def __init__(
        self,
        kind: type,
        chart: Chart | ChartTable,
        show: Callable[[Preview], None],
        failed: Callable[[str], None],
    ) -> None:
        self._kind = kind
        self._history = ChartHistory(chart, show)
        self._history.failed.connect(failed)

    def widget(self) -> QWidget:
        return self._history

    def show_live(self, step: int, preview: Preview) -> None:
        if isinstance(preview, self._kind):
            self._history.show_live(preview, step)

    def show_passing(self, preview: Preview) -> None:
        """Show a chart of a step that is not done yet, which has no place on the timeline."""
        if isinstance(preview, self._kind):
            self._history.show_passing(preview)

    def show_run(self, run: Run, name: str) -> None:
        self._history.set_source(SavedCharts(run.samples, name))


class SavedTexts:
    """The saved texts of one preview of a run, for the timeline and the table of all steps."""

    def __init__(self, samples: Path, name: str) -> None:
        self._charts = SavedCharts(samples, name)

    def steps(self) -> Sequence[int]:
        return self._charts.steps()

    def frame(self, step: int) -> Texts | None:
        saved = self._charts.frame(step)
        return texts_of(saved) if isinstance(saved, TextPreview) else None


def texts_of(preview: TextPreview) -> Texts:
    """Return what a sheet shows of a preview; its captions are data."""
    return Texts(preview.texts, preview.captions, preview.prompt)


class TextView:
    """Texts side by side with their timeline, or those of all steps in a table."""

    def __init__(self, failed: Callable[[str], None]) -> None:
        self._history = TextHistory()
        self._history.failed.connect(failed)

    def widget(self) -> QWidget:
        return self._history

    def show_live(self, step: int, preview: Preview) -> None:
        if isinstance(preview, TextPreview):
            self._history.show_live(texts_of(preview), step)

    def show_run(self, run: Run, name: str) -> None:
        self._history.set_source(SavedTexts(run.samples, name))


def heat_map_view(failed: Callable[[str], None]) -> ChartView:
    chart = HeatMap()
    return ChartView(HeatMapPreview, chart, partial(show_heat_map, chart), failed)


def bars_view(failed: Callable[[str], None]) -> ChartView:
    chart = BarCharts()
    return ChartView(BarsPreview, chart, partial(show_bars, chart), failed)


def table_view(failed: Callable[[str], None]) -> ChartView:
    table = ChartTable()
    return ChartView(TablePreview, table, partial(show_table, table), failed)


def show_heat_map(chart: HeatMap, preview: Preview) -> None:
    """Show a heat map; the titles of a recipe are translated, the names of its rows and columns are data."""
    if isinstance(preview, HeatMapPreview):
        titles = translated(preview.row_title), translated(preview.column_title)
        chart.set_values(preview.values, preview.rows, preview.columns, *titles, outlined=preview.outlined)


def show_bars(chart: BarCharts, preview: Preview) -> None:
    """Show bar charts."""
    if isinstance(preview, BarsPreview):
        chart.set_charts(
            [
                Bars(
                    translated(one.title), one.values, one.labels, tuple(map(translated, one.series)), one.low, one.high
                )
                for one in preview.charts
            ]
        )


def show_table(table: ChartTable, preview: Preview) -> None:
    """Show a table."""
    if isinstance(preview, TablePreview):
        table.set_rows([translated(title) for title in preview.columns], preview.rows)
