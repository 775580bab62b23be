"""Networks that compose: their sizes, where they look, what they draw, and that a piece goes on where it was."""

from pathlib import Path

import numpy as np
import pytest
import torch
from gendesk.plugins.music import recipes
from gendesk.plugins.music.composer import Composer
from gendesk.plugins.music.models import LineModel
from gendesk.plugins.music.notes import attention_table, bigram_nats, pitch_table, unigram_nats
from gendesk.plugins.music.recurrent import PooledAttention, QueryAttention
from gendesk.plugins.music.training import ComposerRecipe
from gendesk.plugins.music.windows import Windows, held_out, row_of

from gendesk.config import checked
from gendesk.data.dataset import ScoreDataset, ScoreInfo
from gendesk.engine.capabilities import Composes, Composing
from gendesk.engine.preview import ScorePreview
from gendesk.engine.recipe import Context
from gendesk.engine.samples import load_chart_preview, preview_kind, save_preview
from gendesk.errors import InputError, StoredDataError
from gendesk.music.chords import chord_name
from gendesk.music.score import Note, Score, Tempo, Track
from gendesk.music.tokens.chord_view import ChordVocabulary, chord_events
from gendesk.nn.keras import parameter_count

SMALL = {"embedding": 6, "units": 12, "batch_size": 4}
KINDS: dict[str, tuple[type[ComposerRecipe], dict[str, object]]] = {  # type: ignore[type-arg]
    "line": (recipes.AttentionLstmRecipe, {**SMALL, "window": 8}),
    "phrase": (recipes.AttentionSeq2SeqRecipe, {**SMALL, "phrase": 4}),
    "events": (recipes.PerformanceGptRecipe, {"window": 24, "layers": 2, "heads": 2, "width": 16, "batch_size": 4}),
}
CPU = torch.device("cpu")


def tune(seed: int, notes: int = 24) -> Score:
    """Return a line in C major of quarters and eighths, that ends on its tonic."""
    random = np.random.default_rng(seed)
    place, found = 0.0, []
    for pitch in [*random.choice([60, 62, 64, 65, 67, 69, 71], notes - 1).tolist(), 60]:
        length = float(random.choice([0.5, 1.0]))
        found.append(Note(place, pitch, length))
        place += length
    return Score((Track(tuple(found)),), (Tempo(0.0, 90.0),))


def duet(seed: int) -> Score:
    """Return two voices of two tunes."""
    high, low = tune(seed), tune(seed + 100)
    lower = [Note(note.start, note.pitch - 12, note.length) for note in low.tracks[0].notes]
    return Score((high.tracks[0], Track(tuple(lower), channel=1)), high.tempos)


def info_of(pieces: list[Score], **facts: object) -> ScoreInfo:
    vocabulary = ChordVocabulary.learnt([chord_events(piece, 4) for piece in pieces])
    plain = {
        "name": "tunes",
        "title": "Tunes",
        "fingerprint": "0",
        "train_count": len(pieces),
        "test_count": 2,
        "notes": sum(piece.note_count for piece in pieces),
        "voices": max(len(piece.tracks) for piece in pieces),
        "lowest": 48,
        "highest": 71,
        "longest": 24.0,
        "steps_per_beat": 4,
        "chords": vocabulary.chords,
        "durations": vocabulary.durations,
    }
    return ScoreInfo.model_validate({**plain, **facts})


def made(kind: str, **changes: object) -> tuple[Composer, ScoreDataset]:
    """Return a fresh network and the data that it was made for."""
    recipe, small = KINDS[kind]
    make = duet if kind == "events" else tune
    pieces = [make(seed) for seed in range(8)]
    data = ScoreDataset(info_of(pieces), pieces[:6], pieces[6:])
    torch.manual_seed(1)
    model = recipe.build(checked(recipe.Config, {**small, **changes}), data.info)
    if isinstance(model, LineModel):
        torch.nn.init.constant_(model.chord_head.bias[:1], -100.0)  # a fresh network would soon end a piece by chance
    return model.eval(), data


every_kind = pytest.mark.parametrize("kind", list(KINDS))


# Sizes


def test_the_book_s_network_has_as_many_parameters_as_printed() -> None:
    chords = ("START", "?", *(chord_name((pitch,)) for pitch in range(40, 80)))
    more = tuple(chord_name((pitch, pitch + interval)) for interval in range(1, 20) for pitch in range(30, 60))
    durations = ("0", *(f"{number}/12" for number in range(1, 18)))
    info = info_of([tune(1)], chords=(chords + more)[:387], durations=durations)
    with torch.device("meta"):
        model = recipes.AttentionLstmRecipe.build(recipes.LineConfig(), info)
        beside = recipes.AttentionLstmRecipe.build(recipes.LineConfig(context="beside"), info)
        plain = recipes.AttentionLstmRecipe.build(recipes.LineConfig(attention=False), info)
    assert parameter_count(model) == 1_138_122
    assert parameter_count(beside) == 1_138_122 + 2 * 256 * 256 + 256
    assert parameter_count(plain) == 1_138_122 - 257


def test_transposition_adds_the_chords_that_it_needs_and_keeps_the_others_places() -> None:
    model, data = made("line", transpose_down=1, transpose_up=1)
    chords = model.vocabulary.chords  # type: ignore[attr-defined]
    assert chords[: len(data.info.chords)] == data.info.chords
    assert {"B3", "C#4", "B-4", "C5"} <= set(chords)
    moved = model.moved(range(-1, 2))
    assert moved.shape == (3, len(chords))
    assert chords[moved[2, chords.index("C4")]] == "C#4"
    assert chords[moved[0, chords.index("C4")]] == "B3"
    assert moved[:, 0].tolist() == [0, 0, 0]
    assert (moved[1] == np.arange(len(chords))).all()


def test_events_are_transposed_within_their_voices() -> None:
    model, data = made("events")
    tokens = model.encode(data.train[0])[:, 0]
    higher = model.moved(range(3, 4))[0][tokens]
    before, after = (model.coder.decode([0, *row]) for row in (tokens.tolist(), higher.tolist()))  # type: ignore[attr-defined]
    for one, other in zip(before.tracks, after.tracks, strict=True):
        assert [note.pitch + 3 for note in one.notes] == [note.pitch for note in other.notes]
        assert [(note.start, note.length) for note in one.notes] == [(note.start, note.length) for note in other.notes]


# Windows


def test_padded_windows_hold_one_piece_and_an_epoch_asks_for_every_event() -> None:
    pieces = [np.full((length, 2), number, np.int32) for number, length in ((1, 3), (2, 11), (3, 7))]
    row = row_of(pieces, 4, padded=True)
    assert row.targets == 3 + 11 + 7 + 3  # an end of each
    windows = Windows(row, 4, 4, 2, 1, np.arange(4)[None])
    asked = 0
    for _ in range(windows.per_epoch):
        for window in windows.next(CPU).numpy()[..., 0]:
            assert len(set(window.tolist()) - {0}) <= 1
            asked += int((window[1:] != 0).sum())
    assert asked >= 3 + 11 + 7


def test_windows_go_on_from_a_checkpoint() -> None:
    row = row_of([np.arange(1, 40, dtype=np.int32)[:, None]], 6, padded=False)
    moved = np.stack([np.arange(40), np.arange(40) * 2])
    one, other = (Windows(row, 6, 6, 3, 5, moved) for _ in range(2))
    for _ in range(4):
        one.next(CPU)
    other.load_state(one.state())
    assert torch.equal(one.next(CPU), other.next(CPU))


def test_windows_that_go_on_from_piece_to_piece_also_begin_at_each_start() -> None:
    pieces = [np.full((length, 1), number, np.int32) for number, length in ((1, 9), (2, 11), (3, 2))]
    row = row_of(pieces, 6, padded=False)
    windows = Windows(row, 6, 6, 2, 1, np.arange(4)[None])
    drawn = [window for _ in range(windows.per_epoch) for window in windows.next(CPU).numpy()[..., 0]]
    behind_starts = {int(window[1]) for window in drawn if window[0] == 0}
    assert behind_starts >= {1, 2}  # behind the third there is too little
    assert all(len(window) == 7 for window in drawn)


def test_held_out_events_are_each_foretold_once() -> None:
    row = row_of([np.ones((length, 1), np.int32) for length in (3, 9)], 6, padded=True)
    ends, counts = held_out(row, 3, 1000)
    places = [place for end, count in zip(ends, counts, strict=True) for place in range(end - count + 1, end + 1)]
    assert sorted(places) == [place for first, last in row.spans for place in range(first, last + 1)]


def test_too_few_events_are_told() -> None:
    row = row_of([np.ones((3, 1), np.int32)], 20, padded=False)
    with pytest.raises(InputError, match="too few for windows of 20"):
        Windows(row, 20, 20, 2, 1, np.arange(4)[None])


# Composing


@every_kind
def test_the_same_seed_composes_the_same_piece(kind: str) -> None:
    model, _ = made(kind)
    assert isinstance(model, Composes)
    one, same, other = (
        [
            (step.name, step.notes, step.chance)
            for step in model.compose(None, Composing(12), np.random.default_rng(seed))
        ]
        for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other
    assert all(0 < chance <= 1 for _, _, chance in one)


@every_kind
def test_a_piece_goes_on_where_its_beginning_ends(kind: str) -> None:
    model, data = made(kind)
    begun = data.test[0]
    steps = list(model.compose(begun, Composing(10), np.random.default_rng(3)))
    assert 1 <= len(steps) <= 10
    assert all(note.start >= 0 for step in steps for _, note in step.notes)
    joined, heard = model.joined(begun, steps), model.heard(begun)
    new = [note for step in steps for _, note in step.notes]
    assert joined.note_count == heard.note_count + len(new)
    for track, before in zip(joined.tracks, heard.tracks, strict=False):
        assert set(before.notes) <= set(track.notes)
    last = max(note.start for track in heard.tracks for note in track.notes)
    assert all(note.start >= last for note in new)


@every_kind
def test_a_piece_is_followed_note_by_note(kind: str) -> None:
    model, data = made(kind)
    steps = list(model.follow(data.test[0], looks=True))
    notes = sorted(note for step in steps for _, note in step.notes)
    heard = model.heard(data.test[0])
    assert notes == sorted(note for track in heard.tracks for note in track.notes)
    assert pitch_table(steps).shape == (128, len(steps))
    assert (pitch_table(steps).sum(0) <= 1 + 1e-5).all()
    table = attention_table(steps)
    assert table.shape == (len(steps), len(steps))
    np.testing.assert_allclose(table.sum(0), 1, atol=1e-5)
    assert (np.triu(table) == table).all()  # nothing that comes later is looked at


@pytest.mark.parametrize("kind", ["line", "phrase"])
def test_followed_chances_are_those_that_training_sees(kind: str) -> None:
    model, data = made(kind)
    tokens = model.encode(data.test[0])
    row = row_of([tokens], model.window, padded=True)
    first = row.spans[0][0]
    steps = list(model.follow(data.test[0]))
    for number in (0, 3, 4, 7):  # the ends of phrases and of windows, too
        if kind == "phrase":
            end = first + (number // 4 + 1) * 4 - 1
            place = number % 4
        else:
            end, place = first + number, -1
        window = row.tokens[end - model.window : end].astype(np.int64)
        with torch.inference_mode():
            chords, durations = (part[0, place].softmax(0) for part in model.read(torch.from_numpy(window)[None]))
        chance = float(chords[tokens[number, 0]] * durations[tokens[number, 1]])
        assert steps[number].chance == pytest.approx(chance, rel=1e-4)


def test_without_attention_there_is_none_to_show() -> None:
    model, data = made("line", attention=False)
    steps = list(model.follow(data.test[0], looks=True))
    with pytest.raises(ValueError, match="without attention"):
        attention_table(steps)


@pytest.mark.parametrize("scores", ["places", "queries"])
@pytest.mark.parametrize("context", ["alone", "beside"])
def test_every_place_of_a_window_sums_up_those_before_it(scores: str, context: str) -> None:
    every, _ = made("line", targets="every", scores=scores, context=context)
    last, data = made("line", scores=scores, context=context)
    last.load_state_dict(every.state_dict())
    tokens = torch.from_numpy(every.encode(data.train[0])[None, :8].astype(np.int64))
    whole, one = every.read(tokens)[0], last.read(tokens)[0]
    torch.testing.assert_close(whole[:, -1:], one)
    torch.testing.assert_close(whole[:, 4:5], last.read(tokens[:, :5])[0])


@pytest.mark.parametrize("kind", [PooledAttention, QueryAttention])
def test_what_attention_shows_is_what_it_sums_up(kind: type[PooledAttention] | type[QueryAttention]) -> None:
    torch.manual_seed(3)
    attention, values = kind(8), torch.randn(2, 5, 8)
    shares = attention.shares(values)
    torch.testing.assert_close(shares.sum(1), torch.ones(2))
    torch.testing.assert_close((shares[..., None] * values).sum(1), attention(values)[:, -1])


def test_temperatures_of_pitch_and_duration_are_apart() -> None:
    model, data = made("line")
    steps = [
        list(model.compose(data.test[0], Composing(8, 0.0, 5.0), np.random.default_rng(seed))) for seed in range(4)
    ]
    assert len({tuple(step.notes[0][1].pitch for step in one[:1] if step.notes) for one in steps}) == 1
    assert len({tuple(step.end for step in one) for one in steps}) > 1


# Training


@every_kind
def test_a_network_learns_a_single_tune(kind: str) -> None:
    recipe, small = KINDS[kind]
    piece = duet(1) if kind == "events" else tune(1)
    data = ScoreDataset(info_of([piece]), [piece] * 4, [piece])
    torch.manual_seed(1)
    rate = {"optimizer": "adamw", "learning_rate": 0.02, "schedule": "constant", "warm_up": 0}
    asked = {"targets": "every"} if kind == "line" else {}
    config = checked(recipe.Config, {**small, **rate, **asked, "transpose_down": 0, "transpose_up": 0})
    trained = recipe(config, data, Context(CPU, 1))
    before = float(trained.validate()["loss"])
    for _ in range(60):
        trained.step()
    found = {name: float(value) for name, value in trained.validate().items()}
    assert found["loss"] < 0.75 * before
    rows = len(trained.model().encode(piece)) + 1
    assert found["note_nll"] == pytest.approx(found["loss"] * rows / piece.note_count, rel=1e-4)
    assert found["step_nll"] == pytest.approx(found["loss"] * rows / np.ceil(piece.end * 4), rel=1e-4)


def test_pairs_foretell_a_pattern_better_than_frequencies() -> None:
    pattern = [np.array([[2], [3], [4]] * 20, np.int32)]
    assert unigram_nats(pattern, pattern, [5]) == pytest.approx(np.log(3), abs=0.15)
    assert bigram_nats(pattern, pattern, [5]) < 0.2


# Previews on disk


def test_pieces_are_saved_and_read_back(tmp_path: Path) -> None:
    preview = ScorePreview("pieces", "Pieces", (tune(1), duet(2)), ("a", "b"), ((0.5,) * 24, ()), "Two pieces.")
    path = save_preview(tmp_path, 7, preview, "{}")
    assert load_chart_preview(path) == preview
    assert preview_kind(path) is ScorePreview


@pytest.mark.parametrize(("old", "new"), [('"pitch":60', '"pitch":600'), ('"start":0.0', '"start":-1e99')])
def test_pieces_that_cannot_be_played_are_refused(tmp_path: Path, old: str, new: str) -> None:
    path = save_preview(tmp_path, 7, ScorePreview("pieces", "Pieces", (tune(1),), ("a",)), "{}")
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(StoredDataError, match="cannot be read"):
        load_chart_preview(path)
