"""Runs that are damaged in one way or another are listed with the reason, and the others are not hurt."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gendesk.engine.families import Families
from gendesk.engine.run_config import RunConfig
from gendesk.engine.run_store import DamagedRun, RunStore, missing_plugin
from gendesk.engine.runs import Run
from gendesk.errors import StoredDataError
from tests.support.training import families

CONFIG = RunConfig(recipe="tiny", preset="quick", data="glyphs", config={"batch_size": 8})


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """Three runs, of which the tests damage the second."""
    store = RunStore(tmp_path / "runs")
    for _ in range(3):
        store.create(CONFIG, "tiny", "Tiny")
    return store


def change(path: Path, **values: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def reshape_as_newer(path: Path) -> None:
    path.write_text(json.dumps({"schema_version": 2, "name": "0002", "settings": []}))


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "half-written": (cut, "is damaged: run.json is cut off or garbled."),
    "empty": (lambda path: path.write_bytes(b""), "is damaged: run.json is cut off or garbled."),
    "no text": (lambda path: path.write_bytes(b"\xff\x00" * 99), "is damaged: run.json is cut off or garbled."),
    "nested": (lambda path: path.write_bytes(b"[" * 100_000), "is damaged: run.json is cut off or garbled."),
    "a list": (lambda path: path.write_text("[1, 2]"), "is damaged: run.json is not what gendesk writes."),
    "wrong type": (lambda path: change(path, step="many"), "is damaged: run.json is not what gendesk writes."),
    "huge": (lambda path: path.write_bytes(b" " * (5 << 20)), "is damaged: run.json is larger than gendesk writes it."),
    "newer": (lambda path: change(path, schema_version=2), "was made by a newer gendesk; update gendesk to open it."),
    "newer shape": (reshape_as_newer, "was made by a newer gendesk; update gendesk to open it."),
    "a folder": (lambda path: (path.unlink(), path.mkdir()), "is damaged: run.json is no ordinary file."),
}
if sys.platform != "win32":
    DAMAGES["a pipe"] = pipe, "is damaged: run.json is no ordinary file."


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_run_is_listed_with_the_reason_among_the_others(store: RunStore, kind: str) -> None:
    damage, reason = DAMAGES[kind]
    damage(store.folder / "0002-tiny-quick" / "run.json")
    first, second, third = store.scan()
    assert isinstance(first, Run) and isinstance(third, Run)
    assert second == DamagedRun(store.folder / "0002-tiny-quick", f"The run 0002-tiny-quick {reason}")
    assert [run.id for run in store.all()] == ["0001-tiny-quick", "0003-tiny-quick"]


def test_a_folder_that_was_not_copied_as_a_whole_is_listed(store: RunStore) -> None:
    (store.folder / "0002-tiny-quick" / "run.json").unlink()
    (store.folder / "0002-tiny-quick" / "samples").mkdir()
    _, second, _ = store.scan()
    assert isinstance(second, DamagedRun)
    assert second.reason == "The run 0002-tiny-quick has no run.json; it was probably not copied as a whole."


def test_what_is_no_run_is_not_listed(store: RunStore) -> None:
    (store.folder / "0004-tiny-quick").mkdir()  # as between the two halves of a start
    (store.folder / ".import-1-abc").mkdir()
    (store.folder / ".import-1-abc" / "run.json").write_text("{}")
    (store.folder / "notes.txt").write_text("mine")
    assert store.ids() == ["0001-tiny-quick", "0002-tiny-quick", "0003-tiny-quick"]


@pytest.mark.skipif(sys.platform == "win32", reason="has other permissions")
def test_a_folder_that_must_not_be_read_is_listed(store: RunStore) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (store.folder / "0002-tiny-quick").chmod(0)
    try:
        _, second, _ = store.scan()
    finally:
        (store.folder / "0002-tiny-quick").chmod(0o700)
    assert isinstance(second, DamagedRun)
    assert second.reason == "The run 0002-tiny-quick cannot be read: Permission denied."


@pytest.mark.skipif(sys.platform == "win32", reason="lets few people make links")
def test_a_link_that_leads_nowhere_is_listed(store: RunStore) -> None:
    record = store.folder / "0002-tiny-quick" / "run.json"
    record.unlink()
    record.symlink_to(store.folder / "gone.json")
    _, second, _ = store.scan()
    assert isinstance(second, DamagedRun)


def test_a_run_that_is_gone_says_so(store: RunStore) -> None:
    with pytest.raises(StoredDataError, match=r"^The run 0009-gone cannot be read: its folder is gone\.$"):
        store.open("0009-gone")


def test_a_run_whose_plugin_is_missing_says_which(store: RunStore) -> None:
    run = store.open("0001-tiny-quick")
    assert missing_plugin(run, families()) == ""
    sentence = "No plugin offers the recipe tiny; install the one that does (tiny) to open this run."
    assert missing_plugin(run, Families()) == sentence
