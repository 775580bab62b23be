"""The recipes whose networks are tables of convolutions; each is a set of defaults for the one editor."""

from typing import ClassVar

from gendesk.config import ConfigModel, with_defaults

from .config import GanConfig, critic_layers, generator_layers
from .training import GanRecipe

# Foster, Generative Deep Learning (1st edition), listings 4.6 to 4.8 and the second notebook of chapter 4.
WganConfig = with_defaults(
    GanConfig,
    "WganConfig",
    objective="wasserstein",
    regulariser="clip",
    critic_steps=5,
    critic_layers=critic_layers(32, 64, 128, 128, last_stride=1),
    critic_slope=0.2,
    critic_dropout=0.0,
    first_filters=128,
    generator_layers=generator_layers(128, 64, 32, 3, doubled=3),
    generator_slope=0.2,
    norm_momentum=0.8,
    critic_learning_rate=0.00005,
    generator_learning_rate=0.00005,
    batch_size=128,
)

# The same, listings 4.9 and 4.10 and the third notebook of chapter 4.
WganGpConfig = with_defaults(
    GanConfig,
    "WganGpConfig",
    objective="wasserstein",
    regulariser="gradient-penalty",
    updates="together",
    critic_steps=5,
    critic_layers=critic_layers(64, 128, 256, 512),
    critic_slope=0.2,
    critic_dropout=0.0,
    first_filters=512,
    generator_layers=generator_layers(256, 128, 64, 3, upsampling=False),
    generator_slope=0.2,
    norm_momentum=0.9,
    optimizer="adam",
    critic_learning_rate=0.0002,
    generator_learning_rate=0.0002,
    batch_size=64,
)


class DrawingsRecipe(GanRecipe[GanConfig]):
    """The book's first game: drawings, cross-entropy, a discriminator that is told real and generated apart."""


class WganRecipe(GanRecipe[GanConfig]):
    """A critic whose scores measure a distance, because its weights are cut short."""

    Config: ClassVar[type[ConfigModel]] = WganConfig


class WganGpRecipe(GanRecipe[GanConfig]):
    """A critic whose scores measure a distance, because their gradient is drawn towards 1."""

    Config: ClassVar[type[ConfigModel]] = WganGpConfig
