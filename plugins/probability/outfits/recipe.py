"""Outfits by counting: the multinomial and naive Bayes (Foster, Generative Deep Learning, chapter 1)."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from gendesk.config import ConfigModel
from gendesk.data.dataset import DatasetKind, ImageDataset, ImageInfo, ImageSplit
from gendesk.engine.preview import ImagePreview, Preview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, Recipe, State
from gendesk.errors import InputError

from . import charts, shares
from .config import OutfitsConfig
from .models import Multinomial, NaiveBayes, OutfitTable

_SHOWN, _SAMPLES, _TRIALS = 50, 10, 1000
_SAMPLE_SIZE = 96  # large enough for the words below each

LOG_LIKELIHOOD = MetricSpec(
    "log_likelihood",
    "Log-likelihood",
    "Mean logarithm of the probability of an outfit, in nats: higher is better. A model that only knows its table is "
    "good on it and hopeless on held-out outfits. A probability of 0 counts as 1e-12, which is -27.6 nats.",
    "Log-likelihood",
    goal="max",
)
COPIES = MetricSpec(
    "copies",
    "Copies",
    "Share of 1,000 drawn outfits that occur in the table, in [0, 1]. At 1 the model invents nothing; near 0 it may "
    "have forgotten what the table is like.",
    "Copies",
)
_SAMPLES_TEXT = (
    "Outfits drawn from the model, always with the same random numbers. Each says whether it is new, or of which "
    "row of the table it is a copy. Good ones look like the table's and are mostly new."
)
_TABLE_TEXT = "Portraits of the table that is counted, the first fifty, with their numbers."


class OutfitsRecipe(Recipe[OutfitsConfig, ImageDataset]):
    """Counts a table of outfits, in one step; further steps count it again and change nothing."""

    Config: ClassVar[type[ConfigModel]] = OutfitsConfig
    accepts: ClassVar[DatasetKind] = DatasetKind.IMAGES
    metrics: ClassVar[tuple[MetricSpec, ...]] = (LOG_LIKELIHOOD, COPIES)
    best: ClassVar[str] = "log_likelihood"
    network: ClassVar[type[OutfitTable]]

    def __init__(self, config: OutfitsConfig, data: ImageDataset, context: Context) -> None:
        super().__init__(config, data, context)
        self._model = self.build(config, data.info).to(context.device)
        self._train = self._cells(data.train)
        self._test = self._cells(data.test)

    @classmethod
    def build(cls, config: OutfitsConfig, info: ImageInfo) -> OutfitTable:
        return cls.network(config, info)

    def _cells(self, split: ImageSplit) -> Tensor:
        if split.attributes is None:
            raise InputError(f"The pictures of {self.data.info.title} come without their attributes; choose Outfits.")
        if np.isnan(split.attributes).any():
            raise InputError(f"Some attributes of {self.data.info.title} are not known; choose Outfits.")
        return self._model.cells_of(self._model.rows_of(split.attributes))

    def model(self) -> OutfitTable:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return 1

    @property
    def samples_per_step(self) -> int:
        return len(self._train)

    @torch.inference_mode()
    def step(self) -> Metrics:
        self._model.observe(self._train)
        probabilities = self._probabilities()
        trials = shares.draw_cells(probabilities, _TRIALS, self.context.fixed_generator(purpose=1))
        return {
            "log_likelihood": shares.log_likelihood(probabilities, self._train),
            "copies": (self._model.counts[trials] > 0).double().mean(),
        }

    def _probabilities(self) -> Tensor:
        return self._model.probabilities(self.config.pseudo_count)

    @torch.inference_mode()
    def validate(self) -> Metrics:
        if not len(self._test):
            return {}
        return {"log_likelihood": shares.log_likelihood(self._probabilities(), self._test)}

    @torch.inference_mode()
    def previews(self) -> Iterator[Preview]:
        model = self._model
        cells = shares.draw_cells(self._probabilities(), _SAMPLES, self.context.fixed_generator(purpose=2))
        drawn = model.draw(model.rows_from(cells), _SAMPLE_SIZE)
        yield ImagePreview("samples", "Samples", drawn, 5, model.captions(cells), description=_SAMPLES_TEXT)
        table = np.asarray(self.data.train.images[:_SHOWN])
        numbers = tuple(f"#{number}" for number in range(1, len(table) + 1))
        columns = min(10, len(table))
        yield ImagePreview("table", "Table", table, columns, numbers, description=_TABLE_TEXT)
        yield charts.marginals_preview(model)
        yield charts.comparison_preview(model, charts.chosen_cells(model), self._test)
        yield charts.information_preview(model, self.context.seed)
        yield charts.ranks_preview(model)

    def state(self) -> State:
        return {}

    def load_state(self, state: State) -> None:
        """Take over nothing: all that counting changes is the model."""


class MultinomialRecipe(OutfitsRecipe):
    """One probability for every combination of values."""

    network: ClassVar[type[OutfitTable]] = Multinomial


class NaiveBayesRecipe(OutfitsRecipe):
    """One probability for every value, multiplied as if features were independent."""

    network: ClassVar[type[OutfitTable]] = NaiveBayes
