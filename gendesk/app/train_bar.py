"""The row above a family's tab: what to train, the buttons that train it, and how far it is."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.app.data.own_words import own_words
from gendesk.data.dataset import DatasetKind
from gendesk.engine.events import JobState, Progress
from gendesk.engine.throughput import clock
from gendesk.widgets.icons import icon

_SLOW = 0.2  # steps a second
_PARTS = 100  # of a step on the bar, which shows how far a long one is
_TEXT_WIDTH = 360  # so that the bar does not jump when the numbers change


class TrainBar(QWidget):
    """Choices and transport. It emits what the person wants and shows what it is told; it decides nothing."""

    recipe_chosen = Signal(str)
    preset_chosen = Signal(str)
    data_chosen = Signal(str)
    folder_wanted = Signal()
    file_wanted = Signal()
    paste_wanted = Signal()
    start_clicked = Signal()
    resume_clicked = Signal()
    pause_toggled = Signal(bool)
    stop_clicked = Signal(bool)
    step_clicked = Signal(str)
    save_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phase_actions: list[QAction] = []
        self._state: JobState | None = None
        self.recipe = self._combo(self.tr("Recipe"), self.tr("What is trained: the kind of model"), self.recipe_chosen)
        self.preset = self._combo(
            self.tr("Preset"), self.tr("A named set of all values in the form"), self.preset_chosen
        )
        self.data = self._combo(self.tr("Data"), self.tr("What the model learns from"), self.data_chosen)
        self.data.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.data.setMinimumContentsLength(16)
        self.own_data = self._own_data_button()
        self.start = self._button(self.tr("Start"), "play", "")
        self.start.setProperty("role", "primary")
        self.resume = self._button(self.tr("Resume"), "resume", self.tr("Go on with the run that is shown"))
        self.pause = self._button(self.tr("Pause"), "pause", self.tr("Pause after the current step; again to go on"))
        self.pause.setCheckable(True)
        self.step = self._button(self.tr("Step"), "step", self.tr("Do a single step while paused"))
        self.stop = self._button(self.tr("Stop"), "stop", self.tr("Stop after the current step and keep the model"))
        self.more = self._more_button()
        self.start.clicked.connect(self.start_clicked)
        self.resume.clicked.connect(self.resume_clicked)
        self.pause.clicked.connect(self.pause_toggled)
        self.step.clicked.connect(partial(self.step_clicked.emit, ""))
        self.stop.clicked.connect(partial(self.stop_clicked.emit, True))
        self._label = QLabel()
        self._label.setAccessibleName(self.tr("Progress"))
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._label.setMinimumWidth(_TEXT_WIDTH)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedHeight(4)
        self._bar.setAccessibleName(self.tr("Progress of the run"))
        self.set_own_data(DatasetKind.IMAGES, offered=True)
        self._lay_out()
        self.set_state(None, resumable=False)

    def set_recipes(self, recipes: Sequence[tuple[str, str]]) -> None:
        """Offer recipes as (id, title)."""
        _fill(self.recipe, recipes)

    def set_presets(self, presets: Sequence[str]) -> None:
        _fill(self.preset, [(name, name) for name in presets])

    def set_data(self, entries: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer data sets as (reference, title), with own data at the end where the person has chosen some."""
        _fill(self.data, entries)
        with QSignalBlocker(self.data):
            self.data.setCurrentIndex(max(0, self.data.findData(chosen)))

    def set_own_data(self, kind: DatasetKind, *, offered: bool) -> None:
        """Offer a person's own files of a kind, or nothing where a recipe has no use for them."""
        words = own_words(kind)
        self.own_data.setEnabled(offered)
        self.own_data.setToolTip(words.tip)
        self._folder_action.setText(self.tr("{0}...").format(words.folder))
        self._file_action.setText(self.tr("{0}...").format(words.file))
        self._paste_action.setVisible(kind is DatasetKind.TEXT)

    def set_phases(self, phases: Sequence[str]) -> None:
        """Offer to step the named phases of a recipe alone."""
        for action in self._phase_actions:
            self._menu.removeAction(action)
        self._phase_actions = [QAction(self.tr("Step {0} Alone").format(phase.title()), self._menu) for phase in phases]
        for action, phase in zip(self._phase_actions, phases, strict=True):
            action.triggered.connect(lambda _=False, name=phase: self.step_clicked.emit(name))
            self._menu.addAction(action)

    def set_state(
        self, state: JobState | None, *, resumable: bool, elsewhere: bool = False, queue: bool = False
    ) -> None:
        """Show which buttons make sense; `state` is None where no job of this process is shown.

        `elsewhere` says that another process trains the run, `queue` that a new run would have to wait.
        """
        busy = state is not None and not state.over
        pausing, paused = state is JobState.PAUSING, state is JobState.PAUSED
        trains = state is JobState.RUNNING or pausing or paused
        self._state = state
        self.start.setText(self.tr("Queue") if queue else self.tr("Start"))
        self.start.setToolTip(
            self.tr("Put a new run with the values in the form into the queue: it trains when its turn comes")
            if queue
            else self.tr("Train a new run with the values in the form")
        )
        self.resume.setEnabled(not busy and resumable)
        self.pause.setEnabled(trains)
        with QSignalBlocker(self.pause):
            self.pause.setChecked(pausing or paused)
        self.step.setEnabled(paused)
        self.stop.setEnabled(elsewhere or (busy and state is not JobState.STOPPING))
        self.more.setEnabled(trains)
        if not busy:
            self._bar.setRange(0, 1)
            self._bar.setValue(0)

    @property
    def text(self) -> str:
        """What it says of the run."""
        return self._label.text()

    def show_text(self, text: str) -> None:
        self._label.setText(text)
        self._label.setToolTip(text)

    def show_progress(self, progress: Progress) -> None:
        self._bar.setRange(0, max(1, progress.total_steps) * _PARTS)
        self._bar.setValue(min(round((progress.step + progress.within) * _PARTS), progress.total_steps * _PARTS))
        if self._state in (JobState.PAUSING, JobState.STOPPING):
            return  # the label says that the step is awaited
        if self._state is JobState.PAUSED:
            self.show_text("   ".join((self.tr("Paused"), _place_text(progress))))
        elif progress.text and not progress.steps_per_second:
            self.show_text(progress.text)
        elif progress.text and progress.within:
            self.show_text(f"{progress.text}   {progress_text(progress)}")
        else:
            self.show_text(progress_text(progress))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        for widget in (self.recipe, self.preset, self.data, self.own_data):
            row.addWidget(widget)
        row.addSpacing(8)
        for button in (self.start, self.resume, self.pause, self.step, self.stop, self.more):
            row.addWidget(button)
        row.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self._bar, 1)
        foot.addWidget(self._label)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addLayout(foot)

    def _combo(self, name: str, tip: str, signal: SignalInstance) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(f"{name}: {tip}")
        combo.activated.connect(lambda _index: signal.emit(combo.currentData()))
        return combo

    def _button(self, text: str, icon_name: str, tip: str) -> QPushButton:
        button = QPushButton(icon(icon_name), text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    def _own_data_button(self) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon("open"))
        button.setText(self.tr("Own Data..."))
        button.setAccessibleName(self.tr("Own data"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        self._folder_action = QAction(icon("folder"), "", menu)
        self._file_action = QAction(icon("data"), "", menu)
        self._paste_action = QAction(icon("edit"), self.tr("Paste Text..."), menu)
        self._folder_action.triggered.connect(self.folder_wanted)
        self._file_action.triggered.connect(self.file_wanted)
        self._paste_action.triggered.connect(self.paste_wanted)
        menu.addActions([self._folder_action, self._file_action, self._paste_action])
        button.setMenu(menu)
        return button

    def _more_button(self) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon("chevron-down"))
        button.setAccessibleName(self.tr("More"))
        button.setToolTip(self.tr("Save now, or stop without saving"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(button)
        save = QAction(icon("save"), self.tr("Save Now"), self._menu)
        save.setShortcut(QKeySequence.StandardKey.Save)
        save.triggered.connect(self.save_clicked)
        self._menu.addAction(save)
        self._menu.addAction(icon("stop"), self.tr("Stop Without Saving"), lambda: self.stop_clicked.emit(False))
        button.setMenu(self._menu)
        return button


def progress_text(progress: Progress) -> str:
    """Return what the bar says, e.g. `1,240 / 6,000   epoch 4.4   52 steps/s   1:32 left`."""
    parts = [_place_text(progress)]
    if progress.steps_per_second:
        parts.append(rate_text(progress.steps_per_second))
    if progress.eta is not None:
        parts.append(f"{clock(progress.eta)} left")
    return "   ".join(parts)


def _place_text(progress: Progress) -> str:
    """Return how far a run has come, e.g. `1,240 / 6,000   epoch 4.4`."""
    return f"{progress.step:,} / {progress.total_steps:,}   epoch {progress.epoch:.1f}"


def rate_text(rate: float) -> str:
    """Return steps per second, or where a step takes long, how long: `52 steps/s`, `0.7 steps/s`, `31 s/step`."""
    if rate < _SLOW:
        return f"{1 / rate:.0f} s/step"
    return f"{rate:.0f} steps/s" if rate >= 10 else f"{rate:.2g} steps/s"


def _fill(combo: QComboBox, entries: Sequence[tuple[str, str]]) -> None:
    with QSignalBlocker(combo):
        combo.clear()
        for key, title in entries:
            combo.addItem(title, key)
