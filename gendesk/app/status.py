"""The foot of the window: which device trains, memory, how long a step takes, how late the window's frames are."""

from typing import TYPE_CHECKING

import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gendesk.engine.events import JobState, Progress, StateChanged

if TYPE_CHECKING:
    from gendesk.app.bridge import EngineBridge

_UPDATE_MS = 1000


class StatusLine(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._device = QLabel(self.tr("Loading the engine..."))
        self._memory = QLabel()
        self._step = QLabel()
        self._window = QLabel()
        self._memory.setToolTip(self.tr("Memory that gendesk uses"))
        self._step.setToolTip(self.tr("Time of one training step"))
        self._window.setToolTip(self.tr("How late the window's frames are: below 16 ms everything feels immediate"))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(16)
        row.addWidget(self._device)
        row.addStretch(1)
        for label in (self._memory, self._step, self._window):
            row.addWidget(label)
        for label in (self._device, self._memory, self._step, self._window):
            label.setProperty("role", "muted")
        self._process = psutil.Process()
        self._bridge: EngineBridge | None = None
        self._step_seconds = 0.0
        self._timer = QTimer(self, interval=_UPDATE_MS)
        self._timer.timeout.connect(self._update)

    def connect_engine(self, bridge: "EngineBridge") -> None:
        from gendesk.engine.devices import choose_device
        from gendesk.engine.threads import available_cores

        self._bridge = bridge
        bridge.progressed.connect(self._on_progress)
        bridge.state_changed.connect(self._on_state)
        choice = choose_device()
        threads = available_cores()
        kind = self.tr("{0} threads").format(threads) if choice.device.id == "cpu" else choice.device.name
        self._device.setText(f"{choice.device.id}, {kind}")
        self._device.setToolTip(choice.reason)
        self._timer.start()
        self._update()

    def _on_progress(self, event: Progress) -> None:
        self._step_seconds = event.step_seconds

    def _on_state(self, event: StateChanged) -> None:
        if event.state.over or event.state is JobState.PAUSED:
            self._step_seconds = 0.0

    def _update(self) -> None:
        memory = self._process.memory_info().rss / 2**30
        self._memory.setText(self.tr("{0:.1f} GB").format(memory))
        self._step.setText(self.tr("step {0}").format(_milliseconds(self._step_seconds)) if self._step_seconds else "")
        if self._bridge is not None:
            self._window.setText(self.tr("window {0:.0f} ms").format(self._bridge.lateness))


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds:.2g} s"
