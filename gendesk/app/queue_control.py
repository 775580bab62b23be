"""Keeps the queue's panel true to the queue, which other processes change, too, and does what the panel asks for."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gendesk.app.runs.queue_panel import QueuePanel
from gendesk.app.runs.queue_rows import QueueRow, running_row, waiting_row
from gendesk.engine.events import Progress
from gendesk.errors import GendeskError

if TYPE_CHECKING:
    from gendesk.app.bridge import EngineBridge
    from gendesk.engine.events import StateChanged
    from gendesk.engine.run_queue import QueueEntry

_LOOK_MS = 1000


class QueueControl(QObject):
    """`failed` brings a sentence when something that was asked for cannot be done."""

    failed = Signal(str)

    def __init__(self, panel: QueuePanel, bridge: "EngineBridge") -> None:
        super().__init__(panel)
        self._panel = panel
        self._engine = bridge.engine
        self._stamp = -1
        self._progress: Progress | None = None
        panel.moved.connect(self._move)
        panel.remove_wanted.connect(self._remove)
        panel.run_wanted.connect(self._run)
        panel.hold_wanted.connect(self._hold)
        bridge.state_changed.connect(self._on_state)
        bridge.progressed.connect(self._on_progress)
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self.refresh()

    def take_over(self) -> None:
        """Go on with what a process in the background trains; what merely waits is started by a person."""
        engine = self._engine
        engine.runner.held = not engine.queue.running
        if engine.queue.entries():
            engine.queue.claim()
            engine.runner.wake()
        self.refresh()

    def refresh(self) -> None:
        entries = self._engine.queue.entries()
        self._panel.set_entries([self._row(entry) for entry in entries])
        waiting = any(self._engine.job(entry.run) is None for entry in entries)
        self._panel.set_held(self._engine.runner.held and waiting)

    def _row(self, entry: "QueueEntry") -> QueueRow:
        job = self._engine.job(entry.run)
        try:
            run = job.run if job is not None else self._engine.runs.open(entry.run)
        except GendeskError as error:
            return QueueRow(entry.run, entry.run, str(error), "failed")
        if run.in_use or (job is not None and job.started and not job.state.over):
            progress = self._progress if self._progress is not None and self._progress.run_id == run.id else None
            if progress is None:
                return running_row(run, run.record.step, run.record.total_steps)
            return running_row(run, progress.step, progress.total_steps, progress.eta)
        return waiting_row(run, entry.added)

    def _look(self) -> None:
        changed = self._engine.queue.stamp != self._stamp
        if changed:
            self._stamp = self._engine.queue.stamp
            self._engine.runner.wake()
        if changed or (self._panel.isVisible() and self._engine.training_jobs):
            self.refresh()

    def _on_progress(self, event: Progress) -> None:
        self._progress = event

    def _on_state(self, _event: "StateChanged") -> None:
        self.refresh()

    def _move(self, run_id: str, index: int) -> None:
        self._engine.queue.move(run_id, index)
        self.refresh()

    def _remove(self, run_id: str) -> None:
        try:
            self._engine.withdraw(run_id)
        except (GendeskError, OSError) as error:
            self.failed.emit(str(error))
        self.refresh()

    def _run(self) -> None:
        self._engine.runner.held = False
        self.refresh()

    def _hold(self) -> None:
        self._engine.runner.held = True
        self.refresh()
