"""Runs in and out of the window: exports to files that a person names, and what is opened or dropped."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gendesk.engine.exchange import SUFFIXES, Dropped, ExportKind, export_run, import_run, settings_of_picture, what_is
from gendesk.errors import GendeskError
from gendesk.widgets.export import Export, choose_file

if TYPE_CHECKING:
    from gendesk.engine.engine import Engine
    from gendesk.engine.run_store import RunStore

Report = Callable[[int], None]


class Exchange(QObject):
    """Everything is read and written on a worker thread; signals tell what came of it, in sentences."""

    told = Signal(str)
    failed = Signal(str)
    imported = Signal(str)  # the id of a run that was taken in
    settings_found = Signal(object)  # the RunConfig that a picture was made with

    def __init__(self, window: QWidget, store: "RunStore", engine: "Callable[[], Engine | None]") -> None:
        super().__init__(window)
        self._window = window
        self._store = store
        self._engine = engine
        self._exports = Export(self)
        self._exports.saved.connect(self._tell_saved)
        self._exports.failed.connect(self.failed)
        self._imports = Export(self)
        self._imports.failed.connect(self.failed)
        self._notes: dict[str, tuple[str, ...]] = {}
        self._taken_in: list[tuple[str, tuple[str, ...]]] = []
        self._imports.ended.connect(self._tell_imported)

    def ask_export(self, run_ids: Sequence[str], kind: str) -> None:
        """Ask where to write one run, or into which folder several, and write them."""
        what = ExportKind(kind)
        if len(run_ids) == 1 and what is not ExportKind.TENSORBOARD:
            name = f"{run_ids[0]}{SUFFIXES[what]}"
            choose_file(self._window, self.tr("Export Run"), name, partial(self._export, run_ids[0], what))
            return
        folder = QFileDialog.getExistingDirectory(self._window, self.tr("Export Into This Folder"))
        for run_id in run_ids if folder else ():
            self._export(run_id, what, Path(folder) / f"{run_id}{SUFFIXES[what]}")

    def ask_import(self) -> None:
        """Ask for an archive of a run or a picture, and open it."""
        kinds = self.tr("Runs and pictures of gendesk (*.zip *.png);;All files (*)")
        chosen, _ = QFileDialog.getOpenFileName(self._window, self.tr("Import Run"), filter=kinds)
        if chosen and not self.open(Path(chosen)):
            self.failed.emit(self.tr("{0} is neither a run nor a picture made by gendesk.").format(Path(chosen).name))

    def open(self, path: Path) -> bool:
        """Open a run's archive or folder, or the settings in a picture; return False for anything else, as data are."""
        match what_is(path):
            case Dropped.ARCHIVE | Dropped.FOLDER:
                self._imports.start(path, self._take_in)
            case Dropped.PICTURE:
                self._read_settings(path)
            case _:
                return False
        return True

    def _export(self, run_id: str, kind: ExportKind, out: Path) -> None:
        engine = self._engine()
        if engine is None:
            self.failed.emit(self.tr("The engine is still being loaded; export the run in a moment."))
            return
        self._exports.start(out, partial(self._write, engine, run_id, kind))

    def _write(self, engine: "Engine", run_id: str, kind: ExportKind, out: Path, report: Report) -> None:
        run = engine.runs.open(run_id)
        written = export_run(run, kind, out, engine.families, report=partial(_pass_on, report))
        self._notes[str(out)] = written.notes

    def _tell_saved(self, path: str) -> None:
        self.told.emit(" ".join([self.tr("Exported to {0}.").format(path), *self._notes.pop(path, ())]))

    def _take_in(self, path: Path, report: Report) -> None:
        taken = import_run(self._store, path, partial(_pass_on, report))
        self._taken_in.append((taken.run.id, taken.notes))

    def _tell_imported(self) -> None:
        while self._taken_in:
            run_id, notes = self._taken_in.pop(0)
            self.told.emit(" ".join([self.tr("{0} was taken in.").format(run_id), *notes]))
            self.imported.emit(run_id)

    def _read_settings(self, path: Path) -> None:
        try:
            self.settings_found.emit(settings_of_picture(path))
        except GendeskError as error:
            self.failed.emit(str(error))


def _pass_on(report: Report, fraction: float, _text: str) -> None:
    """Hand progress on, in percent; raises what ends the work if the window has cancelled it."""
    report(round(100 * fraction))
