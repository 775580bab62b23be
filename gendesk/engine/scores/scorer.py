"""Scores pictures against real ones, of which everything that is needed is worked out once."""

from functools import partial
from pathlib import Path

import numpy as np

from gendesk.data.dataset import ImageDataset, UInt8Array
from gendesk.engine.scores import frechet
from gendesk.engine.scores.diversity import feature_diversity, pixel_diversity, sharpness
from gendesk.engine.scores.extractors import FeatureExtractor, Features, Report, extract, kept_features
from gendesk.engine.scores.kernel import kernel_distance
from gendesk.engine.scores.precision_recall import compare, manifold
from gendesk.engine.scores.scores import FEWEST_PICTURES, PICTURES, Scores
from gendesk.errors import InputError

_SEED = 11
_SMALLEST_SIDE = 3
_FEATURES_SHARE = 0.9  # of the time to score


class ImageScorer:
    """Knows real pictures uint8 (count, height, width, channels), and scores others of the same size against them.

    Threads may share it. `cache` is a folder for the features of the real pictures. Raises InputError for fewer than 20
    pictures, or smaller ones than 3x3.
    """

    def __init__(
        self,
        reference: UInt8Array,
        extractor: FeatureExtractor,
        cache: Path | None = None,
        report: Report | None = None,
    ) -> None:
        reference = np.asarray(reference)
        _check(reference, "real")
        self.extractor = extractor
        self.count = len(reference)
        self._shape = reference.shape[1:]
        self._features = kept_features(extractor, reference, cache, report)
        self._gaussian = frechet.fit(self._features)
        self._manifold = manifold(self._features)
        self._sharpness = sharpness(reference)
        self._diversity = feature_diversity(self._features)
        self._pixel_diversity = pixel_diversity(reference)

    def score(self, pictures: UInt8Array, report: Report | None = None) -> Scores:
        """Return the scores of generated pictures, at least 20; raises InputError if their size is another one."""
        pictures = np.asarray(pictures)
        check_sizes(pictures.shape[1:], self._shape)
        _check(pictures, "generated")
        features = extract(self.extractor, pictures, partial(_part, report) if report is not None else None)
        kernel = kernel_distance(self._features, features)
        near = compare(self._manifold, manifold(features))
        return Scores(
            count=len(pictures),
            reference_count=self.count,
            name=self.extractor.name,
            features=self.extractor.title,
            frechet=self._frechet(features),
            kernel=kernel.mean,
            kernel_error=kernel.error,
            precision=near.precision,
            recall=near.recall,
            density=near.density,
            coverage=near.coverage,
            distance=near.distance,
            sharpness=_ratio(sharpness(pictures), self._sharpness),
            diversity=_ratio(feature_diversity(features), self._diversity),
            pixel_diversity=_ratio(pixel_diversity(pictures), self._pixel_diversity),
        )

    def _frechet(self, features: Features) -> float | None:
        if not frechet.enough(min(len(features), self.count), self.extractor.size):
            return None
        return frechet.frechet_distance(self._gaussian, frechet.fit(features))


def reference_pictures(data: ImageDataset, count: int = PICTURES) -> UInt8Array:
    """Return up to `count` of the training pictures, always the same ones, spread at random over all.

    They are what a model should be able to make, and what published scores take; held-out ones are often too few.
    """
    train = data.train.images
    if count >= len(train):
        return np.array(train)
    chosen = np.random.default_rng(_SEED).choice(len(train), count, replace=False)
    return np.asarray(train[np.sort(chosen)])


def check_sizes(generated: tuple[int, ...], real: tuple[int, ...]) -> None:
    """Raise InputError if pictures of these shapes (height, width, channels) differ in size or colours."""
    if generated != real:
        raise InputError(f"The generated pictures are {_size(generated)}, the real ones {_size(real)}.")


def _check(pictures: UInt8Array, kind: str) -> None:
    if pictures.ndim != 4 or pictures.dtype != np.uint8:
        raise ValueError(f"pictures of shape {pictures.shape} and type {pictures.dtype}")
    if len(pictures) < FEWEST_PICTURES:
        raise InputError(f"Scores need at least {FEWEST_PICTURES} {kind} pictures; there are {len(pictures)}.")
    if min(pictures.shape[1:3]) < _SMALLEST_SIDE:
        raise InputError(f"Pictures of {_size(pictures.shape[1:])} are too small to be scored.")


def _part(report: Report, share: float) -> None:
    report(share * _FEATURES_SHARE)


def _ratio(value: float, usual: float) -> float:
    """Return the ratio; where real pictures have none of it, 1 stands for none and infinity for any."""
    return value / usual if usual else (1.0 if not value else float("inf"))


def _size(shape: tuple[int, ...]) -> str:
    height, width, channels = shape
    return f"{width}x{height} with {channels} channels" if channels > 1 else f"{width}x{height} and grey"
