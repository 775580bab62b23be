"""A piece of music as one line of JSON, and back."""

import json
from typing import Any

from gendesk.music.score import Control, Key, Meter, Note, Score, Tempo, Track


def to_line(score: Score) -> bytes:
    """Write a piece as one line of JSON, which ends in a line end."""
    plain = {
        "title": score.title,
        "resolution": score.resolution,
        "tempos": [[tempo.beat, tempo.bpm] for tempo in score.tempos],
        "meters": [[meter.beat, meter.count, meter.unit] for meter in score.meters],
        "keys": [[key.beat, key.sharps, key.minor] for key in score.keys],
        "tracks": [_plain(track) for track in score.tracks],
    }
    return json.dumps(plain, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def from_line(line: bytes) -> Score:
    """Read what `to_line` wrote; raises ValueError, TypeError or KeyError if it did not write that."""
    plain = json.loads(line)
    return Score(
        tracks=tuple(_track(track) for track in plain["tracks"]),
        tempos=tuple(Tempo(*values) for values in plain["tempos"]),
        meters=tuple(Meter(*values) for values in plain["meters"]),
        keys=tuple(Key(*values) for values in plain["keys"]),
        title=plain["title"],
        resolution=plain["resolution"],
    )


def _plain(track: Track) -> dict[str, Any]:
    return {
        "name": track.name,
        "program": track.program,
        "channel": track.channel,
        "notes": [[note.start, note.pitch, note.length, note.velocity] for note in track.notes],
        "controls": [[control.beat, control.number, control.value] for control in track.controls],
    }


def _track(plain: dict[str, Any]) -> Track:
    return Track(
        notes=tuple(Note(*values) for values in plain["notes"]),
        name=plain["name"],
        program=plain["program"],
        channel=plain["channel"],
        controls=tuple(Control(*values) for values in plain["controls"]),
    )
