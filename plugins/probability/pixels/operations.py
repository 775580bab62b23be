"""What the pixel studio asks of a model: plain values in, numpy arrays out."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from gendesk.data import portraits
from gendesk.data.dataset import UInt8Array
from gendesk.engine.batches import to_images
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

from .models import PixelModel

_MOST_COLORS = 12
_WEIGHED = 300


@dataclass(frozen=True)
class Draw:
    """Asks for `count` pictures of each sort."""

    count: int
    seed: int


@dataclass(frozen=True)
class Sheets:
    """Pictures uint8 (count, height, width, channels): drawn pixel by pixel, and to compare with.

    `by_features` tells whether the others were drawn from features by naive Bayes, or are training pictures.
    `real` and `drawn` are the log-likelihoods of a pixel, in nats, of whole pictures: training ones and drawn ones.
    """

    pixels: UInt8Array
    others: UInt8Array
    by_features: bool
    real: NDArray[np.float64]
    drawn: NDArray[np.float64]


@dataclass(frozen=True)
class PixelColors:
    """The likeliest colours of a pixel, uint8 (colours, 3), with their shares (colours,), and what all others have."""

    colors: UInt8Array
    shares: NDArray[np.float32]
    rest: float


def _pixels(model: Model) -> PixelModel:
    if not isinstance(model, PixelModel):
        raise InputError("This model does not count pixels.")
    return model


def draw(model: Model, order: Draw) -> Sheets | None:
    """Draw pictures in both ways; the same order gives the same ones. None for the model of another recipe."""
    if not isinstance(model, PixelModel):
        return None
    generator = torch.Generator().manual_seed(order.seed)
    by_features = bool(model.attributes) and int(model.attribute_counts.sum()) > 0
    indices = model.draw_indices(order.count, generator)
    many = model.draw_indices(_WEIGHED, generator)
    return Sheets(
        pixels=to_images(model.to_pictures(indices)),
        others=_from_features(model, order.count, generator) if by_features else _training(model, order),
        by_features=by_features,
        real=model.log_likelihoods(model.pictures[:_WEIGHED]).numpy(),
        drawn=model.log_likelihoods(many).numpy(),
    )


def _from_features(model: PixelModel, count: int, generator: torch.Generator) -> UInt8Array:
    """Draw every feature of a portrait by itself, then the portrait."""
    sizes = [len(attribute.values) for attribute in model.attributes]
    columns = [
        torch.multinomial(counts.double(), count, replacement=True, generator=generator)
        for counts in model.attribute_counts.split(sizes)  # type: ignore[no-untyped-call]  # torch's own
    ]
    rows = torch.stack(columns, dim=1).tolist()
    drawn = [portraits.draw(portraits.from_values(model.attributes, row), model.shape[1]) for row in rows]
    return np.stack(drawn)


def _training(model: PixelModel, order: Draw) -> UInt8Array:
    kept = len(model.pictures)
    chosen = np.random.default_rng(order.seed).choice(kept, min(order.count, kept), replace=False)
    return to_images(model.to_pictures(model.pictures[torch.from_numpy(chosen)]))


def pixel_colors(model: Model, pixel: int) -> PixelColors:
    """Tell which colours a pixel has, the likeliest first; those without any share are left out."""
    pixels = _pixels(model)
    shares, places = pixels.pixel_shares(pixel).sort(descending=True, stable=True)
    kept = max(1, min(_MOST_COLORS, int((shares > 0).sum())))
    colors = pixels.palette[places[:kept]].expand(-1, 3).numpy()
    return PixelColors(np.ascontiguousarray(colors), shares[:kept].float().numpy(), float(shares[kept:].sum()))


def correlation(model: Model, pixel: int) -> NDArray[np.float32]:
    """Return how the brightness of a pixel goes with that of all: (height, width) in [-1, 1]."""
    pixels = _pixels(model)
    _, height, width = pixels.shape
    return np.asarray(pixels.brightness_correlation(pixel).reshape(height, width).numpy())
