"""What keeps a critic gentle while it trains: penalties on the gradient of its scores with respect to what it judges.

Gradient penalty: Gulrajani and others, Improved Training of Wasserstein GANs (2017), algorithm 1. R1: Mescheder, Geiger
and Nowozin, Which Training Methods for GANs do actually Converge? (2018), equation 9. What is judged may be pictures,
pieces of music or anything else of one shape: (batch, ...).
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

Scores = Callable[[Tensor], Tensor]


def mixed(real: Tensor, fake: Tensor, generator: torch.Generator) -> Tensor:
    """Return what lies somewhere on the way from each generated one to a real one, (batch, ...)."""
    share = torch.rand(len(real), *[1] * (real.dim() - 1), generator=generator, device=real.device)
    return torch.lerp(fake, real, share)


def gradient_norms(critic: Scores, judged: Tensor, *, differentiable: bool) -> Tensor:
    """Return how fast the score of each of (batch, ...) changes: the Euclidean norm of its gradient, (batch,).

    `differentiable` keeps what is needed to train the critic by the norms.
    """
    with torch.enable_grad():
        asked = judged.detach().requires_grad_()
        with _StraightPieces():
            total = critic(asked).sum()
        (gradients,) = torch.autograd.grad(total, asked, create_graph=differentiable)
    norms: Tensor = gradients.flatten(1).norm(dim=1)
    return norms


class _StraightPieces(TorchFunctionMode):
    """Computes ReLU and LeakyReLU as products with their slopes, which do not change with what is judged.

    Their second derivative is zero, but PyTorch sends those zeros back through every layer of the critic: a whole
    backward pass of a penalty, for nothing. A product with constants says that there is nothing to send.
    """

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        named = kwargs or {}
        if func is functional.relu:
            return _by_slopes(args[0], 0.0)
        if func is functional.leaky_relu:
            return _by_slopes(args[0], named["negative_slope"])
        return func(*args, **named)


def _by_slopes(values: Tensor, slope: float) -> Tensor:
    return values * torch.where(values.detach() > 0, 1.0, slope)


def gradient_penalty(norms: Tensor) -> Tensor:
    """Return the mean squared distance of gradient norms (batch,) from 1."""
    return (norms - 1).square().mean()


def r1(norms: Tensor) -> Tensor:
    """Return half the mean squared gradient norm of real pictures (batch,)."""
    return norms.square().mean() / 2
