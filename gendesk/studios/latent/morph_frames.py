"""The pictures of a morph: asked of the model in chunks, those near the slider first, and kept until it changes."""

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from gendesk.data.dataset import UInt8Array
from gendesk.engine.inference import encode
from gendesk.engine.latent.decoding import Points, decode_points
from gendesk.engine.latent.paths import cross_fade, path
from gendesk.engine.latent.survey import Codes
from gendesk.studios.latent.morph_state import Morph, Stop
from gendesk.studios.latent.page import LatentPage

_CHUNK = 16
_MOST_BYTES = 64 << 20  # of pictures that no frame of the present way needs
_ENCODE, _DECODE = "encode", "frames"


class MorphFrames(QObject):
    """Follows `set_morph`; while a picture is awaited, that of the same frame before the change stands in for it."""

    changed = Signal()

    def __init__(self, page: LatentPage) -> None:
        super().__init__(page)
        self._page = page
        self.forget()

    def forget(self) -> None:
        """Begin anew, on another model."""
        self.morph = Morph()
        self._laid_out = self.morph  # what `codes` belong to; it lags behind while pictures are being encoded
        self.position = 0  # the frame that is wanted most
        self.codes: Codes = np.empty((0, 0), np.float32)
        self._shown: list[UInt8Array | None] = []
        self._known: dict[Stop, Codes] = {}
        self._kept: dict[bytes, UInt8Array] = {}
        self._asked: tuple[Stop, ...] = ()
        self._waiting: Points | None = None
        self._again = False

    def __len__(self) -> int:
        return min(len(self.codes), self.morph.count)

    @property
    def complete(self) -> bool:
        """Whether every frame has its own picture, and none of them stands in for one that is awaited."""
        settled = self._waiting is None and self._laid_out == self.morph
        return len(self) > 0 and settled and all(one is not None for one in self._shown)

    def picture(self, index: int) -> UInt8Array | None:
        """Return what the model draws for a frame, uint8 (height, width, channels), None while it is awaited."""
        return self._shown[index] if index < len(self._shown) else None

    def stop_picture(self, number: int) -> UInt8Array | None:
        """Return the picture of a stop: the original where there is one, else what the model draws."""
        original = self.morph.stops[number].picture
        return self.picture(number * self.morph.steps) if original is None else original

    def fade(self, index: int) -> UInt8Array | None:
        """Return the frame of the pixel cross-fade, None while a picture of its two stops is awaited."""
        leg, step = divmod(index, self.morph.steps)
        ends = [self.stop_picture(number) for number in range(leg, leg + (2 if step else 1))]
        known = [one for one in ends if one is not None]
        return cross_fade(np.stack(known), self.morph.steps, step) if len(known) == len(ends) else None

    def set_morph(self, morph: Morph) -> None:
        """Take other stops, another number of steps, or another mixture of classes in the workspace."""
        self.morph = morph
        self._follow()

    def weights_changed(self) -> None:
        """Have everything encoded and decoded again; a round that is under way comes to its end first."""
        if self._waiting is not None:
            self._again = True
            return
        self._known.clear()
        self._kept.clear()
        self._follow()

    def take(self, asker: str, argument: Any, result: Any) -> None:
        """Take the answer to a question of this object."""
        if asker == _ENCODE:
            self._known.update(zip(self._asked, result, strict=True))
            self._follow()
        elif asker == _DECODE and isinstance(argument, Points) and argument is self._waiting:
            self._waiting = None
            keys = (_key(argument, index) for index in range(len(result)))
            self._kept.update(zip(keys, result, strict=True))
            self._show()
            self._ask_next()

    def fail(self) -> None:
        """Hear that a question has no answer; the next change asks again."""
        self._waiting = None

    def _follow(self) -> None:
        unknown = tuple(dict.fromkeys(one for one in self.morph.stops if one.pixels and one not in self._known))
        if unknown:
            self._asked = unknown
            self._page.ask(_ENCODE, encode, np.stack([_pixels(one) for one in unknown]))
        else:
            self._lay_out()

    def _lay_out(self) -> None:
        stops = [self._known[one] if one.pixels else np.array(one.code, np.float32) for one in self.morph.stops]
        before, self._laid_out = len(self.codes), self.morph
        self.codes = path(np.stack(stops), self.morph.steps, self.morph.way) if stops else self.codes[:0]
        if len(self.codes) != before:
            self._shown = [None] * len(self.codes)
        self._waiting = None
        self._show()
        self._ask_next()

    def _show(self) -> None:
        points = self._page.workspace.points(self.codes)
        found = [self._kept.get(_key(points, index)) for index in range(len(self.codes))]
        self._shown = [now if now is not None else old for now, old in zip(found, self._shown, strict=True)]
        self.changed.emit()

    def _ask_next(self) -> None:
        points = self._page.workspace.points(self.codes)
        missing = [index for index in range(len(self.codes)) if _key(points, index) not in self._kept]
        if missing:
            nearest = sorted(missing, key=lambda index: abs(index - self.position))[:_CHUNK]
            self._waiting = self._page.workspace.points(self.codes[nearest])
            self._page.ask(_DECODE, decode_points, self._waiting, slow=True)
            return
        self._let_go(points)
        if self._again:
            self._again = False
            self.weights_changed()

    def _let_go(self, points: Points) -> None:
        """Forget pictures of earlier ways when they have become many."""
        if sum(picture.nbytes for picture in self._kept.values()) > _MOST_BYTES:
            keys = [_key(points, index) for index in range(len(points.codes))]
            self._kept = {key: self._kept[key] for key in keys}


def _key(points: Points, index: int) -> bytes:
    """Return what a picture depends on beside the weights: its code and the mixture of classes."""
    mix = b"" if points.mix is None else points.mix.tobytes()
    return bytes(points.codes[index].tobytes()) + mix


def _pixels(stop: Stop) -> UInt8Array:
    """Return the picture of a stop that has one."""
    return np.frombuffer(stop.pixels, np.uint8).reshape(stop.shape)
