"""Variational autoencoders of dense layers.

The first is that of the Deep Learning Cookbook (Osinga, O'Reilly 2018), section 13.4, which looks at digits; the other
is the same network with a squared error, as TensorFlow.js trains it on pictures of fashion.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import prod
from typing import ClassVar, Literal

import torch
from torch import Tensor, nn

from gendesk.config import ConfigModel, setting
from gendesk.data.dataset import ImageInfo
from gendesk.engine.preview import Preview

from . import previews
from .config import TrainingConfig, VariationalConfig, latent_size_setting
from .models import Autoencoder, VariationalAutoencoder
from .training import VariationalRecipe

_ORIGIN = (
    "What the decoder draws for a code of zeros: a mean of all pictures at first, and a picture of its own kind later. "
    "One picture is enough to see from afar whether a training gets on."
)


class HiddenLayer(ConfigModel):
    """One hidden layer of the encoder; the decoder has the same ones in the opposite order."""

    units: int = setting(512, "Units", "How many values the layer makes.", group="Model", ge=1, le=8192)


class DenseConfig(TrainingConfig, VariationalConfig):
    """Defaults: the Cookbook's network, 784-512-2, with the summed cross-entropy of its pixels."""

    hidden: tuple[HiddenLayer, ...] = setting(
        (HiddenLayer(units=512),),
        "Hidden layers",
        "Dense layers from the picture down to the latent code; the decoder mirrors them. They know nothing of what "
        "lies beside what, and are quick for small pictures.",
        group="Model",
        ge=1,
        le=6,
    )
    latent_size: int = latent_size_setting(2)
    loss: Literal["mse", "bce"] = setting(
        "bce",
        "Reconstruction loss",
        "mse: squared error of the pixels. bce: binary cross-entropy, which punishes confident mistakes harder.",
        group="Training",
    )
    reduction: Literal["mean", "sum"] = setting(
        "sum",
        "Error of a picture",
        "mean: of its pixels, so that a reconstruction factor has to make it count against a KL divergence. sum: over "
        "its pixels, which is what theory asks for, with a factor of 1.",
        group="Training",
    )
    batch_size: int = setting(
        250,
        "Batch size",
        "Pictures per step. More is steadier and needs more memory.",
        group="Training",
        ge=1,
        le=4096,
    )
    learning_rate: float = setting(
        0.001,
        "Learning rate",
        "Size of a step (Adam). Too large makes the loss leap, too small makes learning slow.",
        group="Training",
        ge=0.0000001,
        le=1,
    )


class DenseEncoder(nn.Module):
    """Images (batch, channels, height, width) to `mu` and `log_var`, (batch, latent_size) each.

    `extra` numbers, such as shares of classes (batch, extra), may be handed in beside the pixels.
    """

    def __init__(self, config: DenseConfig, info: ImageInfo, extra: int = 0) -> None:
        super().__init__()
        sizes = [prod(info.item_shape) + extra, *(layer.units for layer in config.hidden)]
        self.trunk = nn.Sequential(*_layers(sizes))
        self.heads = nn.ModuleList(nn.Linear(sizes[-1], config.latent_size) for _ in range(2))

    def forward(self, images: Tensor, beside: Tensor | None = None) -> list[Tensor]:
        pixels = images.flatten(1)
        features = self.trunk(pixels if beside is None else torch.cat([pixels, beside], 1))
        return [head(features) for head in self.heads]


class DenseDecoder(nn.Module):
    """Codes (batch, latent_size), with `extra` numbers behind them, to logits (batch, channels, height, width)."""

    def __init__(self, config: DenseConfig, info: ImageInfo, extra: int = 0) -> None:
        super().__init__()
        self.shape = info.item_shape
        sizes = [config.latent_size + extra, *(layer.units for layer in reversed(config.hidden))]
        self.trunk = nn.Sequential(*_layers(sizes), nn.Linear(sizes[-1], prod(self.shape)))

    def forward(self, codes: Tensor) -> Tensor:
        logits: Tensor = self.trunk(codes)
        return logits.reshape(-1, *self.shape)


def _layers(sizes: list[int]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for given, made in pairwise(sizes):
        layers += [nn.Linear(given, made), nn.ReLU()]
    return layers


class DenseRecipe(VariationalRecipe[DenseConfig]):
    """Pixels in a row, a hidden layer, two numbers, and back."""

    Config: ClassVar[type[ConfigModel]] = DenseConfig

    @classmethod
    def networks(cls, config: DenseConfig, info: ImageInfo) -> Autoencoder:
        return VariationalAutoencoder(DenseEncoder(config, info), DenseDecoder(config, info), config.latent_size)

    def _planes(self, codes: Tensor) -> Iterator[Preview]:
        yield from super()._planes(codes)
        origin = torch.zeros(1, self._model.latent_size, device=self.context.device)
        yield previews.sheet("origin", "Origin", self._model.decode(origin), 1, _ORIGIN)


class FashionConfig(DenseConfig):
    """Defaults: the network of TensorFlow.js, with the summed squared error of its pixels."""

    loss: Literal["mse", "bce"] = setting(
        "mse",
        "Reconstruction loss",
        "mse: squared error of the pixels. bce: binary cross-entropy, which punishes confident mistakes harder.",
        group="Training",
    )
    batch_size: int = setting(
        256,
        "Batch size",
        "Pictures per step. More is steadier and needs more memory.",
        group="Training",
        ge=1,
        le=4096,
    )


class FashionRecipe(DenseRecipe):
    """The same network with a squared error, and a wide lattice of the plane."""

    Config: ClassVar[type[ConfigModel]] = FashionConfig
    lattice_side: ClassVar[int] = 30
    lattice_reach: ClassVar[float] = 4.0
    manifold_text: ClassVar[str] = (
        "The latent plane from -4 to 4 in both directions, each point of an even lattice decoded. The middle is where "
        "random codes fall; towards the edges pictures get odd, because no real picture has its code there."
    )

    def manifold_codes(self) -> Tensor:
        """Return codes (900, 2) of an even lattice from -4 to 4, row by row from the top left."""
        reach = [self.lattice_reach] * 2
        return previews.lattice([-place for place in reach], reach, self.lattice_side)
