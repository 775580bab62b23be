"""Autoencoder and variational autoencoder on pictures of any size (Foster, chapter 3, listings 3.1 to 3.8)."""

from collections.abc import Iterator, Mapping
from statistics import NormalDist
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from gendesk.config import ConfigModel
from gendesk.data.dataset import DatasetKind, ImageDataset, ImageInfo
from gendesk.engine.batches import ImageBatches, to_images, to_tensor
from gendesk.engine.health import Finding, HealthCheck, Remedies
from gendesk.engine.preview import ImagePreview, Preview, ScatterPreview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, Recipe, State
from gendesk.nn import keras
from gendesk.nn.optimizers import load_optimizer

from .config import AutoencoderConfig, VariationalAutoencoderConfig
from .models import Autoencoder, VariationalAutoencoder, draw, kl_divergence

_SHOWN, _SAMPLES, _MANIFOLD, _CODES = 8, 36, 15, 1000
_VALIDATION_BATCH = 250
_FIRST_STEPS = 200


class PosteriorCollapse:
    """Warns when the latent code carries next to nothing: less than 0.01 nats a dimension on held-out pictures.

    The first steps are spared: every code is empty before anything has been learnt.
    """

    def __init__(self, config: AutoencoderConfig) -> None:
        self._limit = 0.01 * config.latent_size
        self._changes = Remedies(config).scaled("reconstruction_factor", 10.0)
        self._warned = False

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:
        kl = values.get("validation/kl")
        if kl is None or kl >= self._limit or self._warned or step < _FIRST_STEPS:
            return None
        self._warned = True
        return Finding(
            f"The latent code carries almost nothing (KL {kl:.3g} at step {step:,}): the decoder ignores it.",
            "Raise the reconstruction factor.",
            kind="posterior-collapse",
            explanation="All pictures are coded alike, because an exact copy counts too little against a code that "
            "looks like noise. Such a decoder draws the mean of all pictures.",
            changes=self._changes,
        )


TOTAL = MetricSpec(
    "total",
    "Total",
    "What training makes small. It falls fast at first and then ever more slowly; when the held-out curve turns up "
    "again, the model has begun to learn its pictures by heart.",
    "Loss",
)
RECONSTRUCTION = MetricSpec(
    "reconstruction",
    "Reconstruction",
    "How far pictures are from their copies: the mean error of a pixel, times the reconstruction factor.",
    "Loss",
)
KL = MetricSpec(
    "kl",
    "KL",
    "How far the codes of a picture are from the standard normal distribution, in nats. It rises while the code learns "
    "to tell pictures apart, then settles; close to zero the decoder takes no notice of the code.",
    "KL divergence",
)
_RECONSTRUCTIONS = (
    "Held-out pictures above, and below each what the decoder draws from its code. Good copies keep slant, thickness "
    "and shape. What the code cannot carry comes back blurred or as another class."
)
_CODES_OF = "Each point is the code of a held-out picture, coloured by its class, which the model was never told. "


class AutoencoderRecipe(Recipe[AutoencoderConfig, ImageDataset]):
    """Learns to copy pictures through a narrow code."""

    Config: ClassVar[type[ConfigModel]] = AutoencoderConfig
    accepts: ClassVar[DatasetKind] = DatasetKind.IMAGES
    metrics: ClassVar[tuple[MetricSpec, ...]] = (TOTAL, RECONSTRUCTION)
    best: ClassVar[str] = "total"
    network: ClassVar[type[Autoencoder]] = Autoencoder
    samples_text: ClassVar[str] = (
        "Pictures decoded from codes drawn at random, evenly, from the box that the codes of real pictures lie in; the "
        "same codes at every step. Those that fall into a gap between classes come out malformed: an autoencoder has "
        "no say in where its codes lie."
    )
    manifold_text: ClassVar[str] = (
        "The latent plane as the decoder sees it: an even lattice over the box of the codes, each point decoded. Look "
        "for smudges, where no picture has its code, and for classes that take far more room than others."
    )
    codes_text: ClassVar[str] = (
        _CODES_OF + "Like pictures lie close together. The cloud need not be round nor centred, and the gaps in it are "
        "why random codes decode badly."
    )

    def __init__(self, config: AutoencoderConfig, data: ImageDataset, context: Context) -> None:
        super().__init__(config, data, context)
        self._model = self.build(config, data.info).to(context.device)
        self._model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing from torch's stubs
        self._optimizer = keras.adam(self._model.parameters(), config.learning_rate)
        self._batches = ImageBatches(data.train, config.batch_size, context.seed, context.device)

    @classmethod
    def build(cls, config: AutoencoderConfig, info: ImageInfo) -> Autoencoder:
        return keras.initialized(cls.network(config, info))

    def model(self) -> Autoencoder:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return self._batches.per_epoch

    @property
    def samples_per_step(self) -> int:
        return self._batches.batch_size

    def step(self) -> Metrics:
        images, _ = self._batches.next()
        self._model.train()
        self._optimizer.zero_grad(set_to_none=True)
        with self.context.autocast():
            losses = self._losses(images, self.context.generator)
        torch.autograd.backward(losses["total"])
        self._optimizer.step()
        return losses

    def _losses(self, images: Tensor, generator: torch.Generator) -> dict[str, Tensor]:  # noqa: ARG002 (for the VAE)
        logits = self._model.decoder(self._model.encode(images))
        reconstruction = self._reconstruction_loss(logits, images)
        return {"total": reconstruction, "reconstruction": reconstruction}

    def _reconstruction_loss(self, logits: Tensor, images: Tensor) -> Tensor:
        """Mean over pixels and pictures, times the factor. The printed text says RMSE; its listing takes no root."""
        if self.config.loss == "bce":
            error = functional.binary_cross_entropy_with_logits(logits.float(), images)
        else:
            error = functional.mse_loss(torch.sigmoid(logits.float()), images)
        return self.config.reconstruction_factor * error

    @torch.inference_mode()
    def validate(self) -> Metrics:
        """Average the losses over all held-out pictures, with fixed noise."""
        self._model.eval()
        generator = self.context.fixed_generator(purpose=1)
        sums: dict[str, Tensor] = {}
        images = self.data.test.images
        for start in range(0, len(images), _VALIDATION_BATCH):
            batch = to_tensor(images[start : start + _VALIDATION_BATCH], self.context.device)
            for name, loss in self._losses(batch, generator).items():
                sums[name] = sums.get(name, torch.zeros((), device=self.context.device)) + loss * len(batch)
        return {name: total / len(images) for name, total in sums.items()}

    @torch.inference_mode()
    def previews(self) -> Iterator[Preview]:
        self._model.eval()
        test = self.data.test
        chosen = np.linspace(0, len(test) - 1, min(_SHOWN, len(test))).astype(np.int64)
        originals = np.asarray(test.images[chosen])
        copies = to_images(self._model.reconstruct(to_tensor(originals, self.context.device)))
        yield ImagePreview(
            "reconstructions",
            "Reconstructions",
            np.concatenate([originals, copies]),
            columns=len(chosen),
            row_titles=("Original", "Copy"),
            description=_RECONSTRUCTIONS,
        )
        codes = self._model.encode(to_tensor(test.images[:_CODES], self.context.device))
        self._model.remember_box(codes)
        yield self._sample_preview()
        if self.config.latent_size == 2:
            yield self._manifold_preview()
        if self.config.latent_size >= 2:
            points = codes[:, :2].float().cpu().numpy()
            labels = np.asarray(test.labels[:_CODES])
            yield ScatterPreview("codes", "Codes", points, labels, self.data.info.classes, self.codes_text)

    def _sample_preview(self) -> ImagePreview:
        pictures = self._model.sample(_SAMPLES, self.context.fixed_generator(purpose=2))
        return ImagePreview("samples", "Samples", to_images(pictures), columns=9, description=self.samples_text)

    def _manifold_preview(self) -> ImagePreview:
        grid = self._manifold_codes().to(self.context.device)
        pictures = to_images(self._model.decode(grid))
        return ImagePreview("manifold", "Latent plane", pictures, columns=_MANIFOLD, description=self.manifold_text)

    def _manifold_codes(self) -> Tensor:
        """Return codes (225, 2) row by row from the top left: an even lattice over the box of the codes."""
        low, high = self._model.lowest.cpu(), self._model.highest.cpu()
        across = torch.linspace(float(low[0]), float(high[0]), _MANIFOLD)
        down = torch.linspace(float(high[1]), float(low[1]), _MANIFOLD)
        return torch.cartesian_prod(down, across).flip(1)

    def state(self) -> State:
        return {"optimizer": self._optimizer.state_dict(), "batches": self._batches.state()}

    def load_state(self, state: State) -> None:
        load_optimizer(self._optimizer, state["optimizer"])
        self._batches.load_state(state["batches"])


class VariationalAutoencoderRecipe(AutoencoderRecipe):
    """Learns to copy pictures while its codes stay close to a normal distribution, so that any such code decodes."""

    Config: ClassVar[type[ConfigModel]] = VariationalAutoencoderConfig
    metrics: ClassVar[tuple[MetricSpec, ...]] = (TOTAL, RECONSTRUCTION, KL)
    network: ClassVar[type[Autoencoder]] = VariationalAutoencoder
    samples_text: ClassVar[str] = (
        "Pictures decoded from codes drawn at random from the standard normal distribution; the same codes at every "
        "step, so that you see the model learn. Nearly all should look like the data; soft edges are usual."
    )
    manifold_text: ClassVar[str] = (
        "The latent plane from the 1st to the 99th percentile of the normal distribution, each point decoded, so that "
        "every tile stands for an equal share of the samples. Neighbours should change into each other without a break."
    )
    codes_text: ClassVar[str] = (
        _CODES_OF + "The cloud should be round, centred on the origin and mostly within 3 of it, like a normal "
        "distribution; much wider, and the reconstruction factor is too large."
    )

    def health_checks(self) -> tuple[HealthCheck, ...]:
        return (PosteriorCollapse(self.config),)

    def _losses(self, images: Tensor, generator: torch.Generator) -> dict[str, Tensor]:
        model: Any = self._model
        mu, log_var = (head.float() for head in model.distribution(images))
        logits = model.decoder(draw(mu, log_var, generator))
        reconstruction = self._reconstruction_loss(logits, images)
        kl = kl_divergence(mu, log_var)
        return {"total": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}

    def _manifold_codes(self) -> Tensor:
        """Return codes (225, 2) at the normal quantiles 0.01 to 0.99, so that each tile stands for the same share."""
        normal = NormalDist()
        quantiles = torch.tensor([normal.inv_cdf(p) for p in np.linspace(0.01, 0.99, _MANIFOLD).tolist()])
        return torch.cartesian_prod(quantiles.flip(0), quantiles).flip(1)
