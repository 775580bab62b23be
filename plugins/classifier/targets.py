"""What a classifier learns to tell apart: the classes of the data, an attribute, or which way up a picture is.

Turned pictures need nobody to name them: Gidaris, Singh and Komodakis, Unsupervised Representation Learning by
Predicting Image Rotations, 2018.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Generator, Tensor

from gendesk.data.dataset import ImageInfo, ImageSplit, Int64Array, UInt8Array
from gendesk.errors import InputError

ROTATION = "rotation"


@dataclass(frozen=True)
class Target:
    """`attribute` is the column to learn, -1 the classes; `turns` are the quarter turns to tell apart, if any."""

    classes: tuple[str, ...]
    attribute: int = -1
    turns: tuple[int, ...] = ()


def find_target(name: str, info: ImageInfo) -> Target:
    """Return what `name` stands for in these data; raises InputError if it is nothing that can be learnt."""
    if name == ROTATION or (not name and len(info.classes) < 2):
        # A picture that is not square would be known by its shape after a quarter turn.
        turns = (0, 1, 2, 3) if info.height == info.width else (0, 2)
        return Target(tuple(f"{90 * turn}°" for turn in turns), turns=turns)
    if not name:
        return Target(info.classes)
    names = [attribute.name for attribute in info.attributes]
    if name not in names:
        known = ", ".join([*names, ROTATION])
        raise InputError(
            f"{info.name} has no attribute {name} to learn; leave it empty for the classes, or take {known}."
        )
    attribute = info.attributes[names.index(name)]
    if len(attribute.values) < 2:
        what = "a number" if not attribute.values else "always the same"
        raise InputError(f"The attribute {name} of {info.name} is {what}, and a classifier tells named values apart.")
    return Target(attribute.values, names.index(name))


def with_labels(split: ImageSplit, target: Target) -> ImageSplit:
    """Return the pictures that have an answer, with it as their label; turned ones are labelled when they are shown."""
    if target.turns:
        return split
    labels = split.labels if target.attribute < 0 else _attribute_labels(split, target)
    known = np.flatnonzero(labels >= 0)
    if len(known) == len(labels):
        return ImageSplit(split.images, labels)
    return ImageSplit(np.asarray(split.images)[known], labels[known])


def _attribute_labels(split: ImageSplit, target: Target) -> Int64Array:
    if split.attributes is None:
        return np.full(len(split), -1, dtype=np.int64)
    values = split.attributes[:, target.attribute]
    return np.where(np.isfinite(values), values, -1).astype(np.int64)


def turn_at_random(images: Tensor, target: Target, generator: Generator) -> tuple[Tensor, Tensor]:
    """Turn each of the images (batch, channels, height, width) anticlockwise; return them and labels int64 (batch,)."""
    labels = torch.randint(len(target.turns), (len(images),), generator=generator, device=images.device)
    turned = images.clone()
    for label, turn in enumerate(target.turns):
        chosen = labels == label
        turned[chosen] = images[chosen].rot90(turn, (2, 3))
    return turned, labels


def turned_in_order(images: UInt8Array, target: Target, first: int) -> tuple[UInt8Array, Int64Array]:
    """Turn held-out images uint8 (count, height, width, channels), each by its number, which begins with `first`."""
    labels = (np.arange(len(images)) + first) % len(target.turns)
    turned = [np.rot90(image, target.turns[label]) for image, label in zip(images, labels, strict=True)]
    return np.stack(turned), labels.astype(np.int64)
