"""Lets a model write a little at a time, so that a text can be seen as it comes and stopped at any moment."""

import time
from dataclasses import dataclass

import numpy as np

from gendesk.data.dataset import Int32Array
from gendesk.engine.recipe import Model
from gendesk.engine.text.writing import Float64Array, Step, Task, write

_PATIENCE = 0.03  # seconds, so that a mouse that waits for the same worker feels nothing


class Pen:
    """A text that is being written, on the worker's thread alone: it keeps the model's state between two questions."""

    def __init__(self, model: Model, task: Task) -> None:
        self.task = task
        self._steps = write(model, task)

    def write_on(self, seconds: float) -> tuple[list[Step], bool]:
        """Write for so long, at least one token; also returns whether that was all."""
        until = time.monotonic() + seconds
        steps: list[Step] = []
        for step in self._steps:
            steps.append(step)
            if time.monotonic() >= until:
                return steps, False
        return steps, True


@dataclass(frozen=True, eq=False)
class Part:
    """What has been written since the last question: tokens int32 (count, length) and their probabilities.

    `pen` writes on; `over` says that there is nothing more to write.
    """

    pen: Pen
    tokens: Int32Array
    chances: Float64Array
    over: bool


def begin_writing(model: Model, task: Task) -> Part:
    """Write the first tokens of a task; raises InputError."""
    return write_on(model, Pen(model, task))


def write_on(_model: Model, pen: Pen) -> Part:
    """Write some more tokens, for about 30 ms; raises InputError."""
    steps, over = pen.write_on(_PATIENCE)
    count = pen.task.count
    tokens = np.array([step.tokens for step in steps], np.int32).reshape(-1, count).T
    chances = np.array([step.chances for step in steps], np.float64).reshape(-1, count).T
    return Part(pen, tokens, chances, over)
