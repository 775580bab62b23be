"""Pictures by counting colours pixel by pixel (Foster, Generative Deep Learning, chapter 1)."""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gendesk.config import ConfigModel
from gendesk.data.dataset import DatasetKind, Float32Array, ImageDataset, ImageInfo
from gendesk.engine.batches import to_images
from gendesk.engine.preview import BarChart, BarsPreview, HeatMapPreview, ImagePreview, Preview, TablePreview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, Recipe, State

from .colors import palette_of, to_indices
from .config import PixelsConfig
from .models import PixelModel

_SHOWN, _COLUMNS, _TRIALS, _BINS = 30, 10, 200, 40

LOG_LIKELIHOOD = MetricSpec(
    "log_likelihood",
    "Log-likelihood",
    "Mean logarithm of the probability of a pixel's colour, in nats: higher is better. A probability of 0 counts as "
    "1e-12, which is -27.6 nats, so held-out pictures with colours in new places pull it down.",
    "Log-likelihood of a pixel",
    goal="max",
)
OF_SAMPLES = MetricSpec(
    "of_samples",
    "Of samples",
    "The same for pictures that the model has drawn itself. It is as high as on the training pictures, although the "
    "samples look nothing like them: likelihood of single pixels does not see how they belong together.",
    "Log-likelihood of a pixel",
    goal="max",
)
_SAMPLES_TEXT = (
    "Pictures with every pixel drawn by itself, always with the same random numbers. This fails on purpose: skin and "
    "background come out right, because there nearly all portraits agree; hair and clothes are a mixture of all that "
    "was ever there."
)
_TRAINING_TEXT = "The first pictures of the training data, in the colours of the palette."
_TYPICAL_TEXT = (
    "Left the mean of all training pictures, right the likeliest colour of each pixel. Neither is random, so neither "
    "is a sample; they show how much of a picture is the same in all."
)
_ENTROPY_TEXT = (
    "How uncertain each pixel is, in bits: 0 where all training pictures agree, 8 where 256 colours are equally "
    "likely. Bright regions are those that the samples get wrong."
)
_LIKELIHOOD_TEXT = (
    "Log-likelihood of a pixel, in nats, of whole pictures: training, held out, and drawn by the model. Drawn and real "
    "pictures are equally likely on average, but drawn ones lie close together: thousands of independent pixels always "
    "add up to about the same. Real pictures spread, because their pixels change together."
)

_NUMBERS_TEXT = (
    "How large the model is. Its parameters are many, each is easily counted, and they say nothing about which pixels "
    "belong together."
)


class PixelsRecipe(Recipe[PixelsConfig, ImageDataset]):
    """Counts colours, in one step; further steps count them again and change nothing."""

    Config: ClassVar[type[ConfigModel]] = PixelsConfig
    accepts: ClassVar[DatasetKind] = DatasetKind.IMAGES
    metrics: ClassVar[tuple[MetricSpec, ...]] = (LOG_LIKELIHOOD, OF_SAMPLES)
    best: ClassVar[str] = "log_likelihood"

    def __init__(self, config: PixelsConfig, data: ImageDataset, context: Context) -> None:
        super().__init__(config, data, context)
        self._model = self.build(config, data.info).to(context.device)
        palette = palette_of(data.train.images)
        self._model.set_palette(torch.from_numpy(palette).to(context.device))
        self._train = self._indices(data.train.images, palette)
        self._test = self._indices(data.test.images, palette)

    @classmethod
    def build(cls, config: PixelsConfig, info: ImageInfo) -> PixelModel:
        return PixelModel(config, info)

    def _indices(self, images: NDArray[np.uint8], palette: NDArray[np.uint8]) -> Tensor:
        return torch.from_numpy(np.array(to_indices(images, palette))).to(self.context.device)

    def model(self) -> PixelModel:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return 1

    @property
    def samples_per_step(self) -> int:
        return len(self._train)

    @torch.inference_mode()
    def step(self) -> Metrics:
        model = self._model
        model.observe(self._train)
        model.attribute_counts.copy_(self._attribute_counts(self.data.train.attributes))
        drawn = model.draw_indices(_TRIALS, self.context.fixed_generator(purpose=1))
        return {
            "log_likelihood": model.log_likelihoods(self._train).mean(),
            "of_samples": model.log_likelihoods(drawn).mean(),
        }

    def _attribute_counts(self, table: Float32Array | None) -> Tensor:
        """Count the values of a portrait's features, one after the other: int64 (values,)."""
        model, info = self._model, self.data.info
        if table is None or not model.attributes:
            return torch.zeros_like(model.attribute_counts)
        columns = [np.asarray(table[:, info.attributes.index(one)]) for one in model.attributes]
        counts = [
            np.bincount(column[np.isfinite(column)].astype(np.int64), minlength=len(one.values))
            for one, column in zip(model.attributes, columns, strict=True)
        ]
        return torch.from_numpy(np.concatenate(counts)).to(model.attribute_counts)

    @torch.inference_mode()
    def validate(self) -> Metrics:
        if not len(self._test):
            return {}
        return {"log_likelihood": self._model.log_likelihoods(self._test).mean()}

    @torch.inference_mode()
    def previews(self) -> Iterator[Preview]:
        model = self._model
        drawn = to_images(model.sample(_SHOWN, self.context.fixed_generator(purpose=2)))
        yield ImagePreview("samples", "Samples", drawn, _COLUMNS, description=_SAMPLES_TEXT)
        training = to_images(model.to_pictures(self._train[:_SHOWN]))
        columns = min(_COLUMNS, len(training))
        yield ImagePreview("training", "Training pictures", training, columns, description=_TRAINING_TEXT)
        typical = to_images(model.typical())
        names = ("Mean", "Likeliest")
        yield ImagePreview("typical", "Typical pictures", typical, 2, names, description=_TYPICAL_TEXT)
        yield self._entropy_preview()
        yield self._likelihood_preview()
        yield self._numbers_preview()

    def _entropy_preview(self) -> HeatMapPreview:
        _, height, width = self._model.shape
        bits = self._model.entropies().reshape(height, width).float().cpu().numpy()
        rows, columns = (tuple(str(number) for number in range(1, count + 1)) for count in (height, width))
        return HeatMapPreview("entropy", "Uncertainty", bits, rows, columns, "Row", "Column", _ENTROPY_TEXT)

    def _likelihood_preview(self) -> BarsPreview:
        model = self._model
        drawn = model.draw_indices(_TRIALS, self.context.fixed_generator(purpose=3))
        groups = {"Training": model.pictures, "Held out": self._test[:_TRIALS], "Drawn": drawn}
        likely = {name: model.log_likelihoods(group).cpu().numpy() for name, group in groups.items() if len(group)}
        chart = likelihood_chart(likely)
        return BarsPreview("likelihood", "Likelihood", (chart,), _LIKELIHOOD_TEXT)

    def _numbers_preview(self) -> TablePreview:
        model = self._model
        pixels, colors = len(model.counts), int(model.colors)
        rows = (
            ("Pixels", f"{pixels:,}"),
            ("Colours of the palette", f"{colors:,}"),
            ("Free parameters", f"{model.free_parameters:,}"),
            ("Possible pictures", f"{colors}^{pixels}"),
            ("Training pictures", f"{len(self._train):,}"),
            ("Mean uncertainty of a pixel", f"{float(model.entropies().mean()):.2f} bits"),
        )
        return TablePreview("numbers", "Numbers", ("", "Value"), rows, _NUMBERS_TEXT)

    def state(self) -> State:
        return {}

    def load_state(self, state: State) -> None:
        """Take over nothing: all that counting changes is the model."""


def likelihood_chart(likely: dict[str, NDArray[np.float64]]) -> BarChart:
    """Return a histogram of log-likelihoods (count,) by the name of their pictures, as shares of each group."""
    everything = np.concatenate(list(likely.values()))
    low, high = float(everything.min()), float(everything.max())
    low, high = (low, high) if high - low > 1e-6 else (low - 0.5, high + 0.5)
    bins = [np.histogram(values, _BINS, (low, high))[0] / len(values) for values in likely.values()]
    title = "Log-likelihood of a pixel in nats"
    return BarChart(title, np.stack(bins).astype(np.float32), series=tuple(likely), low=low, high=high)
