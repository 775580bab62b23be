"""What the scores of a run in training are called, and what they mean: one curve each beside the recipe's own."""

from collections.abc import Mapping
from dataclasses import replace

from gendesk.engine.recipe import MetricSpec
from gendesk.engine.run_config import RunSettings
from gendesk.engine.scores.scores import Scores

PREFIX = "score/"
FID = "score/fid"
FID_PICTURES = 2500
"""On each side: FID compares 2,048 features, which needs more pictures than that."""

_SHARES = "Precision and recall (gendesk features)"

SCORE_METRICS = (
    MetricSpec(
        "score/frechet",
        "Fréchet distance (gendesk features)",
        "How far the features of samples lie from those of real pictures, each taken for a bell shape: 0 for the same. "
        "It sees both poor and missing pictures, and is no FID; compare only equal counts on the same data.",
        "Fréchet distance (gendesk features)",
    ),
    MetricSpec(
        "score/kernel",
        "Kernel distance (gendesk features)",
        "Like the Fréchet distance, without taking anything for a bell shape and without favouring larger counts; "
        "around 0 where nothing differs.",
        "Kernel distance (gendesk features)",
    ),
    MetricSpec(
        "score/precision",
        "Precision",
        "The share of samples, in 0 to 1, that lie among real pictures: how many are good.",
        _SHARES,
        "max",
    ),
    MetricSpec(
        "score/recall",
        "Recall",
        "The share of real pictures, in 0 to 1, that lie among samples: how much of the data the model can make.",
        _SHARES,
        "max",
    ),
    MetricSpec(
        FID,
        "Fréchet inception distance (FID)",
        "The Fréchet distance on the features of Inception v3, which published scores take. Those mostly count 50,000 "
        "pictures; with fewer, as here, it comes out higher.",
        "Fréchet inception distance (FID)",
    ),
)
"""All that can be reported, with words that hold for any count."""


def score_metrics(settings: RunSettings) -> tuple[MetricSpec, ...]:
    """Return what a run with these settings reports beside the recipe's metrics, with count and interval in words."""
    if not settings.score_every:
        return ()
    chosen = [spec for spec in SCORE_METRICS if spec.name != FID or settings.score_fid]
    return tuple(replace(spec, description=f"{_how(spec, settings)} {spec.description}") for spec in chosen)


def _how(spec: MetricSpec, settings: RunSettings) -> str:
    count = FID_PICTURES if spec.name == FID else settings.score_count
    return (
        f"Measured every {settings.score_every:,} steps with {count:,} samples and as many held-out pictures "
        "(training pictures where fewer are held out)."
    )


def score_values(scores: Scores) -> Mapping[str, float]:
    """Return what is reported of some scores, by the names of the metrics; the Fréchet distance may be missing."""
    found = {name: getattr(scores, name) for name in ("frechet", "kernel", "precision", "recall")}
    return {f"{PREFIX}{name}": value for name, value in found.items() if value is not None}
