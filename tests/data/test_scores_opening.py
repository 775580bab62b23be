"""Opening music: embedded sets, MIDI files and folders, tables of chorales; voices, parts, the cache, refusals."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter

from gendesk.data.catalogue import catalogue, find_entry
from gendesk.data.check import check
from gendesk.data.dataset import AnyInfo, DatasetKind, ScoreDataset, ScoreInfo
from gendesk.data.library import Cancelled, DataLibrary
from gendesk.data.options import ImageOptions, ScoreOptions, TextOptions, options_for
from gendesk.data.scores.scores import looks_like_scores
from gendesk.data.shelf import prepared_scores, prepared_sets, prepared_texts, remove
from gendesk.engine.inspection import assumed_info
from gendesk.engine.run_config import RunConfig
from gendesk.errors import InputError
from gendesk.music.chords import chordified
from gendesk.music.midi_writing import write_midi
from gendesk.music.score import DRUMS, Control, Note, Score, Track
from gendesk.music.tokens.chord_view import ChordVocabulary, chord_events
from tests.support.pieces import BACH_LIKE, hymn, save_json, save_npz, save_tunes, tables, tune


def _silent(fraction: float, sentence: str) -> None:
    pytest.fail(f"Something was prepared again: {sentence}")


def _opened(library: DataLibrary, reference: Path | str, **options: object) -> ScoreDataset:
    dataset = library.open(str(reference), ScoreOptions(**options))
    assert isinstance(dataset, ScoreDataset)
    return dataset


def _refusal(library: DataLibrary, reference: Path | str, **options: object) -> str:
    with pytest.raises(InputError) as refusal:
        library.open(str(reference), ScoreOptions(**options))
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert list(library.folder.glob("*")) == []
    return sentence


def _pitches(score: Score) -> list[list[int]]:
    return [[note.pitch for note in track.notes] for track in score.tracks]


def test_embedded_sets_are_opened_and_can_be_spelt(library: DataLibrary) -> None:
    names = [entry.name for entry in catalogue() if entry.kind is DatasetKind.SCORES]
    assert names == ["chorales", "melodies", "bach-chorales"]
    for name, voices in (("chorales", 4), ("melodies", 1)):
        dataset = _opened(library, name, limit=40)
        info = dataset.info
        assert (info.train_count, info.test_count, info.voices) == (36, 4, voices)
        assert info.notes == sum(score.note_count for part in (dataset.train, dataset.test) for score in part)
        vocabulary = ChordVocabulary(info.chords, info.durations)
        for score in (*dataset.train, *dataset.test):
            events = chord_events(score, info.steps_per_beat)
            assert vocabulary.decode(vocabulary.encode(events)) == events
            assert all(info.lowest <= note.pitch <= info.highest for _, note in score.notes())
        titles = [score.title for score in (*dataset.train, *dataset.test)]
        assert len(set(titles)) == 40
        again = DataLibrary(library.folder).open(name, ScoreOptions(limit=40), report=_silent)
        assert [*again.train] == [*dataset.train]
        assert again.info == info


def test_bachs_chorales_want_music21(library: DataLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "music21", None)
    assert "pip install music21" in _refusal(library, "bach-chorales")


def test_bachs_chorales_have_four_voices_in_their_bars(library: DataLibrary) -> None:
    pytest.importorskip("music21")
    dataset = _opened(library, "bach-chorales", limit=6)
    for score in (*dataset.train, *dataset.test):
        assert [len(track.notes) > 10 for track in score.tracks] == [True] * 4
        assert score.keys
        assert 0 <= score.tracks[0].notes[0].start < 4


def test_options_and_kinds_belong_together(library: DataLibrary) -> None:
    assert options_for(DatasetKind.SCORES) is ScoreOptions
    assert options_for(DatasetKind.TEXT) is TextOptions
    assert "no music but a data set of another kind" in _refusal(library, "mnist")
    assert "known are chorales, melodies" in _refusal(library, "chorale")
    with pytest.raises(InputError, match="is music; choose a recipe"):
        library.open("chorales", ImageOptions())
    with pytest.raises(InputError, match="is no text"):
        library.open("chorales", TextOptions())
    assert [looks_like_scores(name) for name in ("chorales", "a/b.MID", "c.midi", "fables", "d.txt")] == [
        *(True, True, True, False, False)
    ]
    assert find_entry("melodies").licence.startswith("MIT")


def test_a_folder_of_midi_files_is_read_and_tells_what_it_skips(library: DataLibrary, tmp_path: Path) -> None:
    folder = save_tunes(tmp_path / "own", 20)
    (folder / "notes.txt").write_text("hello")
    (folder / "broken.mid").write_bytes(b"MThd\0\0\0\6\0\1")
    (folder / "empty.mid").write_bytes(b"")
    write_midi(Score((Track((Note(0.0, 40, 1.0),), channel=DRUMS),)), folder / "drums.mid")
    (folder / "more").mkdir()
    write_midi(tune(60, 64, 67, title="The last"), folder / "more" / "z.mid")
    (folder / "link.mid").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.mid")
    dataset = _opened(library, folder)
    assert (dataset.info.train_count, dataset.info.test_count) == (19, 2)
    reasons = {file.path: file.reason for file in dataset.skipped}
    assert set(reasons) == {"notes.txt", "broken.mid", "empty.mid", "drums.mid", "link.mid", "pipe.mid"}
    assert reasons["drums.mid"] == "holds no notes that can be used"
    assert reasons["notes.txt"] == "is no MIDI file"
    assert all(not reason.endswith(".") and not reason.startswith(path) for path, reason in reasons.items())
    report = check(library, str(folder), ScoreOptions())
    assert report.skipped_count == 6
    assert "21 pieces are few" in report.warnings[0]
    assert report.keys[0][1] >= 1
    assert sum(count for _, _, count in report.lengths) == 21


def test_a_single_file_is_a_set_with_nothing_held_out(library: DataLibrary, tmp_path: Path) -> None:
    write_midi(tune(60, 62, 64, 65), tmp_path / "one.mid")
    dataset = _opened(library, tmp_path / "one.mid")
    assert (len(dataset.train), len(dataset.test)) == (1, 0)
    assert _pitches(dataset.train[0]) == [[60, 62, 64, 65]]
    assert any(
        "Nothing is held out" in said for said in check(library, str(tmp_path / "one.mid"), ScoreOptions()).warnings
    )


@pytest.mark.parametrize("save", [save_json, save_npz])
def test_published_chorales_come_in_three_parts(library: DataLibrary, tmp_path: Path, save: object) -> None:
    path = save(tmp_path / ("a.npz" if save is save_npz else "a.json"), tables())
    valid, test = _opened(library, path), _opened(library, path, held_out="test")
    assert (len(valid.train), len(valid.test), len(test.test)) == (12, 3, 4)
    assert [*valid.train] == [*test.train]
    assert valid.info.fingerprint != test.info.fingerprint
    assert (valid.info.chords, valid.info.durations) == (test.info.chords, test.info.durations)
    first = valid.train[0]
    assert [track.name for track in first.tracks] == ["Soprano", "Alto", "Tenor", "Bass"]
    assert [(note.start, note.pitch, note.length) for note in first.tracks[0].notes] == [
        *((0.0, 67, 1.0), (1.0, 65, 0.5), (1.5, 64, 0.5))
    ]
    assert [note.length for note in first.tracks[3].notes] == [1.0] * 4
    held = np.array([[chord.pitches for chord in chordified(first)][-1]])
    assert held.tolist() == [[pitch for pitch in reversed(BACH_LIKE[-1]) if pitch >= 0]]
    assert any("neither trained on nor held out" in said for said in check(library, str(path), ScoreOptions()).warnings)


def test_json_and_npz_are_the_same_pieces(library: DataLibrary, tmp_path: Path) -> None:
    packed = [
        _opened(library, save_json(tmp_path / "same.json", tables())),
        _opened(library, save_npz(tmp_path / "same.npz", tables())),
        _opened(library, save_npz(tmp_path / "whole.npz", tables(), kind="<i8")),
    ]
    assert len({dataset.info.notes for dataset in packed}) == 1
    assert _pitches(packed[0].train[5]) == _pitches(packed[1].train[5]) == _pitches(packed[2].train[5])


def test_folders_named_after_parts_are_parts(library: DataLibrary, tmp_path: Path) -> None:
    save_tunes(tmp_path / "own" / "train", 5)
    save_tunes(tmp_path / "own" / "Validation", 2)
    dataset = _opened(library, tmp_path / "own")
    assert (len(dataset.train), len(dataset.test)) == (5, 2)


def test_more_notes_than_voices_are_dealt_by_height(library: DataLibrary, tmp_path: Path) -> None:
    write_midi(hymn(), tmp_path / "hymn.mid")
    four = _opened(library, tmp_path / "hymn.mid").train[0]
    assert _pitches(four) == [[67, 67, 72], [64, 62, 64], [60, 59, 60], [48, 43, 48]]
    assert [track.name for track in four.tracks] == ["Soprano", "Alto", "Tenor", "Bass"]
    two = _opened(library, tmp_path / "hymn.mid", voices=2)
    assert _pitches(two.train[0]) == [[67, 67, 72], [48, 43, 48]]
    report = check(library, str(tmp_path / "hymn.mid"), ScoreOptions(voices=2))
    assert report.dropped == 6
    assert any("6 notes found no voice" in said for said in report.warnings)
    assert _pitches(_opened(library, tmp_path / "hymn.mid", voices=0).train[0])[0][:4] == [48, 60, 64, 67]


def test_a_new_note_cuts_the_one_that_is_held_longest(library: DataLibrary, tmp_path: Path) -> None:
    notes = (Note(0.0, 48, 4.0), Note(1.0, 60, 3.0), Note(2.0, 64, 1.0))
    write_midi(Score((Track(notes),)), tmp_path / "held.mid")
    upper, lower = _opened(library, tmp_path / "held.mid", voices=2).train[0].tracks
    sounding = sorted((note.start, note.pitch, note.length) for track in (upper, lower) for note in track.notes)
    assert sounding == [(0.0, 48, 2.0), (1.0, 60, 3.0), (2.0, 64, 1.0)]


def test_notes_move_to_the_grid(library: DataLibrary, tmp_path: Path) -> None:
    notes = (Note(0.02, 60, 0.95), Note(1.04, 62, 0.3), Note(4 / 3, 64, 1 / 3), Note(2.0, 65, 0.01))
    track = Track(notes, controls=(Control(0.0, 64, 127),))
    write_midi(Score((track, Track((Note(0.0, 36, 1.0),), channel=DRUMS))), tmp_path / "played.mid")
    report = check(library, str(tmp_path / "played.mid"), ScoreOptions())
    (piece,) = report.pieces
    assert [(note.start, note.length) for note in piece.tracks[0].notes] == [(0, 1), (1, 0.25), (1.25, 0.5), (2, 0.25)]
    assert (len(piece.tracks), piece.tracks[0].controls, report.dropped) == (1, (), 1)
    assert any("did not lie on the grid" in said for said in report.warnings)
    fine = _opened(library, tmp_path / "played.mid", steps_per_beat=12).train[0]
    assert [note.start for note in fine.tracks[0].notes] == [0, 1, 16 / 12, 2]
    kept = _opened(library, tmp_path / "played.mid", voices=0).train[0]
    assert len(kept.tracks) == 2
    assert kept.tracks[0].controls


def test_pieces_are_chosen_and_held_out_by_lot(library: DataLibrary, tmp_path: Path) -> None:
    folder = save_tunes(tmp_path / "own", 30)
    few = [_opened(library, folder, limit=8, split_seed=seed) for seed in (1, 1, 2)]
    titles = [[_pitches(score) for score in (*data.train, *data.test)] for data in few]
    assert len(titles[0]) == 8
    assert titles[0] == titles[1] != titles[2]
    assert few[0].info.fingerprint == few[1].info.fingerprint
    assert len(_opened(library, folder, test_share=0.5).test) == 15
    assert len(_opened(library, folder, test_share=0.0).test) == 0


def test_the_fingerprint_is_of_the_contents(library: DataLibrary, tmp_path: Path) -> None:
    one, other = (_opened(library, save_tunes(tmp_path / name, 5)) for name in ("a", "b"))
    assert one.info.fingerprint == other.info.fingerprint
    assert one.info.name != other.info.name
    write_midi(tune(1, 2, 3), tmp_path / "a" / "00.mid")
    assert _opened(library, tmp_path / "a").info.fingerprint != one.info.fingerprint


def test_pieces_are_read_from_several_threads_and_in_slices(library: DataLibrary, tmp_path: Path) -> None:
    dataset = _opened(library, save_tunes(tmp_path / "own", 12))
    numbers = [*range(len(dataset.train))] * 20
    with ThreadPoolExecutor(4) as pool:
        read = [*pool.map(dataset.train.__getitem__, numbers)]
    assert read == [dataset.train[number] for number in numbers]
    assert [*dataset.train[2:5]] == [dataset.train[at] for at in (2, 3, 4)]
    assert dataset.train[-1] == [*dataset.train][-1]
    with pytest.raises(IndexError):
        dataset.train[len(dataset.train)]


def test_preparing_can_be_stopped_and_leaves_nothing(library: DataLibrary) -> None:
    stop = threading.Event()

    def tell(fraction: float, sentence: str) -> None:
        if "pieces" in sentence:
            stop.set()

    with pytest.raises(Cancelled):
        library.open("chorales", ScoreOptions(), tell, stop.is_set)
    assert list(library.folder.glob("*")) == []


def test_damage_to_what_was_prepared_is_noticed(library: DataLibrary, tmp_path: Path) -> None:
    folder = save_tunes(tmp_path / "own", 6)
    first = _opened(library, folder)
    pieces = [*first.train]
    (place,) = library.folder.iterdir()
    (place / "pieces.npy").write_bytes((place / "pieces.npy").read_bytes()[:-20])
    assert [*_opened(library, folder).train] == pieces
    (place / "meta.json").write_text("{}")
    assert [*_opened(library, folder).train] == pieces


def test_the_shelf_knows_prepared_pieces(library: DataLibrary, tmp_path: Path) -> None:
    _opened(library, save_tunes(tmp_path / "own", 6))
    (one,) = prepared_scores(library.folder)
    assert (one.data.info.title, [*prepared_sets(library.folder)], [*prepared_texts(library.folder)]) == ("own", [], [])
    assert remove(one) == one.size > 500
    assert [*prepared_scores(library.folder)] == []


def test_a_run_remembers_music_and_its_options(library: DataLibrary) -> None:
    config = RunConfig(
        recipe="any", preset="quick", data="chorales", config={}, data_options=ScoreOptions(voices=2, limit=9)
    )
    assert RunConfig.model_validate_json(config.model_dump_json()) == config
    info = _opened(library, "chorales", limit=9).info
    assert TypeAdapter(AnyInfo).validate_json(info.model_dump_json()) == info
    assumed = assumed_info("chorales", ScoreOptions(steps_per_beat=12))
    assert isinstance(assumed, ScoreInfo)
    assert (assumed.voices, assumed.steps_per_beat, len(assumed.chords)) == (4, 12, 387)


def test_every_report_is_plain_data(library: DataLibrary, tmp_path: Path) -> None:
    report = check(library, str(save_json(tmp_path / "a.json", tables())), ScoreOptions())
    plain = report.as_json()
    assert plain["info"]["kind"] == "scores"
    assert report.ranges[0] == (64, 71)
    assert len(report.pieces) == 12
    assert replace(report, pieces=()).as_json() == plain
