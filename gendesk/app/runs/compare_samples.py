"""The sample sheets of several runs side by side, all at the same step of training."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gendesk.app.latest_worker import LatestWorker, Stopped
from gendesk.app.runs.compare_table import headers, run_swatch
from gendesk.engine.comparison import RunReading, nearest_step, run_names, sample_names
from gendesk.engine.preview import ImagePreview
from gendesk.engine.samples import load_image_preview, sample_path
from gendesk.errors import StoredDataError
from gendesk.widgets.pictures.image_grid import ImageGrid
from gendesk.widgets.pictures.timeline import Timeline
from gendesk.widgets.theme import changes_look
from gendesk.widgets.translation import translated

SheetKey = tuple[str, str, int]
"""The folder of a run's samples, the name of a preview and a step."""
Sheet = ImagePreview | str
"""A sheet of pictures, or the sentence that says why it cannot be shown."""

_KEPT_SHEETS = 48
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


class SheetPane(QWidget):
    """One run: its name, its pictures, and the step they really are of."""

    failed = Signal(str)

    def __init__(self, name: str, index: int, metadata: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = ImageGrid()
        self.grid.set_metadata(metadata)
        self.grid.failed.connect(self.failed)
        self.step = QLabel()
        self.step.setProperty("role", "muted")
        self.step.setToolTip(self.tr("The last saved step at or before the one that is chosen below"))
        title = RunTitle(name, index)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(title, 1)
        top.addWidget(self.step)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.grid, 1)
        self.setMinimumSize(200, 160)
        self.setAccessibleName(self.tr("Pictures of {run}").format(run=name))

    def show_sheet(self, step: int | None, sheet: Sheet | None) -> None:
        """Show the pictures of a step; None for a step without any, a sentence for those that cannot be read."""
        self.step.setText("" if step is None else self.tr("Step {step}").format(step=f"{step:,}"))
        if isinstance(sheet, ImagePreview):
            self.grid.set_images(sheet.images, sheet.columns, sheet.captions, sheet.row_titles)
            return
        self.grid.set_empty_text(sheet or self.tr("This run has saved no such pictures up to this step."))
        self.grid.set_images(self.grid.view.images[:0])


class SamplesPage(QWidget):
    """A pane for each run, and one timeline for all of them."""

    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panes: list[SheetPane] = []
        self._readings: Sequence[RunReading] = ()
        self._sheets: OrderedDict[SheetKey, Sheet] = OrderedDict()
        self._worker = LatestWorker(self)
        self._worker.done.connect(self._read)
        self.preview = QComboBox()
        self.preview.setAccessibleName(self.tr("Pictures"))
        self.preview.setToolTip(self.tr("Which of the saved pictures are shown"))
        self.preview.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.preview.currentIndexChanged.connect(self._list_steps)
        self.timeline = Timeline()
        self.timeline.setToolTip(self.tr("The step of training at which all runs are shown"))
        self.timeline.step_selected.connect(self._show)
        self._hint = QLabel(self.tr("Pictures appear here when one of the runs has saved some."))
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._arrange()

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
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(row)
        column.addLayout(self._grid, 1)
        column.addWidget(self._hint, 1)
        column.addWidget(self.timeline)

    def set_readings(self, readings: Sequence[RunReading]) -> None:
        """Show these runs; the chosen step stays, or the newest is followed."""
        if headers(readings) != headers(self._readings):
            self._make_panes(readings)
        self._readings = readings
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
            pane = SheetPane(name, index, {"gendesk run": one.run.record.config.model_dump_json()})
            pane.failed.connect(self.failed)
            self.panes.append(pane)
            self._grid.addWidget(pane, *divmod(index, columns))

    def _list_previews(self) -> None:
        names = sample_names(self._readings)
        if names == [self.preview.itemData(index) for index in range(self.preview.count())]:
            return
        titles = {name: title for one in self._readings for name, title in one.sheet_titles.items()}
        chosen = self.preview.currentData()
        with QSignalBlocker(self.preview):
            self.preview.clear()
            for name in names:
                self.preview.addItem(translated(titles[name]), name)
            self.preview.setCurrentIndex(max(0, self.preview.findData(chosen)))

    def _list_steps(self) -> None:
        name = self.preview.currentData()
        steps = sorted({step for one in self._readings for step in one.sheets.get(name, ())})
        self._hint.setVisible(not steps)
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
        return [nearest_step(one.sheets.get(name, ()), wanted) for one in self._readings]

    def _keys(self) -> list[SheetKey | None]:
        name = self.preview.currentData()
        steps = zip(self._readings, self.steps_shown(), strict=True)
        return [None if step is None else (str(one.run.samples), name, step) for one, step in steps]

    def _show(self) -> None:
        """Show the sheets that have been read, and have the others read."""
        keys = self._keys()
        missing = [key for key in keys if key is not None and key not in self._sheets]
        for pane, key in zip(self.panes, keys, strict=True):
            if key is None:
                pane.show_sheet(None, None)
            elif key in self._sheets:
                self._sheets.move_to_end(key)
                pane.show_sheet(key[2], self._sheets[key])
        if missing:
            self._worker.ask(partial(_read_sheets, missing))

    def _read(self, sheets: Mapping[SheetKey, Sheet] | Exception) -> None:
        if isinstance(sheets, Exception):
            self.failed.emit(self.tr("The pictures cannot be read: {reason}.").format(reason=sheets))
            return
        self._sheets.update(sheets)
        while len(self._sheets) > _KEPT_SHEETS:
            self._sheets.popitem(last=False)
        self._show()


def _read_sheets(keys: Sequence[SheetKey], stopped: Stopped) -> dict[SheetKey, Any]:
    """Decode sheets, on a worker thread."""
    return {key: _read_sheet(key) for key in keys if not stopped()}


def _read_sheet(key: SheetKey) -> Sheet:
    folder, name, step = key
    try:
        path = sample_path(Path(folder), step, name)
        return load_image_preview(path) if path else f"The pictures of step {step:,} are gone."
    except (StoredDataError, OSError) as error:
        return str(error)
