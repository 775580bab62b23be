"""Reads MIDI files as scores; what a score does not hold, such as aftertouch and system messages, is passed over."""

from collections import defaultdict, deque
from dataclasses import dataclass, field, replace
from pathlib import Path

from gendesk.errors import InputError
from gendesk.music.midi_events import META, MOST_BYTES, MOST_CHUNKS, MOST_EVENTS, SYSEX, MidiError, chunks, events
from gendesk.music.score import Bend, Control, Key, Lyric, Meter, Note, Score, Tempo, Track

MOST_TRACKS = MOST_CHUNKS - 1
"""The first track of a file that is written has none of the score's."""
MOST_NOTES = 200_000
MOST_BEATS = 100_000
"""The most that a score lasts: 14 hours at 120 beats a minute."""
MOST_LETTERS = 1_000
"""Longer names and syllables are cut."""
BEND_REST = 8192
"""What files add to a bend, which they write without a sign."""
MOST_UNIT = 64
"""The shortest note that a time signature counts."""

NAME, LYRIC, TEMPO, METER, KEY, OWN = 0x03, 0x05, 0x51, 0x58, 0x59, 0x7F
"""The meta events that are read."""
MARK = b"\x7dgd"
"""Begins our own meta event (7D is the maker's number that is free for all), which two numbers of seven bits follow:
the place, among the notes that sound on its key, of the one that the next note-off ends, where it is not the first."""

_NOTE_OFF, _NOTE_ON, _CONTROL, _PROGRAM, _BEND = 0x80, 0x90, 0xB0, 0xC0, 0xE0


def read_midi(source: Path | bytes, name: str = "The MIDI file") -> Score:
    """Read a MIDI file of type 0 or 1 from a path, or its bytes, which sentences call `name`.

    A track of the score is what one channel plays with one program in one track of the file. Notes of the same pitch
    that overlap end in the order in which they began; one that never ends lasts as long as its track of the file. A
    file that counts time in frames, as film does, becomes a score whose beats are seconds. Lyrics belong to the first
    track of the score that comes of their track of the file.
    Raises InputError with a sentence if it cannot be read, is damaged, or is larger than a piece of music can be.
    """
    if isinstance(source, Path):
        name = str(source)
        try:
            with source.open("rb") as file:
                source = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise InputError(f"{name} cannot be read: {error.strerror or error}.") from error
    try:
        return _Reader().read(source)
    except MidiError as flaw:
        raise InputError(f"{name} {flaw}.") from None


@dataclass(slots=True)
class _Part:
    """What one channel plays with one program."""

    notes: list[Note] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    bends: list[Bend] = field(default_factory=list)


class _Reader:
    """Gathers what the tracks of one file say; counts, so that no file becomes larger than memory."""

    def __init__(self) -> None:
        self.resolution = 0
        self._events = 0
        self._notes = 0
        self._setup: dict[int, int] = {}
        self._tempos: dict[int, float] = {}
        self._meters: dict[int, tuple[int, int]] = {}
        self._keys: dict[int, tuple[int, bool]] = {}

    def read(self, data: bytes) -> Score:
        kind, division, found = chunks(data)
        fixed = self._divide(division)
        tracks: list[Track] = []
        title = ""
        for number, chunk in enumerate(found):
            name, made, lyrics = self._chunk(chunk, number)
            if number == 0 and (kind == 0 or not made):
                title, name = name, ""
            if lyrics:
                made = [replace(made[0] if made else Track(), lyrics=lyrics), *made[1:]]
            tracks += [replace(track, name=name) for track in made]
            if len(tracks) > MOST_TRACKS:
                raise MidiError(f"has more than {MOST_TRACKS} instruments")
        tempos = {0: fixed} if fixed else self._tempos
        return Score(
            tuple(tracks),
            tuple(Tempo(self._beat(at), bpm) for at, bpm in sorted(tempos.items())),
            tuple(Meter(self._beat(at), *meter) for at, meter in sorted(self._meters.items())),
            tuple(Key(self._beat(at), *key) for at, key in sorted(self._keys.items())),
            title,
            self.resolution,
        )

    def _divide(self, division: int) -> float:
        """Take the ticks of a beat from the header; return the tempo, where a beat is a second, else 0."""
        if division > 0:
            self.resolution = division
            return 0.0
        frames, ticks = -(division >> 8), division & 0xFF
        if frames not in (24, 25, 29, 30) or not ticks:
            raise MidiError("is damaged: its header does not say how long a tick is")
        # 29 stands for the 29.97 frames a second of American television, that is 30,000 in 1,001 seconds.
        self.resolution = (30 if frames == 29 else frames) * ticks
        return bpm_of(1_001_000 if frames == 29 else 1_000_000)

    def _beat(self, tick: int) -> float:
        return tick / self.resolution

    def _chunk(self, chunk: bytes, number: int) -> tuple[str, list[Track], tuple[Lyric, ...]]:
        """Return the name, the tracks and the lyrics of a chunk."""
        parts = _Parts(self.resolution, self._setup)
        name, end = "", 0
        lyrics: list[Lyric] = []
        for tick, status, data in events(chunk):
            self._count(tick)
            end = tick
            if status == META:
                if data[0] == NAME:
                    name = name or _text(data[1:])
                elif data[0] == LYRIC:
                    lyrics.append(Lyric(self._beat(tick), _text(data[1:])))
                elif data[0] == OWN and data[1:4] == MARK and len(data) == 6:
                    parts.marked = data[4] << 7 | data[5]
                else:
                    self._meta(tick, data[0], data[1:])
            elif status < SYSEX:
                self._notes += parts.take(tick, status & 0xF0, status & 0x0F, data)
                if self._notes > MOST_NOTES:
                    raise MidiError(f"has more than {MOST_NOTES:,} notes")
        if number == 0:
            self._setup = parts.programs
        return name, parts.finished(end, keep_silent=number > 0), tuple(lyrics)

    def _count(self, tick: int) -> None:
        self._events += 1
        if self._events > MOST_EVENTS:
            raise MidiError(f"has more than {MOST_EVENTS:,} events")
        if tick > MOST_BEATS * self.resolution:
            raise MidiError(f"lasts longer than {MOST_BEATS:,} beats")

    def _meta(self, tick: int, kind: int, data: bytes) -> None:
        """Take a tempo, time signature or key signature, the last of a tick; odd ones are passed over."""
        if kind == TEMPO and len(data) == 3 and any(data):
            self._tempos[tick] = bpm_of(int.from_bytes(data))
        elif kind == METER and len(data) >= 2 and data[0] and 1 << min(data[1], 8) <= MOST_UNIT:
            self._meters[tick] = (data[0], 1 << data[1])
        elif kind == KEY and len(data) == 2 and data[1] < 2:
            sharps = int.from_bytes(data[:1], signed=True)
            if abs(sharps) <= 7:
                self._keys[tick] = (sharps, bool(data[1]))


class _Parts:
    """The parts of one chunk, by channel and program, and the notes that sound in it."""

    def __init__(self, resolution: int, setup: dict[int, int]) -> None:
        """`setup` has the programs that the first chunk chooses; many files choose all of them there."""
        self.programs: dict[int, int] = {}
        self.marked = 0
        self._resolution = resolution
        self._setup = setup
        self._parts: defaultdict[tuple[int, int], _Part] = defaultdict(_Part)
        self._turned: list[tuple[int, int, Control | Bend]] = []
        self._sounding: defaultdict[tuple[int, int], deque[tuple[int, int, _Part]]] = defaultdict(deque)

    def take(self, tick: int, kind: int, channel: int, data: bytes) -> int:
        """Take an event of a channel; return how many notes begin with it, 0 or 1."""
        program = self._program(channel)
        if kind == _NOTE_ON and data[1]:
            part = self._parts[channel, program]
            self._sounding[channel, data[0]].append((tick, data[1], part))
            return 1
        if kind in (_NOTE_ON, _NOTE_OFF):
            self._end(tick, channel, data[0])
        elif kind == _CONTROL:
            self._turned.append((channel, program, Control(tick / self._resolution, data[0], data[1])))
        elif kind == _BEND:
            value = (data[1] << 7 | data[0]) - BEND_REST
            self._turned.append((channel, program, Bend(tick / self._resolution, value)))
        elif kind == _PROGRAM:
            self.programs[channel] = data[0]
        return 0

    def _end(self, tick: int, channel: int, pitch: int) -> None:
        """End the note of a pitch that began first, or the one that is marked; there may be none."""
        waiting = self._sounding[channel, pitch]
        place, self.marked = min(self.marked, len(waiting) - 1), 0
        if waiting:
            start, velocity, part = waiting[place]
            del waiting[place]
            length = (tick - start) / self._resolution
            part.notes.append(Note(start / self._resolution, pitch, length, velocity))

    def finished(self, end: int, *, keep_silent: bool) -> list[Track]:
        """Return the tracks, in the order in which they begin; `keep_silent` keeps the first of empty ones."""
        for channel, pitch in self._sounding:
            while self._sounding[channel, pitch]:
                self._end(end, channel, pitch)
        self._give_controls()
        if keep_silent and self.programs and not self._parts:
            self._parts[next(iter(self.programs.items()))] = _Part()
        return [
            Track(tuple(sorted(part.notes)), "", program, channel, tuple(part.controls), tuple(part.bends))
            for (channel, program), part in self._parts.items()
        ]

    def _give_controls(self) -> None:
        """Give each control and bend to the part that plays on its channel then.

        Many files turn the controls before they choose the program: those go to the first part of the channel, or, if
        it has no notes at all, to the program that was chosen last.
        """
        playing: defaultdict[int, list[int]] = defaultdict(list)
        for channel, program in self._parts:
            playing[channel].append(program)
        for channel, program, turned in self._turned:
            known = playing[channel] or [self._program(channel)]
            part = self._parts[channel, program if program in known else known[0]]
            if isinstance(turned, Control):
                part.controls.append(turned)
            else:
                part.bends.append(turned)

    def _program(self, channel: int) -> int:
        return self.programs.get(channel, self._setup.get(channel, 0))


def bpm_of(microseconds: int) -> float:
    """Return the tempo at which a beat lasts that many microseconds, with no more digits than tell it from others.

    What was written as 97 comes back as 97, and not as the 96.99995 that a file with whole microseconds can hold.
    """
    exact = 60e6 / microseconds
    for digits in range(7):
        short = round(exact, digits)
        if short and round(60e6 / short) == microseconds:
            return short
    return exact


def _text(data: bytes) -> str:
    """Return a name: in UTF-8, or in Latin-1, as the format has it."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text[:MOST_LETTERS]
