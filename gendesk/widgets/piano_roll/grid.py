"""Bars, beats and the steps to which places snap."""

import numpy as np
from numpy.typing import NDArray

from gendesk.music.score import Score

SNAPS: dict[str, float] = {
    "1/1": 4.0,
    "1/2": 2.0,
    "1/4": 1.0,
    "1/8": 1 / 2,
    "1/16": 1 / 4,
    "1/32": 1 / 8,
    "1/64": 1 / 16,
    "1/2 triplet": 4 / 3,
    "1/4 triplet": 2 / 3,
    "1/8 triplet": 1 / 3,
    "1/16 triplet": 1 / 6,
    "1/32 triplet": 1 / 12,
}
"""Steps by their names, in beats; 0 is no step at all."""

_NEAR = 1e-6  # beats; less than any tick


def snapped(beat: float, step: float) -> float:
    """Return the multiple of a step that is nearest to a beat; the beat itself for step 0."""
    return round(beat / step) * step if step > 0 else beat


def floored(beat: float, step: float) -> float:
    """Return the multiple of a step at or before a beat; the beat itself for step 0."""
    return float(np.floor(beat / step + _NEAR)) * step if step > 0 else beat


class Bars:
    """Where bars and their beats begin, up to an end; `starts` (bars,) are beats."""

    def __init__(self, score: Score, end: float) -> None:
        self.starts: NDArray[np.float64] = np.array(list(score.bars(max(end, 1.0))) or [0.0])
        meters = [score.meter_at(0.0), *(meter for meter in score.meters if meter.beat > 0)]
        number = np.searchsorted([meter.beat for meter in meters[1:]], self.starts + _NEAR, "right")
        self._units = np.array([4 / meter.unit for meter in meters])[number]

    def number(self, beat: float) -> int:
        """Return the number of the bar, from 0, in which a beat lies."""
        return max(0, int(np.searchsorted(self.starts, beat + _NEAR, "right")) - 1)

    def place(self, beat: float) -> tuple[int, float]:
        """Return bar and beat in it as musicians count them, both from 1; an eighth is a beat of 6/8."""
        number = self.number(beat)
        return number + 1, 1 + (beat - float(self.starts[number])) / float(self._units[number])

    def lines(self, first: float, last: float, step: float) -> NDArray[np.float64]:
        """Return the places between two beats that are whole steps from the beginning of their bar, without bar lines.

        With step 0 these are the beats of each bar's time signature.
        """
        low, high = self.number(first), self.number(last) + 1
        starts = self.starts[low:high]
        stops = np.append(starts[1:], max(last, float(starts[-1])))
        steps = self._units[low:high] if step <= 0 else np.full(len(starts), step)
        most = int(np.ceil(((stops - starts) / steps).max(initial=0.0))) + 1
        places = starts[:, None] + steps[:, None] * np.arange(1, most)
        inside = (places < stops[:, None] - _NEAR) & (places >= first) & (places <= last)
        return np.asarray(places[inside])
