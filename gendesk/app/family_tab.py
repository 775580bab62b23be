"""The one tab that serves every family: what to train at the left, the run that comes of it beside it."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QSplitter, QVBoxLayout, QWidget

from gendesk.app.choices import Choices
from gendesk.app.data.own_words import own_words
from gendesk.app.run_view import RunView
from gendesk.app.session import TabSession
from gendesk.app.stages import StagesControl, built_on
from gendesk.app.train_bar import TrainBar
from gendesk.data.dataset import DatasetKind
from gendesk.engine.events import Event, JobState, Progress, StateChanged, Warned
from gendesk.engine.families import Family
from gendesk.errors import GendeskError
from gendesk.widgets.dropping import dropped_files
from gendesk.widgets.form.config_form import ConfigForm
from gendesk.widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from gendesk.app.bridge import EngineBridge
    from gendesk.engine.run_config import RunConfig
    from gendesk.engine.runs import Run

_FORM_WIDTH = 304


class FamilyTab(QWidget):
    """Choices and an empty workbench at first; `connect_engine` brings it to life.

    `run_chosen` says that another run is shown, `paths_dropped` and `check_wanted` leave to the window what it is
    that a person has dropped or chosen, and `paste_wanted` what becomes of a text, which may still be empty.
    """

    run_chosen = Signal()
    paths_dropped = Signal(list)
    check_wanted = Signal(str)
    paste_wanted = Signal(str)

    def __init__(self, family: Family, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.family = family
        self.setAcceptDrops(True)
        self._bridge: EngineBridge | None = None
        self._start_wanted = False
        self.bar = TrainBar()
        self.message = MessageBar()
        self.form = ConfigForm()
        self.view = RunView()
        self.view.failed.connect(self.show_error)
        self.view.studios.new_run_wanted.connect(self._start_changed)
        self.choices = Choices(family, self.bar, self.form, self)
        self.choices.failed.connect(self.show_error)
        self.choices.recipe_changed.connect(self._show_recipe)
        self.stages = StagesControl(family, self)
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.addWidget(self.form)
        columns.addWidget(self.view)
        columns.setChildrenCollapsible(False)
        columns.setHandleWidth(7)
        columns.setStretchFactor(1, 1)
        columns.setSizes([_FORM_WIDTH, 10_000])
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(6)
        for widget in (self.bar, self.stages.cards, self.message):
            column.addWidget(widget)
        column.addWidget(columns, 1)
        self._connect_bar()
        self._connect_stages()
        self.bar.show_text(self.tr("Loading the engine..."))

    @property
    def run_id(self) -> str:
        """The id of the run that is shown, empty if there is none."""
        return self.view.run_id

    # What the window calls

    def connect_engine(self, bridge: "EngineBridge") -> None:
        """Make the parts that need torch, and listen to the engine."""
        self._bridge = bridge
        self.view.connect_engine(bridge)
        for signal in (bridge.progressed, bridge.warned, bridge.state_changed):
            signal.connect(self._on_event)
        self.bar.show_text("")
        self.choices.connect_engine(bridge.engine)
        self.stages.connect_engine(bridge)
        self._update_buttons()
        if self._start_wanted:
            self._start_wanted = False
            self.start()

    def show_run(self, run_id: str) -> None:
        """Show a run: its curves, its pictures, its model in the studio, its values in the form."""
        if self._bridge is None:
            return
        try:
            run = self._bridge.engine.runs.open(run_id)
            self.choices.use_config(run.record.config)
            self._watch(run)
        except GendeskError as error:
            self.show_error(str(error))
            return
        self.bar.show_text(run.record.message)

    def resume_run(self, run_id: str) -> None:
        """Go on with a run; one that is complete does as many steps again as it was planned for."""
        if self._bridge is None:
            return
        engine = self._bridge.engine
        try:
            run = engine.runs.open(run_id)
            complete = run.record.total_steps and run.record.step >= run.record.total_steps
            extra = self._planned(run) if complete else 0
            self.choices.use_config(run.record.config)
            job = engine.resume(run_id, extra)
            self._watch(job.run)
        except GendeskError as error:
            self.show_error(str(error))

    def use_config(self, config: "RunConfig") -> None:
        """Put the settings of a run or a picture into the choices and the form, for a new run."""
        self.choices.use_config(config)
        self.message.show_message(self.tr("The settings are in the form; press Start to train a new run with them."))

    def change_settings(self, config: "RunConfig", changes: Mapping[str, Any]) -> None:
        """Start a new run with the settings of another one and some of them changed."""
        self.choices.use_config(config)
        self.choices.use_values(changes)
        self.start()

    def _start_changed(self, changes: dict[str, Any]) -> None:
        """Start a new run like the one that is shown, changed as a studio asks."""
        if self.view.run is not None:
            self.change_settings(self.view.run.record.config, changes)

    def session(self) -> TabSession:
        """Return what the tab shows, for the next start of the window."""
        return self.choices.session(self.run_id)

    def restore(self, session: TabSession) -> None:
        """Show what the tab showed when the window was last closed, as far as it still is there."""
        if self._bridge is None:
            return
        self.choices.restore(session)
        if session.run in self._bridge.engine.runs.ids():
            try:
                self._watch(self._bridge.engine.runs.open(session.run))
            except GendeskError as error:
                self.show_error(str(error))

    def refresh_elsewhere(self) -> None:
        """Show how far the run is if another process trains it."""
        run = self.view.run
        if self._bridge is None or run is None or self._trains_here or not run.in_use:
            return
        try:
            run = self._bridge.engine.runs.open(run.id)
        except GendeskError:  # the next look finds it whole
            return
        self._watch(run)
        step = f"{run.record.step:,} / {run.record.total_steps:,}"
        self.bar.show_text(self.tr("In training in another process: {0} steps at its last save").format(step))

    def show_error(self, sentence: str, details: str = "") -> None:
        self.message.show_message(sentence, "error", details)

    # What the person does

    def _connect_bar(self) -> None:
        bar = self.bar
        bar.folder_wanted.connect(self._ask_folder)
        bar.file_wanted.connect(self._ask_file)
        bar.paste_wanted.connect(partial(self.paste_wanted.emit, ""))
        bar.start_clicked.connect(partial(self.start, ""))
        bar.resume_clicked.connect(self._resume)
        bar.pause_toggled.connect(self._pause)
        bar.stop_clicked.connect(self._stop)
        bar.step_clicked.connect(self._step)
        bar.save_clicked.connect(self._save)

    def _connect_stages(self) -> None:
        stages = self.stages
        stages.failed.connect(self.show_error)
        stages.run_wanted.connect(self.show_run)
        stages.started.connect(self.show_run)
        stages.resume_wanted.connect(self.resume_run)
        stages.recipe_wanted.connect(self._choose_recipe)
        stages.train_wanted.connect(self._train_stage)
        self.bar.preset_chosen.connect(self._mark_stage)
        self.choices.recipe_changed.connect(self._mark_stage)
        self.run_chosen.connect(self._mark_stage)

    def _choose_recipe(self, recipe: str) -> None:
        """Offer to train a recipe with the preset that is chosen now, if it has that one."""
        self.choices.use_recipe(recipe, str(self.bar.preset.currentData()))

    def _train_stage(self, recipe: str, upstream: str) -> None:
        """Train a recipe: as the form says where it is the one in the form."""
        if self.choices.entry.id != recipe:
            self._choose_recipe(recipe)
        self.start(upstream)

    def _mark_stage(self, _changed: object = None) -> None:
        run = self.view.run
        shown = run.record.config.recipe if run is not None else self.choices.entry.id
        self.stages.mark(shown, str(self.bar.preset.currentData()))

    def start(self, upstream: str = "") -> None:
        """Train a new run with the values in the form; before the engine is there, as soon as it is.

        It builds on the run `upstream` where the form leaves open what it builds on.
        """
        if self._bridge is None:
            self._start_wanted = True
            self.bar.show_text(self.tr("Loading the engine; training starts in a moment..."))
            return
        self.message.hide()
        self.form.clear_errors()
        try:
            job = self._bridge.engine.start(built_on(self.choices.config(), upstream))
        except GendeskError as error:
            self._show_refusal(str(error))
            return
        except OSError as error:
            self.show_error(self.tr("The run cannot be started: {0}.").format(error.strerror or error))
            return
        if self._trains_here:
            self.message.show_message(self.tr("{0} waits in the queue until its turn comes.").format(job.run.id))
            self.run_chosen.emit()
        else:
            self._watch(job.run)

    def _show_refusal(self, sentence: str) -> None:
        name = sentence.partition(":")[0]
        if name in self.form.values():
            self.form.set_error(name, sentence)
        self.show_error(sentence)

    def _resume(self) -> None:
        self.resume_run(self.run_id)

    def _pause(self, wanted: bool) -> None:
        if self._job is not None:
            if wanted:
                self._job.pause()
            else:
                self._job.resume()

    def _stop(self, save: bool) -> None:
        """Stop the run that is shown, wherever it trains or waits."""
        run, job = self.view.run, self._job
        if run is None or self._bridge is None:
            return
        try:
            if job is not None and job.started and not job.state.over:
                job.stop(save=save)
            elif run.in_use:
                run.stop_file.touch()
                self.bar.show_text(self.tr("The process that trains this run was asked to stop it"))
            else:
                self._bridge.engine.withdraw(run.id)
        except (GendeskError, OSError) as error:
            self.show_error(str(error))

    def _step(self, phase: str) -> None:
        if self._job is not None:
            self._job.step(phase)

    def _save(self) -> None:
        if self._job is not None:
            self._job.save()

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, own_words(self.choices.entry.data).folder)
        if chosen:
            self.check_wanted.emit(chosen)

    def _ask_file(self) -> None:
        words = own_words(self.choices.entry.data)
        chosen, _ = QFileDialog.getOpenFileName(self, words.file_title, filter=words.filter)
        if chosen:
            self.check_wanted.emit(chosen)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        given = event.mimeData()
        if given.hasUrls() or (given.hasText() and self._takes_texts):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if paths := dropped_files(event):
            event.acceptProposedAction()
            self.paths_dropped.emit(paths)
        elif event.mimeData().hasText() and self._takes_texts:
            event.acceptProposedAction()
            self.paste_wanted.emit(event.mimeData().text())

    @property
    def _takes_texts(self) -> bool:
        return self.choices.entry.data is DatasetKind.TEXT

    # What the engine says

    def _on_event(self, event: Event) -> None:
        if isinstance(event, StateChanged):
            self._follow_queue(event)
        if event.run_id != self.run_id:
            return
        match event:
            case Progress():
                self.bar.show_progress(event)
            case Warned():
                self.message.show_message(f"{event.text} {event.advice}", "warning")
            case StateChanged():
                self._on_state(event)

    def _follow_queue(self, event: StateChanged) -> None:
        """Show the run whose turn has come, unless another one that trains is being watched."""
        self._update_buttons()
        job = self._bridge.engine.job(event.run_id) if self._bridge else None
        if event.state is not JobState.RUNNING or job is None or job.run is self.view.run:
            return
        mine = job.run.record.family == self.family.id
        if event.run_id == self.run_id or (mine and self.view.run is not None and not self._trains_here):
            self._watch(job.run)

    def _on_state(self, event: StateChanged) -> None:
        texts = {
            JobState.QUEUED: self.tr("Waiting for another run to end"),
            JobState.RUNNING: "",
            JobState.PAUSING: self.tr("Pausing after this step..."),
            JobState.PAUSED: self.tr("Paused"),
            JobState.STOPPING: self.tr("Stopping after this step..."),
        }
        if event.state is JobState.FAILED:
            self.show_error(event.message, event.details)
            self.bar.show_text(self.tr("Failed"))
        elif event.state in texts or event.message:
            self.bar.show_text(texts.get(event.state, event.message))

    # The parts

    @property
    def _job(self) -> Any:
        return self._bridge.engine.job(self.run_id) if self._bridge else None

    @property
    def _trains_here(self) -> bool:
        """Whether the run that is shown trains in this window, or waits for its turn."""
        return self._job is not None and not self._job.state.over

    def _watch(self, run: "Run") -> None:
        """Make a run the one that is shown; raises GendeskError if its recipe is not there."""
        if self._bridge is None:
            return
        config = run.record.config
        recipe = self._bridge.engine.families.recipe(config.recipe)
        self.view.show_run(run, recipe.metrics(config.config), self.family.studios_for(config.recipe))
        self._update_buttons()
        self.run_chosen.emit()

    def _show_recipe(self) -> None:
        """Show the empty charts of the chosen recipe, unless a run of it is shown, or one that trains."""
        entry, run = self.choices.entry, self.view.run
        if run is None or (run.record.config.recipe != entry.id and not self._trains_here and not run.in_use):
            self.view.show_recipe(entry.metrics({}), self.family.studios_for(entry.id))
            self._update_buttons()
            self.run_chosen.emit()

    def _planned(self, run: "Run") -> int:
        return run.record.config.settings.steps or max(1, run.record.total_steps)

    def _update_buttons(self) -> None:
        job = self._job
        state = job.state if job is not None else None
        busy = state is not None and not state.over
        run = self.view.run
        elsewhere = run is not None and not busy and run.in_use
        # A run that was refused before its first step leaves nothing to go on with.
        resumable = run is not None and not busy and run.folder.exists() and not elsewhere
        engine = self._bridge.engine if self._bridge else None
        queue = engine is not None and bool(engine.training_jobs)
        self.bar.set_state(state, resumable=resumable, elsewhere=elsewhere, queue=queue)
        self.bar.set_phases(job.phases if job is not None and state is JobState.PAUSED else ())
