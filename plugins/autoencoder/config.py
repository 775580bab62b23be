"""What can be set in the family: the layers of its networks and how they are trained.

The defaults are the book's: Foster, Generative Deep Learning (1st edition), chapter 3, and the notebooks beside it.
"""

from typing import Any, Literal, TypeVar

from pydantic import field_validator

from gendesk.config import ConfigModel, setting

# Settings that several configs of the family have, each with a default of its own.


def latent_size_setting(default: int) -> Any:
    """How many numbers describe a picture."""
    return setting(
        default,
        "Latent size",
        "How many numbers describe a picture. 2 can be seen as a plane; more gives sharper pictures.",
        group="Model",
        ge=1,
        le=1024,
    )


def batch_norm_setting(default: bool) -> Any:
    """Whether layers are normalised over the batch."""
    return setting(
        default,
        "Batch normalisation",
        "Normalise every layer over the batch: steadier, quicker learning.",
        group="Model",
    )


def dropout_setting(default: float) -> Any:
    """The share of values set to zero."""
    return setting(
        default,
        "Dropout",
        "Share of values set to zero in every layer during training; it hinders learning by heart.",
        group="Model",
        ge=0,
        le=0.9,
    )


def kl_factor_setting(default: float) -> Any:
    """The weight of the reconstruction loss against a KL divergence."""
    return setting(
        default,
        "Reconstruction factor",
        "Weight of the reconstruction loss against the KL divergence. Too large, and samples get malformed; too small, "
        "and pictures get blurred. For other picture sizes keep factor / (height x width x channels) about the same.",
        group="Training",
        ge=0.000001,
        le=10_000_000,
    )


class ConvLayer(ConfigModel):
    """One convolution of an encoder, or transposed convolution of a decoder."""

    filters: int = setting(32, "Filters", "How many feature maps the layer makes.", group="Model", ge=1, le=1024)
    kernel: int = setting(3, "Kernel", "Side of the window, an odd number.", group="Model", unit="px", ge=1, le=11)
    stride: int = setting(
        1, "Stride", "2 halves the picture in an encoder and doubles it in a decoder.", group="Model", ge=1, le=4
    )

    @field_validator("kernel")
    @classmethod
    def _odd(cls, kernel: int) -> int:
        if kernel % 2 == 0:
            raise ValueError("A kernel has a middle, so give an odd number")
        return kernel


class DecoderLayer(ConvLayer):
    """One layer of a decoder: a transposed convolution, or pixels repeated and an ordinary convolution after it."""

    upsampling: bool = setting(
        False,
        "Repeat",
        "Repeat every pixel as often as the stride says, then convolve, in place of a transposed convolution: no "
        "checkerboard, slower.",
        group="Model",
    )


LayerT = TypeVar("LayerT", bound=ConvLayer)


def strided(kind: type[LayerT], *filters: int) -> tuple[LayerT, ...]:
    """Return a layer of 3x3 pixels with a stride of 2 for each number of filters."""
    return tuple(kind(filters=count, kernel=3, stride=2) for count in filters)


class TrainingConfig(ConfigModel):
    """How all autoencoders of the family are trained."""

    loss: Literal["mse", "bce"] = setting(
        "mse",
        "Reconstruction loss",
        "mse: mean squared error of the pixels. bce: binary cross-entropy, which punishes confident mistakes harder.",
        group="Training",
    )
    reduction: Literal["mean", "sum"] = setting(
        "mean",
        "Error of a picture",
        "mean: of its pixels, so that a reconstruction factor has to make it count against a KL divergence. sum: over "
        "its pixels, which is what theory asks for, with a factor of 1.",
        group="Training",
    )
    reconstruction_factor: float = setting(
        1.0,
        "Reconstruction factor",
        "Weight of the reconstruction loss.",
        group="Training",
        ge=0.000001,
        le=10_000_000,
    )
    batch_size: int = setting(
        32, "Batch size", "Pictures per step. More is steadier and needs more memory.", group="Training", ge=1, le=4096
    )
    learning_rate: float = setting(
        0.0005,
        "Learning rate",
        "Size of a step (Adam). Too large makes the loss leap, too small makes learning slow.",
        group="Training",
        ge=0.0000001,
        le=1,
    )


class VariationalConfig(ConfigModel):
    """How strongly codes are drawn towards N(0, I): what every variational autoencoder offers."""

    beta: float = setting(
        1.0,
        "KL weight",
        "Weight of the KL divergence (beta). Above 1, numbers of the code describe things one by one and pictures get "
        "softer; below 1, copies get sharper and random codes decode worse.",
        group="Training",
        ge=0,
        le=10_000,
    )
    warm_up: float = setting(
        0.0,
        "KL warm-up",
        "Epochs over which the KL weight grows from 0 to its full value, so that the code is of use to the decoder "
        "before it is drawn towards noise.",
        group="Training",
        unit="epochs",
        ge=0,
        le=10_000,
    )
    free_bits: float = setting(
        0.0,
        "Free nats",
        "What each number of the code may carry at no cost, in nats (known as free bits). It keeps numbers in use that "
        "the KL divergence would otherwise silence.",
        group="Training",
        unit="nats",
        ge=0,
        le=100,
    )


class AutoencoderConfig(TrainingConfig):
    """Defaults: the book's digits network. `filters` of the decoder's last layer follow the colours of the data."""

    encoder: tuple[ConvLayer, ...] = setting(
        (
            ConvLayer(filters=32, kernel=3, stride=1),
            ConvLayer(filters=64, kernel=3, stride=2),
            ConvLayer(filters=64, kernel=3, stride=2),
            ConvLayer(filters=64, kernel=3, stride=1),
        ),
        "Encoder",
        "Convolutions from the picture down to the latent code. More and wider layers see more, and take longer.",
        group="Model",
        ge=1,
        le=12,
    )
    decoder: tuple[DecoderLayer, ...] = setting(
        (
            DecoderLayer(filters=64, kernel=3, stride=1),
            DecoderLayer(filters=64, kernel=3, stride=2),
            DecoderLayer(filters=32, kernel=3, stride=2),
            DecoderLayer(filters=1, kernel=3, stride=1),
        ),
        "Decoder",
        "Layers from the latent code up to the picture: transposed convolutions, or convolutions of upsampled pixels. "
        "The last one makes the picture: its filters are always the colour channels of the data.",
        group="Model",
        ge=1,
        le=12,
    )
    latent_size: int = latent_size_setting(2)
    dense: int = setting(
        0,
        "Dense layer",
        "Units of a hidden layer on both sides of the latent code; 0, as in the book, has none. A hidden layer bends "
        "the latent plane, which draws clearer pictures with fewer steps.",
        group="Model",
        ge=0,
        le=8192,
    )
    batch_norm: bool = batch_norm_setting(False)
    dropout: float = dropout_setting(0.0)

    @field_validator("decoder")
    @classmethod
    def _no_gaps(cls, layers: tuple[DecoderLayer, ...]) -> tuple[DecoderLayer, ...]:
        for number, layer in enumerate(layers, 1):
            if layer.kernel < layer.stride and not layer.upsampling:
                raise ValueError(
                    f"The kernel of layer {number} is smaller than its stride, which leaves gaps in the picture; "
                    f"make it {layer.stride} or more"
                )
        return layers


class VariationalAutoencoderConfig(AutoencoderConfig, VariationalConfig):
    """Defaults: the book's digits network, whose mean error counts a thousandfold against the KL divergence."""

    reconstruction_factor: float = kl_factor_setting(1000.0)
