"""Autoencoder and variational autoencoder on pictures of any size (Foster, chapter 3, listings 3.1 to 3.8)."""

from typing import ClassVar

from gendesk.config import ConfigModel
from gendesk.data.dataset import ImageInfo
from gendesk.engine.recipe import MetricSpec

from .checkerboard import CHECKERBOARD, MeteredRecipe
from .config import AutoencoderConfig, VariationalAutoencoderConfig
from .models import Autoencoder, VariationalAutoencoder, convolutional
from .training import VariationalRecipe


class ConvAutoencoderRecipe(MeteredRecipe[AutoencoderConfig]):
    """Convolutions down to a few numbers and up again."""

    Config: ClassVar[type[ConfigModel]] = AutoencoderConfig

    @classmethod
    def networks(cls, config: AutoencoderConfig, info: ImageInfo) -> Autoencoder:
        return Autoencoder(*convolutional(config, info, heads=1), config.latent_size)


class ConvVariationalRecipe(
    MeteredRecipe[VariationalAutoencoderConfig], VariationalRecipe[VariationalAutoencoderConfig]
):
    """The same with an encoder that answers with a Gaussian."""

    Config: ClassVar[type[ConfigModel]] = VariationalAutoencoderConfig
    metrics: ClassVar[tuple[MetricSpec, ...]] = (*VariationalRecipe.metrics, CHECKERBOARD)

    @classmethod
    def networks(cls, config: VariationalAutoencoderConfig, info: ImageInfo) -> Autoencoder:
        return VariationalAutoencoder(*convolutional(config, info, heads=2), config.latent_size)
