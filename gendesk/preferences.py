"""What a person prefers on this machine: how the window looks, where things are kept, how new runs begin."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError, field_validator

from gendesk.config import ConfigModel, setting
from gendesk.files import write_atomically

VERSION = 2
RUN_FIELDS = ("device", "threads", "preview_every", "checkpoint_seconds", "keep_checkpoints")
FOLDER_FIELDS = ("runs_folder", "datasets_folder", "plugins_folder")
_LARGEST = 1 << 20


class Preferences(ConfigModel):
    """The settings of the application. In `RUN_FIELDS` the default (auto, 0) leaves the choice to a recipe's preset."""

    theme: Literal["system", "light", "dark"] = setting(
        "system",
        "Theme",
        "Light or dark colours; system follows the desktop, also when it changes.",
        group="Appearance",
    )
    device: str = setting(
        "auto",
        "Device",
        "What new runs train on; auto takes the fastest that is there.",
        group="New runs",
        min_length=1,
        max_length=40,
    )
    threads: int = setting(
        0,
        "Threads",
        "CPU threads for new runs; 0 takes all cores. Fewer leave room for other programs.",
        group="New runs",
        ge=0,
        le=256,
    )
    preview_every: int = setting(
        0,
        "Previews every",
        "Steps between two sets of pictures; 0 leaves it to the preset. Fewer steps show more, and cost a little time.",
        group="New runs",
        unit="steps",
        ge=0,
        le=1_000_000,
    )
    checkpoint_seconds: float = setting(
        0.0,
        "Save every",
        "Time between two saved states; 0 leaves it to the preset. After a crash, at most this much work is lost.",
        group="New runs",
        unit="s",
        ge=0,
        le=86_400,
    )
    keep_checkpoints: int = setting(
        0,
        "Keep",
        "How many of the newest saved states are kept, beside the best and the pinned ones; 0 leaves it to the preset. "
        "More take more room on the disk.",
        group="New runs",
        unit="states",
        ge=0,
        le=1000,
    )
    check_data_before_start: bool = setting(
        True,
        "Check own data",
        "Show what was found in a folder or file of your own, and what was skipped and why, before it is used.",
        group="New runs",
    )
    inception_file: str = setting(
        "",
        "FID: Inception weights file",
        "The file that FID is defined on, pt_inception-2015-12-05-6726825d.pth of 95 MB; it cannot come with gendesk. "
        "Runs that are told to measure FID take it. Empty: no FID.",
        group="Scores",
        max_length=4096,
    )
    runs_folder: str = setting(
        "",
        "Runs",
        "Where runs are kept. Empty: inside the data folder. Runs that exist stay where they are.",
        group="Folders",
        max_length=4096,
    )
    datasets_folder: str = setting(
        "",
        "Data sets",
        "Where downloaded and prepared data sets are kept. Empty: inside the data folder.",
        group="Folders",
        max_length=4096,
    )
    plugins_folder: str = setting(
        "",
        "Plugins",
        "Where gendesk looks for model families of your own. Their code runs as gendesk does: use only what you trust. "
        "Empty: inside the data folder.",
        group="Folders",
        max_length=4096,
    )

    @field_validator(*FOLDER_FIELDS)
    @classmethod
    def _check_folder(cls, value: str) -> str:
        return _whole_path(value, "folder")

    @field_validator("inception_file")
    @classmethod
    def _check_file(cls, value: str) -> str:
        return _whole_path(value, "file")

    @property
    def inception(self) -> Path | None:
        """The file of Inception's weights, None where none was chosen; whether it is the right one is not known."""
        return _expanded(self.inception_file) if self.inception_file else None

    def run_values(self) -> dict[str, Any]:
        """Return the settings of new runs that stand in for those of a preset."""
        defaults = Preferences()
        return {name: getattr(self, name) for name in RUN_FIELDS if getattr(self, name) != getattr(defaults, name)}

    def folders(self, data_dir: Path) -> "tuple[Folders, str]":
        """Return where things are kept, and a sentence for each chosen folder that cannot be used, else ""."""
        notes = []

        def usable(chosen: str, usual: str) -> Path:
            folder = _expanded(chosen) if chosen else data_dir / usual
            if chosen and not _made(folder):
                notes.append(f"The {usual} folder {folder} cannot be used now; {data_dir / usual} takes its place.")
                return data_dir / usual
            return folder

        found = Folders(
            usable(self.runs_folder, "runs"),
            usable(self.datasets_folder, "datasets"),
            usable(self.plugins_folder, "plugins"),
        )
        return found, " ".join(notes)


@dataclass(frozen=True)
class Folders:
    """Where runs, data sets and plugins are kept."""

    runs: Path
    datasets: Path
    plugins: Path


def _whole_path(value: str, kind: str) -> str:
    """Return a path without blanks around it, empty where none was chosen; raises ValueError if it cannot be kept."""
    value = value.strip()
    if value and ("\0" in value or not _expanded(value).is_absolute()):
        raise ValueError(f"Choose a {kind} by its whole path, or leave the field empty")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"The name of this {kind} cannot be kept; choose another one") from error
    return value


def _expanded(folder: str) -> Path:
    try:
        return Path(folder).expanduser()
    except RuntimeError:  # the home of somebody who is not known here
        return Path(folder)


def _made(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return True


def _from_version_1(values: Mapping[str, Any]) -> dict[str, Any]:
    """Take over the theme that the window kept beside its geometry, before there were settings."""
    return {"theme": values["theme"]} if "theme" in values else {}


_MIGRATIONS: dict[int, Callable[[Mapping[str, Any]], dict[str, Any]]] = {1: _from_version_1}


def migrated(values: Mapping[str, Any]) -> dict[str, Any]:
    """Bring the contents of a settings file of any earlier version to the present one; newer ones stay as they are.

    Raises ValueError where the version is no number.
    """
    result = dict(values)
    version = result.pop("version", 1)
    if type(version) is not int or version < 1:
        raise ValueError("The version is no number.")
    for step in range(version, VERSION):
        result = _MIGRATIONS[step](result)
    return {"version": max(version, VERSION), **result}


def preferences_file(data_dir: Path) -> "PreferencesFile":
    """Return the file of a data folder."""
    return PreferencesFile(data_dir / "settings.json")


def load_preferences(data_dir: Path) -> Preferences:
    """Return the preferences of a data folder, where nobody can be told what is wrong with them."""
    return preferences_file(data_dir).load()[0]


class PreferencesFile:
    """A JSON file of preferences. Whatever is wrong with it, the application starts; a sentence says what was done.

    What a newer gendesk has written and this one does not know is kept and written back.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unknown: dict[str, Any] = {}
        self._version = VERSION

    def load(self, former: Mapping[str, Any] | None = None) -> tuple[Preferences, str]:
        """Return the preferences, and a sentence for people about what could not be used, else "".

        `former` are values of version 1, which were kept elsewhere; they count where there is no file yet.
        """
        try:
            if self._path.stat().st_size > _LARGEST:
                return Preferences(), self._set_aside()
            values = migrated(_object(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            values = migrated(former or {})
        except OSError as error:
            sentence = (
                f"The settings in {self._path} cannot be read ({error.strerror or error}); the defaults are used."
            )
            return Preferences(), sentence
        except (ValueError, RecursionError):  # also a file that is no UTF-8
            return Preferences(), self._set_aside()
        return self._taken(values)

    def save(self, preferences: Preferences) -> str:
        """Write the preferences; return a sentence for people if the disk refuses, else ""."""
        content = {"version": self._version, **preferences.model_dump(mode="json"), **self._unknown}
        try:
            # Not durable: a window must not wait for the disk, and a file that a power cut has torn is set aside.
            write_atomically(self._path, json.dumps(content, indent=2), durable=False)
        except OSError as error:
            reason = error.strerror or error
            return f"The settings cannot be saved in {self._path} ({reason}); they count until gendesk is closed."
        return ""

    def _taken(self, values: dict[str, Any]) -> tuple[Preferences, str]:
        self._version = values.pop("version")
        known = Preferences.model_fields.keys()
        self._unknown = {name: value for name, value in values.items() if name not in known}
        mine = {name: value for name, value in values.items() if name in known}
        try:
            return Preferences.model_validate(mine), ""
        except ValidationError as error:
            bad = {str(problem["loc"][0]) for problem in error.errors(include_url=False)}
        kept = Preferences.model_validate({name: value for name, value in mine.items() if name not in bad})
        titles = ", ".join(str(Preferences.model_fields[name].title) for name in mine if name in bad)
        return kept, f"Some settings in {self._path} have no usable value and were reset: {titles}."

    def _set_aside(self) -> str:
        broken = self._path.with_name(f"{self._path.stem}.broken-{time.strftime('%Y%m%d-%H%M%S')}{self._path.suffix}")
        try:
            self._path.replace(broken)
        except OSError:
            return f"The settings in {self._path} are damaged; the defaults are used."
        return f"The settings were damaged and are now in {broken.name}; the defaults are used."


def _object(text: str) -> dict[str, Any]:
    """Return the JSON object in a text; raises ValueError if it is none, or holds what JSON has no word for."""
    values = json.loads(text, parse_constant=_refuse)
    if not isinstance(values, dict):
        raise ValueError("The settings are no JSON object.")
    return values


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no JSON.")
