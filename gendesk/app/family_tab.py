"""The one tab that serves every family: what to train at the left, the run that comes of it beside it."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QSplitter, QVBoxLayout, QWidget

from gendesk.app.run_view import RunView
from gendesk.app.train_bar import TrainBar
from gendesk.config import FieldKind, FieldSpec, field_specs
from gendesk.data.catalogue import catalogue
from gendesk.engine.events import Event, JobState, Progress, StateChanged, Warned
from gendesk.engine.families import Family, RecipeEntry
from gendesk.errors import GendeskError
from gendesk.widgets.form.config_form import ConfigForm
from gendesk.widgets.message_bar import MessageBar

if TYPE_CHECKING:
    from gendesk.app.bridge import EngineBridge
    from gendesk.engine.run_config import RunConfig
    from gendesk.engine.runs import Run

_FORM_WIDTH = 304


class FamilyTab(QWidget):
    """Choices and an empty workbench at first; `connect_engine` brings it to life."""

    run_chosen = Signal()

    def __init__(self, family: Family, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.family = family
        self.setAcceptDrops(True)
        self._bridge: EngineBridge | None = None
        self._base: RunConfig | None = None
        self._own_data = ""
        self._start_wanted = False
        self.bar = TrainBar()
        self.message = MessageBar()
        self.form = ConfigForm()
        self.view = RunView()
        self.view.failed.connect(self.show_error)
        self._entries = {entry.id: entry for entry in family.recipes}
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
        for widget in (self.bar, self.message):
            column.addWidget(widget)
        column.addWidget(columns, 1)
        self._connect_bar()
        self.bar.set_recipes([(entry.id, entry.title) for entry in family.recipes])
        self._offer_presets()
        self._offer_data(self._entry.default_data)
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
        self._load_preset()
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
            self._show_config(run.record.config)
        except GendeskError as error:
            self.show_error(str(error))
            return
        self._watch(run)
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
            self._show_config(run.record.config)
            job = engine.resume(run_id, extra)
        except GendeskError as error:
            self.show_error(str(error))
            return
        self._watch(job.run)

    def use_own_data(self, path: str | Path) -> None:
        """Train on a folder or file of the person's own."""
        self._own_data = str(path)
        self._offer_data(self._own_data)
        self._choose_data(self._own_data)

    def show_error(self, sentence: str, details: str = "") -> None:
        self.message.show_message(sentence, "error", details)

    # What the person does

    def _connect_bar(self) -> None:
        bar = self.bar
        bar.recipe_chosen.connect(self._choose_recipe)
        bar.preset_chosen.connect(lambda _name: self._load_preset())
        bar.data_chosen.connect(self._choose_data)
        bar.folder_wanted.connect(self._ask_folder)
        bar.file_wanted.connect(self._ask_file)
        bar.start_clicked.connect(self.start)
        bar.resume_clicked.connect(lambda: self.resume_run(self.run_id))
        bar.pause_toggled.connect(self._pause)
        bar.stop_clicked.connect(lambda save: self._job.stop(save=save) if self._job else None)
        bar.step_clicked.connect(lambda phase: self._job.step(phase) if self._job else None)
        bar.save_clicked.connect(lambda: self._job.save() if self._job else None)

    def start(self) -> None:
        """Train a new run with the values in the form; before the engine is there, as soon as it is."""
        if self._bridge is None:
            self._start_wanted = True
            self.bar.show_text(self.tr("Loading the engine; training starts in a moment..."))
            return
        if self._base is None:
            return
        self.message.hide()
        self.form.clear_errors()
        try:
            config_model = self._entry.load().Config
            config = self._base.with_values(config_model, self.form.values())
            config = config.model_copy(update={"data": self.bar.data.currentData()})
            job = self._bridge.engine.start(config)
        except GendeskError as error:
            self._show_refusal(str(error))
            return
        except OSError as error:
            self.show_error(self.tr("The run cannot be started: {0}.").format(error.strerror or error))
            return
        self._watch(job.run)

    def _show_refusal(self, sentence: str) -> None:
        name = sentence.partition(":")[0]
        if name in self.form.values():
            self.form.set_error(name, sentence)
        self.show_error(sentence)

    def _pause(self, wanted: bool) -> None:
        if self._job is not None:
            if wanted:
                self._job.pause()
            else:
                self._job.resume()

    def _choose_recipe(self, _recipe_id: str) -> None:
        self._offer_presets()
        self._load_preset()

    def _choose_data(self, reference: str) -> None:
        self.bar.data.setToolTip(reference)

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder of Pictures"))
        if chosen:
            self.use_own_data(chosen)

    def _ask_file(self) -> None:
        kinds = self.tr("Pictures in one file (*.zip *.npy *.npz *.gz *-ubyte);;All files (*)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("File of Pictures"), filter=kinds)
        if chosen:
            self.use_own_data(chosen)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self.bar.data.isEnabled():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.use_own_data(paths[0])

    # What the engine says

    def _on_event(self, event: Event) -> None:
        if event.run_id != self.run_id:
            return
        match event:
            case Progress():
                self.bar.show_progress(event)
            case Warned():
                self.message.show_message(f"{event.text} {event.advice}", "warning")
            case StateChanged():
                self._on_state(event)

    def _on_state(self, event: StateChanged) -> None:
        self._update_buttons()
        texts = {
            JobState.QUEUED: self.tr("Waiting for another run to end"),
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
    def _entry(self) -> RecipeEntry:
        return self._entries[self.bar.recipe.currentData()]

    @property
    def _job(self) -> Any:
        return self._bridge.engine.job(self.run_id) if self._bridge else None

    def _watch(self, run: "Run") -> None:
        """Make a run the one that is shown."""
        self.view.show_run(run, self._entry.load().metrics)
        self._update_buttons()
        self.run_chosen.emit()

    def _planned(self, run: "Run") -> int:
        first = run.record.config.settings
        return first.steps or max(1, run.record.total_steps)

    def _update_buttons(self) -> None:
        job = self._job
        state = job.state if job is not None else None
        busy = state is not None and not state.over
        run = self.view.run
        # A run that was refused before its first step leaves nothing to go on with.
        resumable = run is not None and not busy and run.folder.exists() and not run.in_use
        self.bar.set_state(state, resumable=resumable)
        self.bar.set_phases(job.phases if state is JobState.PAUSED else ())
        self.form.set_locked(busy)

    def _offer_presets(self) -> None:
        self.bar.set_presets(list(self._entry.presets))

    def _offer_data(self, chosen: str) -> None:
        entries = [(entry.name, entry.title) for entry in catalogue() if entry.kind == self._entry.data]
        if self._own_data:
            entries.append((self._own_data, Path(self._own_data).name))
        self.bar.set_data(entries, chosen)

    def _load_preset(self) -> None:
        if self._bridge is None:
            return
        try:
            recipe = self._entry.load()
            self._base = self._bridge.engine.config(self._entry.id, self.bar.preset.currentData())
        except GendeskError as error:
            self.show_error(str(error))
            return
        values = flat_values(self._base)
        self.form.set_fields(self._fields(recipe.Config), values, values)
        if self.view.run is None:
            self.view.show_metrics(recipe.metrics)

    def _show_config(self, config: "RunConfig") -> None:
        """Put a run's recipe, preset, data and values into the choices and the form."""
        if config.recipe not in self._entries:
            return
        self.bar.recipe.setCurrentIndex(self.bar.recipe.findData(config.recipe))
        self._offer_presets()
        self.bar.preset.setCurrentIndex(max(0, self.bar.preset.findData(config.preset)))
        if self.bar.data.findData(config.data) < 0:
            self._own_data = config.data
        self._offer_data(config.data)
        self._load_preset()
        self.form.set_values(flat_values(config))

    def _fields(self, config_model: Any) -> list[FieldSpec]:
        from gendesk.data.options import ImageOptions
        from gendesk.engine.devices import devices
        from gendesk.engine.run_config import RunSettings

        choices = ("auto", *(device.id for device in devices()))
        fields = [*field_specs(config_model), *field_specs(RunSettings), *field_specs(ImageOptions)]
        return [
            dataclasses.replace(field, kind=FieldKind.CHOICE, choices=choices) if field.name == "device" else field
            for field in fields
        ]


def flat_values(config: "RunConfig") -> dict[str, Any]:
    """Return all values of a run config by field name, as the form knows them."""
    return {
        **config.config,
        **config.settings.model_dump(mode="json"),
        **config.data_options.model_dump(mode="json"),
    }
