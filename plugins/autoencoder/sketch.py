"""The hourglass for sketches (Deep Learning Cookbook, Osinga, O'Reilly 2018, section 13.2).

Two small convolutions look at the same maps side by side, four times over, and a code of 2x2x32 numbers is left of a
sketch of 32x32 pixels.
"""

from typing import ClassVar, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from gendesk.config import ConfigModel, setting
from gendesk.data.dataset import ImageInfo
from gendesk.nn import keras

from .config import TrainingConfig
from .models import Autoencoder
from .training import AutoencoderRecipe


class SketchConfig(TrainingConfig):
    """Defaults: the book's."""

    stages: int = setting(
        4,
        "Stages",
        "How often height and width are halved on the way down, and doubled on the way up.",
        group="Model",
        ge=1,
        le=6,
    )
    channels: int = setting(
        4,
        "Channels",
        "Filters of each of the two convolutions of the first stage; every stage has twice as many as the one before.",
        group="Model",
        ge=1,
        le=64,
    )
    code_channels: int = setting(
        32, "Code channels", "Numbers that are left at every place of the narrowest maps.", group="Model", ge=1, le=512
    )
    loss: Literal["mse", "bce"] = setting(
        "bce",
        "Reconstruction loss",
        "mse: squared error of the pixels. bce: binary cross-entropy, which punishes confident mistakes harder.",
        group="Training",
    )
    optimizer: Literal["adadelta", "adam"] = setting(
        "adadelta",
        "Optimiser",
        "adadelta finds the size of its steps by itself and wants a learning rate of about 1. adam is quicker here and "
        "wants about 0.003.",
        group="Training",
    )
    batch_size: int = setting(
        128, "Batch size", "Pictures per step. More is steadier and needs more memory.", group="Training", ge=1, le=4096
    )
    learning_rate: float = setting(
        1.0,
        "Learning rate",
        "Size of a step. Too large makes the loss leap, too small makes learning slow.",
        group="Training",
        ge=0.0000001,
        le=10,
    )


class TwoBranches(nn.Module):
    """Maps (batch, given, h, w) through a 3x3 and a 2x2 convolution, side by side: (batch, 2 * made, h / 2, w / 2).

    Odd sizes are rounded up. Like Keras, the 2x2 convolution has its zeros at the right and at the bottom.
    """

    def __init__(self, given: int, made: int) -> None:
        super().__init__()
        self.wide = keras.SameConv2d(given, made, 3)
        self.narrow = keras.SameConv2d(given, made, 2)

    def forward(self, maps: Tensor) -> Tensor:
        both = torch.cat([functional.relu(self.wide(maps)), functional.relu(self.narrow(maps))], 1)
        return functional.max_pool2d(both, 2, ceil_mode=True)


class SketchEncoder(nn.Module):
    """Images (batch, channels, height, width) to one code (batch, code_channels * h * w)."""

    def __init__(self, config: SketchConfig, info: ImageInfo) -> None:
        super().__init__()
        given, height, width = info.item_shape
        self.stages = nn.Sequential()
        for stage in range(config.stages):
            made = config.channels << stage
            self.stages.append(TwoBranches(given, made))
            given, height, width = 2 * made, -(-height // 2), -(-width // 2)
        self.dense = nn.Conv2d(given, config.code_channels, 1)
        self.shape = (config.code_channels, height, width)

    def forward(self, images: Tensor) -> list[Tensor]:
        return [self.dense(self.stages(images)).flatten(1)]


class SketchDecoder(nn.Module):
    """Codes (batch, code_channels * h * w) to logits (batch, channels, height, width)."""

    def __init__(self, config: SketchConfig, info: ImageInfo, start: tuple[int, int, int]) -> None:
        super().__init__()
        self.start = start
        self.size = (info.height, info.width)
        self.trunk = nn.Sequential()
        given = start[0]
        for stage in reversed(range(config.stages)):
            made = config.channels << stage
            self.trunk.extend([keras.SameConv2d(given, made, 3), nn.ReLU(), nn.Upsample(scale_factor=2)])
            given = made
        self.trunk.append(keras.SameConv2d(given, info.channels, 3))

    def forward(self, codes: Tensor) -> Tensor:
        logits: Tensor = self.trunk(codes.reshape(-1, *self.start))
        return logits[..., : self.size[0], : self.size[1]]


class SketchRecipe(AutoencoderRecipe[SketchConfig]):
    """Learns to copy line drawings through an hourglass."""

    Config: ClassVar[type[ConfigModel]] = SketchConfig
    samples_text: ClassVar[str] = (
        "Sketches decoded from random codes, each number drawn from the range that it has for real ones. The space of "
        "codes is not dense, so few of them look like anything."
    )

    @classmethod
    def networks(cls, config: SketchConfig, info: ImageInfo) -> Autoencoder:
        encoder = SketchEncoder(config, info)
        channels, height, width = encoder.shape
        return Autoencoder(encoder, SketchDecoder(config, info, encoder.shape), channels * height * width)

    def optimizer(self) -> torch.optim.Optimizer:
        make = keras.adam if self.config.optimizer == "adam" else keras.adadelta
        return make(self._model.parameters(), self.config.learning_rate)
