"""MIDI ports of the system, through RtMidi: ALSA, JACK, CoreMIDI and WinMM. None of them has to be there.

What lists ports never fails: where there is nothing, it is an empty list, and `why_none` says why in a sentence.
"""

import atexit
import contextlib
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from gendesk.errors import GendeskError, InputError
from gendesk.music.output import ALL_NOTES_OFF, ALL_SOUND_OFF, CHANNELS, PEDAL
from gendesk.music.rtmidi_clients import NAME, apis, client_of, failures, made, reason, rtmidi_module, works

_SETTLING = 0.05
"""Seconds between the last message and the end of a connection: JACK garbles what is sent in its last period."""

_NOTE_OFF, _NOTE_ON, _CONTROL, _PROGRAM = 0x80, 0x90, 0xB0, 0xC0


@dataclass(frozen=True, slots=True, order=True)
class Port:
    """A port by the name that its system gives it; `api` is ALSA, JACK, CoreMIDI or WinMM."""

    name: str
    api: str


@dataclass(frozen=True, slots=True)
class NoteEvent:
    """A key that was pressed, or let go, where the velocity is 0; `seconds` are those of `time.perf_counter`."""

    seconds: float
    channel: int
    pitch: int
    velocity: int


def output_ports() -> list[Port]:
    """Return the ports that notes can be sent to."""
    return _ports("MidiOut")


def input_ports() -> list[Port]:
    """Return the ports that notes can come from."""
    return _ports("MidiIn")


def why_none() -> str:
    """Return a sentence that says why no port is listed, or "" where MIDI works and nothing is connected."""
    rtmidi = rtmidi_module()
    if rtmidi is None:
        return "MIDI ports need python-rtmidi and, on Linux, the library of ALSA; the built-in sound works without."
    if not any(works("MidiOut", api) for api in apis(rtmidi)):
        return "No MIDI system runs on this computer (ALSA's sequencer or JACK); the built-in sound works without."
    return ""


def open_output(name: str) -> "MidiOutput":
    """Open the port with this name, or the only one whose name has it as a part; raises InputError."""
    port = _found(name, output_ports(), "to send to")
    client = _opened("MidiOut", port)
    return MidiOutput(client)


def open_input(name: str, heard: Callable[[NoteEvent], None]) -> "MidiInput":
    """Open the port with this name, or the only one whose name has it as a part; raises InputError.

    `heard` is called from RtMidi's thread with each note.
    """
    port = _found(name, input_ports(), "to listen to")
    return MidiInput(_opened("MidiIn", port), heard)


def virtual_output(name: str = NAME) -> "MidiOutput":
    """Offer a port that other programs can listen to; raises InputError where the system has none (Windows)."""
    return MidiOutput(_virtual("MidiOut", name))


def virtual_input(heard: Callable[[NoteEvent], None], name: str = NAME) -> "MidiInput":
    """Offer a port that other programs can send to; raises InputError where the system has none (Windows)."""
    return MidiInput(_virtual("MidiIn", name), heard)


class MidiOutput:
    """An `Output` to a port. Whatever ends the program in an orderly way ends its notes first."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._sounding: set[tuple[int, int]] = set()
        self._closed = False
        _open_outputs.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        self._send(_NOTE_ON | channel, pitch, velocity)
        self._sounding.add((channel, pitch))

    def note_off(self, channel: int, pitch: int) -> None:
        self._send(_NOTE_OFF | channel, pitch, 64)
        self._sounding.discard((channel, pitch))

    def program(self, channel: int, program: int) -> None:
        self._send(_PROGRAM | channel, program)

    def control(self, channel: int, number: int, value: int) -> None:
        self._send(_CONTROL | channel, number, value)

    def all_off(self) -> None:
        """End every note: each one by its own message, because not every synthesiser knows the controllers for all."""
        for channel, pitch in sorted(self._sounding):
            self.note_off(channel, pitch)
        for channel in range(CHANNELS):
            self._send(_CONTROL | channel, PEDAL, 0)
            self._send(_CONTROL | channel, ALL_NOTES_OFF, 0)

    def panic(self) -> None:
        """End everything, whoever began it: all 128 keys of all channels, and what still rings."""
        self.all_off()
        for channel in range(CHANNELS):
            self._send(_CONTROL | channel, ALL_SOUND_OFF, 0)
            for pitch in range(128):
                self._send(_NOTE_OFF | channel, pitch, 64)

    def close(self) -> None:
        if not self._closed:
            with contextlib.suppress(GendeskError):
                self.all_off()
            with self._lock:
                self._closed = True
                time.sleep(_SETTLING)
                self._client.close_port()
                self._client.delete()

    def _send(self, *message: int) -> None:
        with self._lock:
            if self._closed:
                return
            try:
                self._client.send_message(message)
            except failures() as error:
                raise GendeskError(f"The MIDI port takes no notes any more ({reason(error)}).") from error


class MidiInput:
    """Notes that come from a port, until it is closed."""

    def __init__(self, client: Any, heard: Callable[[NoteEvent], None]) -> None:
        self._client = client
        self._heard = heard
        self._closed = False
        client.set_callback(self._receive)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Listen no more; again, it does nothing."""
        if not self._closed:
            self._closed = True
            self._client.cancel_callback()
            self._client.close_port()
            self._client.delete()

    def _receive(self, event: tuple[list[int], float], _: object) -> None:
        message = event[0]
        kind = message[0] & 0xF0
        if kind in (_NOTE_ON, _NOTE_OFF) and len(message) == 3:
            velocity = message[2] if kind == _NOTE_ON else 0
            self._heard(NoteEvent(time.perf_counter(), message[0] & 0x0F, message[1], velocity))


_open_outputs: "weakref.WeakSet[MidiOutput]" = weakref.WeakSet()


@atexit.register
def _close_outputs() -> None:
    """Leave no note hanging when the program ends."""
    for output in list(_open_outputs):
        output.close()


def _ports(kind: str) -> list[Port]:
    rtmidi = rtmidi_module()
    found = []
    for api in apis(rtmidi) if rtmidi else ():
        with contextlib.suppress(*failures()), client_of(kind, api) as client:
            found += [Port(name, api) for name in client.get_ports()]
    return found


def _found(name: str, ports: list[Port], purpose: str) -> Port:
    exact = [port for port in ports if port.name == name]
    matching = exact or [port for port in ports if name and name.casefold() in port.name.casefold()]
    if len(matching) == 1:
        return matching[0]
    listed = ", ".join(port.name for port in matching or ports)
    if matching:
        raise InputError(f"{name} could be several MIDI ports: {listed}.")
    there = f"there are {listed}" if listed else (why_none() or "none is connected").rstrip(".")
    raise InputError(f"There is no MIDI port {name!r} {purpose}: {there}.")


def _opened(kind: str, port: Port) -> Any:
    try:
        client = made(kind, port.api)
        client.open_port(client.get_ports().index(port.name), name=kind)
    except failures() as error:
        raise InputError(f"The MIDI port {port.name} cannot be opened ({reason(error)}).") from error
    return client


def _virtual(kind: str, name: str) -> Any:
    rtmidi = rtmidi_module()
    for api in apis(rtmidi) if rtmidi else ():
        if api != "WinMM":
            with contextlib.suppress(*failures()):
                client = made(kind, api)
                client.open_virtual_port(name)
                return client
    raise InputError(why_none() or "This system has no virtual MIDI ports.")
