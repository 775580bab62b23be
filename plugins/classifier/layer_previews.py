"""What goes on inside a classifier: its first filters, what they find in a picture, and how its layers' values lie."""

import math
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gendesk.data.dataset import UInt8Array
from gendesk.engine.batches import to_tensor
from gendesk.engine.preview import BarChart, BarsPreview, ImagePreview, Preview

from .models import ImageClassifier

_FILTERS, _MAPS, _BINS = 40, 8, 40
_VALUES = 20_000  # of a layer are enough for its histogram
_PIXELS, _FEWEST, _MOST = 256_000, 16, 250  # of the batch that the layers are looked at with
_SMALLEST_TILE = 24

_FILTER_TEXT = (
    "The weights of the first layer as pictures, all on one scale: grey is zero, bright adds, dark takes away. They "
    "begin as noise. Filters of a convolution become edges, spots and pairs of colours; units of a dense layer become "
    "blurred patterns of the whole picture."
)
_MAP_TEXT = (
    "One held-out picture at the left, and what the first eight maps of each convolution find in it, behind the "
    "activation; each from its least value in black to its largest in white. Early maps keep the outlines, later ones "
    "are coarse and say where something is. An even map has nothing to say of this picture."
)
_HISTOGRAM_TEXT = (
    "How the values of each layer are spread over a batch of held-out pictures, before its activation; with batch "
    "normalisation before and after it, which moves every layer's values to about the same place and width. Values far "
    "from zero leave a sigmoid without a slope, and values below zero a ReLU."
)
_DEAD_TEXT = (
    "Share of units that put out zero for every picture of a held-out batch, layer by layer. Such a unit of a ReLU "
    "gets no gradient and does not come back by itself: above 40 % take a lower learning rate, batch normalisation or "
    "a leaky ReLU, whose units cannot die."
)


def layer_previews(model: ImageClassifier, images: UInt8Array) -> Iterator[Preview]:
    """Show the layers of a model in evaluation mode at work on images uint8 (count, height, width, channels)."""
    yield _filters(model)
    device = model.head.weight.device
    if any(isinstance(layer, nn.Conv2d) for layer in model.trunk):
        yield _maps(model, images[:1], device)
    count = min(_MOST, max(_FEWEST, _PIXELS // (images.shape[1] * images.shape[2])))
    batch = to_tensor(images[:: max(1, len(images) // count)][:count], device)
    charts: dict[str, BarChart] = {}
    dead: dict[str, float] = {}
    layer, before = "", batch
    for name, values in model.layers(batch):
        kind = name.rstrip("0123456789")
        if kind in ("conv", "dense", "head"):
            layer = name
            charts[layer] = _histogram(layer, values)
        elif kind == "norm":
            charts[layer] = _histogram(layer, before, values)
        elif kind == "activation":
            dead[layer] = _dead_share(values)
        before = values
    yield BarsPreview("histograms", "Values of the layers", tuple(charts.values()), _HISTOGRAM_TEXT)
    if dead:
        shares = np.array([list(dead.values())], dtype=np.float32)
        chart = BarChart("Share of dead units", shares, labels=tuple(dead))
        yield BarsPreview("dead", "Dead units", (chart,), _DEAD_TEXT)


def _filters(model: ImageClassifier) -> ImagePreview:
    channels, height, width = model.image_shape
    first = next(layer for layer in model.trunk if isinstance(layer, nn.Conv2d | nn.Linear))
    weights = first.weight.detach()[:_FILTERS].float().cpu().numpy()
    if isinstance(first, nn.Linear):
        weights = weights.reshape(-1, channels, height, width)
    # A few large weights must not leave all others grey.
    limit = max(float(np.quantile(np.abs(weights), 0.995)), 1e-12)
    shown = np.clip(0.5 + 0.5 * weights / limit, 0, 1)
    pictures = np.round(255 * shown).astype(np.uint8).transpose(0, 2, 3, 1)
    times = math.ceil(_SMALLEST_TILE / pictures.shape[1])
    return ImagePreview(
        "filters",
        "First-layer filters",
        pictures.repeat(times, 1).repeat(times, 2),
        columns=_columns(len(pictures)),
        description=_FILTER_TEXT,
    )


def _columns(count: int) -> int:
    """Return how many columns make a wide rectangle, without a gap in its last row where that can be had."""
    least = math.ceil(math.sqrt(2 * count))
    return next((columns for columns in range(least, 2 * least) if count % columns == 0), least)


def _maps(model: ImageClassifier, image: UInt8Array, device: torch.device) -> ImagePreview:
    """Draw the maps in the size of the picture, which is at the left of every row; `image` is a batch of one."""
    height, width = image.shape[1:3]
    rows: dict[str, list[UInt8Array]] = {}
    for name, values in model.layers(to_tensor(image, device)):
        number = name.lstrip("abcdefghijklmnopqrstuvwxyz")
        if values.ndim == 4 and number:
            maps = [_as_picture(values[0, index], height, width) for index in range(min(_MAPS, values.shape[1]))]
            maps += [np.zeros((height, width, 3), np.uint8)] * (_MAPS - len(maps))
            rows[f"conv{number}"] = [np.broadcast_to(image[0], (height, width, 3)), *maps]
    return ImagePreview(
        "maps",
        "Activation maps",
        np.stack([picture for row in rows.values() for picture in row]),
        columns=_MAPS + 1,
        row_titles=tuple(rows),
        description=_MAP_TEXT,
    )


def _as_picture(values: Tensor, height: int, width: int) -> UInt8Array:
    """Stretch a map (h, w) to uint8 (height, width, 3), its pixels crisp."""
    array = values.float().cpu().numpy()
    low, high = float(array.min()), float(array.max())
    grey = np.round(255 * (array - low) / max(high - low, 1e-12)).astype(np.uint8)
    rows = np.arange(height) * grey.shape[0] // height
    columns = np.arange(width) * grey.shape[1] // width
    picture: UInt8Array = grey[rows][:, columns, None].repeat(3, 2)
    return picture


def _histogram(layer: str, *states: Tensor) -> BarChart:
    """Count values in even bins over the range that nearly all of them lie in, as shares."""
    samples = [_sample(values) for values in states]
    low, high = (float(bound) for bound in np.quantile(np.concatenate(samples), (0.005, 0.995)))
    if high - low < 1e-6:
        low, high = low - 0.5, high + 0.5
    counts = [np.histogram(sample, _BINS, (low, high))[0] / max(1, len(sample)) for sample in samples]
    series = ("Before normalisation", "After") if len(states) == 2 else ()
    return BarChart(layer, np.stack(counts).astype(np.float32), series=series, low=low, high=high)


def _sample(values: Tensor) -> NDArray[np.float32]:
    flat = values.reshape(-1)
    return flat[:: max(1, len(flat) // _VALUES)].float().cpu().numpy()


def _dead_share(values: Tensor) -> float:
    """Return the share of units, or maps, that are zero everywhere."""
    others = [axis for axis in range(values.ndim) if axis != 1]
    return float((values.abs().amax(others) == 0).float().mean())
