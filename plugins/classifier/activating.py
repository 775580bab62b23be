"""Activation functions with their derivatives, softmax, and one unit that can die; numpy only."""

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Float64Array = NDArray[np.float64]
Function = Literal["relu", "leaky-relu", "sigmoid", "tanh", "gelu", "silu"]
FUNCTIONS: tuple[Function, ...] = get_args(Function)

# Of LeakyReLU: what Keras 2 and PyTorch take if nothing is said, and what the book's GANs with a Wasserstein loss take.
SLOPES = ((0.3, "Keras"), (0.2, "GANs"), (0.01, "PyTorch"))


def activated(name: Function, x: Float64Array, slope: float = 0.3) -> Float64Array:
    """Return the function at places x; `slope` is that of LeakyReLU for negative x."""
    match name:
        case "relu":
            return np.maximum(x, 0.0)
        case "leaky-relu":
            return np.where(x > 0, x, slope * x)
        case "sigmoid":
            return _sigmoid(x)
        case "tanh":
            return np.tanh(x)
        case "gelu":
            return x * _normal_cdf(x)
    return x * _sigmoid(x)


def derivative(name: Function, x: Float64Array, slope: float = 0.3) -> Float64Array:
    """Return the slope of the function at places x; at the kink of ReLU and LeakyReLU that of the left, as in torch."""
    match name:
        case "relu":
            return (x > 0).astype(np.float64)
        case "leaky-relu":
            return np.where(x > 0, 1.0, slope)
        case "sigmoid":
            return _sigmoid(x) * (1 - _sigmoid(x))
        case "tanh":
            return 1 - np.tanh(x) ** 2
        case "gelu":
            return _normal_cdf(x) + x * np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return _sigmoid(x) * (1 + x * (1 - _sigmoid(x)))


def _sigmoid(x: Float64Array) -> Float64Array:
    return 0.5 * (1 + np.tanh(x / 2))  # the same, without an overflow far to the left


def _normal_cdf(x: Float64Array) -> Float64Array:
    return np.array([0.5 * (1 + math.erf(value / math.sqrt(2))) for value in np.ravel(x)]).reshape(np.shape(x))


def softmax(logits: Float64Array, temperature: float = 1.0) -> Float64Array:
    """Return probabilities (n,) that sum to 1, for logits (n,); a temperature below 1 sharpens, above 1 flattens."""
    scaled = np.asarray(logits, np.float64) / temperature
    powers = np.exp(scaled - scaled.max())
    return np.asarray(powers / powers.sum())


@dataclass(frozen=True)
class Unit:
    """One unit with one input: activation(weight * x + bias)."""

    weight: float = 1.0
    bias: float = 0.0
    function: Literal["relu", "leaky-relu"] = "relu"
    slope: float = 0.3

    def sums(self, x: Float64Array) -> Float64Array:
        """Return what goes into the activation (n,)."""
        return self.weight * x + self.bias

    def outputs(self, x: Float64Array) -> Float64Array:
        return activated(self.function, self.sums(x), self.slope)

    def gradients(self, x: Float64Array) -> Float64Array:
        """Return, for each input (n,), the derivative of the activation there: 0 where the unit learns nothing."""
        return derivative(self.function, self.sums(x), self.slope)

    def trained(self, x: Float64Array, targets: Float64Array, steps: int, rate: float = 0.1) -> "Unit":
        """Return the unit after gradient descent on the mean squared error against `targets` (n,)."""
        weight, bias = self.weight, self.bias
        for _ in range(steps):
            now = Unit(weight, bias, self.function, self.slope)
            push = 2 * (now.outputs(x) - targets) * now.gradients(x)
            weight, bias = weight - rate * float(np.mean(push * x)), bias - rate * float(np.mean(push))
        return Unit(weight, bias, self.function, self.slope)


def batch_of_inputs(seed: int, count: int = 40) -> Float64Array:
    """Return inputs (count,) drawn from N(0, 1), as batch normalisation would hand them on."""
    return np.random.default_rng(seed).standard_normal(count)
