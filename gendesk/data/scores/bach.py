"""Bach's four-part chorales from the corpus of music21, where a person has installed it."""

import importlib
import importlib.metadata
import importlib.util
from functools import partial
from pathlib import Path
from typing import Any

from gendesk.data.progress import Progress
from gendesk.data.scores.reading import Candidate, RawScores
from gendesk.errors import InputError
from gendesk.music.score import Key, Meter, Note, Score, Tempo, Track

_TEMPO = 66.0
_CHOIR = 52
_VOICES = 4


def version() -> str:
    """Return music21's version, since its corpus changes with it; raises InputError where it is not installed."""
    found = importlib.util.find_spec("music21")
    if found is None or found.origin is None:  # any folder of that name has a specification, too
        raise InputError("Bach's chorales come with music21, which is not installed; add it with: pip install music21.")
    return importlib.metadata.version("music21")


def read(progress: Progress) -> RawScores:
    """List the chorales of the corpus; pieces with more or fewer than four voices are left out when they are read."""
    progress.update(0.0, "Listing Bach's chorales")
    corpus = importlib.import_module("music21.corpus")
    paths = [Path(path) for path in corpus.getComposer("bach")]
    return RawScores(tuple(Candidate(path.stem, partial(_read, path)) for path in sorted(paths)))


def _read(path: Path) -> Score:
    corpus = importlib.import_module("music21.corpus")
    try:
        parsed = corpus.parse(path)
        parts = list(parsed.parts)
        if len(parts) != _VOICES:
            raise InputError(f"{path.stem} does not have four voices.")
        lead = _lead(parts[0])
        top = parts[0].flatten()
        tracks = tuple(Track(_notes(part, lead), str(part.partName or ""), _CHOIR, at) for at, part in enumerate(parts))
        meters = tuple(
            Meter(_moved(one, lead), one.numerator, one.denominator) for one in top.getElementsByClass("TimeSignature")
        )
        keys = tuple(
            Key(_moved(one, lead), one.sharps, getattr(one, "mode", "major") == "minor")
            for one in top.getElementsByClass("KeySignature")
        )
    except InputError:
        raise
    except Exception as error:  # music21 raises whatever a file leads it to
        raise InputError(f"{path.stem} cannot be read by music21 ({error}).") from error
    return Score(tracks, (Tempo(0.0, _TEMPO),), meters, keys, path.stem)


def _lead(part: Any) -> float:
    """Return how many beats the first bar lacks: a piece that begins with an upbeat is put where its bars are."""
    bars = part.getElementsByClass("Measure")
    return float(bars[0].paddingLeft) if bars else 0.0


def _moved(element: Any, lead: float) -> float:
    return float(element.offset) + lead if element.offset else 0.0


def _notes(part: Any, lead: float) -> tuple[Note, ...]:
    """Return the notes of a part with ties joined; of several at once all."""
    found = (
        Note(float(element.offset) + lead, int(pitch.midi), float(element.quarterLength))
        for element in part.stripTies().flatten().notes
        for pitch in element.pitches
        if element.quarterLength > 0
    )
    return tuple(sorted(found))
