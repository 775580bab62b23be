"""What is left of a training: the density's numbers, the points that it saw, and the land to judge its samples by."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from gendesk.data.dataset import PointDataset, PointInfo
from gendesk.engine.recipe import Model

from .config import DensityConfig
from .densities import Density, FloatArray, Gaussians, Histogram, Kernel, Rectangles
from .fitting import histogram_shape

REGION_SHAPE = (360, 720)
HELD_OUT = 1000


class DensityModel(Model):
    """A density with all that a studio needs to know of its data.

    Buffers: `numbers` of the density, `points` (n, 2) and `held_out` (m, 2) in degrees, and `region`, bool
    (360, 720) with the north at the top: where points can lie. Where nobody knows, they can lie anywhere.
    """

    numbers: Tensor
    points: Tensor
    held_out: Tensor
    region: Tensor

    def __init__(self, config: DensityConfig, info: PointInfo) -> None:
        super().__init__()
        self.config = config
        self.size = (info.width, info.height)
        self.register_buffer("numbers", torch.zeros(_length(config, self.size)))
        self.register_buffer("points", torch.zeros(min(config.points, info.train_count), 2))
        self.register_buffer("held_out", torch.zeros(min(HELD_OUT, info.test_count), 2))
        self.register_buffer("region", torch.ones(REGION_SHAPE, dtype=torch.bool))

    def take(self, data: PointDataset) -> None:
        """Keep the first points of both splits, and the region at a resolution of half a degree."""
        self.points.copy_(torch.from_numpy(np.array(data.train[: len(self.points)])))
        self.held_out.copy_(torch.from_numpy(np.array(data.test[: len(self.held_out)])))
        if data.region is not None:
            self.region.copy_(torch.from_numpy(resampled(data.region, REGION_SHAPE)))

    @property
    def density(self) -> Density:
        """The density as it is now."""
        numbers = as_array(self.numbers)
        match self.config.density:
            case "gaussians":
                return Gaussians.read(numbers)
            case "kernel":
                return Kernel(as_array(self.points), float(numbers[0]))
            case "histogram":
                return Histogram(numbers.reshape(histogram_shape(self.config.bins, self.size)), self.size)
            case _:
                return Rectangles.read(numbers)

    @density.setter
    def density(self, density: Density) -> None:
        self.numbers.copy_(torch.from_numpy(density.numbers()))

    def sample(self, count: int, generator: Generator) -> Tensor:
        """Return new points float32 (count, 2) as shares of the map's width and height, in 0..1.

        What lies beyond the map, as some samples of Gaussians and kernels do, is put on its edge.
        """
        seed = torch.randint(2**31, (), generator=generator, device=generator.device)
        points = self.density.draw(count, np.random.default_rng(int(seed)))
        return torch.from_numpy((points / self.size).astype(np.float32)).clamp(0, 1)


def as_array(tensor: Tensor) -> FloatArray:
    """Return a tensor as float64 numpy array."""
    return tensor.detach().cpu().numpy().astype(np.float64)


def resampled(region: NDArray[np.bool_], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return a region at another resolution, each cell as the old one under its middle."""
    rows, columns = (
        ((np.arange(new) + 0.5) * old / new).astype(np.int64) for new, old in zip(shape, region.shape, strict=True)
    )
    return region[np.ix_(rows, columns)]


def _length(config: DensityConfig, size: tuple[float, float]) -> int:
    """Return how many numbers the density of a config consists of."""
    rows, columns = histogram_shape(config.bins, size)
    lengths = {
        "rectangle": 5,
        "rectangles": 5 * config.components,
        "gaussians": 6 * config.components,
        "kernel": 1,
        "histogram": rows * columns,
    }
    return lengths[config.density]
