"""The layers of a trained classifier as rows of the calculator."""

from typing import Any

from torch import nn

from gendesk.errors import InputError

from .models import ImageClassifier
from .shapes import Layer, Shape


def layers_of(model: Any, _: object = None) -> tuple[Shape, tuple[Layer, ...]]:
    """Return the shape of a picture (height, width, channels) and the layers; raises InputError for other models."""
    if not isinstance(model, ImageClassifier):
        raise InputError("The layers of this model cannot be put into the table.")
    channels, height, width = model.image_shape
    return (height, width, channels), tuple(_row(layer) for layer in (*model.trunk, model.head))


def _row(layer: nn.Module) -> Layer:
    match layer:
        case nn.Conv2d():
            return Layer("conv", layer.out_channels, layer.kernel_size[0], layer.stride[0])
        case nn.Linear():
            return Layer("dense", layer.out_features)
        case nn.BatchNorm2d() | nn.BatchNorm1d():
            return Layer("batch-norm")
        case nn.AdaptiveAvgPool2d():
            return Layer("average")
        case nn.Flatten():
            return Layer("flatten")
        case nn.Dropout():
            return Layer("dropout")
    return Layer("activation")
