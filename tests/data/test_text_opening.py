"""Opening texts: files, folders, embedded ones and Gutenberg's books; encodings, refusals, the cache."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gendesk.data.catalogue import find_entry
from gendesk.data.check import check
from gendesk.data.dataset import DatasetKind, TextDataset
from gendesk.data.library import Cancelled, DataLibrary
from gendesk.data.options import TextOptions
from gendesk.data.progress import Progress
from gendesk.data.shelf import prepared_sets, prepared_texts, remove
from gendesk.data.text.texts import looks_like_text, open_text
from gendesk.data.text.tokens import tokenizer_of
from gendesk.errors import InputError
from tests.data.conftest import HASTY
from tests.support.data_server import DataServer, Served

STORY = "The fox d\u00eft not eat the \u201csour\u201d grapes\u2026\nThe crow\u2019s cheese fell.\n" * 20
RUSSIAN = "\u041b\u0438\u0441\u0430 \u0438 \u0432\u0438\u043d\u043e\u0433\u0440\u0430\u0434.\n" * 30


def _silent(fraction: float, sentence: str) -> None:
    pytest.fail(f"Something was prepared again: {sentence}")


def _opened(library: DataLibrary, path: Path | str, **options: object) -> TextDataset:
    dataset = library.open(str(path), TextOptions(**options))
    assert isinstance(dataset, TextDataset)
    return dataset


def _text(dataset: TextDataset) -> str:
    return tokenizer_of(dataset.info).decode(np.concatenate([dataset.train, dataset.test]))


def _refusal(library: DataLibrary, reference: Path | str, **options: object) -> str:
    with pytest.raises(InputError) as refusal:
        library.open(str(reference), TextOptions(**options))
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert list(library.folder.glob("*")) == []
    return sentence


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_usual_encodings_are_recognised(library: DataLibrary, tmp_path: Path, codec: str) -> None:
    (tmp_path / "a.txt").write_bytes(STORY.encode(codec))
    assert _text(_opened(library, tmp_path / "a.txt")) == STORY


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r", "shift-jis", "gb18030", "utf-16"])
def test_other_encodings_can_be_asked_for(library: DataLibrary, tmp_path: Path, codec: str) -> None:
    (tmp_path / "a.txt").write_bytes(RUSSIAN.encode(codec))
    assert _text(_opened(library, tmp_path / "a.txt", encoding=codec)) == RUSSIAN


def test_latin_1_is_the_last_resort(library: DataLibrary, tmp_path: Path) -> None:
    text = "M\u00e4rchen \u00fcber F\u00fcchse\n" * 20 + "\x81"
    (tmp_path / "a.txt").write_bytes(text.encode("latin-1"))
    assert _text(_opened(library, tmp_path / "a.txt")) == text


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "shift-jis"])
def test_a_wrong_encoding_is_one_sentence(library: DataLibrary, tmp_path: Path, codec: str) -> None:
    (tmp_path / "a.txt").write_bytes(("\u00e4\u00f6\u00fc plain " * 40 + "\xff").encode("latin-1"))
    if codec == "utf-16":
        (tmp_path / "a.txt").write_bytes(b"plain text" * 40)
    assert _refusal(library, tmp_path / "a.txt", encoding=codec) == f"a.txt is not spelt in {codec}."


def test_line_ends_are_those_of_unix(library: DataLibrary, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo\rthree\n" * 20)
    assert _text(_opened(library, tmp_path / "a.txt")) == "one\ntwo\nthree\n" * 20


@given(st.binary(max_size=600))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_a_text_or_one_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    try:
        dataset = open_text(tmp_path / "cache", str(tmp_path / "a.txt"), TextOptions(), Progress())
    except InputError as error:
        assert str(error).startswith("a.txt ")
        assert str(error).endswith(".")
    else:
        assert len(dataset.train) + len(dataset.test) == len(_text(dataset))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b" \n" * 100, "holds no text"),
        (b"short", "has only 5 characters"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "no text but a picture"),
        (b"%PDF-1.7 hello" * 50, "PDF"),
        (b"PK\x03\x04" + b"x" * 500, "archive"),
        (bytes(5000), "characters of number 0"),
        (b"hello " * 100 + b"\0", "characters of number 0"),
        (bytes(range(1, 256)) * 40, "control characters"),
        (b"\xff\xfe" + b"a" * 501, "is not spelt in utf-16"),
    ],
)
def test_what_is_no_text_is_one_sentence(library: DataLibrary, tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    options = {"cleaning": "spaces"} if not data.strip() else {}
    sentence = _refusal(library, tmp_path / "a.txt", **options)
    assert said in sentence
    assert sentence.startswith("a.txt")


def test_pipes_and_missing_files_are_one_sentence(library: DataLibrary, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "neither a folder nor an ordinary file" in _refusal(library, tmp_path / "pipe.txt")
    assert "cannot be opened" in _refusal(library, tmp_path / "missing.txt")
    assert "known are fables, python" in _refusal(library, "fable")
    assert "another kind" in _refusal(library, "mnist")
    assert "no path" in _refusal(library, "a\0b/c.txt")
    (tmp_path / "empty").mkdir()
    assert "There is no text in empty" in _refusal(library, tmp_path / "empty")


def test_a_large_file_is_read_up_to_the_limit(library: DataLibrary, tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.write(b"All work and no play.\n" * 50_000)
        file.truncate(200_000_000)  # the rest is zeros, which nobody must read
    report = check(library, str(path), TextOptions(limit=1_000_000))
    assert report.characters == 1_000_000
    assert "only the first 1,000,000 characters" in report.warnings[0]
    with pytest.raises(InputError, match="characters of number 0"):
        check(library, str(path), TextOptions())


def test_a_folder_is_read_in_order_and_tells_what_it_skips(library: DataLibrary, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    (folder / "b" / ".git").mkdir(parents=True)
    (folder / "b" / ".git" / "x").write_text("hidden " * 50)
    (folder / "b" / "2.md").write_text("second " * 50)
    (folder / "a.py").write_text("first\n" * 50)
    (folder / "c.txt").write_text("third " * 50)
    (folder / "d.bin").write_bytes(bytes(500))
    (folder / "e.txt").write_text("")
    (folder / "f.txt").symlink_to("/etc/passwd")
    os.mkfifo(folder / "g.txt")
    dataset = _opened(library, folder)
    assert _text(dataset) == "first\n" * 50 + "second " * 50 + "\n" + "third " * 50
    assert [file.path for file in dataset.skipped] == ["f.txt", "g.txt", "d.bin", "e.txt"]
    assert dataset.info.name == "own"
    assert library.open(str(folder), TextOptions(), report=_silent).skipped == dataset.skipped


def test_the_files_of_a_folder_are_stories(library: DataLibrary, tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"Story {name}\n" * 20)
    dataset = _opened(library, tmp_path, cleaning="stories", unit="words", story_marks=2)
    assert dataset.info.mark == "|"
    assert _text(dataset).count("|") == 6


@pytest.mark.parametrize("unit", ["characters", "words", "byte pairs"])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5])
def test_the_tail_is_held_out(library: DataLibrary, tmp_path: Path, unit: str, share: float) -> None:
    (tmp_path / "a.txt").write_text("".join(f"Line {number % 99} of many.\n" for number in range(15_000)))
    dataset = _opened(library, tmp_path / "a.txt", unit=unit, test_share=share)
    info = dataset.info
    assert (info.train_count, info.test_count) == (len(dataset.train), len(dataset.test))
    assert info.train_count == int((1 - share) * (info.train_count + info.test_count))
    tokenizer = tokenizer_of(info)
    assert info.train_characters == pytest.approx(len(tokenizer.decode(dataset.train)), abs=1)
    assert info.test_characters == pytest.approx(len(tokenizer.decode(dataset.test)), abs=1)
    assert dataset.train.dtype == np.int32
    assert not dataset.train.flags.writeable


def test_a_second_open_prepares_nothing_and_a_change_is_noticed(library: DataLibrary, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(STORY)
    first = _opened(library, path)
    again = library.open(str(path), TextOptions(), report=_silent)
    assert again.info == first.info
    assert np.array_equal(again.train, first.train)
    assert _opened(library, path, unit="words").info.fingerprint != first.info.fingerprint
    (tmp_path / "copy.txt").write_text(STORY)
    assert _opened(library, tmp_path / "copy.txt").info.fingerprint == first.info.fingerprint
    path.write_text(STORY.replace("fox", "owl"))
    assert _opened(library, path).info.fingerprint != first.info.fingerprint


@pytest.mark.parametrize("damage", ["meta.json", "tokens.npy"])
def test_a_damaged_copy_is_never_used(library: DataLibrary, tmp_path: Path, damage: str) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    _opened(library, tmp_path / "a.txt")
    (place,) = library.folder.iterdir()
    (place / damage).write_bytes((place / damage).read_bytes()[:-2])
    assert _text(_opened(library, tmp_path / "a.txt")) == STORY


def test_several_threads_may_prepare_the_same(library: DataLibrary, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY * 50)
    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda _: _text(_opened(library, tmp_path / "a.txt")), range(4)))
    assert texts == [STORY * 50] * 4
    assert len(list(library.folder.iterdir())) == 1


@pytest.mark.parametrize("unit", ["characters", "words", "byte pairs"])
@pytest.mark.parametrize("after", [1, 4, 9, 14])
def test_cancelling_leaves_nothing_behind(library: DataLibrary, tmp_path: Path, unit: str, after: int) -> None:
    (tmp_path / "a.txt").write_text("All work and no play.\n" * 60_000)
    asked = threading.Event(), []

    def cancelled() -> bool:
        asked[1].append(0)
        return len(asked[1]) > after

    with pytest.raises(Cancelled):
        library.open(str(tmp_path / "a.txt"), TextOptions(unit=unit), None, cancelled)
    assert list(library.folder.glob("*")) == []


def test_a_report_says_what_is_in_a_text(library: DataLibrary, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("the fox and the crow and the owl " * 100 + "rare " + "\nend " * 40)
    (tmp_path / "b.bin").write_bytes(bytes(300))
    report = check(library, str(tmp_path), TextOptions(unit="words", vocabulary_size=7))
    assert report.tokens[0] == ("the", 300)
    assert ("and", 200) in report.tokens
    assert report.words == 841
    assert report.beginning.startswith("the fox and")
    assert report.unknown_train == pytest.approx(0.0, abs=0.01)
    assert report.unknown_test > 0.5
    assert [token for token, _ in report.window][:4] == ["the", "fox", "and", "the"]
    assert len(report.window) == 21
    assert report.encodings == (("utf-8", 1),)
    assert report.skipped_count == 1
    assert report.memory_bytes == 4 * report.found
    assert any("few" in warning for warning in report.warnings)
    assert report.as_json()["skipped"][0]["examples"] == ("b.bin",)


def test_byte_pairs_are_shown_so_that_they_can_be_read(library: DataLibrary, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\u5b57 the \u6587 " * 200)
    tokens = dict(check(library, str(tmp_path / "a.txt"), TextOptions(unit="byte pairs", vocabulary_size=256)).tokens)
    assert "<E5>" in tokens
    assert " " in tokens
    assert all("\ufffd" not in token for token in tokens)


def test_the_embedded_texts_open(library: DataLibrary) -> None:
    fables = _opened(library, "fables", unit="words", cleaning="stories", lower=True)
    assert (np.concatenate([fables.train, fables.test]) == fables.info.vocabulary.index("|")).sum() == 2_500
    python = check(library, "python", TextOptions(limit=300_000))
    assert python.characters == 300_000
    assert "def" in python.beginning or "import" in python.beginning
    assert library.open("fables", TextOptions(unit="words", cleaning="stories", lower=True), report=_silent)


def test_prepared_texts_stand_on_the_shelf(library: DataLibrary, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY)
    _opened(library, tmp_path / "a.txt")
    (text,) = prepared_texts(library.folder)
    assert text.data.info.title == "a.txt"
    assert list(prepared_sets(library.folder)) == []
    assert remove(text) == text.size > 4 * len(STORY)
    assert list(prepared_texts(library.folder)) == []


BOOK = (
    "\ufeffThe Project Gutenberg eBook of Foxes\r\n*** START OF THE PROJECT GUTENBERG EBOOK FOXES ***\r\n\r\n"
    + "A fox is a fox.\r\n" * 50
    + "*** END OF THE PROJECT GUTENBERG EBOOK FOXES ***\r\nLicence"
)


def test_a_book_is_downloaded_once_and_stripped(library: DataLibrary, mirror: DataServer) -> None:
    mirror.files["gutenberg/pg5.txt"] = Served(BOOK.encode(), content_type="text/plain; charset=utf-8", length=False)
    dataset = open_text(library.folder, "gutenberg:5", TextOptions(), Progress(), HASTY)
    assert _text(dataset) == "A fox is a fox.\n" * 49 + "A fox is a fox."
    assert dataset.info.name == "gutenberg:5"
    open_text(library.folder, "gutenberg:5", TextOptions(unit="words"), Progress(), HASTY)
    assert [path for path, _ in mirror.asked] == ["gutenberg/pg5.txt"]


def test_a_book_that_is_none_is_removed(library: DataLibrary, mirror: DataServer) -> None:
    mirror.files["gutenberg/pg5.txt"] = Served(bytes(500))
    with pytest.raises(InputError, match=r"book 5 holds no text; it was removed"):
        open_text(library.folder, "gutenberg:5", TextOptions(), Progress(), HASTY)
    assert not (library.downloads / "gutenberg" / "pg5.txt").exists()


@pytest.mark.parametrize("number", ["", "0", "x", "1/2", "../5", "99999999"])
def test_a_number_that_can_be_none_is_one_sentence(library: DataLibrary, number: str) -> None:
    assert "needs the number of a book" in _refusal(library, f"gutenberg:{number}")


def test_books_have_entries() -> None:
    entry = find_entry("gutenberg:84")
    assert entry is not None
    assert (entry.kind, entry.published) == (DatasetKind.TEXT, True)
    assert entry.homepage.endswith("/84")
    assert looks_like_text("gutenberg:84")
    assert looks_like_text("fables")
    assert looks_like_text("Notes.TXT")
    assert not looks_like_text("glyphs")
    assert not looks_like_text("photos")
