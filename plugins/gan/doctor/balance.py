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
_FLAT = 0.01
"""Wasserstein estimate below which a critic scores real and generated pictures alike."""
_BETTER, _WORSE = 0.85, 1.15
"""Samples count as better once their distance has fallen to this share of what it was, and as worse beyond that one."""
_EARLY = 300
"""Steps: where nothing was measured by then, samples may have become good before."""


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
        treatment = Treatment(config)
        self._changes = treatment.wider_clip() if config.regulariser == "clip" else treatment.stronger_critic()
        names = ("wasserstein",) if config.objective == "wasserstein" else ("accuracy_real", "accuracy_fake")
        self._verdicts = [Recent(name, _LONG) for name in names]
        self._distances: list[tuple[int, float]] = []
        self._guesses = 0

    def examine(self, step: int, values: Values) -> Finding | None:
        known = [recent.take(values) for recent in self._verdicts]
        distance = values.get("validation/distance")
        if distance is not None:
            self._distances.append((step, distance))
        if not all(known):
            return None
        verdict = math.fsum(recent.mean for recent in self._verdicts) / len(self._verdicts)
        flat = self._verdicts[0].name == "wasserstein"
        self._guesses = self._guesses + 1 if verdict < (_FLAT if flat else _GUESSING) else 0
        if self._guesses < _LONG or len(self._distances) < 2 or self._has_gained():
            return None
        what = (
            f"the Wasserstein estimate was {verdict:.2g}" if flat else f"the critic was right in {verdict:.0%} of cases"
        )
        return Finding(
            f"Over the last {2 * _LONG} steps up to step {step:,} {what}, so it cannot tell real from generated "
            "pictures, and samples have not come closer to real ones.",
            "Let the critic learn faster, give it more filters, less dropout or a wider bound, and train the generator "
            "once for each of its steps.",
            kind="critic-too-weak",
            explanation="The generator follows the critic's judgement. From one that cannot tell its pictures from "
            "real ones it learns nothing, however bad they are. At the end of a good training the critic guesses, "
            "too; then samples are good.",
            changes=self._changes,
        )

    def _has_gained(self) -> bool:
        (began, first), (_, last) = self._distances[0], self._distances[-1]
        return last < (_BETTER if began <= _EARLY else _WORSE) * first
