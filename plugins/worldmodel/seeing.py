"""What V makes of a frame, and what each number of its codes does.

Foster, Generative Deep Learning (1st edition), chapter 8: a frame encoded again and again has the same mean and another
code each time; numbers of the code with |log_var| above 0.1 are in use; planes of any two of them; imagined tracks.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from gendesk.engine.batches import to_images, to_tensor
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError

from .foreseeing import Recorded
from .models import SeeingModel

ACTIVE = 0.1
"""A number of the code is in use where the mean of |log_var| is larger; the author's notebook tests so."""
GRID = 5
"""Pictures on each side of a plane."""
_LOOKED_AT = 500
_BATCH = 250

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Use:
    """For each number of the code, float32 (latent_size,): the mean of |log_var|, and how far its mean varies."""

    strength: Floats
    spread: Floats

    @property
    def order(self) -> list[int]:
        """The numbers, those most in use first."""
        return [int(number) for number in np.argsort(-self.strength, kind="stable")]

    @property
    def active(self) -> list[int]:
        """The numbers in use, the most used first."""
        return [number for number in self.order if self.strength[number] > ACTIVE]


@dataclass(frozen=True, eq=False)
class Glance:
    """A frame of a race, and the seed of the code that is drawn for it."""

    race: Recorded
    frame: int
    seed: int


@dataclass(frozen=True, eq=False)
class Look:
    """What V makes of a frame: `code` float32 (latent_size,) was drawn.

    `of_mean` and `of_code` uint8 (64, 64, 3) are what the mean and the code are decoded to.
    """

    code: Floats
    of_mean: NDArray[np.uint8]
    of_code: NDArray[np.uint8]


@torch.inference_mode()
def use(model: Model, data: RunData, _: object = None) -> Use:
    """Return how much each number of the code says of held-out frames; raises InputError without V or frames."""
    known = data.pictures
    if known is None:
        raise InputError("This run has no races to look at; they are gone, or were never driven.")
    pictures = known.test.images[:_LOOKED_AT]
    parts = [
        _vision(model).vision.encode(to_tensor(np.asarray(pictures[at : at + _BATCH])))
        for at in range(0, len(pictures), _BATCH)
    ]
    mu, log_var = (torch.cat(tensors) for tensors in zip(*parts, strict=True))
    return Use(log_var.abs().mean(0).numpy(), mu.std(0, correction=0).numpy())


@torch.inference_mode()
def look(model: Model, glance: Glance) -> Look:
    """Draw a code for a frame and decode it, beside its mean; raises InputError."""
    race, frame = glance.race, glance.frame
    mu, log_var = race.mu[frame], race.log_var[frame]
    noise = np.random.default_rng(glance.seed).standard_normal(len(mu), np.float32)
    code = (mu + np.exp(log_var / 2) * noise).astype(np.float32)
    of_mean, of_code = to_images(_vision(model).decode(torch.from_numpy(np.stack([mu, code]))))
    return Look(code, of_mean, of_code)


def plane(base: Floats, across: int, up: int, reach: float) -> Floats:
    """Return codes (25, latent_size) of a plane, row by row from its upper left.

    Two numbers of `base` (latent_size,) go from -reach to reach, one to the right and the other one upwards.
    """
    values = np.linspace(-reach, reach, GRID, dtype=np.float32)
    codes = np.tile(base, (GRID * GRID, 1)).astype(np.float32)
    codes[:, up] = np.repeat(values[::-1], GRID)
    codes[:, across] = np.tile(values, GRID)
    return codes


def between(first: Floats, last: Floats, count: int) -> Floats:
    """Return codes (count, latent_size) on the line between two, both of them included."""
    shares = np.linspace(0, 1, count, dtype=np.float32)[:, None]
    return np.asarray(first + shares * (last - first), np.float32)


def imagined(size: int, count: int, seed: int) -> Floats:
    """Draw codes (count, size) from N(0, I)."""
    return np.random.default_rng(seed).standard_normal((count, size), np.float32)


def _vision(model: Model) -> SeeingModel:
    if not isinstance(model, SeeingModel):
        raise InputError("This run has no V yet that could see; train stage 2 first.")
    return model
