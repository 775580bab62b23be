"""What the window showed when it was last closed: which tab, which run and which choices in each."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from gendesk.files import write_atomically

_LARGEST = 1 << 22


class TabSession(BaseModel):
    """A family tab: the run that is shown, the choices above the form, and the values in it."""

    model_config = ConfigDict(frozen=True)

    run: str = ""
    recipe: str = ""
    preset: str = ""
    data: str = ""
    values: dict[str, Any] = {}


class Session(BaseModel):
    """The whole window."""

    model_config = ConfigDict(frozen=True)

    tab: str = ""
    tabs: dict[str, TabSession] = {}


def read_session(path: Path) -> Session:
    """Return the last session; one that cannot be read counts as none, because it is a mere convenience."""
    try:
        if path.stat().st_size > _LARGEST:
            return Session()
        return Session.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError):
        return Session()


def write_session(path: Path, session: Session) -> None:
    """Write the session; raises OSError if the disk refuses."""
    write_atomically(path, session.model_dump_json(indent=2))
