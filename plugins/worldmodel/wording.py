"""V, M and C say, each in one line, what they see, expect and do; the road is read off the picture itself."""

import math

import numpy as np
from numpy.typing import NDArray

from .driving import Moment, Thought

_GREY = 24
"""Most that the channels of a pixel of the road differ, of 255; grass differs by more than a hundred."""
_AHEAD = slice(8, 36)
"""Rows of 64 in which the road ahead lies: above the car, which is drawn from row 44 on."""
_HERE = (slice(40, 54), slice(24, 40))
_LEAST = 12
"""Pixels of road that are enough to speak of it."""
_BEND = 5.0
"""Pixels by which the middle of the road ahead lies aside, from which on it bends."""
_SILENT = 0.02


def said(moment: Moment, picture: NDArray[np.uint8] | None) -> tuple[str, str]:
    """Return what V and M say of a moment, in whole phrases; for C see `done`.

    `picture` is what V draws of its code, uint8 (64, 64, 3), None where it was not asked.
    """
    thought = moment.thought
    if thought is None:
        return "Nobody looks on yet: there is no V.", "Nobody remembers: there is no M."
    return _seen(thought, picture), _expected(thought)


def _seen(thought: Thought, picture: NDArray[np.uint8] | None) -> str:
    strongest = np.argsort(-np.abs(thought.code))[:3]
    numbers = ", ".join(f"z{index} {thought.code[index]:+.1f}".replace("-", "\N{MINUS SIGN}") for index in strongest)
    return f"{road(picture)}; {numbers}" if picture is not None else numbers


def road(picture: NDArray[np.uint8]) -> str:
    """Return where the road goes in a picture uint8 (64, 64, 3)."""
    values = picture.astype(np.int16)
    grey = values.max(2) - values.min(2) < _GREY
    grey &= values.max(2) > _GREY  # the field ends in black
    ahead = grey[_AHEAD]
    where = "" if grey[_HERE].sum() >= _LEAST else ", and I am off it"
    if ahead.sum() < _LEAST:
        return "No road ahead" + where
    far = ahead[: len(ahead) // 2]
    columns = np.nonzero(far if far.sum() >= _LEAST else ahead)[1]
    aside = float(columns.mean()) - (picture.shape[1] - 1) / 2
    if abs(aside) < _BEND:
        return "Straight road ahead" + where
    return f"Road bending {'left' if aside < 0 else 'right'}" + where


def _expected(thought: Thought) -> str:
    if thought.reward_logit is None:
        return "I wait for the first decision." if thought.remembered is not None else "Nothing to remember yet."
    chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, thought.reward_logit))))
    words = f"Reward expected with {chance:.0%}"
    if thought.surprise is not None:
        words += f"; surprise {thought.surprise:.2f} nats".replace("-", "\N{MINUS SIGN}")
    return f"{words}; memory {thought.remembered:.2f}"


def done(moment: Moment, driver: str) -> str:
    """Return what C says of what is done, such as "Controller: left 0.34, gas 0.80"."""
    steering, gas, brake = (float(value) for value in moment.action)
    turn = f"{'left' if steering < 0 else 'right'} {abs(steering):.2f}" if abs(steering) >= _SILENT else "straight on"
    pedals = [f"{name} {value:.2f}" for name, value in (("gas", gas), ("brake", brake)) if value >= _SILENT]
    return f"{driver}: " + ", ".join([turn, *pedals])
