"""Opening data sets: the catalogue, the cache, progress and cancelling."""

import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gendesk.data.catalogue import catalogue
from gendesk.data.library import Cancelled, DataLibrary
from gendesk.data.options import ImageOptions
from gendesk.errors import InputError
from tests.data.pictures import noise, save_pngs


def _silent(fraction: float, sentence: str) -> None:
    pytest.fail(f"Something was prepared again: {sentence}")


def test_the_catalogue_lists_what_can_be_opened_by_name() -> None:
    assert [entry.name for entry in catalogue()] == [
        "glyphs",
        "doodles",
        "avatars",
        "land",
        "shapes10",
        "tins",
        "outfits",
        "palette-portraits",
        "fables",
        "python",
        "chorales",
        "melodies",
        "bach-chorales",
        "car-racing",
        "mnist",
        "fashion-mnist",
        "cifar10",
        "quickdraw:cat",
        "quickdraw-strokes:cat",
        "gutenberg:11339",
    ]
    assert [entry.published for entry in catalogue()] == [False] * 14 + [True] * 6
    assert all(entry.homepage.startswith("http") for entry in catalogue() if entry.published)
    assert all(entry.licence and entry.source and entry.summary for entry in catalogue())


def test_the_catalogue_is_light() -> None:
    code = "import sys, gendesk.data.catalogue; print('PIL' in sys.modules, 'gendesk.data.glyphs' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("name", ["glyph", "", "  ", "no-such-set"])
def test_an_unknown_name_lists_the_known_ones(library: DataLibrary, name: str) -> None:
    with pytest.raises(InputError, match="known are glyphs"):
        library.open(name)


@pytest.mark.parametrize("path", ["missing.zip", "no/such/folder", "~/no-such-folder", "/missing", "a" * 5000 + "/b"])
def test_a_missing_path_is_one_sentence(library: DataLibrary, path: str) -> None:
    with pytest.raises(InputError, match=r"(does not exist|cannot be opened).*\.$"):
        library.open(path)


def test_files_of_no_known_kind_are_one_sentence(library: DataLibrary, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    Image.new("L", (8, 8)).save(tmp_path / "one.png")
    with pytest.raises(InputError, match=r"notes\.txt is not"):
        library.open(str(tmp_path / "notes.txt"))
    with pytest.raises(InputError, match=r"one\.png is a single picture"):
        library.open(str(tmp_path / "one.png"))


def test_a_second_open_prepares_nothing(library: DataLibrary, tmp_path: Path) -> None:
    folder = save_pngs(tmp_path / "own", noise(6))
    (folder / "bad.png").write_bytes(b"x")
    first = library.open(str(folder))
    again = DataLibrary(library.folder).open(str(folder), report=_silent)
    assert again.info == first.info
    assert again.skipped == first.skipped != ()
    assert np.array_equal(again.train.images, first.train.images)
    assert np.array_equal(again.test.labels, first.test.labels)


def test_relative_and_absolute_paths_share_the_cache(
    library: DataLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save_pngs(tmp_path / "own", noise(6))
    library.open(str(folder))
    monkeypatch.chdir(tmp_path)
    library.open("own", report=_silent)


def test_other_options_are_prepared_for_themselves(library: DataLibrary, tmp_path: Path) -> None:
    folder = save_pngs(tmp_path / "own", noise(6))
    assert library.open(str(folder)).info.height == 12
    assert library.open(str(folder), ImageOptions(image_size=16)).info.height == 16
    library.open(str(folder), report=_silent)


def test_a_changed_source_is_noticed(library: DataLibrary, tmp_path: Path) -> None:
    folder = save_pngs(tmp_path / "own", noise(6))
    prints = [library.open(str(folder)).info.fingerprint]
    save_pngs(folder, noise(7))
    prints.append(library.open(str(folder)).info.fingerprint)
    (folder / "000.png").unlink()
    prints.append(library.open(str(folder)).info.fingerprint)
    # The same size, but other pixels and another time.
    Image.fromarray(noise(1, seed=9)[0, ..., 0]).save(folder / "001.png")
    os.utime(folder / "001.png", ns=(1, 1))
    prints.append(library.open(str(folder)).info.fingerprint)
    assert len(set(prints)) == 4


@pytest.mark.parametrize("damage", ["no meta", "half a meta", "other schema", "short images", "no labels"])
def test_a_half_made_or_damaged_cache_is_never_used(library: DataLibrary, tmp_path: Path, damage: str) -> None:
    source = str(save_pngs(tmp_path / "own", noise(6)))
    expected = np.array(library.open(source).train.images)
    (place,) = library.folder.iterdir()
    meta, images = place / "meta.json", place / "images.npy"
    if damage == "no meta":
        meta.unlink()
    elif damage == "half a meta":
        meta.write_text(meta.read_text()[:40])
    elif damage == "other schema":
        meta.write_text(json.dumps(json.loads(meta.read_text()) | {"schema": 0}))
    elif damage == "short images":
        images.write_bytes(images.read_bytes()[:-1])
    else:
        (place / "labels.npy").unlink()
    assert np.array_equal(library.open(source).train.images, expected)
    library.open(source, report=_silent)


def test_what_a_crash_left_behind_is_removed_in_time(library: DataLibrary, tmp_path: Path) -> None:
    old, new = library.folder / "x-1.partial", library.folder / "x-2.partial"
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "images.npy").write_bytes(b"half")
    two_days_ago = time.time() - 2 * 24 * 3600
    for path in (old / "images.npy", old):
        os.utime(path, (two_days_ago, two_days_ago))
    library.open(str(save_pngs(tmp_path / "own", noise(6))))
    assert not old.exists()
    assert new.exists()


def test_progress_is_told_in_fractions_and_sentences(library: DataLibrary, tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    library.open(str(save_pngs(tmp_path / "own", noise(100))), report=lambda *news: told.append(news))
    assert all(0 <= fraction <= 1 and sentence for fraction, sentence in told)
    assert told[-1] == (1.0, "own is ready")


def test_a_cancelled_preparation_leaves_nothing(library: DataLibrary, tmp_path: Path) -> None:
    folder = save_pngs(tmp_path / "own", noise(300))
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(Cancelled):
        library.open(str(folder), cancelled=cancelled)
    assert list(library.folder.iterdir()) == []
    assert threading.active_count() < 10
    with pytest.raises(Cancelled):
        library.open("glyphs", cancelled=lambda: True)


def test_threads_may_open_the_same_source_at_once(library: DataLibrary, tmp_path: Path) -> None:
    source = str(save_pngs(tmp_path / "own", noise(60)))
    with ThreadPoolExecutor(4) as pool:
        datasets = list(pool.map(lambda _: library.open(source), range(4)))
    assert len({dataset.info.fingerprint for dataset in datasets}) == 1
    assert len(list(library.folder.iterdir())) == 1


def _open_in_process(folder: Path, source: str) -> str:
    return DataLibrary(folder).open(source).info.fingerprint


def test_processes_may_open_the_same_source_at_once(library: DataLibrary, tmp_path: Path) -> None:
    source = str(save_pngs(tmp_path / "own", noise(60)))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        prints = pool.starmap(_open_in_process, [(library.folder, source)] * 2)
        pool.close()
        pool.join()
    assert prints[0] == prints[1]
    assert len(list(library.folder.iterdir())) == 1


def test_a_cache_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(InputError, match="cannot be prepared in"):
        DataLibrary(tmp_path / "file").open(str(save_pngs(tmp_path / "own", noise(4))))
