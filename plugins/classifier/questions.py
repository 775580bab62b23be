"""What studios and previews ask a trained classifier: a model and an argument in, numpy arrays and plain values out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import nn

from gendesk.data.dataset import Float32Array, UInt8Array
from gendesk.engine.batches import to_tensor
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

from .models import ImageClassifier

_BATCH = 250


@dataclass(frozen=True)
class NormFacts:
    """The running statistics and the weights of a batch normalisation, float32 (channels,) each."""

    mean: NDArray[np.float32]
    variance: NDArray[np.float32]
    scale: NDArray[np.float32]
    shift: NDArray[np.float32]


@dataclass(frozen=True)
class LayerFacts:
    """One layer: `kind` is "conv", "norm", "activation", "dropout", "pool", "flatten", "dense" or "head".

    `function` is the activation's ("relu", "leaky-relu", "sigmoid"), `rate` the dropout's.
    """

    name: str
    kind: str
    function: str = ""
    rate: float = 0.0
    norm: NormFacts | None = None


@dataclass(frozen=True)
class ClassifierFacts:
    """What a studio needs to know before it asks for more; `image_shape` is (channels, height, width)."""

    classes: tuple[str, ...]
    image_shape: tuple[int, int, int]
    target: str
    feature_size: int
    layers: tuple[LayerFacts, ...]


def classifier(model: Model) -> ImageClassifier:
    """Return the model as one of this family; raises InputError for others."""
    if not isinstance(model, ImageClassifier):
        raise InputError("This model is no classifier.")
    return model


def checked_images(model: ImageClassifier, images: UInt8Array) -> UInt8Array:
    """Return images uint8 (count, height, width, channels) if they suit the model; raises InputError."""
    channels, height, width = model.image_shape
    if images.ndim != 4 or images.shape[1:] != (height, width, channels):
        raise InputError(f"The model looks at pictures of {width}x{height} pixels with {channels} channels only.")
    return images


def predict(model: Model, images: UInt8Array) -> Float32Array:
    """Return the probabilities (count, classes) of images uint8 (count, height, width, channels)."""
    network = classifier(model)
    checked_images(network, images)
    if not len(images):
        return np.zeros((0, len(network.classes)), dtype=np.float32)
    device = network.head.weight.device
    parts = [
        network.classify(to_tensor(images[at : at + _BATCH], device)).float().softmax(1).cpu().numpy()
        for at in range(0, len(images), _BATCH)
    ]
    return np.concatenate(parts)


def activations(model: Model, image: UInt8Array) -> list[tuple[str, Float32Array]]:
    """Return what every layer makes of an image uint8 (height, width, channels), by name, the head's logits last.

    Arrays are float32 (channels, height, width), or (units,) from the flattening on.
    """
    network = classifier(model)
    batch = to_tensor(checked_images(network, image[None]), network.head.weight.device)
    return [(name, values[0].float().cpu().numpy().copy()) for name, values in network.layers(batch)]


def describe(model: Model, _: object = None) -> ClassifierFacts:
    """Return the classes, the shape and all layers of a model, the head last."""
    network = classifier(model)
    layers = [*network.trunk.named_children(), ("head", network.head)]
    return ClassifierFacts(
        network.classes,
        network.image_shape,
        network.target,
        network.feature_size,
        tuple(_layer_facts(name, layer) for name, layer in layers),
    )


_FUNCTIONS: dict[type[nn.Module], str] = {nn.ReLU: "relu", nn.LeakyReLU: "leaky-relu", nn.Sigmoid: "sigmoid"}


def _layer_facts(name: str, layer: nn.Module) -> LayerFacts:
    return LayerFacts(
        name,
        name.rstrip("0123456789"),
        _FUNCTIONS.get(type(layer), ""),
        layer.p if isinstance(layer, nn.Dropout) else 0.0,
        _norm_facts(layer) if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d) else None,
    )


def _norm_facts(layer: nn.BatchNorm1d | nn.BatchNorm2d) -> NormFacts:
    tensors = layer.running_mean, layer.running_var, layer.weight, layer.bias
    mean, variance, scale, shift = (
        np.zeros(0, np.float32) if tensor is None else tensor.detach().float().cpu().numpy().copy()
        for tensor in tensors
    )
    return NormFacts(mean, variance, scale, shift)
