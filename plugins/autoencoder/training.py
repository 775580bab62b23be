"""How the recipes of the family are trained: everything but the networks, which each recipe brings."""

from collections.abc import Iterator
from typing import Any, ClassVar, Generic, TypeVar

import torch
from torch import Tensor

from gendesk.config import ConfigModel
from gendesk.data.dataset import DatasetKind, ImageDataset, ImageInfo
from gendesk.engine.batches import ImageBatches, to_images, to_tensor
from gendesk.engine.health import HealthCheck
from gendesk.engine.preview import ImagePreview, Preview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, Recipe, State
from gendesk.nn import keras
from gendesk.nn.optimizers import load_optimizer

from . import previews
from .collapse import ACTIVE_NATS, PosteriorCollapse
from .config import TrainingConfig
from .models import Autoencoder, VariationalAutoencoder
from .objective import draw, kl_by_dimension, kl_term, reconstruction_loss

_SHOWN, _SAMPLES, _CODES = 8, 36, 1000
_VALIDATION_BATCH = 250

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
    "How far pictures are from their copies: the error of a picture, times the reconstruction factor.",
    "Loss",
)
KL_TERM = MetricSpec(
    "kl_term",
    "KL term",
    "What the KL divergence adds to the total: with its weight, its warm-up and its free nats.",
    "Loss",
)
KL = MetricSpec(
    "kl",
    "KL",
    "How far the codes of a picture are from the standard normal distribution, in nats. It rises while the code learns "
    "to tell pictures apart, then settles; close to zero the decoder takes no notice of the code.",
    "KL divergence",
)
ACTIVE = MetricSpec(
    "active",
    "Active numbers",
    f"How many numbers of the code carry more than {ACTIVE_NATS:g} nats. The others are noise to the decoder.",
    "Active numbers",
    "max",
)
_CODES_OF = "Each point is the code of a held-out picture, coloured by its class, which the model was never told. "
AnyTraining = TypeVar("AnyTraining", bound=TrainingConfig)


class AutoencoderRecipe(Recipe[AnyTraining, ImageDataset], Generic[AnyTraining]):
    """Learns to copy pictures through a narrow code; the networks come from `networks`."""

    Config: ClassVar[type[ConfigModel]]
    accepts: ClassVar[DatasetKind] = DatasetKind.IMAGES
    metrics: ClassVar[tuple[MetricSpec, ...]] = (TOTAL, RECONSTRUCTION)
    best: ClassVar[str] = "total"
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

    def __init__(self, config: AnyTraining, data: ImageDataset, context: Context) -> None:
        super().__init__(config, data, context)
        self._model = self.build(config, data.info).to(context.device)
        self._model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # missing from torch's stubs
        self._optimizer = self.optimizer()
        self._batches = ImageBatches(data.train, config.batch_size, context.seed, context.device)
        self._steps = 0

    @classmethod
    def networks(cls, config: AnyTraining, info: ImageInfo) -> Autoencoder:
        """Make encoder and decoder; raises InputError if the config does not suit the data."""
        raise NotImplementedError

    @classmethod
    def build(cls, config: AnyTraining, info: ImageInfo) -> Autoencoder:
        return keras.initialized(cls.networks(config, info))

    def optimizer(self) -> torch.optim.Optimizer:
        """Return what makes the steps: the books' Adam, unless a recipe wants another."""
        return keras.adam(self._model.parameters(), self.config.learning_rate)

    def model(self) -> Autoencoder:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return self._batches.per_epoch

    @property
    def samples_per_step(self) -> int:
        return self._batches.batch_size

    def step(self) -> Metrics:
        images, labels = self._batches.next()
        self._model.train()
        self._optimizer.zero_grad(set_to_none=True)
        with self.context.autocast():
            losses = self.losses(images, labels, self.context.generator, self._steps / self.steps_per_epoch)
        torch.autograd.backward(losses["total"])
        self._optimizer.step()
        self._steps += 1
        return losses

    def losses(self, images: Tensor, labels: Tensor, generator: torch.Generator, epochs: float) -> dict[str, Tensor]:  # noqa: ARG002 (for others)
        """Return "total", which is made small, and its parts, averaged over a batch, after `epochs` of training."""
        reconstruction = reconstruction_loss(self._model.decoder(self._model.encode(images)), images, self.config)
        return {"total": reconstruction, "reconstruction": reconstruction}

    @torch.inference_mode()
    def validate(self) -> Metrics:
        """Average the losses over all held-out pictures, with fixed noise and everything warmed up."""
        self._model.eval()
        generator = self.context.fixed_generator(purpose=1)
        sums: dict[str, Tensor] = {}
        test = self.data.test
        for start in range(0, len(test), _VALIDATION_BATCH):
            images = to_tensor(test.images[start : start + _VALIDATION_BATCH], self.context.device)
            labels = torch.from_numpy(test.labels[start : start + _VALIDATION_BATCH].copy()).to(self.context.device)
            for name, loss in self.losses(images, labels, generator, float("inf")).items():
                sums[name] = sums.get(name, torch.zeros((), device=self.context.device)) + loss * len(images)
        return {name: total / len(test) for name, total in sums.items()}

    # What it shows

    @torch.inference_mode()
    def previews(self) -> Iterator[Preview]:
        self._model.eval()
        yield self._copies()
        codes = self._held_out_codes()
        self._model.remember_box(codes)
        yield self._samples()
        yield from self._planes(codes)

    def _copies(self) -> ImagePreview:
        originals = previews.chosen_pictures(self.data.test, _SHOWN)
        copies = to_images(self._model.reconstruct(to_tensor(originals, self.context.device)))
        rows = (("Original", originals), ("Copy", copies))
        return previews.rows_of_pictures("reconstructions", "Reconstructions", rows, previews.RECONSTRUCTIONS)

    def _held_out_codes(self) -> Tensor:
        return self._model.encode(to_tensor(self.data.test.images[:_CODES], self.context.device))

    def _samples(self) -> ImagePreview:
        pictures = self._model.sample(_SAMPLES, self.context.fixed_generator(purpose=2))
        return previews.sheet("samples", "Samples", pictures, 9, self.samples_text)

    def _planes(self, codes: Tensor) -> Iterator[Preview]:
        """Show the latent plane of a code of two numbers, and the codes (count, latent_size) in their first two."""
        if self._model.latent_size == 2:
            pictures = self._model.decode(self.manifold_codes().to(self.context.device))
            side = round(len(pictures) ** 0.5)
            yield previews.sheet("manifold", "Latent plane", pictures, side, self.manifold_text)
        if self._model.latent_size >= 2:
            yield previews.code_scatter(codes, self.data.test, self.data.info.classes, self.codes_text)

    def manifold_codes(self) -> Tensor:
        """Return codes of a square, row by row from the top left: an even lattice over the box of the codes."""
        return previews.lattice(self._model.lowest.tolist(), self._model.highest.tolist())

    def state(self) -> State:
        return {"optimizer": self._optimizer.state_dict(), "batches": self._batches.state(), "steps": self._steps}

    def load_state(self, state: State) -> None:
        load_optimizer(self._optimizer, state["optimizer"])
        self._batches.load_state(state["batches"])
        self._steps = int(state["steps"])


class VariationalRecipe(AutoencoderRecipe[AnyTraining], Generic[AnyTraining]):
    """Learns to copy pictures while its codes stay close to a normal distribution, so that any such code decodes.

    Its config is a TrainingConfig and a VariationalConfig in one.
    """

    metrics: ClassVar[tuple[MetricSpec, ...]] = (TOTAL, RECONSTRUCTION, KL_TERM, KL, ACTIVE)
    outermost_quantile: ClassVar[float] = 0.01
    """Of the lattice on the latent plane; the last one is 1 minus it."""
    samples_text: ClassVar[str] = (
        "Pictures decoded from codes drawn at random from the standard normal distribution; the same codes at every "
        "step, so that you see the model learn. Nearly all should look like the data; soft edges are usual."
    )
    manifold_text: ClassVar[str] = (
        "The latent plane over the middle of the normal distribution, each point decoded, at even steps of "
        "probability: every tile stands for an equal share of the samples. Neighbours should change into each other "
        "without a break."
    )
    codes_text: ClassVar[str] = (
        _CODES_OF + "The cloud should be round, centred on the origin and mostly within 3 of it, like a normal "
        "distribution; much wider, and the reconstruction factor is too large."
    )

    def health_checks(self) -> tuple[HealthCheck, ...]:
        config: Any = self.config
        warm_up = round(config.warm_up * self.steps_per_epoch)
        return (PosteriorCollapse(config, self._model.latent_size, warm_up),)

    def losses(self, images: Tensor, labels: Tensor, generator: torch.Generator, epochs: float) -> dict[str, Tensor]:
        mu, log_var = (head.float() for head in self.distribution(images, labels))
        logits = self.logits(draw(mu, log_var, generator), labels)
        return self.summed(reconstruction_loss(logits, images, self.config), kl_by_dimension(mu, log_var), epochs)

    def distribution(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:  # noqa: ARG002 (for a conditional one)
        """Return `mu` and `log_var`, (batch, latent_size) each."""
        model = self._model
        assert isinstance(model, VariationalAutoencoder)
        return model.distribution(images)

    def logits(self, codes: Tensor, labels: Tensor) -> Tensor:  # noqa: ARG002 (for a conditional one)
        """Decode codes (batch, latent_size) to what a sigmoid makes pictures of."""
        logits: Tensor = self._model.decoder(codes)
        return logits

    def summed(self, reconstruction: Tensor, by_dimension: Tensor, epochs: float) -> dict[str, Tensor]:
        """Return the losses from the error of copies and the KL divergence of each dimension, (latent_size,)."""
        config: Any = self.config
        term = kl_term(by_dimension, config, epochs)
        active = (by_dimension > ACTIVE_NATS).float().sum()
        losses = {"total": reconstruction + term, "reconstruction": reconstruction, "kl_term": term}
        return {**losses, "kl": by_dimension.sum(), "active": active}

    def _planes(self, codes: Tensor) -> Iterator[Preview]:
        yield from super()._planes(codes)
        test = self.data.test
        if self._model.latent_size == 2:
            yield previews.p_value_scatter(previews.code_scatter(codes, test, self.data.info.classes, ""))
        images = to_tensor(test.images[:_CODES], self.context.device)
        labels = torch.from_numpy(test.labels[:_CODES].copy()).to(self.context.device)
        if self._model.latent_size > 1:
            yield previews.kl_bars(kl_by_dimension(*(head.float() for head in self.distribution(images, labels))))

    def manifold_codes(self) -> Tensor:
        """Return codes of a square at normal quantiles, so that each tile stands for the same share."""
        return previews.quantile_lattice(self.outermost_quantile)
