"""Painting in latent space: the code moves, by gradient descent through the decoder, until the picture agrees.

After Zhu et al., "Generative Visual Manipulation on the Natural Image Manifold" (2016), and Brock et al., "Neural Photo
Editing with Introspective Adversarial Networks" (2016): what a brush asks for is a target inside a soft mask; outside
it the picture stays as it was, and the code stays plausible under the prior.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gendesk.data.dataset import UInt8Array
from gendesk.engine.batches import to_images, to_tensor
from gendesk.engine.capabilities import Decodes, DecodesClasses, DrawsCodes, Encodes
from gendesk.engine.latent.decoding import decoded
from gendesk.engine.latent.survey import draw_codes
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

FloatArray = NDArray[np.float32]

MOST_STEPS = 36  # after the newest change of what is asked for
SEARCH_STEPS = 200  # for a whole picture, from a code that nobody has pointed to
_STEPS = 4  # of one request: few enough to show something within 50 ms at 64 px on one core
_RATE = 0.3  # deviations of the prior that one step of Adam moves a number of the code at most
_LAST_RATE = 0.1  # share of the rate that is left at the last step
_BETAS = (0.85, 0.98)  # shorter memories than Adam's own (0.9, 0.999): there are few steps, and the aim moves
_EPSILON = 1e-8
_SETTLED = 0.003  # a request that lowers the loss by a smaller share is the last one
_PULL = 0.5  # of a stroke, beside squared errors outside: as much for a pale colour on a pale ground as for black
_SLIGHT = 0.01  # squared error, a tenth of the range, below which that is no longer so: noise must not weigh endlessly
_STEEP = 10.0  # times the weight of the prior, for a code that leaves the shell where nearly all its draws lie
_LEAST_AREA = 4.0  # pixels that a dab counts as at least, so that a part of one does not weigh like a region
_DRAWS, _SEED, _TOLERANCE = 1000, 20, 0.2
_CANDIDATES, _BATCH = 200, 50


@dataclass(frozen=True)
class Prior:
    """What codes usually are, number by number: `mean` and `deviation` float32 (latent_size,), taken as Gaussian."""

    mean: FloatArray
    deviation: FloatArray

    @property
    def usual(self) -> float:
        """The log density that codes from the prior have on average, in nats per number: minus its entropy."""
        return float(-0.5 * (1 + np.log(2 * np.pi)) - np.log(self.deviation).mean())

    def log_density(self, codes: FloatArray) -> FloatArray:
        """Return the log density of codes (count, latent_size), in nats per number of the code, (count,)."""
        z = (codes - self.mean) / self.deviation
        logs = -0.5 * (z**2 + np.log(2 * np.pi)) - np.log(self.deviation)
        return np.asarray(logs.mean(1), np.float32)


@dataclass(frozen=True)
class Wish:
    """What the picture is to become.

    `mask` float32 (height, width) in 0..1 says where; `target` and `kept`, float32 (height, width, channels) in 0..1,
    what it is to be inside, and to stay outside. `inside`, `outside` and `plausible` weigh the share of the squared
    error that is left inside, the mean squared error outside and the negative log density under the prior; without
    `inside`, what the rest does not need becomes more usual.
    """

    mask: FloatArray
    target: FloatArray
    kept: FloatArray
    inside: float = 1.0
    outside: float = 3.0
    plausible: float = 0.02


@dataclass(frozen=True)
class Moments:
    """Where Adam stands: both moments (latent_size,) and how many steps they have seen."""

    first: FloatArray
    second: FloatArray
    count: int


@dataclass(frozen=True)
class Descent:
    """A code (latent_size,) on its way to a wish. `age` counts the steps since the wish was another one.

    `shell` is the mean square, in deviations of the prior, up to which the code may go freely; None for the usual one.
    `most` steps are done at most; with more than `MOST_STEPS` a pause on the way is no reason to stop before.
    """

    code: FloatArray
    mix: FloatArray | None
    prior: Prior
    wish: Wish
    moments: Moments | None = None
    age: int = 0
    shell: float | None = None
    most: int = MOST_STEPS


@dataclass(frozen=True)
class Moved:
    """The descent a few steps on, and its picture uint8 (height, width, channels). A settled one needs no more.

    `off_inside` and `off_outside` are mean absolute differences from target and kept picture, in 0..1; `log_density` is
    that of the code under the prior, in nats per number.
    """

    descent: Descent
    picture: UInt8Array
    settled: bool
    off_inside: float
    off_outside: float
    log_density: float


@dataclass(frozen=True)
class Start:
    """A picture uint8 (height, width, channels) whose code is looked for, with a mixture of classes."""

    picture: UInt8Array
    mix: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class Found:
    """Where to begin: a code (latent_size,) and the mixture of classes to go with it, and how many steps may follow."""

    code: FloatArray
    mix: FloatArray | None
    most: int


def descend(model: Model, descent: Descent) -> Moved:
    """Do a few steps of Adam; raises InputError for a model that cannot decode."""
    with torch.inference_mode(mode=False), torch.enable_grad():
        fit = _Fit(model, descent)
        losses = [fit.step((descent.age + step) / descent.most) for step in range(_STEPS)]
        with torch.no_grad():
            picture = fit.picture(fit.code)
            before, after = losses[0], fit.loss(picture, fit.code).item()
    age = descent.age + _STEPS
    slow = descent.most <= MOST_STEPS and abs(before - after) <= _SETTLED * before
    settled = age >= descent.most or slow
    moved = replace(descent, code=fit.code.numpy().copy(), moments=fit.moments(), age=age, shell=fit.shell)
    wish, pixels = descent.wish, picture[0].permute(1, 2, 0).numpy()
    off_inside = difference(pixels, wish.target, wish.mask)
    off_outside = difference(pixels, wish.kept, 1 - wish.mask)
    log_density = float(descent.prior.log_density(moved.code[None])[0])
    return Moved(moved, to_images(picture)[0], settled, off_inside, off_outside, log_density)


def difference(picture: FloatArray, other: FloatArray, mask: FloatArray) -> float:
    """Return the mean absolute difference of pictures (height, width, channels) inside a mask (height, width)."""
    return float((np.abs(picture - other) * mask[..., None]).sum() / max(1e-6, mask.sum() * picture.shape[2]))


class _Fit:
    """The tensors of a descent."""

    def __init__(self, model: Model, descent: Descent) -> None:
        wish, moments = descent.wish, descent.moments
        self._model = model
        self._wish = wish
        self._mix = None if descent.mix is None else torch.tensor(descent.mix)[None]
        self.code = torch.tensor(descent.code)
        self._mean, self._deviation = torch.tensor(descent.prior.mean), torch.tensor(descent.prior.deviation)
        self._mask = torch.tensor(wish.mask)[None, None]
        self._target, self._kept = (torch.tensor(one).permute(2, 0, 1)[None] for one in (wish.target, wish.kept))
        asked = _error(self._kept, self._target, self._mask)
        self._inside = wish.inside * _PULL / (asked + _SLIGHT)
        self.shell = self._usual_shell() if descent.shell is None else descent.shell
        zeros = torch.zeros_like(self.code)
        self._first = zeros if moments is None else torch.tensor(moments.first)
        self._second = zeros if moments is None else torch.tensor(moments.second)
        self._count = 0 if moments is None else moments.count

    def _squares(self, code: Tensor) -> Tensor:
        """Return the mean square of a code (latent_size,), in deviations of the prior."""
        return ((code - self._mean) / self._deviation).square().mean()

    def _usual_shell(self) -> float:
        """Return what 999 of 1,000 codes keep to: 3 deviations of chi-squared; a code further out stays as it is."""
        return max(self._squares(self.code).item(), 1 + 3 * math.sqrt(2 / len(self.code)))

    def picture(self, code: Tensor) -> Tensor:
        """Return the picture (1, channels, height, width) of a code (latent_size,)."""
        return decoded(self._model, code[None], self._mix)

    def loss(self, picture: Tensor, code: Tensor) -> Tensor:
        """Return how far a code and its picture are from the wish."""
        wish, mask = self._wish, self._mask
        size = self._squares(code)
        loss = wish.plausible * (size / 2 + _STEEP * (size - self.shell).relu().square())
        if wish.inside:
            loss = loss + self._inside * _error(picture, self._target, mask)
        if wish.outside:
            loss = loss + wish.outside * _error(picture, self._kept, 1 - mask)
        return loss

    def step(self, gone: float) -> float:
        """Move the code by one step of Adam (Kingma and Ba 2015), in deviations of the prior; return the last loss.

        `gone` is the share (0..1) of the way that lies behind; steps get shorter along it.
        """
        code = self.code.detach().requires_grad_()
        loss = self.loss(self.picture(code), code)
        (gradient,) = torch.autograd.grad(loss, code)
        gradient = gradient * self._deviation
        self._count += 1
        first, second = _BETAS
        self._first = first * self._first + (1 - first) * gradient
        self._second = second * self._second + (1 - second) * gradient.square()
        down = self._first / (1 - first**self._count)
        scale = (self._second / (1 - second**self._count)).sqrt() + _EPSILON
        rate = _RATE * max(_LAST_RATE, 1 - gone)
        self.code = code.detach() - rate * self._deviation * down / scale
        return loss.item()

    def moments(self) -> Moments:
        return Moments(self._first.numpy().copy(), self._second.numpy().copy(), self._count)


def _error(picture: Tensor, target: Tensor, mask: Tensor) -> Tensor:
    """Return the mean squared error inside a mask (1, 1, height, width)."""
    area = mask.sum().clamp_min(_LEAST_AREA)
    return (mask * (picture - target).square()).sum() / (area * picture.shape[1])


def find_prior(model: Model, surveyed: Prior) -> Prior:
    """Return N(0, I) for a model that draws its codes so, else `surveyed`: where the codes of real pictures lie."""
    if not isinstance(model, Decodes):
        raise InputError("This model cannot decode.")
    if isinstance(model, DrawsCodes):
        codes = draw_codes(model, _DRAWS, _SEED)
        if np.abs(codes.mean(0)).max() > _TOLERANCE or np.abs(codes.std(0) - 1).max() > _TOLERANCE:
            # A number that is the same for all pictures must not weigh endlessly.
            least = max(1e-3, float(surveyed.deviation.mean()) * 0.01)
            return Prior(surveyed.mean, np.maximum(surveyed.deviation, np.float32(least)))
    size = model.latent_size
    return Prior(np.zeros(size, np.float32), np.ones(size, np.float32))


def find_code(model: Model, start: Start) -> FloatArray:
    """Return a code (latent_size,) to begin with: the encoder's, or the best of random ones without an encoder."""
    if not isinstance(model, Decodes):
        raise InputError("This model cannot decode.")
    picture = to_tensor(start.picture[None])
    if isinstance(model, Encodes):
        code: FloatArray = model.encode(picture)[0].numpy()
        return code
    codes = draw_codes(model, _CANDIDATES, _SEED)
    mixes = None if start.mix is None else start.mix[None]
    best: FloatArray = codes[_nearest(model, picture, codes, mixes)]
    return best


def find_start(model: Model, start: Start) -> Found:
    """Return where to begin to look for a whole picture.

    Without an encoder that can be far from it. A conditional model without one is tried with every class, because a
    picture of another class than the wanted one is far from all codes.
    """
    if isinstance(model, Encodes) or not isinstance(model, DecodesClasses):
        return Found(find_code(model, start), start.mix, MOST_STEPS if isinstance(model, Encodes) else SEARCH_STEPS)
    if not isinstance(model, Decodes):
        raise InputError("This model cannot decode.")
    codes, classes = draw_codes(model, _CANDIDATES, _SEED), len(model.classes)
    mixes = np.eye(classes, dtype=np.float32)[np.arange(_CANDIDATES) % classes]
    nearest = _nearest(model, to_tensor(start.picture[None]), codes, mixes)
    return Found(codes[nearest], mixes[nearest], SEARCH_STEPS)


def _nearest(model: Model, picture: Tensor, codes: FloatArray, mixes: FloatArray | None) -> int:
    """Return the number of the code (count, latent_size) that is decoded to what is nearest to a picture."""
    best, nearest = math.inf, 0
    for at in range(0, len(codes), _BATCH):
        mix = None if mixes is None else torch.from_numpy(mixes if len(mixes) == 1 else mixes[at : at + _BATCH])
        pictures = decoded(model, torch.from_numpy(codes[at : at + _BATCH]), mix)
        errors = (pictures - picture).square().mean((1, 2, 3))
        if float(errors.min()) < best:
            best, nearest = float(errors.min()), at + int(errors.argmin())
    return nearest
