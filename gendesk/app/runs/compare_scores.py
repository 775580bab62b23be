"""New samples of several runs beside real pictures, and a table of how sharp, varied and near to the data they are."""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from gendesk.app.runs.compare_questions import FindBridge, RunQuestions
from gendesk.app.runs.compare_scores_bar import ScoresBar
from gendesk.app.runs.compare_table import ComparisonTable, TableRow, headers
from gendesk.engine.comparison import RunReading, run_names
from gendesk.engine.comparison_table import (
    UNKNOWN,
    ComparedNumber,
    Measured,
    NewSamples,
    as_csv,
    comparable,
    compared_numbers,
    fingerprint_of,
    of_one_size,
    sheet_rows,
)
from gendesk.files import write_atomically
from gendesk.widgets.export import Export, Report, choose_file
from gendesk.widgets.pictures.image_grid import ImageGrid
from gendesk.widgets.translation import translated

COMPARISON_KEY = "gendesk comparison"
"""The text of a saved sheet that says whose pictures it holds, as JSON."""

_SHOWN = 16  # pictures of each run
ScoreKey = tuple[str, int, int, int]
"""A run, its step, the count and the seed: what a score belongs to."""


class ScoresPage(QWidget):
    """A row of new samples for each run, asked for when the page is seen, and scores at the press of a button."""

    failed = Signal(str)

    def __init__(self, find_bridge: FindBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.samples: dict[str, NewSamples] = {}
        self.scores: dict[ScoreKey, Measured] = {}
        self.problems: dict[str, str] = {}
        self._readings: Sequence[RunReading] = ()
        self._asked: tuple[object, ...] = ()
        self.questions = RunQuestions(find_bridge, self)
        self.bar = ScoresBar()
        self.grid = ImageGrid()
        self.grid.setAccessibleName(self.tr("New samples of the runs"))
        self.grid.failed.connect(self.failed)
        self.table = ComparisonTable(self.tr("Scores of the runs"))
        self.hint = QLabel()
        self.hint.setProperty("role", "muted")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._files = Export(self)
        self._files.failed.connect(self.failed)
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.grid)
        self.split.addWidget(self.table)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.hint)
        self.stack.addWidget(self.split)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(8)
        column.addWidget(self.bar)
        column.addWidget(self.stack, 1)

    def _connect(self) -> None:
        asked = self.questions
        asked.sampled.connect(self._take_samples)
        asked.scored.connect(self._take_scores)
        asked.failed.connect(self._take_problem)
        asked.ended.connect(self._show)
        asked.progressed.connect(self.bar.show_scoring)
        asked.features_progressed.connect(self.bar.show_training)
        asked.features_ended.connect(self._end_features)
        self.bar.seed_box.changed.connect(self._resample)
        self.bar.counts.currentIndexChanged.connect(self._count_changed)
        self.bar.score.clicked.connect(self.start_scoring)
        self.bar.cancel.clicked.connect(self._cancel)
        self.bar.train.clicked.connect(self._train_features)
        self.bar.save.clicked.connect(self._ask_where)

    # What is compared

    def set_readings(self, readings: Sequence[RunReading]) -> None:
        """Compare these runs; those that have trained on are asked for new samples while the page is seen."""
        self._readings = readings
        known = {one.run.id for one in readings}
        self.samples = {run_id: samples for run_id, samples in self.samples.items() if run_id in known}
        self._sample()
        self._show()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._sample()
        self._show()

    def _sample(self) -> None:
        """Ask for samples, unless these have been asked for or nobody would see them."""
        wanted = tuple((one.run.id, one.step) for one in self._readings), self.bar.seed_box.seed
        if self.isVisible() and self._readings and wanted != self._asked and self.questions.ready():
            self._asked = wanted
            self.problems = {}
            self.questions.sample([one.run.id for one in self._readings], _SHOWN, self.bar.seed_box.seed)

    def _resample(self) -> None:
        self.questions.cancel()
        self._sample()
        self._show()

    def _count_changed(self) -> None:
        self.questions.cancel()
        self._show()

    def start_scoring(self) -> None:
        """Score what has no score yet of this step, count and seed."""
        missing = [run_id for run_id in self.samples if self._key(run_id) not in self.scores]
        if missing and self.questions.ready():
            self.questions.score(missing, self.bar.count, self.bar.seed_box.seed)
            self._show()

    def measured(self) -> list[Measured | None]:
        """Return the newest score of each run of the present count and seed, None where there is none."""
        return [self._measured(one.run.id) for one in self._readings]

    def _measured(self, run_id: str) -> Measured | None:
        _, step, *wish = self._key(run_id)
        steps = [known[1] for known in self.scores if (known[0], *known[2:]) == (run_id, *wish)]
        return self.scores[run_id, step if step in steps else max(steps), wish[0], wish[1]] if steps else None

    def _key(self, run_id: str) -> ScoreKey:
        step = self.samples[run_id].step if run_id in self.samples else -1
        return run_id, step, self.bar.count, self.bar.seed_box.seed

    # Answers

    def _take_samples(self, run_id: str, samples: NewSamples) -> None:
        self.samples[run_id] = samples
        self._show()

    def _take_scores(self, run_id: str, measured: Measured) -> None:
        self.scores[run_id, measured.step, measured.scores.count, self.bar.seed_box.seed] = measured
        self.problems.pop(run_id, None)
        self._show()

    def _take_problem(self, run_id: str, sentence: str) -> None:
        self.problems[run_id] = sentence
        self._show()

    def _cancel(self) -> None:
        if self.questions.training_features:
            self.questions.cancel_features()
            self.bar.show_stopping()
        else:
            self.questions.cancel()

    def _train_features(self) -> None:
        lacking = [one for one in self.measured() if one is not None and not one.by_features]
        run = next((one.run.id for one in self._readings if lacking and fingerprint_of(one) == lacking[0].data), "")
        if run:
            self.questions.train_features(run)
            self.bar.show_training(0.0)

    def _end_features(self, problem: str) -> None:
        """Score anew what had no features."""
        if problem:
            self.failed.emit(problem)
        elif self.bar.was_stopped:
            self._show()
            return
        else:
            self.scores = {key: known for key, known in self.scores.items() if known.by_features}
            self.start_scoring()
        self._show()

    # What is shown

    def _show(self) -> None:
        measured = self.measured()
        self._show_hint()
        self._show_pictures()
        self.table.set_rows(headers(self._readings), self._rows())
        lacking = any(one is not None and not one.by_features for one in measured)
        self.bar.show_state(
            scoring=self.questions.scoring,
            training=self.questions.training_features,
            missing=any(self._key(run_id) not in self.scores for run_id in self.samples),
            lacking_features=lacking,
            table=any(measured),
        )
        self.bar.note.setText(self._note(measured))

    def _show_hint(self) -> None:
        empty = not self.samples and not self.problems
        self.stack.setCurrentWidget(self.hint if empty else self.split)
        self.hint.setText(
            self.tr("New samples of the runs appear here in a moment.")
            if self.questions.ready()
            else self.tr("New samples appear here when the engine has been loaded; press Refresh in a moment.")
        )

    def _note(self, measured: Sequence[Measured | None]) -> str:
        known = [one for one in measured if one is not None]
        if not known:
            count = f"{self.bar.count:,}"
            return self.tr("Score Runs holds {count} new pictures of each against as many real ones.").format(
                count=count
            )
        if not comparable(known):
            return self.tr("Not scored alike: data, features or counts differ, so none is marked as the best.")
        first = known[0].scores
        how = (
            self.tr("{count} pictures of each against {real} of the training data, by {features}.")
            if known[0].by_features
            else self.tr("{count} pictures of each against {real} of the training data, by pixels, which tell little.")
        )
        return how.format(count=f"{first.count:,}", real=f"{first.reference_count:,}", features=first.features)

    def _show_pictures(self) -> None:
        rows = sheet_rows(self._readings, self.samples, _SHOWN, self.tr("Real"))
        if not rows:
            return
        titles, stacks = zip(*rows, strict=True)
        self.grid.set_images(of_one_size(stacks), _SHOWN, row_titles=titles)
        ids = [one.run.id for one in self._readings]
        facts = {"runs": ids, "steps": [self._key(run_id)[1] for run_id in ids], "seed": self.bar.seed_box.seed}
        self.grid.set_metadata({COMPARISON_KEY: json.dumps({"rows": titles, **facts})})

    def _rows(self) -> list[TableRow]:
        rows = [
            TableRow(
                translated(row.group),
                translated(row.title),
                row.texts,
                " ".join(map(translated, row.tips)),
                row.best,
            )
            for row in self.numbers()
        ]
        if self.problems:
            texts = tuple(self.problems.get(one.run.id, UNKNOWN) for one in self._readings)
            rows.insert(0, TableRow(self.tr("Samples"), self.tr("Problem"), texts))
        return rows

    def numbers(self) -> list[ComparedNumber]:
        """Return the rows of the table as numbers."""
        return compared_numbers(self._readings, self.measured())

    # Files

    def _ask_where(self) -> None:
        choose_file(self, self.tr("Save Table as CSV"), "comparison.csv", self.save_csv)

    def save_csv(self, path: Path) -> None:
        """Write the table with bare numbers, on a worker thread."""
        runs = [one.run for one in self._readings]
        names = [f"{name} [{run.id}]" for name, run in zip(run_names(runs), runs, strict=True)]
        self._files.start(path, partial(_write, as_csv(names, self.numbers())))


def _write(text: str, path: Path, _report: Report) -> None:
    write_atomically(path, text, durable=False)
