"""Directions of a decoder without an encoder: along which its first layer varies most.

After Härkönen et al., "GANSpace: Discovering Interpretable GAN Controls" (2020), section 2.2: principal components of
the activations of an early layer for random codes, brought back to codes by linear regression.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gendesk.engine.capabilities import Decodes
from gendesk.engine.latent.decoding import decoded
from gendesk.engine.latent.directions import Direction, Kind, unit
from gendesk.engine.latent.survey import draw_codes
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

_DRAWS, _SEED, _BATCH = 500, 20, 50
_USED = 1e-6  # of the largest deviation, and of the activations themselves: components with less are rounding


@dataclass(frozen=True, eq=False)
class ComponentsWanted:
    """How many directions, and with which mixture of classes (classes,) a conditional model is asked meanwhile."""

    count: int
    mix: NDArray[np.float32] | None = None


def decoder_components(model: Model, wanted: ComponentsWanted) -> tuple[Direction, ...]:
    """Return directions, the one that changes the first layer most first; their names are numbers.

    There are at most as many as are wanted. Raises InputError for a model that does not decode, or that makes the same
    of every code.
    """
    if not isinstance(model, Decodes):
        raise InputError("This model cannot decode.")
    codes = torch.from_numpy(draw_codes(model, _DRAWS, _SEED))
    mix = None if wanted.mix is None else torch.from_numpy(wanted.mix)[None]
    activations = torch.cat([_first_activations(model, part, mix) for part in torch.split(codes, _BATCH)])
    coordinates, variances = _coordinates(activations.double())
    # The coordinates are uncorrelated, so the regression of codes on all of them is one on each.
    centred = codes.double() - codes.double().mean(0)
    rows = (coordinates.T @ centred) / coordinates.square().sum(0)[:, None]
    shares = variances / variances.sum()
    return tuple(
        Direction(
            str(number + 1),
            Kind.DECODER,
            unit(_turned(row))[0],
            share=float(shares[number]),
            source=str(number + 1),
        )
        for number, row in enumerate(rows[: wanted.count].numpy())
    )


def _first_activations(model: Model, codes: Tensor, mix: Tensor | None) -> Tensor:
    """Return what the first layer with weights makes of codes (count, latent_size), (count, activations).

    A layer that makes the same of all of them has not seen the codes but, say, the class. For a decoder that is not
    made of layers it is the picture.
    """
    taken: list[Tensor] = []

    def take(_layer: nn.Module, _inputs: Any, output: Any) -> None:
        if (
            not taken
            and isinstance(output, Tensor)
            and len(output) == len(codes)
            and bool((output != output[:1]).any())
        ):
            taken.append(output.detach().flatten(1).float())

    layers = [one for one in model.modules() if not [*one.children()] and [*one.parameters()]]
    hooks = [layer.register_forward_hook(take) for layer in layers]
    try:
        pictures = decoded(model, codes, mix)
    finally:
        for hook in hooks:
            hook.remove()
    return taken[0] if taken else pictures.flatten(1).float()


def _coordinates(activations: Tensor) -> tuple[Tensor, Tensor]:
    """Return the principal coordinates of activations (count, size), (count, components), and their variances.

    There are fewer draws than activations, so the inner products of the draws are decomposed and not a covariance.
    In torch, which keeps to the one thread that a worker beside a training may use.
    """
    centred = activations - activations.mean(0)
    squares, vectors = torch.linalg.eigh(centred @ centred.T)
    sizes = squares.flip(0).clamp_min(0).sqrt()
    used = sizes > _USED * max(float(sizes[0]), float(activations.norm()), 1e-12)
    if not used.any():
        raise InputError("This decoder makes the same of every code, so no direction changes anything.")
    return vectors.flip(1)[:, used] * sizes[used], sizes[used].square()


def _turned(row: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn a row so that its largest entry is positive: the same model always gives the same directions."""
    return row if row[np.abs(row).argmax()] >= 0 else -row
