"""Pictures as files: PNG with facts about itself, and GIF for what changes."""

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from math import isqrt
from pathlib import Path

import numpy as np
from PIL import GifImagePlugin, Image
from PIL.PngImagePlugin import PngInfo

from gendesk.errors import InputError
from gendesk.widgets.pictures.picture import UInt8Array


def write_png(path: Path, picture: UInt8Array, metadata: Mapping[str, str] | None = None) -> None:
    """Write a picture with text chunks; an older file is replaced at once or not at all. Raises InputError."""
    texts = PngInfo()
    for key, value in (metadata or {}).items():
        texts.add_text(key, value)
    image = Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture)
    _write_atomically(path, lambda part: image.save(part, format="PNG", pnginfo=texts))


def write_gif(path: Path, frames: Iterable[UInt8Array], milliseconds: int = 100) -> None:
    """Write an endlessly repeated animation, one frame per picture and one frame in memory at a time.

    Every frame gets the size of the first. Raises InputError if there are none or the file cannot be written; an
    exception of `frames` leaves no file behind.
    """
    _write_atomically(path, lambda part: _write_gif(part, frames, milliseconds))


def _write_gif(path: Path, frames: Iterable[UInt8Array], milliseconds: int) -> None:
    size: tuple[int, int] | None = None
    with path.open("wb") as file:
        for picture in frames:
            frame = _indexed(picture)
            if size is None:
                size = frame.size
                # Pillow's own way to write animations keeps all frames in memory and merges those that are equal.
                file.writelines(GifImagePlugin.getheader(frame.copy(), info={"loop": 0, "duration": milliseconds})[0])
            if frame.size != size:
                frame = frame.crop((0, 0, *size))
            file.writelines(GifImagePlugin.getdata(frame, duration=milliseconds, include_color_table=True))
        file.write(b";")
    if size is None:
        raise InputError("There are no pictures to save yet.")


def _indexed(picture: UInt8Array) -> Image.Image:
    """Reduce to 256 colours; greys stay exact."""
    if picture.shape[2] == 1 or np.all(picture == picture[..., :1]):
        return Image.fromarray(picture[..., 0])
    # A palette made from some 20,000 pixels is as good as one made from all, and several times faster.
    step = max(1, isqrt(picture.shape[0] * picture.shape[1] // 20_000))
    palette = Image.fromarray(np.ascontiguousarray(picture[::step, ::step])).quantize(256)
    return Image.fromarray(picture).quantize(palette=palette, dither=Image.Dither.NONE)


def _write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(part)
        part.replace(path)
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
