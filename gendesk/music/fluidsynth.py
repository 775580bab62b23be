"""FluidSynth, where it is installed with a sound font: it plays notes, or writes a score to a WAV file."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from gendesk.errors import GendeskError, InputError
from gendesk.files import replacing
from gendesk.music.midi_writing import write_midi
from gendesk.music.output import CHANNELS, PEDAL
from gendesk.music.score import Score

_FOLDERS = (
    "~/.local/share/soundfonts",
    "~/.local/share/sounds/sf2",
    "/usr/share/soundfonts",
    "/usr/share/sounds/sf2",
    "/usr/share/sounds/sf3",
    "/usr/local/share/soundfonts",
    "/opt/homebrew/share/soundfonts",
    "C:/soundfonts",
)
_TYPES = (".sf2", ".sf3")
_RATE = 44_100
_ENDS_WITHIN = 3.0


@dataclass(frozen=True, slots=True)
class FluidSynth:
    """The program and a sound font."""

    program: Path
    font: Path


def find_fluidsynth(font: Path | None = None) -> FluidSynth | None:
    """Return FluidSynth with a sound font, or None where either is missing.

    Without `font`, it is the file that SOUNDFONT names in the environment, or the largest one in the usual folders: it
    has the most instruments.
    """
    program = shutil.which("fluidsynth")
    named = os.environ.get("SOUNDFONT")
    font = font or (Path(named) if named else None) or _largest_font()
    return FluidSynth(Path(program), font) if program and font and font.is_file() else None


def missing(font: Path | None = None) -> str:
    """Return the sentence that says what FluidSynth lacks here."""
    if not shutil.which("fluidsynth"):
        return "The program fluidsynth is not installed; the built-in sound works without."
    if font:
        return f"{font} is no sound font."
    return "FluidSynth has no sound font here; name one in the environment as SOUNDFONT."


def write_fluidsynth_wav(
    score: Score, path: Path, synth: FluidSynth, cancelled: Callable[[], bool] = lambda: False
) -> None:
    """Write a score as a WAV file of 16 bits, 44,100 Hz, stereo, faster than it plays.

    `cancelled` is asked ten times a second; if it says so, no file is left. Raises GendeskError if FluidSynth fails.
    """
    with tempfile.TemporaryDirectory() as folder, replacing(path) as part:
        midi = Path(folder, "score.mid")
        write_midi(score, midi)
        # The type of the file follows from the end of its name, which a temporary name does not have.
        made = Path(folder, "score.wav")
        options = ["-n", "-i", "-q", "-r", str(_RATE), "-F", str(made), "-T", "wav", "-O", "s16"]
        _run([str(synth.program), *options, str(synth.font), str(midi)], cancelled)
        if not made.is_file():
            raise GendeskError(f"FluidSynth could not use the sound font {synth.font}.")
        shutil.copyfile(made, part)


class FluidSynthOutput:
    """An `Output` that is a running FluidSynth, with the sound system that it chooses by itself."""

    def __init__(self, synth: FluidSynth, options: Sequence[str] = ()) -> None:
        """Start the program, with further options of its own; raises GendeskError if that fails."""
        self._lock = threading.Lock()
        self._closed = False
        try:
            self._process = subprocess.Popen(
                [str(synth.program), "-q", *options, str(synth.font)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                text=True,
                bufsize=1,
            )
        except OSError as error:
            raise GendeskError(f"FluidSynth cannot be started ({error.strerror}).") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        self._tell(f"noteon {channel} {pitch} {velocity}")

    def note_off(self, channel: int, pitch: int) -> None:
        self._tell(f"noteoff {channel} {pitch}")

    def program(self, channel: int, program: int) -> None:
        self._tell(f"prog {channel} {program}")

    def control(self, channel: int, number: int, value: int) -> None:
        self._tell(f"cc {channel} {number} {value}")

    def all_off(self) -> None:
        for channel in range(CHANNELS):
            self._tell(f"cc {channel} {PEDAL} 0", f"cc {channel} 123 0")

    def close(self) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = True
            assert self._process.stdin is not None
            try:
                self._process.stdin.write("reset\nquit\n")
                self._process.stdin.close()
                self._process.wait(_ENDS_WITHIN)
            except (OSError, subprocess.TimeoutExpired):
                self._process.kill()
                self._process.wait()
                with contextlib.suppress(OSError):  # what it did not take any more
                    self._process.stdin.close()

    def _tell(self, *lines: str) -> None:
        with self._lock:
            if self._closed:
                return
            assert self._process.stdin is not None
            try:
                self._process.stdin.write("".join(line + "\n" for line in lines))
            except OSError as error:
                raise GendeskError("FluidSynth has ended; it may have found no sound card.") from error


def _largest_font() -> Path | None:
    fonts = [
        path
        for folder in _FOLDERS
        for path in sorted(Path(folder).expanduser().glob("*"))
        if path.suffix.lower() in _TYPES and path.is_file()
    ]
    return max(fonts, key=lambda path: path.stat().st_size, default=None)


def _run(command: list[str], cancelled: Callable[[], bool]) -> None:
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
        try:
            while process.poll() is None:
                if cancelled():
                    raise InputError("Stopped, and nothing was written.")
                time.sleep(0.1)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if process.returncode:
            said.seek(0)
            words = said.read(500).decode(errors="replace").split()
            raise GendeskError(f"FluidSynth failed: {' '.join(words) or process.returncode}.")
