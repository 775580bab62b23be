"""Races in files: what was done in one is saved, and driven again to the last bit."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from gendesk.errors import InputError
from gendesk.widgets.export import Export, Report, choose_file
from gendesk.widgets.icons import icon

from ...race_log import RaceLog
from ..labour import Labour, sentence_of

_PATIENCE = 5.0
"""Seconds to wait for the race to say what was done in it; it looks after every frame."""

_TOLD_MS = 3000
"""For how long the button says that it has saved."""

AskedLog = Callable[[], "Future[RaceLog | None]"]


class RaceFileButton(QToolButton):
    """A button whose menu saves the race that goes on, and opens one; both on worker threads."""

    opened = Signal(object)  # a RaceLog
    failed = Signal(str)  # one sentence

    def __init__(self, log: AskedLog, parent: QWidget | None = None) -> None:
        """`log` asks for what was done so far, for None where nothing was."""
        super().__init__(parent)
        self._log = log
        self.setAccessibleName(self.tr("Race file"))
        self.setToolTip(self.tr("Save what is done in this race, or see a saved one again"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._export = Export(self)
        self._export.failed.connect(self.failed)
        self._export.saved.connect(self._tell_saved)
        self.saved = self._export.saved
        self._told = QTimer(self, interval=_TOLD_MS, singleShot=True)
        self._told.timeout.connect(self._rest)
        self._rest()
        self._labour = Labour(self)
        self._labour.ended.connect(self._take)
        menu = QMenu(self)
        self.save_action = menu.addAction(self.tr("Save Race..."), self._choose_to_save)
        self.open_action = menu.addAction(self.tr("Open Race..."), self._choose_to_open)
        self.setMenu(menu)

    def save(self, path: Path) -> None:
        """Write what was done so far; ends with `saved` or `failed`."""
        self._export.start(path, partial(_write, self._log()))

    def open(self, path: Path) -> None:
        """Read a race; ends with `opened` or `failed`."""
        self._labour.start(partial(_read, path))

    def _tell_saved(self, path: str) -> None:
        self.setIcon(icon("check"))
        self.setAccessibleDescription(self.tr("Saved to {path}.").format(path=path))
        self._told.start()

    def _rest(self) -> None:
        self.setIcon(icon("folder"))

    def _choose_to_save(self) -> None:
        choose_file(self, self.tr("Save Race"), "race.npz", self.save)

    def _choose_to_open(self) -> None:
        dialog = QFileDialog(self, self.tr("Open Race"), "", self.tr("Races (*.npz)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._open_chosen)
        dialog.open()

    def _open_chosen(self, path: str) -> None:
        self.open(Path(path))

    def _take(self, result: object) -> None:
        if isinstance(result, RaceLog):
            self.opened.emit(result)
        elif isinstance(result, Exception):
            self.failed.emit(sentence_of(result))


# On worker threads


def _write(asked: "Future[RaceLog | None]", path: Path, _report: Report) -> None:
    try:
        log = asked.result(_PATIENCE)
    except TimeoutError as error:
        raise InputError("The race does not answer; hold it, and try again.") from error
    if log is None or not len(log.rewards):
        raise InputError("Nothing has been done in this race yet.")
    log.save(path)


def _read(path: Path, _tell: Callable[[object], None], _stopping: Callable[[], bool]) -> RaceLog:
    return RaceLog.load(path)
