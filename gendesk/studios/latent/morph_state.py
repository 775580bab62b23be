"""What a morph goes through: stops on a strip, and the way between them."""

from dataclasses import dataclass, replace

import numpy as np

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.paths import Way
from gendesk.engine.latent.survey import Codes

MOST_STOPS = 24
MOST_STEPS = 60
BOOK_STEPS = 10  # 0, 0.1 ... 0.9, and the second picture


@dataclass(frozen=True)
class Stop:
    """A picture that is encoded, or a code that is decoded, as immutable values: undo keeps and compares them."""

    title: str
    code: tuple[float, ...] = ()
    pixels: bytes = b""
    shape: tuple[int, ...] = ()

    @classmethod
    def of_picture(cls, title: str, picture: UInt8Array) -> "Stop":
        """Make a stop of a picture uint8 (height, width, channels)."""
        return cls(title, pixels=picture.tobytes(), shape=picture.shape)

    @classmethod
    def of_code(cls, title: str, code: Codes) -> "Stop":
        """Make a stop of a code (latent_size,)."""
        return cls(title, code=tuple(np.asarray(code, np.float32).tolist()))

    @property
    def picture(self) -> UInt8Array | None:
        """The picture that is encoded, None for a stop that is a code."""
        return np.frombuffer(self.pixels, np.uint8).reshape(self.shape) if self.pixels else None


@dataclass(frozen=True)
class Morph:
    """The stops in their order, how many steps lead from each to the next, and how they go there."""

    stops: tuple[Stop, ...] = ()
    steps: int = BOOK_STEPS
    way: Way = Way.LINEAR

    @property
    def count(self) -> int:
        """How many frames there are, those of the stops among them."""
        return (len(self.stops) - 1) * self.steps + 1 if self.stops else 0

    def with_stop(self, stop: Stop, at: int) -> "Morph":
        """Put a stop before number `at`; what is too much for the strip is left out."""
        if len(self.stops) >= MOST_STOPS:
            return self
        return replace(self, stops=(*self.stops[:at], stop, *self.stops[at:]))

    def without(self, index: int) -> "Morph":
        """Take a stop away."""
        return replace(self, stops=self.stops[:index] + self.stops[index + 1 :])

    def moved(self, index: int, to: int) -> "Morph":
        """Take a stop from its place and make it number `to` of all."""
        stops = list(self.stops)
        stops.insert(to, stops.pop(index))
        return replace(self, stops=tuple(stops))
