"""Keeps the cards of a family's stages true to its runs, and does what they ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from gendesk.app.latest_worker import LatestWorker, Stopped
from gendesk.app.runs.entries import RunScanner
from gendesk.app.stage_words import card_of
from gendesk.engine.events import JobState, Progress, StateChanged
from gendesk.engine.families import Family, RecipeEntry
from gendesk.engine.runs import Run
from gendesk.engine.stages import Stage, StageState, chain_of, stages_of
from gendesk.engine.upstream import UPSTREAM
from gendesk.errors import GendeskError
from gendesk.widgets.stage_cards import StageCards

if TYPE_CHECKING:
    from gendesk.app.bridge import EngineBridge
    from gendesk.engine.engine import Engine
    from gendesk.engine.run_config import RunConfig

_SHOW_MS = 200
_READ_MS = 100


class StagesControl(QObject):
    """Joins the cards, the engine and a tab, which does what concerns its form and the run that it shows.

    `run_wanted` and `recipe_wanted` ask for a run or for a recipe with nothing to show, `train_wanted` for a new run of
    a recipe that builds on the run named beside it, `resume_wanted` for one to go on. `started` brings the first run
    of a chain, and `failed` a sentence.
    """

    run_wanted = Signal(str)
    recipe_wanted = Signal(str)
    train_wanted = Signal(str, str)
    resume_wanted = Signal(str)
    started = Signal(str)
    failed = Signal(str)
    refreshed = Signal()  # the cards are what the disk says

    def __init__(self, family: Family, parent: QWidget) -> None:
        super().__init__(parent)
        self.chain = chain_of(family.recipes)
        self.cards = StageCards(parent)
        self.cards.setVisible(bool(self.chain))
        self.cards.set_presets(list(dict.fromkeys(name for entry in self.chain for name in entry.presets)))
        self.stages: list[Stage] = stages_of(self.chain, [])
        self.preset = ""
        self._chosen = ""
        self._engine: Engine | None = None
        self._scanner: RunScanner | None = None
        self._progress: dict[str, Progress] = {}
        self._states: dict[str, JobState] = {}
        self._worker = LatestWorker(self)
        self._worker.done.connect(self._take)
        self._soon = QTimer(self, singleShot=True, interval=_READ_MS)
        self._soon.timeout.connect(self._read)
        self._later = QTimer(self, singleShot=True, interval=_SHOW_MS)
        self._later.timeout.connect(self._show)
        self.cards.chosen.connect(self._choose)
        self.cards.action_clicked.connect(self._act)
        self.cards.all_wanted.connect(self._run_all)
        self.cards.rest_wanted.connect(self._run_rest)
        self.cards.stop_wanted.connect(self._stop_all)
        self._show()

    def connect_engine(self, bridge: "EngineBridge") -> None:
        """Follow what trains; without stages there is nothing to follow."""
        if not self.chain:
            return
        self._engine = bridge.engine
        bridge.progressed.connect(self._on_progress)
        bridge.state_changed.connect(self._on_state)
        self.refresh()

    def refresh(self) -> None:
        """Read the runs on a worker thread, soon; `refreshed` tells when they are shown."""
        if self._engine is not None and not self._soon.isActive():
            self._soon.start()

    def look(self) -> None:
        """Read the runs again if the cards can be seen."""
        if self.cards.isVisible():
            self.refresh()

    def mark(self, recipe: str, preset: str) -> None:
        """Mark the card of a recipe, and train all stages with this preset from now on."""
        self._chosen, self.preset = recipe, preset
        self._show()

    # What the engine says

    def _on_progress(self, event: Progress) -> None:
        if any(stage.run == event.run_id for stage in self.stages):
            self._progress[event.run_id] = event
            if not self._later.isActive():
                self._later.start()

    def _on_state(self, event: StateChanged) -> None:
        self._states[event.run_id] = event.state
        if event.state.over:
            self._states.pop(event.run_id)
            self._progress.pop(event.run_id, None)
        self.refresh()

    def _read(self) -> None:
        if self._engine is not None:
            if self._scanner is None:
                self._scanner = RunScanner(self._engine.runs, self._engine.families.recipes)
            self._worker.ask(partial(_read_stages, self._scanner, self.chain))

    def _take(self, result: "list[Stage] | Exception") -> None:
        if isinstance(result, Exception):
            self.failed.emit(self.tr("The stages cannot be read: {0}.").format(result))
            return
        self.stages = result
        self._show()
        self.refreshed.emit()

    def _show(self) -> None:
        self.cards.set_cards([self._card(number) for number in range(len(self.stages))], self._chosen)
        busy = any(stage.state in (StageState.RUNNING, StageState.QUEUED) for stage in self.stages)
        self.cards.set_busy(busy=busy)

    def _card(self, number: int) -> Any:
        stage = self.stages[number]
        progress = self._progress.get(stage.run)
        if progress is not None and stage.state is StageState.RUNNING:
            stage = replace(stage, step=progress.step, total_steps=progress.total_steps)
        return card_of(stage, number + 1, self._states.get(stage.run), progress.eta if progress is not None else None)

    # What the person wants

    def _stage(self, recipe: str) -> Stage:
        return next(stage for stage in self.stages if stage.recipe == recipe)

    def _choose(self, recipe: str) -> None:
        stage = self._stage(recipe)
        if stage.run:
            self.run_wanted.emit(stage.run)
        else:
            self.recipe_wanted.emit(recipe)

    def _act(self, recipe: str) -> None:
        stage = self._stage(recipe)
        if stage.resumable:
            self.resume_wanted.emit(stage.run)
        else:
            self.train_wanted.emit(recipe, stage.upstream)

    def _run_all(self, preset: str) -> None:
        self._start(self.chain, preset or self.preset, "")

    def _run_rest(self) -> None:
        """Go on with the first stage that is not done, and train anew all that come after it."""
        first = next((number for number, stage in enumerate(self.stages) if stage.wanting), None)
        if first is None:
            self.failed.emit(self.tr("All stages are done."))
            return
        stage = self.stages[first]
        if stage.resumable:
            self._start(self.chain[first + 1 :], self.preset, stage.run, resumed=stage.run)
        else:
            self._start(self.chain[first:], self.preset, stage.upstream)

    def _start(self, entries: Sequence[RecipeEntry], preset: str, upstream: str, resumed: str = "") -> None:
        """Queue stages of which the first builds on `upstream`, after a run that goes on first if one is `resumed`."""
        engine = self._engine
        if engine is None:
            return
        try:
            configs = [engine.config(entry.id, preset if preset in entry.presets else "") for entry in entries]
            configs[:1] = [built_on(config, upstream) for config in configs[:1]]
            jobs = [engine.resume(resumed)] if resumed else []
            jobs += engine.start_chain(configs)
        except GendeskError as error:
            self.failed.emit(str(error))
        except OSError as error:
            self.failed.emit(self.tr("The runs cannot be queued: {0}.").format(error.strerror or error))
        else:
            self.started.emit(jobs[0].run.id)

    def _stop_all(self) -> None:
        """Take what waits of these stages out of the queue before what trains is stopped, or the next would begin."""
        if self._engine is None:
            return
        recipes = {entry.id for entry in self.chain}
        try:
            for waiting in self._engine.queue.entries():
                job = self._engine.job(waiting.run)
                run = job.run if job is not None else self._engine.runs.open(waiting.run)
                if run.record.config.recipe in recipes and not run.in_use:
                    self._engine.withdraw(run.id)
            for job in self._engine.training_jobs:
                if job.run.record.config.recipe in recipes:
                    job.stop()
        except (GendeskError, OSError) as error:
            self.failed.emit(str(error))


def built_on(config: "RunConfig", upstream: str) -> "RunConfig":
    """Return a config that names the run to build on, where it leaves that open and one is known."""
    own: Mapping[str, Any] = config.config
    if not upstream or own.get(UPSTREAM, None) != "":
        return config
    return config.model_copy(update={"config": {**own, UPSTREAM: upstream}})


def _read_stages(scanner: RunScanner, chain: Sequence[RecipeEntry], _stopped: Stopped) -> list[Stage]:
    """Read the runs of the stages' family, on the worker's thread: only what has changed is read anew."""
    family = chain[0].family
    runs = [
        Run(entry.folder, entry.record)
        for entry in scanner.scan()
        if entry.record is not None and entry.record.family == family
    ]
    return stages_of(chain, runs)
