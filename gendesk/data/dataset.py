"""What a recipe trains on: data sets of one kind, described by plain data and read through memory maps."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

UInt8Array = NDArray[np.uint8]
Int64Array = NDArray[np.int64]


class DatasetKind(StrEnum):
    """What the items of a data set are; a recipe accepts one kind."""

    IMAGES = "images"


class DatasetInfo(BaseModel):
    """Describes a data set in a run's file: enough to rebuild a model without the data itself.

    `fingerprint` is a hash of the contents, so that the same pictures are recognised wherever they lie.
    """

    model_config = ConfigDict(frozen=True)

    kind: DatasetKind
    name: str
    title: str
    fingerprint: str
    train_count: int
    test_count: int
    height: int
    width: int
    channels: int
    classes: tuple[str, ...] = ()

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """(channels, height, width) of one image."""
        return self.channels, self.height, self.width


@dataclass(frozen=True)
class ImageSplit:
    """Images of one split: uint8 (count, height, width, channels), usually a memory map, and int64 labels (count,).

    Labels are -1 where an image has none.
    """

    images: UInt8Array
    labels: Int64Array

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True)
class SkippedFile:
    """A file that could not be used; `reason` is the rest of a sentence that begins with the file's name."""

    path: str
    reason: str


@dataclass(frozen=True)
class ImageDataset:
    """Images to train on, images held out for validation, and the files of the source that could not be used."""

    info: DatasetInfo
    train: ImageSplit
    test: ImageSplit
    skipped: tuple[SkippedFile, ...] = ()
