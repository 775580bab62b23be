"""Networks of chords and durations: each event is two tokens, foretold by two heads of one network."""

import math
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count

import numpy as np
import torch
from torch import Tensor, nn

from gendesk.data.dataset import Float32Array, Int32Array, Int64Array, ScoreInfo
from gendesk.engine.capabilities import Composed, Composing
from gendesk.engine.music.looking import LIKELIEST, Performed
from gendesk.engine.text.writing import Float64Array, Sampling, probabilities
from gendesk.music.score import Score
from gendesk.music.tokens.chord_view import chord_events, score_of_chords

from .chords import UNKNOWN_TOKEN, moves, pitches_of, sounding, widened
from .composer import Composer, drawn, notes_at
from .config import LineConfig
from .windows import START

BPM = 90.0
VELOCITY = 80
_NOTHING = 0
"""The duration of a start."""


@dataclass(frozen=True)
class Forecast:
    """What may come next: logits of chords and of durations, and how much each row of the window was looked at."""

    chords: Float64Array
    durations: Float64Array
    looks: Float32Array | None


Foretell = Callable[[Int32Array], Forecast]
"""Says what follows tokens (events, 2) that stand behind the start of a piece; each call has one event more."""

Choose = Callable[[int, Forecast], tuple[int, int] | None]
"""Takes the number of a step and what may come; returns chord and duration, or None for the end."""


class LineModel(Composer):
    """Two embeddings, side by side, go into a network; two heads come out of it."""

    parts = 2

    def __init__(self, config: LineConfig, info: ScoreInfo, window: int, foretold: int) -> None:
        super().__init__(info, window, foretold)
        self.vocabulary = widened(info, config.shifts)
        self.sounding = sounding(self.vocabulary)
        self.lengths = [Fraction(name) for name in self.vocabulary.durations]
        self.chords = nn.Embedding(len(self.vocabulary.chords), config.embedding)
        self.durations = nn.Embedding(len(self.vocabulary.durations), config.embedding)
        for table in (self.chords, self.durations):
            nn.init.uniform_(table.weight, -0.05, 0.05)  # as Keras does
        self.chord_head = nn.Linear(config.units, len(self.vocabulary.chords))
        self.duration_head = nn.Linear(config.units, len(self.vocabulary.durations))
        for head in (self.chord_head, self.duration_head):
            nn.init.xavier_uniform_(head.weight)
            nn.init.zeros_(head.bias)

    @abstractmethod
    def hidden(self, tokens: Tensor) -> tuple[Tensor, Tensor | None]:
        """Return what the network makes of the last `foretold` rows (count, places, units), and where it looked.

        That is the attention (count, length) of the last place to all rows, which sums to 1.
        """

    def read(self, tokens: Tensor) -> tuple[Tensor, ...]:
        hidden, _ = self.hidden(tokens)
        return self.chord_head(hidden), self.duration_head(hidden)

    def embedded(self, tokens: Tensor) -> Tensor:
        """Return what stands for tokens (count, length, 2): (count, length, 2 * embedding)."""
        return torch.cat([self.chords(tokens[..., 0]), self.durations(tokens[..., 1])], -1)

    def sounds(self) -> tuple[Sequence[tuple[int, ...]], Tensor]:
        """Return the pitches of the chords that sound, and the vectors that stand for them (chords, embedding)."""
        found = [(row, pitches) for row, name in enumerate(self.vocabulary.chords) if (pitches := pitches_of(name))]
        return [pitches for _, pitches in found], self.chords.weight[[row for row, _ in found]]

    def encode(self, score: Score) -> Int32Array:
        return self.vocabulary.encode(chord_events(score, self.music.steps_per_beat))

    def unspelt(self, score: Score) -> float:
        """Unknown chords are told note by note, each by chance among all pitches of MIDI."""
        names = (name for name, _ in chord_events(score, self.music.steps_per_beat))
        known = set(self.vocabulary.chords)
        return sum(len(pitches_of(name) or ()) for name in names if name not in known) * math.log(128)

    def moved(self, shifts: range) -> Int64Array:
        return moves(self.vocabulary, shifts)

    def heard(self, score: Score) -> Score:
        return score_of_chords(self.vocabulary.decode(self.encode(score)), BPM, _program(score), VELOCITY)

    def reader(self) -> Foretell:
        """Return what reads one piece: here its last window anew for each event."""

        def foretell(tokens: Int32Array) -> Forecast:
            with torch.inference_mode():
                hidden, looks = self.hidden(self.tensor(padded(tokens, self.window))[None])
                return self.forecast(hidden[0, -1], looks)

        return foretell

    def forecast(self, hidden: Tensor, looks: Tensor | None) -> Forecast:
        """Return what the heads make of the last place (units,), with where it looked (1, length)."""
        chords, durations = self.chord_head(hidden), self.duration_head(hidden)
        found = None if looks is None else looks[0].float().cpu().numpy()
        return Forecast(chords.double().cpu().numpy(), durations.double().cpu().numpy(), found)

    def compose(
        self, begun: Score | None, composing: Composing, random: np.random.Generator, *, looks: bool = False
    ) -> Iterator[Composed]:
        tokens = self.encode(begun or Score())
        first = not len(tokens)

        def choose(number: int, now: Forecast) -> tuple[int, int] | None:
            if number == composing.length:
                return None
            never = (START, UNKNOWN_TOKEN) if first and not number else (UNKNOWN_TOKEN,)
            chord, _ = drawn(now.chords, composing.temperature, random, never)
            if chord == START:
                return None
            return chord, drawn(now.durations, composing.duration_temperature, random, (_NOTHING,))[0]

        return self._steps(tokens, choose, looks)

    def follow(self, score: Score, *, looks: bool = False) -> Iterator[Composed]:
        tokens = self.encode(score)

        def choose(number: int, _now: Forecast) -> tuple[int, int] | None:
            return (int(tokens[number, 0]), int(tokens[number, 1])) if number < len(tokens) else None

        return self._steps(tokens[:0], choose, looks)

    def _steps(self, begun: Int32Array, choose: Choose, looks: bool) -> Iterator[Composed]:
        tokens, foretell = begun, self.reader()
        place = sum((self._duration(row) for row in begun), Fraction(0))
        for number in count():
            now = foretell(tokens)
            chosen = choose(number, now)
            if chosen is None:
                return
            length = self._duration(chosen)
            yield self._composed(now, chosen, place, length, len(tokens), looks)
            place += length
            tokens = np.concatenate([tokens, np.array([chosen], np.int32)])

    def _composed(
        self, now: Forecast, chosen: tuple[int, int], place: Fraction, length: Fraction, before: int, looks: bool
    ) -> Composed:
        chord, duration = chosen
        chords = probabilities(now.chords, Sampling())
        chance = float(chords[chord] * probabilities(now.durations, Sampling())[duration])
        name = self.vocabulary.chords[chord]
        notes = notes_at(pitches_of(name) or (), float(place), float(length), VELOCITY) if length else ()
        pitches = (chords @ self.sounding).clip(0, 1).astype(np.float32)
        seen = self._on_steps(now.looks, before) if looks and now.looks is not None else None
        return Performed(name, notes, chance, pitches, float(place + length), seen, self._likeliest(chords))

    def _likeliest(self, chances: Float64Array) -> tuple[tuple[tuple[int, ...] | None, float], ...]:
        """Return the pitches of the likeliest chords and their probabilities; None is the end of the piece."""
        best = np.argsort(-chances, kind="stable")[: LIKELIEST + 1].tolist()
        known = [chord for chord in best if chord != UNKNOWN_TOKEN][:LIKELIEST]
        return tuple((pitches_of(self.vocabulary.chords[chord]), float(chances[chord])) for chord in known)

    def _on_steps(self, looks: Float32Array, before: int) -> Float32Array:
        """Share out attention to the rows of a window among the start and the steps before."""
        shares = np.zeros(before + 1, np.float32)
        inside = min(before, len(looks))
        shares[before + 1 - inside :] = looks[len(looks) - inside :]
        shares[0] += looks[: len(looks) - inside].sum()
        return shares

    def _duration(self, row: Int32Array | tuple[int, int]) -> Fraction:
        return self.lengths[row[1]]


def padded(tokens: Int32Array, length: int) -> Int32Array:
    """Return the last `length` of tokens (events, 2), with starts before them where they are less."""
    window = np.full((length, 2), START, np.int32)
    recent = tokens[-length:]
    window[length - len(recent) :] = recent
    return window


def _program(score: Score) -> int:
    return next((track.program for track in score.tracks if track.notes), 0)
