"""What is watched in every run: the name of each kind of finding for people, and what it means."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Watched:
    """A kind of finding; `meaning` is one short paragraph."""

    kind: str
    title: str
    meaning: str


WATCHED = (
    Watched(
        "overfitting",
        "Overfitting",
        "The model does better and better on the data it trains on, and not on data it has never seen: it learns its "
        "examples by heart instead of what they have in common.",
    ),
    Watched(
        "loss-explosion",
        "Loss explosion",
        "The loss leaps far above everything before. One step went so far that the model was thrown out of the place "
        "it had found; what it had learnt may be lost.",
    ),
    Watched(
        "exploding-gradients",
        "Exploding gradients",
        "The gradient says how to change the weights. When it grows a hundredfold, the next steps become so large that "
        "they destroy more than they improve; often the loss follows soon.",
    ),
    Watched(
        "vanishing-gradients",
        "Vanishing gradients",
        "Layers far from the loss get next to no gradient, so they stay as they were made while the others learn. "
        "Deep stacks and functions that flatten out, such as the sigmoid, are the usual reason.",
    ),
    Watched(
        "not-a-number",
        "Values that are no numbers",
        "A loss or a weight became NaN or infinite. Nothing can be learnt from it, so training ends; the state saved "
        "last is still good.",
    ),
    Watched(
        "dead-units",
        "Dead units",
        "A ReLU that puts out zero for everything it is shown gets no gradient and cannot recover. The layer works "
        "with fewer units than it seems to have.",
    ),
    Watched(
        "bloated-layer",
        "Bloated layer",
        "One layer holds most of the model's weights, often where a large picture is flattened into a dense layer. It "
        "costs memory and time, and it learns by heart easily.",
    ),
    Watched(
        "no-progress",
        "No progress",
        "Nothing that is measured has become better since the first steps. The steps may be too small to get anywhere, "
        "or so large that the model was thrown off at once; or the data do not say what is asked.",
    ),
)

_OWN_TROUBLES = {"storage": "Saving fails", "checkpoint": "Saving the state fails", "preview": "A preview failed"}


def title_of(kind: str) -> str:
    """Return a kind's name for people; a recipe's own kind is read as words."""
    titles = {watched.kind: watched.title for watched in WATCHED} | _OWN_TROUBLES
    return titles.get(kind) or kind.replace("-", " ").capitalize() or "Warning"


def explanation_of(kind: str) -> str:
    """Return what a kind means, empty for one that is not watched in every run."""
    return next((watched.meaning for watched in WATCHED if watched.kind == kind), "")
