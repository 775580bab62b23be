"""What several runs have saved, side by side, all at the same step of training: the frame for pictures and points."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gendesk.app.latest_worker import LatestWorker, Stopped
from gendesk.app.runs.compare_table import headers, run_swatch
from gendesk.engine.comparison import RunReading, nearest_step, run_names
from gendesk.engine.samples import sample_path
from gendesk.errors import StoredDataError
from gendesk.widgets.pictures.timeline import Timeline
from gendesk.widgets.theme import changes_look
from gendesk.widgets.translation import translated

SavedKey = tuple[str, str, int]
"""The folder of a run's samples, the name of a preview and a step."""

_KEPT = 48
_COLUMNS = 4


class RunTitle(QWidget):
    """The name of a run behind a dot in its colour."""

    def __init__(self, name: str, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._index = index
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(80, self.fontMetrics().height() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, (self.height() - 12) // 2, run_swatch(self._index, self.devicePixelRatioF()))
        area = self.rect().adjusted(18, 0, 0, 0)
        text = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, area.width())
        painter.setPen(self.palette().text().color())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self.update()


class RunPane(QWidget):
    """One run: its name, the step that it is really shown at, and below them `body`, which shows what it saved."""

    def __init__(self, name: str, index: int, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.step = QLabel()
        self.step.setProperty("role", "muted")
        self.step.setToolTip(self.tr("The last saved step at or before the one that is chosen below"))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(RunTitle(name, index), 1)
        top.addWidget(self.step)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(body, 1)
        self.setMinimumSize(200, 160)

    def show_step(self, step: int | None) -> None:
        self.step.setText("" if step is None else self.tr("Step {step}").format(step=f"{step:,}"))

    def show_saved(self, saved: Any) -> None:
        """Show what the page's reader has returned.

        That is a sentence where reading has failed, and None where the run has saved nothing up to this step.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class PageWords:
    """What a page calls the choice of what it shows, the tip of that choice, and what it says while it is empty."""

    choice: str
    tip: str
    empty: str


class StepsPage(QWidget):
    """A pane for each run, a choice of what is shown, and one timeline for all of them.

    A page says what its panes are, which steps a run has saved, and how one file is read, on a worker thread.
    """

    failed = Signal(str)

    def __init__(self, words: PageWords, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panes: list[RunPane] = []
        self._readings: Sequence[RunReading] = ()
        self._saved: OrderedDict[SavedKey, Any] = OrderedDict()
        self._worker = LatestWorker(self)
        self._worker.done.connect(self._take)
        self.preview = QComboBox()
        self.preview.setAccessibleName(words.choice)
        self.preview.setToolTip(words.tip)
        self.preview.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.preview.currentIndexChanged.connect(self._list_steps)
        self.timeline = Timeline()
        self.timeline.setToolTip(self.tr("The step of training at which all runs are shown"))
        self.timeline.step_selected.connect(self._show)
        self.hint = QLabel(words.empty)
        self.hint.setProperty("role", "muted")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._arrange()

    def make_pane(self, name: str, index: int, reading: RunReading) -> RunPane:
        """Make the pane of a run."""
        raise NotImplementedError

    def prepare(self, readings: Sequence[RunReading]) -> None:
        """Make the panes ready for new readings, before anything of them is shown."""

    def saved_names(self, readings: Sequence[RunReading]) -> list[str]:
        """Return the names of the previews that any run has saved, the one to begin with first."""
        raise NotImplementedError

    def saved_steps(self, reading: RunReading) -> Mapping[str, Sequence[int]]:
        """Return the rising steps at which a run has saved each preview, by its name."""
        raise NotImplementedError

    def saved_titles(self, reading: RunReading) -> Mapping[str, str]:
        """Return what the previews of a run are called, by their names."""
        raise NotImplementedError

    def reader(self) -> Callable[[Path], Any]:
        """Return what reads a file, on a worker thread; it raises StoredDataError."""
        raise NotImplementedError

    def _arrange(self) -> None:
        label = QLabel(self.preview.accessibleName())
        label.setBuddy(self.preview)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.preview)
        row.addStretch(1)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(8, 8, 8, 8)
        self.column.setSpacing(8)
        self.column.addLayout(row)
        self.column.addLayout(self._grid, 1)
        self.column.addWidget(self.hint, 1)
        self.column.addWidget(self.timeline)

    def show_readings(self, readings: Sequence[RunReading]) -> None:
        """Show these runs; the chosen step stays, or the newest is followed."""
        if headers(readings) != headers(self._readings):
            self._make_panes(readings)
        self._readings = readings
        self.prepare(readings)
        self._list_previews()
        self._list_steps()

    def _make_panes(self, readings: Sequence[RunReading]) -> None:
        for pane in self.panes:
            self._grid.removeWidget(pane)
            pane.hide()
            pane.deleteLater()
        self.panes = []
        columns = len(readings) if len(readings) <= _COLUMNS else -(-len(readings) // 2)
        for index, (one, name) in enumerate(zip(readings, run_names([one.run for one in readings]), strict=True)):
            pane = self.make_pane(name, index, one)
            self.panes.append(pane)
            self._grid.addWidget(pane, *divmod(index, columns))

    def _list_previews(self) -> None:
        names = self.saved_names(self._readings)
        if names == [self.preview.itemData(index) for index in range(self.preview.count())]:
            return
        titles = {name: title for one in self._readings for name, title in self.saved_titles(one).items()}
        chosen = self.preview.currentData()
        with QSignalBlocker(self.preview):
            self.preview.clear()
            for name in names:
                self.preview.addItem(translated(titles[name]), name)
            self.preview.setCurrentIndex(max(0, self.preview.findData(chosen)))

    def _list_steps(self) -> None:
        name = self.preview.currentData()
        steps = sorted({step for one in self._readings for step in self.saved_steps(one).get(name, ())})
        self.hint.setVisible(not steps)
        for pane in self.panes:
            pane.setVisible(bool(steps))
        if steps != list(self.timeline.steps):
            self.timeline.set_steps(steps)
        self._show()

    def steps_shown(self) -> list[int | None]:
        """Return the step of each run that belongs to the place of the timeline."""
        name, wanted = self.preview.currentData(), self.timeline.step
        if wanted is None:
            return [None for _ in self._readings]
        return [nearest_step(self.saved_steps(one).get(name, ()), wanted) for one in self._readings]

    def _keys(self) -> list[SavedKey | None]:
        name = self.preview.currentData()
        steps = zip(self._readings, self.steps_shown(), strict=True)
        return [None if step is None else (str(one.run.samples), name, step) for one, step in steps]

    def missing(self) -> list[SavedKey]:
        """Return what is to be shown and has not been read yet."""
        return [key for key in self._keys() if key is not None and key not in self._saved]

    def _show(self) -> None:
        """Show what has been read, and have the rest read."""
        keys, missing = self._keys(), self.missing()
        for pane, key in zip(self.panes, keys, strict=True):
            if key is None:
                pane.show_step(None)
                pane.show_saved(None)
            elif key in self._saved:
                self._saved.move_to_end(key)
                pane.show_step(key[2])
                pane.show_saved(self._saved[key])
        if missing:
            self._worker.ask(partial(_read_all, self.reader(), missing))

    def _take(self, saved: Mapping[SavedKey, Any] | Exception) -> None:
        if isinstance(saved, Exception):
            self.failed.emit(self.tr("What the runs have saved cannot be read: {reason}.").format(reason=saved))
            return
        self._saved.update(saved)
        while len(self._saved) > _KEPT:
            self._saved.popitem(last=False)
        self._show()


def _read_all(read: Callable[[Path], Any], keys: Sequence[SavedKey], stopped: Stopped) -> dict[SavedKey, Any]:
    """Read files, on a worker thread."""
    return {key: _read_one(read, key) for key in keys if not stopped()}


def _read_one(read: Callable[[Path], Any], key: SavedKey) -> Any:
    folder, name, step = key
    try:
        path = sample_path(Path(folder), step, name)
        return read(path) if path else f"What was saved at step {step:,} is gone."
    except (StoredDataError, OSError) as error:
        return str(error)
