"""Chorales that are published as tables of pitches: a row for each sixteenth, a column for each voice, the top first.

That is how Boulanger-Lewandowski, Bengio and Vincent's set of Bach's chorales (Modeling Temporal Dependencies in
High-Dimensional Sequences, 2012) goes round, as JSON and as .npz: lists train, valid and test, of tables. The tables
do not tell a held note from a repeated one; here a note ends at each beat, as most voices of chorales move with them.
"""

import json
import math
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy

from gendesk.data.readers.limits import MIB, check_ratio
from gendesk.data.scores.arranging import VOICE_NAMES
from gendesk.data.scores.pickled import UnpickledError, unpickled
from gendesk.errors import InputError
from gendesk.music.score import Note, Score, Tempo, Track

Table = Sequence[Sequence[int]]
"""Pitches 0 to 127 of each voice at each sixteenth, -1 where it is silent."""
PARTS = ("train", "valid", "test")
_LARGEST = 16 * MIB
_STEPS = 4
_MOST_VOICES, _MOST_ROWS, _MOST_PIECES = 16, 100_000, 100_000
_TEMPO = 66.0
_CHOIR = 52


def read_tables(path: Path, name: str) -> dict[str, list[Table]]:
    """Read the tables of each part; raises InputError if the file holds something else."""
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            raise InputError(f"{name} is larger than {_LARGEST // MIB} MiB, which no set of chorales is.")
        parts = _from_npz(path, name) if path.suffix.lower() == ".npz" else _from_json(path.read_bytes(), name)
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}.") from error
    if not any(part in parts for part in PARTS):
        listed = ", ".join(sorted(parts)[:5]) or "nothing"
        raise InputError(f"{name} holds {listed}, but no lists named train, valid and test, as chorales come in.")
    return {part: _tables(parts[part], f"{part} of {name}") for part in PARTS if part in parts}


def score_of(table: Table, title: str) -> Score:
    """Return a table as a piece: equal pitches of a voice in the same beat are one note."""
    count = max(map(len, table), default=0)
    names = VOICE_NAMES.get(count, tuple(f"Voice {number + 1}" for number in range(count)))
    tracks = tuple(
        Track(notes=tuple(_notes([row[voice] for row in table])), name=name, program=_CHOIR, channel=voice)
        for voice, name in enumerate(names)
    )
    return Score(tracks=tracks, tempos=(Tempo(0.0, _TEMPO),), title=title)


def _notes(pitches: Sequence[int]) -> Iterator[Note]:
    start = 0
    for end in range(1, len(pitches) + 1):
        if end == len(pitches) or pitches[end] != pitches[start] or end % _STEPS == 0:
            if pitches[start] >= 0:
                yield Note(start / _STEPS, pitches[start], (end - start) / _STEPS)
            start = end


def _from_json(data: bytes, name: str) -> Mapping[str, Any]:
    try:
        read = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is no JSON, or it is damaged.") from error
    if not isinstance(read, dict):
        raise InputError(f"{name} holds no lists named train, valid and test, as chorales come in.")
    return read


def _from_npz(path: Path, name: str) -> Mapping[str, Any]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = {one.filename.removesuffix(".npy"): one for one in archive.infolist()}
            return {part: _array(archive, members[part], name) for part in PARTS if part in members}
    except (ValueError, EOFError, RuntimeError, zipfile.BadZipFile) as error:
        raise InputError(f"{name} is damaged or not complete.") from error


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Any:
    if member.file_size > _LARGEST:
        raise InputError(f"{name} holds an array of {member.file_size:,} bytes, which no set of chorales has.")
    check_ratio(name, member.compress_size, member.file_size)
    with archive.open(member) as stream:
        major, minor = npy.read_magic(stream)
        read = npy.read_array_header_1_0 if (major, minor) == (1, 0) else npy.read_array_header_2_0
        shape, fortran, kind = read(stream)
        data = stream.read()
    if kind.hasobject:
        try:
            return unpickled(data)
        except UnpickledError as error:
            raise InputError(f"{member.filename} of {name} {error}.") from error
    if kind.kind not in "iuf" or len(data) != math.prod(shape) * kind.itemsize:
        raise InputError(f"{member.filename} of {name} holds no table of numbers, or not all of it.")
    return np.frombuffer(data, kind).reshape(shape, order="F" if fortran else "C")


def _tables(value: Any, name: str) -> list[Table]:
    pieces = value.tolist() if isinstance(value, np.ndarray) else value
    if not isinstance(pieces, list) or len(pieces) > _MOST_PIECES:
        raise InputError(f"{name} is no list of pieces.")
    return [_table(piece, f"piece {number} in {name}") for number, piece in enumerate(pieces, 1)]


def _table(value: Any, name: str) -> Table:
    rows = value.tolist() if isinstance(value, np.ndarray) else value
    if not isinstance(rows, list) or len(rows) > _MOST_ROWS:
        raise InputError(f"{name} is no list of steps.")
    rows = [row.tolist() if isinstance(row, np.ndarray) else row for row in rows]
    if not all(isinstance(row, list) and len(row) == len(rows[0]) <= _MOST_VOICES for row in rows):
        raise InputError(f"{name} does not have the same voices at each step, 1 to {_MOST_VOICES} of them.")
    return [[_pitch(value, name) for value in row] for row in rows]


def _pitch(value: Any, name: str) -> int:
    """Return a pitch, -1 for silence, which is also written as something that is not a number."""
    if isinstance(value, float) and math.isnan(value):
        return -1
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1 <= value <= 127 or value != int(value):
        raise InputError(f"{name} holds {value!r:.40}, which is no pitch from 0 to 127 and no -1 for silence.")
    return int(value)
