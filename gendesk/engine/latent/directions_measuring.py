"""The direction of an attribute: the mean code of pictures that have it, minus that of those that have not.

The data are looked at in batches until the means have settled. Sizes and limits are those of the notebook beside
Foster, Generative Deep Learning, 1st edition, chapter 3 (03_06); unlike there, every direction is normalised.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gendesk.data.dataset import ImageInfo, ImageSplit
from gendesk.engine.inference import encode
from gendesk.engine.latent.directions import Direction, Kind, LogLine, unit
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError

BATCH = 500
SETTLED = 0.08  # units of the code that a batch moves both means together
MOST_POSITIVES = 10_000
_SEED = 36
_ABSENT = ("none", "no", "absent", "false", "0")
_PRESENT = ("yes", "present", "true", "1")


@dataclass(frozen=True)
class Trait:
    """A question about a picture: has it one of these values of an attribute?

    `attribute` counts from 0, and is -1 for the class of a picture. Without `values` the attribute is a number, and
    the question whether it is above `threshold`. `value` is what people call the values, empty where the title of the
    attribute says it all; "" with `any_value` is every value but the one that means none.
    """

    attribute: int
    title: str
    value: str = ""
    values: tuple[int, ...] = ()
    threshold: float = 0.0
    any_value: bool = False

    @property
    def source(self) -> str:
        """What a direction keeps of it; not translated, so that it is found again in any language."""
        return f"{self.title}: {'any' if self.any_value else self.value}"

    def answers(self, split: ImageSplit, rows: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Return which of some pictures have it, and which are known not to."""
        told = _column(split, self.attribute)[rows]
        if self.values:
            yes = np.isin(told, self.values)
            return yes, ~yes & (told >= 0)
        return told > self.threshold, told <= self.threshold  # neither, for NaN


@dataclass(frozen=True, eq=False)
class Measurement:
    """Two means on their way. `sums` float64 (2, latent_size) are of codes with the trait and without, `seen` pictures.

    `step` is how far the model was trained at the first batch. `done` says why it came to its end: "settled", "many"
    positives, or "all" pictures seen; empty until then.
    """

    trait: Trait
    sums: NDArray[np.float64] | None = None
    seen: int = 0
    step: int = -1
    log: tuple[LogLine, ...] = ()
    done: str = ""


def traits(_model: Model, data: RunData, _: object = None) -> tuple[Trait, ...]:
    """Return what can be asked about the pictures of a run; nothing where they cannot be had."""
    known = data.pictures
    if known is None:
        return ()
    info, split = known.info, known.train
    found = []
    for number, attribute in enumerate(info.attributes):
        if split.attributes is None:
            break
        if attribute.values:
            found += _named(number, attribute.title, attribute.values)
        else:
            told = split.attributes[:, number]
            if np.isfinite(told).any():
                found.append(Trait(number, attribute.title, threshold=float(np.nanmean(told))))
    if len(info.classes) > 1 and not _says_class(info):
        found += _named(-1, "Class", info.classes)
    return tuple(found)


def _says_class(info: ImageInfo) -> bool:
    """Return whether one of the attributes is the class."""
    return any(attribute.values == info.classes for attribute in info.attributes)


def _named(number: int, title: str, names: tuple[str, ...]) -> list[Trait]:
    if len(names) == 2 and names[1].lower() in _PRESENT:
        return [Trait(number, title, values=(1,))]
    each = [Trait(number, title, name, (value,)) for value, name in enumerate(names)]
    if len(names) == 2:
        return each[1:]  # the other one is the same direction, reversed
    others = tuple(value for value, name in enumerate(names) if name.lower() not in _ABSENT)
    if len(others) == len(names) - 1:
        each.insert(0, Trait(number, title, values=others, any_value=True))
    return each


def _column(split: ImageSplit, attribute: int) -> NDArray[np.floating] | NDArray[np.int64]:
    if attribute < 0 or split.attributes is None:
        return np.asarray(split.labels)
    return np.asarray(split.attributes[:, attribute])


def measure(model: Model, data: RunData, begun: Measurement) -> Measurement:
    """Look at one more batch of the training pictures, in an order that is always the same; raises InputError."""
    split = data.images.train
    order = np.random.default_rng(_SEED).permutation(len(split))[begun.seen : begun.seen + BATCH]
    rows = np.sort(order)  # files are read from front to back
    codes = encode(model, np.asarray(split.images[rows])).astype(np.float64)
    yes, no = begun.trait.answers(split, rows)
    sums = begun.sums if begun.sums is not None else np.zeros((2, codes.shape[1]))
    last = begun.log[-1] if begun.log else LogLine(0, 0, 0.0, 0.0, 0.0)
    sums_now = sums + np.stack([codes[yes].sum(0), codes[no].sum(0)])
    counts = (
        np.array([last.positives, last.negatives]),
        np.array([last.positives + yes.sum(), last.negatives + no.sum()]),
    )
    before, after = _means(sums, counts[0]), _means(sums_now, counts[1])
    moved_with, moved_without = np.linalg.norm(after - before, axis=1).tolist()
    length = float(np.linalg.norm(after[0] - after[1])) if counts[1].all() else 0.0
    line = LogLine(int(counts[1][0]), int(counts[1][1]), moved_with, moved_without, length)
    seen = begun.seen + len(rows)
    # A batch in which one of the two is missing says nothing about whether its mean has settled.
    settled = bool(counts[0].all()) and yes.any() and no.any() and moved_with + moved_without < SETTLED
    many, over = line.positives >= MOST_POSITIVES, seen >= len(split)
    done = "settled" if settled else "many" if many else "all" if over else ""
    step = begun.step if begun.log else data.step
    return replace(begun, sums=sums_now, seen=seen, step=step, log=(*begun.log, line), done=done)


def _means(sums: NDArray[np.float64], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.asarray(sums / np.maximum(counts, 1)[:, None])


def measured(measurement: Measurement, name: str) -> Direction:
    """Return the direction that a measurement has come to; raises InputError where one side has no pictures."""
    last = measurement.log[-1] if measurement.log else LogLine(0, 0, 0.0, 0.0, 0.0)
    if measurement.sums is None or not last.positives or not last.negatives:
        missing = "with" if not last.positives else "without"
        raise InputError(f"There are no training pictures {missing} {name}, so it has no direction.")
    mean_with, mean_without = _means(measurement.sums, np.array([last.positives, last.negatives]))
    vector, length = unit(mean_with - mean_without)
    return Direction(
        name,
        Kind.ATTRIBUTE,
        vector,
        last.positives,
        last.negatives,
        length,
        log=measurement.log,
        step=measurement.step,
        source=measurement.trait.source,
    )
