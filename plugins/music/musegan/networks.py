"""The networks of MuseGAN, for music [batch, bars, steps, pitches, tracks] in -1..1.

Architectures: Foster, Generative Deep Learning (1st edition), chapter 7, listings 7.5 to 7.8, after Dong, Hsiao, Yang
and Yang, MuseGAN: Multi-track Sequential Generative Adversarial Networks (2018). Every kernel there reaches along one
axis alone, and nearly all are as wide as their stride, so that each layer is one product of matrices. Layers take
channels first, as PyTorch's do, but leave them last in memory, so that nothing is copied on the way.
"""

from collections.abc import Iterator
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from gendesk.engine.music.excerpts import STEPS, VOICES
from gendesk.music.tokens.grid_view import PITCHES
from gendesk.nn import keras

from .config import MuseganConfig, Weights

BARS, TIME, PITCH = 1, 2, 3
"""Axes of music, and of what convolutions see of it with channels last."""

CHORDS, STYLE = 0, 1
MELODY = tuple(range(2, 2 + VOICES))
GROOVE = tuple(range(2 + VOICES, 2 + 2 * VOICES))
PARTS = 2 + 2 * VOICES
"""Vectors of noise, in this order: chords, style, a melody for each track and a groove for each track."""

_OCTAVES = 7
_DOUBLINGS = 3  # of the 2 steps that a bar begins with
NORMAL_WIDTH = 0.02
"""Standard deviation of first weights in the notebook of the book."""
_NORM_MOMENTUM = 0.1  # 0.9 in Keras' terms


class Convolution(nn.Conv1d):
    """Convolution along one axis of (batch, channels, bars, steps, pitches), "valid", or "same" as Keras pads it."""

    def __init__(self, channels: int, filters: int, axis: int, kernel: int, stride: int = 1, *, same: bool) -> None:
        super().__init__(channels, filters, kernel, stride)
        self._axis = axis
        self._same = same

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (the name in nn.Module)
        weight = self.weight.transpose(1, 2).flatten(1)
        windows = self._windows(input.permute(0, 2, 3, 4, 1))
        return functional.linear(windows, weight, self.bias).permute(0, 4, 1, 2, 3)

    def _windows(self, values: Tensor) -> Tensor:
        """Return what the filters see: (..., places, ..., kernel * channels)."""
        axis, kernel, stride = self._axis, self.kernel_size[0], self.stride[0]
        size = values.shape[axis]
        lacking = (-(-size // stride) - 1) * stride + kernel - size
        if self._same and lacking > 0:
            sides = (lacking // 2, lacking - lacking // 2)
            values = functional.pad(values, (0, 0) * (4 - axis) + sides)
        if kernel in (stride, values.shape[axis]):
            shape = values.shape
            return values.view(*shape[:axis], -1, kernel, *shape[axis + 1 :]).movedim(axis + 1, -2).flatten(-2)
        if kernel == 1:
            return values
        return values.unfold(axis, kernel, stride).transpose(-1, -2).flatten(-2)


class Growth(nn.ConvTranspose1d):
    """Transposed convolution whose stride is its kernel: (batch, in, places) to (batch, out, kernel * places)."""

    def __init__(self, channels: int, filters: int, kernel: int) -> None:
        super().__init__(channels, filters, kernel, kernel)

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:  # noqa: A002, ARG002
        kernel, bias = self.kernel_size[0], self.bias
        assert bias is not None
        weight = self.weight.permute(2, 1, 0).flatten(0, 1)
        grown = functional.linear(input.transpose(1, 2), weight, bias.repeat(kernel))
        return grown.reshape(len(input), -1, self.out_channels).transpose(1, 2)


class Norm(nn.BatchNorm1d):
    """Batch normalisation of (batch, channels) or (batch, channels, places)."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels, eps=keras.BATCH_NORM_EPSILON, momentum=_NORM_MOMENTUM)

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (the name in nn.Module)
        if input.dim() == 2:
            return super().forward(input)
        rows = input.transpose(1, 2)
        return super().forward(rows.flatten(0, 1)).view(rows.shape).transpose(1, 2)


class OnePitch(nn.Module):
    """Turns numbers of pitches (batch, 1, steps * pitches) into 1 at the greatest of a step, and -1 elsewhere.

    Gradients pass as if it were a softmax: the straight-through estimator of a deterministic neuron, which makes its
    authors' critic judge what is really played. Source: Dong and Yang, Convolutional Generative Adversarial Networks
    with Binary Neurons for Polyphonic Music Generation (2018), for neurons that stand alone.
    """

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 (the name in nn.Module)
        shares = input.view(*input.shape[:2], STEPS, PITCHES).softmax(-1)
        played = torch.zeros_like(shares).scatter_(-1, shares.argmax(-1, keepdim=True), 1.0)
        # What is added is exactly zero, and carries the gradient.
        made: Tensor = 2 * (played + (shares - shares.detach())) - 1
        return made.flatten(-2)


class TemporalNetwork(nn.Module):
    """Stretches a vector (batch, size) over the bars: (batch, bars, size), so that bars have something in common."""

    def __init__(self, config: MuseganConfig) -> None:
        super().__init__()
        size, filters = config.latent_size, config.temporal_filters
        self.spread = nn.Sequential(Growth(size, filters, 2), Norm(filters), nn.ReLU())
        self.bars = nn.ConvTranspose1d(filters, size, config.bars - 1)
        self.end = nn.Sequential(Norm(size), nn.ReLU())

    def forward(self, vectors: Tensor) -> Tensor:
        stretched: Tensor = self.end(self.bars(self.spread(vectors[:, :, None])))
        return stretched.transpose(1, 2)


class BarGenerator(nn.Module):
    """Makes a bar of one track from its four vectors in a row: (batch, 4 * size) to (batch, steps, pitches)."""

    def __init__(self, config: MuseganConfig) -> None:
        super().__init__()
        filters = config.generator_filters
        self.dense = nn.Sequential(nn.Linear(4 * config.latent_size, 2 * filters), Norm(2 * filters), nn.ReLU())
        half = filters // 2
        octaves = config.generator_pitches == "by octaves"
        growths = [(filters, filters, 2), (filters, half, 2), (half, half, 2), *[(half, half, _OCTAVES)] * octaves]
        self.trunk = nn.Sequential()
        for before, after, kernel in growths:
            self.trunk.extend([Growth(before, after, kernel), Norm(after), nn.ReLU()])
        self.trunk.append(Growth(half, 1, PITCHES // _OCTAVES if octaves else PITCHES))
        self.trunk.append(nn.Tanh() if config.output == "tanh" else OnePitch())

    def forward(self, vectors: Tensor) -> Tensor:
        # Pitches come after steps, so that both grow along one axis: 2, 4, 8, 16 steps, then 7 and 84 pitches of each.
        made: Tensor = self.trunk(self.dense(vectors).unflatten(1, (2, -1)).transpose(1, 2))
        return made.reshape(-1, STEPS, PITCHES)


class Generator(nn.Module):
    """Turns noise (batch, 10, size), in the order of `PARTS`, into music (batch, bars, steps, pitches, tracks)."""

    def __init__(self, config: MuseganConfig) -> None:
        super().__init__()
        self.bars = config.bars
        self.chords = TemporalNetwork(config)
        self.melodies = nn.ModuleList(TemporalNetwork(config) for _ in range(VOICES))
        self.tracks = nn.ModuleList(BarGenerator(config) for _ in range(VOICES))

    def forward(self, noise: Tensor) -> Tensor:
        chords, style = self.chords(noise[:, CHORDS]), self._everywhere(noise[:, STYLE])
        tracks = []
        for voice in range(VOICES):
            melody = self.melodies[voice](noise[:, MELODY[voice]])
            groove = self._everywhere(noise[:, GROOVE[voice]])
            vectors = torch.cat([chords, style, melody, groove], 2)
            tracks.append(self.tracks[voice](vectors.flatten(0, 1)).unflatten(0, (-1, self.bars)))
        return torch.stack(tracks, -1)

    def _everywhere(self, vectors: Tensor) -> Tensor:
        """Give every bar the same vector: (batch, size) to (batch, bars, size)."""
        return vectors[:, None].expand(-1, self.bars, -1)


class Critic(nn.Module):
    """Music (batch, bars, steps, pitches, tracks) to scores (batch,): the higher, the more real."""

    def __init__(self, config: MuseganConfig) -> None:
        super().__init__()
        filters = config.critic_filters
        layers = _bars_last(config) if config.critic_order == "bars last" else _time_last(config)
        self.trunk = nn.Sequential()
        for layer in layers:
            self.trunk.extend([layer, keras.leaky_relu()])
        units = 8 * filters
        self.head = nn.Sequential(nn.Linear(4 * filters, units), keras.leaky_relu(), nn.Linear(units, 1))

    def forward(self, music: Tensor) -> Tensor:
        scores: Tensor = self.head(self.trunk(music.permute(0, 4, 1, 2, 3)).flatten(1))
        return scores.flatten()


def _time_last(config: MuseganConfig) -> Iterator[Convolution]:
    """Yield the convolutions of listing 7.8, or the same with those of pitches before those of bars."""
    filters = config.critic_filters
    bars = ((BARS, 2, 1), (BARS, config.bars - 1, 1))
    pitches = ((PITCH, PITCHES // _OCTAVES, PITCHES // _OCTAVES), (PITCH, _OCTAVES, _OCTAVES))
    time = ((TIME, 2, 2), (TIME, 2, 2), (TIME, 4, 2), (TIME, 3, 2))
    along = (*bars, *pitches, *time) if config.critic_order == "bars first" else (*pitches, *bars, *time)
    widths = (VOICES, *(filters,) * 6, 2 * filters, 4 * filters)
    for (before, after), (axis, kernel, stride) in zip(pairwise(widths), along, strict=True):
        yield Convolution(before, after, axis, kernel, stride, same=axis != BARS)


def _bars_last(config: MuseganConfig) -> Iterator[Convolution]:
    """Yield convolutions that take all pitches of all voices at once, then two steps at a time, then all bars."""
    filters = config.critic_filters
    along = ((PITCH, PITCHES), (PITCH, 1), *[(TIME, 2)] * 4, (BARS, config.bars))
    widths = (VOICES, 2 * filters, *(filters,) * 3, 2 * filters, *(4 * filters,) * 2)
    for (before, after), (axis, kernel) in zip(pairwise(widths), along, strict=True):
        yield Convolution(before, after, axis, kernel, kernel, same=False)


def initialized(generator: Generator, critic: Critic, weights: Weights) -> None:
    """Give both networks their first weights, and no biases; "normal" is that of the book's notebook.

    That is N(0, 0.02), but Keras' own for the first layer of a bar. Narrow networks hardly hear anything through
    weights so small; "glorot" is Keras' own for all. "held" makes all steps of half a bar of it equal.
    """
    if weights != "normal":
        keras.initialized(generator)
        keras.initialized(critic)
        if weights == "held":
            _hold(generator)
        return
    for network in (generator, critic):
        for layer in network.modules():
            if isinstance(layer, nn.Conv1d | nn.ConvTranspose1d | nn.Linear):
                nn.init.normal_(layer.weight, std=NORMAL_WIDTH)
                assert layer.bias is not None
                nn.init.zeros_(layer.bias)
    for track in generator.tracks:
        assert isinstance(track, BarGenerator)
        keras.initialized(track.dense)


@torch.no_grad()
def _hold(generator: Generator) -> None:
    """Make the two steps that each step grows into equal."""
    for track in generator.tracks:
        assert isinstance(track, BarGenerator)
        for growth in list(track.trunk)[: 3 * _DOUBLINGS : 3]:
            assert isinstance(growth, Growth)
            growth.weight.copy_(growth.weight[:, :, :1])
