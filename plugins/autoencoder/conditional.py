"""The conditional variational autoencoder (Deep Learning Cookbook, Osinga, O'Reilly 2018, section 13.6).

The class is handed to encoder and decoder, so that the code is left with the style, and a person can ask for a class.
"""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
import torch
from torch import Generator, Tensor
from torch.nn import functional

from gendesk.config import ConfigModel
from gendesk.data.dataset import ImageInfo
from gendesk.engine.batches import to_images, to_tensor
from gendesk.engine.preview import ImagePreview, Preview
from gendesk.errors import InputError

from . import previews
from .dense import DenseConfig, DenseDecoder, DenseEncoder
from .models import Autoencoder, VariationalAutoencoder
from .objective import kl_by_dimension
from .training import VariationalRecipe

_CODES, _SHOWN, _SIDE = 1000, 8, 10
_REACH = 1.5
_CORNERS = (3, 0, 8, 9)
_STYLES = (
    "Every class in a column of its own. From row to row only the last number of the code changes, from -1.5 to 1.5: "
    "what it means, such as the slant, should be the same for all classes."
)
_BLEND = (
    "Four classes in the corners, and between them mixtures: the share of each class changes, the code stays zero. The "
    "shapes between the corners belong to no class, and have never been seen."
)
_SAMPLES_TEXT = (
    "Random codes for every class, a column each: the same code in every row. A class that comes out as another one "
    "has not been learnt yet."
)
_CODES_TEXT = (
    "Each point is the code of a held-out picture, coloured by its class. Because the class is known to the decoder, "
    "the code need not tell it: all colours should lie on top of each other, around the origin."
)


class ConditionalAutoencoder(VariationalAutoencoder):
    """Encoder and decoder that are told the shares of all classes, (batch, classes), beside picture and code."""

    encoder: DenseEncoder
    decoder: DenseDecoder

    def __init__(self, config: DenseConfig, info: ImageInfo) -> None:
        count = len(info.classes)
        super().__init__(DenseEncoder(config, info, count), DenseDecoder(config, info, count), config.latent_size)
        self.classes = info.classes

    def shares(self, labels: Tensor) -> Tensor:
        """Turn labels (batch,) into shares (batch, classes); a picture without a class, -1, belongs a little to all."""
        known = functional.one_hot(labels.clamp(min=0), len(self.classes)).float()
        return torch.where(labels[:, None] >= 0, known, self.all_alike(len(labels)))

    def all_alike(self, count: int) -> Tensor:
        """Return the same share of every class, (count, classes)."""
        classes = len(self.classes)
        return torch.full((count, classes), 1 / classes, device=self.lowest.device)

    def distribution_given(self, images: Tensor, shares: Tensor) -> tuple[Tensor, Tensor]:
        """Return `mu` and `log_var`, (batch, latent_size) each."""
        mu, log_var = self.encoder(images, shares)
        return mu, log_var

    def logits_given(self, codes: Tensor, shares: Tensor) -> Tensor:
        logits: Tensor = self.decoder(torch.cat([codes, shares], 1))
        return logits

    def distribution(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Return `mu` and `log_var` for pictures whose classes nobody knows."""
        return self.distribution_given(images, self.all_alike(images.shape[0]))

    def encode(self, images: Tensor) -> Tensor:
        return self.distribution(images)[0]

    def decode(self, codes: Tensor) -> Tensor:
        return self.decode_classes(codes, self.all_alike(codes.shape[0]))

    def decode_classes(self, codes: Tensor, shares: Tensor) -> Tensor:
        return torch.sigmoid(self.logits_given(codes, shares))

    def sample(self, count: int, generator: Generator) -> Tensor:
        """Draw pictures of classes in turn, from random codes."""
        labels = torch.arange(count, device=self.lowest.device) % len(self.classes)
        return self.decode_classes(self.random_codes(count, generator), self.shares(labels))


class ConditionalRecipe(VariationalRecipe[DenseConfig]):
    """Learns to copy pictures of which it is told the class."""

    Config: ClassVar[type[ConfigModel]] = DenseConfig
    codes_text: ClassVar[str] = _CODES_TEXT

    @classmethod
    def networks(cls, config: DenseConfig, info: ImageInfo) -> Autoencoder:
        if len(info.classes) < 2:
            raise InputError(f"{info.title} cannot be used here: the class of every picture must be known.")
        return ConditionalAutoencoder(config, info)

    @property
    def _conditional(self) -> ConditionalAutoencoder:
        assert isinstance(self._model, ConditionalAutoencoder)
        return self._model

    def distribution(self, images: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        return self._conditional.distribution_given(images, self._conditional.shares(labels))

    def logits(self, codes: Tensor, labels: Tensor) -> Tensor:
        return self._conditional.logits_given(codes, self._conditional.shares(labels))

    def _copies(self) -> ImagePreview:
        test = self.data.test
        chosen = np.linspace(0, len(test) - 1, min(_SHOWN, len(test))).astype(np.int64)
        originals = np.array(test.images[chosen])
        labels = self._labels(chosen)
        mu, _ = self.distribution(to_tensor(originals, self.context.device), labels)
        copies = to_images(torch.sigmoid(self.logits(mu, labels)))
        rows = (("Original", originals), ("Copy", copies))
        return previews.rows_of_pictures("reconstructions", "Reconstructions", rows, previews.RECONSTRUCTIONS)

    def _held_out_codes(self) -> Tensor:
        first = np.arange(min(_CODES, len(self.data.test)))
        images = to_tensor(self.data.test.images[: len(first)], self.context.device)
        return self.distribution(images, self._labels(first))[0]

    def _labels(self, chosen: np.ndarray) -> Tensor:
        return torch.from_numpy(np.array(self.data.test.labels[chosen])).to(self.context.device)

    def _samples(self) -> ImagePreview:
        model, count = self._conditional, min(_SIDE, len(self._conditional.classes))
        codes = model.random_codes(4, self.context.fixed_generator(purpose=2)).repeat_interleave(count, 0)
        pictures = model.decode_classes(codes, self._each_class(count).repeat(4, 1))
        return previews.sheet("samples", "Samples", pictures, count, _SAMPLES_TEXT)

    def _each_class(self, count: int) -> Tensor:
        return self._conditional.shares(torch.arange(count, device=self.context.device))

    def _planes(self, codes: Tensor) -> Iterator[Preview]:
        model, device = self._conditional, self.context.device
        count = min(_SIDE, len(model.classes))
        styles = torch.zeros(_SIDE * count, model.latent_size, device=device)
        styles[:, -1] = torch.linspace(-_REACH, _REACH, _SIDE, device=device).repeat_interleave(count)
        sheet = model.decode_classes(styles, self._each_class(count).repeat(_SIDE, 1))
        yield previews.sheet("styles", "Classes and style", sheet, count, _STYLES)
        blend = model.decode_classes(torch.zeros(_SIDE**2, model.latent_size, device=device), self._blended())
        yield previews.sheet("blend", "Blend of four", blend, _SIDE, _BLEND)
        if model.latent_size >= 2:
            yield previews.code_scatter(codes, self.data.test, model.classes, self.codes_text)
            first = np.arange(len(codes))
            images = to_tensor(self.data.test.images[: len(first)], device)
            heads = self.distribution(images, self._labels(first))
            yield previews.kl_bars(kl_by_dimension(*(head.float() for head in heads)))

    def _blended(self) -> Tensor:
        """Return the shares of all classes (100, classes), bilinear between four classes in the corners."""
        classes = len(self._conditional.classes)
        across = torch.linspace(0, 1, _SIDE)
        down, right = (axis.flatten() for axis in torch.meshgrid(across, across, indexing="ij"))
        weights = ((1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right)
        shares = torch.zeros(_SIDE**2, classes)
        for corner, weight in zip(_CORNERS, weights, strict=True):
            shares[:, corner % classes] += weight
        return shares.to(self.context.device)
