"""Workers that can be stopped while they are waited for: a race takes seconds, and nobody should have to sit it out."""

from collections.abc import Callable
from multiprocessing.connection import wait
from typing import Any

from gendesk.engine.recipe import StepInterrupted

from .workers import Workers

_LOOK_SECONDS = 0.1


class Crew(Workers):
    """Raises StepInterrupted within a tenth of a second after `stopping` says so, whatever the processes are at."""

    def __init__(self, processes: int, stopping: Callable[[], bool]) -> None:
        self._stopping = stopping
        super().__init__(processes)

    def _ready(self) -> list[Any]:
        pipes = {worker.pipe: worker for worker in self._workers if worker.busy}
        ready = wait(list(pipes), _LOOK_SECONDS)
        while not (ready or self._stopping()):
            ready = wait(list(pipes), _LOOK_SECONDS)
        if self._stopping():
            raise StepInterrupted
        return [pipes[pipe] for pipe in ready]
