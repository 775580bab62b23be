"""Films as MP4 files, made by ffmpeg where there is one: raw frames go to it through a pipe."""

import contextlib
import importlib
import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO

import numpy as np

from gendesk.data.dataset import UInt8Array
from gendesk.errors import InputError
from gendesk.files import replacing

_PROGRAM = "ffmpeg"
_PACKAGE = "imageio_ffmpeg"
_PATIENCE_SECONDS = 120  # for the encoder to end after the last frame
_LONGEST_REASON = 200


def can_make_films() -> bool:
    """Return whether there seems to be an encoder, without starting or importing anything."""
    return shutil.which(_PROGRAM) is not None or importlib.util.find_spec(_PACKAGE) is not None


def find_encoder() -> str:
    """Return the program ffmpeg: the system's, else that of the package imageio-ffmpeg. Raises InputError."""
    program = shutil.which(_PROGRAM)
    if program is not None:
        return program
    try:
        return str(importlib.import_module(_PACKAGE).get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise InputError("MP4 files need the program ffmpeg; install it, or the package imageio-ffmpeg.") from error


def write_mp4(path: Path, frames: Iterable[UInt8Array], per_second: float, encoder: str = "") -> None:
    """Write frames uint8 (height, width, 1 or 3) of one size, `per_second` of them for each second.

    `encoder` is a program that takes the arguments of ffmpeg, "" for the one that `find_encoder` finds. One frame is in
    memory at a time; an exception of `frames` ends the encoder and leaves no file. Raises InputError if there are no
    frames or the encoder fails, and OSError if the file cannot be written.
    """
    encoder = encoder or find_encoder()
    rest = iter(frames)
    first = next(rest, None)
    if first is None:
        raise InputError("There are no pictures to save yet.")
    height, width = _even(first).shape[:2]
    with replacing(path) as part, tempfile.TemporaryFile() as said:
        process = _start([encoder, *_arguments(width, height, per_second), str(part.resolve())], said)
        try:
            _feed(process, chain([first], rest))
            code = process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise InputError("The encoder ffmpeg did not come to an end; the film was not saved.") from error
        finally:
            _end(process)
        if code or not part.is_file():
            raise InputError(f"The encoder ffmpeg could not make the film: {_reason(said)}.")


def _arguments(width: int, height: int, per_second: float) -> list[str]:
    """Return what ffmpeg is told. Its own choice of a codec for MP4 depends on how it was built, and is left to it."""
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{per_second:g}", "-i", "-"]
    # 4:2:0 is what every player knows; the index in front lets a browser begin before it has all of the file.
    return ["-v", "error", "-nostdin", "-y", *raw, "-an", "-pix_fmt", "yuv420p", "-movflags", "+faststart", "-f", "mp4"]


def _start(command: list[str], said: IO[bytes]) -> "subprocess.Popen[bytes]":
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows
    try:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, creationflags=hidden
        )
    except OSError as error:
        raise InputError(f"The encoder {command[0]} cannot be started: {error.strerror or error}.") from error


def _feed(process: "subprocess.Popen[bytes]", frames: Iterator[UInt8Array]) -> None:
    """Write the frames; an encoder that ends early says why by itself."""
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        for frame in frames:
            process.stdin.write(_even(frame).tobytes())
        process.stdin.close()


def _even(frame: UInt8Array) -> UInt8Array:
    """Return a frame (height, width, 3) with even sides, as 4:2:0 wants them: the last row or column comes twice."""
    height, width, channels = frame.shape
    colored = frame.repeat(3, axis=2) if channels == 1 else frame
    return np.pad(colored, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Leave no process and no open pipe behind."""
    if process.poll() is None:
        process.kill()
    if process.stdin is not None:
        with contextlib.suppress(OSError):  # what was still in the buffer has nowhere to go
            process.stdin.close()
    process.wait()


def _reason(said: IO[bytes]) -> str:
    said.seek(0)
    lines = said.read(10_000).decode(errors="replace").strip().splitlines()
    return lines[-1][:_LONGEST_REASON].rstrip(". ") if lines else "it gave no reason"
