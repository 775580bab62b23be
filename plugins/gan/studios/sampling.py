"""Sheets of samples with the critic's verdicts: what the studio asks a live model for them.

Truncation draws all codes nearer to the middle: Brock, Donahue and Simonyan, Large Scale GAN Training for High Fidelity
Natural Image Synthesis (2019), section 3.1, trade variety for looks so; here codes are scaled and not drawn again.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gendesk.data.dataset import UInt8Array
from gendesk.engine.batches import to_images
from gendesk.engine.capabilities import Classifies, Decodes, DecodesClasses, DrawsCodes, Judges
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

IN_TURN = -1
"""One class after the other, from other random numbers each time."""
SAME_CODE = -2
"""Every class from the same random numbers, in one row for each code."""
MOST = 40
_BATCH = 32


@dataclass(frozen=True)
class SheetQuestion:
    """Samples from a `seed`, their codes scaled by `truncation`: up to `count`, the first of always the same ones.

    `wanted` is a class, `IN_TURN` or `SAME_CODE`; a model without classes heeds none of them.
    """

    seed: int
    truncation: float = 1.0
    wanted: int = IN_TURN
    count: int = MOST


@dataclass(frozen=True, eq=False)
class Sheet:
    """Samples (count, height, width, channels), their codes (count, latent_size) and the verdicts on them (count,).

    `asked` and `read` int64 (count,) are the class that was asked for and the one that the critic reads, -1 for none.
    `columns` is given where pictures belong in columns.
    """

    pictures: UInt8Array
    codes: NDArray[np.float32]
    scores: NDArray[np.float32]
    asked: NDArray[np.int64]
    read: NDArray[np.int64]
    columns: int | None = None


def sheet(model: Model, question: SheetQuestion) -> Sheet:
    """Draw samples and judge them; raises InputError for a model that cannot."""
    if not (isinstance(model, Decodes) and isinstance(model, DrawsCodes) and isinstance(model, Judges)):
        raise InputError("This model makes no samples that it judges.")
    classes = len(model.classes) if isinstance(model, DecodesClasses) else 0
    same = question.wanted == SAME_CODE and classes > 0
    drawn = max(1, question.count // classes) if same else question.count
    codes = model.random_codes(MOST, torch.Generator().manual_seed(question.seed))[:drawn] * question.truncation
    if same:
        codes = codes.repeat_interleave(classes, 0)
    asked = _asked(question, len(codes), classes)
    made, verdicts, read = [], [], []
    for part, labels in zip(torch.split(codes, _BATCH), torch.split(asked, _BATCH), strict=True):
        pictures = _decoded(model, part, labels)
        made.append(to_images(pictures))
        verdicts.append(model.judge(pictures))
        read.append(_read(model, pictures) if classes else labels)
    return Sheet(
        np.concatenate(made),
        codes.numpy(),
        torch.cat(verdicts).numpy(),
        asked.numpy(),
        torch.cat(read).numpy(),
        classes if same else None,
    )


def _asked(question: SheetQuestion, count: int, classes: int) -> Tensor:
    if not classes:
        return torch.full((count,), -1)
    if 0 <= question.wanted < classes:
        return torch.full((count,), question.wanted)
    return torch.arange(count) % classes


def _read(model: Judges, pictures: Tensor) -> Tensor:
    """Return the class that a model reads in each picture, (count,), -1 where it reads none."""
    return model.classify(pictures).argmax(1) if isinstance(model, Classifies) else torch.full((len(pictures),), -1)


def _decoded(model: Decodes, codes: Tensor, labels: Tensor) -> Tensor:
    if not isinstance(model, DecodesClasses):
        return model.decode(codes)
    shares = torch.nn.functional.one_hot(labels, len(model.classes)).float()
    return model.decode_classes(codes, shares)
