"""A piece of music as plain values: tracks of notes in beats, tempo, metre and key.

A beat is a quarter note, as in MIDI files. Places and lengths are floats that stand for whole ticks: a score's
`resolution` says how many of them a beat has, so that a place is found again exactly by rounding.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Self

RESOLUTION = 480
"""Ticks of a beat, unless a file says otherwise; it can be halved five times and split into 3, 5 and 15."""

DRUMS = 9
"""The channel, counted from 0, on which pitches are drums: General MIDI Level 1."""

_TEMPO = 120.0


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """A note: start and length in beats, pitch 0 to 127 (60 is middle C) and velocity 1 to 127."""

    start: float
    pitch: int
    length: float
    velocity: int = 80

    @property
    def end(self) -> float:
        return self.start + self.length


@dataclass(frozen=True, slots=True, order=True)
class Control:
    """A controller that is turned at a beat: number and value 0 to 127, as MIDI has them (64 is the sustain pedal)."""

    beat: float
    number: int
    value: int


@dataclass(frozen=True, slots=True, order=True)
class Bend:
    """The wheel that bends pitches, from a beat on: -8192 to 8191, which is two semitones down or up as a rule."""

    beat: float
    value: int


@dataclass(frozen=True, slots=True, order=True)
class Lyric:
    """A syllable that is sung at a beat."""

    beat: float
    text: str


@dataclass(frozen=True, slots=True)
class Track:
    """The notes of one instrument, in the order of `Note`; `program` is General MIDI's, 0 to 127, `channel` 0 to 15.

    `bends` and `lyrics`, in the order of their beats, are kept for files; neither is heard or shown.
    """

    notes: tuple[Note, ...] = ()
    name: str = ""
    program: int = 0
    channel: int = 0
    controls: tuple[Control, ...] = ()
    bends: tuple[Bend, ...] = ()
    lyrics: tuple[Lyric, ...] = ()

    @property
    def is_drums(self) -> bool:
        return self.channel == DRUMS

    @property
    def end(self) -> float:
        """Where the last note ends, in beats."""
        return max((note.end for note in self.notes), default=0.0)

    def with_notes(self, notes: Iterable[Note]) -> Self:
        """Return the same track with other notes, put in order."""
        return replace(self, notes=tuple(sorted(notes)))


@dataclass(frozen=True, slots=True, order=True)
class Tempo:
    """Quarter notes in a minute from a beat on."""

    beat: float
    bpm: float


@dataclass(frozen=True, slots=True, order=True)
class Meter:
    """A time signature from a beat on: 6 and 8 for six eighths."""

    beat: float
    count: int
    unit: int

    @property
    def bar(self) -> float:
        """Beats, that is quarter notes, of a bar."""
        return 4 * self.count / self.unit


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """A key signature from a beat on: sharps 1 to 7, flats -1 to -7, and whether it is minor."""

    beat: float
    sharps: int
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """A piece. Tempos, meters and keys rise in their beats; without any, it is 120 bpm, four quarters, no key."""

    tracks: tuple[Track, ...] = ()
    tempos: tuple[Tempo, ...] = ()
    meters: tuple[Meter, ...] = ()
    keys: tuple[Key, ...] = ()
    title: str = ""
    resolution: int = field(default=RESOLUTION)

    @property
    def end(self) -> float:
        """Where the last note ends, in beats."""
        return max((track.end for track in self.tracks), default=0.0)

    @property
    def seconds(self) -> float:
        """How long it lasts, without what an instrument rings on."""
        return self.seconds_at(self.end)

    @property
    def note_count(self) -> int:
        return sum(len(track.notes) for track in self.tracks)

    def notes(self) -> Iterator[tuple[int, Note]]:
        """Yield all notes with the number of their track, by their starts."""
        together = ((note, number) for number, track in enumerate(self.tracks) for note in track.notes)
        for note, number in sorted(together):
            yield number, note

    def tempo_at(self, beat: float) -> float:
        """Return the tempo at a beat, in quarter notes a minute."""
        place = bisect_right([tempo.beat for tempo in self.tempos], beat)
        return self.tempos[place - 1].bpm if place else _TEMPO

    def meter_at(self, beat: float) -> Meter:
        """Return the time signature at a beat."""
        place = bisect_right([meter.beat for meter in self.meters], beat)
        return self.meters[place - 1] if place else Meter(0.0, 4, 4)

    def seconds_at(self, beat: float) -> float:
        """Return the seconds from the beginning to a beat."""
        seconds, place, bpm = 0.0, 0.0, _TEMPO
        for tempo in self.tempos:
            if tempo.beat >= beat:
                break
            seconds += (tempo.beat - place) * 60 / bpm
            place, bpm = tempo.beat, tempo.bpm
        return seconds + (beat - place) * 60 / bpm

    def beat_at(self, seconds: float) -> float:
        """Return the beat that is reached after seconds: the inverse of `seconds_at`."""
        passed, place, bpm = 0.0, 0.0, _TEMPO
        for tempo in self.tempos:
            reached = passed + (tempo.beat - place) * 60 / bpm
            if reached >= seconds:
                break
            passed, place, bpm = reached, tempo.beat, tempo.bpm
        return place + (seconds - passed) * bpm / 60

    def bars(self, end: float) -> Iterator[float]:
        """Yield the beats at which bars begin, from 0 to before `end`; a new time signature begins a new bar."""
        starts = [meter.beat for meter in self.meters] or [0.0]
        if starts[0] > 0:
            starts.insert(0, 0.0)
        for start, stop in zip(starts, [*starts[1:], end], strict=True):
            length = self.meter_at(start).bar
            place, number = start, 0
            while place < min(stop, end) - 1e-9:
                yield place
                number += 1
                place = start + number * length

    def __post_init__(self) -> None:
        """Raises ValueError if there is no tick in a beat."""
        if self.resolution < 1:
            raise ValueError("A beat has at least one tick.")
