"""Finds the pieces at a path and reads them: MIDI files, and publications of chorales as tables of pitches."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gendesk.data.dataset import SkippedFile
from gendesk.data.progress import Progress
from gendesk.data.readers.files import readable
from gendesk.data.readers.source import UnreadableError
from gendesk.data.scores import grids
from gendesk.data.text.reading import TextFile, list_files
from gendesk.errors import InputError
from gendesk.music.midi_events import MOST_BYTES
from gendesk.music.midi_reading import read_midi
from gendesk.music.score import Score

MIDI_SUFFIXES = (".mid", ".midi")
GRID_SUFFIXES = (".json", ".npz")
_PARTS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("valid", "validation", "val"), "valid"),
    "test": "test",
}


@dataclass(frozen=True)
class Candidate:
    """A piece that may be read; `part` is train, valid or test where whoever published it says so, else empty.

    `read` raises InputError or UnreadableError.
    """

    name: str
    read: Callable[[], Score]
    part: str = ""


@dataclass(frozen=True)
class RawScores:
    """Pieces to choose from, and files that are none."""

    candidates: tuple[Candidate, ...]
    skipped: tuple[SkippedFile, ...] = ()


@dataclass(frozen=True)
class Found:
    """What lies at a path: files that may hold pieces, and others."""

    files: tuple[TextFile, ...]
    skipped: tuple[SkippedFile, ...]

    @property
    def signature(self) -> str:
        """Something that changes when the files do."""
        return "\n".join(f"{file.name}\0{file.stamp}" for file in self.files)


def find(path: Path, progress: Progress) -> Found:
    """List a file, or the files below a folder, by their names; raises InputError and Cancelled."""
    files, skipped = list_files(path, progress)
    known = (*MIDI_SUFFIXES, *GRID_SUFFIXES)
    wanted = tuple(file for file in files if file.name.lower().endswith(known))
    if path.is_file() and not wanted:
        raise InputError(
            f"{readable(path.name)} holds no pieces that can be read; give a MIDI file (.mid), a folder of them, or "
            "chorales as .json or .npz."
        )
    others = [SkippedFile(file.name, "is no MIDI file") for file in files if not file.name.lower().endswith(known)]
    return Found(wanted, (*skipped, *others))


def candidates_of(found: Found, progress: Progress) -> RawScores:
    """Return the pieces in files: one in each MIDI file, many in a table of chorales; raises Cancelled.

    Raises InputError, if the only file holds no chorales.
    """
    candidates: list[Candidate] = []
    skipped = list(found.skipped)
    for done, file in enumerate(found.files):
        progress.update(0.1 * done / len(found.files), f"Reading {file.name}")
        if file.name.lower().endswith(MIDI_SUFFIXES):
            candidates.append(Candidate(file.name, partial(_read_midi, file), _part_of(file.name)))
            continue
        try:
            parts = grids.read_tables(file.path, file.name)
        except InputError as problem:
            if len(found.files) == 1:
                raise
            skipped.append(SkippedFile(file.name, reason(problem, file.name)))
            continue
        for part, tables in parts.items():
            for number, table in enumerate(tables, 1):
                title = f"{file.path.stem}, {part} {number}"
                candidates.append(Candidate(title, partial(grids.score_of, table, title), part))
    return RawScores(tuple(candidates), tuple(skipped))


def reason(problem: Exception, name: str) -> str:
    """Return what is wrong with a piece as the rest of a sentence that begins with its name."""
    return str(problem).removeprefix(name).strip().removesuffix(".")


def _part_of(name: str) -> str:
    """Return the part that the top folder of a file is named after."""
    top, slash, _ = name.partition("/")
    return _PARTS.get(top.lower(), "") if slash else ""


def _read_midi(file: TextFile) -> Score:
    try:
        with file.path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)  # what is too large shows by one byte
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror or error})") from error
    return read_midi(data, file.name)
