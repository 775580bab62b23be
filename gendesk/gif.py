"""Animated GIF files: pictures one after the other, repeated for ever, in 256 colours each."""

from collections.abc import Iterable, Iterator
from math import isqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import GifImagePlugin, Image

from gendesk.errors import InputError
from gendesk.files import replacing

_PALETTE_FROM = 20_000  # pixels: a palette made from so many is as good as one made from all, and several times faster


def write_gif(
    path: Path, frames: Iterable[NDArray[np.uint8]], milliseconds: int = 100, *, last_milliseconds: int | None = None
) -> tuple[int, int, int]:
    """Write frames uint8 (height, width, 1 or 3), and return how many they were, their width and height in pixels.

    Each stays for `milliseconds`, the last for `last_milliseconds` where that is given. All get the size of the first:
    others are cut or extended. At most two are in memory at a time. Raises InputError if there are none or the file
    cannot be written; an exception of `frames` leaves no file behind.
    """
    count, size = 0, (0, 0)
    try:
        with replacing(path) as part, part.open("xb") as file:
            for frame, last in _with_last(_indexed(picture) for picture in frames):
                if not count:
                    size = frame.size
                    file.writelines(GifImagePlugin.getheader(frame.copy(), info={"loop": 0})[0])
                if frame.size != size:
                    frame = frame.crop((0, 0, *size))
                duration = last_milliseconds if last and last_milliseconds is not None else milliseconds
                # Pillow's own way to write animations keeps all frames in memory and merges those that are equal.
                file.writelines(GifImagePlugin.getdata(frame, duration=duration, include_color_table=True))
                count += 1
            if not count:
                raise InputError("There are no pictures to save yet.")
            file.write(b";")
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror or error}.") from error
    return count, *size


def _with_last(frames: Iterable[Image.Image]) -> Iterator[tuple[Image.Image, bool]]:
    """Yield each frame and whether it is the last."""
    before: Image.Image | None = None
    for frame in frames:
        if before is not None:
            yield before, False
        before = frame
    if before is not None:
        yield before, True


def _indexed(picture: NDArray[np.uint8]) -> Image.Image:
    """Reduce to 256 colours; greys stay exact."""
    if picture.shape[2] == 1 or np.all(picture == picture[..., :1]):
        return Image.fromarray(picture[..., 0])
    step = max(1, isqrt(picture.shape[0] * picture.shape[1] // _PALETTE_FROM))
    palette = Image.fromarray(np.ascontiguousarray(picture[::step, ::step])).quantize(256)
    return Image.fromarray(picture).quantize(palette=palette, dither=Image.Dither.NONE)
