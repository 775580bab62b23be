"""The map: a plane of the latent space to walk in with the mouse, also while the model is being trained."""

import time
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.engine.latent.decoding import decode_points
from gendesk.engine.preview import Preview, ScatterPreview
from gendesk.studios.latent.page import LatentPage
from gendesk.studios.latent.workspace import Ask, Workspace
from gendesk.widgets.latent.pad import LatentPad

_QUIET_SECONDS = 0.5
_REFRESH_MS = 1000


class MapPage(LatentPage):
    """Joins a LatentPad to the workspace. The codes come from the run's previews; the pictures from the model."""

    name: ClassVar[str] = "map"

    def __init__(self, workspace: Workspace, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(workspace, ask, parent)
        self.pad = LatentPad()
        self.pad.set_empty_text(
            self.tr("Train a model with a latent size of 2, and its plane appears here: drag in it to draw pictures.")
        )
        self.pad.point_moved.connect(self._move)
        self.pad.manifold_requested.connect(self._ask_manifold)
        self._moved = 0.0
        self._codes: tuple[Any, Any, Any] | None = None
        self._refresh = QTimer(self, interval=_REFRESH_MS, singleShot=True)
        self._refresh.timeout.connect(self._refresh_manifold)
        workspace.surveyed.connect(self._begin)
        workspace.pictured.connect(self._show_picture)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pad)

    @property
    def title(self) -> str:
        return self.tr("Map")

    @property
    def tip(self) -> str:
        return self.tr("Walk in the latent space, and see what the decoder draws")

    def show_preview(self, preview: Preview) -> None:
        """Show the codes of real pictures, of the preview that is called so."""
        if isinstance(preview, ScatterPreview) and preview.name == "codes":
            self._codes = preview.points, preview.labels, preview.classes
            if self.workspace.survey is not None and self.workspace.survey.latent_size == 2:
                self.pad.set_codes(*self._codes)

    def model_changed(self) -> None:
        """Draw the manifold anew, soon and not during a drag."""
        if not self._refresh.isActive():
            self._refresh.start()

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if asker == "manifold":
            self.pad.set_manifold(result, argument.codes)

    def _begin(self) -> None:
        survey = self.workspace.survey
        if survey is None:
            self._codes = None
            self.pad.clear()
        elif survey.latent_size == 2:
            self.pad.set_codes(*(self._codes or (survey.codes, survey.labels, survey.names)))

    def _show_picture(self) -> None:
        if self.workspace.picture is not None and self.pad.plane.ready:
            self.pad.show_picture(self.workspace.picture, self.workspace.code)

    def _move(self, point: NDArray[np.float32]) -> None:
        self._moved = time.monotonic()
        self.workspace.move_to(point, "drag")

    def _ask_manifold(self, codes: NDArray[np.float32]) -> None:
        self.ask("manifold", decode_points, self.workspace.points(codes))

    def _refresh_manifold(self) -> None:
        if time.monotonic() - self._moved < _QUIET_SECONDS:
            self._refresh.start()
        else:
            self.pad.request_manifold()
