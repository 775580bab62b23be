"""The bytes of a MIDI file, cut into chunks and events; nothing that a file says of its own size is believed.

Format: Standard MIDI Files 1.0 (MIDI Manufacturers Association, RP-001, 1996). mido, with which files are written, is
not used for reading, because it makes an object of several hundred bytes of each event before they can be counted.
"""

import struct
from collections.abc import Iterator

MOST_BYTES = 4_000_000
"""A longer file is refused; a symphony has about 500,000."""
MOST_CHUNKS = 256
MOST_EVENTS = 1_000_000

META, SYSEX, ESCAPE, END_OF_TRACK = 0xFF, 0xF0, 0xF7, 0x2F
_HEADER, _TRACK = b"MThd", b"MTrk"
_SYSTEM = {0xF1: 1, 0xF2: 2, 0xF3: 1, 0xF6: 0} | dict.fromkeys(range(0xF8, 0xFF), 0)
"""Data bytes of the messages of a wire that have no business in a file, but are passed over where they stand in one."""

_BROKEN_OFF = "is damaged: a track ends in the middle of an event"

Event = tuple[int, int, bytes]
"""When, in ticks from the beginning of the chunk; the status byte; and the data. That of META begins with its type."""


class MidiError(Exception):
    """What is wrong with a file: the end of a sentence that begins with its name, without the full stop."""


def chunks(data: bytes) -> tuple[int, int, list[bytes]]:
    """Return the type, 0 or 1, the division (signed, as the header has it) and the bytes of each track.

    Chunks of other kinds are passed over, and so is the RIFF frame of .rmi files. Raises MidiError.
    """
    if len(data) > MOST_BYTES:
        raise MidiError(f"is larger than {MOST_BYTES // 1_000_000} MB, the most that is read of a MIDI file")
    if data[:4] == b"RIFF" and data[8:16] == b"RMIDdata":
        data = data[20:]
    if data[:4] != _HEADER:
        raise MidiError("is not a MIDI file: it does not begin with MThd")
    if len(data) < 14:
        raise MidiError("is cut off in its header")
    size, kind, declared, division = struct.unpack(">IHHh", data[4:14])
    if size < 6:
        raise MidiError("is damaged: its header is too short")
    if kind == 2:
        raise MidiError("holds independent patterns (type 2), and only pieces (type 0 and 1) can be read")
    if kind > 2:
        raise MidiError(f"is of type {kind}, and only types 0 and 1 can be read")
    return kind, division, _tracks(data, 8 + size, declared)


def _tracks(data: bytes, at: int, declared: int) -> list[bytes]:
    """Return the track chunks from a place on, however many there are, but no fewer than the header declares."""
    found: list[bytes] = []
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8])
        at += 8
        if kind == _TRACK:
            if at + size > len(data):
                raise MidiError(f"is cut off in track {len(found) + 1}")
            if len(found) == MOST_CHUNKS:
                raise MidiError(f"has more than {MOST_CHUNKS} tracks")
            found.append(data[at : at + size])
        at += size
    if len(found) < declared:
        raise MidiError(f"is cut off: it declares {declared:,} tracks and has {len(found)}")
    return found


def events(chunk: bytes) -> Iterator[Event]:
    """Yield the events of a track, up to and with the one that ends it, or all, where none does.

    Running status outlives meta events and system messages, though the format forbids that: many files rely on it.
    Raises MidiError.
    """
    at, tick, running = 0, 0, 0
    try:
        while at < len(chunk):
            delta, at = _number(chunk, at)
            tick += delta
            status = chunk[at]
            if status >= 0x80:
                at += 1
            elif running:
                status = running
            else:
                raise MidiError("is damaged: a track begins with data in place of an event")
            data, at = _content(chunk, at, status)
            yield tick, status, data
            if status < SYSEX:
                running = status
            elif status == META and data[0] == END_OF_TRACK:
                return
    except IndexError:
        raise MidiError(_BROKEN_OFF) from None


def _content(chunk: bytes, at: int, status: int) -> tuple[bytes, int]:
    """Return the data of an event and the place after it."""
    kind = b""
    if status == META:
        kind, at = chunk[at : at + 1], at + 1
    if status < SYSEX:
        length = 1 if 0xC0 <= status < 0xE0 else 2
    elif status in (META, SYSEX, ESCAPE):
        length, at = _number(chunk, at)
    elif status in _SYSTEM:
        length = _SYSTEM[status]
    else:
        raise MidiError(f"is damaged: no event begins with the byte {status:02X}")
    end = at + length
    if end > len(chunk):
        raise MidiError(_BROKEN_OFF)
    data = chunk[at:end]
    if status < SYSEX and max(data) >= 0x80:
        raise MidiError("is damaged: an event begins where another has not ended")
    return kind + data, end


def _number(chunk: bytes, at: int) -> tuple[int, int]:
    """Read a number of variable length, seven bits a byte, at most four bytes; return it and the place after it."""
    value = 0
    for place in range(at, at + 4):
        byte = chunk[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + 1
    raise MidiError("is damaged: a number goes on for more than four bytes")
