"""What a MIDI file says is read, and comes back after it is written."""

import io
import time
from pathlib import Path

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gendesk.errors import InputError
from gendesk.music.midi_reading import bpm_of, read_midi
from gendesk.music.midi_writing import midi_bytes, write_midi
from gendesk.music.score import Control, Key, Meter, Note, Score, Tempo, Track
from tests.support.scores import AWKWARD, HOSTILE, midi, on, random_score, track


def test_500_scores_come_back() -> None:
    for seed in range(500):
        score = random_score(seed)
        assert read_midi(midi_bytes(score)) == score, seed


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_files_are_read_and_come_back(name: str) -> None:
    data, score = AWKWARD[name]
    found = read_midi(data)
    assert found == score
    assert read_midi(midi_bytes(found)) == found


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_one_sentence(name: str) -> None:
    data, words = HOSTILE[name]
    began = time.perf_counter()
    with pytest.raises(InputError, match=words) as error:
        read_midi(data)
    assert str(error.value).startswith("The MIDI file ")
    assert str(error.value).endswith(".")
    assert time.perf_counter() - began < 10


def test_a_file_that_is_cut_off_anywhere_is_read_or_refused() -> None:
    data = midi_bytes(random_score(3))
    for size in range(0, len(data), 7):
        with pytest.raises(InputError):
            read_midi(data[:size])


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=6)), max_size=5))
def test_damaged_files_are_read_or_refused(seed: int, damage: list[tuple[int, bytes]]) -> None:
    data = bytearray(midi_bytes(random_score(seed)))
    for place, put in damage:
        data[place % len(data) : place % len(data) + len(put)] = put
    try:
        score = read_midi(bytes(data))
    except InputError:
        return
    assert read_midi(midi_bytes(score)) == score


def test_any_three_decimals_of_a_tempo_come_back() -> None:
    for thousandths in range(3_600, 240_000, 37):
        bpm = thousandths / 1000
        assert bpm_of(round(60e6 / bpm)) == bpm
    for microseconds in (1, 2, 3, 7, 333_333, 618_557, 0xFFFFFF):
        assert round(60e6 / bpm_of(microseconds)) == microseconds


def test_mido_reads_the_same_notes() -> None:
    for seed in range(20):
        score = random_score(seed)
        read = mido.MidiFile(file=io.BytesIO(midi_bytes(score)))
        assert read.ticks_per_beat == score.resolution
        for theirs, ours in zip(read.tracks[1:], score.tracks, strict=True):
            tick, starts = 0, []
            for message in theirs:
                tick += message.time
                if message.type == "note_on" and message.velocity:
                    starts.append((tick / score.resolution, message.note, message.velocity, message.channel))
            notes = [(note.start, note.pitch, note.velocity, ours.channel) for note in ours.notes]
            assert sorted(starts) == sorted(notes)
            assert all(message.program == ours.program for message in theirs if message.type == "program_change")


def test_tracks_that_share_a_channel_choose_their_program_before_each_note() -> None:
    flute = Track((Note(0.0, 72, 1.0), Note(2.0, 74, 1.0)), "Flute", 73)
    horn = Track((Note(1.0, 60, 1.0),), "Horn", 60)
    score = Score((flute, horn))
    data = midi_bytes(score)
    assert read_midi(data) == score
    program, played = {}, []
    for message in mido.merge_tracks(mido.MidiFile(file=io.BytesIO(data)).tracks):
        if message.type == "program_change":
            program[message.channel] = message.program
        elif message.type == "note_on" and message.velocity:
            played.append((message.note, program[message.channel]))
    assert played[1:] == [(60, 60), (74, 73)]


def test_files_are_written_and_read(tmp_path: Path) -> None:
    score = random_score(8)
    path = tmp_path / "new" / "piece.mid"
    write_midi(score, path)
    assert read_midi(path) == score
    assert [file.name for file in path.parent.iterdir()] == ["piece.mid"]


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing.mid"
    with pytest.raises(InputError, match=r"missing\.mid cannot be read"):
        read_midi(missing)
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        write_midi(Score(), tmp_path / "file" / "piece.mid")
    damaged = tmp_path / "damaged.mid"
    damaged.write_bytes(b"MThd")
    with pytest.raises(InputError, match=r"damaged\.mid is cut off"):
        read_midi(damaged)


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (Score(resolution=40_000), "at most 32,767 ticks"),
        (Score(tempos=(Tempo(0.0, 1.0),)), "bpm=1.0"),
        (Score(tempos=(Tempo(0.0, 0.0),)), "bpm=0.0"),
        (Score(tempos=(Tempo(-1.0, 90.0),)), "beat=-1.0"),
        (Score(meters=(Meter(0.0, 4, 6),)), "unit=6"),
        (Score(keys=(Key(0.0, 8),)), "sharps=8"),
        (Score((Track(program=128),)), "program 128"),
        (Score((Track(channel=16),)), "channel 16"),
        (Score((Track(controls=(Control(0.0, 7, 128),)),)), "value=128"),
        (Score((Track(controls=(Control(2e5, 7, 12),)),)), "beat=200000"),
        (Score((Track((Note(0.0, 128, 1.0),)),)), "pitch=128"),
        (Score((Track((Note(0.0, 60, 1.0, 0),)),)), "velocity=0"),
        (Score((Track((Note(float("nan"), 60, 1.0),)),)), "start=nan"),
        (Score((Track((Note(0.0, 60, 2e5),)),)), "length=200000"),
        (Score((Track(),) * 256), "at most 255 tracks"),
    ],
)
def test_what_a_file_cannot_hold_is_refused(score: Score, words: str) -> None:
    with pytest.raises(InputError, match=words):
        midi_bytes(score)


def test_thousands_of_controls_among_hundreds_of_programs_are_read_soon() -> None:
    notes = [(0, bytes([0xC0 | at % 16, at // 16])) for at in range(240)]
    notes = [event for at, program in enumerate(notes) for event in (program, (0, on(60, 80, at % 16)))]
    data = midi(track(*notes, *[(0, bytes([0xB0 | at % 16, 7, at % 128])) for at in range(100_000)], end=480))
    began = time.perf_counter()
    score = read_midi(data)
    assert len(score.tracks) == 240
    assert sum(len(part.controls) for part in score.tracks) == 100_000
    assert time.perf_counter() - began < 10


def test_rests_that_last_for_hours_come_back() -> None:
    score = Score((Track((Note(0.0, 60, 1.0), Note(90_000.0, 60, 9_000.0))),), resolution=32_767)
    assert read_midi(midi_bytes(score)) == score


def test_a_key_held_down_twenty_thousand_times_ends_soon() -> None:
    data = midi(track(*[(0, on(60))] * 20_000, *[(1, on(60, 0))] * 20_000))
    began = time.perf_counter()
    score = read_midi(data)
    assert score.note_count == 20_000
    assert time.perf_counter() - began < 5
