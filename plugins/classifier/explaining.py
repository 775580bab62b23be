"""What the studios of the family ask a live classifier: pictures as uint8 in, plain arrays out.

A live model is one copy that all studios share, in evaluation mode: nothing here changes it, not even the running
statistics of batch normalisation. Pictures are uint8 (height, width, channels), stacks have a count before.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gendesk.data.dataset import UInt8Array
from gendesk.engine.batches import to_tensor
from gendesk.engine.recipe import Model

from .models import ImageClassifier
from .questions import activations, checked_images, classifier, predict

FloatArray = NDArray[np.float32]
_GREY = 128
_MOST_SQUARES = 300


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
    plain = tensor_of(network, question.picture[None])
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


def tensor_of(network: ImageClassifier, pictures: UInt8Array) -> Tensor:
    """Return pictures (count, height, width, channels) as the network takes them; raises InputError."""
    return to_tensor(checked_images(network, pictures), network.head.weight.device)


def _dropped(
    name: str, plain: Tensor, noisy: Tensor, question: DropoutQuestion, generator: torch.Generator
) -> tuple[Tensor, DroppedLayer]:
    # Drawn on the CPU, so that a seed drops the same units on every device.
    kept = torch.rand((question.passes, *plain.shape[1:]), generator=generator) >= question.rate
    result = noisy * kept.to(noisy.device) / (1 - question.rate)
    sums = result.flatten(1).sum(1).cpu().numpy()
    return result, DroppedLayer(name, plain[0].cpu().numpy().copy(), kept.numpy(), sums)
