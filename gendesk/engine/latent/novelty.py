"""Has a model learnt its training pictures by heart? The nearest training pictures, against what is usual.

What is usual tell held-out pictures: each of them has a nearest training picture, too, and nobody has copied it. Made
from Foster, Generative Deep Learning, chapter 4, where generated pictures are shown beside the nearest real ones.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from gendesk.data.dataset import ImageDataset, Int64Array, UInt8Array
from gendesk.engine.capabilities import Decodes, Samples
from gendesk.engine.features import FeatureNetwork
from gendesk.engine.inference import decode, sample
from gendesk.engine.latent.novelty_search import Distances, FeatureIndex, Index, PixelIndex, pixel_distances
from gendesk.engine.latent.survey import draw_codes
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError

MEMORISED, CLOSE = 0.01, 0.10
"""Shares of the held-out pictures: one that is as near to a training picture as these few has a mark."""

_REFERENCES = 500  # held-out pictures that tell what is usual
_BATCH = 125
_SLICE_SECONDS = 0.2  # of one call to `prepare`, so that others get the worker in between
_KEPT = 2  # indexes, of at most 128 MiB each: those of features and of pixels of one data set


class Measure(StrEnum):
    """How far pictures are apart: by the `features` of a trained network where there is one, or by `pixels`."""

    FEATURES = "features"
    PIXELS = "pixels"


class Verdict(StrEnum):
    MEMORISED = "memorised"
    CLOSE = "close"
    NEW = "new"


@dataclass(frozen=True)
class Prepared:
    """How far the training pictures are ready to be searched, and by what.

    `share` in [0, 1] is done. `network` is the run of the feature network, empty where pixels count, which tells the
    share `accuracy` of held-out pictures. `searched` of the `total` training pictures are looked at. `usual` (count,)
    are the distances of held-out pictures to their nearest training pictures, in rising order; empty before all is
    done. One can be `trainable` on data that are pictures, and not on pictures that were only made on the way.
    """

    share: float
    network: str
    accuracy: float
    searched: int
    total: int
    usual: Distances
    trainable: bool = True


@dataclass(frozen=True)
class Query:
    """Pictures uint8 (count, height, width, channels), or None for `samples` ones that the model makes from `seed`.

    `neighbours` nearest training pictures are wanted for each.
    """

    measure: Measure
    neighbours: int
    pictures: UInt8Array | None = None
    samples: int = 1
    seed: int = 1


@dataclass(frozen=True)
class Found:
    """For each of `pictures` the nearest training pictures, uint8 (count, k, height, width, channels), nearest first.

    `distances` (count, k) are in the unit of the measure, `pixels` (count, k) the mean absolute differences in grey
    levels of 255 of the same pairs, and `numbers` (count, k) the places in the training set.
    """

    pictures: UInt8Array
    neighbours: UInt8Array
    distances: Distances
    pixels: Distances
    numbers: Int64Array

    def sorted(self) -> "Found":
        """Return the same, the picture that is nearest to a training picture first."""
        order = self.distances[:, 0].argsort(kind="stable")
        return Found(
            self.pictures[order],
            self.neighbours[order],
            self.distances[order],
            self.pixels[order],
            self.numbers[order],
        )


def prepare(_model: Model, data: RunData, measure: Measure) -> Prepared:
    """Go on with what the first search needs, for a moment; ask again until `share` is 1.

    Raises InputError where the pictures cannot be had or none is held out.
    """
    with _lock:
        space, known = _space(data, measure), data.images
        space.go_on(known, time.monotonic() + _SLICE_SECONDS)
        return replace(space.prepared(known), trainable=data.known is not None)


def search(model: Model, data: RunData, query: Query) -> Found:
    """Find the nearest training pictures; raises InputError if the pictures have another size than those."""
    pictures = generated(model, query.samples, query.seed) if query.pictures is None else query.pictures
    known = data.images
    train = known.train.images
    if pictures.shape[1:] != train.shape[1:]:
        raise InputError(f"These pictures are {_size(pictures)}, those of the training are {_size(train)}.")
    with _lock:
        space = _space(data, query.measure)
        space.go_on(known, None)  # nothing, unless it has been let go since
        distances, numbers = space.index.nearest(pictures, query.neighbours, train)
    neighbours = np.asarray(train[numbers.ravel()]).reshape(*numbers.shape, *train.shape[1:])
    pixels = np.stack([pixel_distances(*pair) for pair in zip(pictures, neighbours, strict=True)])
    return Found(pictures, neighbours, distances, pixels, numbers)


def generated(model: Model, count: int, seed: int) -> UInt8Array:
    """Return new pictures uint8 (count, height, width, channels), the same for the same seed; raises InputError."""
    if isinstance(model, Samples) or not isinstance(model, Decodes):
        return sample(model, count, seed)
    return decode(model, draw_codes(model, count, seed))


def verdict(distance: float, usual: Distances) -> Verdict:
    """Judge the distance of a picture to its nearest training picture against what is usual, see MEMORISED, CLOSE."""
    memorised, close = np.quantile(usual, (MEMORISED, CLOSE))
    if distance <= memorised:
        return Verdict.MEMORISED
    return Verdict.CLOSE if distance <= close else Verdict.NEW


def share_nearer(distance: float, usual: Distances) -> float:
    """Return the share, in [0, 1], of held-out pictures that lie nearer to a training picture than this."""
    return float(np.searchsorted(usual, distance)) / len(usual)


def _size(pictures: UInt8Array) -> str:
    height, width, channels = pictures.shape[1:]
    return f"{width}x{height} with {channels} channels" if channels > 1 else f"{width}x{height} and grey"


# What is kept between calls

_lock = threading.Lock()
_spaces: "OrderedDict[tuple[str, str, int, float], _Space]" = OrderedDict()


@dataclass
class _Space:
    index: Index
    network: FeatureNetwork | None
    usual: list[Distances] = field(default_factory=list)
    referred: int = 0

    def go_on(self, data: ImageDataset, until: float | None) -> None:
        """Add training pictures, then look where held-out pictures lie, until that time or the end."""
        train, test = data.train.images, data.test.images[:_REFERENCES]
        if not len(test):
            raise InputError("No pictures are held out that could tell which distances are usual.")
        while self.share(len(test)) < 1:
            if self.index.count < self.index.wanted:
                self.index.add(np.asarray(train[self.index.count : min(self.index.count + _BATCH, self.index.wanted)]))
            else:
                batch = np.asarray(test[self.referred : self.referred + _BATCH // 5])
                self.usual.append(self.index.nearest(batch, 1, train)[0][:, 0])
                self.referred += len(batch)
            if until is not None and time.monotonic() > until:
                return

    def share(self, references: int) -> float:
        return (self.index.count + self.referred) / (self.index.wanted + references)

    def prepared(self, data: ImageDataset) -> Prepared:
        share = self.share(min(_REFERENCES, len(data.test)))
        usual = np.sort(np.concatenate(self.usual)) if share >= 1 else np.empty(0, np.float32)
        name, accuracy = (self.network.run_id, self.network.accuracy) if self.network is not None else ("", 0.0)
        return Prepared(share, name, accuracy, self.index.wanted, len(data.train), usual)


def _space(data: RunData, measure: Measure) -> _Space:
    """Return what is known by now of a data set, new if it is nothing; hold the lock."""
    network = data.features("") if measure is Measure.FEATURES else None
    info, count = data.images.info, len(data.images.train)
    # With its accuracy, because a new run may get the number of one that was removed.
    which = (network.run_id, network.step, network.accuracy) if network is not None else ("", 0, 0.0)
    key = info.fingerprint, *which
    if key not in _spaces:
        index: Index = (
            PixelIndex((info.height, info.width, info.channels), count)
            if network is None
            else FeatureIndex(network, count)
        )
        _spaces[key] = _Space(index, network)
    _spaces.move_to_end(key)
    while len(_spaces) > _KEPT:
        _spaces.popitem(last=False)
    return _spaces[key]
