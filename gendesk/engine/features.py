"""Feature networks: trained classifiers that tell others what is in a picture, as numbers.

A distance between two pictures says little in pixels and much in the features of a network that was trained to tell
such pictures apart. Whoever needs features of a data set asks here: the best classifier that was ever trained on these
very pictures is found among the runs, and trained once if there is none. It is an ordinary run, kept like any other.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
import torch
from numpy.typing import NDArray

from gendesk.data.dataset import UInt8Array
from gendesk.data.options import DEFAULT_OPTIONS, DataOptions
from gendesk.data.progress import Cancelled
from gendesk.engine.batches import to_tensor
from gendesk.engine.capabilities import Classifies, ExtractsFeatures
from gendesk.engine.events import Mailbox, Progress
from gendesk.engine.runs import Run, RunState
from gendesk.errors import GendeskError, InputError, RunError

if TYPE_CHECKING:
    from gendesk.engine.engine import Engine
    from gendesk.engine.families import RecipeEntry

ACCURACY = "validation/accuracy"
"""The metric that tells a classifier's run from others, and a good one from a bad one."""

TAG = "feature network"
_BATCH = 250
_WAIT_SECONDS = 0.1
_log = logging.getLogger(__name__)


@runtime_checkable
class FeatureModel(Classifies, ExtractsFeatures, Protocol):
    """What a model must offer to serve as a feature network."""


@dataclass(frozen=True)
class FeatureNetwork:
    """A trained classifier as others use it. Distances of features are comparable only within one `run_id` and `step`.

    `accuracy` is the share of held-out pictures, in [0, 1], whose `target` it tells: "" for the classes of the data,
    else what the classifier's setting of this name says.
    """

    run_id: str
    step: int
    target: str
    accuracy: float
    model: FeatureModel

    @property
    def classes(self) -> tuple[str, ...]:
        return self.model.classes

    def features(self, images: UInt8Array) -> NDArray[np.float32]:
        """Turn images uint8 (count, height, width, channels) into features float32 (count, feature_size)."""
        return self._over(images, self.model.features)

    def probabilities(self, images: UInt8Array) -> NDArray[np.float32]:
        """Turn images uint8 (count, height, width, channels) into probabilities float32 (count, classes)."""
        return self._over(images, lambda batch: self.model.classify(batch).softmax(1))

    @torch.inference_mode()
    def _over(self, images: UInt8Array, function: Callable[[torch.Tensor], torch.Tensor]) -> NDArray[np.float32]:
        parts = [function(to_tensor(images[at : at + _BATCH])) for at in range(0, len(images), _BATCH)]
        return torch.cat(parts).float().numpy()


class FeatureNetworks:
    """Finds feature networks among the runs of an engine, and trains what is missing. Threads may share it."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._training = threading.Lock()
        self._loaded: dict[tuple[str, int], FeatureModel] = {}

    def find(self, fingerprint: str, target: str = "") -> FeatureNetwork | None:
        """Return the most accurate one that was trained to its end on the data of this fingerprint, or None."""
        candidates = sorted(self._candidates(fingerprint, target), key=lambda run: -run.record.metrics[ACCURACY])
        for run in candidates:
            try:
                return self._load(run, target)
            except GendeskError as error:  # a damaged run, or one whose plugin is gone: the next best serves
                _log.warning("The run %s cannot serve as a feature network: %s", run.id, error)
        return None

    def get(
        self,
        data: str,
        options: DataOptions = DEFAULT_OPTIONS,
        target: str = "",
        told: Callable[[str], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> FeatureNetwork:
        """Return one for a data set, trained now if there is none; may take minutes, so call it on a worker thread.

        `told` gets a sentence now and then, `progress` several times a second the share in [0, 1] that is trained.
        Raises InputError if the data cannot be used, RunError if the training fails, and Cancelled soon after
        `cancelled` turns true; such a run is kept, but serves only when it is complete.
        """
        with self._training:  # who waits for the same network finds it afterwards
            fingerprint = self._engine.library.open(data, options, None, cancelled).info.fingerprint
            found = self.find(fingerprint, target)
            if found is not None:
                return found
            self._train(data, options, target, told, cancelled, progress)
            found = self.find(fingerprint, target)
        if found is None:
            raise RunError(f"The feature network of {data} was trained but cannot be used.")
        return found

    def _candidates(self, fingerprint: str, target: str) -> Iterator[Run]:
        for run in self._engine.runs.all():
            data, metrics = run.record.data, run.record.metrics
            same = data is not None and data.fingerprint == fingerprint
            if (
                same
                and run.state is RunState.FINISHED
                and ACCURACY in metrics
                and run.record.config.config.get("target", "") == target
            ):
                yield run

    def _load(self, run: Run, target: str) -> FeatureNetwork:
        saved = run.steps_saved()
        step = saved[-1] if saved else 0
        model = self._loaded.get((run.id, step))
        if model is None:
            self._loaded.clear()  # whoever uses an older one holds it
            loaded = self._engine.load_model(run.id)
            if not isinstance(loaded, FeatureModel):
                raise InputError(f"The model of {run.id} gives no features.")
            model = self._loaded[run.id, step] = loaded
        return FeatureNetwork(run.id, step, target, run.record.metrics[ACCURACY], model)

    def _train(
        self,
        data: str,
        options: DataOptions,
        target: str,
        told: Callable[[str], None] | None,
        cancelled: Callable[[], bool] | None,
        progress: Callable[[float], None] | None,
    ) -> None:
        recipe = self._recipe()
        values = {**options.model_dump(), "target": target} if target else options.model_dump()
        name = f"Features of {data}"
        job = self._engine.start(
            self._engine.config(recipe.id, recipe.feature_preset, data, name, **values), at_once=True
        )
        if told is not None:
            told(f"Training {job.run.id}, the feature network of {data}.")
        stopped = False
        with self._events() as events:
            while not job.join(_WAIT_SECONDS):
                for event in events.drain():
                    if progress is not None and isinstance(event, Progress) and event.run_id == job.run.id:
                        progress(event.step / max(1, event.total_steps))
                if not stopped and cancelled is not None and cancelled():
                    stopped = True
                    job.stop()
        if stopped:
            raise Cancelled(f"The training of {job.run.id} was cancelled.")
        if job.error:
            raise RunError(f"The feature network of {data} cannot be trained: {job.error}")
        job.run.label(tags=(*job.run.labels.tags, TAG))

    @contextmanager
    def _events(self) -> Iterator[Mailbox]:
        mailbox = Mailbox()
        self._engine.subscribe(mailbox)
        try:
            yield mailbox
        finally:
            self._engine.unsubscribe(mailbox)

    def _recipe(self) -> "RecipeEntry":
        for recipe in self._engine.families.recipes.values():
            if recipe.feature_preset:
                return recipe
        raise InputError("No plugin offers a recipe for feature networks; install the family of classifiers.")
