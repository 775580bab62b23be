"""Batch normalisation by hand on a live classifier: one channel, stage by stage, and its running statistics.

Nothing here changes the model, not even its running statistics. Pictures are uint8 (count, height, width, channels).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from gendesk.data.dataset import UInt8Array
from gendesk.engine.recipe import Model
from gendesk.nn import keras

from .explaining import FloatArray, tensor_of
from .models import ImageClassifier
from .questions import classifier

FOLLOWED = 200
"""How many batches the running statistics are seen to follow."""
_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


@dataclass(frozen=True)
class NormQuestion:
    """Pictures (count, height, width, channels) to draw batches of `batch_size` from, with replacement, by `seed`.

    `layer` is a name of `Normalised.layers`, or "" for the first; `channel` one of its channels. `training` takes the
    batch's own statistics, else the running ones count. `momentum`, as Keras has it, is the weight of the old running
    value in [0, 1).
    """

    pictures: UInt8Array
    layer: str
    channel: int
    training: bool
    batch_size: int
    momentum: float
    seed: int


@dataclass(frozen=True)
class Moments:
    """Mean and standard deviation of numbers."""

    mean: float
    deviation: float


@dataclass(frozen=True)
class Normalised:
    """One channel of one layer on its way through batch normalisation.

    `layers` names every layer that can be asked, with its channels. `before`, `normalised` and `after` (values,) are
    the numbers of the batch `chosen` (batch_size,), which indexes the pictures. `gamma`, `beta` and `running` are the
    network's; where it has no batch normalisation, `added`, they are 1, 0, and the moments of all pictures. `means` and
    `deviations` (FOLLOWED,) are those of one batch after another, `followed_means` and `followed_deviations` running
    statistics that began with 0 and 1 and followed them.
    """

    layers: tuple[tuple[str, int], ...]
    layer: str
    channel: int
    added: bool
    chosen: NDArray[np.int64]
    before: FloatArray
    normalised: FloatArray
    after: FloatArray
    batch: Moments
    running: Moments
    gamma: float
    beta: float
    epsilon: float
    means: FloatArray
    deviations: FloatArray
    followed_means: FloatArray
    followed_deviations: FloatArray


def normalise(model: Model, question: NormQuestion) -> Normalised:
    """Do by hand, for one channel, what batch normalisation does, and show every stage of it.

    The layers before it work as in evaluation. y = gamma * (x - mean) / sqrt(variance + epsilon) + beta, with the
    variance divided by the number of values, and the running one by one less, as torch does (Ioffe and Szegedy,
    "Batch Normalization", 2015, algorithms 1 and 2).
    """
    network = classifier(model)
    offered = tuple(_norm_places(network))
    names = [name for name, _, _ in offered]
    name, layer, channels = offered[names.index(question.layer) if question.layer in names else 0]
    channel = min(question.channel, channels - 1)
    made = _values_before(network, name, layer, question.pictures)[:, channel]
    values = made.reshape(len(made), -1).cpu().numpy()
    rng = np.random.default_rng(question.seed)
    draws = rng.integers(len(values), size=(FOLLOWED, question.batch_size))
    batch = values[draws[0]]
    norm = layer if isinstance(layer, _NORMS) else None
    running, gamma, beta, epsilon = _parameters(norm, channel, values)
    own = Moments(float(batch.mean()), float(batch.std()))
    used = own if question.training else running
    normalised = (batch - used.mean) / np.sqrt(used.deviation**2 + epsilon)
    means, variances = _batch_moments(values, draws)
    count = batch.size
    followed_variances = _followed(variances * count / max(1, count - 1), question.momentum, 1.0)
    return Normalised(
        layers=tuple((name, channels) for name, _, channels in offered),
        layer=name,
        channel=channel,
        added=norm is None,
        chosen=draws[0],
        before=batch.ravel(),
        normalised=normalised.ravel(),
        after=(gamma * normalised + beta).ravel(),
        batch=own,
        running=running,
        gamma=gamma,
        beta=beta,
        epsilon=epsilon,
        means=means,
        deviations=np.sqrt(variances),
        followed_means=_followed(means, question.momentum, 0.0),
        followed_deviations=np.sqrt(followed_variances),
    )


def _norm_places(network: ImageClassifier) -> Iterator[tuple[str, nn.Module, int]]:
    """Return name, layer and channels wherever values are normalised; without such, wherever they could be."""
    children = list(network.trunk.named_children())
    norms = [(name, layer, layer.num_features) for name, layer in children if isinstance(layer, _NORMS)]
    if norms:
        yield from norms
        return
    for name, layer in children:
        if isinstance(layer, nn.Conv2d):
            yield name, layer, layer.out_channels
        elif isinstance(layer, nn.Linear):
            yield name, layer, layer.out_features


def _values_before(network: ImageClassifier, name: str, layer: nn.Module, pictures: UInt8Array) -> Tensor:
    """Return what goes into a batch normalisation, or comes out of a layer that has none: (count, channels, ...)."""
    values = tensor_of(network, pictures)
    for other, step in network.trunk.named_children():
        if other == name:
            break
        values = step(values)
    return values if isinstance(layer, _NORMS) else layer(values)


def _parameters(
    norm: nn.BatchNorm1d | nn.BatchNorm2d | None, channel: int, values: FloatArray
) -> tuple[Moments, float, float, float]:
    """Return the running moments, gamma, beta and epsilon; of a layer that has none those it would begin with."""
    if norm is None or norm.running_mean is None or norm.running_var is None:
        return Moments(float(values.mean()), float(values.std())), 1.0, 0.0, keras.BATCH_NORM_EPSILON
    running = Moments(float(norm.running_mean[channel]), float(norm.running_var[channel].sqrt()))
    return running, float(norm.weight[channel]), float(norm.bias[channel]), norm.eps


def _batch_moments(values: FloatArray, draws: NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """Return mean and variance (batches,) of values (pictures, places) over batches that `draws` chooses."""
    means = values.astype(np.float64).mean(1)[draws].mean(1)
    squares = np.square(values, dtype=np.float64).mean(1)[draws].mean(1)
    return means.astype(np.float32), np.maximum(squares - means**2, 0).astype(np.float32)


def _followed(values: FloatArray, momentum: float, start: float) -> FloatArray:
    """Return running <- momentum * running + (1 - momentum) * value, after each value (count,)."""
    running, followed = start, []
    for value in values.tolist():
        running = momentum * running + (1 - momentum) * value
        followed.append(running)
    return np.array(followed, np.float32)
