"""What can be set in the family: the layers of its networks, what they learn to tell apart, and how they are trained.

The defaults are the book's: Foster, Generative Deep Learning (1st edition), chapter 2, and the notebooks beside it.
"""

from typing import Any, Literal

from gendesk.config import ConfigModel, setting

Activation = Literal["relu", "leaky-relu", "sigmoid", "none"]


def _activation(default: Activation) -> Any:
    return setting(
        default,
        "Activation",
        "What bends the values behind every layer. relu cuts off what is below zero, leaky-relu lets 0.3 of it "
        "through, sigmoid squeezes all into 0 to 1, none leaves a network that can only draw straight borders.",
        group="Model",
    )


def _batch_norm(*, default: bool) -> Any:
    return setting(
        default,
        "Batch normalisation",
        "Normalise every layer over the batch: steadier, quicker learning.",
        group="Model",
    )


def _dropout(default: float) -> Any:
    return setting(
        default,
        "Dropout",
        "Share of values set to zero behind every dense layer during training, or behind the features if there is no "
        "dense layer; it hinders learning by heart.",
        group="Model",
        ge=0,
        le=0.9,
    )


class ConvLayer(ConfigModel):
    """One convolution with "same" padding."""

    filters: int = setting(32, "Filters", "How many feature maps the layer makes.", group="Model", ge=1, le=1024)
    kernel: int = setting(
        3, "Kernel", "Side of the window that a filter looks at.", group="Model", unit="px", ge=1, le=11
    )
    stride: int = setting(
        1, "Stride", "2 halves the height and width of what the layer makes.", group="Model", ge=1, le=4
    )


class DenseLayer(ConfigModel):
    """One layer in which every unit sees every value of the layer before."""

    units: int = setting(128, "Units", "How many values the layer makes.", group="Model", ge=1, le=8192)


class ClassifierConfig(ConfigModel):
    """What both networks share."""

    target: str = setting(
        "",
        "Learn",
        "What the network learns to tell: empty for the classes of the data; the name of an attribute, where the data "
        "have some; or rotation, which is to say which way up a picture has been turned and needs no classes at all. "
        "Data without classes are always learnt by rotation.",
        group="Model",
        max_length=100,
    )
    activation: Activation = _activation("relu")
    batch_norm: bool = _batch_norm(default=False)
    order: Literal["norm-activation", "activation-norm"] = setting(
        "norm-activation",
        "Order",
        "norm-activation: batch normalisation, activation, dropout, as in the book. activation-norm: the activation "
        "first. Without batch normalisation both are the same.",
        group="Model",
    )
    dropout: float = _dropout(0.0)
    batch_size: int = setting(
        32, "Batch size", "Pictures per step. More is steadier and needs more memory.", group="Training", ge=1, le=4096
    )
    learning_rate: float = setting(
        0.0005,
        "Learning rate",
        "Size of a step, at its largest. Too large makes the loss leap, too small makes learning slow.",
        group="Training",
        ge=0.0000001,
        le=10,
    )
    optimizer: Literal["adam", "sgd"] = setting(
        "adam",
        "Optimiser",
        "adam fits the size of the step to each weight. sgd takes the same for all, with Nesterov momentum of 0.9, and "
        "wants a learning rate some 20 to 100 times as large.",
        group="Training",
    )
    schedule: Literal["constant", "one-cycle"] = setting(
        "constant",
        "Schedule",
        "constant: the learning rate stays. one-cycle: it rises evenly over the first fifth of the plan and then falls "
        "along a cosine, to a thousandth at the plan's end, which is worth some points of accuracy.",
        group="Training",
    )
    schedule_epochs: float = setting(
        10.0,
        "Plan",
        "How many epochs the schedule is made for, usually the epochs of the run; afterwards the learning rate stays "
        "at its smallest. A constant learning rate has no plan.",
        group="Training",
        unit="epochs",
        ge=0.001,
        le=100_000,
    )
    weight_decay: float = setting(
        0.0,
        "Weight decay",
        "Pulls all weights towards zero: every step takes this share of them, times the learning rate. Biases and "
        "batch normalisation are spared.",
        group="Training",
        ge=0,
        le=100,
    )
    label_smoothing: float = setting(
        0.0,
        "Label smoothing",
        "Share of certainty that the right answer gives up to all classes alike; it keeps the network from being "
        "certain of everything, and raises the lowest loss that can be reached.",
        group="Training",
        ge=0,
        le=0.9,
    )
    augmentation: Literal["none", "flip", "crop-and-flip"] = setting(
        "none",
        "Augmentation",
        "Changes training pictures each time they are shown, so that there seem to be more. flip: mirrors half of "
        "them. crop-and-flip: also moves each by up to an eighth of its size. Do not mirror writing.",
        group="Training",
    )


class MlpConfig(ClassifierConfig):
    """Defaults: the book's dense network (listing 2.2)."""

    dense: tuple[DenseLayer, ...] = setting(
        (DenseLayer(units=200), DenseLayer(units=150)),
        "Dense layers",
        "Layers between the pixels and the classes. More and wider ones can learn more, also by heart.",
        group="Model",
        ge=1,
        le=12,
    )


class CnnConfig(ClassifierConfig):
    """Defaults: the book's convolutional network (figure 2.17)."""

    convolutions: tuple[ConvLayer, ...] = setting(
        (
            ConvLayer(filters=32, kernel=3, stride=1),
            ConvLayer(filters=32, kernel=3, stride=2),
            ConvLayer(filters=64, kernel=3, stride=1),
            ConvLayer(filters=64, kernel=3, stride=2),
        ),
        "Convolutions",
        "Layers that look at the picture through small windows. More and wider ones see more, and take longer.",
        group="Model",
        ge=1,
        le=24,
    )
    pooling: Literal["flatten", "average"] = setting(
        "flatten",
        "Pooling",
        "What becomes of the last maps. flatten: all their values, place by place. average: the mean of each map, "
        "which takes far fewer weights and does not mind where in the picture something is.",
        group="Model",
    )
    dense: tuple[DenseLayer, ...] = setting(
        (DenseLayer(units=128),),
        "Dense layers",
        "Layers between the pooled maps and the classes; there may be none.",
        group="Model",
        ge=0,
        le=12,
    )
    activation: Activation = _activation("leaky-relu")
    batch_norm: bool = _batch_norm(default=True)
    dropout: float = _dropout(0.5)
    conv_dropout: float = setting(
        0.0,
        "Dropout of maps",
        "Share of values set to zero behind every convolution during training; the book has none there.",
        group="Model",
        ge=0,
        le=0.9,
    )
