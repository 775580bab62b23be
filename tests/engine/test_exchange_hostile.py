"""Archives and folders from strangers: one sentence, and nothing written outside the folder of the run."""

import io
import json
import os
import shutil
import stat
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gendesk.engine.checkpoints import save_checkpoint
from gendesk.engine.exchange import Dropped, import_run, what_is
from gendesk.engine.exchange.intake import free_id
from gendesk.engine.run_config import RunConfig
from gendesk.engine.run_store import RunStore
from gendesk.errors import InputError

quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
Files = dict[str, bytes]
CONFIG = RunConfig(recipe="tiny", preset="quick", data="glyphs", config={})


def make_run(folder: Path) -> Files:
    """Return the files of a small run: record, curves, one checkpoint."""
    run = RunStore(folder).create(CONFIG, "tiny", "Tiny")
    run.update(process=None)
    save_checkpoint(run.checkpoints / "00000003.safetensors", {"model": {"level": torch.ones(3)}, "step": 3})
    run.metrics_file.write_text("step,seconds,loss\n1,0.1,0.5\n")
    return {
        path.relative_to(run.folder).as_posix(): path.read_bytes() for path in run.folder.rglob("*") if path.is_file()
    }


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    return make_run(tmp_path_factory.mktemp("made"))


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "data" / "runs")


def pack(path: Path, files: Files, *more: tuple[str | zipfile.ZipInfo, bytes], compress: bool = False) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED) as archive:
        for name, content in (*files.items(), *more):
            archive.writestr(name, content)
    return path


def with_mode(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def raw_name(name: str) -> zipfile.ZipInfo:
    """Return a member with a name that Python would tidy up."""
    info = zipfile.ZipInfo("x")
    info.filename = name
    return info


NAMES = {
    "slip": "../../evil.png",
    "slip inside": "samples/../../evil.png",
    "absolute": "/tmp/evil.png",
    "drive": "C:/evil.png",
    "drive without a slash": "c:evil.png",
    "backslash": "..\\evil.png",
    "this folder": "./samples/00000001/a.png",
    "empty part": "samples//a.png",
    "line break": "samples/00000001/a\n.png",
}


@pytest.mark.parametrize("kind", NAMES)
def test_names_that_may_lead_out_of_the_folder_are_refused(
    tmp_path: Path, store: RunStore, files: Files, kind: str
) -> None:
    assert_refused(store, pack(tmp_path / "a.zip", files, (raw_name(NAMES[kind]), b"x")), "may lead out of its folder")


@pytest.mark.parametrize("mode", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_are_refused(tmp_path: Path, store: RunStore, files: Files, mode: int) -> None:
    link = with_mode("samples/00000001/a.png", mode | 0o777)
    assert_refused(store, pack(tmp_path / "a.zip", files, (link, b"/etc/passwd")), "is a link or a device")


@pytest.mark.parametrize("name", ["run.json", "RUN.JSON", "Checkpoints/00000003.safetensors"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(tmp_path: Path, store: RunStore, files: Files, name: str) -> None:
    assert_refused(store, pack(tmp_path / "a.zip", files, (name, b"{}")), "two files of one name")


def test_files_that_belong_to_no_run_are_left_out(tmp_path: Path, store: RunStore, files: Files) -> None:
    names = [
        "recipe.py",
        "stop",
        "samples/00000001/a.exe",
        "samples/00000001/con.png",
        "samples/00000001/deep/a.png",
        "samples/00000001/ä.png",
        "samples/one/a.png",
        "checkpoints/00000003.pt",
        "checkpoints/..safetensors",
        "checkpoints/1.safetensors",
        ".run.json.12345678",
    ]
    imported = import_run(store, pack(tmp_path / "a.zip", files, *((name, b"x") for name in names)))
    assert sorted(imported.left_out) == sorted(names)
    assert {path.name for path in imported.run.folder.rglob("*") if path.is_file()} == {
        Path(name).name for name in files
    }


def test_bombs_are_refused(tmp_path: Path, store: RunStore, files: Files) -> None:
    zeros = bytes(70 << 20)
    bomb = pack(tmp_path / "a.zip", files, ("checkpoints/00000009.safetensors", zeros), compress=True)
    assert_refused(store, bomb, "unpacks to 73,400,320 bytes")
    many = [(f"checkpoints/{step:08d}.safetensors", zeros[: 30 << 20]) for step in range(10, 14)]
    assert_refused(store, pack(tmp_path / "b.zip", files, *many, compress=True), "more tightly than any run can be")


def test_a_disk_without_room_is_said_before_anything_is_written(
    tmp_path: Path, store: RunStore, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack(tmp_path / "a.zip", files)
    full = shutil._ntuple_diskusage(10**9, 10**9 - 1000, 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    assert_refused(store, path, r"but only 0\.0 are free")


def test_a_list_of_files_that_would_fill_the_memory_is_not_read(tmp_path: Path, store: RunStore, files: Files) -> None:
    path = pack(tmp_path / "a.zip", files)
    content = path.read_bytes()
    end = content.rfind(b"PK\5\6")
    path.write_bytes(content[:end] + content[end : end + 12] + struct.pack("<L", 1 << 30) + content[end + 16 :])
    assert_refused(store, path, "more files than any run does")
    large = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 9, 9, 1 << 40, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, end, 1)
    path.write_bytes(content[:end] + large + locator + content[end:])
    assert_refused(store, path, "more files than any run does")
    assert what_is(path) is None


RECORDS: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "newer": (lambda record: {"schema_version": 9}, "made by a newer gendesk"),
    "no run": (lambda record: {}, "is not what gendesk writes"),
    "a date that is none": (lambda record: {**record, "created": 1e300}, "impossible numbers"),
    "no date at all": (lambda record: {**record, "updated": float("nan")}, "impossible numbers"),
    "steps before the first": (lambda record: {**record, "step": -1}, "impossible numbers"),
    "endless speed": (lambda record: {**record, "steps_per_second": float("inf")}, "impossible numbers"),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_records_that_make_no_sense_are_refused(tmp_path: Path, store: RunStore, files: Files, kind: str) -> None:
    change, said = RECORDS[kind]
    record = json.dumps(change(json.loads(files["run.json"]))).encode()
    assert_refused(store, pack(tmp_path / "a.zip", {**files, "run.json": record}), said)


def test_what_is_no_archive_of_one_run_is_refused(tmp_path: Path, store: RunStore, files: Files) -> None:
    two = {f"{folder}/{name}": content for folder in "ab" for name, content in files.items()}
    (tmp_path / "text.zip").write_text("no archive")
    (tmp_path / "empty.zip").touch()
    (tmp_path / "folder").mkdir()
    for path, said in (
        (pack(tmp_path / "two.zip", two), "it holds several runs; unpack it"),
        (pack(tmp_path / "none.zip", {"a/b/run.json": b"{}", "x.png": b""}), "it holds no run"),
        (tmp_path / "text.zip", "is no zip archive, or damaged"),
        (tmp_path / "empty.zip", "is no zip archive, or damaged"),
        (tmp_path / "folder", "holds no run"),
        (tmp_path / "gone.zip", "is neither a folder nor a file"),
    ):
        assert_refused(store, path, said)


def test_an_encrypted_archive_is_refused(tmp_path: Path, store: RunStore, files: Files) -> None:
    path = pack(tmp_path / "a.zip", files)
    content = bytearray(path.read_bytes())
    content[content.rfind(b"run.json") - 46 + 8] |= 1
    path.write_bytes(content)
    assert_refused(store, path, "is encrypted")


@pytest.mark.skipif(sys.platform == "win32", reason="makes pipes and links")
def test_links_and_pipes_in_a_folder_are_left_out(tmp_path: Path, store: RunStore, files: Files) -> None:
    folder = tmp_path / "copy"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "labels.json").symlink_to("/etc/passwd")
    (folder / "samples").symlink_to("/etc")
    os.mkfifo(folder / "warnings.jsonl")
    (folder / "checkpoints" / "00000004.safetensors").symlink_to(folder / "checkpoints" / "00000003.safetensors")
    imported = import_run(store, folder)
    assert sorted(imported.left_out) == [
        "checkpoints/00000004.safetensors",
        "labels.json",
        "samples",
        "warnings.jsonl",
    ]


@pytest.mark.parametrize(
    "tree",
    ['{"$tensor": "/other"}', "[" * 100_000, '"x"' * 2, '{"a": 1}, "schema": "new"'],
)
def test_checkpoints_with_a_strange_header_are_left_out(
    tmp_path: Path, store: RunStore, files: Files, tree: str
) -> None:
    header = json.dumps({"__metadata__": {"gendesk": f'{{"schema": 1, "tree": {tree}}}'}}).encode()
    checkpoint = struct.pack("<Q", len(header)) + header
    imported = import_run(store, pack(tmp_path / "a.zip", {**files, "checkpoints/00000005.safetensors": checkpoint}))
    assert imported.left_out == ("checkpoints/00000005.safetensors",)
    assert imported.run.steps_saved() == [3]


def test_ids_are_made_harmless(store: RunStore) -> None:
    store.folder.mkdir(parents=True)
    assert free_id(store, "0007-vae-quick") == "0007-vae-quick"
    (store.folder / "0007-vae-quick").mkdir()
    assert free_id(store, "0007-vae-quick") == "0008-vae-quick"
    assert free_id(store, "../../etc") == "0008-etc"
    assert free_id(store, "C:\\CON") == "0008-c-con"
    assert free_id(store, "é") == "0008-run"
    assert len(free_id(store, "0009-" + "x" * 500)) < 80
    assert free_id(store, "99999999999999-x") == "0008-99999999999999-x"


def test_what_a_killed_import_has_left_is_removed_by_the_next(tmp_path: Path, store: RunStore, files: Files) -> None:
    left = store.folder / f".import-{2**22 + 1}-0123abcd"  # no system counts its processes that far
    left.mkdir(parents=True)
    under_way = store.folder / f".import-{os.getpid()}-0123abcd"
    under_way.mkdir()
    import_run(store, pack(tmp_path / "a.zip", files))
    assert not left.exists() and under_way.exists()


_FILES: Files = {}


def _packed() -> bytes:
    """Return a good archive; made once, because hypothesis asks for it at every example."""
    if not _FILES:
        with tempfile.TemporaryDirectory() as folder:
            _FILES.update(make_run(Path(folder)))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _FILES.items():
            archive.writestr(f"0001-tiny-quick/{name}", data)
    return content.getvalue()


@quick
@given(
    edits=st.lists(st.tuples(st.integers(0, 100_000), st.binary(min_size=0, max_size=8)), max_size=6),
    cut=st.integers(0, 400),
)
@example(edits=[], cut=0)
def test_archives_with_any_damage_are_taken_in_or_refused(
    tmp_path: Path, edits: list[tuple[int, bytes]], cut: int
) -> None:
    content = bytearray(_packed())
    for place, replaced in edits:
        at = -(place % len(content)) - 1
        content[at : at + len(replaced) or None] = replaced
    check_intake(tmp_path, bytes(content[: len(content) - cut] if cut < len(content) else content))


@quick
@given(
    names=st.lists(
        st.lists(
            st.sampled_from(
                ["..", ".", "", "run.json", "samples", "checkpoints", "00000001", "a.png", "C:", "\\", "x\0y", "é", "/"]
            )
            | st.text(max_size=5),
            max_size=5,
        ).map("/".join),
        max_size=8,
    ),
    payload=st.binary(max_size=50),
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_archives_with_any_names_stay_in_their_folder(tmp_path: Path, names: list[str], payload: bytes) -> None:
    _packed()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in _FILES.items():
            archive.writestr(name, data)
        for name in names:
            try:
                archive.writestr(raw_name(name), payload)
            except (UnicodeError, ValueError):
                continue
    check_intake(tmp_path, content.getvalue())


@quick
@given(
    record=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
        max_leaves=8,
    ),
    field=st.sampled_from(["id", "created", "state", "step", "config", "data", "metrics", "process", "pinned_steps"]),
)
def test_any_record_is_taken_in_or_refused(tmp_path: Path, record: Any, field: str) -> None:
    _packed()
    changed = {**json.loads(_FILES["run.json"]), field: record}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("run.json", json.dumps(changed))
    check_intake(tmp_path, content.getvalue())


def check_intake(tmp_path: Path, content: bytes) -> None:
    """Import an archive; whatever becomes of it, only its own folder is written, and the store stays readable."""
    with tempfile.TemporaryDirectory(dir=tmp_path) as made:
        folder = Path(made)
        (folder / "a.zip").write_bytes(content)
        assert what_is(folder / "a.zip") in (None, Dropped.ARCHIVE)
        store = RunStore(folder / "data" / "runs")
        try:
            imported = import_run(store, folder / "a.zip")
        except InputError as error:
            assert str(error).endswith(".") and "\n" not in str(error)
            assert not store.folder.exists() or list(store.folder.iterdir()) == []
        else:
            assert [path.name for path in store.folder.iterdir()] == [imported.run.id]
            assert [run.id for run in store.all()] == [imported.run.id]
            imported.run.summary()
        assert sorted(path.name for path in folder.iterdir() if path.name != "data") == ["a.zip"]


def assert_refused(store: RunStore, path: Path, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        import_run(store, path)
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)
    assert not store.folder.exists() or list(store.folder.iterdir()) == []
