"""Files that are no music, or only look like it: one sentence, no code run, no memory taken."""

import json
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gendesk.data.library import DataLibrary
from gendesk.data.options import ScoreOptions
from gendesk.data.progress import Progress
from gendesk.data.scores.pickled import UnpickledError, unpickled
from gendesk.data.scores.scores import open_scores
from gendesk.errors import InputError
from tests.support.pieces import BACH_LIKE, python2_pickle, save_json, save_pickles, tables


def _refusal(library: DataLibrary, path: Path) -> str:
    with pytest.raises(InputError) as refusal:
        library.open(str(path), ScoreOptions())
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 300
    assert list(library.folder.glob("*")) == []
    return sentence


class _Harmful:
    def __init__(self, target: Path) -> None:
        self._target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self._target),)


def test_the_pickle_of_a_publication_is_read(library: DataLibrary, tmp_path: Path) -> None:
    parts = tables(train=5, valid=2, test=1)
    path = tmp_path / "chorales.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for part, pieces in parts.items():
            save_pickles(tmp_path / "one.npz", {part: python2_pickle(pieces)}, len(pieces))
            with zipfile.ZipFile(tmp_path / "one.npz") as one:
                archive.writestr(f"{part}.npy", one.read(f"{part}.npy"))
    dataset = library.open(str(path), ScoreOptions())
    assert (len(dataset.train), len(dataset.test)) == (5, 2)
    assert [note.pitch for note in dataset.train[0].tracks[3].notes] == [48, 43, 48, 48]


def test_no_pickle_runs_a_program(library: DataLibrary, tmp_path: Path) -> None:
    harm = tmp_path / "harm"
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        data = pickle.dumps([_Harmful(harm)], protocol)
        assert "which is not given to it" in _refusal(library, save_pickles(tmp_path / "a.npz", {"train": data}))
    assert not harm.exists()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_what_numpy_writes_in_any_protocol_is_read(protocol: int) -> None:
    kinds = ("<f2", ">f4", "<f8", "i1", "<i4", "<u2")
    value = np.empty(len(kinds), object)
    value[:] = [np.abs(np.array(BACH_LIKE)).astype(kind) for kind in kinds]
    if protocol < 5:  # numpy itself writes arrays with protocol 4 at most
        read = unpickled(pickle.dumps(value, protocol))
        assert [array.tolist() for array in read] == [np.abs(np.array(BACH_LIKE)).tolist()] * len(kinds)
    assert unpickled(pickle.dumps([[1, 2], [3, None], (4.5, True)], protocol)) == [[1, 2], [3, None], [4.5, True]]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a": 1}, "more than list numbers"),
        ("words", "something else than numbers"),
        ([b"bytes"], "something else than numbers"),
        (print, "builtins.print"),
        (np.array(["a"]), "no numbers"),
        (np.array([{}], object), "more than list numbers"),
        (np.zeros((2, 2), object), "that is no list"),
        (1j, "complex"),
    ],
)
def test_other_pickles_are_refused(value: Any, said: str) -> None:
    with pytest.raises(UnpickledError, match=said):
        unpickled(pickle.dumps(value, 4))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b".",
        b"]]",
        b"(((((.",
        b"h\x05.",
        b"K\x01K\x02.",
        b"r\xff\xff\xff\xff.",
        b"B\xff\xff\xff\x7fa.",
        b"\x8a\xffaaa.",
        b"]q\x00h\x00a.",  # a list that holds itself
        b"K\x01a.",
        b"K\x01R.",
        b"K\x01}b.",
        b"c\n\n.",
        b"cnumpy\ndtype\n(tR.",
        b"cnumpy\ndtype\nU\x02f9\x85R.",
        b"cnumpy\nndarray\n)R.",
    ],
)
def test_damaged_pickles_are_refused(data: bytes) -> None:
    with pytest.raises(UnpickledError):
        unpickled(data)


def test_a_far_place_in_the_memory_takes_no_room() -> None:
    """Python's own unpickler would make room for four thousand million things."""
    assert unpickled(b"]r\xff\xff\xff\xff.") == []


def test_lists_of_lists_of_lists_do_not_grow_without_end() -> None:
    """Each level names the one before a hundred times: a few bytes that stand for 10 ** 10 numbers."""
    data = b"(]q\x00"
    for level in range(5):
        data += b"(" + (b"h" + bytes([level])) * 100 + b"lq" + bytes([level + 1])
    with pytest.raises(UnpickledError, match="too many parts"):
        unpickled(data + b"l.")


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_lists_or_refused(data: bytes) -> None:
    try:
        unpickled(data)
    except UnpickledError as problem:
        assert str(problem)


def test_an_escape_that_python_does_not_know_is_damage_where_warnings_are_errors() -> None:
    with pytest.raises(UnpickledError, match="damaged"):
        unpickled(b"S'\\u'\n.")


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_changed_pickle_is_lists_or_refused(data: st.DataObject) -> None:
    whole = bytearray(python2_pickle([BACH_LIKE[:3]]))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        unpickled(bytes(whole))
    except UnpickledError as problem:
        assert str(problem)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[1, 2]", "no lists named train"),
        ('{"a": [], "b": []}', "holds a, b, but no lists"),
        ('{"train": 5}', "no list of pieces"),
        ('{"train": [5]}', "no list of steps"),
        ('{"train": [[5]]}', "same voices at each step"),
        ('{"train": [[[1, 2], [1]]]}', "same voices at each step"),
        ('{"train": [[[1, 2], [1, 128]]]}', "holds 128, which is no pitch"),
        ('{"train": [[[1, "x"]]]}', "which is no pitch"),
        ('{"train": [[[1, 1e400]]]}', "which is no pitch"),
        ('{"train": [[[1, true]]]}', "which is no pitch"),
        ('{"train": [[[60.5]]]}', "which is no pitch"),
        ('{"train": []}', "There are no pieces in"),
        ('{"train": [[]]}', "no piece to train on"),
        ('{"train": [[[-1, -1]]]}', "no piece to train on"),
    ],
)
def test_other_json_is_one_sentence(library: DataLibrary, tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "a.json").write_text(content)
    assert said in _refusal(library, tmp_path / "a.json")


def test_files_that_are_too_large_are_one_sentence(library: DataLibrary, tmp_path: Path) -> None:
    for name in ("a.json", "a.npz", "a.mid"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(200_000_000)
        assert "larger" in _refusal(library, tmp_path / name)
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("train.npy", bytes(60_000_000))
    assert "60,000,000 bytes" in _refusal(library, tmp_path / "bomb.npz")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + bytes(100), b"\x93NUMPY", b"x" * 5000])
def test_other_archives_are_one_sentence(library: DataLibrary, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    assert "damaged" in _refusal(library, tmp_path / "a.npz")
    save_pickles(tmp_path / "b.npz", {"train": content})
    assert "train.npy of b.npz" in _refusal(library, tmp_path / "b.npz")
    np.savez(tmp_path / "c.npz", other=np.zeros(3))
    assert "no lists named train" in _refusal(library, tmp_path / "c.npz")
    np.savez(tmp_path / "d.npz", train=np.array(["a"]))
    assert "no table of numbers" in _refusal(library, tmp_path / "d.npz")


def test_what_is_no_music_is_one_sentence(library: DataLibrary, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    assert "holds no pieces that can be read" in _refusal(library, tmp_path / "a.txt")
    (tmp_path / "a.mid").write_bytes(b"RIFF" + bytes(50))
    assert "a.mid" in _refusal(library, tmp_path / "a.mid")
    assert "cannot be opened" in _refusal(library, tmp_path / "missing.mid")
    assert "no path" in _refusal(library, Path("a\0b/c.mid"))
    os.mkfifo(tmp_path / "pipe.mid")
    assert "neither a folder nor an ordinary file" in _refusal(library, tmp_path / "pipe.mid")
    (tmp_path / "empty").mkdir()
    assert "no pieces in empty" in _refusal(library, tmp_path / "empty")
    (tmp_path / "empty" / "x.json").write_text(json.dumps({"settings": 1}))
    assert "x.json holds" in _refusal(library, tmp_path / "empty")


def test_a_stray_json_in_a_folder_is_skipped(library: DataLibrary, tmp_path: Path) -> None:
    save_json(tmp_path / "chorales.json", tables())
    (tmp_path / "settings.json").write_text("{}")
    dataset = library.open(str(tmp_path), ScoreOptions())
    assert [file.path for file in dataset.skipped] == ["settings.json"]


@given(st.binary(max_size=300))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_music_or_one_sentence(tmp_path: Path, data: bytes) -> None:
    for name in ("a.mid", "a.json", "a.npz"):
        (tmp_path / name).write_bytes(b"MThd" + data if name == "a.mid" else data)
        with pytest.raises(InputError) as refusal:
            open_scores(tmp_path / "cache", str(tmp_path / name), ScoreOptions(), Progress())
        assert str(refusal.value).endswith(".")
