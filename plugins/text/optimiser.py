"""How weights are changed: RMSProp or AdamW, a learning rate that may follow a plan, and gradients cut to a length."""

import math

import torch
from torch import nn

from gendesk.engine.recipe import State
from gendesk.nn import keras
from gendesk.nn.optimizers import load_optimizer

from .config import WriterConfig

_BETA1 = 0.9


def rate_at(config: WriterConfig, step: int) -> float:
    """Return the learning rate of a step, which count from 0: a straight rise, then the plan.

    The cosine: Loshchilov and Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts (2017), without restarts.
    """
    if step < config.warm_up:
        return config.learning_rate * (step + 1) / (config.warm_up + 1)
    if config.schedule == "constant":
        return config.learning_rate
    falling = min(1.0, (step - config.warm_up) / max(1, config.schedule_steps - config.warm_up))
    share = config.final_share + (1 - config.final_share) * (1 + math.cos(math.pi * falling)) / 2
    return config.learning_rate * share


class Optimiser:
    """An optimiser and its plan for one network."""

    def __init__(self, network: nn.Module, config: WriterConfig) -> None:
        self._config = config
        self._steps = 0
        self._parameters = list(network.parameters())
        self._optimizer = _optimizer(self._parameters, config)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step."""
        return rate_at(self._config, self._steps)

    def step(self, loss: torch.Tensor) -> None:
        """Change the weights once, downhill."""
        for group in self._optimizer.param_groups:
            group["lr"] = self.learning_rate
        self._optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        if self._config.gradient_clip:
            nn.utils.clip_grad_norm_(self._parameters, self._config.gradient_clip)
        self._optimizer.step()
        self._steps += 1

    def state(self) -> State:
        return {"optimizer": self._optimizer.state_dict(), "steps": self._steps}

    def load_state(self, state: State) -> None:
        load_optimizer(self._optimizer, state["optimizer"])
        self._steps = state["steps"]


def _optimizer(parameters: list[nn.Parameter], config: WriterConfig) -> torch.optim.Optimizer:
    """Make the optimiser; matrices alone decay, because biases and norms have nothing to learn by heart."""
    if config.optimizer == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=config.learning_rate, alpha=config.beta2, eps=keras.OPTIMIZER_EPSILON)
    groups = [
        {"params": [one for one in parameters if one.ndim >= 2], "weight_decay": config.weight_decay},
        {"params": [one for one in parameters if one.ndim < 2], "weight_decay": 0.0},
    ]
    fused = all(parameter.device.type in ("cpu", "cuda") for parameter in parameters)
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(_BETA1, config.beta2), fused=fused)
