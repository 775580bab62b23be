"""What the recipes of the family show of themselves."""

import dataclasses
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import torch
from torch import Tensor

from gendesk.data.dataset import ImageSplit, UInt8Array
from gendesk.engine.batches import to_images
from gendesk.engine.preview import P_VALUES, BarChart, BarsPreview, ImagePreview, ScatterPreview

MANIFOLD_SIDE = 15
_NAMED = 64  # dimensions; more are shown without their names

RECONSTRUCTIONS = (
    "Held-out pictures above, and below each what the decoder draws from its code. Good copies keep slant, thickness "
    "and shape. What the code cannot carry comes back blurred or as another class."
)
P_VALUES_TEXT = (
    "The same codes in p-value space: each number as the share of the normal distribution that lies below it, Phi(z). "
    "Every part of the square stands for an equal share of the samples, so codes should fill it evenly: where it is "
    "empty, samples look like no real picture, and a crowd at the border lies further out than samples ever get."
)
KL_TEXT = (
    "What each number of the code tells of a held-out picture, in nats, the most talkative first. A bar of next to "
    "nothing belongs to a number that the encoder has given up: the decoder gets mere noise from it."
)


def chosen_pictures(split: ImageSplit, count: int) -> UInt8Array:
    """Return up to `count` pictures, spread evenly over a split."""
    chosen = np.linspace(0, len(split) - 1, min(count, len(split))).astype(np.int64)
    return np.array(split.images[chosen])


def rows_of_pictures(name: str, title: str, rows: Sequence[tuple[str, UInt8Array]], description: str) -> ImagePreview:
    """Lay pictures out in titled rows, each (count, height, width, channels), so that columns belong together."""
    images = np.concatenate([pictures for _, pictures in rows])
    titles = tuple(row for row, _ in rows)
    return ImagePreview(name, title, images, len(rows[0][1]), row_titles=titles, description=description)


def sheet(name: str, title: str, pictures: Tensor, columns: int, description: str) -> ImagePreview:
    """Lay pictures (count, channels, height, width) in 0..1 out row by row."""
    return ImagePreview(name, title, to_images(pictures), columns, description=description)


def code_scatter(codes: Tensor, split: ImageSplit, classes: tuple[str, ...], description: str) -> ScatterPreview:
    """Show the first two numbers of codes (count, latent_size), those of the first pictures of a split."""
    labels = np.array(split.labels[: len(codes)])
    return ScatterPreview("codes", "Codes", codes[:, :2].float().cpu().numpy(), labels, classes, description)


def p_value_scatter(scatter: ScatterPreview) -> ScatterPreview:
    """Show codes as p-values, in the unit square (figure 3.14 of the book)."""
    shares = torch.special.ndtr(torch.from_numpy(scatter.points)).numpy()
    return dataclasses.replace(scatter, name=P_VALUES, title="p-values", points=shares, description=P_VALUES_TEXT)


def kl_bars(by_dimension: Tensor) -> BarsPreview:
    """Show the KL divergence of every dimension, (latent_size,)."""
    order = by_dimension.argsort(descending=True)
    values = by_dimension[order].float().cpu().numpy()[None]
    count = len(order)
    names = tuple(f"z{number + 1}" for number in order.tolist()) if count <= _NAMED else ()
    chart = BarChart("KL divergence by dimension", values, names, low=0.5, high=count + 0.5)
    return BarsPreview("kl-dimensions", "KL by dimension", (chart,), KL_TEXT)


def lattice(low: Sequence[float], high: Sequence[float], side: int = MANIFOLD_SIDE) -> Tensor:
    """Return codes (side * side, 2) of an even lattice over a box, row by row from the top left."""
    across = torch.linspace(float(low[0]), float(high[0]), side)
    down = torch.linspace(float(high[1]), float(low[1]), side)
    return torch.cartesian_prod(down, across).flip(1)


def quantile_lattice(outermost: float, side: int = MANIFOLD_SIDE) -> Tensor:
    """Return codes (side * side, 2) at normal quantiles from `outermost` to 1 - outermost, from the top left.

    Each of them stands for about the same share of N(0, I).
    """
    normal = NormalDist()
    places = np.linspace(outermost, 1 - outermost, side).tolist()
    quantiles = torch.tensor([normal.inv_cdf(place) for place in places])
    return torch.cartesian_prod(quantiles.flip(0), quantiles).flip(1)
