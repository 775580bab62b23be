"""Saving from studios: a button whose menu writes PNG, GIF and MP4.

A studio that makes pictures adds one button, and says what there is to save when somebody opens its menu:

    folder = RunFolder(self.ask, self)  # `look` for it with every session, and let it `take` its answer
    save = SavingButton(self._result, lambda: folder.path)  # Callable[[], Result | None]

One picture can be saved as PNG, several also as a strip and as films. PNG files carry the settings of the run, so that
one dropped on the window opens them, and a JSON object with run, step, place and the settings of the studio. Files are
written on a worker thread; films take a while, so `line` shows how far they are: put it where there is room.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.engine.film import can_make_films, write_mp4
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.engine.run_store import read_record
from gendesk.engine.runs import RECORD_FILE
from gendesk.engine.samples import SETTINGS_KEY, mosaic
from gendesk.gif import write_gif
from gendesk.widgets.export import Export, Report, choose_file
from gendesk.widgets.export_line import ExportLine
from gendesk.widgets.icons import icon
from gendesk.widgets.pictures.files import write_png
from gendesk.widgets.pictures.picture import enlarged

STUDIO_KEY = "gendesk studio"
"""The text of a PNG that says how it was made in a studio, as JSON."""

_SIDE = 256  # pixels that the shorter side of an enlarged picture has at least
_STRIP_SIDE = 64  # and of each picture in a strip
_TOLD_MS = 3000  # for which the button says that it has saved
_FILMS = ("gif", "mp4")


@dataclass(frozen=True)
class Result:
    """What there is to save: frames uint8 (count, height, width, channels), of which `current` is shown.

    `page` names the place where they were made. `settings` are plain values that JSON knows, `code` (latent_size,) is
    that of the current frame where there is one. `below` is a second row for the strip, as many pictures as there are
    frames. A film plays `per_second` frames each second, and with `there_and_back` returns to the first.
    """

    frames: UInt8Array
    page: str
    settings: Mapping[str, object] = field(default_factory=dict)
    code: NDArray[np.float32] | None = None
    current: int = 0
    below: UInt8Array | None = None
    per_second: float = 10.0
    there_and_back: bool = False

    @property
    def order(self) -> tuple[int, ...]:
        """The frames that a film shows, one after the other."""
        count = len(self.frames)
        return (*range(count), *(range(count - 2, 0, -1) if self.there_and_back else ()))


class RunFolder(QObject):
    """Knows where the run of a session lies, as soon as its worker has answered."""

    ASKER = "run folder"

    def __init__(self, ask: Callable[..., None], parent: QObject) -> None:
        super().__init__(parent)
        self._ask = ask
        self.path: Path | None = None

    def forget(self) -> None:
        """Hear that there is another session, or none."""
        self.path = None

    def look(self) -> None:
        """Ask the session, unless it has told already."""
        if self.path is None:
            self._ask(self.ASKER, run_folder, None, data=True, slow=True)

    def take(self, asker: str, result: Any) -> bool:
        """Take the answer to its own question; return whether it was that."""
        if asker == self.ASKER:
            self.path = result
        return asker == self.ASKER


def run_folder(_model: Model, data: RunData, _: object = None) -> Path:
    """Return the folder of the run."""
    return data.folder


class SavingButton(QToolButton):
    """A button with a menu of what can be saved; `result` is called when the menu opens and when a file is chosen."""

    saved = Signal(str)  # the path
    failed = Signal(str)  # one sentence

    key: ClassVar[str] = STUDIO_KEY

    def __init__(
        self,
        result: Callable[[], Result | None],
        folder: Callable[[], Path | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._result = result
        self._folder = folder
        self._rest()
        self.setAccessibleName(self.tr("Save"))
        self.setToolTip(self.tr("Save this as a picture or a film, with the settings that made it"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._export = Export(self)
        self._export.saved.connect(self._tell_saved)
        self._export.failed.connect(self.failed)
        self._export.ended.connect(self._end)
        self.line = ExportLine(self._export, self)
        self.line.setContentsMargins(8, 4, 8, 4)
        self._told = QTimer(self, interval=_TOLD_MS, singleShot=True)
        self._told.timeout.connect(self._rest)
        self._save_menu = QMenu(self)
        self._save_menu.setToolTipsVisible(True)
        self._save_menu.aboutToShow.connect(self._refresh)
        self.setMenu(self._save_menu)
        self.actions_by_kind = self._make_actions()
        self._refresh()

    def _make_actions(self) -> dict[str, QAction]:
        kinds = {
            "picture": (
                self.tr("Picture as PNG..."),
                self.tr("The picture shown now, enlarged by a whole number to 256 pixels or more"),
            ),
            "pixels": (self.tr("Picture as PNG, 1:1..."), self.tr("The picture shown now, pixel by pixel")),
            "strip": (self.tr("Strip as PNG..."), self.tr("All pictures side by side")),
            "gif": (self.tr("GIF..."), self.tr("All pictures as an animation that every browser plays")),
            "mp4": (self.tr("MP4..."), ""),
        }
        actions = {}
        for kind, (text, tip) in kinds.items():
            actions[kind] = self._save_menu.addAction(text, partial(self._choose, kind))
            actions[kind].setToolTip(tip)
        return actions

    def save(self, kind: str, path: Path) -> None:
        """Write "picture", "pixels", "strip", "gif" or "mp4" on the worker thread; ends with `saved` or a failure.

        One file is written at a time; a cancelled one says nothing and leaves nothing.
        """
        result, folder = self._result(), self._folder()
        if result is None or folder is None or self._export.is_busy:
            return
        self._export.start(path, partial(_write, kind, result, self.key, self._facts(result), folder))
        self._told.stop()
        self.setText(self.tr("Saving ..."))
        if kind in _FILMS:
            self.line.begin(kind.upper(), len(result.order))

    def _facts(self, result: Result) -> dict[str, object]:
        """Return what a PNG tells of how it was made, beside run and step."""
        code = {} if result.code is None else {"code": plain_numbers(result.code)}
        return {"page": result.page, "settings": dict(result.settings), **code}

    def _refresh(self) -> None:
        result = None if self._folder() is None or self._export.is_busy else self._result()
        count = 0 if result is None else len(result.frames)
        for kind, action in self.actions_by_kind.items():
            action.setEnabled(count > 0)
            action.setVisible(count > 1 or kind in ("picture", "pixels"))
        film = self.actions_by_kind["mp4"]
        if can_make_films():
            film.setToolTip(self.tr("All pictures as a film, smaller and with more colours than a GIF"))
        else:
            film.setEnabled(False)
            film.setToolTip(
                self.tr("MP4 files need the program ffmpeg, which is not there: install it, or imageio-ffmpeg")
            )

    def _choose(self, kind: str) -> None:
        result, folder = self._result(), self._folder()
        if result is not None and folder is not None:
            suffix = kind if kind in _FILMS else "png"
            choose_file(self, self.tr("Save As"), f"{folder.name}-{result.page}.{suffix}", partial(self.save, kind))

    def _tell_saved(self, path: str) -> None:
        self.setIcon(icon("check"))
        self.setText(self.tr("Saved"))
        self.setAccessibleDescription(self.tr("Saved to {path}.").format(path=path))
        self._told.start()
        self.saved.emit(path)

    def _end(self) -> None:
        """Rest after a failed and after a cancelled file; a saved one is told for a while."""
        if not self._told.isActive():
            self._rest()

    def _rest(self) -> None:
        """Look as if nothing had ever been saved."""
        self.setIcon(icon("save"))
        self.setText(self.tr("Save"))


def plain_numbers(values: NDArray[np.floating]) -> list[float]:
    """Return numbers for JSON, with the six digits that float32 carries and no more."""
    return [float(f"{value:.6g}") for value in values.ravel().tolist()]


# On the worker thread


def _write(
    kind: str, result: Result, key: str, facts: Mapping[str, object], folder: Path, path: Path, report: Report
) -> None:
    frames = result.frames
    if kind == "gif":
        write_gif(path, _film(result, report), round(1000 / result.per_second))
    elif kind == "mp4":
        write_mp4(path, _film(result, report), result.per_second)
    elif kind == "strip":
        rows = frames if result.below is None else np.concatenate([frames, result.below])
        sheet = mosaic(rows, len(frames))
        strip = enlarged(sheet[..., None] if sheet.ndim == 2 else sheet, _scale(frames, _STRIP_SIDE))
        write_png(path, strip, _metadata(key, facts, folder))
    else:
        picture = enlarged(frames[result.current], _scale(frames, _SIDE) if kind == "picture" else 1)
        write_png(path, picture, _metadata(key, facts, folder))


def _film(result: Result, report: Report) -> Iterator[UInt8Array]:
    scale = _scale(result.frames, _SIDE)
    for number, index in enumerate(result.order):
        report(number)
        yield enlarged(result.frames[index], scale)


def _scale(frames: UInt8Array, side: int) -> int:
    """Return the whole number that makes the shorter side of a picture at least `side` pixels long."""
    return max(1, -(-side // int(min(frames.shape[1:3]))))


def _metadata(key: str, facts: Mapping[str, object], folder: Path) -> dict[str, str]:
    record = read_record(folder / RECORD_FILE, folder.name)
    words = json.dumps({"run": record.id, "step": record.step, **facts})
    return {SETTINGS_KEY: record.config.model_dump_json(), key: words}
