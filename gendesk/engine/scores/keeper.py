"""Scores of a run while it trains: copies of its model are scored one at a time, on a thread beside the training."""

import copy
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gendesk.data.dataset import ImageDataset, UInt8Array
from gendesk.data.options import DEFAULT_OPTIONS
from gendesk.data.progress import Cancelled
from gendesk.engine.capabilities import Decodes, Samples
from gendesk.engine.features import FeatureNetwork
from gendesk.engine.health import Finding
from gendesk.engine.recipe import Model
from gendesk.engine.run_config import RunConfig
from gendesk.engine.scores.extractors import FeatureExtractor, GendeskFeatures, InceptionFeatures
from gendesk.engine.scores.inception import load_inception
from gendesk.engine.scores.keeper_metrics import FID, FID_PICTURES, score_values
from gendesk.engine.scores.run_scores import new_pictures
from gendesk.engine.scores.scorer import ImageScorer, reference_pictures
from gendesk.engine.threads import become_background_thread
from gendesk.errors import GendeskError

_SEED = 1  # of the samples: the same random numbers at every step, so that what changes is the model
_SPREAD_SEED = 12
_CLOSE_SECONDS = 5.0


@dataclass(frozen=True)
class ScoreSources:
    """Where scores get their features.

    `network` finds the feature network for data of a fingerprint, None where none has been trained. `inception` is the
    file of Inception's weights, None where a person has given none. `cache` is a folder for features of real pictures.
    """

    network: Callable[[str], FeatureNetwork | None]
    inception: Path | None
    cache: Path


@dataclass(frozen=True)
class Scored:
    """What came of scoring the model of a step, after `seconds` of training: values by metric, a `note`, or both."""

    step: int
    seconds: float
    values: Mapping[str, float] = field(default_factory=dict)
    note: Finding | None = None


class ScoreKeeper:
    """Scores copies of one run's model. It belongs to the training thread, which alone calls its methods.

    A feature network that it has found once is used to the end, because only scores of the same features compare.
    """

    def __init__(self, data: ImageDataset, config: RunConfig, sources: ScoreSources) -> None:
        self._data = data
        self._config = config
        self._count = config.settings.score_count
        self._sources = sources
        self._scorers: dict[str, ImageScorer] = {}
        self._done: deque[Scored] = deque()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def take(self, model: Model, step: int, seconds: float) -> bool:
        """Copy a model and begin to score the copy; return False, and do nothing, while the last one is scored."""
        if self.busy:
            return False
        try:
            copied = copy.deepcopy(model).eval().requires_grad_(requires_grad=False)
        except Exception as error:  # noqa: BLE001 (no memory for a copy is no reason to end the training)
            self._done.append(Scored(step, seconds, note=_failure(error)))
            return True
        self._thread = threading.Thread(target=self._work, args=(copied, step, seconds), name="scores", daemon=True)
        self._thread.start()
        return True

    def collect(self) -> Iterator[Scored]:
        """Yield what has come since the last call."""
        while self._done:
            yield self._done.popleft()

    def wait(self, timeout: float) -> bool:
        """Wait for the score in the works; return whether there is none any more."""
        if self._thread is not None:
            self._thread.join(timeout)
        return not self.busy

    def close(self) -> None:
        """Give up the score in the works; returns after a few seconds at most, even where one batch takes longer."""
        self._stopping.set()
        self.wait(_CLOSE_SECONDS)

    # On the thread of a score

    def _work(self, model: Model, step: int, seconds: float) -> None:
        become_background_thread()
        try:
            model.cpu()  # where the feature network is; the samples' random numbers are made there, too
            for part in (self._by_network, self._by_inception):
                self._done.extend(Scored(step, seconds, values, note) for values, note in part(model))
        except Cancelled:
            pass
        except Exception as error:  # noqa: BLE001 (a score that fails must not end the training)
            self._done.append(Scored(step, seconds, note=_failure(error)))

    def _by_network(self, model: Model) -> Iterator[tuple[Mapping[str, float], Finding | None]]:
        info = self._data.info
        if "network" not in self._scorers:
            network = self._sources.network(info.fingerprint)
            if network is None:
                yield {}, _no_network(info.title, self._config)
                return
            self._scorers["network"] = self._scorer(GendeskFeatures(network, info), self._count)
        scorer = self._scorers["network"]
        scores = scorer.score(new_pictures(model, self._count, _SEED, self._report), self._report)
        yield score_values(scores), _too_few(scorer) if scores.frechet is None else None

    def _by_inception(self, model: Model) -> Iterator[tuple[Mapping[str, float], Finding | None]]:
        if not self._config.settings.score_fid:
            return
        if "inception" not in self._scorers:
            if self._sources.inception is None:
                yield {}, _NO_INCEPTION
                return
            network = load_inception(self._sources.inception)
            self._scorers["inception"] = self._scorer(InceptionFeatures(network), FID_PICTURES)
        scorer = self._scorers["inception"]
        scores = scorer.score(new_pictures(model, FID_PICTURES, _SEED, self._report), self._report)
        if scores.frechet is None:
            yield {}, _too_few(scorer)
        else:
            yield {FID: scores.frechet}, None

    def _scorer(self, extractor: FeatureExtractor, count: int) -> ImageScorer:
        return ImageScorer(real_pictures(self._data, count), extractor, self._sources.cache, self._report)

    def _report(self, _share: float) -> None:
        if self._stopping.is_set():
            raise Cancelled("The run has ended.")


def can_be_scored(model: Model) -> bool:
    """Tell whether a model makes pictures from random numbers."""
    return isinstance(model, Samples | Decodes)


def real_pictures(data: ImageDataset, count: int) -> UInt8Array:
    """Return `count` held-out pictures, always the same, spread at random; training ones where fewer are held out."""
    held_out = data.test.images
    if len(held_out) < count:
        return reference_pictures(data, count)
    chosen = np.random.default_rng(_SPREAD_SEED).choice(len(held_out), count, replace=False)
    return np.asarray(held_out[np.sort(chosen)])


def _failure(error: Exception) -> Finding:
    reason = str(error) if isinstance(error, GendeskError) else f"{type(error).__name__}: {error}."
    return Finding(f"The samples cannot be scored: {reason}", "Training goes on.", "score")


def _no_network(title: str, config: RunConfig) -> Finding:
    # The command knows data only as they come, and not with the options of a run.
    command = (
        f'; or give the command "gendesk features {config.data}"' if config.data_options == DEFAULT_OPTIONS else ""
    )
    return Finding(
        f"Scores wait for a feature network of {title}: none has been trained yet.",
        f"Press Train Feature Network on the page Novelty of the latent studio{command}. It takes minutes, and the "
        "scores begin by themselves.",
        "no-feature-network",
        "Distances between pictures say little in pixels and much in the features of a network that was trained to "
        "tell such pictures apart. Scores take the best one that was trained on the very pictures of the run.",
    )


_NO_INCEPTION = Finding(
    "FID is not measured: no file of Inception's weights has been chosen.",
    "Choose the file in the settings; the other scores are measured all the same.",
    "no-inception",
    "FID is defined on one network, whose weights cannot come with gendesk.",
)


def _too_few(scorer: ImageScorer) -> Finding:
    return Finding(
        f"{scorer.count:,} pictures are too few for the Fréchet distance of {scorer.extractor.size:,} features.",
        f"Score with more than {scorer.extractor.size:,} pictures, or go by the kernel distance.",
        "few-pictures-scored",
    )
