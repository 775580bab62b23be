"""What a classifier answers on held-out pictures: guesses, confusions, and what it is sure of and wrong about."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gendesk.data.dataset import Float32Array, Int64Array, UInt8Array
from gendesk.engine.preview import HeatMapPreview, ImagePreview, Preview

from .layer_previews import layer_previews
from .models import ImageClassifier
from .questions import predict

_SHOWN, _COLUMNS = 10, 5

_PREDICTIONS = (
    "The same ten held-out pictures at every step. Below each is the class that the network guesses, with its "
    "probability, and in brackets the right class where the guess is wrong. Watch them turn right one after the "
    "other, and grow certain."
)
_CONFUSION = (
    "Each row is what held-out pictures show, each column what the network says of them; a colour stands for the share "
    "of its row. A good network has a bright diagonal and nothing beside it. Bright fields elsewhere are classes that "
    "are alike, and a bright column is a class that is guessed too often."
)
_WRONG = (
    "Held-out pictures of which the network is most certain and wrong: what it says with its probability, and the "
    "right class in brackets. Some are truly hard or named wrongly; if most are plain to you, there is much to learn."
)


@dataclass(frozen=True)
class Evaluation:
    """Held-out pictures for the previews, the same at every step.

    Images are uint8 (count, height, width, channels), labels int64 (count,).
    """

    images: UInt8Array
    labels: Int64Array


def previews_of(model: ImageClassifier, evaluation: Evaluation) -> Iterator[Preview]:
    """Show what a model in evaluation mode answers, and what its layers do; call without gradients."""
    probabilities = predict(model, evaluation.images)
    yield _predictions(model.classes, evaluation, probabilities)
    yield _confusion(model.classes, evaluation, probabilities)
    yield from _mistakes(model.classes, evaluation, probabilities)
    yield from layer_previews(model, evaluation.images)


def _predictions(classes: tuple[str, ...], evaluation: Evaluation, probabilities: Float32Array) -> ImagePreview:
    count = min(_SHOWN, len(evaluation.labels))
    chosen = np.linspace(0, len(evaluation.labels) - 1, count).astype(np.int64)
    return ImagePreview(
        "predictions",
        "Predictions",
        evaluation.images[chosen],
        columns=min(_COLUMNS, count),
        captions=_captions(classes, evaluation.labels[chosen], probabilities[chosen]),
        description=_PREDICTIONS,
    )


def _captions(classes: tuple[str, ...], labels: Int64Array, probabilities: Float32Array) -> tuple[str, ...]:
    """Say "cat 87%" where that is right, else "dog 87% (cat)"."""
    captions = []
    for label, row in zip(labels.tolist(), probabilities, strict=True):
        guess = int(row.argmax())
        caption = f"{classes[guess]} {row[guess]:.0%}"
        captions.append(caption if guess == label else f"{caption} ({classes[label]})")
    return tuple(captions)


def _confusion(classes: tuple[str, ...], evaluation: Evaluation, probabilities: Float32Array) -> HeatMapPreview:
    counts = np.zeros((len(classes), len(classes)), dtype=np.float32)
    np.add.at(counts, (evaluation.labels, probabilities.argmax(1)), 1)
    return HeatMapPreview(
        "confusion",
        "Confusion",
        counts / np.maximum(counts.sum(1, keepdims=True), 1),
        classes,
        classes,
        row_title="Shown",
        column_title="Guessed",
        description=_CONFUSION,
    )


def _mistakes(classes: tuple[str, ...], evaluation: Evaluation, probabilities: Float32Array) -> Iterator[ImagePreview]:
    """Show the most certain mistakes, if there are any."""
    wrong = np.flatnonzero(probabilities.argmax(1) != evaluation.labels)
    chosen = wrong[np.argsort(-probabilities[wrong].max(1), kind="stable")][:_SHOWN]
    if len(chosen):
        yield ImagePreview(
            "mistakes",
            "Most confident mistakes",
            evaluation.images[chosen],
            columns=min(_COLUMNS, len(chosen)),
            captions=_captions(classes, evaluation.labels[chosen], probabilities[chosen]),
            description=_WRONG,
        )
