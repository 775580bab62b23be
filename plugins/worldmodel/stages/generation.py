"""What became of a generation, and what is reported of it."""

from dataclasses import dataclass

from gendesk.engine.recipe import Metrics, MetricSpec

METRICS: tuple[MetricSpec, ...] = (
    MetricSpec(
        "score",
        "Evaluated",
        "What the mean of the distribution, or the average of all means, scores on tracks that are neither for "
        "training nor for the exam.",
        "Score",
        "max",
        (900.0, "solved"),
        drawn="dots",
    ),
    MetricSpec(
        "mean",
        "Mean",
        "The mean score of a generation's candidates on real tracks; the band reaches from the worst to the best.",
        "Score",
        "max",
        drawn="pieces",
    ),
    MetricSpec("lowest", "Worst", "The score of a generation's worst candidate.", "Score", "max", band_of="mean"),
    MetricSpec("highest", "Best", "The score of a generation's best candidate.", "Score", "max", band_of="mean"),
    MetricSpec(
        "dream_mean",
        "In dreams",
        "The mean of the rewards that a generation's candidates dream of in a race, with a band, too. A dream that "
        "goes on rising while what is evaluated falls is one that C has learnt to fool.",
        "Score",
        "max",
        drawn="pieces",
    ),
    MetricSpec(
        "dream_lowest",
        "Worst in dreams",
        "The rewards of the worst candidate.",
        "Score",
        "max",
        band_of="dream_mean",
    ),
    MetricSpec(
        "dream_highest",
        "Best in dreams",
        "The rewards of the best candidate.",
        "Score",
        "max",
        band_of="dream_mean",
    ),
    MetricSpec(
        "deviation",
        "Deviation",
        "How far a generation's candidates differ in score.",
        "Spread",
        "none",
        drawn="pieces",
    ),
    MetricSpec("sigma", "Sigma", "The step size of the evolution: it falls as the search narrows.", "Sigma", "none"),
)
DREAMT = ("dream_mean", "dream_lowest", "dream_highest")
RACED = ("mean", "lowest", "highest", "deviation")


@dataclass(frozen=True)
class Generation:
    """What became of a generation: scores of its candidates, sigma, and the decisions that its races took."""

    number: int
    dreamt: bool
    mean: float
    lowest: float
    highest: float
    deviation: float
    sigma: float
    steps_mean: float
    steps_most: float
    score: float | None = None

    def row(self) -> tuple[str, ...]:
        """Return it as a row of the table."""
        where = "dream" if self.dreamt else "real"
        numbers = (self.mean, self.lowest, self.highest, self.deviation)
        evaluated = "" if self.score is None else f"{self.score:.1f}"
        steps = (f"{self.steps_mean:.0f}", f"{self.steps_most:.0f}")
        return (where, str(self.number), *(f"{value:.2f}" for value in numbers), f"{self.sigma:.4f}", *steps, evaluated)

    def metrics(self) -> Metrics:
        """Return what the run reports of it."""
        prefix = "dream_" if self.dreamt else ""
        metrics = {f"{prefix}{name}": getattr(self, name) for name in ("mean", "lowest", "highest")}
        if not self.dreamt:
            metrics["deviation"] = self.deviation
        metrics["sigma"] = self.sigma
        if self.score is not None:
            metrics["score"] = self.score
        return metrics
