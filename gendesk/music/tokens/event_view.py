"""A piece of several voices as one row of events, as a transformer reads it.

A note is two tokens: which voice strikes which key, and how long it sounds. Before it come a shift of time and a change
of loudness where there are any; bars are marked, and so are their metres:

    piece  bar  4/4  1 C5  =4  2 E4  =4  3 G3  =4  4 C3  =8  +4  1 D5  =2  ...

Shifts of time and 32 steps of loudness are those of Oore, Simon, Dieleman, Eck and Simonyan, This Time with Feeling
(2018), but the steps of time are those of a grid and not milliseconds. There, and in Huang and others, Music
Transformer (2018), a note ends by an event of its own; here its length follows it, as in Huang and Yang, Pop Music
Transformer (2020), so that no note is left hanging, and two that overlap on a key are told apart. Bars are from there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gendesk.music.keys import note_name
from gendesk.music.quantising import divided, quantised, steps_of
from gendesk.music.score import RESOLUTION, Meter, Note, Score, Tempo, Track
from gendesk.music.tokens.grid_view import channel_of

METERS = ((4, 4), (3, 4), (2, 4), (2, 2), (3, 2), (3, 8), (6, 8), (9, 8), (12, 8), (5, 4), (6, 4))
"""The time signatures that have a token; under others, bars are marked all the same."""
LONGEST = 32
"""Steps of the longest shift and length; more are several tokens, which add up."""
MOST_LENGTH = 16 * LONGEST
"""Steps of the longest note, so that a few that last for hours do not make tokens without end; it is cut there."""
LOUDNESS = 4
"""Velocities of a step of loudness, of which the first stands for all; the first step is 1 to 3."""

PIECE, BAR = 0, 1
_METER = 2
_SHIFT = _METER + len(METERS)
_LENGTH = _SHIFT + LONGEST
_VELOCITY = _LENGTH + LONGEST
_NOTE = _VELOCITY + 128 // LOUDNESS
_SOFT = 80
"""The velocity at the beginning, that of a note of which nothing is known."""

Int32Array = npt.NDArray[np.int32]


class EventCoder:
    """Turns scores into tokens and back: a fixed vocabulary for a number of voices and of steps in a beat.

    Four voices in steps of 16ths are chorales, one voice in 12 steps a beat, in which many notes may sound, a piano.
    """

    def __init__(self, voices: int = 4, steps: int = 4) -> None:
        """Raises ValueError if a number is less than 1, or more voices than MIDI has channels besides the drums."""
        if not 1 <= voices <= 15 or steps < 1:
            raise ValueError("There are 1 to 15 voices, and at least one step in a beat.")
        self.voices = voices
        self.steps = steps
        self.size = _NOTE + 128 * voices
        """How many tokens there are: 109 and 128 for each voice."""

    def encode(self, score: Score) -> Int32Array:
        """Return the tokens of a piece, int32 [events], of which the first is `PIECE`; the next one's tells its end.

        Notes are moved to the grid first. Voices are the tracks that have notes, in their order; too many join the
        last. At each step, notes stand in the order of voices and from the lowest key up. Nothing is lost of a score on
        the grid whose metres are in `METERS` and begin on it, but the controls, what is louder or softer by less than a
        step of loudness, and what stands beside the notes: names, programs, channels, tempo and key.
        """
        return np.asarray([PIECE, *self._tokens(quantised(score, self.steps))], np.int32)

    def decode(self, tokens: Iterable[int], bpm: float = 90.0, programs: Sequence[int] = ()) -> Score:
        """Return the score of any tokens, with a track for each voice; it ends where another piece begins.

        A length that follows no note is passed over; a note that no length follows is a beat long.
        Raises ValueError if a number is not a token.
        """
        notes: list[_Struck] = []
        meters: dict[int, Meter] = {}
        step, velocity, sounding = 0, _SOFT, False
        for place, token in enumerate(map(int, tokens)):
            if not 0 <= token < self.size:
                raise ValueError(f"{token} is no token: there are {self.size}.")
            if token == PIECE and place:
                break
            if _LENGTH <= token < _VELOCITY:
                if sounding:
                    notes[-1].length += token - _LENGTH + 1
                continue
            sounding = token >= _NOTE
            if sounding:
                notes.append(_Struck(step, *divmod(token - _NOTE, 128), velocity))
            elif token >= _VELOCITY:
                velocity = max(1, (token - _VELOCITY) * LOUDNESS)
            elif token >= _SHIFT:
                step += token - _SHIFT + 1
            elif token >= _METER:
                meters[step] = Meter(step / self.steps, *METERS[token - _METER])
        return self._score(notes, tuple(meters.values()), bpm, programs)

    def name(self, token: int) -> str:
        """Return what people read for a token: "piece", "bar", "3/4", "+4", "=4", "v80" or "1 C5", voices from 1 on."""
        if token >= _NOTE:
            voice, pitch = divmod(token - _NOTE, 128)
            return f"{voice + 1} {note_name(pitch, flat='♭', sharp='♯')}"
        if token >= _VELOCITY:
            return f"v{max(1, (token - _VELOCITY) * LOUDNESS)}"
        if token >= _LENGTH:
            return f"={token - _LENGTH + 1}"
        if token >= _SHIFT:
            return f"+{token - _SHIFT + 1}"
        return (
            f"{METERS[token - _METER][0]}/{METERS[token - _METER][1]}" if token >= _METER else ("piece", "bar")[token]
        )

    def note_of(self, token: int) -> tuple[int, int] | None:
        """Return the voice, from 0 on, and the pitch that a token strikes, or None if it is none of a note."""
        return divmod(token - _NOTE, 128) if token >= _NOTE else None

    def _tokens(self, score: Score) -> Iterator[int]:
        step, loudness = 0, _SOFT // LOUDNESS
        for at, kind, *rest in sorted([*self._marks(score), *self._notes(score)]):
            yield from _counted(_SHIFT, at - step)
            step = at
            if kind != _NOTE:
                yield kind
                continue
            voice, pitch, length, velocity = rest
            if velocity // LOUDNESS != loudness:
                loudness = velocity // LOUDNESS
                yield _VELOCITY + loudness
            yield _NOTE + 128 * voice + pitch
            yield from _counted(_LENGTH, min(length, MOST_LENGTH))

    def _marks(self, score: Score) -> Iterator[tuple[int, ...]]:
        """Yield the steps at which bars and metres begin, with their tokens, which are less than those of notes."""
        for bar in score.bars(score.end):
            yield round(bar * self.steps), BAR
        for meter in score.meters:
            if (meter.count, meter.unit) in METERS and meter.beat < score.end:
                yield round(meter.beat * self.steps), _METER + METERS.index((meter.count, meter.unit))

    def _notes(self, score: Score) -> Iterator[tuple[int, ...]]:
        """Yield notes: step, kind, voice, pitch, steps, velocity."""
        for voice, track in enumerate(part for part in score.tracks if part.notes):
            for note in track.notes:
                start, end = steps_of(note, self.steps)
                yield start, _NOTE, min(voice, self.voices - 1), note.pitch, end - start, note.velocity

    def _score(self, struck: list["_Struck"], meters: tuple[Meter, ...], bpm: float, programs: Sequence[int]) -> Score:
        voices: list[list[Note]] = [[] for _ in range(self.voices)]
        for note in struck:
            length = (note.length or self.steps) / self.steps
            voices[note.voice].append(Note(note.step / self.steps, note.pitch, length, note.velocity))
        tracks = tuple(
            Track(tuple(sorted(notes)), "", programs[voice] if voice < len(programs) else 0, channel_of(voice))
            for voice, notes in enumerate(voices)
        )
        return Score(tracks, (Tempo(0.0, bpm),), meters, resolution=divided(RESOLUTION, self.steps))


@dataclass(slots=True)
class _Struck:
    """A note that is read from tokens; its length, in steps, grows with each of them."""

    step: int
    voice: int
    pitch: int
    velocity: int
    length: int = 0


def _counted(first: int, steps: int) -> Iterator[int]:
    """Yield the tokens, from `first` on for one step, of as many steps as are wanted."""
    while steps > 0:
        yield first + min(steps, LONGEST) - 1
        steps -= LONGEST
