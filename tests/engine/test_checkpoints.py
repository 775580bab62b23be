"""Checkpoints hold any tree of plain data and tensors; a damaged one is a sentence, never a crash or running code."""

import ast
import contextlib
import json
import pickle
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file

from gendesk.engine.checkpoints import (
    checkpoint_path,
    checkpoint_steps,
    load_checkpoint,
    load_random_state,
    random_state,
    save_checkpoint,
)
from gendesk.errors import StoredDataError

ROOT = Path(__file__).resolve().parents[2]
DTYPES = (torch.float32, torch.float64, torch.bfloat16, torch.float16, torch.int64, torch.uint8, torch.bool)
SHAPES = ((), (0,), (3,), (2, 1, 3))

quick = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
tensors = st.builds(
    lambda dtype, shape: (torch.rand(shape) * 9).to(dtype), st.sampled_from(DTYPES), st.sampled_from(SHAPES)
)
plain = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text())
names = st.one_of(st.sampled_from(["a", "b", "a/b", "a/0", "0", "$tensor", "$tuple", "$items", ""]), st.text())
keys = st.one_of(names, st.integers(), st.tuples(st.integers(), names))
trees = st.recursive(
    plain | tensors,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
    ),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Compare to the bit, with types: True is not 1, and a tuple is not a list."""
    if type(one) is not type(other):
        return False
    if isinstance(one, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


@quick
@given(state=st.dictionaries(keys, trees, max_size=4))
def test_every_state_comes_back_as_it_was(tmp_path: Path, state: dict[Any, Any]) -> None:
    path = tmp_path / "state.safetensors"
    save_checkpoint(path, state)
    assert same(load_checkpoint(path), state)


def test_tensors_under_names_that_look_alike_stay_apart(tmp_path: Path) -> None:
    state = {"a/b": torch.ones(1), "a": {"b": torch.zeros(1)}, "c": {1: torch.ones(2), "1": torch.zeros(2)}}
    save_checkpoint(tmp_path / "state.safetensors", state)
    assert same(load_checkpoint(tmp_path / "state.safetensors"), state)


def test_one_branch_can_be_read_alone(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "state.safetensors", {"model": {"w": torch.ones(2)}, "recipe": {"optimizer": [1, 2]}})
    assert load_checkpoint(tmp_path / "state.safetensors", only="recipe") == {"optimizer": [1, 2]}
    with pytest.raises(StoredDataError, match="nothing"):
        load_checkpoint(tmp_path / "state.safetensors", only="nothing")


def test_shared_and_strided_tensors_are_written_whole(tmp_path: Path) -> None:
    weights = torch.arange(24.0).reshape(1, 2, 3, 4).to(memory_format=torch.channels_last)
    save_checkpoint(tmp_path / "state.safetensors", {"tied": [weights, weights], "row": weights[0, 0, 1]})
    loaded = load_checkpoint(tmp_path / "state.safetensors")
    assert same(loaded, {"tied": [weights, weights], "row": weights[0, 0, 1]})


def test_what_cannot_be_kept_is_said_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="ndarray at /recipe/0"):
        save_checkpoint(tmp_path / "state.safetensors", {"recipe": [np.zeros(2)]})
    assert list(tmp_path.iterdir()) == []


def test_random_generators_go_on_where_they_were(tmp_path: Path) -> None:
    def numbers() -> list[float]:
        return [random.random(), float(np.random.rand()), float(np.random.randn()), float(torch.rand(()))]  # noqa: NPY002

    np.random.randn()  # noqa: NPY002 (leaves the second of a pair in the generator)
    save_checkpoint(tmp_path / "state.safetensors", random_state())
    expected = numbers()
    load_random_state(load_checkpoint(tmp_path / "state.safetensors"))
    assert numbers() == expected


def test_steps_are_listed_by_number_and_strangers_are_passed_over(tmp_path: Path) -> None:
    for step in (5, 123_456_789, 40):
        save_checkpoint(checkpoint_path(tmp_path, step), {})
    (tmp_path / "notes.txt").touch()
    (tmp_path / ".00000007.safetensors.1a2b3c4d").touch()
    assert checkpoint_steps(tmp_path) == [5, 40, 123_456_789]
    assert checkpoint_steps(tmp_path / "missing") == []


@pytest.fixture(scope="module")
def whole() -> Callable[[Path], bytes]:
    """Write a small checkpoint and return its bytes."""

    def write(path: Path) -> bytes:
        save_checkpoint(path, {"model": {"w": torch.arange(4.0)}, "recipe": {"steps": (1, 2), 3: "three"}})
        return path.read_bytes()

    return write


@quick
@given(data=st.data())
def test_a_truncated_file_is_one_sentence(tmp_path: Path, whole: Callable[[Path], bytes], data: st.DataObject) -> None:
    path = tmp_path / "state.safetensors"
    content = whole(path)
    path.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(StoredDataError, match=r"state\.safetensors cannot be read"):
        load_checkpoint(path)


@quick
@given(data=st.data())
def test_flipped_bytes_are_one_sentence_or_other_numbers(
    tmp_path: Path, whole: Callable[[Path], bytes], data: st.DataObject
) -> None:
    path = tmp_path / "state.safetensors"
    content = bytearray(whole(path))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content))
    with contextlib.suppress(StoredDataError):
        load_checkpoint(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x00" * 100, b"\xff" * 8 + b"{}", b'{"a": 1}'])
def test_garbage_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "state.safetensors").write_bytes(content)
    with pytest.raises(StoredDataError):
        load_checkpoint(tmp_path / "state.safetensors")


@pytest.mark.parametrize("header", ["{}", "[]", "5", '{"schema": 1}', '{"schema": 1, "tree": {"$tensor": "gone"}}'])
def test_a_file_of_another_program_is_one_sentence(tmp_path: Path, header: str) -> None:
    save_file({"w": torch.zeros(1)}, tmp_path / "other.safetensors", {"gendesk": header})
    with pytest.raises(StoredDataError):
        load_checkpoint(tmp_path / "other.safetensors")


def test_missing_files_and_folders_are_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.safetensors", tmp_path):
        with pytest.raises(StoredDataError):
            load_checkpoint(path)


def test_a_newer_file_asks_for_an_update(tmp_path: Path) -> None:
    header = {"gendesk": json.dumps({"schema": 99, "tree": {}})}
    save_file({"w": torch.zeros(1)}, tmp_path / "new.safetensors", header)
    with pytest.raises(StoredDataError, match="newer gendesk"):
        load_checkpoint(tmp_path / "new.safetensors")


class _Burglar:
    def __init__(self, loot: Path) -> None:
        self.loot = loot

    def __reduce__(self) -> Any:
        return Path.touch, (self.loot,)


def test_nothing_is_ever_unpickled(tmp_path: Path) -> None:
    loot = tmp_path / "loot"
    pickle.loads(pickle.dumps(_Burglar(loot)))  # noqa: S301 (shows that the file would do harm)
    loot.unlink()
    torch.save(_Burglar(loot), tmp_path / "state.safetensors")
    with pytest.raises(StoredDataError):
        load_checkpoint(tmp_path / "state.safetensors")
    assert not loot.exists()


@pytest.mark.parametrize("folder", ["gendesk", "plugins"])
def test_no_module_can_unpickle(folder: str) -> None:
    for path in ROOT.joinpath(folder).rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {name.split(".")[0] for name in imported} & {"pickle", "dill", "cloudpickle", "joblib", "shelve"}, (
            path
        )
        calls = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
        loaded = [call for call in calls if call.startswith("torch.load(")]
        if path.name == "inception.py":  # published weights, read as tensors only, and only where their hash is right
            assert all(call.endswith("weights_only=True)") for call in loaded)
        else:
            assert not loaded, path
        assert not [call for call in calls if call.startswith("np.load(") and "allow_pickle=False" not in call], path
