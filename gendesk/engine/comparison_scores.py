"""New pictures of several models held against their data: one of them measured, as a command or a window asks.

Where a feature network has been trained for the data, distances are those of its features. Else they are those of
shrunk pixels, which say little, so only the distance to the data is told then.
"""

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial

import torch
from torch.nn.functional import adaptive_avg_pool2d

from gendesk.data.dataset import ImageDataset, ImageInfo, UInt8Array
from gendesk.engine.batches import to_tensor
from gendesk.engine.comparison_table import PIXELS, Measured, NewSamples
from gendesk.engine.latent.novelty import generated
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.engine.scores.extractors import FeatureExtractor, Features, GendeskFeatures, Report
from gendesk.engine.scores.run_scores import new_pictures
from gendesk.engine.scores.scorer import ImageScorer, check_sizes, reference_pictures

_SHRUNK = 16  # pixels of the longer side; details that no two pictures share would be all that counts in more
_KEPT = 2  # scorers, of a few megabytes each


@dataclass(frozen=True)
class SampleWish:
    """So many new pictures, which follow from the seed."""

    count: int
    seed: int


@dataclass(frozen=True)
class ScoreWish:
    """So many new pictures are to be scored against as many real ones. `report` may raise to end the work."""

    count: int
    seed: int
    report: Report | None = field(default=None, compare=False)


class PixelFeatures:
    """Pictures shrunk to at most 16 pixels a side as a FeatureExtractor: brightness in 0..1, place by place."""

    name = PIXELS
    title = "shrunk pixels"
    batch = 250

    def __init__(self, info: ImageInfo) -> None:
        shrink = min(1.0, _SHRUNK / max(info.height, info.width))
        self._sides = max(1, round(shrink * info.height)), max(1, round(shrink * info.width))
        self.size = self._sides[0] * self._sides[1] * info.channels
        self.identity = hashlib.sha256(f"{PIXELS} {self._sides}".encode()).hexdigest()

    @torch.inference_mode()
    def features(self, images: UInt8Array) -> Features:
        shrunk: Features = adaptive_avg_pool2d(to_tensor(images), self._sides).flatten(1).numpy()
        return shrunk


def new_samples(model: Model, data: RunData, wish: SampleWish) -> NewSamples:
    """Make a few pictures to look at: an operation for a slow live worker. Raises InputError if the model cannot."""
    made = generated(model, wish.count, wish.seed)
    known = data.pictures
    real = made[:0] if known is None else reference_pictures(known, wish.count)
    return NewSamples(made, real, data.step)


def measure(model: Model, data: RunData, wish: ScoreWish) -> Measured:
    """Score a model against its own data: an operation for a slow live worker.

    Raises InputError where the model makes no pictures like those of its data, or the data cannot be had.
    """
    images = data.images
    check_sizes(generated(model, 1, wish.seed).shape[1:], images.train.images.shape[1:])
    made = new_pictures(model, wish.count, wish.seed, _stage(wish.report, 0.0, 0.6))
    scorer = _scorer(data, images, wish.count, _stage(wish.report, 0.6, 0.8))
    scores = scorer.score(made, _stage(wish.report, 0.8, 1.0))
    parameters = sum(weight.numel() for weight in model.parameters())
    return Measured(data.step, parameters, images.info.fingerprint, scores)


def _stage(report: Report | None, begin: float, end: float) -> Report | None:
    return None if report is None else partial(_tell, report, begin, end)


def _tell(report: Report, begin: float, end: float, share: float) -> None:
    report(begin + share * (end - begin))


_lock = threading.Lock()
_scorers: "OrderedDict[tuple[str, str, int], ImageScorer]" = OrderedDict()


def _scorer(data: RunData, images: ImageDataset, count: int, report: Report | None) -> ImageScorer:
    """Return one that has been made before for the same pictures, features and count, or a new one."""
    network, info = data.features(""), images.info
    extractor: FeatureExtractor = PixelFeatures(info) if network is None else GendeskFeatures(network, info)
    key = info.fingerprint, extractor.identity, count
    with _lock:
        if key not in _scorers:
            _scorers[key] = ImageScorer(reference_pictures(images, count), extractor, None, report)
        _scorers.move_to_end(key)
        while len(_scorers) > _KEPT:
            _scorers.popitem(last=False)
        return _scorers[key]
