"""From a source of pictures to a prepared data set: one pass in parallel, with bounded memory."""

import hashlib
import math
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from gendesk.data.cache import ImageFile, describe
from gendesk.data.dataset import Float32Array, ImageInfo, Int64Array, SkippedFile, UInt8Array
from gendesk.data.options import ImageOptions
from gendesk.data.progress import Progress
from gendesk.data.readers.decode import Layout, Surprise, fit, silence_pillow, upright_size
from gendesk.data.readers.limits import check_space
from gendesk.data.readers.source import Source, UnreadableError
from gendesk.errors import InputError

_SMALLEST_OWN_SIDE = 4
_LARGEST_OWN_SIZE = 128
_USUAL_SIZE = 64
_PROBES = 16
_CHUNK = 32
_CHUNK_BYTES = 4 << 20
_SHUFFLE_SEED = 20_190_701


@dataclass(frozen=True)
class _Chunk:
    """What came of some pictures: pixels of those that could be read, their indices, and the others."""

    images: UInt8Array
    indices: list[int]
    skipped: list[SkippedFile]


@dataclass(frozen=True)
class _Written:
    """Everything that was read: indices of the source in the order on disk, a hash of the pixels, and the rest."""

    indices: Int64Array
    pixels_hash: str
    skipped: list[SkippedFile]


def prepare(source: Source, name: str, title: str, options: ImageOptions, folder: Path, progress: Progress) -> None:
    """Decode all pictures of a source into `folder`; raises InputError if too few can be read, and Cancelled."""
    silence_pillow()
    if not len(source.labels):
        raise InputError(
            f"There are no usable pictures in {title} (PNG, JPEG, WebP, BMP, GIF and TIFF can be read)"
            f"{_example(source.skipped)}."
        )
    order = _order(source, options.limit)
    layout = _first_guess(source, order, options)
    while True:
        try:
            written = _write(source, order, layout, folder, progress)
            break
        except Surprise as surprise:
            layout = _wider(layout, surprise)
    train_count, test_count = _counts(source, written, options, title)
    labels = source.labels[written.indices]
    table = source.table
    attributes = None if table is None else table.values[written.indices].astype(np.float32)
    info = ImageInfo(
        name=name,
        title=title,
        fingerprint=_fingerprint(written.pixels_hash, labels, attributes, layout, train_count),
        train_count=train_count,
        test_count=test_count,
        height=layout.height,
        width=layout.width,
        channels=layout.channels,
        classes=source.classes,
        attributes=() if table is None else table.attributes,
    )
    describe(folder, labels, attributes, info, (*source.skipped, *written.skipped))
    progress.update(1.0, f"{title} is ready")


def _order(source: Source, limit: int) -> Int64Array:
    """Shuffled, so that the first pictures show all classes and any tail can be held out; the training part first.

    `limit` pictures at most (0: all), with both parts in proportion.
    """
    shuffled = np.random.default_rng(_SHUFFLE_SEED).permutation(len(source.labels))
    wanted = min(limit, len(shuffled)) or len(shuffled)
    if source.held_out is None:
        return shuffled[:wanted]
    held_out = source.held_out[shuffled]
    tests = max(1, round(wanted * held_out.mean()))
    return np.concatenate([shuffled[~held_out][: wanted - tests], shuffled[held_out][:tests]])


def _first_guess(source: Source, order: Int64Array, options: ImageOptions) -> Layout:
    """Believe of all pictures what is true of a few; a Surprise corrects it."""
    sizes, grey = set(), True
    for index in order[:: max(1, len(order) // _PROBES)]:
        try:
            image = source.read(int(index))
            sizes.add(upright_size(image))
            grey = grey and options.color == "auto" and _is_grey(image)
        except UnreadableError:
            continue
    channels = {"grey": 1, "rgb": 3, "auto": 1 if grey else 3}[options.color]
    side = options.image_size or _USUAL_SIZE
    layout = Layout(side, side, channels, options.crop, all_grey=grey and options.color == "auto")
    if options.image_size or len(sizes) != 1:
        return layout
    width, height = sizes.pop()
    if max(width, height) > _LARGEST_OWN_SIZE or min(width, height) < _SMALLEST_OWN_SIDE:
        return layout
    return replace(layout, height=height, width=width, own_size=True)


def _is_grey(image: Image.Image) -> bool:
    try:
        fit(image, Layout(_USUAL_SIZE, _USUAL_SIZE, 1, all_grey=True))
    except Surprise:
        return False
    return True


def _wider(layout: Layout, surprise: Surprise) -> Layout:
    if surprise.size:
        return replace(layout, height=_USUAL_SIZE, width=_USUAL_SIZE, own_size=False)
    return replace(layout, channels=3, all_grey=False)


def _write(source: Source, order: Int64Array, layout: Layout, folder: Path, progress: Progress) -> _Written:
    shape = (layout.height, layout.width, layout.channels)
    picture_bytes = math.prod(shape)
    step = min(_CHUNK, max(1, _CHUNK_BYTES // picture_bytes))
    indices: list[int] = []
    skipped: list[SkippedFile] = []
    stop = threading.Event()
    blocks = [order[start : start + step] for start in range(0, len(order), step)]
    with ImageFile(folder, shape) as file, ThreadPoolExecutor(os.cpu_count()) as pool:
        check_space(folder, len(order) * picture_bytes)
        try:
            for chunk in _in_order(pool, lambda block: _read_chunk(source, block, layout, stop), blocks):
                file.append(chunk.images)
                indices += chunk.indices
                skipped += chunk.skipped
                done = len(indices) + len(skipped)
                progress.update(done / len(order), f"Reading pictures: {done:,} of {len(order):,}")
        finally:
            stop.set()
        return _Written(np.array(indices, dtype=np.int64), file.finish(), skipped)


def _read_chunk(source: Source, block: Int64Array, layout: Layout, stop: threading.Event) -> _Chunk:
    images = np.empty((len(block), layout.height, layout.width, layout.channels), dtype=np.uint8)
    indices: list[int] = []
    skipped: list[SkippedFile] = []
    for index in block.tolist():
        if stop.is_set():
            break
        try:
            images[len(indices)] = fit(source.read(index), layout)
            indices.append(index)
        except UnreadableError as problem:
            skipped.append(SkippedFile(source.name(index), str(problem)))
    return _Chunk(images[: len(indices)], indices, skipped)


def _in_order(
    pool: ThreadPoolExecutor, work: Callable[[Int64Array], _Chunk], blocks: Sequence[Int64Array]
) -> Iterator[_Chunk]:
    """Work on blocks in parallel, a bounded number ahead of the one that is wanted next."""
    ahead = 2 * (os.cpu_count() or 1)
    pending: deque[Future[_Chunk]] = deque()
    for block in blocks:
        pending.append(pool.submit(work, block))
        if len(pending) > ahead:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()


def _counts(source: Source, written: _Written, options: ImageOptions, title: str) -> tuple[int, int]:
    """Return how many of the written pictures train and how many are held out; raises InputError if too few."""
    count = len(written.indices)
    if source.held_out is not None:
        test_count = int(source.held_out[written.indices].sum())
    else:
        test_count = max(1, round(options.test_share * count)) if count else 0
    if count - test_count >= 2 and test_count >= 1:
        return count - test_count, test_count
    raise InputError(
        f"{title} has {count - test_count} usable pictures to train on and {test_count} to hold out, "
        f"but at least 2 and 1 are needed{_example([*written.skipped, *source.skipped])}."
    )


def _example(skipped: Sequence[SkippedFile]) -> str:
    return f"; {skipped[0].path} {skipped[0].reason}" if skipped else ""


def _fingerprint(
    pixels_hash: str, labels: Int64Array, attributes: Float32Array | None, layout: Layout, train_count: int
) -> str:
    """Hash shapes, pixels, labels and attributes, but no names or places."""
    digest = hashlib.sha256(f"{layout.height} {layout.width} {layout.channels} {train_count} {pixels_hash} ".encode())
    digest.update(labels.astype("<i8").tobytes())
    if attributes is not None:
        digest.update(attributes.astype("<f4").tobytes())
    return digest.hexdigest()
