"""The synthesiser for several threads: one plays notes whenever they come, another one fetches sound in blocks."""

import threading
import time
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gendesk.music.synth.synthesiser import Synthesiser
from gendesk.music.synth.timbres import RATE

LATENCY = 0.03
"""Seconds between a message and its sound. Blocks are fetched when the sound card likes; a note that could only begin
with a block would come by up to a block too late, and each one by another time. So all come later by the same."""

_ASTRAY = 0.1
"""Seconds by which the count of samples may differ from the clock before it is set anew, as after a pause."""

_NUDGE = 0.01
"""The share of smaller differences that is made up for with each block: no card's quartz agrees with the clock."""


class LiveSynthesiser:
    """An `Output` whose messages take effect in the order and at the distances in which they came."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        """`clock` gives seconds; it is asked when a message comes and when sound is fetched."""
        self._clock = clock
        self._synthesiser = Synthesiser()
        self._lock = threading.Lock()
        self._waiting: deque[tuple[int, Callable[..., None], tuple[int, ...]]] = deque()
        self._frame = 0  # the next one to be rendered
        self._began = clock()  # when frame 0 would have been rendered
        self._last = 0
        self._closed = False

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        self._put(self._synthesiser.note_on, channel, pitch, velocity)

    def note_off(self, channel: int, pitch: int) -> None:
        self._put(self._synthesiser.note_off, channel, pitch)

    def program(self, channel: int, program: int) -> None:
        self._put(self._synthesiser.program, channel, program)

    def control(self, channel: int, number: int, value: int) -> None:
        self._put(self._synthesiser.control, channel, number, value)

    def all_off(self) -> None:
        self._put(self._synthesiser.all_off)

    def close(self) -> None:
        """Take no more messages; what is fetched from now on fades."""
        self.all_off()
        with self._lock:
            self._closed = True

    @property
    def silent(self) -> bool:
        """Whether nothing sounds, and nothing waits to."""
        with self._lock:
            return not self._waiting and self._synthesiser.silent

    def render(self, frames: int) -> NDArray[np.float32]:
        """Return the next frames of sound, float32 (frames, 2) within -1 and 1, at `RATE`."""
        self._follow_clock()
        parts = []
        end = self._frame + frames
        while self._frame < end:
            stop = end
            with self._lock:
                while self._waiting and self._waiting[0][0] <= self._frame:
                    _, act, arguments = self._waiting.popleft()
                    act(*arguments)
                if self._waiting:
                    stop = min(end, self._waiting[0][0])
            parts.append(self._synthesiser.render(stop - self._frame))
            self._frame = stop
        return np.concatenate(parts) if parts else np.zeros((0, 2), np.float32)

    def _follow_clock(self) -> None:
        """Set the count of samples anew where the sound card has gone astray from the clock."""
        with self._lock:
            astray = self._clock() - self._began - self._frame / RATE
            self._began += astray if abs(astray) > _ASTRAY else _NUDGE * astray

    def _put(self, act: Callable[..., None], *arguments: int) -> None:
        with self._lock:
            if not self._closed:
                frame = round((self._clock() + LATENCY - self._began) * RATE)
                # Never before the one that came before it, however the count was set meanwhile, nor too late.
                self._last = min(max(frame, self._frame, self._last), self._frame + int(2 * _ASTRAY * RATE))
                self._waiting.append((self._last, act, arguments))
