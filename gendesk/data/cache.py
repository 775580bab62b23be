"""Prepared data sets on disk: uint8 pictures that are mapped into memory, labels, and a description.

A set is prepared in a folder beside its final place and renamed when it is complete, so whatever stands in the final
place is whole, also after a crash and with two processes at work.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from gendesk.config import ConfigModel
from gendesk.data.dataset import (
    Float32Array,
    ImageDataset,
    ImageInfo,
    ImageSplit,
    Int64Array,
    SkippedFile,
)

SCHEMA = 1
_IMAGES, _LABELS, _ATTRIBUTES, _META = "images.npy", "labels.npy", "attributes.npy", "meta.json"
_PARTIAL = ".partial"
_SECONDS_UNTIL_ABANDONED = 24 * 3600
_HEADER_BYTES = 128
_KEY_LENGTH = 16


class ArrayFile:
    """Writes items one after the other into an .npy file whose length is known only at the end."""

    def __init__(self, path: Path, kind: str, shape: tuple[int, ...] = ()) -> None:
        """`kind` is numpy's name of the numbers, such as "<i4", and `shape` that of one item."""
        self.count = 0
        self._kind = kind
        self._shape = shape
        self._digest = hashlib.sha256()
        self._file = path.open("wb")
        self._file.write(bytes(_HEADER_BYTES))

    def append(self, items: NDArray[Any]) -> None:
        """Write items (count, ...)."""
        block = np.ascontiguousarray(items)
        self._file.write(block.data)
        self._digest.update(block.data)
        self.count += len(items)

    def finish(self) -> str:
        """Write the header and flush to the disk; returns a hash of the items."""
        text = repr({"descr": self._kind, "fortran_order": False, "shape": (self.count, *self._shape)})
        header = b"\x93NUMPY\x01\x00" + (_HEADER_BYTES - 10).to_bytes(2, "little") + text.encode()
        self._file.seek(0)
        self._file.write(header.ljust(_HEADER_BYTES - 1) + b"\n")
        _flush(self._file.fileno())
        return self._digest.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()


class ImageFile(ArrayFile):
    """Writes pictures uint8 (count, height, width, channels) into a folder."""

    def __init__(self, folder: Path, shape: tuple[int, int, int]) -> None:
        super().__init__(folder / _IMAGES, "|u1", shape)


def write_meta(path: Path, meta: dict[str, Any]) -> None:
    """Write a description down to the disk, as the last file of a prepared data set."""
    with path.open("w", encoding="utf-8") as file:
        json.dump(meta, file)
        file.flush()
        _flush(file.fileno())


def _flush(descriptor: int) -> None:
    os.fsync(descriptor)


def load(folder: Path) -> ImageDataset | None:
    """Map a prepared data set; None if there is none, or one that an older gendesk wrote or somebody damaged."""
    try:
        meta = json.loads((folder / _META).read_text(encoding="utf-8"))
        if meta["schema"] != SCHEMA:
            return None
        info = ImageInfo.model_validate(meta["info"])
        skipped = tuple(SkippedFile(**item) for item in meta["skipped"])
        images = np.load(folder / _IMAGES, mmap_mode="r", allow_pickle=False)
        labels = np.load(folder / _LABELS, allow_pickle=False)
        attributes = np.load(folder / _ATTRIBUTES, allow_pickle=False) if info.attributes else None
    except (OSError, EOFError, ValueError, KeyError, TypeError, ValidationError):
        return None
    count = info.train_count + info.test_count
    if images.shape != (count, info.height, info.width, info.channels) or labels.shape != (count,):
        return None
    if attributes is not None and attributes.shape != (count, len(info.attributes)):
        return None
    labels.flags.writeable = False
    train, test = (
        ImageSplit(images[part], labels[part], None if attributes is None else attributes[part])
        for part in (slice(info.train_count), slice(info.train_count, None))
    )
    return ImageDataset(info, train, test, skipped)


def place_of(folder: Path, schema: int, name: str, identity: str, options: ConfigModel) -> Path:
    """Return where in `folder` a set is kept: another place for another origin, other options and another schema."""
    facts = json.dumps([schema, name, identity, options.model_dump()])
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "data"
    return folder / f"{slug}-{hashlib.sha256(facts.encode()).hexdigest()[:_KEY_LENGTH]}"


@contextlib.contextmanager
def preparation(final: Path, loaded: Callable[[Path], object | None] = load) -> Iterator[tuple[Path, Path]]:
    """Give a folder to prepare a data set in, and one for scratch files.

    The first takes the place `final` on success; both vanish on failure. `loaded` gives None where what stands in a
    place cannot be used.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(final.parent)
    work = final.with_name(f"{final.name}.{uuid.uuid4().hex[:8]}{_PARTIAL}")
    scratch = work / "scratch"
    scratch.mkdir(parents=True)
    try:
        yield work, scratch
        shutil.rmtree(scratch)
        _put_in_place(work, final, loaded)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def describe(
    folder: Path,
    labels: Int64Array,
    attributes: Float32Array | None,
    info: ImageInfo,
    skipped: tuple[SkippedFile, ...],
) -> None:
    """Write the labels, the attributes if there are any and, last, the description of the pictures in `folder`."""
    np.save(folder / _LABELS, labels)
    if attributes is not None:
        np.save(folder / _ATTRIBUTES, attributes)
    meta = {"schema": SCHEMA, "info": info.model_dump(mode="json"), "skipped": [asdict(item) for item in skipped]}
    write_meta(folder / _META, meta)


def _put_in_place(work: Path, final: Path, loaded: Callable[[Path], object | None]) -> None:
    try:
        work.rename(final)
    except OSError:
        # Another process was faster, which is as good; or something unusable lies there.
        if loaded(final) is None:
            shutil.rmtree(final, ignore_errors=True)
            work.rename(final)


def _remove_abandoned(parent: Path) -> None:
    """Remove what crashed preparations left behind."""
    for folder in parent.glob(f"*{_PARTIAL}"):
        with contextlib.suppress(OSError):
            newest = max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
            if time.time() - newest > _SECONDS_UNTIL_ABANDONED:
                shutil.rmtree(folder, ignore_errors=True)
