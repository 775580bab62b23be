"""Gamepads, read through pygame without a window: a stick to steer, two triggers for the pedals."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import Any

from gendesk.errors import InputError

_DEAD = 0.12
"""How far from the middle a stick still counts as resting; worn ones do not come back to it."""
_TRIGGERS = (2, 5)
"""Axes of the left and the right trigger on pads with six axes: -1 released, 1 pressed."""
_LEVER = 3
"""Axis of the right stick, along, on pads without triggers."""
_GAS_BUTTON, _BRAKE_BUTTON = 0, 1
_HINTS = {
    "SDL_VIDEODRIVER": "dummy",  # events need a video driver, and this one has no window
    "SDL_JOYSTICK_ALLOW_BACKGROUND_EVENTS": "1",  # there is no window of SDL's that could have the focus
    "SDL_NO_SIGNAL_HANDLERS": "1",  # SDL would take the signal away that ends the program
    "PYGAME_HIDE_SUPPORT_PROMPT": "1",
}


class Gamepad:
    """The first gamepad that is plugged in; it may come and go. Open, poll and close it on one thread."""

    def __init__(self) -> None:
        """Start to look for one; raises InputError where gamepads cannot be read at all."""
        with _hints():
            try:
                import pygame

                pygame.display.init()
                pygame.joystick.init()
            except (ImportError, RuntimeError) as error:  # pygame.error is a RuntimeError
                raise InputError(f"Gamepads cannot be read here: {error}.") from error
        self._pygame: Any = pygame
        self._pad: Any = None
        self._levers = Levers()

    @property
    def name(self) -> str:
        """What the gamepad calls itself, "" where none is plugged in."""
        return str(self._pad.get_name()) if self._pad is not None else ""

    def poll(self) -> tuple[float, float, float] | None:
        """Return steering -1..1, gas and brake 0..1 as they are held now, None without a gamepad."""
        pygame = self._pygame
        try:
            pygame.event.clear()  # which also takes in what has happened; nobody else reads these events
            if pygame.joystick.get_count() == 0:
                self._pad = None
                return None
            if self._pad is None:
                self._pad, self._levers = pygame.joystick.Joystick(0), Levers()
            pad = self._pad
            axes = [pad.get_axis(number) for number in range(pad.get_numaxes())]
            buttons = [bool(pad.get_button(number)) for number in range(pad.get_numbuttons())]
        except pygame.error:  # it was unplugged just now
            self._pad = None
            return None
        return self._levers.read(axes, buttons)

    def close(self) -> None:
        """Let go of the gamepad; a second time does nothing."""
        self._pad = None
        if self._pygame is not None and self._pygame.joystick.get_init():
            self._pygame.joystick.quit()
            self._pygame.display.quit()


class Levers:
    """Tells what a person means by the axes and buttons of a gamepad."""

    def __init__(self) -> None:
        self._released: set[int] = set()

    def read(self, axes: Sequence[float], buttons: Sequence[bool]) -> tuple[float, float, float]:
        """Return steering, gas and brake for axes -1..1 and buttons; what a pad does not have rests."""
        steering = _beyond_dead(axes[0]) if axes else 0.0
        if len(axes) > max(_TRIGGERS):
            brake, gas = (self._trigger(number, axes[number]) for number in _TRIGGERS)
        else:
            lever = _beyond_dead(axes[_LEVER]) if len(axes) > _LEVER else 0.0
            brake, gas = max(0.0, lever), max(0.0, -lever)
        held = [len(buttons) > number and buttons[number] for number in (_GAS_BUTTON, _BRAKE_BUTTON)]
        return steering, max(gas, float(held[0])), max(brake, float(held[1]))

    def _trigger(self, number: int, value: float) -> float:
        # Until it is moved for the first time a trigger says 0, which would be half of its way.
        if value < -0.5:
            self._released.add(number)
        pressed = (value + 1) / 2
        return min(1.0, pressed) if number in self._released and pressed > _DEAD else 0.0


def _beyond_dead(value: float) -> float:
    sure = max(0.0, abs(value) - _DEAD) / (1 - _DEAD)
    return min(1.0, sure) * (1 if value > 0 else -1)


@contextlib.contextmanager
def _hints() -> Iterator[None]:
    """Tell SDL how to start, and leave the environment of this process and of its children as it was."""
    before = {name: os.environ.get(name) for name in _HINTS}
    os.environ.update(_HINTS)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
