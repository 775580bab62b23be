"""Notices MIDI ports that come and go."""

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from gendesk.music.ports import Port
from gendesk.music.quiet import quiet_standard_error
from gendesk.music.rtmidi_clients import apis, failures, made, rtmidi_module

INTERVAL = 2.0
"""Seconds between two looks."""

_MORTAL = "JACK"
"""The system whose clients are not kept: asking one whose server has ended meanwhile crashes in JACK's library."""

Ports = tuple[list[Port], list[Port]]
"""Outputs and inputs."""


class PortWatcher:
    """Looks every `interval` seconds what is plugged in; `changed` is called from its thread with outputs and inputs.

    RtMidi tells of nothing that comes or goes, so names are compared. It never fails: where there is no MIDI, there are
    no ports.
    """

    def __init__(self, changed: Callable[[list[Port], list[Port]], None], interval: float = INTERVAL) -> None:
        self._changed = changed
        self._interval = interval
        self._clients = _Clients()
        self._seen = self._clients.ports()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="MIDI ports", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more; again, it does nothing."""
        self._over.set()
        self._thread.join(5.0)

    def _run(self) -> None:
        while not self._over.wait(self._interval):
            seen = self._clients.ports()
            if seen != self._seen:
                self._seen = seen
                self._changed(*seen)
        self._clients.close()


class _Clients:
    """One client for each direction and system, kept from look to look where that is safe."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Any] = {}

    def ports(self) -> Ports:
        return self._listed("MidiOut"), self._listed("MidiIn")

    def close(self) -> None:
        for key in list(self._kept):
            self._drop(key)

    def _listed(self, kind: str) -> list[Port]:
        rtmidi = rtmidi_module()
        found = []
        for api in apis(rtmidi) if rtmidi else ():
            found += [Port(name, api) for name in self._names(kind, api)]
            if api == _MORTAL:
                self._drop((kind, api))
        return found

    def _names(self, kind: str, api: str) -> list[str]:
        try:
            if (kind, api) not in self._kept:
                self._kept[kind, api] = made(kind, api)
            with quiet_standard_error():
                names: list[str] = self._kept[kind, api].get_ports()
        except failures():
            return []
        return names

    def _drop(self, key: tuple[str, str]) -> None:
        client = self._kept.pop(key, None)
        if client is not None:
            with contextlib.suppress(*failures()), quiet_standard_error():
                client.delete()
