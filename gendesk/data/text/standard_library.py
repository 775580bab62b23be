"""The source code of Python's standard library on this machine, as a text."""

import platform
import sysconfig
from pathlib import Path

from gendesk.data.progress import Progress
from gendesk.data.text.reading import RawText, list_files, read_files
from gendesk.errors import InputError

_MOST_CHARACTERS = 10_000_000
_PASSED_OVER = frozenset({"test", "tests", "idle_test", "site-packages", "dist-packages"})


def version() -> str:
    """Return Python's version: with another one comes another text."""
    return f"{platform.python_implementation()} {platform.python_version()}"


def read(limit: int, progress: Progress) -> RawText:
    """Read the modules in the order of their names, without tests; raises InputError if they are not here."""
    files, _ = list_files(Path(sysconfig.get_path("stdlib")), progress, _PASSED_OVER)
    modules = [file for file in files if file.name.endswith(".py")]
    if not modules:
        raise InputError("The modules of this Python are not stored as source code, so they cannot be read.")
    return read_files(modules, "utf-8", min(limit, _MOST_CHARACTERS), progress)
