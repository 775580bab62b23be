"""One series of the quiz: which picture is next, what was answered, and what that scores."""

import time
from dataclasses import dataclass

import numpy as np

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.quiz import Questions, Score, Way


@dataclass(frozen=True)
class Answer:
    """A picture uint8 (height, width, channels) of the model at `step`, what it is, and what the person said."""

    picture: UInt8Array
    step: int
    real: bool
    said_real: bool

    @property
    def right(self) -> bool:
        return self.real == self.said_real


class Game:
    """Pictures come in with `add` and are answered one after the other."""

    def __init__(self, seed: int, way: Way) -> None:
        self._seed = seed
        self._way = way
        self._open: list[tuple[UInt8Array, int, bool]] = []
        self.total = 0
        self.answers: list[Answer] = []

    def add(self, questions: Questions) -> None:
        """Put further pictures at the end."""
        pairs = zip(questions.pictures, questions.real.tolist(), strict=True)
        self._open += [(picture, questions.step, real) for picture, real in pairs]
        self.total += len(questions.pictures)

    @property
    def left(self) -> int:
        """How many pictures have no answer."""
        return len(self._open)

    @property
    def pictures(self) -> UInt8Array:
        """The pictures without an answer, uint8 (left, height, width, channels)."""
        return np.stack([picture for picture, _, _ in self._open])

    def answer(self, *, real: bool) -> Answer:
        """Take what the person says about the first picture without an answer."""
        picture, step, truth = self._open.pop(0)
        given = Answer(picture, step, truth, real)
        self.answers.append(given)
        return given

    @property
    def right(self) -> int:
        return sum(answer.right for answer in self.answers)

    @property
    def streak(self) -> int:
        """How many of the latest answers were right, without a wrong one between them."""
        count = 0
        for answer in reversed(self.answers):
            if not answer.right:
                break
            count += 1
        return count

    @property
    def fooled(self) -> list[Answer]:
        """The answers that were wrong."""
        return [answer for answer in self.answers if not answer.right]

    def scores(self) -> list[Score]:
        """Return a score for each step that the model had meanwhile."""
        found = []
        for step in sorted({answer.step for answer in self.answers}):
            rights = [answer.right for answer in self.answers if answer.step == step]
            found.append(
                Score(step=step, way=self._way, seed=self._seed, count=len(rights), right=sum(rights), when=time.time())
            )
        return found
