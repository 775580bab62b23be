"""C: a single layer that turns what is seen and remembered into an action, in as few numbers as evolution can handle.

Foster, Generative Deep Learning (1st edition), section "The Controller Architecture": 288 inputs, 3 outputs and 867
numbers. Without a hidden layer it may read the code, the memory or both; with one, the code: Ha and Schmidhuber (2018).
"""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from .memory import ACTIONS

Reads = Literal["code", "memory", "code and memory"]


@dataclass(frozen=True)
class ControllerShape:
    """What a controller reads, and how large it is: `hidden` tanh units between, or 0 for none."""

    reads: Reads = "code and memory"
    hidden: int = 0
    latent_size: int = 32
    units: int = 256

    @property
    def inputs(self) -> int:
        """How many numbers it reads."""
        sizes = {"code": self.latent_size, "memory": self.units, "code and memory": self.latent_size + self.units}
        return sizes[self.reads]

    @property
    def layers(self) -> tuple[tuple[int, int], ...]:
        """Inputs and outputs of each layer."""
        if self.hidden:
            return (self.inputs, self.hidden), (self.hidden, ACTIONS)
        return ((self.inputs, ACTIONS),)

    @property
    def parameters(self) -> int:
        """How many numbers there are to evolve."""
        return sum((inputs + 1) * outputs for inputs, outputs in self.layers)


def act(shape: ControllerShape, candidates: Tensor, codes: Tensor, memory: Tensor) -> Tensor:
    """Return actions (candidates, count, 3): steering in [-1, 1], gas and brake in [0, 1].

    `candidates` (candidates, parameters) hold for each layer its weights (outputs, inputs) and its biases; `codes`
    (candidates, count, latent_size) and `memory` (candidates, count, units) are what each of them sees and remembers.
    """
    given = {"code": (codes,), "memory": (memory,), "code and memory": (codes, memory)}[shape.reads]
    values = torch.cat(given, -1)
    start = 0
    for inputs, outputs in shape.layers:
        weights = candidates[:, start : start + inputs * outputs].reshape(-1, outputs, inputs)
        start += inputs * outputs
        biases = candidates[:, None, start : start + outputs]
        start += outputs
        values = (values @ weights.mT + biases).tanh()
    return torch.cat([values[..., :1], (values[..., 1:] + 1) / 2], -1)
