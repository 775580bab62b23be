"""One run to look at: its curves, its pictures with their timeline, and the studios on its model."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from gendesk.app.charts import ChartsPanel
from gendesk.app.studios_panel import StudiosPanel
from gendesk.engine.events import Event, Marked, PreviewReady, Reply, Scalars, StateChanged
from gendesk.errors import GendeskError

if TYPE_CHECKING:
    from gendesk.app.bridge import EngineBridge
    from gendesk.app.previews import PreviewsPanel
    from gendesk.engine.families import StudioEntry
    from gendesk.engine.recipe import MetricSpec
    from gendesk.engine.runs import Run
    from gendesk.studios.session import ModelSession
    from gendesk.studios.studio import Studio

_LEAST_MIDDLE = 400


class RunView(QSplitter):
    """Empty at first; `connect_engine` makes the parts that need torch, `show_run` fills them and keeps them live."""

    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.run: Run | None = None
        self.previews: PreviewsPanel | None = None
        self._bridge: EngineBridge | None = None
        self._session: ModelSession | None = None
        self._cramped = False
        self.charts = ChartsPanel()
        self.charts.failed.connect(self.failed)
        self._middle = QSplitter(Qt.Orientation.Vertical)
        self._middle.addWidget(self.charts)
        self.studios = StudiosPanel(self)
        self.studios.failed.connect(self.failed)
        self.studios.enlarged.connect(self._middle.setHidden)
        self.studios.chosen.connect(self._make_room)
        self.addWidget(self._middle)
        self.addWidget(self.studios)
        self.setStretchFactor(0, 1)
        self.studios.hide()
        for splitter in (self, self._middle):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(7)

    @property
    def run_id(self) -> str:
        """The id of the run that is shown, empty if there is none."""
        return self.run.id if self.run else ""

    @property
    def studio(self) -> "Studio | None":
        """The studio that is seen."""
        return self.studios.current

    def connect_engine(self, bridge: "EngineBridge") -> None:
        from gendesk.app.previews import PreviewsPanel

        self._bridge = bridge
        self.previews = PreviewsPanel()
        self.previews.failed.connect(self.failed)
        self._middle.addWidget(self.previews)
        self._middle.setStretchFactor(1, 1)
        self._middle.setSizes([240, 360])
        for signal in (bridge.measured, bridge.previewed, bridge.marked, bridge.state_changed):
            signal.connect(self._on_event)
        bridge.replied.connect(self._on_reply)
        bridge.features_progressed.connect(self._on_features_progress)
        bridge.features_ended.connect(self._on_features)

    def show_recipe(self, metrics: Sequence["MetricSpec"], studios: Sequence["StudioEntry"]) -> None:
        """Show no run, but empty charts for what a recipe will measure, and its studios."""
        self.run = None
        self.charts.set_metrics(metrics)
        self.studios.set_studios(studios)
        self._open_session(None)
        if self.previews is not None:
            self.previews.show_run(None)

    def show_run(self, run: "Run", metrics: Sequence["MetricSpec"], studios: Sequence["StudioEntry"]) -> None:
        """Show a run: its history first, then whatever comes."""
        if self._bridge is None or self.previews is None:
            return
        from gendesk.engine.health.warnings_file import WARNINGS_FILE, read_warnings
        from gendesk.engine.scores.keeper_metrics import score_metrics

        self.run = run
        self.charts.set_metrics((*metrics, *score_metrics(run.record.config.settings)))
        self.charts.set_history(run.history(), read_warnings(run.folder / WARNINGS_FILE))
        self.previews.show_run(run)
        self.studios.set_studios(studios)
        self._open_session(run)
        self._show_saved_previews(run)

    def _open_session(self, run: "Run | None") -> None:
        from gendesk.studios.session import ModelSession

        bridge, old = self._bridge, self._session
        self._session = None
        if bridge is not None and run is not None:
            self._session = ModelSession(partial(bridge.ask, run.id), self)
            self._session.features_wanted.connect(partial(bridge.train_features, run.id))
            self._session.features_unwanted.connect(partial(bridge.cancel_features, run.id))
        self.studios.set_session(self._session)
        if old is not None:
            old.deleteLater()

    def _on_event(self, event: Event) -> None:
        if event.run_id != self.run_id or self.previews is None:
            return
        match event:
            case Scalars():
                self.charts.append(event)
            case Marked():
                self.charts.mark(event)
            case PreviewReady(passing=True):
                self.previews.show_live(event)
            case PreviewReady():
                self.previews.show_live(event)
                self.studios.show_preview(event.preview)
                self._model_changed()
            case StateChanged() if event.state.over:
                self._model_changed()  # the last previews come before the model is saved as it is in the end

    def _model_changed(self) -> None:
        if self._session is not None:
            self._session.ask_again()
        self.studios.model_changed()

    def _on_reply(self, reply: Reply) -> None:
        if reply.run_id == self.run_id and self._session is not None:
            self._session.receive(reply.asker, reply.stamp, reply.result, reply.error, ready=reply.ready)

    def _on_features_progress(self, run_id: str, share: float) -> None:
        if run_id == self.run_id and self._session is not None:
            self._session.features_progressed.emit(share)

    def _on_features(self, run_id: str, problem: str) -> None:
        if run_id == self.run_id and self._session is not None:
            self._session.features_ended.emit(problem)

    def _show_saved_previews(self, run: "Run") -> None:
        from gendesk.app.previews import newest_previews

        try:
            for preview in newest_previews(run):
                self.studios.show_preview(preview)
        except GendeskError as error:
            self.failed.emit(str(error))

    def _make_room(self) -> None:
        """Give a studio the room that it wants, if it has less; what a person has made wider stays."""
        wanted, (middle, side) = self.studios.width_wanted, self.sizes()
        self._cramped = not self.isVisible() or not middle + side
        if self._middle.isVisible() and not self._cramped and side < wanted:
            left = max(_LEAST_MIDDLE, middle + side - wanted)
            self.setSizes([left, middle + side - left])

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if self._cramped and event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest):
            self._make_room()  # a studio was chosen before there was anything to share out
        return done
