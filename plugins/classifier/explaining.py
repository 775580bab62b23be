"""What the studios of the family ask a live classifier: pictures as uint8 in, plain arrays out.

A live model is one copy that all studios share, in evaluation mode: nothing here changes it, not even the running
statistics of batch normalisation. Pictures are uint8 (height, width, channels), stacks have a count before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gendesk.data.dataset import UInt8Array
from gendesk.engine.batches import to_tensor
from gendesk.engine.recipe import Model
from gendesk.nn import keras

from .models import ImageClassifier
from .questions import activations, checked_images, classifier, predict

FloatArray = NDArray[np.float32]
FOLLOWED = 200
"""How many batches the running statistics are seen to follow."""
_GREY = 128
_MOST_SQUARES = 300
_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


def probabilities(model: Model, picture: UInt8Array) -> FloatArray:
    """Return the probabilities (classes,) of one picture."""
    made: FloatArray = predict(model, picture[None])[0]
    return made


@dataclass(frozen=True)
class OcclusionQuestion:
    """Which picture to cover, and the side of the grey square in pixels, at least 1."""

    picture: UInt8Array
    size: int


def occlusion(model: Model, question: OcclusionQuestion) -> FloatArray:
    """Slide a grey square over a picture: how much does each class fall where it is covered?

    Returns float32 (classes, height, width) in [-1, 1]: for each pixel the mean of (probability without square - with
    square) over the squares that cover it. The step is as small as some hundred squares allow. After Zeiler and
    Fergus, "Visualizing and Understanding Convolutional Networks" (2014), section 4.2.
    """
    picture = question.picture
    height, width = picture.shape[:2]
    size = min(question.size, height, width)
    corners = _corners(height, width, size)
    covered = np.repeat(picture[None], len(corners), axis=0)
    for copy, (top, left) in zip(covered, corners, strict=True):
        copy[top : top + size, left : left + size] = _GREY
    falls = probabilities(model, picture) - predict(model, covered)
    total = np.zeros((falls.shape[1], height, width), np.float32)
    count = np.zeros((height, width), np.float32)
    for fall, (top, left) in zip(falls, corners, strict=True):
        total[:, top : top + size, left : left + size] += fall[:, None, None]
        count[top : top + size, left : left + size] += 1
    return total / count


def _corners(height: int, width: int, size: int) -> list[tuple[int, int]]:
    """Return the top left corners of squares that together cover a picture, as dense as `_MOST_SQUARES` allows."""
    step = 1
    while True:
        rows, columns = (sorted({*range(0, side - size, step), side - size}) for side in (height, width))
        if step >= size or len(rows) * len(columns) <= _MOST_SQUARES:
            return [(row, column) for row in rows for column in columns]
        step += 1


@dataclass(frozen=True)
class LayerMaps:
    """What one layer makes of a picture: (channels, height, width), or (units,) of a dense one.

    `filtered` says that its maps are those of the first convolution, each made by the filter of the same number.
    """

    name: str
    values: FloatArray
    filtered: bool


@dataclass(frozen=True)
class Inside:
    """All layers for one picture in order, and the filters of a first convolution: (maps, channels, height, width)."""

    layers: tuple[LayerMaps, ...]
    filters: FloatArray | None


def look_inside(model: Model, picture: UInt8Array) -> Inside:
    """Return what every layer makes of one picture."""
    made = activations(model, picture)
    first = next(classifier(model).trunk.children())
    if not isinstance(first, nn.Conv2d):
        return Inside(tuple(LayerMaps(name, values, filtered=False) for name, values in made), None)
    followers = {f"{kind}1" for kind in ("conv", "norm", "activation", "dropout")}
    layers = tuple(LayerMaps(name, values, name in followers) for name, values in made)
    return Inside(layers, first.weight.float().cpu().numpy().copy())


@dataclass(frozen=True)
class DropoutQuestion:
    """One picture, the share of units to drop in [0, 1), how often to draw which, and the seed of the draws."""

    picture: UInt8Array
    rate: float
    passes: int
    seed: int


@dataclass(frozen=True)
class DroppedLayer:
    """A layer with dropout: its `values` (units,) or (channels, height, width) while nothing is dropped.

    `kept` (passes, *values.shape) tells what each pass keeps, and `sums` (passes,) what the kept values, each times
    1 / (1 - rate), add up to.
    """

    name: str
    values: FloatArray
    kept: NDArray[np.bool_]
    sums: FloatArray


@dataclass(frozen=True)
class Dropped:
    """Probabilities without dropout (classes,) and of each pass with it (passes, classes).

    `added` says that the network has no dropout of its own, so that it was put before the last layer.
    """

    layers: tuple[DroppedLayer, ...]
    plain: FloatArray
    passes: FloatArray
    added: bool


def drop(model: Model, question: DropoutQuestion) -> Dropped:
    """Ask a network several times with dropout on, every time with other units, and once with dropout off.

    What is kept is multiplied by 1 / (1 - rate), as in training, so that the expected sum stays (Srivastava et al.,
    "Dropout", 2014, in the inverted form of all libraries). That passes with dropout measure how uncertain a network
    is: Gal and Ghahramani, "Dropout as a Bayesian Approximation" (2016).
    """
    network = classifier(model)
    generator = torch.Generator().manual_seed(question.seed)
    plain = _tensor(network, question.picture[None])
    noisy = plain  # one for all passes, until the first dropout makes them differ
    layers: list[DroppedLayer] = []
    for name, layer in network.trunk.named_children():
        if isinstance(layer, nn.Dropout):
            noisy, dropped = _dropped(name, plain, noisy, question, generator)
            layers.append(dropped)
        else:
            plain, noisy = layer(plain), layer(noisy)
    added = not layers
    if added:
        noisy, dropped = _dropped("features", plain, noisy, question, generator)
        layers.append(dropped)
    plain_made, noisy_made = (network.head(values).softmax(1).cpu().numpy() for values in (plain, noisy))
    return Dropped(tuple(layers), plain_made[0], noisy_made, added)


def _tensor(network: ImageClassifier, pictures: UInt8Array) -> Tensor:
    return to_tensor(checked_images(network, pictures), network.head.weight.device)


def _dropped(
    name: str, plain: Tensor, noisy: Tensor, question: DropoutQuestion, generator: torch.Generator
) -> tuple[Tensor, DroppedLayer]:
    # Drawn on the CPU, so that a seed drops the same units on every device.
    kept = torch.rand((question.passes, *plain.shape[1:]), generator=generator) >= question.rate
    result = noisy * kept.to(noisy.device) / (1 - question.rate)
    sums = result.flatten(1).sum(1).cpu().numpy()
    return result, DroppedLayer(name, plain[0].cpu().numpy().copy(), kept.numpy(), sums)


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
    values = _tensor(network, pictures)
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
