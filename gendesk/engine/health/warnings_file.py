"""The warnings of a run on disk: warnings.jsonl, one JSON object a line, few and small enough to be written anew."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gendesk.engine.events import Warned
from gendesk.files import write_atomically

WARNINGS_FILE = "warnings.jsonl"
_MOST = 200
_MOST_BYTES = 1_000_000

Scalar = bool | int | float | str | None
Table = Annotated[list[dict[str, Scalar]], Field(max_length=50)]
"""The rows of a table, such as the layers of a network."""


class _Line(BaseModel):
    """One line of the file, which may come from another person."""

    model_config = ConfigDict(allow_inf_nan=False)

    step: int = Field(ge=0)
    time: float = Field(ge=0)
    kind: str = Field("", max_length=100)
    text: str = Field(max_length=2000)
    explanation: str = Field("", max_length=4000)
    advice: str = Field("", max_length=2000)
    changes: dict[str, Scalar | Table] = Field({}, max_length=50)


class WarningsLog:
    """What has been warned of in a run's whole life, also in earlier processes."""

    def __init__(self, path: Path) -> None:
        """Take up what is there; nothing is written before the first warning."""
        self._path = path
        self._warnings = read_warnings(path)
        self._saved = True

    @property
    def told(self) -> set[str]:
        """The kinds of the warnings, and the texts of those that have none."""
        return {warning.kind or warning.text for warning in self._warnings}

    def add(self, warning: Warned) -> None:
        """Note a warning; `save` writes it. Of very many the first are kept."""
        if len(self._warnings) < _MOST:
            self._warnings.append(warning)
            self._saved = False

    def cut_after(self, step: int) -> None:
        """Forget the warnings of steps that a resumed run will do again; `save` writes it."""
        kept = [warning for warning in self._warnings if warning.step <= step]
        self._saved = self._saved and len(kept) == len(self._warnings)
        self._warnings = kept

    def save(self) -> None:
        """Write what is new, if anything is; raises OSError, and tries again when it is called again."""
        if self._saved:
            return
        lines = (_line(warning) for warning in self._warnings)
        write_atomically(self._path, "".join(f"{line}\n" for line in lines), durable=False)
        self._saved = True


def read_warnings(path: Path) -> list[Warned]:
    """Return the warnings of the run folder that `path` lies in, oldest first; damaged lines are passed over."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8", errors="replace")
    except OSError:
        return []
    warnings = []
    for line in text.split("\n"):
        try:
            stored = _Line.model_validate_json(line)
        except ValidationError:
            continue
        warnings.append(Warned(run_id=path.parent.name, **stored.model_dump()))
    return warnings[:_MOST]


def _line(warning: Warned) -> str:
    names = _Line.model_fields
    values = {name: getattr(warning, name) for name in names}
    return _Line(**{**_shortened(values), "changes": dict(warning.changes)}).model_dump_json()


def _shortened(values: Mapping[str, Any]) -> dict[str, Any]:
    """Cut what a recipe has written at length to what is read back."""
    return {name: value[:2000] if isinstance(value, str) else value for name, value in values.items()}
