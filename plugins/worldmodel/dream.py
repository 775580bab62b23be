"""Races that M dreams: many at once, without an environment, without pictures."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor

from .networks.controller import ControllerShape, act
from .networks.memory import ACTIONS, Memory, drawn_next
from .networks.vision import drawn_codes

_WATCHED_EVERY = 10


@dataclass(frozen=True)
class Beginnings:
    """How races begin: mean and logarithm of the variance of the first frames' codes, each (races, latent_size)."""

    mu: Tensor
    log_var: Tensor


@torch.inference_mode()
def dreamt_scores(
    memory: Memory,
    beginnings: Beginnings,
    shape: ControllerShape,
    candidates: Tensor,
    *,
    episodes: int,
    steps: int,
    temperature: float = 1.0,
    generator: Generator | None = None,
    watch: Callable[[int], None] = lambda _done: None,
) -> Tensor:
    """Return how many rewards each candidate was given in each dream: float32 (candidates, episodes).

    All dreams of all candidates (candidates, parameters) go on side by side for so many steps; none ends earlier.
    Episode n begins alike for every candidate, as does the race on one track. In the paper's order C acts on what V
    sees and M remembers, then M is told the action. In the book's, C has an M of its own, which is told the action
    before. `watch` is called now and then with how many steps are done; what it raises ends the dreams.
    """
    count = len(candidates)
    device = beginnings.mu.device
    chosen = torch.randint(len(beginnings.mu), (episodes,), generator=generator, device=device)
    first = drawn_codes(beginnings.mu[chosen], beginnings.log_var[chosen], generator)
    codes = first.expand(count, -1, -1).flatten(0, 1)
    state = memory.empty_state(count * episodes)
    rewards = codes.new_zeros(count * episodes)
    scores = torch.zeros_like(rewards)
    own_state, actions = state, codes.new_zeros(count * episodes, ACTIONS)
    for step in range(steps):
        if step % _WATCHED_EVERY == 0:
            watch(step)
        if shape.order == "book":
            own_state = memory.step(codes, actions, rewards, own_state)
        known = state if shape.order == "paper" else own_state
        seen, remembered = (values.view(count, episodes, -1) for values in (codes, known[0][0]))
        actions = act(shape, candidates, seen, remembered).flatten(0, 1)
        forecast, state = memory(codes[:, None], actions[:, None], rewards[:, None], state)
        codes, rewards = (values[:, 0] for values in drawn_next(forecast, temperature, generator))
        scores += rewards
    return scores.view(count, episodes)
