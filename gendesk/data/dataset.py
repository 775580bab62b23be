"""What a recipe trains on: data sets of one kind, described by plain data and read through memory maps."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from gendesk.music.score import Score

UInt8Array = NDArray[np.uint8]
Int32Array = NDArray[np.int32]
Int64Array = NDArray[np.int64]
Float32Array = NDArray[np.float32]


TextUnit = Literal["characters", "words", "byte pairs"]


class DatasetKind(StrEnum):
    """What the items of a data set are; a recipe accepts one kind."""

    IMAGES = "images"
    POINTS = "points"
    TEXT = "text"
    SCORES = "scores"
    RACES = "races"


class Attribute(BaseModel):
    """Something that is known of every item beside its class: one of named `values`, or a number if there are none."""

    model_config = ConfigDict(frozen=True)

    name: str
    title: str
    values: tuple[str, ...] = ()


class DatasetInfo(BaseModel):
    """Describes a data set in a run's file: enough to rebuild a model without the data itself.

    `fingerprint` is a hash of the contents, so that the same data are recognised wherever they lie.
    """

    model_config = ConfigDict(frozen=True)

    kind: DatasetKind
    name: str
    title: str
    fingerprint: str
    train_count: int
    test_count: int

    @property
    def item_shape(self) -> tuple[int, ...]:
        """The shape of the tensor that one item becomes."""
        raise NotImplementedError


class ImageInfo(DatasetInfo):
    """Pictures of one size, with a class and attributes for each where somebody has given them."""

    kind: Literal[DatasetKind.IMAGES] = DatasetKind.IMAGES
    height: int
    width: int
    channels: int
    classes: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()

    @property
    def item_shape(self) -> tuple[int, int, int]:
        """(channels, height, width) of one picture."""
        return self.channels, self.height, self.width


class PointInfo(DatasetInfo):
    """Points of a plane, `width` to the right and `height` up from the origin at the lower left."""

    kind: Literal[DatasetKind.POINTS] = DatasetKind.POINTS
    width: float
    height: float

    @property
    def item_shape(self) -> tuple[int, ...]:
        """(2,): x and y."""
        return (2,)


class TextInfo(DatasetInfo):
    """A text as numbers: a token is a character, a word or a group of bytes, and its number its place in `vocabulary`.

    `train_count` and `test_count` are tokens, and the characters beside them what those spell: with them a loss per
    token becomes bits per character. `merges` are the pairs that byte pairs are joined from, in
    order, and `mark` is the token that begins every story, empty where there is none.
    """

    kind: Literal[DatasetKind.TEXT] = DatasetKind.TEXT
    unit: TextUnit
    vocabulary: tuple[str, ...]
    merges: tuple[str, ...] = ()
    lower: bool = False
    mark: str = ""
    train_characters: int
    test_characters: int

    @property
    def item_shape(self) -> tuple[int, ...]:
        """(): one number."""
        return ()


class ScoreInfo(DatasetInfo):
    """Pieces of music; `train_count` and `test_count` are pieces.

    `notes`, `voices` (the most that a piece has), `lowest` and `highest` (pitches 0 to 127) and `longest` (beats) are
    of all pieces together. Every start and end lies on one of `steps_per_beat` steps of a quarter note. `chords` and
    `durations` are those of `gendesk.music.tokens.chord_view.ChordVocabulary`: what sounds at once, such as G2.D3.B3,
    C4 or rest, and how long, in quarter notes, such as 1/4 or 3/2. They are also of the pieces that are held out or
    not used at all, so that all can be spelt; of chords they are the 20,000 most frequent.
    """

    kind: Literal[DatasetKind.SCORES] = DatasetKind.SCORES
    notes: int
    voices: int
    lowest: int
    highest: int
    longest: float
    steps_per_beat: int
    chords: tuple[str, ...]
    durations: tuple[str, ...]

    @property
    def item_shape(self) -> tuple[int, ...]:
        """(): a piece is as long as it is, and no tensor before a recipe makes one of it."""
        return ()


class RaceInfo(DatasetInfo):
    """A car race in which every seed of a track is an item; `train_count` and `test_count` are tracks.

    The tracks `train_start` and after are for training, those from 0 to `test_count` - 1 are held out for the exam, and
    those between are to choose by.
    """

    kind: Literal[DatasetKind.RACES] = DatasetKind.RACES
    train_start: int
    size: int

    @property
    def item_shape(self) -> tuple[int, int, int]:
        """(3, size, size): what is seen of a track in a frame."""
        return 3, self.size, self.size


AnyInfo = Annotated[ImageInfo | PointInfo | TextInfo | ScoreInfo | RaceInfo, Field(discriminator="kind")]
"""What run.json holds of a data set."""


@dataclass(frozen=True)
class ImageSplit:
    """Images of one split: uint8 (count, height, width, channels), usually a memory map, and int64 labels (count,).

    Labels are -1 where an image has none. `attributes` are float32 (count, attributes): the number of a named value,
    or the number itself, and NaN where it is not known; None where nothing is known beside the class.
    """

    images: UInt8Array
    labels: Int64Array
    attributes: Float32Array | None = None

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

    info: ImageInfo
    train: ImageSplit
    test: ImageSplit
    skipped: tuple[SkippedFile, ...] = ()


@dataclass(frozen=True)
class PointDataset:
    """Points float32 (count, 2), x and y, to train on and held out.

    `region` is bool (rows, columns), the north at the top, over the whole plane: where points can lie, for those who
    may know the truth; None where nobody does.
    """

    info: PointInfo
    train: Float32Array
    test: Float32Array
    region: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class TextDataset:
    """A text in tokens, int32 (count,), usually memory maps: what is trained on, and the tail that is held out."""

    info: TextInfo
    train: Int32Array
    test: Int32Array
    skipped: tuple[SkippedFile, ...] = ()


@dataclass(frozen=True)
class ScoreDataset:
    """Pieces to train on and held out, read from the disk when they are asked for; may be used by several threads."""

    info: ScoreInfo
    train: Sequence[Score]
    test: Sequence[Score]
    skipped: tuple[SkippedFile, ...] = ()


@dataclass(frozen=True)
class RaceDataset:
    """Tracks to race on. They are drawn when a race begins, so there is nothing here but their seeds."""

    info: RaceInfo

    @property
    def train(self) -> range:
        """The seeds of the tracks for training."""
        return range(self.info.train_start, self.info.train_start + self.info.train_count)

    @property
    def selection(self) -> range:
        """The seeds of the tracks that say which of several drivers is the best one."""
        return range(self.info.test_count, self.info.train_start)

    @property
    def test(self) -> range:
        """The seeds of the tracks that are held out."""
        return range(self.info.test_count)


Dataset = ImageDataset | PointDataset | TextDataset | ScoreDataset | RaceDataset
