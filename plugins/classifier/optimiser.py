"""How weights are changed: Adam or SGD, with weight decay and a learning rate that may follow a plan."""

import math

import torch
from torch import nn

from gendesk.engine.recipe import State
from gendesk.nn import keras
from gendesk.nn.optimizers import load_optimizer

from .config import ClassifierConfig

_WARM_UP, _SMALLEST = 0.2, 0.001
_MOMENTUM = 0.9


def share_of_rate(schedule: str, progress: float) -> float:
    """Return what part of the learning rate applies after `progress` of the plan, 0 at its start and 1 at its end.

    The one cycle rises evenly and falls along a cosine: Smith and Topin, Super-Convergence, 2017, in the form that is
    in use today.
    """
    if schedule == "constant":
        return 1.0
    if progress < _WARM_UP:
        return _SMALLEST + (1 - _SMALLEST) * progress / _WARM_UP
    falling = min(1.0, (progress - _WARM_UP) / (1 - _WARM_UP))
    return _SMALLEST + (1 - _SMALLEST) * (1 + math.cos(math.pi * falling)) / 2


class Optimiser:
    """An optimiser and its plan for one model; the plan's length is known when the steps of an epoch are."""

    def __init__(self, model: nn.Module, config: ClassifierConfig, steps_per_epoch: int) -> None:
        self._config = config
        self._planned = max(1, round(config.schedule_epochs * steps_per_epoch))
        self._steps = 0
        parameters = list(model.parameters())
        self._kernels = [parameter for parameter in parameters if parameter.ndim >= 2]
        self._optimizer: torch.optim.Optimizer
        if config.optimizer == "sgd":
            self._optimizer = torch.optim.SGD(parameters, config.learning_rate, momentum=_MOMENTUM, nesterov=True)
        else:
            self._optimizer = keras.adam(parameters, config.learning_rate)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step."""
        progress = self._steps / self._planned
        return self._config.learning_rate * share_of_rate(self._config.schedule, progress)

    def step(self, loss: torch.Tensor) -> None:
        """Change the weights once, downhill."""
        rate = self.learning_rate
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        if self._config.weight_decay:
            self._decay(1 - rate * self._config.weight_decay)
        self._optimizer.step()
        self._steps += 1

    @torch.no_grad()
    def _decay(self, factor: float) -> None:
        """Shrink the kernels apart from the step (Loshchilov and Hutter, Decoupled Weight Decay, 2017)."""
        for kernel in self._kernels:
            kernel.mul_(factor)

    def state(self) -> State:
        return {"optimizer": self._optimizer.state_dict(), "steps": self._steps}

    def load_state(self, state: State) -> None:
        load_optimizer(self._optimizer, state["optimizer"])
        self._steps = state["steps"]
