"""A score as the messages that play it, in the order and at the seconds at which they are sent."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from gendesk.music.metronome import clicks
from gendesk.music.output import CHANNELS
from gendesk.music.score import DRUMS, Note, Score, Track

METRONOME = -1
"""The number of the track that clicks."""


class Kind(IntEnum):
    """What a message does; at the same moment, ends come first and beginnings last."""

    NOTE_OFF = 0
    CONTROL = 1
    NOTE_ON = 2


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """A message of a track: `first` is a pitch or a controller's number, `second` a velocity or a value."""

    seconds: float
    kind: Kind
    track: int
    channel: int
    first: int
    second: int = 0


@dataclass(frozen=True)
class Schedule:
    """The messages of a score in order, and the channel that each track has of its own, as far as sixteen reach."""

    score: Score
    channels: tuple[int, ...]
    messages: tuple[Message, ...]
    end: float = 0.0
    """Seconds at which the score is over; the metronome may click on to the end of the bar."""
    _times: list[float] = field(repr=False, compare=False, default_factory=list)

    def place(self, seconds: float) -> int:
        """Return the index of the first message that is not before these seconds."""
        return bisect_left(self._times, seconds)


def schedule(score: Score, metronome: bool = False) -> Schedule:
    """Return what is sent to play a score; `metronome` adds its clicks up to the end of the last bar, as METRONOME."""
    channels = channels_of(score.tracks)
    seconds_at = _Seconds(score)
    keys: dict[tuple[int, int], list[tuple[Note, int]]] = defaultdict(list)
    messages = []
    for number, (track, channel) in enumerate(zip(score.tracks, channels, strict=True)):
        for note in track.notes:
            keys[channel, note.pitch].append((note, number))
        messages += [
            Message(seconds_at(turned.beat), Kind.CONTROL, number, channel, turned.number, turned.value)
            for turned in track.controls
        ]
    if metronome:
        for note in clicks(score, end_of_bars(score)):
            keys[DRUMS, note.pitch].append((note, METRONOME))
    for (channel, pitch), notes in keys.items():
        for number, note, end in _one_after_the_other(notes, 1 / score.resolution):
            messages += [
                Message(seconds_at(note.start), Kind.NOTE_ON, number, channel, pitch, note.velocity),
                Message(seconds_at(end), Kind.NOTE_OFF, number, channel, pitch),
            ]
    messages.sort()
    last = next((message.seconds for message in reversed(messages) if message.track != METRONOME), 0.0)
    end = max(last, score.seconds)
    return Schedule(score, channels, tuple(messages), end, [message.seconds for message in messages])


def channels_of(tracks: Iterable[Track]) -> tuple[int, ...]:
    """Return a channel for each track: its own, or a free one where another track has it, as far as there are any.

    So each can have an instrument and a volume of its own. Drums must stay where they are, and nothing else goes there.
    """
    tracks = list(tracks)
    taken = {DRUMS}
    channels = []
    for track in tracks:
        channel = track.channel
        if channel in taken and not track.is_drums:
            asked = taken | {other.channel for other in tracks}
            free = [number for number in range(CHANNELS) if number not in asked] or [
                number for number in range(CHANNELS) if number not in taken
            ]
            channel = free[0] if free else channel
        taken.add(channel)
        channels.append(channel)
    return tuple(channels)


def end_of_bars(score: Score) -> float:
    """Return the beat at which the bar with the last sound of a score ends; 0 where there is none."""
    end = score.end
    starts = list(score.bars(end))
    return max(starts[-1] + score.meter_at(starts[-1]).bar, end) if starts else end


def _one_after_the_other(notes: list[tuple[Note, int]], shortest: float) -> Iterator[tuple[int, Note, float]]:
    """Yield the notes of one key of a channel as (track, note, end), each of which ends before the next begins.

    A key can only be down or up: the end of a first note would otherwise silence a second one that began meanwhile.
    Of notes that begin together the longest of the score is played rather than a click of the metronome, which may be
    off; and no note is shorter than `shortest`, in beats.
    """
    notes.sort(key=lambda pair: (pair[0].start, pair[1] != METRONOME, pair[0].length))
    for index, (note, number) in enumerate(notes):
        end = note.start + max(note.length, shortest)
        following = notes[index + 1][0].start if index + 1 < len(notes) else end
        if following > note.start:
            yield number, note, min(end, following)


class _Seconds:
    """`Score.seconds_at`, fast: a score with a thousand tempos has many notes, too."""

    def __init__(self, score: Score) -> None:
        self._score = score
        self._beats = [tempo.beat for tempo in score.tempos]
        self._passed = [score.seconds_at(beat) for beat in self._beats]

    def __call__(self, beat: float) -> float:
        place = bisect_left(self._beats, beat) - 1
        if place < 0:
            return self._score.seconds_at(beat)
        return self._passed[place] + (beat - self._beats[place]) * 60 / self._score.tempos[place].bpm
