"""Small networks that compose, fresh and untrained, and the pieces that they are made for."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from gendesk.plugins.music import recipes
from gendesk.plugins.music.composer import Composer
from gendesk.plugins.music.models import LineModel

from gendesk.config import checked
from gendesk.data.dataset import ScoreDataset, ScoreInfo
from gendesk.engine.run_data import RunData
from gendesk.music.score import Meter, Note, Score, Tempo, Track
from gendesk.music.tokens.chord_view import ChordVocabulary, chord_events

_SMALL = {"embedding": 6, "units": 12, "batch_size": 4}
KINDS: dict[str, tuple[Any, dict[str, object]]] = {
    "line": (recipes.AttentionLstmRecipe, {**_SMALL, "window": 8}),
    "phrase": (recipes.AttentionSeq2SeqRecipe, {**_SMALL, "phrase": 4}),
    "events": (recipes.PerformanceGptRecipe, {"window": 24, "layers": 2, "heads": 2, "width": 16, "batch_size": 4}),
}
"""Each recipe with small settings; windows are shorter than the pieces."""


def line(seed: int, notes: int = 20, channel: int = 0) -> Track:
    """Return a line in C of quarters and eighths."""
    random = np.random.default_rng(seed)
    place, found = 0.0, []
    for pitch in random.choice([60, 62, 64, 65, 67, 69, 71], notes).tolist():
        length = float(random.choice([0.5, 1.0]))
        found.append(Note(place, pitch - 12 * channel, length))
        place += length
    return Track(tuple(found), channel=channel)


def scores(kind: str, count: int = 6) -> list[Score]:
    """Return pieces in three quarters: lines, or two voices for the network of events."""
    voices = (0, 1) if kind == "events" else (0,)
    return [
        Score(
            tuple(line(seed + 100 * voice, channel=voice) for voice in voices),
            (Tempo(0.0, 240.0),),
            (Meter(0.0, 3, 4),),
            title=f"Tune {seed + 1}",
        )
        for seed in range(count)
    ]


def composer(kind: str, **changes: object) -> tuple[Composer, ScoreDataset]:
    """Return a fresh network, and its data, of which the last two pieces are held out."""
    pieces = scores(kind)
    vocabulary = ChordVocabulary.learnt([chord_events(piece, 4) for piece in pieces])
    info = ScoreInfo(
        name="tunes",
        title="Tunes",
        fingerprint="0",
        train_count=len(pieces) - 2,
        test_count=2,
        notes=sum(piece.note_count for piece in pieces),
        voices=max(len(piece.tracks) for piece in pieces),
        lowest=48,
        highest=71,
        longest=20.0,
        steps_per_beat=4,
        chords=vocabulary.chords,
        durations=vocabulary.durations,
    )
    recipe, small = KINDS[kind]
    torch.manual_seed(1)
    model = recipe.build(checked(recipe.Config, {**small, **changes}), info)
    if isinstance(model, LineModel):
        torch.nn.init.constant_(model.chord_head.bias[:1], -100.0)  # a fresh network would soon end a piece by chance
    return model.eval().requires_grad_(False), ScoreDataset(info, pieces[:-2], pieces[-2:])


def run_data(folder: Path, data: ScoreDataset | None) -> RunData:
    """Return what belongs to a run beside its network; without data it says that they are gone."""
    return RunData(folder, None, lambda _target: None, "The pieces are gone.", known_scores=data)
