"""The deep convolutional GAN of the frogs (Chollet with Allaire, Deep Learning with R, 1st edition, section 8.5)."""

from typing import ClassVar

from gendesk.config import ConfigModel, with_defaults

from .config import CriticLayer, GanConfig, GeneratorLayer
from .training import GanRecipe

DcganConfig = with_defaults(
    GanConfig,
    "DcganConfig",
    latent_size=32,
    first_filters=128,
    generator_layers=(
        GeneratorLayer(filters=256, kernel=5, stride=1),
        GeneratorLayer(filters=256, kernel=4, stride=2, upsampling=False),
        GeneratorLayer(filters=256, kernel=5, stride=1),
        GeneratorLayer(filters=256, kernel=5, stride=1),
        GeneratorLayer(filters=3, kernel=7, stride=1),
    ),
    generator_slope=0.3,
    generator_norm="none",
    critic_layers=(
        CriticLayer(filters=128, kernel=3, stride=1, padding="valid"),
        CriticLayer(filters=128, kernel=4, stride=2, padding="valid"),
        CriticLayer(filters=128, kernel=4, stride=2, padding="valid"),
        CriticLayer(filters=128, kernel=4, stride=2, padding="valid"),
    ),
    critic_slope=0.3,
    critic_dropout=0.0,
    last_dropout=0.4,
    updates="together",
    label_noise=0.05,
    inverted_labels=True,
    decay=0.00000001,
    gradient_clip=1.0,
    batch_size=20,
    weights="glorot",
)


class DcganRecipe(GanRecipe[GanConfig]):
    """Convolutions without batch normalisation, noisy labels, dropout at the end, gradients cut short."""

    Config: ClassVar[type[ConfigModel]] = DcganConfig
