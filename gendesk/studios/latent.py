"""The latent plane of a two-dimensional model: walk in it with the mouse, also while it is being trained."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.engine.inference import Abilities, abilities, decode
from gendesk.studios.session import ModelSession
from gendesk.widgets.latent.pad import LatentPad

_QUIET_SECONDS = 0.5
_REFRESH_MS = 1000


class LatentStudio(QWidget):
    """Joins a LatentPad to a model session. The codes come from whoever shows a run; the pictures from the model."""

    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Latent studio"))
        self.pad = LatentPad()
        self.pad.set_empty_text(
            self.tr("Train a model with a latent size of 2, and its plane appears here: drag in it to draw pictures.")
        )
        self.pad.point_moved.connect(self._ask_point)
        self.pad.manifold_requested.connect(self._ask_manifold)
        self._session: ModelSession | None = None
        self._able = False
        self._moved = 0.0
        self._codes: tuple[Any, Any, Any] | None = None
        self._refresh = QTimer(self, interval=_REFRESH_MS, singleShot=True)
        self._refresh.timeout.connect(self._refresh_manifold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pad)

    def set_session(self, session: ModelSession | None) -> None:
        """Open the studio on another model, or close it with None; a model that it is not made for leaves it empty."""
        if self._session is not None:
            self._session.answered.disconnect(self._answer)
            self._session.failed.disconnect(self._fail)
        self._session = session
        self._able = False
        self._codes = None
        self.pad.clear()
        if session is not None:
            session.answered.connect(self._answer)
            session.failed.connect(self._fail)
            self._ask_abilities()

    def set_codes(self, points: NDArray[np.float32], labels: NDArray[np.int64], classes: Sequence[str]) -> None:
        """Show codes float32 (count, 2) of real pictures, with labels that index `classes`."""
        self._codes = points, labels, classes
        if self._able:
            self.pad.set_codes(points, labels, classes)

    def model_changed(self) -> None:
        """Look at a model in training again: what it can do at first, then its manifold, soon and not during a drag."""
        if not self._able:
            self._ask_abilities()
        elif not self._refresh.isActive():
            self._refresh.start()

    def _ask_abilities(self) -> None:
        if self._session is not None:
            self._session.ask("abilities", abilities, None)

    def _ask_point(self, point: NDArray[np.float32]) -> None:
        self._moved = time.monotonic()
        if self._session is not None:
            self._session.ask("point", decode, point[None])

    def _ask_manifold(self, codes: NDArray[np.float32]) -> None:
        if self._session is not None:
            self._session.ask("manifold", decode, codes)

    def _refresh_manifold(self) -> None:
        if time.monotonic() - self._moved < _QUIET_SECONDS:
            self._refresh.start()
        else:
            self.pad.request_manifold()

    def _answer(self, asker: str, argument: Any, result: Any) -> None:
        if asker == "point":
            self.pad.show_picture(result[0], argument[0])
        elif asker == "manifold":
            self.pad.set_manifold(result, argument)
        elif isinstance(result, Abilities) and result.decodes and result.latent_size == 2:
            self._able = True
            if self._codes is not None:
                self.pad.set_codes(*self._codes)

    def _fail(self, asker: str, sentence: str) -> None:
        if asker != "abilities":  # a model that has not been built yet will be looked at again with its first preview
            self.failed.emit(sentence)
