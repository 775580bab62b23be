"""The driving studio: watch the controller, drive, or drive in M's dream."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.errors import GendeskError
from gendesk.studios.saving import Result, RunFolder, SavingButton
from gendesk.studios.studio import Studio
from gendesk.widgets.car_view.frame import Frame, Picture
from gendesk.widgets.car_view.view import CarView
from gendesk.widgets.dropping import dropped_files

from ...driving import Moment, Start, replay
from ...gamepad import Gamepad
from ...mind import can_dream, can_drive
from ...models import DreamingModel, DrivingModel, WorldModel
from ...race_log import LIMIT, RaceLog
from .controls import Controls, Mode, ticking
from .fetching import copied
from .film import joined
from .race_file import RaceFileButton
from .racer import Racer, Seen

_SHOW_MS, _FETCH_MS = 16, 4000
_PERSONS_LIMIT = 3000
"""Frames that a person may take, as in the book's environment: nobody finishes a first lap in stock's 20 seconds."""
_FILMS = ("gif", "mp4")


class DriveStudio(Studio):
    """Joins the car view to a race on a thread of its own, which works only while the studio is seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Drive"))
        self.setAcceptDrops(True)
        self.model: WorldModel | None = None
        self._chosen: Mode | None = None  # the mode that a person wants; the others follow from the model
        self._seen: Seen | None = None
        self._pad: Gamepad | None = None
        self._awaited = False  # the race begins when the person does
        self._log: RaceLog | None = None  # of the race that was opened
        self.racer = Racer()
        self.destroyed.connect(partial(Racer.close, self.racer))
        self.folder = RunFolder(self.ask, self)
        self.save = SavingButton(self._result, self._folder, self)
        self.save.menu().aboutToShow.connect(self._limit_menu)
        self.save.failed.connect(self.failed)
        self.files = RaceFileButton(self.racer.log, self)
        self.controls = Controls((self.files, self.save), self)
        self.view = CarView(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.controls)
        column.addWidget(self.view, 1)
        column.addWidget(self.save.line)
        self._showing, self._fetching = ticking(self, _SHOW_MS), ticking(self, _FETCH_MS)
        self._connect()
        self.on_session()

    def _connect(self) -> None:
        controls, racer = self.controls, self.racer
        self.files.opened.connect(self._replay)
        self.files.failed.connect(self.failed)
        controls.chosen.connect(self._choose)
        controls.wheel.connect(self._open)
        controls.seed.changed.connect(self._restart)
        controls.play.toggled.connect(self._run)
        controls.step.clicked.connect(self._step)
        controls.restart.clicked.connect(self._restart)
        controls.record.toggled.connect(racer.record)
        controls.gamepad.toggled.connect(self._take_gamepad)
        controls.wake.clicked.connect(racer.wake)
        controls.speed_changed.connect(racer.set_speed)
        controls.temperature_changed.connect(racer.set_temperature)
        self.view.steered.connect(self._steer)
        self.view.restart_wanted.connect(self._restart)
        self._showing.timeout.connect(self._show_newest)
        self._fetching.timeout.connect(self._fetch)

    # The model

    def on_session(self) -> None:
        self.model = None
        self.folder.forget()
        self._adopt()
        self._fetch()
        self.folder.look()

    def model_changed(self) -> None:
        self._fetch()

    def on_answer(self, asker: str, _argument: object, result: Any) -> None:
        if self.folder.take(asker, result):
            return
        if isinstance(result, WorldModel):
            self._take_model(result)

    def on_failure(self, asker: str, sentence: str) -> None:
        """Tell why there is no model; the folder of a run without data is no news."""
        if asker == "model":
            super().on_failure(asker, sentence)

    def visit(self, what: object) -> None:
        """Watch the controller on the track of a seed, an int: a race of an exam."""
        if isinstance(what, int):
            self.controls.seed.set_seed(what)
            self._chosen = "watch"
            self._adopt()

    def _fetch(self) -> None:
        """Ask for a model as it is now; while it trains, it is another one every time."""
        if self.isVisible():
            self.ask("model", copied, None)

    def _take_model(self, model: WorldModel) -> None:
        before, self.model = self.model, model
        if before is not None and _alike(before, model):
            self.racer.set_model(model)
        else:
            self._adopt()

    def _adopt(self) -> None:
        """Offer what the model can do, and begin a race."""
        driven, dreamt = can_drive(self.model), can_dream(self.model)
        no_driver = "" if driven else self.tr("There is no controller (C) yet; train the stage of the controller")
        no_dream = "" if dreamt else self.tr("There is no M yet that could dream; train the stages before")
        no_log = "" if self._log is not None else self.tr("No saved race is open")
        reasons: dict[Mode, str] = {"watch": no_driver, "dream": no_dream, "split": no_dream, "replay": no_log}
        self.controls.offer(reasons)
        mode = self._chosen or "watch"
        self.controls.set_mode("drive" if reasons.get(mode) else mode, driven=driven)
        self._open()

    # The race

    def _choose(self, mode: Mode) -> None:
        self._chosen = mode
        self.controls.set_mode(mode, driven=can_drive(self.model))
        self._open()
        self.view.setFocus()

    def _open(self, _changed: object = None) -> None:
        """Begin the race that the controls describe."""
        controls, mode = self.controls, self.controls.mode
        person = controls.person_drives
        controls.gamepad.setVisible(person)
        dreaming = mode == "dream"
        self.files.save_action.setEnabled(not dreaming)
        if mode == "replay" and self._log is not None:
            self.racer.open(replay(self._log, self.model))
        else:
            limit = _PERSONS_LIMIT if person and not dreaming else LIMIT
            self.racer.open(Start(self.model, controls.seed.seed, dreaming, mode == "split", limit))
        self._begin(person=person)

    def _begin(self, *, person: bool) -> None:
        """Let a controller drive at once, and wait for a person."""
        self.racer.set_person(np.zeros(3, np.float32) if person else None)
        self._awaited = person
        self._run(not person)

    def _replay(self, log: RaceLog) -> None:
        """See a saved race again."""
        self._log, self._chosen = log, "replay"
        self._adopt()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a saved race, and leave all else to the tab, which may train on it."""
        if _dropped_race(event):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        if race := _dropped_race(event):
            event.acceptProposedAction()
            self.files.open(Path(race))

    def _restart(self, _seed: object = None) -> None:
        replayed = self._log if self.controls.mode == "replay" else None
        self.racer.restart(self.controls.seed.seed if replayed is None else replayed.seed)
        self._begin(person=self.controls.person_drives)

    def _run(self, running: bool) -> None:
        self.racer.pause(not running)
        self.controls.show_running(running=running)
        if running:
            self._awaited = False

    def _step(self) -> None:
        self._run(False)
        self._awaited = False
        self.racer.step()

    def _steer(self, steering: float, gas: float, brake: float) -> None:
        if not self.controls.person_drives:
            return
        self.racer.set_person(np.array([steering, gas, brake], np.float32))
        if self._awaited and (steering or gas or brake):
            self._run(True)

    def _take_gamepad(self, wanted: bool) -> None:
        if self._pad is not None:
            self._pad.close()
            self._pad = None
        if wanted:
            try:
                self._pad = Gamepad()
            except GendeskError as error:
                self.controls.gamepad.setChecked(False)
                self.failed.emit(str(error))

    def _read_gamepad(self) -> None:
        if self._pad is not None and self.view.pedals.resting:
            held = self._pad.poll()
            if held is not None:
                self._steer(*held)

    # What is seen

    def showEvent(self, event: QShowEvent) -> None:
        self.racer.start()
        self._showing.start()
        self._fetching.start()
        self._fetch()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._showing.stop()
        self._fetching.stop()
        self.controls.gamepad.setChecked(False)
        self.racer.stop()
        super().hideEvent(event)

    def _show_newest(self) -> None:
        self._read_gamepad()
        problem = self.racer.take_problem()
        if problem:
            self._run(False)
            self.failed.emit(problem)
        seen = self.racer.newest()
        if seen is not None:
            self._seen = seen
            self.controls.show_film(seen.recorded, recording=seen.recording)
        if seen is not None or problem:
            self.view.show_frame(self._framed(self._seen) if self._seen is not None else None)

    def _framed(self, seen: Seen) -> Frame:
        moment = seen.moment
        titles = {"observation": self.tr("Observation"), "code": self.tr("V sees"), "dream": self.tr("M dreams")}
        steering, gas, brake = (float(value) for value in moment.action)
        return Frame(
            tuple(Picture(titles[who], pixels) for who, pixels in seen.pictures),
            *(steering, gas, brake, moment.speed, moment.tiles, moment.score, moment.frame, seen.trace, seen.words),
            self._note(moment),
        )

    def _note(self, moment: Moment) -> str:
        """Return what is written over the pictures: how a race has ended, or that it waits for a person."""
        score = f"{moment.score:.1f}".replace("-", "\N{MINUS SIGN}")
        if moment.over:
            all_tiles = moment.tiles is not None and moment.tiles[0] >= 0.95 * moment.tiles[1]
            lost = self.tr("Off the field: {score}. Enter begins anew.")
            won = self.tr("Lap finished: {score}. Enter begins anew.")
            late = self.tr("Time is up: {score}. Enter begins anew.")
            if self.controls.mode == "replay":
                lost = won = late = self.tr("Replayed: {score}. Enter begins anew.")
            return (late if moment.truncated else won if all_tiles else lost).format(score=score)
        if moment.frame == 0 and self._awaited:
            return self.tr("Drive with the arrow keys or W, A, S, D")
        return ""

    # Saving

    def _folder(self) -> Path | None:
        """Return the run's folder; a film can be saved without one, and only its name is asked for then."""
        return self.folder.path or Path("race")

    def _limit_menu(self) -> None:
        """Offer only films where no run can be named in a picture."""
        if self.folder.path is None:
            for kind, action in self.save.actions_by_kind.items():
                action.setVisible(kind in _FILMS)

    def _result(self) -> Result | None:
        frames, per_second = self.racer.film_frames()
        if frames is None:
            if self._seen is None or not self._seen.pictures:
                return None
            frames = joined([picture for _, picture in self._seen.pictures])[None]
        controls = self.controls
        settings: dict[str, object] = {"seed": controls.seed.seed, "temperature": controls.temperature}
        return Result(frames, controls.mode, settings, current=len(frames) - 1, per_second=per_second)


def _dropped_race(event: QDropEvent) -> str:
    """Return the path of the race that is dropped, "" for anything else."""
    return next((path for path in dropped_files(event) if path.lower().endswith(".npz")), "")


def _alike(first: WorldModel, second: WorldModel) -> bool:
    """Return whether a race can go on with another model."""
    if type(first) is not type(second) or first.world != second.world:
        return False
    if isinstance(first, DrivingModel) and isinstance(second, DrivingModel) and first.shape != second.shape:
        return False
    shapes = [[value.shape for value in model.state_dict().values()] for model in (first, second)]
    return shapes[0] == shapes[1] and (not isinstance(first, DreamingModel) or isinstance(second, DreamingModel))
