"""What a generator that knows classes shows beside the usual."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
import torch
from torch import Generator as RandomGenerator
from torch import Tensor

from gendesk.data.dataset import ImageDataset
from gendesk.engine.batches import to_images
from gendesk.engine.preview import ImagePreview, Preview
from gendesk.engine.recipe import Context

_ROWS, _MOST_CLASSES = 5, 20
_CLASSES_TEXT = (
    "Every class in a column of its own, from other random numbers in every row; the same at every step. Below each "
    "the critic's verdict, and the class that it reads where it is not the one that was asked for."
)
_SAME_TEXT = (
    "The same random numbers for every class: what they mean, such as slant or thickness, should be the same for all. "
    "Below are real pictures of the classes."
)


class Classed(Protocol):
    """What these previews need of a model: see `gendesk.engine.capabilities`."""

    classes: tuple[str, ...]

    def random_codes(self, count: int, generator: RandomGenerator) -> Tensor: ...
    def shares(self, labels: Tensor) -> Tensor: ...
    def decode_classes(self, codes: Tensor, shares: Tensor) -> Tensor: ...
    def judge(self, images: Tensor) -> Tensor: ...
    def classify(self, images: Tensor) -> Tensor: ...


def of_classes(model: Classed, data: ImageDataset, context: Context) -> Iterator[Preview]:
    """Yield a sheet with a column per class, and a row of the same code in all classes above real pictures."""
    count = min(_MOST_CLASSES, len(model.classes))
    labels = torch.arange(count, device=context.device).repeat(_ROWS)
    codes = model.random_codes(_ROWS * count, context.fixed_generator(purpose=5))
    made = model.decode_classes(codes, model.shares(labels))
    captions = _captions(model, made, labels)
    yield ImagePreview("classes", "By class", to_images(made), count, captions, description=_CLASSES_TEXT)
    same = model.random_codes(1, context.fixed_generator(purpose=6)).expand(count, -1)
    row = to_images(model.decode_classes(same, model.shares(labels[:count])))
    images = np.concatenate([row, _one_of_each(data, count, row.shape[1:])])
    rows = ("Generated", "Real")
    yield ImagePreview("same-code", "Same code", images, count, row_titles=rows, description=_SAME_TEXT)


def _captions(model: Classed, made: Tensor, labels: Tensor) -> tuple[str, ...]:
    verdicts, read = model.judge(made).tolist(), model.classify(made).argmax(1).tolist()
    return tuple(
        f"{verdict:.2f}" if seen == wanted else f"{verdict:.2f} {model.classes[seen]}"
        for verdict, seen, wanted in zip(verdicts, read, labels.tolist(), strict=True)
    )


def _one_of_each(data: ImageDataset, count: int, shape: tuple[int, ...]) -> np.ndarray:
    """Return a held-out picture of each of the first classes; one that has none there stays black."""
    labels = np.asarray(data.test.labels)
    found = np.zeros((count, *shape), np.uint8)
    for label in range(count):
        where = np.flatnonzero(labels == label)
        if len(where):
            found[label] = data.test.images[where[0]]
    return found
