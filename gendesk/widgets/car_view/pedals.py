"""Keys turned into steering and pedals that move as smoothly as hands and feet do."""

from typing import Literal

Key = Literal["left", "right", "gas", "brake"]

_TURN = 3.2
"""Full turns of the wheel a second while a key is held: it takes a third of a second to the stop."""
_BACK = 6.0
"""The same on the way back to the middle, which must be quick, or the car sways."""
_PRESS, _LIFT = 4.0, 8.0
_HARDEST = 0.8
"""How hard a key brakes: from 0.9 on the wheels lock and the car slides. So does the book's keyboard."""


class Pedals:
    """Holds which keys are down, and moves steering, gas and brake towards what they mean."""

    def __init__(self) -> None:
        self.steering = self.gas = self.brake = 0.0
        self._down: set[Key] = set()

    def press(self, key: Key) -> None:
        """Note that a key is held."""
        self._down.add(key)

    def release(self, key: Key) -> None:
        """Note that a key is held no more."""
        self._down.discard(key)

    def release_all(self) -> None:
        """Let go of all keys, as when another window is looked at."""
        self._down.clear()

    @property
    def resting(self) -> bool:
        """Whether no key is held and everything has come back."""
        return not self._down and self.steering == self.gas == self.brake == 0

    def advance(self, seconds: float) -> tuple[float, float, float]:
        """Go on by so many seconds, 0 or more; return steering -1..1, gas 0..1 and brake 0..0.8."""
        aim = float("right" in self._down) - float("left" in self._down)
        away = aim != 0 and self.steering * aim >= 0
        self.steering = _towards(self.steering, aim, (_TURN if away else _BACK) * seconds)
        self.gas = self._pedal(self.gas, "gas", 1.0, seconds)
        self.brake = self._pedal(self.brake, "brake", _HARDEST, seconds)
        return self.steering, self.gas, self.brake

    def _pedal(self, value: float, key: Key, most: float, seconds: float) -> float:
        held = key in self._down
        return _towards(value, most if held else 0.0, (_PRESS if held else _LIFT) * seconds)


def _towards(value: float, aim: float, step: float) -> float:
    return min(aim, value + step) if value < aim else max(aim, value - step)
