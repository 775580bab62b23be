"""CarRacing in pictures of 64 x 64, drawn at that size instead of being shrunk to it."""

from functools import lru_cache
from typing import Any

import numpy as np
import pygame
from gymnasium import spaces
from gymnasium.utils import EzPickle
from numpy.typing import NDArray

from gendesk.errors import InputError

from .camera import FINAL_ZOOM, Camera, camera_at, zoom_at
from .fast import FastCarRacing, Scene, as_pixel
from .indicators import STRIP, bars, draw_score
from .scenery import FIELD, View, only_field
from .stock import WINDOW_H, WINDOW_W

SIZE = 64
"""Pixels on each side of an observation."""

_FINE = 3 * SIZE
"""Nine samples to a pixel. Shrinking to a third darkens by two steps of 255, as stock does; to a half, by none."""
_FINE_STRIP = _FINE // 8
_SCALE_X = _FINE / WINDOW_W
_VIEW = View(0, WINDOW_W, STRIP, WINDOW_H)
_SCORE_WIDTH = 125
_SCORES_KEPT = 2048


class CarRacing64(FastCarRacing):
    """`gendesk/CarRacing64-v0`: the world of stock CarRacing-v3 in 64 x 64 pixels, more than twelve times as fast.

    Rewards and flags are stock's. The picture is what shrinking stock's large one gives, but for the edges.
    """

    def __init__(
        self,
        render_mode: str | None = None,
        verbose: bool = False,
        lap_complete_percent: float = 0.95,
        domain_randomize: bool = False,
        continuous: bool = True,
        action_repeat: int = 1,
        crop_indicators: bool = False,
        skip_zoom: bool = False,
    ) -> None:
        """Take the arguments of stock, and three more.

        `action_repeat` is how many frames of 1/50 s a step lasts, 1 or more: rewards are added up, and only the last
        frame is drawn. gymnasium's limit of 1,000 steps counts steps, so pass `max_episode_steps` to `gymnasium.make`
        for episodes as long as stock's. `crop_indicators` leaves the black strip out and gives the road all 64 rows.
        `skip_zoom` begins with the camera where it comes to rest after a second.
        """
        if action_repeat < 1:
            raise InputError(f"An action cannot be repeated {action_repeat} times; the least is 1.")
        super().__init__(render_mode, verbose, lap_complete_percent, domain_randomize, continuous)
        options = (action_repeat, crop_indicators, skip_zoom)
        EzPickle.__init__(self, render_mode, verbose, lap_complete_percent, domain_randomize, continuous, *options)
        self.action_repeat, self.crop_indicators, self.skip_zoom = options
        self.observation_space = spaces.Box(0, 255, (SIZE, SIZE, 3), np.uint8)
        self._drawn, self._score = True, 0.0
        self._scale_y = _FINE / (WINDOW_H - STRIP if crop_indicators else WINDOW_H)
        self._pixels = np.zeros((_FINE, _FINE), np.uint32)
        self._canvas = pygame.image.frombuffer(self._pixels.data, (_FINE, _FINE), "RGBX")
        self._shrunk = np.zeros((SIZE, SIZE, 4), np.uint8)
        self._small = pygame.image.frombuffer(self._shrunk.data, (SIZE, SIZE), "RGBX")

    def step(self, action: Any) -> tuple[NDArray[Any], float, bool, bool, dict[str, Any]]:
        """Repeat an action; the step ends early where the episode does."""
        total = 0.0
        frames = 1 if action is None else self.action_repeat
        for frame in range(frames):
            self._drawn = frame == frames - 1
            picture, reward, terminated, truncated, info = super().step(action)
            total += reward
            if terminated:
                break
        if not self._drawn:  # the race has ended before the last frame
            self.state = picture = self._picture(self._scene())
        return picture, total, terminated, truncated, info

    def draw(self, scene: Scene) -> NDArray[Any]:
        """Return the observation, or the last one in a frame that nobody will see."""
        self._score = self.reward  # stock takes the cost of a frame off it only afterwards
        return self._picture(scene) if self._drawn else np.asarray(self.state)

    def _picture(self, scene: Scene) -> NDArray[Any]:
        self._draw_road(scene)
        if not self.crop_indicators:
            self._draw_indicators(scene.car)
        pygame.transform.smoothscale(self._canvas, (SIZE, SIZE), self._small)
        picture = np.empty((SIZE, SIZE, 3), np.uint8)
        for channel in range(3):  # three times as fast as copying them together
            picture[..., channel] = self._shrunk[..., channel]
        return picture

    def _draw_road(self, scene: Scene) -> None:
        x, y = scene.car.hull.position
        zoom = FINAL_ZOOM if self.skip_zoom else zoom_at(self.t)
        camera = camera_at(x, y, scene.car.hull.angle, zoom)
        self._draw_field(camera, x, y)
        colors, across, up = scene.seen(camera, _VIEW)
        points = self._samples(across, up)
        draw, canvas = pygame.draw.polygon, self._canvas
        for number, color in enumerate(colors):
            draw(canvas, color, points[4 * number : 4 * number + 4])
        scene.car_shape.draw(canvas, points[4 * len(colors) :])

    def _draw_field(self, camera: Camera, x: float, y: float) -> None:
        color = [int(part) for part in self.bg_color]
        alone = only_field(camera, x, y)
        self._pixels.fill(as_pixel(color) if alone else 0)
        if not alone:
            pygame.draw.polygon(self._canvas, color, self._samples(*camera.project(*FIELD.T)))

    def _samples(self, across: NDArray[Any], up: NDArray[Any]) -> list[Any]:
        """Return pairs of whole samples, from the upper left corner."""
        points = np.empty((len(across), 2), np.int64)
        points[:, 0], points[:, 1] = across * _SCALE_X, (WINDOW_H - up) * self._scale_y
        pairs: list[Any] = points.tolist()
        return pairs

    def _draw_indicators(self, car: Any) -> None:
        top = _FINE - _FINE_STRIP
        fill = self._canvas.fill
        fill(0, (0, top, _FINE, _FINE_STRIP))
        for left, head, right, foot, color in bars(car):
            x, width = _span(left * _SCALE_X, right * _SCALE_X)
            y, height = _span(head * self._scale_y, foot * self._scale_y)
            fill(color, (x, top + y, width, height))
        self._canvas.blit(_written(f"{self._score:04.0f}"), (0, top))


def _span(start: float, end: float) -> tuple[int, int]:
    """Return the first sample between two places, in either order, and how many there are."""
    first, last = (start, end) if start < end else (end, start)
    return round(first), max(1, round(last) - round(first))


@lru_cache(_SCORES_KEPT)
def _written(text: str) -> pygame.Surface:
    strip = pygame.Surface((_SCORE_WIDTH, STRIP))
    draw_score(strip, float(text))
    return pygame.transform.smoothscale(strip, (round(_SCORE_WIDTH * _SCALE_X), _FINE_STRIP))
