"""An output that keeps what it is sent, with the time at which it came."""

import threading
import time
from dataclasses import dataclass, field


@dataclass
class RecordingOutput:
    """Keeps messages as (seconds of `time.perf_counter`, name, numbers...), and what sounds at the moment."""

    messages: list[tuple] = field(default_factory=list)
    sounding: set[tuple[int, int]] = field(default_factory=set)
    closed: bool = False
    came: threading.Condition = field(default_factory=threading.Condition)

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        with self.came:
            self.sounding.add((channel, pitch))
            self._keep("on", channel, pitch, velocity)

    def note_off(self, channel: int, pitch: int) -> None:
        with self.came:
            self.sounding.discard((channel, pitch))
            self._keep("off", channel, pitch)

    def program(self, channel: int, program: int) -> None:
        self._keep("program", channel, program)

    def control(self, channel: int, number: int, value: int) -> None:
        self._keep("control", channel, number, value)

    def all_off(self) -> None:
        with self.came:
            self.sounding.clear()
            self._keep("all_off")

    def close(self) -> None:
        self.all_off()
        self.closed = True

    def named(self, name: str) -> list[tuple]:
        """Return the numbers of all messages with this name."""
        with self.came:
            return [message[2:] for message in self.messages if message[1] == name]

    def times(self, name: str = "on") -> list[float]:
        with self.came:
            return [message[0] for message in self.messages if message[1] == name]

    def wait_for(self, name: str, count: int, timeout: float = 5.0) -> None:
        """Wait until this many messages with a name have come."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.named(name)) >= count, timeout), self.messages

    def _keep(self, *message) -> None:
        with self.came:
            self.messages.append((time.perf_counter(), *message))
            self.came.notify_all()
