"""What is scored, as plain values, and what each number is called and means for people."""

from dataclasses import dataclass
from typing import Literal

PICTURES = 2000
"""Pictures on each side unless somebody asks for another count: the scores settle to two digits within seconds."""
FEWEST_PICTURES = 20


@dataclass(frozen=True)
class Scores:
    """How `count` generated pictures compare with `reference_count` real ones.

    `features` says in whose features they were compared, and `name` in short. `frechet` and `kernel`, with its standard
    error, are distances, 0 for the same distribution; `frechet` is None where there are too few pictures for it.
    `precision`, `recall` and `coverage` are shares in 0..1. `density`, `distance` to the nearest real picture,
    `sharpness`, and `diversity` in features and in pixels are relative to real pictures, which have 1.
    """

    count: int
    reference_count: int
    name: str
    features: str
    frechet: float | None
    kernel: float
    kernel_error: float
    precision: float
    recall: float
    density: float
    coverage: float
    distance: float
    sharpness: float
    diversity: float
    pixel_diversity: float


@dataclass(frozen=True)
class ScoreSpec:
    """A number of `Scores` for people; `best` says whether low or high ones are, or those near 1."""

    name: str
    title: str
    description: str
    best: Literal["low", "high", "one"]


def score_specs(scores: Scores) -> tuple[ScoreSpec, ...]:
    """Return what the numbers of some scores are called, in the order in which they are shown."""
    proper = scores.name == "Inception"
    frechet = "Fréchet inception distance (FID)" if proper else f"Fréchet distance ({scores.name})"
    kernel = "Kernel inception distance (KID)" if proper else f"Kernel distance ({scores.name})"
    return (ScoreSpec("frechet", frechet, _FRECHET, "low"), ScoreSpec("kernel", kernel, _KERNEL, "low"), *_OTHERS)


def score_text(scores: Scores, name: str) -> str:
    """Write a number of some scores with the digits that it carries."""
    value = getattr(scores, name)
    if value is None:
        return "too few pictures"
    if name == "kernel":
        return f"{value:.3g} ± {scores.kernel_error:.1g}"
    if name in _SHARES:
        return f"{100 * value:.1f} %"
    return f"{value:.3g}" if name == "frechet" else f"{value:.2f}"


_SHARES = ("precision", "recall", "coverage")

_FRECHET = (
    "How far the features of generated pictures lie from those of real ones, each taken for a bell shape. It sees both "
    "poor and missing pictures. Compare only numbers of the same features and the same count."
)
_KERNEL = (
    "Like the Fréchet distance, without taking anything for a bell shape and without favouring larger counts: 0 on "
    "average where nothing differs, with the standard error of the estimate."
)
_OTHERS = (
    ScoreSpec(
        "precision",
        "Precision",
        "Share of the generated pictures that lie among real ones: how many are good. It says nothing of variety.",
        "high",
    ),
    ScoreSpec(
        "recall",
        "Recall",
        "Share of the real pictures that lie among generated ones: how much of the data the model can make.",
        "high",
    ),
    ScoreSpec(
        "density",
        "Density",
        "How thickly real pictures lie around generated ones: about 1 for real ones, more where a model keeps to the "
        "commonplace, less where pictures are odd.",
        "one",
    ),
    ScoreSpec(
        "coverage",
        "Coverage",
        "Share of the real pictures with a generated one close by: low where a model has forgotten kinds of pictures.",
        "high",
    ),
    ScoreSpec(
        "distance",
        "Distance to the data",
        "Distance to the nearest real picture, in units of what is usual between real ones: 1 is natural, far above is "
        "odd, near 0 is copied.",
        "one",
    ),
    ScoreSpec(
        "sharpness",
        "Sharpness",
        "How much fine detail there is, against real pictures: below 1 is blurred, above 1 is noisy.",
        "one",
    ),
    ScoreSpec(
        "diversity",
        "Diversity",
        "How different two generated pictures are in their features, against two real ones: near 0 all look the same.",
        "one",
    ),
    ScoreSpec(
        "pixel_diversity",
        "Diversity of pixels",
        "How different the pixels of two generated pictures are, against those of two real ones.",
        "one",
    ),
)
