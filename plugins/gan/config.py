"""What can be set in the family: generator, critic, and the game that they play.

One editor serves every recipe; a recipe is a set of defaults for it. Networks: Foster, Generative Deep Learning (1st
edition), chapter 4, and the notebooks beside it.
"""

from typing import Literal, Self

from pydantic import field_validator, model_validator

from gendesk.config import ConfigModel, setting

Objective = Literal["bce", "non-saturating", "least-squares", "hinge", "wasserstein"]
Regulariser = Literal["none", "clip", "gradient-penalty", "r1", "spectral-norm"]
CROSS_ENTROPY: tuple[Objective, ...] = ("bce", "non-saturating")


class CriticLayer(ConfigModel):
    """One convolution of a critic."""

    filters: int = setting(64, "Filters", "How many feature maps the layer makes.", group="Critic", ge=1, le=1024)
    kernel: int = setting(5, "Kernel", "Side of the window.", group="Critic", unit="px", ge=1, le=11)
    stride: int = setting(2, "Stride", "2 halves the picture.", group="Critic", ge=1, le=4)
    padding: Literal["same", "valid"] = setting(
        "same",
        "Border",
        "same: zeros around the picture, so that only the stride makes it smaller. valid: none, and it loses its rim.",
        group="Critic",
    )


class GeneratorLayer(ConfigModel):
    """One layer of a generator: pixels repeated and a convolution after it, or a transposed convolution."""

    filters: int = setting(64, "Filters", "How many feature maps the layer makes.", group="Generator", ge=1, le=1024)
    kernel: int = setting(5, "Kernel", "Side of the window.", group="Generator", unit="px", ge=1, le=11)
    stride: int = setting(2, "Stride", "2 doubles the picture.", group="Generator", ge=1, le=4)
    upsampling: bool = setting(
        True,
        "Repeat",
        "Repeat every pixel as often as the stride says, then convolve; off is a transposed convolution, which can "
        "leave a checkerboard where the kernel is no multiple of the stride.",
        group="Generator",
    )
    padding: Literal["same", "valid"] = setting(
        "same",
        "Border",
        "same: only the stride makes the picture larger. valid: a transposed convolution adds its rim.",
        group="Generator",
    )


def critic_layers(*filters: int, kernel: int = 5, last_stride: int = 2) -> tuple[CriticLayer, ...]:
    """Return layers with a stride of 2, the last with `last_stride`."""
    strides = [2] * (len(filters) - 1) + [last_stride]
    return tuple(CriticLayer(filters=f, kernel=kernel, stride=s) for f, s in zip(filters, strides, strict=True))


def generator_layers(
    *filters: int, kernel: int = 5, doubled: int | None = None, upsampling: bool = True
) -> tuple[GeneratorLayer, ...]:
    """Return layers of which the first `doubled` double the picture; all, if it is not given."""
    grown = len(filters) if doubled is None else doubled
    return tuple(
        GeneratorLayer(filters=count, kernel=kernel, stride=2 if at < grown else 1, upsampling=upsampling)
        for at, count in enumerate(filters)
    )


class GeneratorConfig(ConfigModel):
    """Defaults: the book's generator of drawings."""

    latent_size: int = setting(
        100, "Latent size", "How many random numbers a picture is made of.", group="Generator", ge=1, le=1024
    )
    latent: Literal["normal", "uniform"] = setting(
        "normal",
        "Latent numbers",
        "Where the random numbers come from. normal: N(0, 1). uniform: evenly from -1 to 1.",
        group="Generator",
        advanced=True,
    )
    first_filters: int = setting(
        64, "First filters", "Feature maps that the code becomes before the layers.", group="Generator", ge=1, le=1024
    )
    generator_layers: tuple[GeneratorLayer, ...] = setting(
        generator_layers(128, 64, 64, 1, doubled=2),
        "Generator",
        "Layers from the code up to the picture. The last one makes the picture: its filters are always the colour "
        "channels of the data. The size it begins with follows from the strides.",
        group="Generator",
        ge=1,
        le=12,
    )
    generator_slope: float = setting(
        0.0,
        "Slope below zero",
        "Of the activation of the generator: 0 is ReLU, more is LeakyReLU.",
        group="Generator",
        advanced=True,
        ge=0,
        le=0.99,
    )
    generator_norm: Literal["none", "before", "after"] = setting(
        "before",
        "Batch norm",
        "Batch normalisation in the generator: before or after the activation of every layer but the last; after it, "
        "the first map is left as it is.",
        group="Generator",
        advanced=True,
    )
    norm_momentum: float = setting(
        0.9,
        "Norm momentum",
        "How much of the old statistics batch normalisation keeps at every step.",
        group="Generator",
        advanced=True,
        ge=0,
        le=0.9999,
    )
    generator_dropout: float = setting(
        0.0,
        "Dropout",
        "Share of values set to zero in the generator; a remedy where it answers with nothing but noise.",
        group="Generator",
        advanced=True,
        ge=0,
        le=0.9,
    )

    @field_validator("generator_layers")
    @classmethod
    def _no_gaps(cls, layers: tuple[GeneratorLayer, ...]) -> tuple[GeneratorLayer, ...]:
        for number, layer in enumerate(layers, 1):
            if layer.upsampling and (layer.kernel % 2 == 0 or layer.padding == "valid"):
                raise ValueError(
                    f"Layer {number} of the generator repeats pixels; give it an odd kernel and the border same"
                )
            if not layer.upsampling and layer.kernel < layer.stride:
                raise ValueError(
                    f"The kernel of layer {number} of the generator is smaller than its stride, which leaves gaps in "
                    f"the picture; make it {layer.stride} or more"
                )
        return layers


class CriticConfig(ConfigModel):
    """Defaults: the book's discriminator of drawings."""

    critic_layers: tuple[CriticLayer, ...] = setting(
        critic_layers(64, 64, 128, 128, last_stride=1),
        "Critic",
        "Convolutions from the picture down to the score. A critic that is much stronger than the generator leaves it "
        "nothing to learn from, unless the objective is Wasserstein.",
        group="Critic",
        ge=1,
        le=12,
    )
    critic_slope: float = setting(
        0.0,
        "Slope below zero",
        "Of the activation of the critic: 0 is ReLU, more is LeakyReLU, through which more gradient comes.",
        group="Critic",
        advanced=True,
        ge=0,
        le=0.99,
    )
    critic_norm: bool = setting(
        False, "Batch norm", "Batch normalisation in the critic, but not in its first layer.", group="Critic"
    )
    critic_dropout: float = setting(
        0.4,
        "Dropout",
        "Share of values set to zero in every layer of the critic; it keeps the critic from becoming too sure.",
        group="Critic",
        ge=0,
        le=0.9,
    )
    last_dropout: float = setting(
        0.0,
        "Last dropout",
        "Share of the critic's last features set to zero.",
        group="Critic",
        advanced=True,
        ge=0,
        le=0.9,
    )


class GameConfig(ConfigModel):
    """Defaults: the book's first game, of a discriminator and a generator with cross-entropy."""

    objective: Objective = setting(
        "non-saturating",
        "Objective",
        "What is played for. bce: cross-entropy as first written; the generator wants the discriminator to be wrong, "
        "and learns little once it is sure. non-saturating: the same, but the generator wants its pictures called "
        "real, as in the books. least-squares: squared distance from 1 and 0. hinge: only what is not clearly judged "
        "counts. wasserstein: scores without bounds, whose difference is a distance.",
        group="Game",
    )
    regulariser: Regulariser = setting(
        "none",
        "Regulariser",
        "What keeps the critic gentle. clip: no weight beyond a bound. gradient-penalty: its score changes by about "
        "one per unit of distance, between real and generated pictures. r1: its score is flat around real pictures. "
        "spectral-norm: no layer can stretch anything.",
        group="Game",
    )
    clip: float = setting(
        0.01,
        "Clip",
        "Bound of the critic's weights (clip). Wide, nothing is held back; narrow, the critic can tell little apart.",
        group="Game",
        ge=0.0001,
        le=100,
    )
    penalty: float = setting(
        10.0,
        "Penalty weight",
        "Weight of the gradient penalty or of R1, where one is chosen.",
        group="Game",
        ge=0,
        le=10_000,
    )
    critic_steps: int = setting(
        1, "Critic steps", "Steps of the critic in every iteration.", group="Game", ge=1, le=100
    )
    generator_steps: int = setting(
        1,
        "Generator steps",
        "Steps of the generator in every iteration. More than the critic's provoke mode collapse.",
        group="Game",
        advanced=True,
        ge=1,
        le=100,
    )
    updates: Literal["separate", "together"] = setting(
        "separate",
        "Critic updates",
        "separate: a step of the critic on real pictures and one on generated ones. together: one step on both.",
        group="Game",
        advanced=True,
    )
    real_label: float = setting(
        1.0,
        "Label of real",
        "What cross-entropy asks for on real pictures. A little below 1 keeps the discriminator from being too sure.",
        group="Game",
        advanced=True,
        ge=0.5,
        le=1,
    )
    label_noise: float = setting(
        0.0,
        "Label noise",
        "Up to how much is added to the labels of cross-entropy at random; what leaves 0 to 1 is cut off.",
        group="Game",
        advanced=True,
        ge=0,
        le=1,
    )
    inverted_labels: bool = setting(
        False,
        "Inverted labels",
        "Real is 0 and generated 1, so that noise softens the verdict on real pictures in place of generated ones.",
        group="Game",
        advanced=True,
    )


class TrainingConfig(ConfigModel):
    """Defaults: the book's first pair of optimisers."""

    optimizer: Literal["adam", "rmsprop"] = setting(
        "rmsprop", "Optimiser", "What makes the steps of both networks.", group="Training"
    )
    critic_learning_rate: float = setting(
        0.0008, "Critic's learning rate", "Size of a step of the critic.", group="Training", ge=0.0000001, le=1
    )
    generator_learning_rate: float = setting(
        0.0004, "Generator's learning rate", "Size of a step of the generator.", group="Training", ge=0.0000001, le=1
    )
    beta1: float = setting(
        0.5,
        "Momentum",
        "How much of earlier gradients Adam keeps (beta1). Games want less of it than other trainings.",
        group="Training",
        advanced=True,
        ge=0,
        le=0.999,
    )
    decay: float = setting(
        0.0,
        "Decay",
        "Learning rates are divided by 1 + decay x steps.",
        group="Training",
        advanced=True,
        ge=0,
        le=1,
    )
    gradient_clip: float = setting(
        0.0,
        "Clip gradients",
        "No number of a gradient is let beyond this; 0 clips none.",
        group="Training",
        advanced=True,
        ge=0,
        le=1000,
    )
    batch_size: int = setting(
        64, "Batch size", "Real pictures per step, and as many generated ones.", group="Training", ge=1, le=4096
    )
    average: float = setting(
        0.0,
        "Average",
        "Samples come from a moving average of the generator that keeps this much at every step; 0 takes the generator "
        "as it is. Averages are calmer and nearly always look better.",
        group="Training",
        ge=0,
        le=0.99999,
    )
    weights: Literal["normal", "glorot", "glorot-normal"] = setting(
        "normal",
        "First weights",
        "normal: N(0, 0.02). glorot: evenly spread, as wide as the numbers of inputs and outputs ask for. "
        "glorot-normal: normally spread, as wide.",
        group="Training",
        advanced=True,
    )
    picture_range: Literal["-1 to 1", "0 to 1"] = setting(
        "-1 to 1",
        "Range of pictures",
        "What real pictures are scaled to; the generator ends in tanh, which goes from -1 to 1.",
        group="Training",
        advanced=True,
    )


class GanConfig(GameConfig, TrainingConfig, GeneratorConfig, CriticConfig):
    """All that can be set; combinations that make no sense are refused."""

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        for problem in _problems(self):
            raise ValueError(problem)
        return self


def _problems(config: GanConfig) -> list[str]:
    """Say what speaks against a config, one sentence each, without the full stop."""
    problems = []
    if config.objective == "wasserstein" and config.regulariser == "none":
        problems.append(
            "A Wasserstein critic without bounds says nothing about distances; choose clip, gradient-penalty or "
            "spectral-norm as the regulariser"
        )
    if config.critic_norm and config.regulariser in ("gradient-penalty", "r1"):
        problems.append(
            "Batch normalisation mixes the pictures of a batch, and the gradient penalty is about each alone; turn it "
            "off in the critic, or choose another regulariser"
        )
    if config.critic_norm and config.regulariser == "spectral-norm":
        problems.append(
            "Batch normalisation stretches again what spectral normalisation has bounded; turn it off in the critic, "
            "or choose another regulariser"
        )
    if config.critic_norm and config.updates == "together":
        problems.append(
            "Batch normalisation would tell real from generated pictures by what else is in the batch; set critic "
            "updates to separate, or turn it off in the critic"
        )
    labelled = config.label_noise > 0 or config.real_label < 1 or config.inverted_labels
    if labelled and config.objective not in CROSS_ENTROPY:
        problems.append(
            f"The objective {config.objective} has no labels; leave the label of real at 1, noise at 0 and inversion "
            "off, or choose bce or non-saturating"
        )
    if config.inverted_labels and config.label_noise == 0:
        problems.append("Inverted labels change nothing without label noise; add some, or turn inversion off")
    if config.updates == "separate" and config.regulariser == "gradient-penalty":
        problems.append("A gradient penalty lies between real and generated pictures; set critic updates to together")
    return problems
