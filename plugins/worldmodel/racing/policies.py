"""Who drives when nobody has learnt to drive yet: three kinds of chance, each of which holds an action for some steps.

The structured one, twenty steps of gas and then one pedal or turn at a time, is the one behind the rollouts that
Foster, Generative Deep Learning (1st edition), figure 8.5, shows; the uniform one is in the code of the same time.
Actions that are drawn anew in every step shake the car and get it nowhere, so the book holds each for five.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gendesk.errors import InputError

LOWEST = np.array([-1, 0, 0], np.float32)
HIGHEST = np.array([1, 1, 1], np.float32)

RUN_UP = 20
"""Frames of full gas with which the structured policy begins."""
_RUN_UP_ACTION = np.array([-0.1, 1, 0], np.float32)
_TICKETS = ("none", *["gas"] * 4, *["left"] * 2, *["right"] * 2, "brake")
"""Ten lots, one of which says what is done next."""
_WANDER = 0.5
"""Standard deviation of a step of the Brownian policy, on the scale of steering."""


@dataclass
class _Chance(ABC):
    """Draws an action and holds it for `hold` steps; raises InputError for less than one."""

    hold: int = 5
    _random: np.random.Generator = field(default_factory=np.random.default_rng, init=False, repr=False)
    _step: int = field(default=0, init=False, repr=False)
    _action: NDArray[np.float32] = field(default_factory=lambda: np.zeros(3, np.float32), init=False, repr=False)

    def __post_init__(self) -> None:
        if self.hold < 1:
            raise InputError(f"An action cannot be held for {self.hold} steps; the least is 1.")

    def begin(self, random: np.random.Generator) -> None:
        """Forget the last race."""
        self._random, self._step = random, 0
        self._action = np.zeros(3, np.float32)

    def act(self, _observation: NDArray[np.uint8], _reward: float = 0.0) -> NDArray[np.float32]:
        """Return what is held, or a new action: steering -1..1, gas 0..1 and brake 0..1."""
        if self._step % self.hold == 0:
            self._action = self._drawn()
        self._step += 1
        return self._action

    @abstractmethod
    def _drawn(self) -> NDArray[np.float32]: ...


class Uniform(_Chance):
    """Any action is as likely as another, so it brakes half the time and hardly moves."""

    def _drawn(self) -> NDArray[np.float32]:
        return self._random.uniform(LOWEST, HIGHEST).astype(np.float32)


class Brownian(_Chance):
    """Each action is the one before and a little noise, so it turns for a while and then the other way."""

    def _drawn(self) -> NDArray[np.float32]:
        steps = self._random.normal(0, _WANDER, 3) * (HIGHEST - LOWEST) / 2
        return np.clip(self._action + steps, LOWEST, HIGHEST).astype(np.float32)


@dataclass
class Structured(_Chance):
    """A run-up with gas, then one thing at a time: nothing, gas, a turn or the brake, as hard as chance has it.

    `run_up` is how many steps of full gas come first.
    """

    run_up: int = RUN_UP
    _left: int = field(default=0, init=False, repr=False)

    def begin(self, random: np.random.Generator) -> None:
        super().begin(random)
        self._left = self.run_up

    def act(self, observation: NDArray[np.uint8], reward: float = 0.0) -> NDArray[np.float32]:
        """Return the run-up's action in its first steps, then what the lots say."""
        if self._left:
            self._left -= 1
            return _RUN_UP_ACTION.copy()
        return super().act(observation, reward)

    def _drawn(self) -> NDArray[np.float32]:
        how_much = self._random.uniform()
        actions = {
            "none": (0, 0, 0),
            "gas": (0, how_much, 0),
            "left": (-how_much, 0, 0),
            "right": (how_much, 0, 0),
            "brake": (0, 0, how_much),
        }
        return np.array(actions[_TICKETS[self._random.integers(len(_TICKETS))]], np.float32)
