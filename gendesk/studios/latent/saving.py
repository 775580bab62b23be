"""Saving from the pages of the latent studio: a button whose menu writes PNG, GIF and MP4.

A page that makes pictures adds one button and says what there is to save when somebody opens its menu:

    save = SaveButton(workspace, self._result)  # Callable[[], Result | None]

    def _result(self) -> Result | None:
        return Result(frames, self.name, {"strength": 2.0})  # frames uint8 (count, height, width, channels)

One frame can be saved as a picture, several also as a strip and as films. PNG files carry the settings of the run, so
that one dropped on the window opens them, and under LATENT_KEY a JSON object with run, step, page, code, mix and the
page's settings. Files are written on a worker thread; what goes wrong is told by `workspace.failed`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

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
from gendesk.studios.latent.workspace import Ask, Workspace
from gendesk.widgets.export import Export, Report, choose_file
from gendesk.widgets.icons import icon
from gendesk.widgets.pictures.files import write_png
from gendesk.widgets.pictures.picture import enlarged

LATENT_KEY = "gendesk latent"
"""The text of a PNG that says how it was made in the latent studio, as JSON."""

_SIDE = 256  # pixels that the shorter side of an enlarged picture has at least
_STRIP_SIDE = 64  # and of each picture in a strip
_TOLD_MS = 3000  # for which the button says that it has saved


@dataclass(frozen=True)
class Result:
    """What a page has to save: frames uint8 (count, height, width, channels), of which `current` is shown.

    `code` (latent_size,) is that of the current frame, None for the workspace's point. `settings` are plain values that
    JSON knows. `below` is a second row for the strip, as many pictures as there are frames. A film plays `per_second`
    frames each second, and with `there_and_back` returns to the first.
    """

    frames: UInt8Array
    page: str
    settings: Mapping[str, object] = field(default_factory=dict)
    code: NDArray[np.float32] | None = None
    current: int = 0
    below: UInt8Array | None = None
    per_second: float = 10.0
    there_and_back: bool = False


class RunFolder(QObject):
    """Knows where the run of a workspace lies. The studio makes one, and buttons find it by themselves."""

    ASKER = "run folder"

    def __init__(self, workspace: Workspace, ask: Ask) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._ask = ask
        self.path: Path | None = None
        workspace.surveyed.connect(self._look)

    def _look(self) -> None:
        if self._workspace.survey is None:
            self.path = None
        elif self.path is None:
            self._ask(self.ASKER, run_folder, None, data=True, slow=True)

    def take(self, asker: str, result: Any) -> bool:
        """Take the answer to its own question; return whether it was that."""
        if asker == self.ASKER:
            self.path = result
        return asker == self.ASKER


def run_folder(_model: Model, data: RunData, _: object = None) -> Path:
    """Return the folder of the run."""
    return data.folder


class SaveButton(QToolButton):
    """A button with a menu of what can be saved; `result` is called when the menu opens and when a file is chosen."""

    saved = Signal(str)  # the path

    def __init__(
        self, workspace: Workspace, result: Callable[[], Result | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._result = result
        self._rest()
        self.setAccessibleName(self.tr("Save"))
        self.setToolTip(self.tr("Save this as a picture or a film, with the settings that made it"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._export = Export(self)
        self._export.saved.connect(self._tell_saved)
        self._export.failed.connect(workspace.failed)
        self._export.failed.connect(self._rest)
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
        """Write "picture", "pixels", "strip", "gif" or "mp4" on the worker thread; ends with `saved` or a failure."""
        result, place = self._result(), self._run_folder
        if result is not None and place is not None:
            write = partial(_write, kind, result, self._facts(result), place)
            self._export.start(path, write)
            self._told.stop()
            self.setText(self.tr("Saving ..."))

    @property
    def _run_folder(self) -> Path | None:
        found = self._workspace.findChild(RunFolder)
        return found.path if isinstance(found, RunFolder) else None

    def _facts(self, result: Result) -> dict[str, object]:
        code = self._workspace.code if result.code is None else result.code
        mix = self._workspace.mix
        return {
            "page": result.page,
            "code": plain_numbers(code),
            "mix": [] if mix is None else plain_numbers(mix),
            "settings": dict(result.settings),
        }

    def _refresh(self) -> None:
        result = self._result()
        count = 0 if result is None or self._run_folder is None else len(result.frames)
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
        result, place = self._result(), self._run_folder
        if result is not None and place is not None:
            suffix = kind if kind in ("gif", "mp4") else "png"
            name = f"{place.name}-{result.page}.{suffix}"
            choose_file(self, self.tr("Save As"), name, partial(self.save, kind))

    def _tell_saved(self, path: str) -> None:
        self.setIcon(icon("check"))
        self.setText(self.tr("Saved"))
        self.setAccessibleDescription(self.tr("Saved to {path}.").format(path=path))
        self._told.start()
        self.saved.emit(path)

    def _rest(self) -> None:
        """Look as if nothing had ever been saved."""
        self.setIcon(icon("save"))
        self.setText(self.tr("Save"))


def plain_numbers(values: NDArray[np.floating]) -> list[float]:
    """Return numbers for JSON, with the six digits that float32 carries and no more."""
    return [float(f"{value:.6g}") for value in values.ravel().tolist()]


# On the worker thread


def _write(kind: str, result: Result, facts: Mapping[str, object], folder: Path, path: Path, report: Report) -> None:
    frames = result.frames
    if kind in ("gif", "mp4"):
        film = _film(result, report)
        if kind == "gif":
            write_gif(path, film, round(1000 / result.per_second))
        else:
            write_mp4(path, film, result.per_second)
        return
    if kind == "strip":
        rows = frames if result.below is None else np.concatenate([frames, result.below])
        sheet = mosaic(rows, len(frames))
        picture = enlarged(sheet[..., None] if sheet.ndim == 2 else sheet, _scale(frames, _STRIP_SIDE))
    else:
        picture = enlarged(frames[result.current], _scale(frames, _SIDE) if kind == "picture" else 1)
    write_png(path, picture, _metadata(folder, facts))


def _film(result: Result, report: Report) -> Iterator[UInt8Array]:
    count, scale = len(result.frames), _scale(result.frames, _SIDE)
    back = range(count - 2, 0, -1) if result.there_and_back else range(0)
    for number, index in enumerate((*range(count), *back)):
        report(number)
        yield enlarged(result.frames[index], scale)


def _scale(frames: UInt8Array, side: int) -> int:
    """Return the whole number that makes the shorter side of a picture at least `side` pixels long."""
    return max(1, -(-side // int(min(frames.shape[1:3]))))


def _metadata(folder: Path, facts: Mapping[str, object]) -> dict[str, str]:
    record = read_record(folder / RECORD_FILE, folder.name)
    words = json.dumps({"run": record.id, "step": record.step, **facts})
    return {SETTINGS_KEY: record.config.model_dump_json(), LATENT_KEY: words}
