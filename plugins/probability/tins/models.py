"""A dense autoencoder with a code of two numbers, and the regressions between its code and the numbers people know."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gendesk.data.dataset import ImageInfo, UInt8Array
from gendesk.engine.batches import to_images
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

from .config import TinsConfig
from .regression import CURVED, LINEAR, blank, fit, predict

FACTORS = 2


def factor_columns(info: ImageInfo) -> tuple[int, int]:
    """Return which attributes are the factors: the first two that are numbers; raises InputError if there are fewer."""
    numbers = [index for index, attribute in enumerate(info.attributes) if not attribute.values]
    if len(numbers) < FACTORS:
        raise InputError(
            f"{info.title} cannot be used here: of every picture two numbers have to be known, such as a tin's height "
            "and width; choose the data set Tins."
        )
    return numbers[0], numbers[1]


class TinsAutoencoder(Model):
    """Encoder, code of two numbers, decoder, and regressions that lead to the code and back.

    `code_of` predicts the code from the factors, `factors_of` and `linear` predict the factors from the code; `factors`
    are what these are called, `lowest` and `highest` (2,) the ends of their ranges in training.
    """

    latent_size = 2
    code_of: Tensor
    factors_of: Tensor
    linear: Tensor
    lowest: Tensor
    highest: Tensor

    def __init__(self, config: TinsConfig, info: ImageInfo) -> None:
        super().__init__()
        self.factors = tuple(info.attributes[column].title for column in factor_columns(info))
        self._shape = info.item_shape
        sizes = [info.channels * info.height * info.width, *(layer.units for layer in config.hidden)]
        self.encoder = nn.Sequential(nn.Flatten(), *_dense(sizes), nn.Linear(sizes[-1], self.latent_size))
        sizes.reverse()
        self.decoder = nn.Sequential(
            *_dense([self.latent_size, *sizes[:-1]]), nn.Linear(sizes[-2], sizes[-1]), nn.Unflatten(1, self._shape)
        )
        self.register_buffer("code_of", blank(CURVED))
        self.register_buffer("factors_of", blank(CURVED))
        self.register_buffer("linear", blank(LINEAR))
        self.register_buffer("lowest", torch.zeros(FACTORS))
        self.register_buffer("highest", torch.ones(FACTORS))

    def encode(self, images: Tensor) -> Tensor:
        codes: Tensor = self.encoder(1 - images)  # the lines are what is there, the white ground is not
        return codes

    def decode(self, codes: Tensor) -> Tensor:
        return torch.sigmoid(self.decoder(codes))

    def relate(self, codes: Tensor, factors: Tensor) -> None:
        """Fit the regressions to codes (count, 2) and factors (count, 2) of the same pictures."""
        self.code_of.copy_(fit(factors, codes, CURVED))
        self.factors_of.copy_(fit(codes, factors, CURVED))
        self.linear.copy_(fit(codes, factors, LINEAR))
        self.lowest.copy_(factors.amin(0))
        self.highest.copy_(factors.amax(0))


def _dense(sizes: list[int]) -> list[nn.Module]:
    """Return dense layers from each size to the next, each with a SiLU.

    With two numbers to start from, a smooth bend draws lines that move far sharper than a kink: a third of the error
    of leaky ReLUs after as many steps.
    """
    layers: list[nn.Module] = []
    for given, made in pairwise(sizes):
        layers += [nn.Linear(given, made), nn.SiLU()]
    return layers


# What the studio asks of a model


@dataclass(frozen=True)
class Spot:
    """A place of the plane: its code (2,), the factors (2,) that belong to it, and what the decoder draws there."""

    code: NDArray[np.float32]
    factors: NDArray[np.float32]
    picture: UInt8Array


def factor_names(model: Model, _: object = None) -> tuple[str, ...]:
    """Return what the factors of a model are called; nothing for a model that knows of none."""
    return model.factors if isinstance(model, TinsAutoencoder) else ()


def at_factors(model: TinsAutoencoder, factors: NDArray[np.float32]) -> Spot:
    """Draw what lies where the regression expects factors (2,)."""
    code = predict(model.code_of, torch.from_numpy(factors)[None])
    return Spot(code[0].numpy(), factors, to_images(model.decode(code))[0])


def at_code(model: TinsAutoencoder, code: NDArray[np.float32]) -> Spot:
    """Draw what lies at a code (2,), and estimate its factors."""
    codes = torch.from_numpy(code)[None]
    return Spot(code, predict(model.factors_of, codes)[0].numpy(), to_images(model.decode(codes))[0])
