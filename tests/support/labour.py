"""What worker processes are given to do in tests."""

import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


def square(number: int) -> int:
    return number * number


def refuse(number: int) -> int:
    if number == 3:
        raise ValueError("three is too much")
    return number


class UnsendableError(Exception):
    """Cannot be made from what it says."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__("made of two")


def raise_unsendable(number: int) -> int:
    raise UnsendableError(number, number)


def process_id(seconds: float) -> int:
    """Say who works, after a while."""
    time.sleep(seconds)
    return os.getpid()


def die(number: int) -> None:
    os._exit(number)


def surroundings(_: int) -> tuple[str | None, bool]:
    """Return which screen SDL would draw on, and whether Qt or torch has been imported."""
    return os.environ.get("SDL_VIDEODRIVER"), bool({"PySide6", "torch"} & set(sys.modules))


@dataclass
class Swerving:
    """A policy that goes on from its last action by chance."""

    last: Any = None

    def begin(self, random: np.random.Generator) -> None:
        self.random = random
        self.last = np.array([0, 0.5, 0])

    def act(self, observation: NDArray[np.uint8], reward: float) -> NDArray[np.float32]:
        self.last = np.clip(self.last + self.random.normal(0, 0.1, 3), [-1, 0, 0], 1)
        return self.last.astype(np.float32)


def work_until_killed() -> None:
    """Start two processes with hours to go, tell their ids, and wait for them; a script runs this."""
    from gendesk.plugins.worldmodel.workers import Workers

    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what a shell runs in the background
    with Workers(2) as workers:
        sys.stdout.write(" ".join(map(str, workers.map(process_id, [0.2, 0.2]))) + "\n")
        sys.stdout.flush()
        workers.map(process_id, [3600.0, 3600.0])
