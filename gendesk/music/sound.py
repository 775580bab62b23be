"""The built-in synthesiser on the sound card, through miniaudio, which brings everything that it needs."""

import contextlib
import importlib
import threading
from collections.abc import Generator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from gendesk.errors import GendeskError
from gendesk.music.quiet import quiet_standard_error
from gendesk.music.synth.live import LiveSynthesiser
from gendesk.music.synth.timbres import RATE

BLOCK_MS = 10
"""Milliseconds of sound that the card asks for at once, about."""

_RINGS = 4.0
"""Seconds in which what still rings may fade before the card is given back."""


class SoundOutput(LiveSynthesiser):
    """An `Output` that is heard. It is silent, and costs next to nothing, while nothing plays."""

    def __init__(self, device: Any) -> None:
        super().__init__()
        self._device = device
        self._faded = threading.Event()
        self._open = True
        source = self._source()
        next(source)
        device.start(source)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let what rings fade, and give the sound card back; again, it does nothing."""
        super().close()
        if self._open:
            self._open = False
            self._faded.wait(_RINGS)
            self._device.close()

    def _source(self) -> Generator[NDArray[np.float32], int, None]:
        """Take how many frames the card wants, and give them."""
        sound = np.zeros((0, 2), np.float32)
        while True:
            frames = yield sound
            sound = np.ascontiguousarray(self.render(frames))
            if not self._open and self.silent:
                self._faded.set()


def why_no_sound() -> str:
    """Return a sentence that says why nothing can be heard, or "" where a sound card answers."""
    try:
        _device().close()
    except GendeskError as error:
        return str(error)
    return ""


def open_sound() -> SoundOutput:
    """Open the sound card that the system prefers; raises GendeskError where there is none."""
    return SoundOutput(_device())


def _device() -> Any:
    try:
        miniaudio = importlib.import_module("miniaudio")
    except (ImportError, OSError) as error:
        raise GendeskError("Sound needs the package miniaudio; pieces can be saved as WAV files without.") from error
    for backend in miniaudio.Backend:
        if backend.name not in ("NULL", "CUSTOM"):
            # One after the other: miniaudio would take the first whose library is there, with or without a card.
            with contextlib.suppress(miniaudio.MiniaudioError), quiet_standard_error():
                return miniaudio.PlaybackDevice(
                    miniaudio.SampleFormat.FLOAT32, 2, RATE, BLOCK_MS, backends=[backend], app_name="gendesk"
                )
    raise GendeskError("This computer has no sound card that answers; pieces can be saved as WAV files.")
