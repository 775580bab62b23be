"""Which tracks are heard, with what instrument and how loud: what a listener chooses, beside what a score says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Self

from gendesk.music.output import DEFAULT_VOLUME, EXPRESSION, PAN, VOLUME
from gendesk.music.schedule import METRONOME, Kind, Message, Schedule

_DEFAULTS = {VOLUME: DEFAULT_VOLUME, PAN: 64, EXPRESSION: 127}


@dataclass(frozen=True, slots=True)
class TrackSettings:
    """What is changed of a track: `program` is an instrument of General MIDI, 0 to 127, or None for the score's own;
    `volume` is a share of the score's own, 0 to 1."""

    muted: bool = False
    solo: bool = False
    program: int | None = None
    volume: float = 1.0


@dataclass(frozen=True)
class Mix:
    """The settings of tracks by their number, and whether the metronome clicks."""

    tracks: Mapping[int, TrackSettings] = field(default_factory=lambda: MappingProxyType({}))
    metronome: bool = False

    def of(self, track: int) -> TrackSettings:
        """Return the settings of a track, which are the score's own where nobody has changed anything."""
        return self.tracks.get(track, TrackSettings())

    def with_track(self, track: int, settings: TrackSettings) -> Self:
        """Return the same with other settings of one track."""
        return replace(self, tracks=MappingProxyType({**self.tracks, track: settings}))

    def audible(self, track: int) -> bool:
        """Whether a track is heard: not muted, and solo where any track is."""
        if track == METRONOME:
            return self.metronome
        alone = any(settings.solo for settings in self.tracks.values())
        return not self.of(track).muted and (self.of(track).solo or not alone)

    def controlled(self, message: Message) -> tuple[int, int, int]:
        """Return channel, number and value of a controller's message; a volume becomes the track's share of it."""
        share = self.of(message.track).volume if message.first == VOLUME else 1.0
        return message.channel, message.first, round(message.second * share)

    def beginnings(self, schedule: Schedule, place: int) -> Iterator[Message]:
        """Yield what holds before the message at a place: NOTE_ON stands for a program, as `first`, then controllers.

        A place may lie in the middle of a piece, and the output does not know what it missed.
        """
        held: dict[tuple[int, int], Message] = {}
        for number, (track, channel) in enumerate(zip(schedule.score.tracks, schedule.channels, strict=True)):
            program = self.of(number).program
            yield Message(0.0, Kind.NOTE_ON, number, channel, track.program if program is None else program)
            for control, value in _DEFAULTS.items():
                held[channel, control] = Message(0.0, Kind.CONTROL, number, channel, control, value)
        held |= {(m.channel, m.first): m for m in schedule.messages[:place] if m.kind is Kind.CONTROL}
        for message in held.values():
            yield replace(message, second=self.controlled(message)[2])
