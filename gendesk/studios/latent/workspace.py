"""What the pages of the latent studio share: one point of the latent space, its picture, and the way back."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.decoding import Points, decode_points
from gendesk.engine.latent.survey import Survey, survey
from gendesk.widgets.undo import StateHistory

Ask = Callable[..., None]
_POINT, _SURVEY, _RENEWAL = "point", "survey", "renewal"
_PAUSE = 8.0  # before the next survey of a model in training, in times that one takes: it costs a tenth of the worker
_SHORTEST_PAUSE = 2.0  # seconds


@dataclass(frozen=True)
class LatentState:
    """What undo goes back to: the point, the mixture of classes, and whatever a page keeps under its name.

    Values of pages must be immutable and comparable with ==.
    """

    code: tuple[float, ...] = ()
    mix: tuple[float, ...] = ()
    pages: Mapping[str, object] = field(default_factory=dict)


class Workspace(QObject):
    """One point of the latent space for all pages. `move_to` moves it; its picture comes soon after, from the model.

    There is nothing to move before `survey` is known.
    """

    surveyed = Signal()  # the model has become known, or there is none any more
    renewed = Signal()  # the same model has been trained further, and `survey` is what it is now
    moved = Signal()
    pictured = Signal()  # `picture` is that of the point, or None
    restored = Signal()  # somebody went back or forth: pages show `page_state` again
    failed = Signal(str)

    def __init__(self, panel: QWidget, ask: Ask) -> None:
        super().__init__(panel)
        self._ask = ask
        self.survey: Survey | None = None
        self.picture: UInt8Array | None = None
        self.state = LatentState()
        self.history = StateHistory(panel, self.state)
        self.history.restored.connect(self._restore)
        self._asked = 0.0
        self._renewal = QTimer(self, interval=round(1000 * _SHORTEST_PAUSE), singleShot=True)
        self._renewal.timeout.connect(self._renew)

    @property
    def code(self) -> NDArray[np.float32]:
        """The point, float32 (latent_size,)."""
        return np.array(self.state.code, np.float32)

    @property
    def mix(self) -> NDArray[np.float32] | None:
        """The share of each class, float32 (classes,), with a sum of 1; None for a model that knows of none.

        What the person has set, with any sum, is `state.mix`; no class at all means all of them alike.
        """
        if not self.state.mix:
            return None
        shares, total = np.array(self.state.mix, np.float32), sum(self.state.mix)
        return shares / total if total > 0 else np.full_like(shares, 1 / len(shares))

    def points(self, codes: NDArray[np.float32]) -> Points:
        """Return codes (count, latent_size) with the present mixture of classes, ready to be decoded."""
        return Points(codes, self.mix)

    def move_to(self, code: NDArray[np.floating], key: str = "") -> None:
        """Move the point; moves in a row with the same `key`, such as those of one drag, are undone at once."""
        self._change(replace(self.state, code=tuple(np.asarray(code, np.float32).tolist())), key)

    def set_mix(self, shares: NDArray[np.floating], key: str = "") -> None:
        """Choose the share of each class, (classes,), none below 0; they need not sum to 1."""
        self._change(replace(self.state, mix=tuple(np.asarray(shares, np.float32).tolist())), key)

    def page_state(self, page: str) -> object:
        """Return what a page has kept for undo, None if it has not."""
        return self.state.pages.get(page)

    def keep(self, page: str, value: object, key: str = "") -> None:
        """Keep the state of a page, so that undo brings it back; `restored` tells the page."""
        if self.state.pages.get(page) != value:
            self.state = replace(self.state, pages={**self.state.pages, page: value})
            self.history.push(self.state, key)

    def end_step(self) -> None:
        """Let the next change be undone by itself."""
        self.history.end_step()

    # The model

    def begin(self) -> None:
        """Forget the model, and ask the next one what it is."""
        self.survey, self.picture, self.state = None, None, LatentState()
        self.history.forget(self.state)
        self._renewal.stop()
        self.surveyed.emit()
        self.ask_survey()

    def ask_survey(self) -> None:
        self._ask(_SURVEY, survey, None, data=True, slow=True)

    def model_changed(self) -> None:
        """Look at a model that has been trained further; what it costs stays small beside the training."""
        if self.survey is None:
            self.ask_survey()
        else:
            self.ask_picture()
            if not self._renewal.isActive():
                self._renewal.start()

    def _renew(self) -> None:
        self._asked = time.monotonic()
        self._ask(_RENEWAL, survey, None, data=True, slow=True)

    def ask_picture(self) -> None:
        """Have the point decoded once more, as after a change of the weights."""
        if self.survey is not None:
            self._ask(_POINT, decode_points, self.points(self.code[None]))

    def take(self, asker: str, result: Any) -> bool:
        """Take an answer to one of the workspace's own questions; return whether it was one."""
        if asker == _SURVEY:
            self._take_survey(result)
        elif asker == _RENEWAL:
            pause = max(_SHORTEST_PAUSE, _PAUSE * (time.monotonic() - self._asked))
            self._renewal.setInterval(round(1000 * pause))
            self.survey = result
            self.renewed.emit()
        elif asker == _POINT:
            self.picture = result[0]
            self.pictured.emit()
        return asker in (_SURVEY, _RENEWAL, _POINT)

    def _take_survey(self, found: Survey) -> None:
        first = self.survey is None or self.survey.latent_size != found.latent_size
        self.survey = found
        if first:
            classes = len(found.mixes)
            mix = (1.0,) + (0.0,) * (classes - 1) if classes else ()
            self.state = LatentState((0.0,) * found.latent_size, mix)
            self.history.forget(self.state)
        self.surveyed.emit()
        self.ask_picture()

    def _change(self, state: LatentState, key: str) -> None:
        if self.survey is not None and state != self.state:
            self.state = state
            self.history.push(state, key)
            self._tell()

    def _restore(self, state: LatentState) -> None:
        self.state = state
        self._tell()
        self.restored.emit()

    def _tell(self) -> None:
        self.ask_picture()  # first, so that the decoder works while the pages follow
        self.moved.emit()
