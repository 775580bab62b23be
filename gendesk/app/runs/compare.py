"""A window that shows several runs beside each other: curves, settings, pictures, scores, and what became of them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QTabWidget, QVBoxLayout, QWidget

from gendesk.app.latest_worker import LatestWorker, Stopped
from gendesk.app.runs.compare_codes import CodesPage, SavedPoints, saved_points
from gendesk.app.runs.compare_curves import CurvesPage
from gendesk.app.runs.compare_questions import FindBridge
from gendesk.app.runs.compare_samples import SamplesPage
from gendesk.app.runs.compare_scores import ScoresPage
from gendesk.app.runs.compare_summary import SettingsPage, SummaryPage
from gendesk.engine.comparison import Notes, RunReading, read_runs, recipe_notes
from gendesk.engine.families import Families
from gendesk.engine.runs import Run
from gendesk.widgets.icons import icon
from gendesk.widgets.message_bar import MessageBar

FEWEST, MOST = 2, 8
_REFRESH_MS = 3000
_SHARE = 10  # of the time between two readings, at most one part goes into reading


@dataclass(frozen=True)
class _Answer:
    """What the worker has read for these runs; `problems` are sentences, `seconds` the time that it took.

    `points` holds, by the folder of a run, where it has saved points of a plane.
    """

    runs: tuple[Run, ...]
    readings: Sequence[RunReading]
    problems: Sequence[str]
    notes: Notes
    points: Mapping[Path, SavedPoints]
    seconds: float


class CompareWindow(QWidget):
    """For 2 to 8 runs of any families. Reads them on a worker thread, and again while one of them trains."""

    def __init__(
        self,
        runs: Sequence[Run],
        families: Families | None = None,
        parent: QWidget | None = None,
        *,
        find_bridge: FindBridge = lambda: None,
    ) -> None:
        """With `families`, settings and metrics are called what their recipes call them; ValueError as `set_runs`.

        `find_bridge` gives the bridge to the engine as soon as there is one; without it no model is asked for samples.
        """
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1120, 720)
        self.readings: Sequence[RunReading] = ()
        self._runs: tuple[Run, ...] = ()
        self._families = families
        self._notes: Notes = {}
        self._points: Mapping[Path, SavedPoints] = {}
        self._told: Sequence[str] = ()
        self._stale: set[QWidget] = set()
        self._worker = LatestWorker(self)
        self._worker.done.connect(self._take)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.refresh)
        self.message = MessageBar()
        self.curves, self.settings = CurvesPage(), SettingsPage()
        self.samples, self.scores = SamplesPage(), ScoresPage(find_bridge)
        self.codes, self.summary = CodesPage(), SummaryPage()
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.setAccessibleName(self.tr("Comparison"))
        for page, title in (
            (self.curves, self.tr("Curves")),
            (self.settings, self.tr("Settings")),
            (self.samples, self.tr("Samples")),
            (self.scores, self.tr("Scores")),
            (self.codes, self.tr("Codes")),
            (self.summary, self.tr("Summary")),
        ):
            self.tabs.addTab(page, title)
        self.tabs.currentChanged.connect(self._fill)
        self.tabs.setCornerWidget(self._make_corner())
        for part in (self.curves, self.samples, self.scores, self.codes):
            part.failed.connect(self._show_error)
        QShortcut(QKeySequence.StandardKey.Close, self, self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message)
        column.addWidget(self.tabs, 1)
        self.set_runs(runs)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give up what is being scored."""
        self.scores.questions.cancel()
        super().closeEvent(event)

    def _make_corner(self) -> QWidget:
        self._live = QLabel()
        self._live.setProperty("role", "muted")
        refresh = QPushButton(icon("loop"), self.tr("Refresh"))
        refresh.setAccessibleName(self.tr("Refresh"))
        refresh.setToolTip(self.tr("Read the runs again (F5); while one of them trains this happens by itself"))
        refresh.setShortcut(QKeySequence.StandardKey.Refresh)
        refresh.clicked.connect(self.refresh)
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(8)
        row.addWidget(self._live)
        row.addWidget(refresh)
        return corner

    @property
    def runs(self) -> Sequence[Run]:
        return self._runs

    def set_runs(self, runs: Sequence[Run]) -> None:
        """Compare these runs from now on; raises ValueError if they are fewer than 2 or more than 8."""
        if not FEWEST <= len(runs) <= MOST:
            raise ValueError(f"{FEWEST} to {MOST} runs can be compared, not {len(runs)}.")
        self._runs = tuple(runs)
        self.setWindowTitle(self.tr("Compare {count} Runs").format(count=len(runs)))
        self.refresh()

    def refresh(self) -> None:
        """Read what has changed, on the worker thread."""
        self._timer.stop()
        known = {one.run.folder: one for one in self.readings}
        self._worker.ask(partial(_read, self._runs, known, self._families, self._notes))

    def _take(self, answer: _Answer | Exception) -> None:
        if isinstance(answer, Exception):
            self._show_error(self.tr("The runs cannot be read: {reason}.").format(reason=answer))
            return
        if answer.runs != self._runs:
            return
        self.readings, self._notes, self._points = answer.readings, answer.notes, answer.points
        if new := [problem for problem in answer.problems if problem not in self._told]:
            self._show_error(" ".join(new))
        self._told = answer.problems
        self._stale = {self.curves, self.settings, self.samples, self.scores, self.codes, self.summary}
        self._fill()
        training = any(one.in_use for one in self.readings)
        self._live.setText(self.tr("Live") if training else "")
        if training:
            self._timer.start(max(_REFRESH_MS, round(_SHARE * 1000 * answer.seconds)))

    def _fill(self) -> None:
        """Show what has been read in the page that is in front; the others get it when they come there."""
        page = self.tabs.currentWidget()
        if page not in self._stale:
            return
        self._stale.discard(page)
        if isinstance(page, SamplesPage | ScoresPage):
            page.set_readings(self.readings)
        elif isinstance(page, CodesPage):
            page.set_readings(self.readings, self._points)
        elif isinstance(page, (CurvesPage, SettingsPage, SummaryPage)):
            page.set_readings(self.readings, self._notes)

    def _show_error(self, sentence: str) -> None:
        self.message.show_message(sentence, "error")


def _read(
    runs: tuple[Run, ...],
    known: Mapping[Path, RunReading],
    families: Families | None,
    notes: Notes,
    stopped: Stopped,
) -> _Answer:
    """Read runs and, once, what their recipes say of themselves; on a worker thread."""
    begun = time.monotonic()
    readings, problems = read_runs(runs, known, stopped)
    points = {one.run.folder: saved_points(one.run.samples) for one in readings if not stopped()}
    seconds = time.monotonic() - begun
    recipes = {run.record.config.recipe for run in runs}
    if families is not None and not recipes <= notes.keys() and not stopped():
        notes = recipe_notes(families, recipes)
    return _Answer(runs, readings, problems, notes, points, seconds)
