"""The pages of a comparison that are tables: what became of the runs, and what was set differently."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from gendesk.app.runs.compare_table import ComparisonTable, TableRow, headers
from gendesk.engine.comparison import (
    VALIDATION,
    Difference,
    Notes,
    RunReading,
    all_metrics,
    best_of,
    config_differences,
)
from gendesk.engine.throughput import clock
from gendesk.widgets.icons import icon
from gendesk.widgets.plot.ticks import value_text
from gendesk.widgets.translation import translated

if TYPE_CHECKING:
    from gendesk.engine.recipe import MetricSpec

UNKNOWN = "\N{EN DASH}"


class TablePage(QWidget):
    """A table with a row of controls above it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = ComparisonTable(name)
        copy = QPushButton(icon("export"), self.tr("Copy Table"))
        copy.setToolTip(self.tr("Copy all rows as text that a spreadsheet takes (Ctrl+C in the table)"))
        copy.setAccessibleName(self.tr("Copy Table"))
        copy.clicked.connect(self.table.copy_table)
        self.controls = QHBoxLayout()
        self.controls.setContentsMargins(8, 8, 8, 0)
        self.controls.addStretch(1)
        self.controls.addWidget(copy)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self.controls)
        column.addWidget(self.pages, 1)


class SettingsPage(TablePage):
    """A row for each setting that differs, or for each one at all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Settings of the runs"), parent)
        self._readings: Sequence[RunReading] = ()
        self._notes: Notes = {}
        self.show_all = QCheckBox(self.tr("Show All"))
        self.show_all.setToolTip(self.tr("Show every setting; what differs from the first run is marked"))
        self.show_all.toggled.connect(self._show)
        self._same = QLabel(self.tr("These runs have the same settings; Show All lists them."))
        self._same.setProperty("role", "muted")
        self._same.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.controls.insertWidget(0, self.show_all)
        self.pages.addWidget(self._same)

    def set_readings(self, readings: Sequence[RunReading], notes: Notes) -> None:
        self._readings, self._notes = readings, notes
        self._show()

    def _show(self) -> None:
        runs = [reading.run for reading in self._readings]
        found = config_differences(runs, self._notes, everything=self.show_all.isChecked()) if runs else []
        self.table.set_rows(headers(self._readings), [self._row(difference) for difference in found])
        self.pages.setCurrentWidget(self.table if found or not runs else self._same)

    def _row(self, found: Difference) -> TableRow:
        unit = f" ({translated(found.unit)})" if found.unit else ""
        texts = tuple(UNKNOWN if value is None else translated(value) for value in found.values)
        tip = self.tr("{title}, called {name} in saved runs").format(title=translated(found.title), name=found.name)
        return TableRow(translated(found.group), translated(found.title) + unit, texts, tip, differs=found.differs)


class SummaryPage(TablePage):
    """What became of each run, and which one is the best at what it measures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Summary of the runs"), parent)
        note = QLabel(self.tr("The best value of each row is marked, where the runs have one recipe."))
        note.setProperty("role", "muted")
        self.controls.insertWidget(0, note)

    def set_readings(self, readings: Sequence[RunReading], notes: Notes) -> None:
        """Show what became of the runs, a row for each fact."""
        rows = [*self._course(readings), *self._values(readings, notes), *self._made_with(readings)]
        self.table.set_rows(headers(readings), rows)

    def _course(self, readings: Sequence[RunReading]) -> list[TableRow]:
        group = self.tr("Training")
        steps = tuple(
            self.tr("{step} of {total}").format(step=f"{one.step:,}", total=f"{total:,}")
            if (total := one.run.record.total_steps)
            else f"{one.step:,}"
            for one in readings
        )
        rates = [one.step / one.seconds if one.seconds else None for one in readings]
        begun = (time.strftime("%Y-%m-%d %H:%M", time.localtime(one.run.record.created)) for one in readings)
        return [
            TableRow(group, self.tr("State"), tuple(translated(str(one.state)) for one in readings)),
            TableRow(group, self.tr("Steps"), steps, self.tr("Steps done, of those planned")),
            TableRow(
                group,
                self.tr("Time"),
                tuple(clock(one.seconds) for one in readings),
                self.tr("Time in training, no pauses"),
            ),
            TableRow(group, self.tr("Steps per second"), _numbers(rates), self.tr("Mean over the whole training")),
            TableRow(group, self.tr("Begun"), tuple(begun)),
        ]

    def _values(self, readings: Sequence[RunReading], notes: Notes) -> list[TableRow]:
        group = self.tr("Values")
        rows = [self._best(readings, notes)]
        for name in all_metrics([one.history for one in readings]):
            spec = _spec(name, readings, notes)
            title = translated(spec.title if spec else name.replace("_", " ").capitalize())
            tip = translated(spec.description) if spec else self.tr("The newest value")
            for key, text in ((name, title), (VALIDATION + name, self.tr("{0} (held-out)").format(title))):
                values = [one.latest(key) for one in readings]
                if any(value is not None for value in values):
                    best = best_of(values, spec.goal if spec else "min") if _comparable(readings, key) else frozenset()
                    rows.append(TableRow(group, text, _numbers(values), tip, best))
        return rows

    def _best(self, readings: Sequence[RunReading], notes: Notes) -> TableRow:
        """Return the row of the best states; those of different recipes cannot be told better or worse."""
        records = [one.run.record for one in readings]
        texts = tuple(
            self.tr("{value} at step {step}").format(value=value_text(record.best_value), step=f"{record.best_step:,}")
            if record.best_value is not None
            else UNKNOWN
            for record in records
        )
        recipes = {record.config.recipe for record in records}
        note = notes.get(recipes.pop()) if len(recipes) == 1 else None
        spec = _spec(note.best, readings, notes) if note else None
        title = self.tr("Best {0} (held-out)").format(translated(spec.title)) if spec else self.tr("Best")
        tip = self.tr("The best held-out value so far, whose saved state is kept")
        best = best_of([record.best_value for record in records], spec.goal) if spec else frozenset[int]()
        return TableRow(self.tr("Values"), title, texts, tip, best)

    def _made_with(self, readings: Sequence[RunReading]) -> list[TableRow]:
        group = self.tr("Made with")
        records = [one.run.record for one in readings]
        data = tuple(
            self.tr("{title}, {count} pictures").format(title=record.data.title, count=f"{record.data.train_count:,}")
            if record.data
            else record.config.data
            for record in records
        )
        return [
            TableRow(group, self.tr("Recipe"), tuple(translated(record.recipe_title) for record in records)),
            TableRow(group, self.tr("Data"), data, self.tr("What the run was trained on")),
            TableRow(group, self.tr("Seed"), tuple(str(record.config.settings.seed) for record in records)),
            TableRow(group, self.tr("Device"), tuple(record.device or UNKNOWN for record in records)),
            TableRow(group, self.tr("Precision"), tuple(record.precision or UNKNOWN for record in records)),
            TableRow(group, self.tr("Version"), tuple(record.versions.get("gendesk", UNKNOWN) for record in records)),
        ]


def _numbers(values: Sequence[float | None]) -> tuple[str, ...]:
    return tuple(UNKNOWN if value is None else value_text(value) for value in values)


def _spec(metric: str, readings: Sequence[RunReading], notes: Notes) -> "MetricSpec | None":
    known = [notes[recipe] for one in readings if (recipe := one.run.record.config.recipe) in notes]
    return next((spec for note in known for spec in note.metrics if spec.name == metric), None)


def _comparable(readings: Sequence[RunReading], metric: str) -> bool:
    """Tell whether all runs with a metric are of one recipe: others may measure it in another way."""
    return len({one.run.record.config.recipe for one in readings if metric in one.history}) == 1
