"""What a file or a folder is that somebody drops on the window, and the settings in a picture."""

import zipfile
from enum import StrEnum
from pathlib import Path

from PIL import Image
from pydantic import ValidationError

from gendesk.engine.exchange.parcel import DAMAGE, check_directory, run_folder_in
from gendesk.engine.run_config import RunConfig
from gendesk.engine.runs import RECORD_FILE
from gendesk.engine.samples import SETTINGS_KEY
from gendesk.errors import InputError

_LARGEST_SETTINGS = 1 << 20


class Dropped(StrEnum):
    """Things that gendesk has written."""

    ARCHIVE = "archive"
    FOLDER = "folder"
    PICTURE = "picture"


def what_is(path: Path) -> Dropped | None:
    """Tell a run archive, a run folder and a picture with settings from anything else, which may be data: None.

    Reads at most 16 MiB of a list of files, for a worker thread or a moment of the window. Never raises.
    """
    try:
        if path.is_dir():
            return Dropped.FOLDER if (path / RECORD_FILE).is_file() else None
        if not path.is_file():
            return None
        if path.suffix.lower() == ".png":
            settings_of_picture(path)
            return Dropped.PICTURE
        if path.suffix.lower() == ".zip":
            check_directory(path)
            with zipfile.ZipFile(path) as archive:
                run_folder_in([tuple(name.split("/")) for name in archive.namelist()])
            return Dropped.ARCHIVE
    except (InputError, *DAMAGE):
        pass
    return None


def settings_of_picture(path: Path) -> RunConfig:
    """Return the settings that gendesk wrote into a PNG, without decoding the picture; raises InputError."""
    if not path.is_file():
        raise InputError(f"{path} is no file that can be read.")
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            text = picture.info.get(SETTINGS_KEY)
    except Exception as error:  # Pillow raises almost anything over a damaged file
        raise InputError(f"{path.name} cannot be read as a PNG picture.") from error
    if not isinstance(text, str):
        raise InputError(
            f"{path.name} holds no settings of a run; only pictures that gendesk saved do, while no other program has "
            "saved them anew."
        )
    if len(text) > _LARGEST_SETTINGS:
        raise InputError(f"The settings in {path.name} are larger than gendesk writes them.")
    try:
        return RunConfig.model_validate_json(text)
    except ValidationError as error:
        raise InputError(f"The settings in {path.name} are damaged, or from another version of gendesk.") from error
