"""Which versions are at work: for run records, logs and reports. Nothing is imported to find them."""

import importlib.metadata
import platform
from functools import cache

from gendesk import __version__

_LIBRARIES = ("torch", "numpy", "PySide6-Essentials", "pydantic", "pillow", "safetensors")


@cache
def library_version(name: str) -> str:
    """Return the version of an installed distribution, or "not installed"."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def versions() -> dict[str, str]:
    """Return the versions of gendesk, Python, the system and the libraries that matter most, by name."""
    return {
        "gendesk": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        **{name: library_version(name) for name in _LIBRARIES},
    }


def versions_line() -> str:
    """Return all versions in one line."""
    return ", ".join(f"{name} {version}" for name, version in versions().items())
