"""The bars at the bottom of stock's picture: speed, four wheels, steering and gyroscope; and the score beside them."""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import pygame

from .stock import WINDOW_H, WINDOW_W

STRIP = WINDOW_H // 8
"""The height of the black strip, in pixels of stock's canvas."""

_UNIT_X, _UNIT_Y = WINDOW_W / 40, WINDOW_H / 40
_WHITE, _FRONT, _BACK, _STEERING, _GYROSCOPE = (255, 255, 255), (0, 0, 255), (51, 0, 255), (0, 255, 0), (255, 0, 0)
_LEAST = 1e-4
_FONT_SIZE, _SCORE_MIDDLE = 42, (60, int(STRIP - WINDOW_H * 2.5 / 40.0))
_SCORES_KEPT = 64


class Bar(NamedTuple):
    """A rectangle in pixels of stock's canvas, from the upper left corner of the strip; sides may be swapped."""

    left: float
    top: float
    right: float
    bottom: float
    color: tuple[int, int, int]


def bars(car: Any) -> Iterator[Bar]:
    """Return the bars of a car; those that are too short to be drawn are left out."""
    wheels, speed = car.wheels, car.hull.linearVelocity
    true_speed = math.sqrt(speed[0] * speed[0] + speed[1] * speed[1])
    upright = [
        (5, true_speed, 0.02, _WHITE),
        (7, wheels[0].omega, 0.01, _FRONT),
        (8, wheels[1].omega, 0.01, _FRONT),
        (9, wheels[2].omega, 0.01, _BACK),
        (10, wheels[3].omega, 0.01, _BACK),
    ]
    for place, value, scale, color in upright:
        if abs(value) > _LEAST:
            top = WINDOW_H - (_UNIT_Y + _UNIT_Y * (scale * value))
            yield Bar(place * _UNIT_X, _from_strip(top), (place + 1) * _UNIT_X, STRIP - _UNIT_Y, color)
    level = [(20, wheels[0].joint.angle, -10.0, _STEERING), (30, car.hull.angularVelocity, -0.8, _GYROSCOPE)]
    for place, value, scale, color in level:
        if abs(value) > _LEAST:
            right = (place + scale * value) * _UNIT_X
            yield Bar(place * _UNIT_X, STRIP - 4 * _UNIT_Y, right, STRIP - 2 * _UNIT_Y, color)


def _from_strip(y: float) -> float:
    # Stock cuts the fraction off before anything else.
    return math.trunc(y) - (WINDOW_H - STRIP)


def draw_bars(strip: pygame.Surface, car: Any) -> bool:
    """Draw the bars as stock does, on a surface of 1000 x 100; return whether they all stay inside."""
    inside = True
    for left, top, right, bottom, color in bars(car):
        pygame.draw.polygon(strip, color, [(left, top), (right, top), (right, bottom), (left, bottom)])
        inside = inside and top >= 0
    return inside


def draw_score(strip: pygame.Surface, score: float) -> None:
    """Draw the sum of the rewards as stock does, on a surface of 1000 x 100."""
    text = _text(f"{score:04.0f}")
    strip.blit(text, text.get_rect(center=_SCORE_MIDDLE))


@lru_cache(maxsize=_SCORES_KEPT)
def _text(score: str) -> pygame.Surface:
    return _font().render(score, True, _WHITE, (0, 0, 0))


@lru_cache(maxsize=1)
def _font() -> pygame.font.Font:
    pygame.font.init()
    return pygame.font.Font(pygame.font.get_default_font(), _FONT_SIZE)
