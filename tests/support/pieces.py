"""Small pieces of music and the files that they come in, for tests."""

import io
import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from gendesk.music.midi_writing import write_midi
from gendesk.music.score import Meter, Note, Score, Tempo, Track

BACH_LIKE = [[67, 64, 60, 48]] * 4 + [[65, 62, 59, 43]] * 2 + [[64, 62, 59, 43]] * 2 + [[-1, 60, 55, 48]] * 8
"""Sixteen sixteenths of four voices, the top one silent at last."""


def tune(*pitches: int, length: float = 1.0, title: str = "") -> Score:
    """Return one note after the other."""
    notes = tuple(Note(at * length, pitch, length) for at, pitch in enumerate(pitches))
    return Score((Track(notes, "Tune"),), (Tempo(0.0, 120.0),), (Meter(0.0, 4, 4),), title=title)


def hymn() -> Score:
    """Return four voices in one track, as a pianist plays them."""
    chords = ((48, 60, 64, 67), (43, 59, 62, 67), (48, 60, 64, 72))
    notes = [Note(2.0 * at, pitch, 2.0) for at, chord in enumerate(chords) for pitch in chord]
    return Score((Track(tuple(sorted(notes)), "Piano"),))


def save_tunes(folder: Path, count: int) -> Path:
    """Write MIDI files 00.mid and so on, each of eight notes."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        write_midi(tune(*(60 + (number + step * 2) % 12 for step in range(8))), folder / f"{number:02}.mid")
    return folder


def tables(train: int = 12, valid: int = 3, test: int = 4) -> dict[str, list[list[list[int]]]]:
    """Return chorales as the published tables have them, each in another place."""
    counts = {"train": train, "valid": valid, "test": test}
    moved = lambda by: [[pitch + by if pitch >= 0 else -1 for pitch in row] for row in BACH_LIKE]  # noqa: E731
    return {part: [moved(number % 5) for number in range(count)] for part, count in counts.items()}


def save_json(path: Path, parts: dict[str, Any]) -> Path:
    path.write_text(json.dumps(parts))
    return path


def save_npz(path: Path, parts: dict[str, list[list[list[int]]]], *, kind: str = "<f2") -> Path:
    """Write tables as numpy does now: arrays of arrays, that is a pickle; silence is no number."""
    arrays: dict[str, Any] = {}
    for part, pieces in parts.items():
        arrays[part] = np.empty(len(pieces), object)
        arrays[part][:] = [_array(piece, kind) for piece in pieces]
    np.savez(path, **arrays)
    return path


def _array(piece: list[list[int]], kind: str) -> Any:
    array = np.array(piece, kind)
    return np.where(array < 0, np.nan, array).astype(kind) if kind[1] == "f" else array


def python2_pickle(pieces: list[list[list[int]]]) -> bytes:
    """Write tables as numpy did under Python 2, as the published file has them: strings stand for bytes."""
    whole = b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b\x87Rq\x03"
    whole += b"(K\x01K" + bytes([len(pieces)]) + b"\x85cnumpy\ndtype\nq\x04U\x02O8K\x00K\x01\x87Rq\x05(K\x03U\x01|NNN"
    whole += b"J\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb\x89]q\x06("
    for number, piece in enumerate(pieces):
        data = _array(piece, "<f2")
        whole += b"h\x01h\x02K\x00\x85U\x01b\x87R(K\x01K" + bytes([len(piece)]) + b"K\x04\x86"
        if number == 0:
            whole += b"h\x04U\x02f2K\x00K\x01\x87Rq\x08(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        else:
            whole += b"h\x08"
        whole += b"\x89T" + struct.pack("<i", data.nbytes) + data.tobytes() + b"tb"
    return whole + b"etb."


def save_pickles(path: Path, pickles: dict[str, bytes], count: int = 1) -> Path:
    """Write an .npz whose arrays of `count` objects are the given pickles."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pickles.items():
            head = io.BytesIO()
            np.lib.format.write_array_header_1_0(head, {"descr": "|O", "fortran_order": False, "shape": (count,)})
            archive.writestr(f"{name}.npy", head.getvalue() + data)
    return path
