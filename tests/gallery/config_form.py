"""The form of a variational autoencoder, with some settings changed and one refused."""

from typing import Any, Literal

from PySide6.QtWidgets import QWidget

from gendesk.config import ConfigModel, field_specs, setting
from gendesk.widgets.form.config_form import ConfigForm


class ConvLayer(ConfigModel):
    filters: int = setting(32, "Filters", "Number of feature maps", group="", ge=1, le=1024)
    kernel: int = setting(3, "Kernel", "Side of the kernel", group="", unit="px", ge=1, le=15)
    stride: int = setting(1, "Stride", "Step between places", group="", ge=1, le=4)


def layers(*rows: tuple[int, int, int]) -> tuple[ConvLayer, ...]:
    return tuple(ConvLayer(filters=filters, kernel=kernel, stride=stride) for filters, kernel, stride in rows)


class VaeConfig(ConfigModel):
    encoder: tuple[ConvLayer, ...] = setting(
        layers((32, 3, 1), (64, 3, 2), (64, 3, 2), (64, 3, 1)),
        "Encoder layers",
        "Convolutions from the picture down to the latent space",
        group="Model",
        ge=1,
        le=8,
    )
    decoder: tuple[ConvLayer, ...] = setting(
        layers((64, 3, 1), (64, 3, 2), (32, 3, 2), (1, 3, 1)),
        "Decoder layers",
        "Transposed convolutions from the latent space up to the picture",
        group="Model",
        ge=1,
        le=8,
        advanced=True,
    )
    latent_size: int = setting(2, "Latent size", "Numbers that describe a picture", group="Model", ge=1, le=512)
    batch_norm: bool = setting(False, "Batch normalisation", "Normalise after each convolution", group="Model")
    dropout: float = setting(0.0, "Dropout", "Share of units left out in training", group="Model", ge=0, le=0.9)
    loss: Literal["rmse", "bce"] = setting("rmse", "Reconstruction loss", "How pictures are compared", group="Loss")
    r_loss_factor: float = setting(
        1000.0, "Reconstruction factor", "Weight of the reconstruction against the KL term", group="Loss", ge=0, le=1e6
    )
    kl_warmup: int = setting(
        0, "KL warm-up", "Steps over which the KL term grows", group="Loss", unit="steps", ge=0, advanced=True
    )
    learning_rate: float = setting(5e-4, "Learning rate", "Step size of Adam", group="Training", ge=1e-7, le=1)
    batch_size: int = setting(32, "Batch size", "Pictures per step", group="Training", ge=1, le=4096)
    epochs: int = setting(200, "Epochs", "Passes through the data", group="Training", ge=1, le=10_000)
    seed: int = setting(42, "Seed", "Start of all random numbers", group="Training", ge=0, le=2**63 - 1)
    device: Literal["auto", "cpu", "cuda"] = setting("auto", "Device", "Where to compute", group="Training")
    preview_every: float = setting(
        2.0, "Preview every", "Time between previews", group="Output", unit="s", ge=0.1, le=600
    )
    notes: str = setting("", "Notes", "Anything to remember about the run", group="Output")
    deterministic: bool = setting(
        True, "Exactly repeatable", "The same numbers on every run, a little slower", group="Output", advanced=True
    )


def build() -> QWidget:
    preset: dict[str, Any] = VaeConfig().model_dump()
    values = {**preset, "latent_size": 200, "loss": "bce", "dropout": 0.25}
    form = ConfigForm()
    form.resize(320, 760)
    form.set_fields(field_specs(VaeConfig), values, preset)
    form.set_error("batch_size", "The data set has only 24 pictures; choose a smaller batch.")
    return form
