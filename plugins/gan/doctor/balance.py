"""Whether the critic is so good that nobody learns from it any more, or so bad that nobody can."""

import math

from gendesk.engine.health import Finding

from ..config import CROSS_ENTROPY, GanConfig
from .treatment import Treatment
from .watching import WARM_UP, Check, Recent, Values

_LONG = 150
"""Steps that a verdict must have held for, on average."""
_SURE = 0.98
_NOTHING_LEFT = 0.03
"""Nats of cross-entropy: a critic that is asked for hard labels and loses so little gives a generator of the kind `bce`
next to no gradient."""
_GUESSING = 0.57
"""Mean accuracy below which a critic tells hardly more than a coin."""
_BETTER = 0.85
"""Samples count as better once their distance has fallen to this share of what it was."""


class CriticTooStrong(Check):
    """Real and generated pictures are told apart nearly always, for long."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self._treatment = Treatment(config)
        self._accuracies = Recent("accuracy_real", _LONG), Recent("accuracy_fake", _LONG)
        self._loss = Recent("d_mean", _LONG)
        self._logarithmic = config.objective in CROSS_ENTROPY

    def examine(self, step: int, values: Values) -> Finding | None:
        known = [recent.take(values) for recent in (*self._accuracies, self._loss)]
        if not all(known) or step < WARM_UP:
            return None
        lowest = min(recent.mean for recent in self._accuracies)
        sure = lowest > _SURE
        silent = self._logarithmic and self._loss.mean < _NOTHING_LEFT
        if not (sure or silent):
            return None
        return Finding(
            f"Over the last {_LONG} steps up to step {step:,} the critic was right in {lowest:.1%} of all cases or "
            f"more, and lost {self._loss.mean:.2g}.",
            "Let the critic learn slower, give it dropout or softer labels, or take one with fewer filters.",
            kind="critic-too-strong",
            explanation="A critic that is never wrong gives the same answer whatever the generator tries, so the "
            "generator does not learn which way is better. Games of cross-entropy want a critic that errs now and "
            "then; only a Wasserstein critic may be as good as it can.",
            changes=self._treatment.weaker_critic(),
        )


class CriticTooWeak(Check):
    """The critic guesses for long, while samples do not get better: guessing before good samples is the aim."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self._treatment = Treatment(config)
        self._accuracies = Recent("accuracy_real", _LONG), Recent("accuracy_fake", _LONG)
        self._distances: list[float] = []
        self._guesses = 0

    def examine(self, step: int, values: Values) -> Finding | None:
        known = [recent.take(values) for recent in self._accuracies]
        distance = values.get("validation/distance")
        if distance is not None:
            self._distances.append(distance)
        if not all(known):
            return None
        accuracy = math.fsum(recent.mean for recent in self._accuracies) / 2
        self._guesses = self._guesses + 1 if accuracy < _GUESSING else 0
        if self._guesses < _LONG or len(self._distances) < 2 or self._has_gained():
            return None
        return Finding(
            f"Over the last {2 * _LONG} steps up to step {step:,} the critic was right in {accuracy:.0%} of all cases, "
            "hardly more than a coin, and samples have not come closer to real pictures.",
            "Let the critic learn faster, give it more filters or less dropout, and train the generator once for each "
            "of its steps.",
            kind="critic-too-weak",
            explanation="The generator follows the critic's judgement. From one that cannot tell its pictures from "
            "real ones it learns nothing, however bad they are. At the end of a good training the critic guesses, "
            "too; then samples are good.",
            changes=self._treatment.stronger_critic(),
        )

    def _has_gained(self) -> bool:
        return self._distances[-1] < _BETTER * self._distances[0]
