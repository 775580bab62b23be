"""The variational autoencoder of faces (Foster, chapter 3, figures 3.15 to 3.20), for colour pictures of 64 or 128 px.

Pictures stay on disk and are read batch by batch, as the book's generator does.
"""

from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from torch import Tensor

from gendesk.config import ConfigModel, setting
from gendesk.engine.preview import BarChart, BarsPreview, ImagePreview, Preview

from . import previews
from .config import (
    ConvLayer,
    DecoderLayer,
    VariationalAutoencoderConfig,
    batch_norm_setting,
    dropout_setting,
    kl_factor_setting,
    strided,
)
from .recipes import ConvVariationalRecipe

_SAMPLES, _COLUMNS = 30, 10
_HISTOGRAMS, _BINS, _REACH = 50, 20, 4.0
_TEXT = (
    "How the first numbers of the code are spread over held-out pictures, beside the standard normal distribution that "
    "random codes are drawn from. Where the two differ, samples differ from real pictures; a lower reconstruction "
    "factor brings them together. A number that is always close to zero is not in use."
)


class FacesConfig(VariationalAutoencoderConfig):
    """Defaults: the book's network for faces of 128x128 pixels."""

    encoder: tuple[ConvLayer, ...] = setting(
        strided(ConvLayer, 32, 64, 64, 64),
        "Encoder",
        "Convolutions from the picture down to the latent code. More and wider layers see more, and take longer.",
        group="Model",
        ge=1,
        le=12,
    )
    decoder: tuple[DecoderLayer, ...] = setting(
        strided(DecoderLayer, 64, 64, 32, 3),
        "Decoder",
        "Layers from the latent code up to the picture: transposed convolutions, or convolutions of upsampled pixels. "
        "The last one makes the picture: its filters are always the colour channels of the data.",
        group="Model",
        ge=1,
        le=12,
    )
    latent_size: int = setting(
        200,
        "Latent size",
        "How many numbers describe a picture. More carry more detail, and more of them stay idle.",
        group="Model",
        ge=1,
        le=1024,
    )
    batch_norm: bool = batch_norm_setting(True)
    dropout: float = dropout_setting(0.25)
    reconstruction_factor: float = kl_factor_setting(10_000.0)


class FacesRecipe(ConvVariationalRecipe):
    """A code of many numbers for pictures in colour, and a look at how each of them is spread."""

    Config: ClassVar[type[ConfigModel]] = FacesConfig

    def _samples(self) -> ImagePreview:
        pictures = self._model.sample(_SAMPLES, self.context.fixed_generator(purpose=2))
        return previews.sheet("samples", "Samples", pictures, _COLUMNS, self.samples_text)

    def _planes(self, codes: Tensor) -> Iterator[Preview]:
        yield from super()._planes(codes)
        yield _histograms(codes)


def _histograms(codes: Tensor) -> BarsPreview:
    """Show the first 50 numbers of codes (count, latent_size) as shares of 20 bins, beside N(0, 1)."""
    edges = np.linspace(-_REACH, _REACH, _BINS + 1)
    normal = np.exp(-(((edges[1:] + edges[:-1]) / 2) ** 2) / 2)
    normal /= normal.sum()
    charts = []
    for number, values in enumerate(codes[:, :_HISTOGRAMS].float().cpu().numpy().T, 1):
        counts, _ = np.histogram(values.clip(-_REACH, _REACH), edges)
        shares = np.stack([counts / max(1, len(values)), normal]).astype(np.float32)
        charts.append(BarChart(f"z{number}", shares, (), ("Codes", "Normal"), -_REACH, _REACH))
    return BarsPreview("histograms", "Histograms of the code", tuple(charts), _TEXT)
