"""A convolutional variational autoencoder (Chollet, Deep Learning with Python/R, 1st edition, section 8.4.3).

It differs from Foster's in its last layers, in ReLUs, and in a KL divergence that counts for very little.
"""

from typing import ClassVar, Literal

import torch
from torch import Generator, Tensor, nn

from gendesk.config import ConfigModel, setting
from gendesk.data.dataset import ImageInfo
from gendesk.nn import keras

from .config import TrainingConfig, VariationalConfig, latent_size_setting
from .models import Autoencoder, VariationalAutoencoder
from .objective import draw, kl_by_dimension, reconstruction_loss
from .training import VariationalRecipe


class ConvVaeConfig(TrainingConfig, VariationalConfig):
    """Defaults: the book's."""

    first_filters: int = setting(
        32,
        "First filters",
        "How many feature maps the first convolution makes, and the last one of the decoder.",
        group="Model",
        ge=1,
        le=1024,
    )
    filters: int = setting(
        64,
        "Filters",
        "How many feature maps each of the other three convolutions makes.",
        group="Model",
        ge=1,
        le=1024,
    )
    dense: int = setting(
        32, "Dense layer", "Units between the convolutions and the latent code.", group="Model", ge=1, le=4096
    )
    latent_size: int = latent_size_setting(2)
    beta: float = setting(
        0.0005,
        "KL weight",
        "Weight of the KL divergence (beta). The error of a picture is a mean over its pixels, so this is small; times "
        "the number of pixels it is the weight that theory would call 1.",
        group="Training",
        ge=0,
        le=10_000,
    )
    loss: Literal["mse", "bce"] = setting(
        "bce",
        "Reconstruction loss",
        "mse: squared error of the pixels. bce: binary cross-entropy, which punishes confident mistakes harder.",
        group="Training",
    )
    printed_sampling: bool = setting(
        False,
        "Sample as printed",
        "Draw codes with exp(log_var) for their deviation, as the book prints it, in place of exp(log_var / 2). The KL "
        "divergence takes log_var for the logarithm of the variance, so the printed one contradicts itself.",
        group="Training",
    )
    batch_size: int = setting(
        16, "Batch size", "Pictures per step. More is steadier and needs more memory.", group="Training", ge=1, le=4096
    )
    learning_rate: float = setting(
        0.001,
        "Learning rate",
        "Size of a step (RMSprop). Too large makes the loss leap, too small makes learning slow.",
        group="Training",
        ge=0.0000001,
        le=1,
    )


class ConvVaeEncoder(nn.Module):
    """Images (batch, channels, height, width) to `mu` and `log_var`, (batch, latent_size) each."""

    def __init__(self, config: ConvVaeConfig, info: ImageInfo) -> None:
        super().__init__()
        channels, height, width = info.item_shape
        first, others = config.first_filters, config.filters
        self.trunk = nn.Sequential()
        for made, stride in ((first, 1), (others, 2), (others, 1), (others, 1)):
            self.trunk.extend([keras.SameConv2d(channels, made, 3, stride), nn.ReLU()])
            channels = made
        self.shape = (others, -(-height // 2), -(-width // 2))
        size = self.shape[0] * self.shape[1] * self.shape[2]
        self.dense = nn.Sequential(nn.Linear(size, config.dense), nn.ReLU())
        self.heads = nn.ModuleList(nn.Linear(config.dense, config.latent_size) for _ in range(2))

    def forward(self, images: Tensor) -> list[Tensor]:
        features = self.dense(self.trunk(images).flatten(1))
        return [head(features) for head in self.heads]


class ConvVaeDecoder(nn.Module):
    """Codes (batch, latent_size) to logits (batch, channels, height, width)."""

    def __init__(self, config: ConvVaeConfig, info: ImageInfo, start: tuple[int, int, int]) -> None:
        super().__init__()
        self.start = start
        self.size = (info.height, info.width)
        first = config.first_filters
        self.dense = nn.Sequential(nn.Linear(config.latent_size, start[0] * start[1] * start[2]), nn.ReLU())
        self.trunk = nn.Sequential(
            keras.SameConvTranspose2d(start[0], first, 3, 2), nn.ReLU(), keras.SameConv2d(first, info.channels, 3)
        )

    def forward(self, codes: Tensor) -> Tensor:
        logits: Tensor = self.trunk(self.dense(codes).reshape(-1, *self.start))
        return logits[..., : self.size[0], : self.size[1]]


def draw_as_printed(mu: Tensor, log_var: Tensor, generator: Generator) -> Tensor:
    """Sample z = mu + exp(log_var) * epsilon, which takes the network's output for the logarithm of the deviation."""
    return draw(mu, 2 * log_var, generator)


class ConvVaeRecipe(VariationalRecipe[ConvVaeConfig]):
    """Four convolutions, a dense layer, two numbers; RMSprop in small batches."""

    Config: ClassVar[type[ConfigModel]] = ConvVaeConfig
    outermost_quantile: ClassVar[float] = 0.05

    @classmethod
    def networks(cls, config: ConvVaeConfig, info: ImageInfo) -> Autoencoder:
        encoder = ConvVaeEncoder(config, info)
        return VariationalAutoencoder(encoder, ConvVaeDecoder(config, info, encoder.shape), config.latent_size)

    def optimizer(self) -> torch.optim.Optimizer:
        return keras.rmsprop(self._model.parameters(), self.config.learning_rate)

    def losses(self, images: Tensor, labels: Tensor, generator: Generator, epochs: float) -> dict[str, Tensor]:
        mu, log_var = (head.float() for head in self.distribution(images, labels))
        codes = (draw_as_printed if self.config.printed_sampling else draw)(mu, log_var, generator)
        reconstruction = reconstruction_loss(self.logits(codes, labels), images, self.config)
        return self.summed(reconstruction, kl_by_dimension(mu, log_var), epochs)
