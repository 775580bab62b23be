"""A training state in one safetensors file: tensors as they are, everything else as JSON in its header.

Nothing is ever unpickled, and one file means that no crash can leave the two halves of different steps.
"""

import contextlib
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from gendesk.errors import StoredDataError
from gendesk.files import write_atomically

SCHEMA = 1
_NAME = re.compile(r"^(\d{8,})\.safetensors$")


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write a tree of dicts, lists, tensors, numbers and strings; raises OSError if the disk refuses."""
    tensors: dict[str, Tensor] = {}
    tree = _pack(state, "", tensors)
    header = {"gendesk": json.dumps({"schema": SCHEMA, "tree": tree})}
    write_atomically(path, save(tensors, header))


def load_checkpoint(path: Path, device: str = "cpu", only: str | None = None) -> dict[str, Any]:
    """Read what `save_checkpoint` wrote, or only one branch of the top level; raises StoredDataError."""
    try:
        with safe_open(path, framework="pt", device=device) as file:
            header = json.loads((file.metadata() or {})["gendesk"])
            if header["schema"] > SCHEMA:
                raise StoredDataError(f"{path.name} was written by a newer gendesk; update gendesk to use it.")
            tree = header["tree"] if only is None else header["tree"][only]
            unpacked: dict[str, Any] = _unpack(tree, file.get_tensor)
            return unpacked
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise StoredDataError(f"The checkpoint {path} cannot be read: {error}.") from error


def checkpoint_steps(folder: Path) -> list[int]:
    """Return the steps of the checkpoints in a folder, oldest first."""
    if not folder.is_dir():
        return []
    matches = (_NAME.match(entry.name) for entry in folder.iterdir())
    return sorted(int(match[1]) for match in matches if match)


def checkpoint_path(folder: Path, step: int) -> Path:
    return folder / f"{step:08d}.safetensors"


def random_state() -> dict[str, Any]:
    """Return the global random generators of Python, numpy and torch; libraries and dropout draw from them."""
    name, keys, position, has_gauss, cached = np.random.get_state(legacy=True)  # noqa: NPY002
    state: dict[str, Any] = {
        "python": random.getstate(),
        "numpy": [name, torch.from_numpy(np.asarray(keys, dtype=np.int64)), position, has_gauss, cached],
        "torch": torch.get_rng_state(),
    }
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state_all()
    return state


def load_random_state(state: dict[str, Any]) -> None:
    random.setstate(state["python"])
    name, keys, position, has_gauss, cached = state["numpy"]
    np.random.set_state((name, keys.numpy().astype(np.uint32), position, has_gauss, cached))  # noqa: NPY002
    torch.set_rng_state(state["torch"])
    if "cuda" in state and torch.cuda.is_available() and len(state["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all([one.cpu() for one in state["cuda"]])


def _pack(value: Any, path: str, tensors: dict[str, Tensor]) -> Any:
    """Replace tensors by references and mark what JSON cannot tell apart: tuples, and dicts with other keys."""
    if isinstance(value, Tensor):
        name = path
        while name in tensors:  # the keys 1 and "1", or "a/b" and b within a, make the same path
            name += "'"
        # A copy, because safetensors refuses shared memory and the caller goes on training.
        tensors[name] = value.detach().to("cpu", copy=True).contiguous()
        return {"$tensor": name}
    if isinstance(value, dict):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {key: _pack(item, f"{path}/{key}", tensors) for key, item in value.items()}
        items = [[_pack(key, path, tensors), _pack(item, f"{path}/{key}", tensors)] for key, item in value.items()]
        return {"$items": items}
    if isinstance(value, list | tuple):
        packed = [_pack(item, f"{path}/{index}", tensors) for index, item in enumerate(value)]
        return {"$tuple": packed} if isinstance(value, tuple) else packed
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"A checkpoint cannot hold {type(value).__name__} at {path or 'its root'}.")


def _unpack(value: Any, tensor: Callable[[str], Tensor]) -> Any:
    if isinstance(value, list):
        return [_unpack(item, tensor) for item in value]
    if not isinstance(value, dict):
        return value
    if "$tensor" in value:
        return tensor(value["$tensor"])
    if "$tuple" in value:
        return tuple(_unpack(item, tensor) for item in value["$tuple"])
    if "$items" in value:
        return {_unpack(key, tensor): _unpack(item, tensor) for key, item in value["$items"]}
    return {key: _unpack(item, tensor) for key, item in value.items()}


def remove_checkpoint(folder: Path, step: int) -> None:
    """Remove a checkpoint; one that cannot be removed now, because somebody reads it, is tried again with the next."""
    with contextlib.suppress(OSError):
        checkpoint_path(folder, step).unlink(missing_ok=True)
