"""One run to look at: its curves, its pictures with their timeline, and its model in the studio."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from gendesk.app.charts import ChartsPanel
from gendesk.engine.events import Event, Marked, PreviewReady, Reply, Scalars
from gendesk.engine.preview import Preview, ScatterPreview
from gendesk.errors import GendeskError

if TYPE_CHECKING:
    from gendesk.app.bridge import EngineBridge
    from gendesk.app.previews import PreviewsPanel
    from gendesk.engine.recipe import MetricSpec
    from gendesk.engine.runs import Run
    from gendesk.studios.latent import LatentStudio
    from gendesk.studios.session import ModelSession

STUDIO_WIDTH = 300


class RunView(QSplitter):
    """Empty at first; `connect_engine` makes the parts that need torch, `show_run` fills them and keeps them live."""

    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.run: Run | None = None
        self.previews: PreviewsPanel | None = None
        self.studio: LatentStudio | None = None
        self._bridge: EngineBridge | None = None
        self._session: ModelSession | None = None
        self.charts = ChartsPanel()
        self.charts.failed.connect(self.failed)
        self._middle = QSplitter(Qt.Orientation.Vertical)
        self._middle.addWidget(self.charts)
        self.addWidget(self._middle)
        self.setStretchFactor(0, 1)
        for splitter in (self, self._middle):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(7)

    @property
    def run_id(self) -> str:
        """The id of the run that is shown, empty if there is none."""
        return self.run.id if self.run else ""

    def connect_engine(self, bridge: "EngineBridge") -> None:
        from gendesk.app.previews import PreviewsPanel
        from gendesk.studios.latent import LatentStudio

        self._bridge = bridge
        self.previews = PreviewsPanel()
        self.previews.failed.connect(self.failed)
        self._middle.addWidget(self.previews)
        self._middle.setStretchFactor(1, 1)
        self._middle.setSizes([240, 360])
        self.studio = LatentStudio()
        self.studio.failed.connect(self.failed)
        self.addWidget(self.studio)
        self.setSizes([max(400, self.width() - STUDIO_WIDTH), STUDIO_WIDTH])
        for signal in (bridge.measured, bridge.previewed, bridge.marked):
            signal.connect(self._on_event)
        bridge.replied.connect(self._on_reply)

    def show_metrics(self, metrics: Sequence["MetricSpec"]) -> None:
        """Show empty charts for what a recipe will measure."""
        self.charts.set_metrics(metrics)

    def show_run(self, run: "Run", metrics: Sequence["MetricSpec"]) -> None:
        """Show a run: its history first, then whatever comes."""
        from gendesk.studios.session import ModelSession

        if self._bridge is None or self.previews is None or self.studio is None:
            return
        bridge = self._bridge
        self.run = run
        self.charts.set_metrics(metrics)
        self.charts.set_history(run.history())
        self.previews.show_run(run)
        if self._session is not None:
            self._session.deleteLater()
        self._session = ModelSession(lambda *question: bridge.ask(run.id, *question), self)
        self.studio.set_session(self._session)
        self._show_saved_codes(run)

    def _on_event(self, event: Event) -> None:
        if event.run_id != self.run_id or self.previews is None or self.studio is None:
            return
        match event:
            case Scalars():
                self.charts.append(event)
            case Marked():
                self.charts.mark(event)
            case PreviewReady():
                self.previews.show_live(event)
                self._show_codes(event.preview)
                self.studio.model_changed()

    def _on_reply(self, reply: Reply) -> None:
        if reply.run_id == self.run_id and self._session is not None:
            self._session.receive(reply.asker, reply.stamp, reply.result, reply.error)

    def _show_saved_codes(self, run: "Run") -> None:
        from gendesk.app.previews import newest_scatter

        try:
            codes = newest_scatter(run, "codes")
        except GendeskError as error:
            self.failed.emit(str(error))
            return
        if codes is not None:
            self._show_codes(codes)

    def _show_codes(self, preview: Preview) -> None:
        if isinstance(preview, ScatterPreview) and preview.name == "codes" and self.studio is not None:
            self.studio.set_codes(preview.points, preview.labels, preview.classes)
