"""What gendesk finds around it, for people and for reports: versions, devices, display, sound, MIDI, folders."""

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import Any

from gendesk.engine.devices import choose_device, devices
from gendesk.engine.threads import available_cores
from gendesk.versions import versions

_LIBRARIES = (
    "PySide6-Essentials",
    "pydantic",
    "pillow",
    "safetensors",
    "mido",
    "python-rtmidi",
    "gymnasium",
)


def environment(data_dir: Path) -> dict[str, dict[str, Any]]:
    """Return facts by group; looking at them changes nothing."""
    return {
        "versions": {**versions(), **_libraries()},
        "devices": _devices(),
        "display": {"window": _display()},
        "audio": {"sound": _audio()},
        "midi": {"ports": _midi()},
        "folders": _folders(data_dir),
    }


def _libraries() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _devices() -> dict[str, Any]:
    listed: dict[str, Any] = {device.id: _device_line(device.name, device.free_memory) for device in devices()}
    choice = choose_device()
    return {**listed, "cores": available_cores(), "chosen": choice.device.id, "why": choice.reason}


def _device_line(name: str, free: int) -> str:
    return f"{name}, {free / 2**30:.1f} GiB free"


def _display() -> str:
    platform_name = os.environ.get("QT_QPA_PLATFORM")
    if platform_name:
        return f"Qt's {platform_name} platform, as set by QT_QPA_PLATFORM"
    if not sys.platform.startswith("linux"):
        return "the system's own"
    for name in ("WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(name):
            return f"{name}={os.environ[name]}"
    return "none; the command line works without one"


def _audio() -> str:
    if not sys.platform.startswith("linux"):
        return "the system's own"
    cards = Path("/proc/asound/cards")
    found = cards.is_file() and "no soundcards" not in cards.read_text(encoding="utf-8", errors="replace")
    return "ALSA sound card found" if found else "no sound card found"


def _midi() -> str:
    if importlib.util.find_spec("rtmidi") is None:
        return "python-rtmidi is not installed"
    import rtmidi

    try:
        ports = rtmidi.MidiOut().get_ports()
    except rtmidi.SystemError as error:
        return f"no MIDI system: {error}"
    return ", ".join(ports) or "no MIDI ports"


def _folders(data_dir: Path) -> dict[str, str]:
    existing = next(folder for folder in (data_dir, *data_dir.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    return {
        "data": str(data_dir),
        "free": f"{free / 2**30:.1f} GiB",
        "python": f"{sys.executable} on {platform.system()} {platform.machine()}",
    }
