"""Scores for tests: random ones from a seed, and awkward MIDI files, written byte by byte."""

import random
from dataclasses import replace

from gendesk.music.midi_reading import bpm_of
from gendesk.music.score import RESOLUTION, Bend, Control, Key, Lyric, Meter, Note, Score, Tempo, Track

NAMES = ("", "Piano", "Flöte", "Скрипка", "弦楽", "a" * 300, " Bass \n", "B♭ clarinet", "\x00", "Stimme 1")
RESOLUTIONS = (RESOLUTION, 96, 120, 24, 1, 7, 960, 1024, 15360, 32767)


def random_score(seed: int) -> Score:
    """Return a score that is full of what is hard to keep: ties of pitch, notes within notes, notes of no length."""
    draw = random.Random(seed)
    resolution = draw.choice(RESOLUTIONS)
    ticks = min(64 * resolution, 200_000)

    def beat() -> float:
        return draw.randrange(ticks) / resolution

    def beats(most: int) -> list[float]:
        return sorted({beat() for _ in range(draw.randrange(most))} | ({0.0} if draw.random() < 0.5 else set()))

    tracks = []
    for _ in range(draw.randrange(7)):
        pitches = draw.sample(range(128), draw.choice((1, 3, 40)))
        notes = [
            Note(
                beat(), draw.choice(pitches), draw.choice((0, 1, resolution, draw.randrange(ticks))) / resolution, speed
            )
            for speed in draw.choices(range(1, 128), k=draw.choice((0, 1, 10, 60)))
        ]
        notes += [note for note in notes if draw.random() < 0.1]
        controls = [Control(at, draw.randrange(128), draw.randrange(128)) for at in beats(6)]
        track = Track((), draw.choice(NAMES), draw.randrange(128), draw.choice((0, 9, draw.randrange(16))))
        bends = [Bend(at, draw.randint(-8192, 8191)) for at in beats(6)]
        lyrics = [Lyric(at, draw.choice(NAMES)) for at in beats(6)]
        tracks.append(
            replace(
                track,
                notes=tuple(sorted(notes)),
                controls=tuple(controls),
                bends=tuple(bends + bends[-1:]),
                lyrics=tuple(lyrics + lyrics[-1:]),
            )
        )
    return Score(
        tuple(tracks),
        tuple(Tempo(at, bpm_of(draw.randint(1, 0xFFFFFF) if draw.random() < 0.5 else 500_000)) for at in beats(5)),
        tuple(Meter(at, draw.randint(1, 255), 2 ** draw.randrange(7)) for at in beats(4)),
        tuple(Key(at, draw.randint(-7, 7), draw.random() < 0.5) for at in beats(4)),
        draw.choice(NAMES),
        resolution,
    )


def number(value: int) -> bytes:
    """Return a number of variable length."""
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(value & 0x7F | 0x80)
    return bytes(reversed(parts))


def chunk(content: bytes, kind: bytes = b"MTrk", size: int | None = None) -> bytes:
    return kind + (len(content) if size is None else size).to_bytes(4) + content


def track(*events: tuple[int, bytes], end: int | None = 0) -> bytes:
    """Return a track of (ticks since the event before, bytes); `end` are the ticks before its end, None for no end."""
    content = b"".join(number(delta) + event for delta, event in events)
    return chunk(content + (number(end) + b"\xff\x2f\x00" if end is not None else b""))


def meta(kind: int, content: bytes) -> bytes:
    return bytes([0xFF, kind]) + number(len(content)) + content


def on(pitch: int, velocity: int = 80, channel: int = 0) -> bytes:
    return bytes([0x90 | channel, pitch, velocity])


def off(pitch: int, channel: int = 0) -> bytes:
    return bytes([0x80 | channel, pitch, 64])


def midi(*tracks: bytes, kind: int = 1, division: bytes = b"\x01\xe0", count: int | None = None) -> bytes:
    """Return a file; its division is 480 ticks a beat unless told."""
    declared = len(tracks) if count is None else count
    return chunk(kind.to_bytes(2) + declared.to_bytes(2) + division, b"MThd") + b"".join(tracks)


def play(*notes: Note, name: str = "", program: int = 0, channel: int = 0) -> Track:
    return Track(tuple(notes), name, program, channel)


A, ONE = Note(0.0, 60, 1.0), track((0, on(60)), (480, off(60)))
DOUBLE = (Note(0.0, 60, 2.0), Note(1.0, 60, 2.0))
TEMPO_60, MARK = meta(0x51, (1_000_000).to_bytes(3)), meta(0x7F, b"\x7dgd\x00\x01")

AWKWARD: dict[str, tuple[bytes, Score]] = {
    "type 0": (midi(ONE, kind=0), Score((play(A),))),
    "type 0 with its name": (
        midi(track((0, meta(3, b"Air")), (0, on(60)), (480, off(60))), kind=0),
        Score((play(A),), title="Air"),
    ),
    "type 0 with two tracks": (midi(ONE, ONE, kind=0), Score((play(A), play(A)))),
    "type 1 with notes in its first track": (
        midi(track((0, meta(3, b"Air")), (0, on(60)), (480, off(60)))),
        Score((play(A, name="Air"),)),
    ),
    "no tracks": (midi(), Score()),
    "an empty track": (midi(chunk(b"")), Score()),
    "only an end": (midi(track(), track()), Score()),
    "only a program": (midi(track(), track((0, b"\xc3\x05"))), Score((play(program=5, channel=3),))),
    "running status": (
        midi(track((0, on(60)), (480, b"\x3c\x00"), (0, b"\x3e\x50"), (240, b"\x3e\x00"))),
        Score((play(A, Note(1.0, 62, 0.5)),)),
    ),
    "running status over a meta event": (
        midi(track((0, on(60)), (0, meta(1, b"la")), (480, b"\x3c\x00"))),
        Score((play(A),)),
    ),
    "running status over a system message": (
        midi(track((0, on(60)), (0, b"\xf0\x02\x01\xf7"), (480, b"\x3c\x00"))),
        Score((play(A),)),
    ),
    "velocity 0 ends a note": (midi(track((0, on(60)), (480, on(60, 0)))), Score((play(A),))),
    "no end of the track": (midi(track((0, on(60)), (480, off(60)), end=None)), Score((play(A),))),
    "events after the end": (
        midi(chunk(ONE[8:] + b"\x00" + on(70) + b"\x10" + off(70))),
        Score((play(A),)),
    ),
    "a note that never ends": (midi(track((0, on(60)), end=480)), Score((play(A),))),
    "a note that never ends in a track that does not": (
        midi(track((0, on(60)), (480, meta(1, b"")), end=None)),
        Score((play(A),)),
    ),
    "an end without a note": (midi(track((0, off(60)), (0, on(60)), (480, off(60)), (9, off(60)))), Score((play(A),))),
    "a note of no length": (midi(track((0, on(60)), (0, off(60)))), Score((play(Note(0.0, 60, 0.0)),))),
    "a note of no length before a long one": (
        midi(track((0, on(60)), (0, on(60)), (0, off(60)), (480, off(60)))),
        Score((play(Note(0.0, 60, 0.0), A),)),
    ),
    "first on, first off": (
        midi(track((0, on(60)), (480, on(60)), (480, off(60)), (480, off(60)))),
        Score((play(*DOUBLE),)),
    ),
    "a note within another, marked": (
        midi(track((0, on(60)), (480, on(60)), (480, MARK), (0, off(60)), (480, off(60)))),
        Score((play(Note(0.0, 60, 3.0), Note(1.0, 60, 1.0)),)),
    ),
    "a mark that points nowhere": (midi(track((0, on(60)), (480, MARK), (0, off(60)))), Score((play(A),))),
    "a mark of another maker": (
        midi(track((0, on(60)), (480, meta(0x7F, b"\x7dxy\x00\x01")), (0, off(60)))),
        Score((play(A),)),
    ),
    "the same key on two channels": (
        midi(track((0, on(60)), (0, on(60, 80, 1)), (480, off(60, 1)), (480, off(60)))),
        Score((play(Note(0.0, 60, 2.0)), play(A, channel=1))),
    ),
    "a program between notes": (
        midi(track((0, on(60)), (480, off(60)), (0, b"\xc0\x28"), (0, on(60)), (480, off(60)))),
        Score((play(A), play(Note(1.0, 60, 1.0), program=40))),
    ),
    "a program during a note": (
        midi(track((0, on(60)), (240, b"\xc0\x28"), (240, off(60)), (0, on(62)), (480, off(62)))),
        Score((play(A), play(Note(1.0, 62, 1.0), program=40))),
    ),
    "programs in the first track": (
        midi(track((0, b"\xc0\x07"), (0, b"\xc1\x08")), ONE),
        Score((play(A, program=7),)),
    ),
    "a control before its program": (
        midi(track((0, b"\xb0\x07\x64"), (0, b"\xc0\x28"), (0, on(60)), (480, off(60)))),
        Score((Track((A,), "", 40, 0, (Control(0.0, 7, 100),)),)),
    ),
    "controls in the order of the file": (
        midi(track((0, on(60)), (0, b"\xb0\x65\x00"), (0, b"\x64\x00"), (0, b"\x06\x02"), (480, off(60)))),
        Score((Track((A,), "", 0, 0, (Control(0.0, 101, 0), Control(0.0, 100, 0), Control(0.0, 6, 2))),)),
    ),
    "controls without notes": (
        midi(track((0, b"\xb2\x40\x7f"))),
        Score((Track((), "", 0, 2, (Control(0.0, 64, 127),)),)),
    ),
    "bends and pressure": (
        midi(track((0, b"\xe0\x00\x40"), (0, b"\xd0\x40"), (0, b"\xa0\x3c\x40"), (0, on(60)), (480, off(60)))),
        Score((replace(play(A), bends=(Bend(0.0, 0),)),)),
    ),
    "bends to both ends before a program": (
        midi(track((0, b"\xe2\x00\x00"), (0, b"\xc2\x28"), (0, on(60, channel=2)), (480, b"\xe2\x7f\x7f"))),
        Score((replace(play(A, program=40, channel=2), bends=(Bend(0.0, -8192), Bend(1.0, 8191))),)),
    ),
    "words to a melody": (
        midi(
            track((0, meta(3, b"Song"))),
            track(
                (0, meta(5, "fl\u00f6-".encode())),
                (0, on(60)),
                (480, off(60)),
                (0, meta(5, b"")),
                (0, meta(5, b"t\xf6")),
            ),
        ),
        Score(
            (replace(play(A), lyrics=(Lyric(0.0, "fl\u00f6-"), Lyric(1.0, ""), Lyric(1.0, "t\u00f6"))),), title="Song"
        ),
    ),
    "words in a track of their own": (
        midi(track((0, meta(3, b"Song")), (480, meta(5, b"la"))), track((0, on(60)), (480, off(60)))),
        Score((Track(lyrics=(Lyric(1.0, "la"),)), play(A)), title="Song"),
    ),
    "a tempo that changes": (
        midi(track((0, TEMPO_60), (480, meta(0x51, (618_557).to_bytes(3))))),
        Score((), (Tempo(0.0, 60.0), Tempo(1.0, 97.0))),
    ),
    "a tempo in a later track": (midi(track(), track((960, TEMPO_60))), Score((), (Tempo(2.0, 60.0),))),
    "two tempos at once": (
        midi(track((0, meta(0x51, b"\x01\x00\x00")), (0, TEMPO_60))),
        Score((), (Tempo(0.0, 60.0),)),
    ),
    "a tempo of nothing": (midi(track((0, meta(0x51, bytes(3))), (0, meta(0x51, b"\x01")))), Score()),
    "a time signature": (
        midi(track((0, meta(0x58, b"\x06\x03\x24\x08")), (480, meta(0x58, b"\x03\x02")))),
        Score((), (), (Meter(0.0, 6, 8), Meter(1.0, 3, 4))),
    ),
    "odd time signatures": (midi(track((0, meta(0x58, b"\x00\x02")), (0, meta(0x58, b"\x04\xff")))), Score()),
    "key signatures in any track": (
        midi(track((0, meta(0x59, b"\xfd\x01"))), track((480, meta(0x59, b"\x02\x00")))),
        Score((), (), (), (Key(0.0, -3, True), Key(1.0, 2))),
    ),
    "odd key signatures": (
        midi(track((0, meta(0x59, b"\x08\x00")), (0, meta(0x59, b"\x00\x02")), (0, meta(0x59, b"\x00")))),
        Score(),
    ),
    "a name in Latin-1": (
        midi(track(), track((0, meta(3, b"Fl\xf6te")), (0, on(60)), (480, off(60)))),
        Score((play(A, name="Flöte"),)),
    ),
    "a name in UTF-8": (
        midi(track((0, meta(3, "Flöte".encode()))), ONE),
        Score((play(A),), title="Flöte"),
    ),
    "two names, of which the first holds": (
        midi(track((0, meta(3, b"One")), (0, meta(3, b"Two")))),
        Score(title="One"),
    ),
    "an endless name": (midi(track((0, meta(3, b"x" * 70_000)))), Score(title="x" * 1000)),
    "unknown meta events": (
        midi(track((0, meta(0x60, b"?")), (0, meta(0x7E, b"")), (0, meta(0x20, b"\x01")), (0, meta(0x54, b"12345")))),
        Score(),
    ),
    "pieces of a system message": (
        midi(track((0, b"\xf0\x03\x43\x12\x00"), (5, b"\xf7\x02\x43\xf7"), (475, on(60)), (480, off(60)))),
        Score((play(Note(1.0, 60, 1.0)),)),
    ),
    "messages of a wire": (
        midi(track((0, b"\xf8"), (0, b"\xfe"), (0, b"\xf2\x01\x02"), (0, on(60)), (480, off(60)))),
        Score((play(A),)),
    ),
    "a chunk of another kind": (midi(chunk(b"what is this", b"XFIH"), ONE, count=1), Score((play(A),))),
    "more tracks than declared": (midi(ONE, ONE, count=1), Score((play(A), play(A)))),
    "a long header": (
        chunk(b"\x00\x01\x00\x01\x01\xe0more", b"MThd") + ONE,
        Score((play(A),)),
    ),
    "rubbish at the end": (midi(ONE) + b"\x1a" * 100, Score((play(A),))),
    "an .rmi file": (
        b"RIFF"
        + (len(midi(ONE)) + 12).to_bytes(4, "little")
        + b"RMIDdata"
        + len(midi(ONE)).to_bytes(4, "little")
        + midi(ONE),
        Score((play(A),)),
    ),
    "frames of film": (
        midi(track((0, meta(0x51, b"\x01\x00\x00")), (0, on(60)), (1000, off(60))), division=b"\xe7\x28"),
        Score((play(A),), (Tempo(0.0, 60.0),), resolution=1000),
    ),
    "frames of television": (
        midi(track((0, on(60)), (2400, off(60))), division=b"\xe3\x50"),
        Score((play(A),), (Tempo(0.0, bpm_of(1_001_000)),), resolution=2400),
    ),
    "one tick in a beat": (
        midi(track((0, on(60)), (1, off(60))), division=b"\x00\x01"),
        Score((play(A),), resolution=1),
    ),
    "a number in more bytes than it needs": (
        midi(chunk(b"\x80\x80\x80\x00" + on(60) + b"\x80\x83\x60" + off(60))),
        Score((play(A),)),
    ),
}
"""What each file is, its bytes, and what it says."""

_LONG = number(0x0FFFFFFF)
HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "is not a MIDI file"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "is not a MIDI file"),
    "a header alone": (b"MThd\x00\x00\x00\x06", "cut off in its header"),
    "a short header": (chunk(b"\x00\x01\x00\x01\x01\xe0", b"MThd", 5) + ONE, "its header is too short"),
    "a header that goes on for ever": (
        chunk(b"\x00\x01\x00\x01\x01\xe0", b"MThd", 0xFFFFFFFF) + ONE,
        "declares 1 track",
    ),
    "type 2": (midi(ONE, kind=2), "independent patterns"),
    "type 9": (midi(ONE, kind=9), "is of type 9"),
    "no ticks": (midi(ONE, division=b"\x00\x00"), "how long a tick is"),
    "unknown frames": (midi(ONE, division=b"\xff\x28"), "how long a tick is"),
    "frames without ticks": (midi(ONE, division=b"\xe7\x00"), "how long a tick is"),
    "a track of 4 GB": (midi(chunk(ONE[8:], size=0xFFFFFFFF)), "cut off in track 1"),
    "a track longer than the file": (midi(ONE, chunk(ONE[8:], size=20)), "cut off in track 2"),
    "another chunk of 4 GB": (midi(chunk(b"", b"XFIH", 0xFFFFFFFF), ONE, count=1), "declares 1 track"),
    "65,535 tracks that are not there": (midi(ONE, count=65_535), "declares 65,535 tracks and has 1"),
    "too many tracks": (midi(*[chunk(b"")] * 300), "more than 256 tracks"),
    "a number without end": (midi(chunk(b"\xff" * 1000)), "more than four bytes"),
    "a length without end": (midi(chunk(b"\x00\xff\x01" + b"\x80" * 1000)), "more than four bytes"),
    "a text longer than its track": (midi(chunk(b"\x00\xff\x01" + _LONG + b"la")), "in the middle of an event"),
    "a message longer than its track": (midi(chunk(b"\x00\xf0" + _LONG + b"\x01")), "in the middle of an event"),
    "half a note": (midi(chunk(b"\x00\x90\x3c")), "in the middle of an event"),
    "time alone": (midi(chunk(b"\x00")), "in the middle of an event"),
    "data first": (midi(chunk(b"\x00\x3c\x40")), "begins with data"),
    "an unknown event": (midi(chunk(b"\x00\xf4")), "byte F4"),
    "an event within another": (midi(chunk(b"\x00\x90\x3c\x90")), "where another has not ended"),
    "2^28 ticks": (midi(track((0, on(60)), (0x0FFFFFFF, off(60)))), "longer than 100,000 beats"),
    "2^28 ticks many times": (midi(track(*[(0x0FFFFFFF, b"\xb0\x00\x00")] * 50_000)), "longer than 100,000 beats"),
    "too many events": (midi(chunk(b"\x00\xc0\x00" + b"\x00\x00" * 1_500_000)), "more than 1,000,000 events"),
    "too many notes": (midi(chunk(b"\x00\x90\x3c\x40" + b"\x00\x3c\x40" * 300_000)), "more than 200,000 notes"),
    "too many instruments": (
        midi(chunk(b"".join(b"\x00%c%c\x00" % (0xC0 | at % 16, at // 16) + on(60, 80, at % 16) for at in range(300)))),
        "more than 255 instruments",
    ),
    "too large": (midi(track((0, meta(1, bytes(4_000_000))))), "larger than 4 MB"),
}
"""What each file is, its bytes, and words of the sentence that refuses it."""
