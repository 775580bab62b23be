"""What can be undone in the convolution playground."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..convolving import Padding


@dataclass(frozen=True)
class Setting:
    """A kernel row by row, and how it goes over the picture."""

    kernel: tuple[tuple[float, ...], ...]
    stride: int = 1
    padding: Padding = "same"

    @property
    def array(self) -> NDArray[np.float64]:
        return np.array(self.kernel, np.float64)


def rows_of(kernel: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    """Return a kernel (side, side) as plain numbers, which can be compared."""
    return tuple(tuple(float(value) for value in row) for row in kernel)
