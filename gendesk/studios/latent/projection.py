"""Pictures brought into the latent space of a model without an encoder: their codes are looked for, step by step."""

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.painting import (
    SEARCH_STEPS,
    Descent,
    Moved,
    Prior,
    Start,
    descend,
    find_code,
    find_prior,
)
from gendesk.engine.latent.survey import Codes
from gendesk.studios.latent.page import LatentPage
from gendesk.studios.latent.paint_descent import RunningDescent
from gendesk.studios.latent.paint_tools import projection

_PRIOR, _START, _STEP = "projection prior", "projection start", "projection step"


class Projection(QObject):
    """Looks for one picture after the other, with the mixture of classes that the page's workspace has meanwhile.

    The page hands its answers to `take`.
    """

    progressed = Signal(float, float)  # share of the way that is done, and how far off the picture is, both in 0..1
    found = Signal(object, float)  # the code, and how far its picture is off

    def __init__(self, page: LatentPage) -> None:
        super().__init__(page)
        self._page = page
        self._waiting: list[UInt8Array] = []
        self._prior: Prior | None = None
        self._newest: Moved | None = None
        self._descent = RunningDescent(self._send, self)
        self._descent.moved.connect(self._tell)
        self._descent.settled.connect(self._settle)

    @property
    def running(self) -> bool:
        return bool(self._waiting)

    def add(self, picture: UInt8Array) -> None:
        """Look for the code of a picture, uint8 (height, width, channels), when those before it are found."""
        self._waiting.append(picture)
        if len(self._waiting) == 1:
            self._begin()

    def stop(self) -> None:
        """Look for nothing any more."""
        self._waiting.clear()
        self._descent.stop()
        self._prior = None

    def take(self, asker: str, argument: Any, result: Any) -> bool:
        """Take an answer to one of its own questions; return whether it was one."""
        if asker == _PRIOR and self._waiting:
            self._prior = result
            self._page.ask(_START, find_code, Start(self._waiting[0], self._page.workspace.mix), slow=True)
        elif asker == _START and self._waiting and argument.picture is self._waiting[0] and self._prior is not None:
            wish = projection(argument.picture)
            self._descent.begin(Descent(result, argument.mix, self._prior, wish, most=SEARCH_STEPS))
        elif asker == _STEP:
            self._descent.take(argument, result)
        return asker in (_PRIOR, _START, _STEP)

    def fail(self, asker: str) -> None:
        """Hear that one of the page's questions has no answer."""
        if asker in (_PRIOR, _START, _STEP):
            self.stop()

    def _begin(self) -> None:
        survey = self._page.workspace.survey
        if survey is None:
            self.stop()
            return
        surveyed = Prior(survey.mean, np.maximum(survey.deviation, np.float32(1e-3)))
        self._page.ask(_PRIOR, find_prior, surveyed, slow=True)

    def _send(self, descent: Descent) -> None:
        self._page.ask(_STEP, descend, descent, slow=True)

    def _tell(self, moved: Moved) -> None:
        self._newest = moved
        self.progressed.emit(moved.descent.age / moved.descent.most, moved.off_inside)

    def _settle(self) -> None:
        assert self._newest is not None
        self._waiting.pop(0)
        code: Codes = self._newest.descent.code
        self.found.emit(code, self._newest.off_inside)
        if self._waiting:
            self._begin()
