"""`fast` precision: bfloat16 is 3 times faster than float32 on some CPUs, 20 times slower on others, so it is timed."""

import copy
import statistics
import time
from dataclasses import dataclass
from typing import Any

import torch

from gendesk.engine.checkpoints import load_random_state, random_state
from gendesk.engine.recipe import Recipe

_WARM_UP, _TIMED = 2, 3


@dataclass(frozen=True)
class PrecisionChoice:
    """The precision that won, and why, as a sentence for people."""

    dtype: torch.dtype
    reason: str

    @property
    def name(self) -> str:
        return str(self.dtype).removeprefix("torch.")


def exact() -> PrecisionChoice:
    return PrecisionChoice(torch.float32, "exact: float32, as set.")


def choose_fast(recipe: Recipe[Any, Any]) -> PrecisionChoice:
    """Time a few real steps in both precisions, put everything back as it was, and return the quicker one."""
    weights, state = copy.deepcopy((recipe.model().state_dict(), recipe.state()))
    generators = random_state(), recipe.context.generator.get_state()
    try:
        slow = _time_steps(recipe, torch.float32)
        try:
            fast = _time_steps(recipe, torch.bfloat16)
        except (RuntimeError, NotImplementedError):  # some CPUs lack a kernel for some layer
            return PrecisionChoice(
                torch.float32, "fast: this machine cannot train this model in bfloat16; float32 it is."
            )
    finally:
        recipe.context.dtype = torch.float32
        recipe.model().load_state_dict(weights)
        recipe.load_state(state)
        load_random_state(generators[0])
        recipe.context.generator.set_state(generators[1])
    ratio = slow / fast
    times = f"a step takes {slow * 1000:.1f} ms in float32 and {fast * 1000:.1f} ms in bfloat16"
    if ratio < 1.05:
        return PrecisionChoice(torch.float32, f"fast: {times}, so float32 it is.")
    return PrecisionChoice(torch.bfloat16, f"fast: {times}, {ratio:.1f} times faster.")


def _time_steps(recipe: Recipe[Any, Any], dtype: torch.dtype) -> float:
    """Return the median seconds of a step; waits for the device after each one."""
    recipe.context.dtype = dtype
    times = []
    for _ in range(_WARM_UP + _TIMED):
        start = time.perf_counter()
        for value in recipe.step().values():
            if isinstance(value, torch.Tensor):
                value.detach().item()
        times.append(time.perf_counter() - start)
    return statistics.median(times[_WARM_UP:])
