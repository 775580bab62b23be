"""The denoising autoencoder: it is given a spoilt picture and asked for the clean one.

Foster, Generative Deep Learning (1st edition), chapter 3, and Osinga, Deep Learning Cookbook, section 13.2, describe
the idea without numbers; noises and amounts are ours.
"""

from typing import ClassVar, Literal

import torch
from torch import Generator, Tensor

from gendesk.config import ConfigModel, setting
from gendesk.data.dataset import ImageInfo
from gendesk.engine.batches import to_images, to_tensor
from gendesk.engine.preview import ImagePreview
from gendesk.errors import InputError

from . import previews
from .checkerboard import MeteredRecipe
from .config import AutoencoderConfig, ConvLayer, DecoderLayer, strided
from .models import Autoencoder
from .models import convolutional as conv_networks
from .objective import reconstruction_loss

_SHOWN = 12
_PATCH = 0.5  # side of a hidden square, of the picture's side, at the full amount
_GREY = (0.299, 0.587, 0.114)  # luma of red, green and blue: ITU-R BT.601
_STRIP = (
    "Held-out pictures above; below each the spoilt one that the model is given, and then what it makes of it. It can "
    "only restore what the training pictures have taught it to expect."
)


class DenoisingConfig(AutoencoderConfig):
    """Defaults: Foster's network for digits with a code that is wide enough to hold more than the class."""

    noise: Literal["gaussian", "salt-and-pepper", "hidden", "grey"] = setting(
        "gaussian",
        "Noise",
        "gaussian: noise on every pixel. salt-and-pepper: some pixels black or white. hidden: a square is missing. "
        "grey: the colours are missing, so that the model learns to paint them in; it needs data in colour.",
        group="Model",
    )
    amount: float = setting(
        0.5,
        "Amount",
        "How much is spoilt: the deviation of the noise, the share of pixels, the size of the square (1 hides half of "
        "each side), or the share of the colour that is taken away.",
        group="Model",
        ge=0,
        le=1,
    )
    latent_size: int = setting(
        32,
        "Latent size",
        "How many numbers describe a picture. Two are too few to restore anything but the class.",
        group="Model",
        ge=1,
        le=1024,
    )


class ColouringConfig(DenoisingConfig):
    """Defaults: all colour is taken away; layers for pictures of 32x32 pixels and a wide code."""

    encoder: tuple[ConvLayer, ...] = setting(
        strided(ConvLayer, 32, 64, 64),
        "Encoder",
        "Convolutions from the picture down to the latent code. More and wider layers see more, and take longer.",
        group="Model",
        ge=1,
        le=12,
    )
    decoder: tuple[DecoderLayer, ...] = setting(
        strided(DecoderLayer, 64, 32, 3),
        "Decoder",
        "Layers from the latent code up to the picture: transposed convolutions, or convolutions of upsampled pixels. "
        "The last one makes the picture: its filters are always the colour channels of the data.",
        group="Model",
        ge=1,
        le=12,
    )
    noise: Literal["gaussian", "salt-and-pepper", "hidden", "grey"] = setting(
        "grey",
        "Noise",
        "gaussian: noise on every pixel. salt-and-pepper: some pixels black or white. hidden: a square is missing. "
        "grey: the colours are missing, so that the model learns to paint them in; it needs data in colour.",
        group="Model",
    )
    amount: float = setting(
        1.0,
        "Amount",
        "How much is spoilt: the deviation of the noise, the share of pixels, the size of the square (1 hides half of "
        "each side), or the share of the colour that is taken away.",
        group="Model",
        ge=0,
        le=1,
    )
    latent_size: int = setting(
        256,
        "Latent size",
        "How many numbers describe a picture. Two are too few to restore anything but the class.",
        group="Model",
        ge=1,
        le=1024,
    )


def spoilt(images: Tensor, noise: str, amount: float, generator: Generator) -> Tensor:
    """Spoil images (batch, channels, height, width) in 0..1; the result has the same shape and range."""
    match noise:
        case "gaussian":
            return (images + amount * _normal(images.shape, generator, images)).clamp(0, 1)
        case "salt-and-pepper":
            chance = torch.rand(images.shape[0], 1, *images.shape[2:], generator=generator, device=images.device)
            return images.masked_fill(chance < amount / 2, 0).masked_fill(chance > 1 - amount / 2, 1)
        case "hidden":
            return images.masked_fill(_squares(images, amount, generator), 0)
        case _:
            weights = torch.tensor(_GREY, device=images.device).reshape(1, 3, 1, 1)
            grey = (images * weights).sum(1, keepdim=True)
            return images + amount * (grey - images)


def _normal(shape: torch.Size, generator: Generator, like: Tensor) -> Tensor:
    return torch.randn(shape, generator=generator, device=like.device)


def _squares(images: Tensor, amount: float, generator: Generator) -> Tensor:
    """Return where a square of each picture is hidden, bool (batch, 1, height, width)."""
    count, _, height, width = images.shape
    side = round(_PATCH * amount * min(height, width))
    corners = torch.rand(2, count, 1, 1, generator=generator, device=images.device)
    top, left = corners[0] * (height - side), corners[1] * (width - side)
    rows = torch.arange(height, device=images.device)[None, :, None]
    columns = torch.arange(width, device=images.device)[None, None, :]
    inside = (rows >= top.round()) & (rows < top.round() + side)
    return (inside & (columns >= left.round()) & (columns < left.round() + side))[:, None]


class DenoisingAutoencoder(Autoencoder):
    """Knows what it was trained to undo: `noise` and `amount`, as in its config."""

    def __init__(self, config: DenoisingConfig, info: ImageInfo) -> None:
        super().__init__(*conv_networks(config, info, heads=1), config.latent_size)
        self.noise, self.amount = config.noise, config.amount


class DenoisingRecipe(MeteredRecipe[DenoisingConfig]):
    """Learns to restore pictures that have been spoilt anew each time."""

    Config: ClassVar[type[ConfigModel]] = DenoisingConfig

    @classmethod
    def networks(cls, config: DenoisingConfig, info: ImageInfo) -> Autoencoder:
        if config.noise == "grey" and info.channels != 3:
            raise InputError(f"{info.title} has no colours to restore; choose another noise, or data in colour.")
        return DenoisingAutoencoder(config, info)

    def losses(self, images: Tensor, labels: Tensor, generator: Generator, epochs: float) -> dict[str, Tensor]:  # noqa: ARG002
        given = spoilt(images, self.config.noise, self.config.amount, generator)
        reconstruction = reconstruction_loss(self._model.decoder(self._model.encode(given)), images, self.config)
        return {"total": reconstruction, "reconstruction": reconstruction}

    def _copies(self) -> ImagePreview:
        clean = previews.chosen_pictures(self.data.test, _SHOWN)
        pictures = to_tensor(clean, self.context.device)
        given = spoilt(pictures, self.config.noise, self.config.amount, self.context.fixed_generator(purpose=3))
        restored = self._model.reconstruct(given)
        rows = (("Clean", clean), ("Spoilt", to_images(given)), ("Restored", to_images(restored)))
        return previews.rows_of_pictures("restored", "Restored", rows, _STRIP)


class ColouringRecipe(DenoisingRecipe):
    """Learns to paint grey pictures."""

    Config: ClassVar[type[ConfigModel]] = ColouringConfig
