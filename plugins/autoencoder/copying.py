"""Copies of single pictures, and what lies between picture and copy: questions that a studio asks a live model.

Pictures are uint8 (height, width, channels), codes float32 (latent_size,).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from gendesk.data.dataset import ImageSplit, Int64Array, UInt8Array
from gendesk.engine.batches import to_images, to_tensor
from gendesk.engine.capabilities import Decodes, Encodes
from gendesk.engine.latent.decoding import decoded
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError

from .conditional import ConditionalAutoencoder
from .denoising import spoilt
from .models import VariationalAutoencoder
from .objective import draw
from .sketch import SketchDecoder

Codes = NDArray[np.float32]

CLEAN = "none"
"""The noise of a picture that is given as it is."""
ALL_ALIKE = -1
"""The class of a picture for a conditional model that is not told any."""

_SHOWN = 64
_INDEXED = 2000
_MOST_BYTES = 48 << 20  # of pictures to compare with
_BATCH = 250
_HEADROOM = 1.25  # a number can be drawn a little further than it ever gets
_LEAST_REACH = 3.0  # of a Gaussian code: three deviations of N(0, 1)


@dataclass(frozen=True)
class CopyFacts:
    """What a studio must know of a model that copies pictures.

    `picture_shape` is (height, width, channels). `code_shape` is (channels, height, width) where the code is made of
    maps, and (latent_size, 1, 1) where it is a row of numbers. A number of the code lies within +-`reach`.
    `noise` and `amount` are what a denoising model has been trained on; `noise` is `CLEAN` for any other. `classes` are
    those a conditional model can be told. `pictures` (count, height, width, channels) are held out,
    `captions` their classes.
    """

    picture_shape: tuple[int, int, int]
    code_shape: tuple[int, int, int]
    reach: float
    variational: bool
    noise: str
    amount: float
    classes: tuple[str, ...]
    pictures: UInt8Array
    captions: tuple[str, ...]


@dataclass(frozen=True)
class Treatment:
    """What is done to a picture on its way. It is spoilt by `noise` with `amount` (0..1); `told` is its class, an index
    or `ALL_ALIKE`; the code is the mean of the encoder's Gaussian, or `drawn` from it; then numbers are set by `edits`,
    (index, value) each. `seed` makes noise and draw.
    """

    noise: str = CLEAN
    amount: float = 0.5
    told: int = ALL_ALIKE
    drawn: bool = False
    seed: int = 0
    edits: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class CopyQuestion:
    """A picture, and what to do with it."""

    picture: UInt8Array
    treatment: Treatment


@dataclass(frozen=True)
class Copied:
    """`given` is the picture as the encoder got it, `mean` and `sigma` its answer (`sigma` of Gaussian codes only),
    `code` what was decoded, and `copy` the result.
    """

    given: UInt8Array
    mean: Codes
    sigma: Codes | None
    code: Codes
    copy: UInt8Array


@dataclass(frozen=True)
class CodeIndex:
    """Pictures (count, height, width, channels) with their codes (count, latent_size), `labels` (count,), -1 for none,
    and whether they are `held_out` (count,), to find similar ones.
    """

    pictures: UInt8Array
    codes: Codes
    labels: Int64Array
    held_out: NDArray[np.bool_]
    names: tuple[str, ...]


@dataclass(frozen=True)
class NearestQuestion:
    """Which `count` pictures of an index have codes like `code`; `picture`, whose code it is, is left out."""

    index: CodeIndex
    code: Codes
    picture: UInt8Array
    count: int = 10


@dataclass(frozen=True)
class Nearest:
    """Rows of an index, nearest first, with the Euclidean distances of their codes."""

    rows: Int64Array
    distances: Codes


def describe(model: Model, data: RunData, _: object = None) -> CopyFacts:
    """Learn what a model copies; raises InputError for one that does not encode and decode."""
    if not (isinstance(model, Encodes) and isinstance(model, Decodes)):
        raise InputError("This model does not copy pictures.")
    info, (pictures, labels) = data.images.info, _spread(data.images.test, _SHOWN)
    variational = isinstance(model, VariationalAutoencoder)
    codes = model.encode(to_tensor(pictures))
    reach = max(float(codes.abs().max()) * _HEADROOM, _LEAST_REACH if variational else 1e-3)
    return CopyFacts(
        (info.height, info.width, info.channels),
        _code_shape(model),
        reach,
        variational,
        getattr(model, "noise", CLEAN),
        getattr(model, "amount", Treatment.amount),
        model.classes if isinstance(model, ConditionalAutoencoder) else (),
        pictures,
        tuple(info.classes[label] if label >= 0 else "" for label in labels.tolist()),
    )


def _code_shape(model: Decodes) -> tuple[int, int, int]:
    decoder = getattr(model, "decoder", None)
    if isinstance(decoder, SketchDecoder) and prod(decoder.start) == model.latent_size:
        return decoder.start
    return model.latent_size, 1, 1


def copied(model: Model, question: CopyQuestion) -> Copied:
    """Copy one picture as the question says."""
    treatment = question.treatment
    generator = Generator().manual_seed(treatment.seed)
    given = to_tensor(question.picture[None])
    if treatment.noise != CLEAN:
        given = spoilt(given, treatment.noise, treatment.amount, generator)
    shares = _shares(model, torch.tensor([treatment.told]))
    mean, log_var = encoded(model, given, shares)
    code = mean.clone()
    if treatment.drawn and log_var is not None:
        code = draw(mean, log_var, generator)
    for index, value in treatment.edits:
        code[0, index] = value
    copy = decoded(model, code, shares)
    sigma = None if log_var is None else torch.exp(log_var / 2)[0].numpy()
    return Copied(to_images(given)[0], mean[0].numpy(), sigma, code[0].numpy(), to_images(copy)[0])


def _shares(model: Model, labels: Tensor) -> Tensor | None:
    """Return the shares of classes (count, classes) for a conditional model, None for any other."""
    return model.shares(labels) if isinstance(model, ConditionalAutoencoder) else None


def encoded(model: Model, images: Tensor, shares: Tensor | None) -> tuple[Tensor, Tensor | None]:
    """Return codes (count, latent_size), and `log_var` of the same shape where the encoder gives a Gaussian."""
    if shares is not None and isinstance(model, ConditionalAutoencoder):
        return model.distribution_given(images, shares)
    if isinstance(model, VariationalAutoencoder):
        return model.distribution(images)
    assert isinstance(model, Encodes)
    return model.encode(images), None


def code_index(model: Model, data: RunData, _: object = None) -> CodeIndex:
    """Encode up to 2,000 pictures of the run, half of them held out, each told its class where that is possible."""
    train, test = data.images.train, data.images.test
    most = max(2, min(_INDEXED, _MOST_BYTES // max(1, prod(test.images.shape[1:]))))
    parts = [_spread(test, most // 2), _spread(train, most - min(most // 2, len(test)))]
    pictures, labels = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    held_out = np.arange(len(pictures)) < len(parts[0][0])
    codes = np.concatenate(list(_codes(model, pictures, labels)))
    return CodeIndex(pictures, codes, labels, held_out, data.images.info.classes)


def _codes(model: Model, pictures: UInt8Array, labels: Int64Array) -> Iterator[Codes]:
    for at in range(0, len(pictures), _BATCH):
        shares = _shares(model, torch.from_numpy(labels[at : at + _BATCH]))
        yield encoded(model, to_tensor(pictures[at : at + _BATCH]), shares)[0].numpy()


def _spread(split: ImageSplit, count: int) -> tuple[UInt8Array, Int64Array]:
    """Return copies of up to `count` pictures and labels, spread evenly over a split: they outlive the memory map."""
    chosen = np.linspace(0, len(split) - 1, min(count, len(split))).astype(np.int64)
    return np.array(split.images[chosen]), np.array(split.labels[chosen])


def nearest(_: Model, question: NearestQuestion) -> Nearest:
    """Find the pictures whose codes lie nearest to a code."""
    index, count = question.index, question.count
    distances = np.sqrt(np.square(index.codes - question.code).sum(1))
    order = np.argsort(distances, kind="stable")[: 2 * count + 1]
    others = [row for row in order if not np.array_equal(index.pictures[row], question.picture)]
    rows = np.array(others[:count], np.int64)
    return Nearest(rows, distances[rows])
