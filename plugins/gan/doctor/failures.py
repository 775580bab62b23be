"""The failure gallery: what goes wrong in games, how to see it, and the settings that provoke it in any game.

After Foster, Generative Deep Learning (1st edition), section 4.3.6; a generator that is trained alone is the book's own
way to make one collapse.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gendesk.config import ConfigModel
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.engine.run_store import read_record
from gendesk.engine.runs import RECORD_FILE

from ..config import CROSS_ENTROPY, GanConfig
from . import sketches
from .sketches import Sketch

Changes = dict[str, Any]
SHORT: Changes = {"steps": 600, "validate_every": 100, "preview_every": 50}
"""A failure shows soon, and should be looked at often."""
_COPIED = 30  # pictures


@dataclass(frozen=True)
class Failure:
    """One card. `kind` is that of the finding that tells of it; `spoilt` returns the settings that provoke it."""

    kind: str
    title: str
    happens: str
    look_for: str
    deed: str
    sketch: Sketch
    spoilt: Callable[[GanConfig], Changes]


def provocations(_model: Model, data: RunData, _: object = None) -> dict[str, Changes]:
    """Return, for each kind of failure, what to change in the run's settings to provoke it.

    Raises StoredDataError where the run's record cannot be read.
    """
    record = read_record(data.folder / RECORD_FILE, f"The run {data.folder.name}")
    return changes_of(record.config.config)


def changes_of(settings: Mapping[str, Any]) -> dict[str, Changes]:
    """Return the same from settings of any recipe of the family; those that change nothing are left out."""
    config = GanConfig.model_validate({name: settings[name] for name in GanConfig.model_fields if name in settings})
    return {failure.kind: {**SHORT, **_new(config, failure.spoilt(config))} for failure in FAILURES}


def _new(config: ConfigModel, changes: Changes) -> Changes:
    now = config.model_dump(mode="json")
    return {name: value for name, value in changes.items() if name not in now or now[name] != value}


def _times(value: float, factor: float) -> float:
    return min(1.0, float(f"{value * factor:.6g}"))


def _fast(config: GanConfig) -> Changes:
    critic, generator = config.critic_learning_rate, config.generator_learning_rate
    rates = {"critic_learning_rate": _times(critic, 20), "generator_learning_rate": _times(generator, 20)}
    return {**rates, "beta1": 0.9}


def _told_apart(config: GanConfig) -> Changes:
    """A game of real against generated: of cross-entropy, where it was of a distance."""
    if config.objective == "wasserstein":
        return {"objective": "non-saturating", "regulariser": "none", "critic_steps": 1}
    return {}


def _strong(config: GanConfig) -> Changes:
    bce = {"objective": "bce"} if config.objective in (*CROSS_ENTROPY, "wasserstein") else {}
    sure = {"critic_dropout": 0.0, "last_dropout": 0.0, "real_label": 1.0, "label_noise": 0.0, "inverted_labels": False}
    slow = {"generator_learning_rate": _times(config.generator_learning_rate, 0.05)}
    return {**_told_apart(config), **bce, **sure, **slow, "regulariser": "none", "critic_steps": 5}


def _weak(config: GanConfig) -> Changes:
    return {**_told_apart(config), "critic_learning_rate": _times(config.critic_learning_rate, 0.005)}


def _distance(config: GanConfig) -> Changes:
    """A game for a distance, whatever is played now."""
    return {
        "objective": "wasserstein",
        "critic_steps": max(3, config.critic_steps),
        "critic_dropout": 0.0,
        "last_dropout": 0.0,
        "real_label": 1.0,
        "label_noise": 0.0,
        "inverted_labels": False,
    }


def _unclipped(config: GanConfig) -> Changes:
    return {**_distance(config), "regulariser": "clip", "clip": 100.0}


def _saturated(config: GanConfig) -> Changes:
    """Steps as long as the bound is wide take weights from one end to the other."""
    rate = _times(config.critic_learning_rate, 20)
    return {**_distance(config), "regulariser": "clip", "clip": 0.01, "critic_learning_rate": rate}


def _without_penalty(config: GanConfig) -> Changes:
    penalty = {"regulariser": "gradient-penalty", "updates": "together", "critic_norm": False, "penalty": 0.0}
    return {**_distance(config), **penalty}


def _checkered(config: GanConfig) -> Changes:
    """Transposed convolutions whose kernel does not fit their stride, with nothing to even that out."""
    layers = [
        {**layer.model_dump(), "upsampling": False, "padding": "same", "kernel": 3 if layer.stride > 1 else 1}
        for layer in config.generator_layers
    ]
    return {"generator_layers": layers, "generator_norm": "none"}


FAILURES = (
    Failure(
        "mode-collapse",
        "Mode collapse",
        "The generator finds one picture, or a few, that the critic lets pass, and makes nothing else.",
        "The same picture again and again in the samples; Diversity falls below 0.5.",
        "The generator is trained 20 times for each step of the critic, which cannot keep up.",
        sketches.alike(),
        lambda _config: {"generator_steps": 20, "steps": 300, "validate_every": 50, "preview_every": 20},
    ),
    Failure(
        "oscillation",
        "Oscillating losses",
        "Each network overshoots what the other has just learnt, and losses swing wider and wider.",
        "Losses that leave their band, and samples that go from good to bad and back.",
        "Both learning rates are made 20 times as large, and the optimiser keeps most of its momentum.",
        sketches.swinging(),
        _fast,
    ),
    Failure(
        "critic-too-strong",
        "Critic too strong",
        "The critic is never wrong, whatever the generator tries, so the generator does not learn which way is better.",
        "Both accuracies stay at 1, the critic's losses near 0, and samples remain noise.",
        "The critic makes five steps for each of a generator that learns 20 times slower, in the game as it was first "
        "written, without dropout or soft labels.",
        sketches.crushing(),
        _strong,
    ),
    Failure(
        "critic-too-weak",
        "Critic too weak",
        "The critic guesses, and the generator follows advice that is worth nothing.",
        "Accuracies about 0.5 while samples are bad; at the end of a good training they are good.",
        "The critic learns 200 times slower.",
        sketches.guessing(),
        _weak,
    ),
    Failure(
        "uninformative-loss",
        "A loss that says nothing",
        "The generator is judged by a critic that gets better too, so its loss may rise while its pictures improve.",
        "Generator's loss up, distance to held-out pictures down. Nothing is wrong.",
        "The game of cross-entropy is played, in place of one for a distance.",
        sketches.misleading(),
        _told_apart,
    ),
    Failure(
        "unbounded-critic",
        "Critic without bounds",
        "Nothing holds the score back, so the critic turns it up without end in place of measuring a distance.",
        "A Wasserstein estimate that climbs to thousands, and samples that jump about.",
        "A game for a distance, with weights clipped at 100, which clips nothing.",
        sketches.climbing(),
        _unclipped,
    ),
    Failure(
        "clip-saturation",
        "Clipped to death",
        "Weights are all at one bound or the other, for or against, and the critic becomes far too simple.",
        "Two towers at the ends of the histogram of weights; Clipped weights above 0.6.",
        "A game for a distance, with weights clipped at 0.01 and a critic that learns 20 times as fast.",
        sketches.two_towers(),
        _saturated,
    ),
    Failure(
        "gradient-penalty",
        "Penalty without weight",
        "The critic's score becomes steeper than one per unit of distance, and the game nervous.",
        "A mean gradient norm that leaves 0.7 to 1.5.",
        "A game for a distance, with a gradient penalty of weight 0.",
        sketches.steepening(),
        _without_penalty,
    ),
    Failure(
        "checkerboard",
        "Checkerboard",
        "Kernel and stride of a transposed convolution do not fit, so neighbouring pixels are made differently.",
        "A pattern of every second pixel, best seen in even areas of the samples.",
        "The generator grows its pictures by transposed convolutions of kernel 3 and stride 2, without batch norm.",
        sketches.checkered(),
        _checkered,
    ),
    Failure(
        "memorisation",
        "Learnt by heart",
        "With few training pictures the generator gives them back, in place of new ones.",
        "Samples and their nearest training pictures are the same; Copies far above 0.01.",
        f"Only {_COPIED} pictures are trained on. It takes longer than the other failures.",
        sketches.copied(),
        lambda _config: {"limit": _COPIED, "steps": 1500, "validate_every": 250},
    ),
)
