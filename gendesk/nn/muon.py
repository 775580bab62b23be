"""Muon: momentum whose matrices are made orthogonal before each step, so that no direction of a layer is left behind.

Method: Jordan et al., Muon: An Optimizer for Hidden Layers in Neural Networks (2024). Polynomials: Amsel et al., The
Polar Express (2025). The size of the steps fits AdamW's learning rates as in Liu et al., Muon is Scalable for LLM
Training (2025). PyTorch's own Muon computes in bfloat16, which most processors have to emulate; this one computes as
the weights are.
"""

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

_ITERATIONS = ((8.0934, -23.6204, 17.4462), (3.6366, -2.7219, 0.5365), (2.6613, -1.9772, 0.4526))
"""Each the best polynomial of its kind for what the one before leaves of 0.01 to 1, by the method of the paper."""
_SIZE = 0.2  # root mean square of a step of AdamW, about
_TINY = 1e-7


class Muon(torch.optim.Optimizer):
    """Changes weights of two or more dimensions, taken as (outputs, all else); for all other weights use AdamW."""

    def __init__(
        self, parameters: Iterable[nn.Parameter], lr: float, momentum: float = 0.95, weight_decay: float = 0.0
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Change the weights that have a gradient; a closure is refused, because it would have to train again."""
        if closure is not None:
            raise ValueError("Muon takes no closure.")
        for group in self.param_groups:
            alike: dict[tuple[int, ...], list[tuple[nn.Parameter, Tensor]]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    direction = self._direction(parameter, group["momentum"]).flatten(1)
                    alike.setdefault(tuple(direction.shape), []).append((parameter, direction))
            # Matrices of one shape go through the products together, which a processor does quicker.
            for shape, pairs in alike.items():
                directions = orthogonalized(torch.stack([direction for _, direction in pairs]))
                for (parameter, _), direction in zip(pairs, directions, strict=True):
                    self._change(parameter, direction, _SIZE * max(shape) ** 0.5, group)

    def _direction(self, parameter: nn.Parameter, momentum: float) -> Tensor:
        """Return the gradient with Nesterov's momentum, of which the running mean is kept."""
        assert parameter.grad is not None
        known = self.state[parameter]
        if not known:
            known["mean"] = torch.zeros_like(parameter)
        mean: Tensor = known["mean"].lerp_(parameter.grad, 1 - momentum)
        return parameter.grad.lerp(mean, momentum)

    @staticmethod
    def _change(parameter: nn.Parameter, direction: Tensor, size: float, group: dict[str, Any]) -> None:
        if group["weight_decay"]:
            parameter.mul_(1 - group["lr"] * group["weight_decay"])
        parameter.add_(direction.view_as(parameter), alpha=-group["lr"] * size)


def orthogonalized(matrices: Tensor) -> Tensor:
    """Bring the singular values of matrices (count, rows, columns) to about 1 by Newton and Schulz's iteration.

    Those above a hundredth of the matrix's norm end between 0.73 and 1.27, which serves as well as 1 in training;
    smaller ones stay below.
    """
    tall = matrices.shape[1] > matrices.shape[2]
    values = matrices.mT if tall else matrices
    values = values / (values.norm(dim=(1, 2), keepdim=True) + _TINY)
    for first, second, third in _ITERATIONS:
        product = values @ values.mT
        polynomial = torch.baddbmm(product, product, product, beta=second, alpha=third)
        values = torch.baddbmm(values, polynomial, values, beta=first)
    return values.mT if tall else values
