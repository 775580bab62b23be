"""The network for many voices: a transformer on one row of events, which are put together to notes again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from gendesk.data.dataset import Float32Array, Int32Array, Int64Array, ScoreInfo
from gendesk.engine.capabilities import Composed, Composing
from gendesk.engine.music.looking import Performed
from gendesk.engine.text.writing import Float64Array, Sampling, probabilities
from gendesk.music.score import Meter, Note, Score
from gendesk.music.tokens.event_view import PIECE, EventCoder
from gendesk.nn.transformer import Transformer

from .composer import Composer, drawn
from .config import GptConfig

_MOST_VOICES = 15
_SOFT = 80
_TOKENS_PER_NOTE = 16
"""A network that never strikes a note is stopped after so many tokens for each that was asked for."""

_AHEAD = 256
"""Known tokens that are looked at together: the attention of many more to each other would fill the memory."""

Choose = Callable[[int, Float64Array, bool, int], int | None]
"""Takes the tokens read so far, logits, whether a note's length is due, and notes begun; returns a token or None."""


class Kinds:
    """What the tokens of a coder do: how many steps they go on, how long or loud they are, 0 for all others."""

    def __init__(self, coder: EventCoder) -> None:
        names = [coder.name(token) for token in range(coder.size)]
        self.names = names
        self.shifts, self.lengths, self.velocities = (
            np.array([int(name[1:]) if name[0] == mark and name[1:].isdigit() else 0 for name in names])
            for mark in "+=v"
        )
        self.notes = [coder.note_of(token) for token in range(coder.size)]
        self.meters = [tuple(map(int, name.split("/"))) if "/" in name else () for name in names]
        self.struck = np.array([token for token, note in enumerate(self.notes) if note], np.int64)
        self.pitches = np.array([note[1] for note in self.notes if note], np.int64)

    def moved(self, shift: int) -> Int64Array:
        """Return what each token becomes, so many semitones higher; what leaves the range of MIDI, by octaves less."""
        table = np.arange(len(self.names))
        higher = self.pitches + shift
        higher = np.where(higher > 127, higher - 12, np.where(higher < 0, higher + 12, higher))
        table[self.struck] += higher - self.pitches
        return table


@dataclass
class _Open:
    """A note whose length may still grow, in steps; what is known of it, and how many tokens had been read before."""

    token: int
    step: int
    velocity: int
    chance: float
    pitches: Float32Array
    meters: tuple[Meter, ...]
    by_head: Float32Array | None
    length: int = 0


class _Attention:
    """What each of the last tokens looks at, in the windows in which the network reads them.

    Where the tokens that come are known, many of them are looked at together.
    """

    def __init__(self, network: Transformer, known: Sequence[int]) -> None:
        self._network = network
        self._known = known
        self._start = -1
        self._found = np.zeros((0, 0, 0, 0), np.float32)

    def of_last(self, tokens: Sequence[int]) -> Float32Array:
        """Return how much the last of the tokens looks at itself and those before: (layers, heads, places)."""
        last, context = len(tokens) - 1, self._network.context
        step = context - context // 2
        start = 0 if last < context else ((last - context) // step + 1) * step
        if start != self._start or last - start >= self._found.shape[2]:
            known = self._known if len(self._known) > last else tokens
            given = known[start : min(start + context, last + _AHEAD)]
            device = self._network.tokens.weight.device
            with torch.inference_mode():
                found = self._network.insides(torch.tensor(given, device=device))["attention"]
            self._start, self._found = start, found.float().cpu().numpy()
        row: Float32Array = self._found[:, :, last - start, : last - start + 1]
        return row


class PerformanceGpt(Composer):
    """A decoder-only transformer for the tokens of `EventCoder`."""

    def __init__(self, config: GptConfig, info: ScoreInfo) -> None:
        super().__init__(info, config.window, config.window)
        self.coder = EventCoder(min(_MOST_VOICES, max(1, info.voices)), info.steps_per_beat)
        self.kinds = Kinds(self.coder)
        self.network = Transformer(config.shape(self.coder.size, config.window))

    @property
    def body(self) -> nn.Module:
        return self.network.blocks

    def read(self, tokens: Tensor) -> tuple[Tensor, ...]:
        return (self.network.head(self.network.hidden(tokens[..., 0])),)

    def sounds(self) -> tuple[Sequence[tuple[int, ...]], Tensor]:
        """Return the pitches of the pieces, and the vectors (pitches, width) that stand for their notes.

        Each is the mean of those of all voices.
        """
        pitches = range(self.music.lowest, self.music.highest + 1)
        tokens = [[row for row, note in enumerate(self.kinds.notes) if note and note[1] == pitch] for pitch in pitches]
        return [(pitch,) for pitch in pitches], self.network.tokens.weight[torch.tensor(tokens)].mean(1)

    def encode(self, score: Score) -> Int32Array:
        return self.coder.encode(score)[1:, None]

    def moved(self, shifts: range) -> Int64Array:
        return np.stack([self.kinds.moved(shift) for shift in shifts])

    def heard(self, score: Score) -> Score:
        programs = [track.program for track in score.tracks if track.notes]
        return self.coder.decode(self.coder.encode(score), bpm=score.tempo_at(0.0), programs=programs)

    def compose(
        self, begun: Score | None, composing: Composing, random: np.random.Generator, *, looks: bool = False
    ) -> Iterator[Composed]:
        tokens = [PIECE, *(self.encode(begun)[:, 0].tolist() if begun is not None else ())]
        sounds = len(tokens) > 1
        last = len(tokens) + _TOKENS_PER_NOTE * composing.length

        def choose(read: int, logits: Float64Array, length_due: bool, notes: int) -> int | None:
            if read >= last:
                return None
            temperature = composing.duration_temperature if length_due else composing.temperature
            never = () if notes or sounds else (PIECE,)
            token, _ = drawn(logits, temperature, random, never)
            over = token == PIECE or (notes == composing.length and not self.kinds.lengths[token])
            return None if over else token

        return self._steps(tokens, choose, looks)

    def follow(self, score: Score, *, looks: bool = False) -> Iterator[Composed]:
        tokens = self.encode(score)[:, 0].tolist()

        def choose(read: int, _logits: Float64Array, _due: bool, _notes: int) -> int | None:
            return tokens[read - 1] if read <= len(tokens) else None

        return self._steps([PIECE], choose, looks, [PIECE, *tokens])

    def joined(self, begun: Score | None, steps: Sequence[Composed]) -> Score:
        score = super().joined(begun, steps)
        marked = [meter for step in steps if isinstance(step, Performed) for meter in step.meters]
        meters = {meter.beat: meter for meter in (*score.meters, *marked)}
        return replace(score, meters=tuple(sorted(meters.values())))

    def _steps(self, begun: list[int], choose: Choose, looks: bool, known: Sequence[int] = ()) -> Iterator[Composed]:
        """Read token by token what is chosen behind a beginning, and yield each note when its length is known."""
        kinds, tokens = self.kinds, list(begun)
        attention = _Attention(self.network, known)
        step = int(kinds.shifts[tokens].sum())
        velocity = next((int(kinds.velocities[one]) for one in reversed(tokens) if kinds.velocities[one]), _SOFT)
        notes, meters = 0, list[Meter]()
        note: _Open | None = None
        logits, state = self._advance(tokens, self.network.begin(1))
        while (token := choose(len(tokens), logits, bool(note and not note.length), notes)) is not None:
            chance = float(probabilities(logits, Sampling())[token])
            if note and kinds.lengths[token]:
                note.length += int(kinds.lengths[token])
                note.chance *= chance
            else:
                if note:
                    yield self._composed(note)
                note = None
            if kinds.notes[token] is not None:
                seen = self._looks(tokens, attention.of_last(tokens)) if looks else None
                note = _Open(token, step, velocity, chance, self._pitches(logits), tuple(meters), seen)
                notes, meters = notes + 1, []
            if kinds.meters[token]:
                meters.append(Meter(step / self.coder.steps, *kinds.meters[token]))
            step += int(kinds.shifts[token])
            velocity = int(kinds.velocities[token]) or velocity
            tokens.append(token)
            logits, state = self._advance([token], state)
        if note:
            yield self._composed(note)

    def _advance(self, tokens: list[int], state: object) -> tuple[Float64Array, object]:
        with torch.inference_mode():
            given = self.tensor(np.array([tokens], np.int32))
            logits, state = self.network.advance(given, state)  # type: ignore[arg-type]
            return logits[0].double().cpu().numpy(), state

    def _composed(self, note: _Open) -> Composed:
        voice, pitch = self.kinds.notes[note.token] or (0, 0)
        steps = self.coder.steps
        length = note.length or steps
        sounding = Note(note.step / steps, pitch, length / steps, note.velocity)
        name = self.coder.name(note.token)
        looks = None if note.by_head is None else note.by_head.mean((0, 1))
        end = (note.step + length) / steps
        notes = ((voice, sounding),)
        return Performed(name, notes, note.chance, note.pitches, end, looks, (), note.meters, note.by_head)

    def _pitches(self, logits: Float64Array) -> Float32Array:
        """Return how probable each pitch is, given that a note comes next: float32 (128,), which sums to 1."""
        chances = probabilities(logits[self.kinds.struck], Sampling())
        return np.bincount(self.kinds.pitches, chances, 128).astype(np.float32)

    def _looks(self, tokens: list[int], shares: Float32Array) -> Float32Array:
        """Turn attention to the last tokens (layers, heads, places) into that to notes: (layers, heads, notes + 1).

        A note's length belongs to it; what belongs to no note, or is too long ago, is added up at first.
        """
        kinds = self.kinds
        owners, notes, own = np.zeros(len(tokens), np.int64), 0, False
        for place, token in enumerate(tokens):
            struck = kinds.notes[token] is not None
            notes += struck
            own = struck or (own and bool(kinds.lengths[token]))
            owners[place] = notes if own else 0
        belongs = np.eye(notes + 1, dtype=np.float32)[owners[-shares.shape[2] :]]
        added: Float32Array = shares @ belongs
        return added
