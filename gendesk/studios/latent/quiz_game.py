"""One series of the quiz: which picture is next, what was answered, and what that scores."""

import time
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.quiz import IN_COLUMN, Questions, Score, Way


@dataclass(frozen=True)
class _Question:
    """A picture of the model at `step`; `critic` is what its critic says: the value, and whether that means real."""

    picture: UInt8Array
    step: int
    real: bool
    critic: tuple[float, bool] | None


@dataclass(frozen=True)
class Answer:
    """A picture uint8 (height, width, channels) of the model at `step`, what it is, and what the person said.

    `critic` is what the model's critic says of it, None where it has none, and `critic_real` whether it takes it for
    real; in columns that tells whether it chose the real one.
    """

    picture: UInt8Array
    step: int
    real: bool
    said_real: bool
    critic: float | None = None
    critic_real: bool = False
    critic_right: bool = False

    @property
    def right(self) -> bool:
        return self.real == self.said_real


@dataclass(frozen=True)
class Key:
    """Pictures uint8 (count, height, width, channels) row by row in columns: the places of the `real` ones.

    `chosen` are the person's, `favourites` those of the critic, none where the model has no critic.
    """

    pictures: UInt8Array
    columns: int
    real: tuple[int, ...]
    chosen: tuple[int, ...]
    favourites: tuple[int, ...]


class Game:
    """Pictures come in with `add` and are answered one after the other, or column by column."""

    def __init__(self, seed: int, way: Way) -> None:
        self._seed = seed
        self.way = way
        self._open: list[_Question] = []
        self.total = 0
        self.answers: list[Answer] = []
        self.probabilities = False

    def add(self, questions: Questions) -> None:
        """Put further pictures at the end."""
        opinions = questions.opinions
        says: list[tuple[float, bool] | None] = [None] * len(questions.pictures)
        if opinions is not None:
            self.probabilities = opinions.probabilities
            says = list(zip(opinions.values.tolist(), opinions.says_real().tolist(), strict=True))
        parts = zip(questions.pictures, questions.real.tolist(), says, strict=True)
        self._open += [_Question(picture, questions.step, real, critic) for picture, real, critic in parts]
        self.total += len(questions.pictures)

    @property
    def left(self) -> int:
        """How many pictures have no answer."""
        return len(self._open)

    @property
    def pictures(self) -> UInt8Array:
        """The pictures without an answer, uint8 (left, height, width, channels)."""
        return np.stack([question.picture for question in self._open])

    def answer(self, *, real: bool) -> Answer:
        """Take what the person says about the first picture without an answer."""
        asked = self._open.pop(0)
        given = Answer(asked.picture, asked.step, asked.real, real)
        if asked.critic is not None:
            value, says_real = asked.critic
            given = replace(given, critic=value, critic_real=says_real, critic_right=says_real == asked.real)
        self.answers.append(given)
        return given

    def choose(self, marked: Collection[int]) -> Key:
        """Take the pictures that the person takes for the real ones, one of each column, and return the truth."""
        columns = len(self._open) // IN_COLUMN
        asked, self._open = self._open, []
        real, chosen, favourites = [], [], []
        for column in range(columns):
            places = range(column, len(asked), columns)
            truth = next(place for place in places if asked[place].real)
            choice = next(place for place in places if place in marked)
            given = Answer(asked[choice].picture, asked[choice].step, choice == truth, said_real=True)
            values = [critic[0] for place in places if (critic := asked[place].critic) is not None]
            if values:
                favourite = places[values.index(max(values))]
                favourites.append(favourite)
                given = replace(given, critic=max(values), critic_real=True, critic_right=favourite == truth)
            self.answers.append(given)
            real.append(truth)
            chosen.append(choice)
        pictures = np.stack([question.picture for question in asked])
        return Key(pictures, columns, tuple(real), tuple(chosen), tuple(favourites))

    @property
    def right(self) -> int:
        return sum(answer.right for answer in self.answers)

    @property
    def critic_right(self) -> int | None:
        """How many the critic of the model got right, None where it has none."""
        known = [answer.critic_right for answer in self.answers if answer.critic is not None]
        return sum(known) if known else None

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
                Score(step=step, way=self.way, seed=self._seed, count=len(rights), right=sum(rights), when=time.time())
            )
        return found
