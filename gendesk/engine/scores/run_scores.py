"""Scores of a run's model: new pictures of it against the pictures of its data, as a command or a window asks."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import torch

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.novelty import generated
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.engine.scores.extractors import GendeskFeatures, Report
from gendesk.engine.scores.scorer import ImageScorer, reference_pictures
from gendesk.engine.scores.scores import PICTURES, Scores
from gendesk.errors import InputError

_BATCH = 250
_KEPT = 2  # scorers, of a few megabytes each


@dataclass(frozen=True)
class ScoreRequest:
    """So many new pictures, which follow from the seed, against as many of the data."""

    count: int = PICTURES
    seed: int = 1


def new_pictures(model: Model, count: int, seed: int, report: Report | None = None) -> UInt8Array:
    """Make pictures uint8 (count, height, width, channels) in batches, the same for the same seed; raises InputError.

    `report` is told the share in 0..1 that is done.
    """
    seeds = np.random.SeedSequence(seed).generate_state(-(-count // _BATCH))
    parts = []
    with torch.inference_mode():
        for number, batch_seed in enumerate(seeds):
            done = number * _BATCH
            parts.append(generated(model, min(_BATCH, count - done), int(batch_seed)))
            if report is not None:
                report(min(1.0, (done + _BATCH) / count))
    return np.concatenate(parts)


def score_run(model: Model, data: RunData, request: ScoreRequest) -> Scores:
    """Score a model against its own data, by the feature network for them: an operation for a slow live worker.

    Raises InputError where the data cannot be had, or no feature network has been trained for them.
    """
    return _scorer(data, request.count).score(new_pictures(model, request.count, request.seed))


_lock = threading.Lock()
_scorers: "OrderedDict[tuple[str, str, int], ImageScorer]" = OrderedDict()


def _scorer(data: RunData, count: int) -> ImageScorer:
    """Return one that has been made before for the same pictures, network and count, or a new one."""
    images, network = data.images, data.features("")
    if network is None:
        raise InputError(f"No feature network has been trained for {images.info.name}; train it first.")
    extractor = GendeskFeatures(network, images.info)
    key = images.info.fingerprint, extractor.identity, count
    with _lock:
        if key not in _scorers:
            _scorers[key] = ImageScorer(reference_pictures(images, count), extractor)
        _scorers.move_to_end(key)
        while len(_scorers) > _KEPT:
            _scorers.popitem(last=False)
        return _scorers[key]
