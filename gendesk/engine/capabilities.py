"""What a trained model may offer; a studio opens for whatever offers what it needs.

Images are float32 (count, channels, height, width) in 0..1, latent codes float32 (count, latent_size).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from torch import Generator, Tensor

from gendesk.data.dataset import Float32Array, ScoreInfo, TextInfo
from gendesk.engine.exams import TrackScore
from gendesk.errors import InputError
from gendesk.music.score import Note, Score


@runtime_checkable
class Decodes(Protocol):
    """Turns latent codes into images."""

    latent_size: int

    def decode(self, codes: Tensor) -> Tensor: ...


@runtime_checkable
class DrawsCodes(Protocol):
    """Knows how its codes are spread, where that is not N(0, I): random codes (count, latent_size)."""

    def random_codes(self, count: int, generator: Generator) -> Tensor: ...


@runtime_checkable
class DecodesClasses(Protocol):
    """Can be asked for a class, or a mixture of them, beside the code.

    `decode_classes` takes codes (count, latent_size) and the share of each class (count, classes), which sum to 1 where
    nothing exotic is wanted; `decode` alone takes all classes alike.
    """

    classes: tuple[str, ...]

    def decode_classes(self, codes: Tensor, shares: Tensor) -> Tensor: ...


@runtime_checkable
class Encodes(Protocol):
    """Turns images into latent codes (the mean, where the encoder gives a distribution)."""

    latent_size: int

    def encode(self, images: Tensor) -> Tensor: ...


@runtime_checkable
class Classifies(Protocol):
    """Tells classes apart: logits (count, classes), in the order of the names in `classes`."""

    classes: tuple[str, ...]

    def classify(self, images: Tensor) -> Tensor: ...


@runtime_checkable
class Judges(Protocol):
    """Tells how real images look, (count,): the higher, the more real.

    Where `judges_probabilities` is true, 0 is surely made and 1 surely real; else scores have no bounds.
    """

    judges_probabilities: bool

    def judge(self, images: Tensor) -> Tensor: ...


@runtime_checkable
class ExtractsFeatures(Protocol):
    """Turns images into numbers that say what is in them: (count, feature_size), the input of a last, linear layer."""

    feature_size: int

    def features(self, images: Tensor) -> Tensor: ...


@runtime_checkable
class Writes(Protocol):
    """Says what comes next in a text, and keeps in a state what it has read, so that nothing is read twice.

    `text` describes the tokens. `context` is how many tokens it can look back at; 0 is as many as there are.
    """

    text: TextInfo
    context: int

    def begin(self, count: int) -> Any:
        """Return the state of `count` texts of which nothing has been read."""
        ...

    def advance(self, tokens: Tensor, state: Any) -> tuple[Tensor, Any]:
        """Read tokens int64 (count, length): logits of what comes next (count, vocabulary), and the new state.

        The old state may be used up. Where a text outgrows the context, its beginning is forgotten.
        """
        ...

    def read(self, tokens: Tensor) -> Tensor:
        """Return logits (count, length, vocabulary) of what follows each of the tokens int64 (count, length)."""
        ...


@dataclass(frozen=True)
class Composing:
    """How a piece is composed: at most `length` steps, each a chord, a rest or, where voices go their own ways, a note.

    `temperature` is that of what sounds, `duration_temperature` that of when and how long. 0 takes the likeliest; 1
    draws as the model says. Raises InputError for what is out of bounds.
    """

    length: int = 64
    temperature: float = 1.0
    duration_temperature: float = 1.0

    def __post_init__(self) -> None:
        if not 1 <= self.length <= 100_000:
            raise InputError(f"The length must be from 1 to 100,000 (given: {self.length:,}).")
        for value in (self.temperature, self.duration_temperature):
            if not 0 <= value <= 100:
                raise InputError(f"The temperature must be from 0 to 100 (given: {value:g}).")


@dataclass(frozen=True, eq=False)
class Composed:
    """One step of a piece: the notes that begin, each with the number of its track, none in a rest; and its name.

    `chance` is the model's own probability of it, whatever the temperatures were. `pitches`, float32 (128,), say how
    probable it was that each pitch would sound. `end` is the beat at which the step is over. `looks`, float32 (steps
    before + 1,), say how much attention was paid to each step before, and first of all to what is none; None where
    nobody asked or where there is no attention. They sum to 1.
    """

    name: str
    notes: tuple[tuple[int, Note], ...]
    chance: float
    pitches: Float32Array
    end: float
    looks: Float32Array | None = None


@runtime_checkable
class Composes(Protocol):
    """Says what comes next in a piece of music, and composes by doing so again and again.

    `music` describes the pieces it has learnt from. It reads rows of `parts` tokens, at most `window` of them at once.
    """

    music: ScoreInfo
    window: int
    parts: int

    def read(self, tokens: Tensor) -> tuple[Tensor, ...]:
        """Return what follows tokens int64 (count, length, parts): for each part logits (count, places, vocabulary)."""
        ...

    def compose(
        self, begun: Score | None, composing: Composing, random: np.random.Generator, *, looks: bool = False
    ) -> Iterator[Composed]:
        """Yield what comes after a beginning, step by step; the same random numbers give the same piece.

        Runs in inference mode by itself. A piece may come to its end early.
        """
        ...

    def follow(self, score: Score, *, looks: bool = False) -> Iterator[Composed]:
        """Yield the steps of a piece that is there, with the probabilities that the model gives them."""
        ...

    def joined(self, begun: Score | None, steps: Sequence[Composed]) -> Score:
        """Return the beginning, as the model read it, with the steps behind it."""
        ...


@runtime_checkable
class Samples(Protocol):
    """Makes new images from nothing but random numbers."""

    def sample(self, count: int, generator: Generator) -> Tensor: ...


@runtime_checkable
class Races(Protocol):
    """Belongs to a car race, and knows what is seen of it: the arguments of the racing environment by their names."""

    def race_options(self) -> dict[str, Any]: ...


@runtime_checkable
class Foresees(Protocol):
    """Says what a race will look like after an action.

    Reads codes (count, steps, latent_size), actions (count, steps, 3) and rewards 0 or 1 (count, steps), from the
    beginning of races. Returns what it says of the codes and rewards that come next, and the numbers (count, units) by
    which it remembers what it has read.
    """

    latent_size: int

    def foresee(self, codes: Tensor, actions: Tensor, rewards: Tensor) -> tuple[Any, Tensor]: ...


@runtime_checkable
class Drives(Protocol):
    """Drives: actions (count, 3), steering -1..1, gas and brake 0..1, for codes and what is remembered."""

    def drive(self, codes: Tensor, remembered: Tensor) -> Tensor: ...


@runtime_checkable
class Examinable(Protocol):
    """Can be examined: it acts by itself, on one track after the other or on several at once."""

    def exam(
        self,
        tracks: Sequence[int],
        settings: Mapping[str, Any],
        report: Callable[[TrackScore], None],
        stopping: Callable[[], bool],
    ) -> Sequence[TrackScore]:
        """Return the score on each track, by its seed, and tell `report` of each as it is done.

        The same model scores the same again. `settings` are those of the run's recipe, by field. Raises
        StepInterrupted soon after `stopping` says so, and InputError where there is nothing yet that acts.
        """
        ...
