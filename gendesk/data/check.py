"""What is in a source of data, as far as a person wants to know before training on it."""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any, overload

import numpy as np
from PIL import Image

from gendesk.data.dataset import (
    Attribute,
    Float32Array,
    ImageDataset,
    ImageInfo,
    PointDataset,
    PointInfo,
    RaceDataset,
    RaceInfo,
    UInt8Array,
)
from gendesk.data.library import DataLibrary
from gendesk.data.options import DEFAULT_OPTIONS, DataOptions, ImageOptions, RaceOptions, ScoreOptions, TextOptions
from gendesk.data.points import picture_of
from gendesk.data.progress import Progress, Report
from gendesk.data.readers.attribute_table import is_table
from gendesk.data.scores import scores
from gendesk.data.scores.report import ScoreReport
from gendesk.data.skipped import SkippedGroup, grouped
from gendesk.data.text import texts
from gendesk.data.text.report import TextReport

SHEET = 40
_LOOKED_AT = 400
_FEW = 200
_IMBALANCE = 10
_ORIENTATION = 0x0112
_MODES = {
    "1": "black and white",
    "L": "grey",
    "LA": "grey with alpha",
    "P": "palette",
    "RGB": "colour",
    "RGBA": "colour with alpha",
    "CMYK": "CMYK",
    "I;16": "16-bit grey",
    "I": "32-bit grey",
    "F": "floating point",
}


@dataclass(frozen=True)
class AttributeCount:
    """What is known of an attribute: how often it has each named value, or the range of its numbers.

    `values` are (value, count), empty for numbers; `low` and `high` are NaN where there are no numbers; of `unknown`
    pictures nothing is known.
    """

    title: str
    values: tuple[tuple[str, int], ...]
    low: float
    high: float
    unknown: int


@dataclass(frozen=True)
class DataReport:
    """What was found, what was left out, and what a recipe will see.

    `sizes` are (width, height, count), the most common first, and `modes` count kinds of pictures, both among the
    `looked_at` pictures at rest. `classes` are (name, count) over all. `pictures` uint8 (count, height, width,
    channels) are as training sees them; of points there is one, a map of them all, and of races there is none, because
    they are drawn when they begin. `memory_bytes` is the size of all prepared pictures on the disk.
    """

    info: ImageInfo | PointInfo | RaceInfo
    found: int
    looked_at: int
    sizes: tuple[tuple[int, int, int], ...]
    modes: tuple[tuple[str, int], ...]
    classes: tuple[tuple[str, int], ...]
    skipped: tuple[SkippedGroup, ...]
    warnings: tuple[str, ...]
    memory_bytes: int
    pictures: UInt8Array
    attributes: tuple[AttributeCount, ...] = ()

    @property
    def skipped_count(self) -> int:
        return sum(group.count for group in self.skipped)

    def as_json(self) -> dict[str, Any]:
        """Return everything but the pictures as plain data."""
        values = {name: getattr(self, name) for name in ("found", "looked_at", "sizes", "modes", "classes", "warnings")}
        return {
            **values,
            "info": self.info.model_dump(mode="json"),
            "attributes": [_attribute_as_json(one) for one in self.attributes],
            "skipped": [asdict(group) for group in self.skipped],
            "bytes": self.memory_bytes,
        }


def _attribute_as_json(count: AttributeCount) -> dict[str, Any]:
    numbers = {} if math.isnan(count.low) else {"low": count.low, "high": count.high}
    return {"title": count.title, "values": dict(count.values), "unknown": count.unknown, **numbers}


@overload
def check(
    library: DataLibrary,
    reference: str,
    options: ImageOptions | RaceOptions = DEFAULT_OPTIONS,
    report: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> DataReport: ...
@overload
def check(
    library: DataLibrary,
    reference: str,
    options: TextOptions,
    report: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> TextReport: ...
@overload
def check(
    library: DataLibrary,
    reference: str,
    options: ScoreOptions,
    report: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ScoreReport: ...
def check(
    library: DataLibrary,
    reference: str,
    options: DataOptions = DEFAULT_OPTIONS,
    report: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> DataReport | TextReport | ScoreReport:
    """Prepare a data set, so that a training begins at once, and say what is in it; raises as `DataLibrary.open`.

    Options for texts open a text, those for scores pieces of music, and those for pictures pictures.
    """
    if isinstance(options, TextOptions):
        return texts.report_text(library.folder, reference, options, Progress(report, cancelled))
    if isinstance(options, ScoreOptions):
        return scores.report_scores(library.folder, reference, options, Progress(report, cancelled))
    dataset = library.open(reference, options, report, cancelled)
    if isinstance(dataset, PointDataset):
        return _report_of_points(dataset)
    if isinstance(dataset, RaceDataset):
        return _report_of_races(dataset)
    assert isinstance(dataset, ImageDataset)
    assert isinstance(options, ImageOptions)
    sizes, modes = _looked_at(library.look(reference, options, _LOOKED_AT, cancelled))
    classes = class_counts(dataset)
    info = dataset.info
    return DataReport(
        info=info,
        found=info.train_count + info.test_count,
        looked_at=sum(sizes.values()),
        sizes=tuple((width, height, count) for (width, height), count in sizes.most_common()),
        modes=tuple(modes.most_common()),
        classes=classes,
        skipped=grouped(file for file in dataset.skipped if not is_table(file.path)),
        warnings=(
            *_warnings(info, classes, sizes),
            *(f"{file.path} {file.reason}." for file in dataset.skipped if is_table(file.path)),
        ),
        memory_bytes=dataset.train.images.nbytes + dataset.test.images.nbytes,
        pictures=np.array(dataset.train.images[:SHEET]),
        attributes=attribute_counts(dataset),
    )


def _report_of_points(dataset: PointDataset) -> DataReport:
    room = dataset.train.nbytes + dataset.test.nbytes
    return _report_of_made(dataset.info, picture_of(dataset.train, dataset.info)[None], room)


def _report_of_races(dataset: RaceDataset) -> DataReport:
    info = dataset.info
    return _report_of_made(info, np.zeros((0, info.size, info.size, 3), np.uint8), 0)


def _report_of_made(info: PointInfo | RaceInfo, pictures: UInt8Array, memory_bytes: int) -> DataReport:
    """Return the report of what no file is read for."""
    return DataReport(
        info=info,
        found=info.train_count + info.test_count,
        looked_at=0,
        sizes=(),
        modes=(),
        classes=(),
        skipped=(),
        warnings=(),
        memory_bytes=memory_bytes,
        pictures=pictures,
    )


def class_counts(dataset: ImageDataset) -> tuple[tuple[str, int], ...]:
    """Return how many pictures each class has, training and held out together."""
    labels = np.concatenate([dataset.train.labels, dataset.test.labels])
    counts = np.bincount(labels[labels >= 0], minlength=len(dataset.info.classes))
    return tuple((name, int(count)) for name, count in zip(dataset.info.classes, counts, strict=False))


def attribute_counts(dataset: ImageDataset) -> tuple[AttributeCount, ...]:
    """Return what is known of each attribute, training and held out together."""
    if dataset.train.attributes is None or dataset.test.attributes is None:
        return ()
    table = np.concatenate([dataset.train.attributes, dataset.test.attributes])
    return tuple(_counted(one, column) for one, column in zip(dataset.info.attributes, table.T, strict=True))


def _counted(attribute: Attribute, column: Float32Array) -> AttributeCount:
    known = column[np.isfinite(column)]
    unknown = len(column) - len(known)
    if attribute.values:
        counts = np.bincount(known.astype(np.int64), minlength=len(attribute.values))
        values = tuple((value, int(count)) for value, count in zip(attribute.values, counts, strict=True))
        return AttributeCount(attribute.title, values, math.nan, math.nan, unknown)
    low, high = (float(known.min()), float(known.max())) if len(known) else (math.nan, math.nan)
    return AttributeCount(attribute.title, (), low, high, unknown)


def _looked_at(pictures: Iterable[Image.Image]) -> tuple[Counter[tuple[int, int]], Counter[str]]:
    sizes: Counter[tuple[int, int]] = Counter()
    modes: Counter[str] = Counter()
    for picture in pictures:
        sizes[picture.size] += 1
        modes[_MODES.get(picture.mode, picture.mode)] += 1
        if getattr(picture, "n_frames", 1) > 1:
            modes["animated (first frame)"] += 1
        if picture.getexif().get(_ORIENTATION, 1) != 1:
            modes["turned by EXIF"] += 1
    return sizes, modes


def _warnings(info: ImageInfo, classes: tuple[tuple[str, int], ...], sizes: Counter[tuple[int, int]]) -> Iterable[str]:
    found = info.train_count + info.test_count
    if found < _FEW:
        yield f"{found} pictures are few: a model will rather learn them by heart than learn from them."
    if len(classes) > 1:
        (most, largest), (least, smallest) = max(classes, key=_count), min(classes, key=_count)
        if largest > _IMBALANCE * max(1, smallest):
            yield f"The classes differ much in size: {most} has {largest:,} pictures, {least} has {smallest:,}."
    small = sum(count for (width, height), count in sizes.items() if min(width, height) < min(info.height, info.width))
    if small > sum(sizes.values()) / 2:
        yield f"Most pictures are smaller than {info.width} x {info.height} and are enlarged, which blurs them."


def _count(entry: tuple[str, int]) -> int:
    return entry[1]
