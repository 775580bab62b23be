"""The scores of an exam: how they are spread, and track by track."""

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QBoxLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gendesk.engine.exams import ExamReport
from gendesk.engine.throughput import clock
from gendesk.widgets.charts.bars import BarCharts, Bars
from gendesk.widgets.charts.table import ChartTable
from gendesk.widgets.icons import icon

_MINUS = "\N{MINUS SIGN}"


class ExamResults(QWidget):
    """A histogram above or beside a table that is sorted by score; the race of a chosen row can be watched."""

    watch_wanted = Signal(int)  # the seed of the track
    wide: ClassVar[int] = 820  # pixels: from here on the table stands beside the histogram

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report: ExamReport | None = None
        self._tracks: list[int] = []
        self.mean = QLabel(self)
        self.mean.setProperty("role", "title")
        self.mean.setAccessibleName(self.tr("Mean and standard deviation"))
        self.facts = QLabel(self, wordWrap=True)
        self.facts.setProperty("role", "muted")
        self.histogram = BarCharts(self)
        self.histogram.setAccessibleName(self.tr("Tracks by score"))
        self.histogram.setMinimumHeight(150)
        self.histogram.set_empty_text(self.tr("How the scores are spread appears here."))
        self.table = ChartTable(self)
        self.table.setAccessibleName(self.tr("Tracks, the best first"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.itemSelectionChanged.connect(self._choose)
        self._make_seed()
        self._arrange()
        self.show_report(None)

    def _make_seed(self) -> None:
        self.seed = QLabel(self, wordWrap=True)
        self.seed.setProperty("role", "muted")
        self.watch = QPushButton(icon("play"), self.tr("Watch This Race"), self)
        self.watch.setToolTip(self.tr("Let the driver race on this track in the Drive studio; so does a double click"))
        self.watch.clicked.connect(self._watch)
        self.table.itemDoubleClicked.connect(self._watch)

    def _arrange(self) -> None:
        upper = QWidget(self)
        left = QVBoxLayout(upper)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(6)
        left.addWidget(self.mean)
        left.addWidget(self.facts)
        left.addWidget(self.histogram, 1)
        lower = QWidget(self)
        right = QVBoxLayout(lower)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(6)
        right.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.seed, 1)
        row.addWidget(self.watch)
        right.addLayout(row)
        self._outer = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(8)
        self._outer.addWidget(upper, 1)
        self._outer.addWidget(lower, 1)
        self._lower = lower

    def resizeEvent(self, event: QResizeEvent) -> None:
        sideways = event.size().width() >= self.wide
        self._outer.setDirection(QBoxLayout.Direction.LeftToRight if sideways else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    def show_report(self, report: ExamReport | None) -> None:
        """Show an exam, also one that is still going on, or none."""
        self.report = report
        self._lower.setVisible(report is not None)
        if report is None:
            self.mean.setText(self.tr("No exam yet"))
            self.facts.setText(self.tr("100 tracks on which the driver was never trained; 900 on average is solved."))
            self.histogram.clear()
            self.table.set_rows(self._headings(), ())
        else:
            self.mean.setText(f"{_number(report.mean)} ± {_number(report.deviation)}")
            self.facts.setText(self._facts_of(report))
            chart = report.histogram()
            title = self.tr("{count} tracks by score").format(count=len(report.tracks))
            self.histogram.set_charts([Bars(title, chart.values, low=chart.low, high=chart.high)])
            self._show_tracks(report)
        self._choose()

    def _headings(self) -> tuple[str, ...]:
        return (self.tr("Track"), self.tr("Score"), self.tr("Decisions"), self.tr("Lap"))

    def _facts_of(self, report: ExamReport) -> str:
        parts = [
            self.tr("lowest {0}, highest {1}").format(_number(report.lowest), _number(report.highest)),
            self.tr("{0} above 900").format(f"{report.share_above():.0%}"),
            self.tr("in {0}").format(clock(report.seconds)),
        ]
        return ", ".join(parts)

    def _show_tracks(self, report: ExamReport) -> None:
        chosen = self.track
        ordered = sorted(report.tracks, key=lambda one: -one.score)
        rows = [
            (
                str(one.track),
                f"{one.score:.1f}".replace("-", _MINUS),
                f"{one.steps:,}",
                self.tr("ended") if one.finished else self.tr("ran out of time"),
            )
            for one in ordered
        ]
        self._tracks = [one.track for one in ordered]
        self.table.blockSignals(True)
        self.table.set_rows(self._headings(), rows)
        self.table.clearSelection()
        if chosen in self._tracks:
            self.table.selectRow(self._tracks.index(chosen))
        self.table.blockSignals(False)

    @property
    def track(self) -> int | None:
        """The seed of the track whose row is chosen."""
        rows = self.table.selectionModel().selectedRows()
        return self._tracks[rows[0].row()] if rows and rows[0].row() < len(self._tracks) else None

    def _choose(self) -> None:
        track = self.track
        self.watch.setEnabled(track is not None)
        if track is None:
            self.seed.setText(self.tr("Choose a track to watch its race.") if self.report else "")
        else:
            self.seed.setText(self.tr("The track of seed {0}.").format(track))

    def _watch(self) -> None:
        if self.track is not None:
            self.watch_wanted.emit(self.track)


def _number(value: float) -> str:
    return f"{value:.0f}".replace("-", _MINUS)
