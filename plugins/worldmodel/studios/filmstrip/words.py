"""How frames of a race are told in words."""

import numpy as np
from PySide6.QtCore import QCoreApplication

from ...racing.episodes import Played

HIT, FALL = 0.0, -50.0
"""Rewards above the first are for a new tile of the road; those below the second are for leaving the field."""
_LEAST = 0.005  # of an action that is worth a word
_MINUS = "\N{MINUS SIGN}"


def number(value: float, form: str) -> str:
    """Write a number with a true minus sign."""
    return format(value, form).replace("-", _MINUS)


def names() -> tuple[str, str, str]:
    """Return what the three actions are called."""
    translate = QCoreApplication.translate
    return translate("Filmstrip", "steer"), translate("Filmstrip", "gas"), translate("Filmstrip", "brake")


def action_lines(played: Played, frame: int) -> list[str]:
    """Return what was done in a frame, an action a line."""
    if frame >= len(played.actions):
        return [QCoreApplication.translate("Filmstrip", "the end")]
    values = played.actions[frame].tolist()
    lines = [
        f"{name} {number(value, '.2f')}" for name, value in zip(names(), values, strict=True) if abs(value) > _LEAST
    ]
    return lines or [QCoreApplication.translate("Filmstrip", "nothing")]


def most_actions(played: Played) -> int:
    """Return how many lines `action_lines` has at most, in a whole race."""
    return max(1, int((np.abs(played.actions) > _LEAST).sum(1).max()))


def short_action(played: Played, frame: int) -> str:
    """Return steering, gas and brake as bare numbers, for where there is little room."""
    return " ".join(number(value, ".1f") for value in played.actions[frame].tolist())


def reward_line(played: Played, frame: int) -> str:
    """Return what the action of a frame brought; empty after the last."""
    return number(float(played.rewards[frame]), "+.2f") if frame < len(played.rewards) else ""


def sentence(played: Played, frame: int) -> str:
    """Say all of a frame in a line, also for those who do not see it."""
    translate = QCoreApplication.translate
    parts = [
        translate("Filmstrip", "Frame {number}").format(number=f"{frame:,}"),
        ", ".join(action_lines(played, frame)),
    ]
    if frame < len(played.rewards):
        parts.append(translate("Filmstrip", "reward {reward}").format(reward=reward_line(played, frame)))
        if played.rewards[frame] > HIT:
            parts.append(translate("Filmstrip", "new tile"))
        elif played.rewards[frame] < FALL:
            parts.append(translate("Filmstrip", "left the field"))
    score = number(float(played.rewards[:frame].sum()), ".1f")
    parts.append(translate("Filmstrip", "score before {score}").format(score=score))
    return "  \N{MIDDLE DOT}  ".join(parts)
