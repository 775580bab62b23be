"""The networks of the family: a generator and a critic of convolutions, made from tables of layers.

Architectures: Foster, Generative Deep Learning (1st edition), chapter 4, figures 4.4 and 4.5.
"""

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations

from gendesk.data.dataset import ImageInfo
from gendesk.errors import InputError
from gendesk.nn import keras

from .config import CriticConfig, CriticLayer, GanConfig, GeneratorConfig, GeneratorLayer

NORMAL_WIDTH = 0.02
"""Standard deviation of first weights in the notebooks of the book."""


def _activation(slope: float) -> nn.Module:
    return nn.LeakyReLU(slope) if slope else nn.ReLU()


class Generator(nn.Module):
    """Codes (batch, latent_size) to pictures (batch, channels, height, width) in -1..1."""

    def __init__(self, config: GeneratorConfig, info: ImageInfo) -> None:
        super().__init__()
        self.size = (info.height, info.width)
        height, width = _first_sides(config.generator_layers, info)
        channels = config.first_filters
        self.start = (channels, height, width)
        units = channels * height * width
        self.dense = nn.Sequential(nn.Linear(config.latent_size, units))
        if config.generator_norm == "before":
            self.dense.append(_norm(nn.BatchNorm1d, units, config))
        self.dense.append(_activation(config.generator_slope))
        self.trunk = nn.Sequential()
        *hidden, last = config.generator_layers
        for layer in hidden:
            self.trunk.extend(_generator_block(channels, layer, config))
            channels = layer.filters
        self.trunk.append(_growing(channels, info.channels, last))
        self.trunk.append(nn.Tanh())

    def forward(self, codes: Tensor) -> Tensor:
        pictures: Tensor = self.trunk(self.dense(codes).unflatten(1, self.start))
        return pictures[..., : self.size[0], : self.size[1]]


def _generator_block(channels: int, layer: GeneratorLayer, config: GeneratorConfig) -> list[nn.Module]:
    """Return a layer with what follows it: batch norm before or after the activation, and dropout."""
    parts: list[nn.Module] = [_growing(channels, layer.filters, layer), _activation(config.generator_slope)]
    if config.generator_norm != "none":
        at = 1 if config.generator_norm == "before" else 2
        parts.insert(at, _norm(nn.BatchNorm2d, layer.filters, config))
    if config.generator_dropout:
        parts.append(nn.Dropout(config.generator_dropout))
    return parts


def _norm(kind: type[nn.BatchNorm1d | nn.BatchNorm2d], channels: int, config: GeneratorConfig) -> nn.Module:
    return kind(channels, eps=keras.BATCH_NORM_EPSILON, momentum=1 - config.norm_momentum)


def _growing(channels: int, filters: int, layer: GeneratorLayer) -> nn.Module:
    if layer.padding == "valid":
        return nn.ConvTranspose2d(channels, filters, layer.kernel, layer.stride)
    kind = keras.UpsampledConv2d if layer.upsampling else keras.SameConvTranspose2d
    return kind(channels, filters, layer.kernel, layer.stride)


def _first_sides(layers: tuple[GeneratorLayer, ...], info: ImageInfo) -> tuple[int, int]:
    """Return height and width of the first map: as large as the layers need to reach the size of the data."""
    sides = []
    for size in (info.height, info.width):
        side = size
        for layer in reversed(layers):
            rim = layer.kernel - layer.stride if layer.padding == "valid" else 0
            side = -(-(side - rim) // layer.stride)
        if side < 1:
            raise InputError(
                f"The generator's layers make larger pictures than the {info.width}x{info.height} pixels of "
                f"{info.name}; take one away, or choose larger pictures."
            )
        sides.append(side)
    return sides[0], sides[1]


class Critic(nn.Module):
    """Pictures (batch, channels, height, width) in -1..1 to scores (batch,): the higher, the more real.

    Where cross-entropy is played for, the score is a logit: a sigmoid of it is the probability of being real.
    """

    def __init__(self, config: CriticConfig, info: ImageInfo) -> None:
        super().__init__()
        channels, height, width = info.item_shape
        self.trunk = nn.Sequential()
        for number, layer in enumerate(config.critic_layers):
            self.trunk.append(_shrinking(channels, layer))
            if config.critic_norm and number:
                self.trunk.append(keras.batch_norm(layer.filters))
            self.trunk.append(_activation(config.critic_slope))
            if config.critic_dropout:
                self.trunk.append(nn.Dropout(config.critic_dropout))
            channels = layer.filters
            height, width = (_shrunk(side, layer) for side in (height, width))
            if min(height, width) < 1:
                raise InputError(
                    f"Layer {number + 1} of the critic leaves nothing of the {info.width}x{info.height} pixels of "
                    f"{info.name}; take it away, or give it the border same."
                )
        self.trunk.append(nn.Flatten())
        if config.last_dropout:
            self.trunk.append(nn.Dropout(config.last_dropout))
        self.feature_size = channels * height * width
        self.head = nn.Linear(self.feature_size, 1)

    def forward(self, pictures: Tensor) -> Tensor:
        scores: Tensor = self.head(self.trunk(pictures))
        return scores.flatten()


def _shrinking(channels: int, layer: CriticLayer) -> nn.Module:
    if layer.padding == "valid":
        return nn.Conv2d(channels, layer.filters, layer.kernel, layer.stride)
    return keras.SameConv2d(channels, layer.filters, layer.kernel, layer.stride)


def _shrunk(side: int, layer: CriticLayer) -> int:
    rim = layer.kernel - 1 if layer.padding == "valid" else 0
    return -(-(side - rim) // layer.stride)


def initialized(network: nn.Module, config: GanConfig) -> None:
    """Give every layer its first weights, and zero biases."""
    keras.initialized(network)
    for layer in network.modules():
        if config.weights == "glorot" or not isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            continue
        if config.weights == "normal":
            nn.init.normal_(layer.weight, std=NORMAL_WIDTH)
        else:
            nn.init.xavier_normal_(layer.weight)


def bound_layers(critic: nn.Module) -> None:
    """Divide the weights of every layer by their largest singular value (Miyato and others, 2018)."""
    for layer in list(critic.modules()):
        if isinstance(layer, nn.Linear | nn.Conv2d):
            parametrizations.spectral_norm(layer)


@torch.no_grad()
def clip_weights(critic: nn.Module, bound: float) -> None:
    """Cut every trained weight to -bound..bound; running statistics are no weights and stay."""
    for weight in critic.parameters():
        weight.clamp_(-bound, bound)
