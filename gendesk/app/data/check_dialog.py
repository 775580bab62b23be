"""A look at pictures, texts or music of the person's own before a model is trained on them."""

import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gendesk.app.data.facts import FactsView, Report
from gendesk.app.data.own_words import own_words
from gendesk.app.data.text_look import TextLook, TextLookView, look_at
from gendesk.app.latest_worker import LatestWorker, Stopped
from gendesk.config import field_specs
from gendesk.data.check import DataReport, check
from gendesk.data.dataset import DatasetKind
from gendesk.data.library import Cancelled, DataLibrary
from gendesk.data.options import DataOptions, ScoreOptions, TextOptions, options_for
from gendesk.data.scores.report import ScoreReport
from gendesk.errors import GendeskError, InputError
from gendesk.studios.music.score_player import Piece, ScorePlayer
from gendesk.widgets.form.config_form import ConfigForm
from gendesk.widgets.pictures.image_grid import ImageGrid

_WAIT_MS = 400
_COLUMNS = 8


class CheckDialog(QDialog):
    """Checks on a worker thread, and again when an option is changed; `accepted_data` brings reference and options.

    What was checked is prepared, so that a training with it begins at once.
    """

    accepted_data = Signal(str, dict)
    checked = Signal()  # a report or a refusal is shown
    _told = Signal(float, str)

    def __init__(
        self,
        library: DataLibrary,
        reference: str,
        parent: QWidget | None = None,
        kind: DatasetKind = DatasetKind.IMAGES,
        values: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """`values` are options to begin with; those that data of this kind do not have are left out."""
        super().__init__(parent)
        self._kind = kind
        self._words = own_words(kind)
        self._options = options_for(kind)
        self._values = values
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Check Data"))
        self.resize(1160 if kind is DatasetKind.SCORES else 1000, 640)
        self._library = library
        self._reference = reference
        self._cancel = threading.Event()
        self.report: Report | None = None
        self._worker = LatestWorker(self)
        self._worker.done.connect(self._take)
        self._told.connect(self._show_progress)
        self._timer = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._timer.timeout.connect(self._check)
        self._arrange()
        self.options.changed.connect(self._options_changed)
        self._check()

    @property
    def sentence(self) -> str:
        """What is said of the data at the moment."""
        return self._state.text()

    def _arrange(self) -> None:
        self._place = QLabel()
        self._place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._place.setProperty("role", "title")
        self._state = QLabel()
        self._state.setWordWrap(True)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedHeight(4)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(self.tr("Progress of the check"))
        self.facts = FactsView()
        self.sheet = self._make_sheet()
        self.options = ConfigForm()
        usual = self._options().model_dump(mode="json")
        first = {name: self._values.get(name, value) for name, value in usual.items()}
        self.options.set_fields(field_specs(self._options), first, usual)
        columns = QSplitter(Qt.Orientation.Horizontal)
        for part, width in ((self.facts, 320), (self.sheet, 400), (self.options, 260)):
            columns.addWidget(part)
            part.setMinimumWidth(width - 60)
        columns.setSizes([320, self.width() - 600, 280])
        columns.setStretchFactor(1, 1)
        columns.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for widget in (self._place, self._state, self._bar):
            column.addWidget(widget)
        column.addWidget(columns, 1)
        column.addWidget(self._buttons())

    def _make_sheet(self) -> ImageGrid | TextLookView | ScorePlayer:
        if self._kind is DatasetKind.TEXT:
            return TextLookView()
        if self._kind is DatasetKind.SCORES:
            player = ScorePlayer()
            player.set_empty_text(self.tr("Some of the pieces as training will see them appear here."))
            return player
        sheet = ImageGrid()
        sheet.set_empty_text(self.tr("The pictures as training will see them appear here."))
        return sheet

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        self.use = QPushButton(self.tr("Use This Data"))
        self.use.setToolTip(self._words.use)
        self.use.setProperty("role", "primary")
        self.use.clicked.connect(self._use)
        other = QPushButton(self.tr("Choose Another..."))
        other.setToolTip(self._words.other)
        if self._kind is DatasetKind.IMAGES:
            other.clicked.connect(self._choose_folder)
        else:
            menu = QMenu(other)
            menu.addAction(self.tr("File..."), self._choose_file)
            menu.addAction(self.tr("Folder..."), self._choose_folder)
            other.setMenu(menu)
        self.again = QPushButton(self.tr("Check Again"))
        self.again.setToolTip(self.tr("Look at the files once more, as after a change to them"))
        self.again.clicked.connect(self._check_again)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setToolTip(self.tr("Leave the data as they were chosen before"))
        cancel.clicked.connect(self.reject)
        box.addButton(self.use, QDialogButtonBox.ButtonRole.AcceptRole)
        box.addButton(other, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(self.again, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        return box

    # The check

    def _options_changed(self, _values: dict[str, Any]) -> None:
        self.use.setEnabled(False)
        self._cancel.set()
        self._timer.start()

    def _check_again(self) -> None:
        self._timer.stop()
        self._check()

    def _check(self) -> None:
        self._place.setText(Path(self._reference).name or self._reference)
        self._place.setToolTip(self._reference)
        self.use.setEnabled(False)
        self.report = None
        self.options.clear_errors()
        try:
            options = self._options().with_values(self.options.values())
        except InputError as error:
            self._refuse(str(error))
            return
        self._cancel.set()
        self._cancel = threading.Event()
        self._say(self.tr("Looking at the data..."), "muted")
        self._bar.setValue(0)
        self._worker.ask(partial(_checked, self._library, self._reference, options, self._cancel, self._told.emit))

    def _show_progress(self, fraction: float, sentence: str) -> None:
        self._bar.setValue(round(1000 * fraction))
        if self.report is None:
            self._say(sentence, "muted")

    def _take(self, result: Any) -> None:
        if isinstance(result, Cancelled):
            return
        if isinstance(result, TextLook) and isinstance(self.sheet, TextLookView):
            self.sheet.show_look(result)
            self._show_report(result.report)
        elif isinstance(result, ScoreReport) and isinstance(self.sheet, ScorePlayer):
            self.sheet.set_pieces([Piece(score) for score in result.pieces])
            self._show_report(result)
        elif isinstance(result, DataReport) and isinstance(self.sheet, ImageGrid):
            self.sheet.set_images(result.pictures, _COLUMNS)
            self._show_report(result)
        else:
            self._refuse(str(result))

    def _show_report(self, report: Report) -> None:
        self.report = report
        self._bar.setValue(1000)
        left_out = self.tr(", {0:,} files left out").format(report.skipped_count) if report.skipped else ""
        info = report.info
        # Of pieces, those that were found are all that might have been some.
        found = info.train_count + info.test_count if isinstance(report, ScoreReport) else report.found
        self._say(self._words.found.format(found, left_out), "")
        self.facts.show_report(report)
        self.use.setEnabled(True)
        self.use.setFocus()
        self.checked.emit()

    def _refuse(self, sentence: str) -> None:
        self.facts.clear()
        if isinstance(self.sheet, TextLookView | ScorePlayer):
            self.sheet.clear()
        self._bar.setValue(0)
        self._say(sentence, "error")
        self.checked.emit()

    def _say(self, sentence: str, role: str) -> None:
        self._state.setText(sentence)
        self._state.setProperty("role", role)
        self._state.style().polish(self._state)

    # The answer

    def _use(self) -> None:
        self.accepted_data.emit(self._reference, self.options.values())
        self.accept()

    def _choose_file(self) -> None:
        self._look_at(QFileDialog.getOpenFileName(self, self._words.file_title, filter=self._words.filter)[0])

    def _choose_folder(self) -> None:
        self._look_at(QFileDialog.getExistingDirectory(self, self._words.folder))

    def _look_at(self, chosen: str) -> None:
        if chosen:
            self._reference = chosen
            self._check()

    def done(self, result: int) -> None:
        """Qt's hook for every way to close: the check ends soon, and its worker is waited for."""
        self._cancel.set()
        super().done(result)


def _checked(
    library: DataLibrary, reference: str, options: DataOptions, cancel: threading.Event, tell: Any, stopped: Stopped
) -> DataReport | TextLook | ScoreReport:
    def cancelled() -> bool:
        return cancel.is_set() or stopped()

    try:
        if isinstance(options, TextOptions):
            return look_at(check(library, reference, options, tell, cancelled))
        if isinstance(options, ScoreOptions):
            return check(library, reference, options, tell, cancelled)
        return check(library, reference, options, tell, cancelled)
    except OSError as error:
        raise GendeskError(f"{reference} cannot be read: {error.strerror or error}.") from error
