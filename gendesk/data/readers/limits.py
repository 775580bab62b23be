"""Bounds on what files from strangers may cost in memory and on disk."""

import shutil
from pathlib import Path
from typing import IO

from gendesk.data.progress import Progress
from gendesk.errors import InputError

MIB = 1 << 20
MAX_FILE_BYTES = 64 * MIB
MAX_PIXELS = 64_000_000
MAX_FILES = 1_000_000
# Real pictures rarely shrink a hundredfold; deflate reaches 1,032 on what was made to explode.
MAX_RATIO = 200
_HARMLESS_PICTURE = MIB
_HARMLESS_ARRAY = 64 * MIB
_CHUNK = MIB


def is_bomb(packed: int, unpacked: int, harmless: int = _HARMLESS_PICTURE) -> bool:
    """Tell whether `unpacked` bytes are suspiciously many for `packed` bytes."""
    return unpacked > max(harmless, packed * MAX_RATIO)


def check_ratio(name: str, packed: int, unpacked: int) -> None:
    """Raise InputError if an array of `unpacked` bytes can hardly come from `packed` bytes."""
    if is_bomb(packed, unpacked, _HARMLESS_ARRAY):
        raise InputError(f"{name} claims to unpack to {unpacked:,} bytes from {packed:,}, which no real data does.")


def check_space(folder: Path, needed: int) -> None:
    """Raise InputError if the disk of `folder` has no room for `needed` bytes."""
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise InputError(
            f"Preparing the data needs {needed / 1e9:.1f} GB in {folder}, but only {free / 1e9:.1f} are free."
        )


def spool(
    stream: IO[bytes], target: Path, size: int, name: str, progress: Progress, *, to_the_end: bool = True
) -> None:
    """Copy exactly `size` bytes to `target` in chunks; raises InputError if the stream holds fewer.

    With `to_the_end` also if it holds more.
    """
    check_space(target.parent, size)
    left = size
    with target.open("xb") as file:
        while left:
            progress.update(0.0, f"Unpacking {name}: {size - left:,} of {size:,} bytes")
            chunk = stream.read(min(left, _CHUNK))
            if not chunk:
                raise InputError(f"{name} ends too early: {left:,} of {size:,} bytes are missing.")
            file.write(chunk)
            left -= len(chunk)
    if to_the_end and stream.read(1):
        raise InputError(f"{name} holds more than the {size:,} bytes that its header promises.")
