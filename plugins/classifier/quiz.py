"""Questions on shapes and parameters of layers, marked with the worked-out solution."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gendesk.errors import InputError

from .shapes import Layer, Shape, Summary, output_formula, parameter_formula, summarised

Level = Literal[1, 2, 3]
LEVELS: tuple[Level, ...] = (1, 2, 3)


@dataclass(frozen=True)
class Question:
    """An input and the layers behind it: which shape comes out, and how many parameters have they together?"""

    inputs: Shape
    layers: tuple[Layer, ...]

    @property
    def summary(self) -> Summary:
        return summarised(self.inputs, self.layers)

    @property
    def shape(self) -> Shape:
        return self.summary.results[-1].outputs

    @property
    def parameters(self) -> int:
        return self.summary.parameters

    def solution(self) -> tuple[tuple[str, str], ...]:
        """Return, for each layer, how its output and how its parameters follow."""
        pairs = zip(self.layers, self.summary.results, strict=True)
        return tuple((output_formula(layer, result), parameter_formula(layer, result)) for layer, result in pairs)


@dataclass(frozen=True)
class Score:
    """How a person does: right answers of `asked`, and how many in a row."""

    right: int = 0
    asked: int = 0
    streak: int = 0
    best: int = 0

    def marked(self, right: bool) -> "Score":
        streak = self.streak + 1 if right else 0
        return Score(self.right + right, self.asked + 1, streak, max(self.best, streak))


def question(level: Level, seed: int, number: int) -> Question:
    """Return the `number`-th question of a level; the same three numbers always give the same one.

    Level 1: one layer with stride 1. Level 2: one layer with strides and both paddings. Level 3: two or three layers.
    """
    rng = np.random.default_rng([seed, level, number])
    if level == 1:
        return _one_layer(rng, ("conv", "dense"), strides=(1,), paddings=("same",))
    if level == 2:
        kinds = ("conv", "conv", "pool", "flatten", "dense", "batch-norm")
        return _one_layer(rng, kinds, strides=(1, 2, 3), paddings=("same", "valid"))
    return _stack(rng)


def _pick(rng: np.random.Generator, *values: int) -> int:
    return values[int(rng.integers(len(values)))]


def _picture(rng: np.random.Generator) -> Shape:
    side = _pick(rng, 8, 12, 16, 28, 32, 64)
    return side, side, _pick(rng, 1, 3, 8, 10, 16, 32)


def _one_layer(
    rng: np.random.Generator, kinds: tuple[str, ...], strides: tuple[int, ...], paddings: tuple[str, ...]
) -> Question:
    kind = kinds[int(rng.integers(len(kinds)))]
    padding: Literal["same", "valid"] = "valid" if paddings[int(rng.integers(len(paddings)))] == "valid" else "same"
    stride = _pick(rng, *strides)
    match kind:
        case "dense":
            return Question((_pick(rng, 16, 50, 100, 128, 200, 784),), (Layer("dense", _pick(rng, 2, 5, 10, 20, 64)),))
        case "pool":
            return Question(_picture(rng), (Layer("pool", kernel=2, stride=2, padding=padding),))
        case "flatten":
            return Question(_picture(rng), (Layer("flatten"),))
        case "batch-norm":
            return Question(_picture(rng), (Layer("batch-norm"),))
    layer = Layer("conv", _pick(rng, 4, 8, 10, 16, 20), _pick(rng, 3, 3, 4, 5), stride, padding)
    return Question(_picture(rng), (layer,))


def _stack(rng: np.random.Generator) -> Question:
    """Make a convolution and what may follow it: batch norm, pooling, another convolution, or a dense layer."""
    first = Layer("conv", _pick(rng, 4, 8, 10, 16), _pick(rng, 3, 4, 5), _pick(rng, 1, 2))
    ends = (
        (Layer("batch-norm"), Layer("pool", kernel=2, stride=2)),
        (Layer("conv", _pick(rng, 4, 8, 20), 3, 2),),
        (Layer("flatten"), Layer("dense", _pick(rng, 2, 5, 10))),
    )
    return Question(_picture(rng), (first, *ends[int(rng.integers(len(ends)))]))


def parsed_count(text: str) -> int:
    """Read a count as people type it: 1820, 1,820, 1 820; raises InputError for anything else."""
    digits = "".join(text.replace(",", "").replace("'", "").split())
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 16):
        raise InputError(f"Write the parameters as one whole number, not {text.strip()[:40] or 'nothing'}.")
    return int(digits)
