"""How weights are changed: RMSProp, AdamW or Muon, a learning rate with a plan, and gradients cut to a length."""

import math
from typing import Any, Literal, Self

import torch
from pydantic import model_validator
from torch import nn

from gendesk.config import ConfigModel, setting
from gendesk.nn import keras
from gendesk.nn.muon import Muon
from gendesk.nn.optimizers import load_optimizer

_BETA1 = 0.9


class OptimiserConfig(ConfigModel):
    """What can be set of it."""

    optimizer: Literal["rmsprop", "adamw", "muon"] = setting(
        "adamw",
        "Optimiser",
        "How weights are changed. rmsprop scales each step by the recent size of the gradient, as the books' listings "
        "do; adamw follows its recent direction, too, and can let weights decay; muon also evens out the directions in "
        "which matrices of the inner layers change, in dearer steps that reach much further.",
        group="Training",
    )
    learning_rate: float = setting(
        0.002,
        "Learning rate",
        "Size of each step. Too high and the loss leaps or becomes not a number, too low and nothing is learnt for a "
        "long time.",
        group="Training",
        ge=1e-6,
        le=1.0,
    )
    schedule: Literal["constant", "cosine"] = setting(
        "constant",
        "Plan",
        "constant: the learning rate stays. cosine: it falls along half a wave, which brings the last few hundredths "
        "of the loss.",
        group="Training",
    )
    schedule_steps: int = setting(
        2_000,
        "Plan's length",
        "With the cosine: after how many steps the lowest learning rate is reached; it stays there. Best as long as "
        "the whole training.",
        group="Training",
        unit="steps",
        advanced=True,
        ge=1,
        le=10_000_000,
    )
    final_share: float = setting(
        0.1,
        "Lowest share",
        "With the cosine: what share of the learning rate is left at the end.",
        group="Training",
        advanced=True,
        ge=0,
        le=1,
    )
    warm_up: int = setting(
        0,
        "Warm-up",
        "Steps in which the learning rate rises from next to nothing. Transformers need some, because their first "
        "gradients are wild.",
        group="Training",
        unit="steps",
        advanced=True,
        ge=0,
        le=1_000_000,
    )
    beta2: float = setting(
        0.99,
        "Memory of sizes",
        "How much of the old sizes of gradients the optimiser keeps at each step: beta2 of AdamW, rho of RMSProp. "
        "Nearer to 1 is steadier and slower to follow.",
        group="Training",
        advanced=True,
        ge=0,
        le=0.9999,
    )
    weight_decay: float = setting(
        0.0,
        "Weight decay",
        "How strongly AdamW and Muon pull weight matrices towards zero; biases and norms are left alone. A remedy "
        "against learning by heart.",
        group="Training",
        advanced=True,
        ge=0,
        le=10,
    )
    gradient_clip: float = setting(
        1.0,
        "Longest gradient",
        "Gradients longer than this are cut to it, so that one odd batch cannot throw the network off. 0 cuts none.",
        group="Training",
        advanced=True,
        ge=0,
        le=1_000,
    )

    @property
    def has_plan(self) -> bool:
        """Whether the learning rate ever changes."""
        return self.schedule != "constant" or self.warm_up > 0

    @model_validator(mode="after")
    def _decay_has_an_optimiser(self) -> Self:
        if self.weight_decay and self.optimizer == "rmsprop":
            raise ValueError("rmsprop knows no weight decay; choose adamw, or set weight_decay to 0")
        return self


def rate_at(config: OptimiserConfig, step: int) -> float:
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
    """An optimiser and its plan for one network, of which Muon changes the matrices of `body` alone."""

    def __init__(self, network: nn.Module, body: nn.Module, config: OptimiserConfig) -> None:
        self._config = config
        self._steps = 0
        self._parameters = list(network.parameters())
        self._optimizers = _optimizers(self._parameters, body, config)

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step."""
        return rate_at(self._config, self._steps)

    def step(self, loss: torch.Tensor) -> None:
        """Change the weights once, downhill."""
        for optimizer in self._optimizers:
            for group in optimizer.param_groups:
                group["lr"] = self.learning_rate
            optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        if self._config.gradient_clip:
            nn.utils.clip_grad_norm_(self._parameters, self._config.gradient_clip)
        for optimizer in self._optimizers:
            optimizer.step()
        self._steps += 1

    def state(self) -> dict[str, Any]:
        return {"optimizers": [optimizer.state_dict() for optimizer in self._optimizers], "steps": self._steps}

    def load_state(self, state: dict[str, Any]) -> None:
        for optimizer, saved in zip(self._optimizers, state["optimizers"], strict=True):
            load_optimizer(optimizer, saved)
        self._steps = state["steps"]


def _optimizers(
    parameters: list[nn.Parameter], body: nn.Module, config: OptimiserConfig
) -> list[torch.optim.Optimizer]:
    """Make the optimiser, or two: what Muon cannot change follows AdamW."""
    if config.optimizer == "rmsprop":
        rate, memory = config.learning_rate, config.beta2
        return [torch.optim.RMSprop(parameters, lr=rate, alpha=memory, eps=keras.OPTIMIZER_EPSILON)]
    if config.optimizer == "adamw":
        return [_adamw(parameters, config)]
    matrices = [one for one in body.parameters() if one.ndim >= 2]
    taken = {id(one) for one in matrices}
    muon = Muon(matrices, config.learning_rate, weight_decay=config.weight_decay)
    return [muon, _adamw([one for one in parameters if id(one) not in taken], config)]


def _adamw(parameters: list[nn.Parameter], config: OptimiserConfig) -> torch.optim.AdamW:
    """Make AdamW; matrices alone decay, because biases and norms have nothing to learn by heart."""
    groups = [
        {"params": [one for one in parameters if one.ndim >= 2], "weight_decay": config.weight_decay},
        {"params": [one for one in parameters if one.ndim < 2], "weight_decay": 0.0},
    ]
    fused = all(parameter.device.type in ("cpu", "cuda") for parameter in parameters)
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(_BETA1, config.beta2), fused=fused)
