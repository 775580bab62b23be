"""Notes on the clipboard: plain JSON, checked when it is read."""

import json

from gendesk.errors import InputError
from gendesk.music.score import Note

MIME_TYPE = "application/x-gendesk-notes+json"
_VERSION = 1
_MOST_NOTES = 100_000
_MOST_BYTES = 16 * 2**20
_LONGEST = 1e5  # beats; half a day of music


def packed(notes: tuple[Note, ...]) -> bytes:
    """Return notes as JSON, their starts counted from the first one."""
    first = min((note.start for note in notes), default=0.0)
    rows = [[note.start - first, note.pitch, note.length, note.velocity] for note in sorted(notes)]
    return json.dumps({"version": _VERSION, "notes": rows}).encode()


def unpacked(data: bytes) -> tuple[Note, ...]:
    """Return the notes of `packed`; raises InputError for anything else."""
    if len(data) > _MOST_BYTES:
        raise InputError("The clipboard holds too much to be notes.")
    try:
        content = json.loads(data)
        rows = content["notes"] if content["version"] == _VERSION else None
    except (ValueError, KeyError, TypeError, RecursionError):
        rows = None
    if not isinstance(rows, list) or len(rows) > _MOST_NOTES:
        raise InputError("What is on the clipboard are no notes of this program.")
    return tuple(_note(row) for row in rows)


def _note(row: object) -> Note:
    match row:
        case [int() | float() as start, int() as pitch, int() | float() as length, int() as velocity] if (
            not any(isinstance(value, bool) for value in row)
            and all(0 <= value <= _LONGEST for value in (start, length))
            and 0 <= pitch <= 127
            and 1 <= velocity <= 127
        ):
            return Note(float(start), pitch, float(length), velocity)
    raise InputError("A note on the clipboard has a place, pitch or velocity that no note can have.")
