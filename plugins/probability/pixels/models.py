"""One distribution over colours for each pixel, fitted by counting.

Architecture: none; Foster, Generative Deep Learning (1st edition), chapter 1, "Hello Wrodl! Continued".
"""

import torch
from torch import Generator, Tensor

from gendesk.data import portraits
from gendesk.data.dataset import Attribute, ImageInfo
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

from .colors import LEVELS
from .config import PixelsConfig

LEAST = 1e-12
"""A probability of 0 counts as this (-27.6 nats) in log-likelihoods, so that their mean stays a number."""

_LARGEST = 128
_KEPT = 500
_BATCH = 500


def outfit_attributes(info: ImageInfo) -> tuple[Attribute, ...]:
    """Return the attributes with named values if portraits can be drawn from them, else none."""
    named = tuple(attribute for attribute in info.attributes if attribute.values)
    return named if info.channels == 3 and portraits.can_draw(named) else ()


class PixelModel(Model):
    """How often each pixel has each colour of a palette; no observation at first.

    `counts` are int32 (pixels, 256), pixels row by row; `palette` uint8 (256, channels), of which the first `colors`
    are used. `pictures` uint8 (kept, pixels) are the first training pictures as palette numbers, and `attribute_counts`
    int64 (values of all features) how often each value of a portrait's features occurs: what a studio compares with.
    """

    counts: Tensor
    palette: Tensor
    colors: Tensor
    pictures: Tensor
    attribute_counts: Tensor

    def __init__(self, config: PixelsConfig, info: ImageInfo) -> None:
        super().__init__()
        if max(info.height, info.width) > _LARGEST:
            raise InputError(
                f"The pictures of {info.title} have {info.width}x{info.height} pixels, and counting colours for each "
                f"works up to {_LARGEST}x{_LARGEST}; set a smaller image size."
            )
        self.pseudo_count = config.pseudo_count
        self.shape = (info.channels, info.height, info.width)
        self.attributes = outfit_attributes(info)
        pixels = info.height * info.width
        self.register_buffer("counts", torch.zeros(pixels, LEVELS, dtype=torch.int32))
        self.register_buffer("palette", torch.zeros(LEVELS, info.channels, dtype=torch.uint8))
        self.register_buffer("colors", torch.tensor(LEVELS))
        self.register_buffer("pictures", torch.zeros(min(_KEPT, info.train_count), pixels, dtype=torch.uint8))
        values = sum(len(attribute.values) for attribute in self.attributes)
        self.register_buffer("attribute_counts", torch.zeros(values, dtype=torch.int64))

    @property
    def free_parameters(self) -> int:
        """How many numbers the model has to learn: one for each colour of each pixel, less one that follows."""
        return len(self.counts) * (int(self.colors) - 1)

    def set_palette(self, palette: Tensor) -> None:
        """Take over the colours, uint8 (colours, channels), before anything is counted with them."""
        self.colors.fill_(len(palette))
        self.palette.zero_()
        self.palette[: len(palette)] = palette

    def observe(self, indices: Tensor) -> None:
        """Count pictures, uint8 (count, pixels) of palette numbers; what was counted before is forgotten."""
        places = torch.zeros(self.counts.numel(), dtype=torch.int64, device=indices.device)
        for start in range(0, len(indices), _BATCH):
            cells = self._cells(indices[start : start + _BATCH], LEVELS)
            places += torch.bincount(cells.flatten(), minlength=len(places))
        self.counts.copy_(places.reshape(self.counts.shape))
        self.pictures.copy_(indices[: len(self.pictures)])

    def probabilities(self) -> Tensor:
        """Return the distribution of each pixel: float64 (pixels, colours); all are equal while nothing is counted."""
        return _shares(self.counts[:, : int(self.colors)], self.pseudo_count)

    def log_likelihoods(self, indices: Tensor) -> Tensor:
        """Return the mean logarithm of the probability of a pixel, in nats, for pictures (count, pixels): (count,)."""
        logs = self.probabilities().clamp_min(LEAST).log()
        batches = (indices[start : start + _BATCH] for start in range(0, len(indices), _BATCH))
        means = (logs.flatten()[self._cells(batch, logs.shape[1])].mean(1) for batch in batches)
        return torch.cat([logs.new_empty(0), *means])

    def _cells(self, indices: Tensor, colors: int) -> Tensor:
        """Return where the colours of pictures (count, pixels) stand in a flat table of `colors` for each pixel."""
        return indices.long() + torch.arange(len(self.counts), device=indices.device) * colors

    def entropies(self) -> Tensor:
        """Return how uncertain each pixel is, in bits: (pixels,)."""
        shares = self.probabilities()
        return -(shares * shares.clamp_min(LEAST).log2()).sum(1)

    def draw_indices(self, count: int, generator: Generator) -> Tensor:
        """Draw pictures as palette numbers, uint8 (count, pixels), each pixel independently of all others."""
        edges = self.probabilities().cumsum(1)
        chances = torch.rand(len(edges), count, generator=generator, dtype=torch.float64, device=edges.device)
        drawn = torch.searchsorted(edges, chances * edges[:, -1:], right=True)
        return drawn.clamp_max(edges.shape[1] - 1).T.to(torch.uint8).contiguous()

    def to_pictures(self, indices: Tensor) -> Tensor:
        """Turn palette numbers (count, pixels) into float32 (count, channels, height, width) in 0..1."""
        channels, height, width = self.shape
        colors = self.palette.float()[indices.long()] / 255
        return colors.reshape(-1, height, width, channels).permute(0, 3, 1, 2)

    def sample(self, count: int, generator: Generator) -> Tensor:
        return self.to_pictures(self.draw_indices(count, generator))

    def typical(self) -> Tensor:
        """Return the mean picture and the picture of the likeliest colours: float32 (2, channels, height, width)."""
        channels, height, width = self.shape
        shares = self.probabilities()
        mean = shares.float() @ self.palette[: shares.shape[1]].float() / 255
        likeliest = self.to_pictures(shares.argmax(1)[None])
        return torch.cat([mean.reshape(1, height, width, channels).permute(0, 3, 1, 2), likeliest])

    def pixel_shares(self, pixel: int) -> Tensor:
        """Return the probabilities of one pixel's colours: float64 (colours,)."""
        return _shares(self.counts[pixel, : int(self.colors)], self.pseudo_count)

    def brightness_correlation(self, pixel: int) -> Tensor:
        """Return how the brightness of a pixel goes with that of each: (pixels,) in [-1, 1], over the kept pictures.

        A pixel that never changes has no correlation, and 0 stands for that.
        """
        weights = torch.tensor([0.299, 0.587, 0.114] if self.shape[0] == 3 else [1.0], device=self.palette.device)
        brightness = (self.palette.float() @ weights)[self.pictures.long()]
        apart = brightness - brightness.mean(0)
        spread = apart.square().sum(0).sqrt()
        return (apart[:, pixel] @ apart) / (spread * spread[pixel]).clamp_min(1e-6)


def _shares(counts: Tensor, pseudo_count: float) -> Tensor:
    """Turn counts (..., colours) into probabilities float64; all are equal while nothing is counted."""
    weights = counts.double() + pseudo_count
    totals = weights.sum(-1, keepdim=True)
    return torch.where(totals > 0, weights / totals.clamp_min(1e-300), torch.full_like(weights, 1 / counts.shape[-1]))
