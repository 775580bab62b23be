"""RtMidi itself: whether it is there, which systems it reaches on this computer, and clients of theirs."""

import contextlib
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gendesk.music.quiet import quiet_standard_error

NAME = "gendesk"
"""What gendesk calls itself to other programs."""

_APIS = {"ALSA": "API_LINUX_ALSA", "JACK": "API_UNIX_JACK", "CoreMIDI": "API_MACOSX_CORE", "WinMM": "API_WINDOWS_MM"}
_ALSA = Path("/dev/snd/seq")


def rtmidi_module() -> Any:
    """Return the module rtmidi, or None where it or the library that it needs is missing."""
    try:
        return importlib.import_module("rtmidi")
    except (ImportError, OSError):
        return None


def failures() -> tuple[type[Exception], ...]:
    """Return what RtMidi raises where something cannot be used."""
    rtmidi = rtmidi_module()
    return (OSError, ValueError) if rtmidi is None else (rtmidi.RtMidiError, OSError, ValueError)


def reason(error: Exception) -> str:
    """Return what an exception says as a part of a sentence."""
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


def apis(rtmidi: Any) -> dict[str, int]:
    """Return RtMidi's numbers of the systems that can be asked here."""
    compiled = rtmidi.get_compiled_api()
    numbers: dict[str, int] = {name: getattr(rtmidi, constant, -1) for name, constant in _APIS.items()}
    # ALSA without its sequencer would write its complaints to standard error.
    return {
        name: number for name, number in numbers.items() if number in compiled and (name != "ALSA" or _ALSA.exists())
    }


def works(kind: str, api: str) -> bool:
    """Whether a system answers."""
    try:
        with client_of(kind, api):
            return True
    except failures():
        return False


@contextlib.contextmanager
def client_of(kind: str, api: str) -> Iterator[Any]:
    """Give a client of a system for as long as it takes to look; raises what `failures` names."""
    client = made(kind, api)
    try:
        yield client
    finally:
        with quiet_standard_error():  # JACK's library complains again when it leaves a server that is not there
            client.delete()


def made(kind: str, api: str) -> Any:
    """Return a new client, a "MidiOut" or a "MidiIn", of a system; raises what `failures` names."""
    rtmidi = rtmidi_module()
    if rtmidi is None:
        raise OSError("python-rtmidi is missing")
    with quiet_standard_error():
        return getattr(rtmidi, kind)(apis(rtmidi)[api], name=NAME)
