"""What runs in training say of themselves, gathered and shown in their rows a few times a second."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from gendesk.app.runs.entries import Status
from gendesk.app.runs.rows import Live
from gendesk.app.runs.table import RunTable
from gendesk.engine.events import JobState, Progress, Scalars, StateChanged

_SHOW_MS = 250
_STATES = {
    JobState.PAUSING: Status.PAUSING,
    JobState.PAUSED: Status.PAUSED,
    JobState.STOPPING: Status.STOPPING,
}


class LiveRows(QObject):
    """Takes the engine's events; at most four times a second the rows they are about change."""

    def __init__(self, table: RunTable, parent: QObject) -> None:
        super().__init__(parent)
        self._table = table
        self._news: dict[str, Live] = {}
        self._timer = QTimer(self, singleShot=True, interval=_SHOW_MS)
        self._timer.timeout.connect(self._show)

    def show_progress(self, event: Progress) -> None:
        live = self._of(event.run_id)
        live = replace(live, step=event.step, total_steps=event.total_steps, seconds=event.elapsed)
        self._note(event.run_id, live)

    def show_metrics(self, event: Scalars) -> None:
        live = self._of(event.run_id)
        newest = {name: float(values[-1]) for name, values in event.values.items() if len(values)}
        self._note(event.run_id, replace(live, metrics={**(live.metrics or {}), **newest}))

    def show_state(self, event: StateChanged) -> None:
        live = Live() if event.state.over else replace(self._of(event.run_id), status=_STATES.get(event.state))
        self._note(event.run_id, live)

    def _of(self, run_id: str) -> Live:
        return self._news.get(run_id) or self._table.live(run_id)

    def _note(self, run_id: str, live: Live) -> None:
        self._news[run_id] = live
        if not self._timer.isActive():
            self._timer.start()

    def _show(self) -> None:
        news, self._news = self._news, {}
        self._table.set_live(news)
