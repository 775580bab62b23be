"""What a critic says of a picture, and why: questions that a studio asks a live model.

Pictures are uint8 (height, width, channels). The signed step is that of Goodfellow, Shlens and Szegedy, Explaining and
Harnessing Adversarial Examples (2015), here towards the verdict "real".
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gendesk.data.dataset import UInt8Array
from gendesk.engine.batches import to_images, to_tensor
from gendesk.engine.capabilities import Classifies, Judges, Samples
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError

FloatArray = NDArray[np.float32]

_SHOWN = 24  # real pictures to choose from, and as many generated ones
_COMPARED = 64  # of each kind, for the scale
_BATCH = 32
_SEED = 31
_SIGNED_STEP = 8 / 255  # what one sees, and hardly more
_ASCENT = 2 / 255  # how far a step of the ascent moves a pixel on average


@dataclass(frozen=True)
class JudgeFacts:
    """What a studio must know of a critic.

    `picture_shape` is (height, width, channels). Verdicts are `probabilities` in 0..1, or else scores without bounds;
    `real` and `generated` (count,) are those of held-out and of generated pictures, for comparison. `pictures`
    (count, height, width, channels) are the first ones of both, of which `real_shown` are real. `classes` are those
    that the model tells apart, if it does.
    """

    picture_shape: tuple[int, int, int]
    probabilities: bool
    real: FloatArray
    generated: FloatArray
    pictures: UInt8Array
    real_shown: int
    classes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Question:
    """A picture to judge; `explained` asks for the gradient as well."""

    picture: UInt8Array
    explained: bool = False


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the critic says of a picture.

    `classes` (classes,) are the probabilities of the classes, where it tells any. `gradient` (height, width) says how
    much the score grows when a pixel becomes lighter, summed over its channels, and `stepped` is the picture after one
    signed step towards "real"; both only where they were asked for.
    """

    score: float
    classes: FloatArray | None = None
    gradient: FloatArray | None = None
    stepped: UInt8Array | None = None


@dataclass(frozen=True, eq=False)
class Ascent:
    """A picture on its way up the critic's score, float32 (height, width, channels) in 0..1, and how many steps to go.

    In floating point, because a step is smaller than what a byte can tell.
    """

    picture: FloatArray
    steps: int = 1


@dataclass(frozen=True, eq=False)
class Improved:
    """The ascent a few steps on, its picture as people see it, and the verdict on it."""

    ascent: Ascent
    picture: UInt8Array
    verdict: Verdict


def describe(model: Model, data: RunData, _: object = None) -> JudgeFacts:
    """Learn what a critic judges; without the data only generated pictures are known. Raises InputError."""
    if not (isinstance(model, Judges) and isinstance(model, Samples)):
        raise InputError("This model does not judge pictures.")
    generated = to_images(model.sample(_COMPARED, torch.Generator().manual_seed(_SEED)))
    real = generated[:0]
    if data.known is not None:
        test = data.known.test
        rows = np.linspace(0, len(test.images) - 1, min(_COMPARED, len(test.images))).astype(np.int64)
        real = np.array(test.images[rows])
    return JudgeFacts(
        (generated.shape[1], generated.shape[2], generated.shape[3]),
        model.judges_probabilities,
        scores(model, real),
        scores(model, generated),
        np.concatenate([real[:_SHOWN], generated[:_SHOWN]]),
        len(real[:_SHOWN]),
        model.classes if isinstance(model, Classifies) else (),
    )


def scores(model: Judges, pictures: UInt8Array) -> FloatArray:
    """Return the verdicts on pictures (count, height, width, channels), (count,)."""
    parts = [model.judge(to_tensor(pictures[at : at + _BATCH])).numpy() for at in range(0, len(pictures), _BATCH)]
    return np.concatenate([np.zeros(0, np.float32), *parts])


def judged(model: Model, question: Question) -> Verdict:
    """Judge a picture; raises InputError for a model that cannot."""
    if not isinstance(model, Judges):
        raise InputError("This model does not judge pictures.")
    return _judged(model, to_tensor(question.picture[None]), explained=question.explained)


def improved(model: Model, ascent: Ascent) -> Improved:
    """Go up the gradient of the score; raises InputError for a model that does not judge."""
    if not isinstance(model, Judges):
        raise InputError("This model does not judge pictures.")
    picture = torch.tensor(ascent.picture).permute(2, 0, 1)[None]
    for _ in range(ascent.steps):
        gradient = _gradient(model, picture)
        size = gradient.abs().mean()
        if size > 0:  # else the critic is as sure as numbers can say
            picture = (picture + _ASCENT * gradient / size).clamp(0, 1)
    moved = Ascent(picture[0].permute(1, 2, 0).numpy().copy(), ascent.steps)
    return Improved(moved, to_images(picture)[0], _judged(model, picture, explained=True))


def _judged(model: Judges, picture: Tensor, *, explained: bool) -> Verdict:
    """Judge a picture (1, channels, height, width) in 0..1."""
    score = float(model.judge(picture))
    classes = model.classify(picture)[0].softmax(0).numpy() if isinstance(model, Classifies) else None
    if not explained:
        return Verdict(score, classes)
    gradient = _gradient(model, picture)
    stepped = (picture + _SIGNED_STEP * gradient.sign()).clamp(0, 1)
    return Verdict(score, classes, gradient[0].sum(0).numpy(), to_images(stepped)[0])


def _gradient(model: Judges, picture: Tensor) -> Tensor:
    """Return how fast the score grows with each number of a picture (1, channels, height, width), same shape."""
    with torch.inference_mode(mode=False), torch.enable_grad():
        asked = picture.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(model.judge(asked).sum(), asked)
    return gradient
