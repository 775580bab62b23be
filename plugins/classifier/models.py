"""The networks of the family: a trunk that makes features of a picture, and a linear head that tells the classes apart.

Architecture: Foster, Generative Deep Learning (1st edition), chapter 2, listing 2.2 and figures 2.13 and 2.17.
"""

from collections.abc import Callable, Iterator

from torch import Tensor, nn

from gendesk.data.dataset import ImageInfo
from gendesk.engine.recipe import Model
from gendesk.nn import keras

from .config import ClassifierConfig, CnnConfig, MlpConfig
from .targets import find_target

_ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "leaky-relu": keras.leaky_relu,
    "sigmoid": nn.Sigmoid,
}


class ImageClassifier(Model):
    """Tells classes of pictures apart.

    `trunk` holds all layers up to the features as named children in the order of the data's way, such as "conv1",
    "norm1", "activation1", "dropout1", "flatten", "dense1"; the number says which convolution or dense layer they
    belong to, counted through both. `head` is the last, linear layer. `image_shape` is (channels, height, width), and
    `target` what the config named: "" for the classes, "rotation", or an attribute.
    """

    def __init__(self, trunk: nn.Sequential, feature_size: int, target: str, info: ImageInfo) -> None:
        super().__init__()
        self.target = target
        self.classes = find_target(target, info).classes
        self.image_shape = info.item_shape
        self.feature_size = feature_size
        self.trunk = trunk
        self.head = nn.Linear(feature_size, len(self.classes))

    def features(self, images: Tensor) -> Tensor:
        """Turn images (batch, channels, height, width) in 0..1 into (batch, feature_size)."""
        features: Tensor = self.trunk(images)
        return features

    def classify(self, images: Tensor) -> Tensor:
        """Turn images (batch, channels, height, width) in 0..1 into logits (batch, classes)."""
        logits: Tensor = self.head(self.features(images))
        return logits

    def layers(self, images: Tensor) -> Iterator[tuple[str, Tensor]]:
        """Send images through, and give the name and output of every layer, the head's logits last."""
        values = images
        for name, layer in self.trunk.named_children():
            values = layer(values)
            yield name, values
        yield "head", self.head(values)


def _follow(trunk: nn.Sequential, norm: nn.Module, dropout: float, config: ClassifierConfig, number: int) -> None:
    """Put behind a layer what the book puts there: batch normalisation, activation, dropout."""
    bend = _ACTIVATIONS.get(config.activation)
    parts = [("norm", norm)] if config.batch_norm else []
    parts += [("activation", bend())] if bend else []
    if config.order == "activation-norm":
        parts.reverse()
    parts += [("dropout", nn.Dropout(dropout))] if dropout else []
    for name, part in parts:
        trunk.add_module(f"{name}{number}", part)


def _add_dense(trunk: nn.Sequential, size: int, config: MlpConfig | CnnConfig, number: int) -> int:
    """Append the dense layers, the first with this number, to what makes `size` values; return what they make."""
    for index, layer in enumerate(config.dense, 1):
        trunk.add_module(f"dense{index}", nn.Linear(size, layer.units))
        _follow(trunk, keras.dense_batch_norm(layer.units), config.dropout, config, number)
        size, number = layer.units, number + 1
    if not config.dense and config.dropout:
        trunk.add_module(f"dropout{number}", nn.Dropout(config.dropout))
    return size


def build_mlp(config: MlpConfig, info: ImageInfo) -> ImageClassifier:
    """Make the dense network: the pixels in a row, dense layers, the classes."""
    trunk = nn.Sequential()
    trunk.add_module("flatten", nn.Flatten())
    channels, height, width = info.item_shape
    size = _add_dense(trunk, channels * height * width, config, 1)
    return ImageClassifier(trunk, size, config.target, info)


def build_cnn(config: CnnConfig, info: ImageInfo) -> ImageClassifier:
    """Make the convolutional network: convolutions, pooling, dense layers, the classes."""
    trunk = nn.Sequential()
    channels, height, width = info.item_shape
    for number, layer in enumerate(config.convolutions, 1):
        trunk.add_module(f"conv{number}", keras.SameConv2d(channels, layer.filters, layer.kernel, layer.stride))
        _follow(trunk, keras.batch_norm(layer.filters), config.conv_dropout, config, number)
        channels, height, width = layer.filters, -(-height // layer.stride), -(-width // layer.stride)
    if config.pooling == "average":
        trunk.add_module("pool", nn.AdaptiveAvgPool2d(1))
        height = width = 1
    trunk.add_module("flatten", nn.Flatten())
    size = _add_dense(trunk, channels * height * width, config, len(config.convolutions) + 1)
    return ImageClassifier(trunk, size, config.target, info)
