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
Pedals = Literal["half", "clipped"]
Sees = Literal["drawn", "mean"]
Order = Literal["paper", "book"]
"""When M is told an action: as soon as it is chosen, or only before the next one."""


@dataclass(frozen=True)
class ControllerShape:
    """What a controller reads, and how large it is: `hidden` tanh units between, or 0 for none.

    `pedals` says what the brake makes of an output in -1..1: "half" is (output + 1) / 2 as for the gas, so that a
    controller of zeros gives half gas and half brake (the book's code); "clipped" is 0 for all below 0 (Ha's). `sees`
    says what of V's distribution is the code of a frame: one that is drawn, or the mean. `order` is that of
    its training, of dreams and of everything that repeats its races.
    """

    reads: Reads = "code and memory"
    hidden: int = 0
    latent_size: int = 32
    units: int = 256
    pedals: Pedals = "half"
    sees: Sees = "drawn"
    order: Order = "paper"

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


def read(shape: ControllerShape, codes: Tensor, memory: Tensor) -> Tensor:
    """Return what a controller reads (..., inputs) of codes (..., latent_size) and memories (..., units)."""
    given = {"code": (codes,), "memory": (memory,), "code and memory": (codes, memory)}[shape.reads]
    return torch.cat(given, -1)


def squashed(shape: ControllerShape, outputs: Tensor) -> Tensor:
    """Return actions (..., 3), steering in [-1, 1], gas and brake in [0, 1], of outputs (..., 3) in [-1, 1]."""
    steering, gas, brake = outputs.unbind(-1)
    brake = (brake + 1) / 2 if shape.pedals == "half" else brake.clamp(min=0)
    return torch.stack([steering, (gas + 1) / 2, brake], -1)


def act(shape: ControllerShape, candidates: Tensor, codes: Tensor, memory: Tensor) -> Tensor:
    """Return actions (candidates, count, 3): steering in [-1, 1], gas and brake in [0, 1].

    `candidates` (candidates, parameters) hold for each layer its weights (outputs, inputs) and its biases; `codes`
    (candidates, count, latent_size) and `memory` (candidates, count, units) are what each of them sees and remembers.
    """
    values = read(shape, codes, memory)
    start = 0
    for inputs, outputs in shape.layers:
        weights = candidates[:, start : start + inputs * outputs].reshape(-1, outputs, inputs)
        start += inputs * outputs
        biases = candidates[:, None, start : start + outputs]
        start += outputs
        values = (values @ weights.mT + biases).tanh()
    return squashed(shape, values)
