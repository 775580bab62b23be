"""The latent plane of a two-dimensional model: walk in it with the mouse, also while it is being trained."""

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.engine.inference import Abilities, abilities, decode
from gendesk.engine.preview import Preview, ScatterPreview
from gendesk.studios.studio import Studio
from gendesk.widgets.latent.pad import LatentPad

_QUIET_SECONDS = 0.5
_REFRESH_MS = 1000


class LatentStudio(Studio):
    """Joins a LatentPad to a model session. The codes come from the run's previews; the pictures from the model."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Latent studio"))
        self.pad = LatentPad()
        self.pad.set_empty_text(
            self.tr("Train a model with a latent size of 2, and its plane appears here: drag in it to draw pictures.")
        )
        self.pad.point_moved.connect(self._ask_point)
        self.pad.manifold_requested.connect(self._ask_manifold)
        self._able = False
        self._moved = 0.0
        self._codes: tuple[Any, Any, Any] | None = None
        self._refresh = QTimer(self, interval=_REFRESH_MS, singleShot=True)
        self._refresh.timeout.connect(self._refresh_manifold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pad)

    def on_session(self) -> None:
        self._able = False
        self._codes = None
        self.pad.clear()
        self._ask_abilities()

    def show_preview(self, preview: Preview) -> None:
        """Show the codes of real pictures, of the preview that is called so."""
        if isinstance(preview, ScatterPreview) and preview.name == "codes":
            self._codes = preview.points, preview.labels, preview.classes
            if self._able:
                self.pad.set_codes(*self._codes)

    def model_changed(self) -> None:
        """Look at a model in training again: what it can do at first, then its manifold, soon and not during a drag."""
        if not self._able:
            self._ask_abilities()
        elif not self._refresh.isActive():
            self._refresh.start()

    def _ask_abilities(self) -> None:
        self.ask("abilities", abilities, None)

    def _ask_point(self, point: NDArray[np.float32]) -> None:
        self._moved = time.monotonic()
        self.ask("point", decode, point[None])

    def _ask_manifold(self, codes: NDArray[np.float32]) -> None:
        self.ask("manifold", decode, codes)

    def _refresh_manifold(self) -> None:
        if time.monotonic() - self._moved < _QUIET_SECONDS:
            self._refresh.start()
        else:
            self.pad.request_manifold()

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if asker == "point":
            self.pad.show_picture(result[0], argument[0])
        elif asker == "manifold":
            self.pad.set_manifold(result, argument)
        elif isinstance(result, Abilities) and result.decodes and result.latent_size == 2:
            self._able = True
            if self._codes is not None:
                self.pad.set_codes(*self._codes)
