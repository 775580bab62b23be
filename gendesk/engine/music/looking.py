"""Looks over a network's shoulder at a piece of music: what it expected, where it looked, what surprised it.

Operations for a live model. The network reads a held-out piece, a file or what it has just composed, step by step.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from gendesk.engine.capabilities import Composed, Composing
from gendesk.engine.music.composing import composer
from gendesk.engine.plane import Method, laid_out
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError
from gendesk.music.keys import NO_KEY, note_name
from gendesk.music.score import Key, Meter, Note, Score

MOST_STEPS = 256
"""Steps that are looked at: each asks the network anew, and more would keep it busy for seconds."""
MOST_SOUNDS = 400
"""Chords on a map; more could not be told apart."""
_MOST_BEATS = 1024.0
_OCTAVE = 12
_SURELY_NOT = 1e-12

Float32Array = NDArray[np.float32]
Float64Array = NDArray[np.float64]


@runtime_checkable
class EmbedsSounds(Protocol):
    """Has a place for every pitch or chord."""

    def sounds(self) -> tuple[Sequence[tuple[int, ...]], Tensor]:
        """Return what has a place, as pitches that sound at once, and the vectors (sounds, width)."""
        ...


LIKELIEST = 10
"""What might have come next of which a step tells, at most."""


@dataclass(frozen=True, eq=False)
class Performed(Composed):
    """A step that tells more: what else was likely, new time signatures, and where each head looked.

    `likeliest` are chords, as pitches, with their probabilities, from the likeliest down; () is a rest, None the end.
    It is empty where voices go their own ways, for which `pitches` tell all. `meters` were marked since the step
    before. `by_head`, float32 (layers, heads, steps before + 1), has `looks` as its mean; None where nobody asked.
    """

    likeliest: tuple[tuple[tuple[int, ...] | None, float], ...] = ()
    meters: tuple[Meter, ...] = ()
    by_head: Float32Array | None = None


@dataclass(frozen=True, eq=False)
class Looked:
    """A piece as a network read it, in steps that each have a name.

    `piece` is what was asked about, `score` what of it the steps say. `begins`, float64 (steps,), are their beats,
    `notes` what begins with them, `pitches`, float32 (128, steps), how probable each pitch was, and `chances`, float64
    (steps,), how probable what was played. `looks`, float32 (steps, steps), has a column for each step, which sums to
    1: row 0 is what is no step, row n step n - 1. It is None without attention; `heads`, float32 (layers, heads, steps,
    steps), is None where there are none to choose from. `likeliest` are the pitches of what was likeliest at each step,
    one or those of a chord, with their probabilities; () is a rest, None the end of the piece.
    """

    piece: Score
    score: Score
    names: tuple[str, ...]
    begins: Float64Array
    notes: tuple[tuple[Note, ...], ...]
    pitches: Float32Array
    chances: Float64Array
    looks: Float32Array | None
    heads: Float32Array | None
    likeliest: tuple[tuple[tuple[tuple[int, ...] | None, float], ...], ...]

    @property
    def nats(self) -> Float64Array:
        """How much each step surprised the network, float64 (steps,): -ln of its chance."""
        return np.asarray(-np.log(np.maximum(self.chances, _SURELY_NOT)))

    @property
    def key(self) -> Key:
        """The first key signature, which spells the notes."""
        return self.score.keys[0] if self.score.keys else NO_KEY

    def step_at(self, beat: float) -> int:
        """Return the last step that has begun at a beat."""
        return max(0, int(np.searchsorted(self.begins, beat + 1e-6, side="right")) - 1)

    def bar_steps(self) -> dict[int, int]:
        """Return the steps with which bars begin, and the numbers of these bars from 1 on."""
        found: dict[int, int] = {}
        for number, beat in enumerate(self.score.bars(max(self.score.end, 1e-6)), 1):
            step = int(np.searchsorted(self.begins, beat - 1e-6))
            if step < len(self.begins):
                found[step] = number
        return found


@dataclass(frozen=True)
class NewPiece:
    """A piece that is to be composed from nothing; the same seed gives the same one."""

    composing: Composing
    seed: int


def look_at_held_out(model: Model, data: RunData, number: int) -> Looked:
    """Read a held-out piece by its number; raises InputError."""
    pieces = data.scores.test
    if not 0 <= number < len(pieces):
        raise InputError("There is no such held-out piece.")
    return look_at(model, pieces[number])


def look_at_file(model: Model, path: Path) -> Looked:
    """Read a MIDI file; raises InputError."""
    from gendesk.music.midi_reading import read_midi  # with mido, which nothing else needs here

    if not path.is_file():  # reading a pipe would wait for its other end
        raise InputError(f"{path.name} cannot be opened: it is no file.")
    score = read_midi(path)
    return look_at(model, score if score.title else replace(score, title=path.stem))


def look_at_new(model: Model, wish: NewPiece) -> Looked:
    """Compose a piece, and read it; raises InputError."""
    able = composer(model)
    composing = replace(wish.composing, length=min(wish.composing.length, MOST_STEPS))
    steps = list(able.compose(None, composing, np.random.default_rng(wish.seed), looks=True))
    if not any(step.notes for step in steps):
        raise InputError("The network composed nothing but silence; try another seed or a higher temperature.")
    score = able.joined(None, steps)
    return _looked(score, score, steps)


def look_at(model: Model, piece: Score) -> Looked:
    """Read the first steps of a piece; raises InputError if there are no notes."""
    able = composer(model)
    known = _beginning(piece)
    if not known.note_count:
        raise InputError("There are no notes in this piece.")
    steps = list(itertools.islice(able.follow(known, looks=True), MOST_STEPS))
    score = able.joined(None, steps)
    programs = [track.program for track in known.tracks if track.notes]
    tracks = [replace(track, program=program) for track, program in zip(score.tracks, programs, strict=False)]
    score = replace(
        score,
        tracks=(*tracks, *score.tracks[len(tracks) :]),
        tempos=known.tempos or score.tempos,
        meters=known.meters or score.meters,
        keys=known.keys,
        title=known.title,
    )
    return _looked(known, score, steps)


def _beginning(piece: Score) -> Score:
    """Return what begins within the first beats: a file may hold hours."""
    if piece.end <= _MOST_BEATS:
        return piece
    tracks = (track.with_notes(note for note in track.notes if note.start < _MOST_BEATS) for track in piece.tracks)
    return replace(piece, tracks=tuple(tracks))


def _looked(piece: Score, score: Score, steps: Sequence[Composed]) -> Looked:
    key = score.keys[0] if score.keys else NO_KEY
    several = any(voice for step in steps for voice, _ in step.notes)
    ends = [0.0, *(step.end for step in steps)]
    begins = [step.notes[0][1].start if step.notes else end for step, end in zip(steps, ends, strict=False)]
    by_head = [step.by_head for step in steps if isinstance(step, Performed) and step.by_head is not None]
    return Looked(
        piece,
        score,
        tuple(_name(step, key, several=several) for step in steps),
        np.maximum.accumulate(np.array(begins, np.float64)),
        tuple(tuple(note for _, note in step.notes) for step in steps),
        np.stack([step.pitches for step in steps], 1),
        np.array([step.chance for step in steps], np.float64),
        _table([step.looks for step in steps if step.looks is not None], len(steps)),
        _table(by_head, len(steps)),
        tuple(_likeliest(step) for step in steps),
    )


def _likeliest(step: Composed) -> tuple[tuple[tuple[int, ...] | None, float], ...]:
    if isinstance(step, Performed) and step.likeliest:
        return step.likeliest
    pitches = np.argsort(-step.pitches, kind="stable")[:LIKELIEST]
    return tuple(((pitch,), float(step.pitches[pitch])) for pitch in pitches.tolist())


def _name(step: Composed, key: Key, *, several: bool) -> str:
    """Return the name of a step as people write notes, with the number of the voice where there are several."""
    if not step.notes:
        return step.name
    notes = ".".join(note_name(note.pitch, key, flat="♭", sharp="♯") for _, note in step.notes)
    return f"{step.notes[0][0] + 1} {notes}" if several else notes


def _table(looks: Sequence[Float32Array], steps: int) -> Float32Array | None:
    """Put what steps looked at, (..., steps before + 1), side by side: (..., steps, steps); None if one is missing."""
    if not steps or len(looks) != steps:
        return None
    table = np.zeros((*looks[0].shape[:-1], steps, steps), np.float32)
    for column, one in enumerate(looks):
        table[..., : one.shape[-1], column] = one
    return table


@dataclass(frozen=True, eq=False)
class SoundPlaces:
    """Pitches or chords in a plane: float32 (sounds, 2), with names and the pitch class of the lowest pitch, 0 for C.

    `shares` of the variance are those of the two directions of PCA. `likeness`, float64 (12,), is the mean cosine of
    the vectors of single pitches that are 1 to 12 semitones apart, NaN where there are none.
    """

    names: tuple[str, ...]
    places: Float32Array
    classes: NDArray[np.int64]
    shares: tuple[float, float]
    likeness: Float64Array


def sound_map(model: Model, method: Method) -> SoundPlaces:
    """Lay the embeddings of pitches and chords out in a plane, single pitches first; raises InputError."""
    if not isinstance(model, EmbedsSounds):
        raise InputError("This model has no embedding of pitches.")
    sounds, found = model.sounds()
    order = sorted(range(len(sounds)), key=lambda number: (len(sounds[number]), sounds[number]))[:MOST_SOUNDS]
    if not order:
        raise InputError("This model knows no pitches.")
    vectors = found.detach().float().cpu().numpy()[order]
    chosen = [sounds[number] for number in order]
    places, shares = laid_out(vectors, method)
    names = tuple(".".join(note_name(pitch, flat="♭", sharp="♯") for pitch in pitches) for pitches in chosen)
    classes = np.array([pitches[0] % _OCTAVE for pitches in chosen], np.int64)
    single = [place for place, pitches in enumerate(chosen) if len(pitches) == 1]
    alike = likeness([chosen[place][0] for place in single], vectors[single])
    return SoundPlaces(names, places, classes, shares, alike)


def likeness(pitches: Iterable[int], vectors: NDArray[np.floating]) -> Float64Array:
    """Return the mean cosine of vectors (pitches, width) whose pitches are 1 to 12 semitones apart: (12,)."""
    numbers = np.array(list(pitches), np.int64)
    centred = vectors.astype(np.float64)
    centred -= centred.mean(0)
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), _SURELY_NOT)
    cosines, apart = centred @ centred.T, numbers[None] - numbers[:, None]
    pairs = (cosines[apart == interval] for interval in range(1, _OCTAVE + 1))
    return np.array([pair.mean() if len(pair) else np.nan for pair in pairs])
