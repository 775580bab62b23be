"""From pieces as they were found to prepared ones: chosen, read, brought into form, counted, and written."""

import contextlib
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gendesk.data.dataset import Int64Array, ScoreInfo, SkippedFile
from gendesk.data.options import ScoreOptions
from gendesk.data.progress import Progress
from gendesk.data.readers.source import UnreadableError
from gendesk.data.scores import store
from gendesk.data.scores.arranging import Arranged, arranged
from gendesk.data.scores.reading import Candidate, RawScores, reason
from gendesk.errors import InputError
from gendesk.music.keys import estimated_keys, key_name
from gendesk.music.score import Score
from gendesk.music.tokens.chord_view import NOTHING, ChordVocabulary, chord_events

MOST_PIECES = 100_000
MOST_NOTES = 10_000_000
MOST_CHORDS = 20_000
_BINS = 10


@dataclass
class _Counts:
    """What is counted while pieces pass by, on a grid of `steps` per beat."""

    steps: int
    notes: int = 0
    moved: int = 0
    dropped: int = 0
    voices: int = 0
    lengths: list[float] = field(default_factory=list)
    ranges: list[tuple[int, int]] = field(default_factory=list)
    pitches: set[int] = field(default_factory=set)
    keys: Counter[str] = field(default_factory=Counter)
    meters: Counter[str] = field(default_factory=Counter)
    chords: Counter[str] = field(default_factory=Counter)
    durations: set[str] = field(default_factory=set)

    def add(self, piece: Arranged) -> None:
        score = piece.score
        self.notes += score.note_count
        self.moved += piece.moved
        self.dropped += piece.dropped
        self.lengths.append(score.end)
        self.keys[_key(score)] += 1
        self.meters[_meter(score)] += 1
        self.spell(score)
        voices = [[note.pitch for note in track.notes] for track in score.tracks if track.notes and not track.is_drums]
        self.pitches.update(pitch for voice in voices for pitch in voice)
        if len(voices) > self.voices:
            self.voices, self.ranges = len(voices), []
        if len(voices) == self.voices:
            own = [(min(voice), max(voice)) for voice in voices]
            before = self.ranges or own
            self.ranges = [(min(a, c), max(b, d)) for (a, b), (c, d) in zip(own, before, strict=True)]

    def spell(self, score: Score) -> None:
        """Count the chords and durations of a piece."""
        for chord, duration in chord_events(score, self.steps):
            self.chords[chord] += 1
            self.durations.add(duration)

    def info(self, **common: Any) -> ScoreInfo:
        """Describe the pieces; `common` is what every data set has."""
        chords = [chord for chord, _ in self.chords.most_common(MOST_CHORDS)]
        spelt = [[(chord, NOTHING) for chord in chords], [(chords[0], duration) for duration in sorted(self.durations)]]
        vocabulary = ChordVocabulary.learnt(spelt)
        return ScoreInfo(
            notes=self.notes,
            voices=self.voices,
            lowest=min(self.pitches, default=0),
            highest=max(self.pitches, default=0),
            longest=max(self.lengths),
            steps_per_beat=self.steps,
            chords=vocabulary.chords,
            durations=vocabulary.durations,
            **common,
        )

    def facts(self, found: int, unparted: int, size: int) -> store.Facts:
        """Return what a report tells beside that."""
        lowest, highest = min(self.lengths), max(self.lengths)
        counts, edges = np.histogram(self.lengths, np.linspace(lowest, highest, _BINS + 1 if highest > lowest else 2))
        return store.Facts(
            found=found,
            keys=tuple(self.keys.most_common()),
            meters=tuple(self.meters.most_common()),
            ranges=tuple(self.ranges),
            moved=self.moved / max(1, self.notes + self.dropped),
            dropped=self.dropped,
            unparted=unparted,
            lengths=tuple(zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)),
            bytes=size,
        )


def prepare(raw: RawScores, name: str, title: str, options: ScoreOptions, folder: Path, progress: Progress) -> None:
    """Write the pieces into `folder`; raises InputError if too few can be used, and Cancelled."""
    parted, wanted, unused = _in_parts(raw.candidates, options)
    skipped = list(raw.skipped)
    counts = _Counts(options.steps_per_beat)
    with store.PieceFile(folder) as file:
        parts = _write(_chosen(wanted, options), title, options, file, counts, skipped, progress)
        order, train_count = _order(parts, options, parted=parted)
        if not train_count:
            raise InputError(f"There is no piece to train on in {title}{_example(skipped)}.")
        digest = file.finish(order)
    # Pieces of a part that is not used are counted, too, so that one vocabulary spells all parts.
    for candidate in unused:
        progress.update(0.95, f"Counting the chords of {title}")
        with contextlib.suppress(UnreadableError, InputError):
            counts.spell(_arranged(candidate, options).score)
    info = counts.info(
        name=name,
        title=title,
        fingerprint=_fingerprint(digest, order, train_count, options),
        train_count=train_count,
        test_count=len(order) - train_count,
    )
    store.describe(folder, info, skipped, counts.facts(len(raw.candidates), len(unused), file.starts[-1]))
    progress.update(1.0, f"{title} is ready")


def _write(
    candidates: list[Candidate],
    title: str,
    options: ScoreOptions,
    file: store.PieceFile,
    counts: _Counts,
    skipped: list[SkippedFile],
    progress: Progress,
) -> list[str]:
    """Write and count the pieces that can be used, and return the part of each; the others are `skipped`."""
    parts: list[str] = []
    for done, candidate in enumerate(candidates):
        progress.update(0.1 + 0.85 * done / len(candidates), f"Preparing {title}: {done:,} pieces")
        try:
            piece = _arranged(candidate, options)
        except (UnreadableError, InputError) as problem:
            skipped.append(SkippedFile(candidate.name, reason(problem, candidate.name)))
            continue
        file.add(piece.score)
        counts.add(piece)
        parts.append(candidate.part)
        if counts.notes > MOST_NOTES:
            raise InputError(f"{title} holds more than {MOST_NOTES:,} notes; choose fewer pieces.")
    return parts


def _key(score: Score) -> str:
    """Return the first key of a piece, or the likeliest where it names none."""
    if score.keys:
        return key_name(score.keys[0])
    guesses = estimated_keys(score)
    return key_name(guesses[0].key) if guesses else "none"


def _meter(score: Score) -> str:
    """Return the time signature that a piece begins with, such as 3/4."""
    meter = score.meter_at(0.0)
    return f"{meter.count}/{meter.unit}"


def _in_parts(candidates: Sequence[Candidate], options: ScoreOptions) -> tuple[bool, list[Candidate], list[Candidate]]:
    """Return whether pieces come in parts, those of the parts that are used, and the others."""
    known = {candidate.part for candidate in candidates}
    if "train" not in known or not known & {"valid", "test"}:
        return False, list(candidates), []
    held_out = options.held_out if options.held_out in known else min(known & {"valid", "test"})
    used = [candidate for candidate in candidates if candidate.part in ("train", held_out)]
    return True, used, [candidate for candidate in candidates if candidate.part not in ("train", held_out)]


def _chosen(candidates: list[Candidate], options: ScoreOptions) -> list[Candidate]:
    """Return as many as are wanted, by lot, in their own order."""
    most = options.limit or MOST_PIECES
    if len(candidates) <= most:
        return candidates
    lot = np.random.default_rng(options.split_seed).permutation(len(candidates))[:most]
    return [candidates[number] for number in sorted(lot)]


def _arranged(candidate: Candidate, options: ScoreOptions) -> Arranged:
    piece = arranged(candidate.read(), options.steps_per_beat, options.voices)
    if not piece.score.note_count:
        raise UnreadableError("holds no notes that can be used")
    return piece


def _order(parts: list[str], options: ScoreOptions, *, parted: bool) -> tuple[Int64Array, int]:
    """Return the pieces, those to train on first, and how many these are."""
    count = len(parts)
    if parted:
        held_out = np.array([part != "train" for part in parts], dtype=np.bool_)
    else:
        most = min(count - 1, max(1, round(options.test_share * count))) if options.test_share and count else 0
        held_out = np.zeros(count, dtype=np.bool_)
        held_out[np.random.default_rng([options.split_seed, 1]).permutation(count)[:most]] = True
    return np.concatenate([np.flatnonzero(~held_out), np.flatnonzero(held_out)]), int((~held_out).sum())


def _example(skipped: Sequence[SkippedFile]) -> str:
    return f"; {skipped[-1].path} {skipped[-1].reason}" if skipped else ""


def _fingerprint(digest: str, order: Int64Array, train_count: int, options: ScoreOptions) -> str:
    """Hash the pieces, the grid, and what is held out, but no names or places."""
    facts = [digest, order.tolist(), train_count, options.steps_per_beat]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
