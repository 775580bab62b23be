"""What an export can be, what can be asked of it, and what came of it and of an import, as plain values."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from gendesk.engine.runs import Run
from gendesk.errors import InputError


class ExportKind(StrEnum):
    """The forms that a run can be exported in."""

    ZIP = "zip"
    SAFETENSORS = "safetensors"
    ONNX = "onnx"
    TENSORBOARD = "tensorboard"
    GIF = "gif"


SUFFIXES = {
    ExportKind.ZIP: ".zip",
    ExportKind.SAFETENSORS: ".safetensors",
    ExportKind.ONNX: ".onnx",
    ExportKind.TENSORBOARD: "",
    ExportKind.GIF: ".gif",
}
"""How the names of exported files end; TensorBoard wants a folder."""


@dataclass(frozen=True)
class ExportOptions:
    """`light` leaves all checkpoints but the newest out of an archive; `best` takes the best instead of the newest
    weights; `preview` names what a GIF shows, "" the samples, and `seconds` is how long it plays before its last frame.
    """

    light: bool = False
    best: bool = False
    preview: str = ""
    seconds: float = 10.0


@dataclass(frozen=True)
class Exported:
    """The files (or the folder) that an export has written, `facts` about them as plain data, and sentences to show."""

    files: tuple[Path, ...]
    facts: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Imported:
    """A run that was taken in, the names of files that were left out, and sentences to show."""

    run: Run
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def kind_of_file(out: Path) -> ExportKind:
    """Guess the kind of an export from the name of its file; raises InputError."""
    for kind, suffix in SUFFIXES.items():
        if suffix and out.suffix.lower() == suffix:
            return kind
    raise InputError(f"{out.name} does not tell what to write; add --to with one of {', '.join(ExportKind)}.")
