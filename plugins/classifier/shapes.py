"""Output shapes and parameters of layers by arithmetic alone, with the formula that a person would write down.

Shapes are (height, width, channels) or (units,), without the batch, as Keras' summary() prints them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Literal, get_args

from gendesk.errors import InputError

Shape = tuple[int, ...]
Kind = Literal["conv", "pool", "average", "flatten", "dense", "batch-norm", "activation", "dropout"]
Padding = Literal["same", "valid"]

KINDS: tuple[Kind, ...] = get_args(Kind)
FIELDS: dict[Kind, tuple[str, ...]] = {
    "conv": ("size", "kernel", "stride", "padding"),
    "pool": ("kernel", "stride", "padding"),
    "average": (),
    "flatten": (),
    "dense": ("size",),
    "batch-norm": (),
    "activation": (),
    "dropout": (),
}
"""Which fields of a Layer mean something for each kind."""

LIMITS = {"size": (1, 65_536), "kernel": (1, 31), "stride": (1, 16)}
LARGEST_SIDE = 65_536
_LARGEST_ROW = 1_000_000_000


@dataclass(frozen=True)
class Layer:
    """One row of the table; `size` is the number of filters or units. Only the kind's FIELDS matter."""

    kind: Kind
    size: int = 32
    kernel: int = 3
    stride: int = 1
    padding: Padding = "same"


@dataclass(frozen=True)
class Result:
    """What a layer makes of its input. `trainable` and `fixed` are parameters; `problem` says why it makes nothing.

    `multiply_adds` are for one item; layers that only look at each value by itself count none, batch
    norm one per value.
    """

    inputs: Shape
    outputs: Shape = ()
    trainable: int = 0
    fixed: int = 0
    multiply_adds: int = 0
    problem: str = ""

    @property
    def parameters(self) -> int:
        """All of them, as Keras counts: also the running means and variances of batch normalisation."""
        return self.trainable + self.fixed


@dataclass(frozen=True)
class Summary:
    """The results of a stack of layers, and their sums; rows behind a problem have none."""

    results: tuple[Result, ...]

    @property
    def trainable(self) -> int:
        return sum(result.trainable for result in self.results)

    @property
    def fixed(self) -> int:
        return sum(result.fixed for result in self.results)

    @property
    def parameters(self) -> int:
        return self.trainable + self.fixed

    @property
    def multiply_adds(self) -> int:
        return sum(result.multiply_adds for result in self.results)

    @property
    def problem(self) -> str:
        """The first problem, empty if the layers fit together."""
        return next((result.problem for result in self.results if result.problem), "")

    def share(self, row: int) -> float:
        """Return a layer's part of all parameters, in [0, 1]."""
        return self.results[row].parameters / max(1, self.parameters)

    @property
    def heavy(self) -> int:
        """The row that holds more than 80 % of the parameters of several layers, or -1."""
        holders = sum(result.parameters > 0 for result in self.results)
        rows = (row for row in range(len(self.results)) if holders > 1 and self.share(row) > 0.8)
        return next(rows, -1)


def summarised(inputs: Shape, layers: Sequence[Layer]) -> Summary:
    """Follow an item of shape `inputs` through layers, up to the first that it does not fit."""
    results: list[Result] = []
    for number, layer in enumerate(layers, 1):
        result = apply(layer, inputs)
        if result.problem:
            results.append(replace(result, problem=f"Layer {number}: {result.problem}"))
            results.extend(Result(()) for _ in layers[number:])
            break
        results.append(result)
        inputs = result.outputs
    return Summary(tuple(results))


def apply(layer: Layer, inputs: Shape) -> Result:
    """Return what one layer makes of an item of shape `inputs`."""
    spatial, channels = len(inputs) == 3, inputs[-1]
    match layer.kind:
        case "conv" | "pool":
            if not spatial:
                problem = f"{_named(layer)} slides over a picture, but {shape_text(inputs)} is a row of numbers"
                return Result(inputs, problem=f"{problem}; put it before Flatten.")
            height, width = (_side(layer, size) for size in inputs[:2])
            if min(height, width) < 1:
                window, picture = shape_text((layer.kernel,) * 2), shape_text(inputs[:2])
                return Result(
                    inputs, problem=f'a window of {window} does not fit into {picture}; use "same" or a smaller one.'
                )
            if layer.kind == "pool":
                return Result(inputs, (height, width, channels))
            weights = layer.kernel**2 * channels * layer.size
            return Result(inputs, (height, width, layer.size), weights + layer.size, 0, weights * height * width)
        case "dense":
            if spatial:
                problem = f"a dense layer takes a row of numbers, but a picture of {shape_text(inputs)} comes in"
                return Result(inputs, problem=f"{problem}; put Flatten before it.")
            weights = channels * layer.size
            return Result(inputs, (layer.size,), weights + layer.size, 0, weights)
        case "average":
            # The mean of each map; a row of numbers has no maps and stays what it is.
            return Result(inputs, (1, 1, channels) if spatial else inputs)
        case "flatten":
            return Result(inputs, (prod(inputs),))
        case "batch-norm":
            return Result(inputs, inputs, 2 * channels, 2 * channels, prod(inputs))
    return Result(inputs, inputs)


def _named(layer: Layer) -> str:
    return "a convolution" if layer.kind == "conv" else "pooling"


def _side(layer: Layer, size: int) -> int:
    """Return ceil(size / stride) for "same", else ceil((size - kernel + 1) / stride)."""
    return -(-size // layer.stride) if layer.padding == "same" else -(-(size - layer.kernel + 1) // layer.stride)


def shape_text(shape: Shape) -> str:
    """Write height, width and channels with times signs between them, or a row of numbers as 1,280."""
    return f"{shape[0]:,}" if len(shape) == 1 else "\N{MULTIPLICATION SIGN}".join(str(size) for size in shape)


def parsed_shape(text: str) -> Shape:
    """Read a shape as people type it: 32x32x3, "32, 32, 3", (None, 16, 16, 10), 1,280.

    Raises InputError for anything but one or three whole numbers from 1 to 65,536, or one alone up to 1,000,000,000.
    """
    bare = text.lower().replace("none", "").strip(" ()[],")
    thousands = re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+", bare)
    words = [bare.replace(",", "")] if thousands else re.split(r"[\sx*,\N{MULTIPLICATION SIGN}]+", bare)
    shape = tuple(int(word) if re.fullmatch(r"[0-9]{1,10}", word) else 0 for word in words)
    largest = LARGEST_SIDE if len(shape) == 3 else _LARGEST_ROW
    if len(shape) not in (1, 3) or min(shape) < 1 or max(shape) > largest:
        given = text.strip()[:40] or "nothing"
        raise InputError(f"Write a shape as 32x32x3 or as one number, not {given}.")
    return shape


def output_formula(layer: Layer, result: Result) -> str:
    """Return how the output shape follows, with the numbers put in and no words."""
    inputs, outputs = result.inputs, result.outputs
    if layer.kind in ("conv", "pool"):
        sizes = []
        for size, made in zip(inputs[:2], outputs[:2], strict=True):
            top = f"{size}" if layer.padding == "same" else f"({size} \N{MINUS SIGN} {layer.kernel} + 1)"
            sizes.append(f"⌈{top} / {layer.stride}⌉ = {made}")
        sides = sizes[0] if sizes[0] == sizes[1] else ", ".join(sizes)
        return f"{sides} \N{RIGHTWARDS ARROW} {shape_text(outputs)}"
    if layer.kind == "flatten" and len(inputs) == 3:
        return f"{inputs[0]} · {inputs[1]} · {inputs[2]} = {outputs[0]:,}"
    return shape_text(outputs)


def parameter_formula(layer: Layer, result: Result) -> str:
    """Return how the parameters are counted, with the numbers put in and no words.

    Of batch normalisation the trained ones come first: scale and shift, then running mean and variance.
    """
    inputs, count = result.inputs, result.parameters
    if layer.kind == "conv":
        return f"({layer.kernel} · {layer.kernel} · {inputs[2]} + 1) · {layer.size} = {count:,}"
    if layer.kind == "dense":
        return f"({inputs[0]:,} + 1) · {layer.size} = {count:,}"
    if layer.kind == "batch-norm":
        return f"(2 + 2) · {inputs[-1]:,} = {count:,}"
    return "0"


def _book_cnn() -> tuple[Layer, ...]:
    block = (Layer("batch-norm"), Layer("activation"))
    convolutions = ((32, 1), (32, 2), (64, 1), (64, 2))
    stack = [part for size, stride in convolutions for part in (Layer("conv", size, 3, stride), *block)]
    return (*stack, Layer("flatten"), Layer("dense", 128), *block, Layer("dropout"), Layer("dense", 10))


# Foster, Generative Deep Learning (1st edition), chapter 2: figure 2.13 and the listings of its two classifiers.
EXAMPLES: dict[str, tuple[Shape, tuple[Layer, ...]]] = {
    "two-convolutions": (
        (32, 32, 3),
        (Layer("conv", 10, 4, 2), Layer("conv", 20, 3, 2), Layer("flatten"), Layer("dense", 10)),
    ),
    "mlp": (
        (32, 32, 3),
        (
            Layer("flatten"),
            *(Layer("dense", 200), Layer("activation")),
            *(Layer("dense", 150), Layer("activation")),
            Layer("dense", 10),
        ),
    ),
    "cnn": ((32, 32, 3), _book_cnn()),
}
