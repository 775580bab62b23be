"""What a person writes on a run: a name, a note, tags, a pin. Kept apart from run.json, which the trainer writes."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gendesk.files import write_atomically

LABELS_FILE = "labels.json"
_LARGEST = 1 << 20


class Labels(BaseModel):
    """The contents of labels.json; an empty name stands for the title that the run has by itself."""

    model_config = ConfigDict(frozen=True)

    name: str = Field("", max_length=200)
    note: str = Field("", max_length=100_000)
    tags: tuple[str, ...] = Field((), max_length=100)
    pinned: bool = False


def read_labels(folder: Path) -> Labels:
    """Return the labels of a run folder; a file that cannot be read counts as none, because nothing depends on it."""
    path = folder / LABELS_FILE
    try:
        if path.stat().st_size > _LARGEST:
            return Labels()
        return Labels.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError):
        return Labels()


def write_labels(folder: Path, labels: Labels) -> None:
    """Write the labels; raises OSError if the disk refuses."""
    write_atomically(folder / LABELS_FILE, labels.model_dump_json(indent=2))
