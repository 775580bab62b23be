"""The autoencoder that finds height and width (Foster, Generative Deep Learning, chapter 1, figure 1.12)."""

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from gendesk.config import ConfigModel
from gendesk.data.dataset import DatasetKind, ImageDataset, ImageInfo, ImageSplit
from gendesk.engine.batches import ImageBatches, to_images, to_tensor
from gendesk.engine.preview import BarChart, BarsPreview, ImagePreview, Preview, ScatterPreview, TablePreview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, Recipe, State
from gendesk.errors import InputError
from gendesk.nn import keras
from gendesk.nn.optimizers import load_optimizer

from .config import TinsConfig
from .models import TinsAutoencoder, factor_columns
from .regression import LINEAR, fit, predict, r_squared, slopes

_SHOWN, _GRID, _BANDS, _MOST_CODES = 8, 7, 5, 2_000
_BATCH = 500

LOSS = MetricSpec(
    "loss",
    "Loss",
    "What training makes small, beside the code penalty: the binary cross-entropy of a pixel, in nats. Grey pixels "
    "keep it from reaching 0.",
    "Loss",
)
RECONSTRUCTION = MetricSpec(
    "reconstruction",
    "Reconstruction",
    "The mean squared error of a pixel, from 0 to 1. It falls in steps: first the model draws the mean of all tins, "
    "then it finds one number, then the other. Below 0.005 the lines are clear.",
    "Reconstruction",
)
R2 = MetricSpec(
    "r2",
    "R\N{SUPERSCRIPT TWO}",
    "How much of the true height and width a linear regression on the learned code explains, the mean of both: 1 is "
    "all of it, 0 nothing. While training it is that of one batch. It stays below 1 because the plane is bent.",
    "Regression on the code",
    goal="max",
)
_RECONSTRUCTIONS = (
    "Held-out pictures above, and below each what the decoder draws from its two numbers. Good copies have sharp lines "
    "in the right places; a second, grey line beside the right one says that the code is not exact yet."
)
_CODES = (
    "Each point is the code of a picture, coloured by its true {factor}, which the model was never told. Bands of one "
    "colour side by side say that it has found this number by itself; where bands cross, it has mixed it up."
)
_PLANE = (
    "Pictures that the decoder draws where the regression expects each pair of numbers: {down} grows downwards, "
    "{across} to the right. None of them need be in the training data. Good rows and columns change in one way only."
)
_TABLE = (
    "The linear regression of the true numbers on the learned code, fitted on the training pictures: true = constant + "
    "slopes times code. The last columns say how much it explains of held-out pictures, and how much a "
    "regression with products of up to four factors does, which can follow a bent plane."
)
_BARS = (
    "How much of each true number held-out codes explain, 1 being all of it: by a linear regression, and by one with "
    "products, which follows bends. Two tall bars for each say that the code is height and width, in other words."
)


class TinsRecipe(Recipe[TinsConfig, ImageDataset]):
    """Learns two numbers for every picture, and how they relate to two that people know of it."""

    Config: ClassVar[type[ConfigModel]] = TinsConfig
    accepts: ClassVar[DatasetKind] = DatasetKind.IMAGES
    metrics: ClassVar[tuple[MetricSpec, ...]] = (LOSS, RECONSTRUCTION, R2)
    best: ClassVar[str] = "reconstruction"

    def __init__(self, config: TinsConfig, data: ImageDataset, context: Context) -> None:
        super().__init__(config, data, context)
        self._model = self.build(config, data.info).to(context.device)
        self._optimizer = keras.adam(self._model.parameters(), config.learning_rate)
        numbered = ImageSplit(data.train.images, np.arange(len(data.train)))  # a batch tells which pictures it holds
        self._batches = ImageBatches(numbered, config.batch_size, context.seed, context.device)
        self._train_factors, self._test_factors = self._factors(data.train), self._factors(data.test)

    def _factors(self, split: ImageSplit) -> Tensor:
        """Return the factors of a split's pictures, (count, 2)."""
        assert split.attributes is not None  # build has found them in the description of the data
        chosen = np.asarray(split.attributes)[:, factor_columns(self.data.info)]
        if np.isnan(chosen).any():
            raise InputError(f"The two numbers of some pictures of {self.data.info.title} are not known; choose Tins.")
        return torch.from_numpy(chosen.astype(np.float32)).to(self.context.device)

    @classmethod
    def build(cls, config: TinsConfig, info: ImageInfo) -> TinsAutoencoder:
        return keras.initialized(TinsAutoencoder(config, info))

    def model(self) -> TinsAutoencoder:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return self._batches.per_epoch

    @property
    def samples_per_step(self) -> int:
        return self._batches.batch_size

    def step(self) -> Metrics:
        images, numbers = self._batches.next()
        self._optimizer.zero_grad(set_to_none=True)
        with self.context.autocast():
            codes = self._model.encode(images)
            logits = self._model.decoder(codes)
        losses = _losses(logits.float(), images)
        penalty = self.config.code_penalty * codes.float().square().mean()
        torch.autograd.backward(losses["loss"] + penalty)
        self._optimizer.step()
        return {**losses, "r2": _linear_r2(codes.detach().float(), self._train_factors[numbers])}

    @torch.inference_mode()
    def validate(self) -> Metrics:
        """Return the error on held-out pictures, and what a regression on the training codes explains of them."""
        codes = self._encoded(self.data.test)
        linear = fit(self._encoded(self.data.train), self._train_factors, LINEAR)
        images = to_tensor(self.data.test.images, self.context.device)
        losses = _losses(self._model.decoder(codes), images)
        return {**losses, "r2": r_squared(predict(linear, codes), self._test_factors).mean()}

    def _encoded(self, split: ImageSplit) -> Tensor:
        """Return the codes of all pictures of a split, (count, 2)."""
        parts = [split.images[start : start + _BATCH] for start in range(0, len(split), _BATCH)]
        return torch.cat([self._model.encode(to_tensor(part, self.context.device)) for part in parts])

    @torch.inference_mode()
    def previews(self) -> Iterator[Preview]:
        codes = self._encoded(self.data.train)
        self._model.relate(codes, self._train_factors)
        yield self._reconstructions()
        yield self._codes(codes)
        yield self._plane()
        held_out = self._encoded(self.data.test)
        regressions = (self._model.linear, self._model.factors_of)
        explained = [r_squared(predict(one, held_out), self._test_factors) for one in regressions]
        scores = torch.stack(explained).cpu().numpy()
        yield self._table(scores)
        chart = BarChart(
            "R\N{SUPERSCRIPT TWO} on held-out pictures",
            scores.clip(0, 1).astype(np.float32),
            self._model.factors,
            ("Linear", "Curved"),
        )
        yield BarsPreview("regression-bars", "Regression", (chart,), _BARS)

    def _reconstructions(self) -> ImagePreview:
        chosen = np.linspace(0, len(self.data.test) - 1, min(_SHOWN, len(self.data.test))).astype(np.int64)
        originals = np.asarray(self.data.test.images[chosen])
        copies = to_images(self._model.decode(self._model.encode(to_tensor(originals, self.context.device))))
        return ImagePreview(
            "reconstructions",
            "Reconstructions",
            np.concatenate([originals, copies]),
            columns=len(chosen),
            row_titles=("Original", "Copy"),
            description=_RECONSTRUCTIONS,
        )

    def _codes(self, codes: Tensor) -> ScatterPreview:
        """Colour the codes by the first factor, in bands of equal width."""
        name, true = self._model.factors[0], self._train_factors[:, 0].cpu().numpy()
        ends = np.linspace(true.min(), true.max(), _BANDS + 1)
        labels = np.clip(np.searchsorted(ends, true, side="right") - 1, 0, _BANDS - 1)
        classes = tuple(f"{name} {low:.1f} to {high:.1f}" for low, high in pairwise(ends))
        points = codes[:_MOST_CODES].float().cpu().numpy()
        description = _CODES.format(factor=name.lower())
        return ScatterPreview("codes", "Codes", points, labels[:_MOST_CODES].astype(np.int64), classes, description)

    def _plane(self) -> ImagePreview:
        low, high = self._model.lowest.cpu(), self._model.highest.cpu()
        down, across = (torch.linspace(float(low[axis]), float(high[axis]), _GRID) for axis in range(2))
        codes = predict(self._model.code_of, torch.cartesian_prod(down, across).to(self.context.device))
        first, second = self._model.factors
        return ImagePreview(
            "plane",
            f"{first} by {second.lower()}",
            to_images(self._model.decode(codes)),
            columns=_GRID,
            row_titles=tuple(f"{first} {value:.1f}" for value in down.tolist()),
            description=_PLANE.format(down=first.lower(), across=second.lower()),
        )

    def _table(self, scores: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> TablePreview:
        weights = slopes(self._model.linear).cpu()
        constants = predict(self._model.linear, torch.zeros(1, 2, device=self.context.device))[0].cpu()
        rows = tuple(
            (
                name,
                *(f"{value:.3f}" for value in (float(constants[factor]), *weights[:, factor].tolist())),
                *(f"{score:.3f}" for score in scores[:, factor].tolist()),
            )
            for factor, name in enumerate(self._model.factors)
        )
        columns = (
            "True number",
            "Constant",
            "Slope of z1",
            "Slope of z2",
            "R\N{SUPERSCRIPT TWO}",
            "R\N{SUPERSCRIPT TWO}, curved",
        )
        return TablePreview("regression", "Regression", columns, rows, _TABLE)

    def state(self) -> State:
        return {"optimizer": self._optimizer.state_dict(), "batches": self._batches.state()}

    def load_state(self, state: State) -> None:
        load_optimizer(self._optimizer, state["optimizer"])
        self._batches.load_state(state["batches"])


def _losses(logits: Tensor, images: Tensor) -> dict[str, Tensor]:
    """Return the cross-entropy, which pulls harder at wrong lines than squares do, and the squared error to read."""
    error = functional.mse_loss(torch.sigmoid(logits.detach()), images)
    return {"loss": functional.binary_cross_entropy_with_logits(logits, images), "reconstruction": error}


def _linear_r2(codes: Tensor, factors: Tensor) -> Tensor:
    """Return how much of the factors (count, 2) a linear regression on the same codes (count, 2) explains, the mean.

    By the normal equations, which no device has to wait for; a trace of ridge keeps them solvable for codes on a line.
    """
    codes, factors = codes - codes.mean(0), factors - factors.mean(0)
    square = codes.T @ codes
    ridge = (1e-6 * square.trace() + 1e-12) * torch.eye(2, device=codes.device)
    return r_squared(codes @ torch.linalg.solve(square + ridge, codes.T @ factors), factors).mean()
