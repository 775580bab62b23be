"""Measures a model's gradients and units during a training step now and then, whatever the recipe does in it.

Hooks are there for that one step only. They look and never touch: no random number is drawn, nothing is changed, and
nobody waits for the device.
"""

import contextlib
import math
import time
from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from gendesk.engine.health.network import DEAD, GRADIENT

_STEPS, _SECONDS = 50, 1.0
"""A measured step takes perhaps a third longer; once in this many, at most once in this time, that is not felt."""

_RELU = (nn.ReLU, nn.ReLU6, nn.Threshold)
_LASTING = 10
"""A unit is called dead after that many measurements in a row without anything but zero."""

_FEWEST_UNITS = 8

ResultT = TypeVar("ResultT")


class Probe:
    """Counts steps by being asked, so it belongs to one training."""

    def __init__(self, every_steps: int = _STEPS, every_seconds: float = _SECONDS) -> None:
        self._every_steps = every_steps
        self._every_seconds = every_seconds
        self._left = every_steps
        self._last = -math.inf
        self._norms: dict[str, tuple[Tensor, int]] = {}
        self._alive: dict[str, Tensor] = {}
        self._idle: dict[str, Tensor] = {}

    @property
    def due(self) -> bool:
        """Whether the step that follows shall be measured; asked once for every step."""
        self._left -= 1
        if self._left > 0 or time.monotonic() - self._last < self._every_seconds:
            return False
        self._left, self._last = self._every_steps, time.monotonic()
        return True

    def around(self, model: nn.Module, step: Callable[[], ResultT]) -> tuple[ResultT, dict[str, Tensor]]:
        """Do a step; return its result and what was measured, as tensors of no dimension on the model's device.

        `gradient` is the norm of all gradients, `gradient/LAYER` the root mean square of those of a layer's weights,
        `dead/LAYER` the share of ReLU units in [0, 1] that have been zero for every example of the last measurements.
        """
        self._norms.clear()
        self._alive.clear()
        with contextlib.ExitStack() as hooks:
            for name, parameter in model.named_parameters():
                if parameter.requires_grad and parameter.is_leaf:
                    register: Any = parameter.register_post_accumulate_grad_hook  # untyped in torch
                    hooks.callback(register(self._gradient_hook(name)).remove)
            for name, module in model.named_modules():
                if isinstance(module, _RELU):
                    hooks.callback(module.register_forward_hook(self._unit_hook(name)).remove)
            result = step()
        return result, self._measured()

    def _gradient_hook(self, name: str) -> Callable[[Tensor], None]:
        def look(parameter: Tensor) -> None:
            # Kept as it is at the last backward pass of the step: recipes let go of gradients when they like.
            with contextlib.suppress(RuntimeError), torch.no_grad():
                if parameter.grad is not None and not parameter.grad.is_sparse:
                    layer = name.rpartition(".")[0] if parameter.ndim >= 2 else ""
                    norm = torch.linalg.vector_norm(parameter.grad, dtype=torch.float32)
                    self._norms[name] = norm, parameter.numel() if layer else 0

        return look

    def _unit_hook(self, name: str) -> Callable[[nn.Module, Any, Any], None]:
        def look(module: nn.Module, inputs: Any, output: Any) -> None:  # noqa: ARG001 (the signature of a hook)
            if not module.training or not isinstance(output, Tensor) or output.ndim < 2 or not output.numel():
                return
            unit = 1 if output.ndim >= 4 else output.ndim - 1
            with contextlib.suppress(RuntimeError), torch.no_grad():
                alive = output.detach().amax([axis for axis in range(output.ndim) if axis != unit]) > 0
                known = self._alive.get(name)
                self._alive[name] = alive if known is None or known.shape != alive.shape else alive | known

        return look

    def _measured(self) -> dict[str, Tensor]:
        measured: dict[str, Tensor] = {}
        if self._norms:
            measured[GRADIENT] = torch.stack([norm for norm, _ in self._norms.values()]).norm()
            for name, (norm, count) in self._norms.items():
                if count:
                    measured[f"{GRADIENT}/{name.rpartition('.')[0]}"] = norm / math.sqrt(count)
        for name, alive in self._alive.items():
            idle = self._idle.get(name)
            idle = torch.zeros_like(alive, dtype=torch.int32) if idle is None or idle.shape != alive.shape else idle
            self._idle[name] = torch.where(alive, 0, idle + 1)
            if len(alive) >= _FEWEST_UNITS:
                measured[f"{DEAD}/{name}"] = (self._idle[name] >= _LASTING).float().mean()
        return measured


def layer_sizes(model: nn.Module) -> tuple[dict[str, int], int]:
    """Return how many parameters each layer has, and the model as a whole.

    Recurrent layers are left out of the first: in a small text model nearly everything is in one, as it should be.
    """
    recurrent = {name for name, module in model.named_modules() if isinstance(module, nn.RNNBase)}
    sizes: dict[str, int] = {}
    total = 0
    for name, parameter in model.named_parameters():
        layer = name.rpartition(".")[0] or name
        total += parameter.numel()
        if layer not in recurrent:
            sizes[layer] = sizes.get(layer, 0) + parameter.numel()
    return sizes, total
