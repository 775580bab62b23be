"""Whole pieces of a trained model, for files: what the command line asks for."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np
import torch

from gendesk.engine.capabilities import Composes, Composing
from gendesk.engine.music.console import Orchestra
from gendesk.engine.music.excerpts import score_of
from gendesk.engine.recipe import Model
from gendesk.errors import InputError
from gendesk.music.score import Score

MOST = 1_000
"""Pieces that are made at once."""


@dataclass(frozen=True, eq=False)
class Order:
    """How many pieces, and how; `begun` is what each of them begins with. Raises InputError for what cannot be."""

    count: int = 1
    seed: int = 1
    composing: Composing = field(default_factory=Composing)
    begun: Score | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST:
            raise InputError(f"There must be 1 to {MOST:,} pieces (given: {self.count:,}).")


def goes_on(model: Model) -> bool:
    """Whether a model composes step by step behind a beginning; one with an orchestra makes whole bars at once.

    Raises InputError for a model that makes no music.
    """
    if isinstance(model, Composes):
        return True
    if isinstance(model, Orchestra):
        return False
    raise InputError("This model makes no music.")


def pieces(model: Model, order: Order, title: str = "", cancelled: Callable[[], bool] = lambda: False) -> list[Score]:
    """Return the pieces of an order, called `title` and their number; the same order gives the same ones.

    Piece number `n`, from 0, of a model that composes is drawn from the random numbers of (seed, n), wherever it is
    composed. `cancelled` is asked after every step. Raises InputError for a model that makes no music, and where it was
    cancelled.
    """
    make = _composed if goes_on(model) else _performed
    made = make(model, order, cancelled)
    titles = [title] if len(made) == 1 else [f"{title} {number}".strip() for number in range(1, len(made) + 1)]
    return [replace(piece, title=name) for piece, name in zip(made, titles, strict=True)]


def _composed(model: Model, order: Order, cancelled: Callable[[], bool]) -> list[Score]:
    composer = cast(Composes, model)
    made = []
    for number in range(order.count):
        steps = []
        random = np.random.default_rng((order.seed, number))
        for step in composer.compose(order.begun, order.composing, random):
            steps.append(step)
            if cancelled():
                raise InputError("Stopped, and nothing was written.")
        made.append(composer.joined(order.begun, steps))
    return made


def _performed(model: Model, order: Order, _: Callable[[], bool]) -> list[Score]:
    """Return excerpts as an orchestra plays them: of each voice the loudest pitch."""
    orchestra = cast(Orchestra, model)
    generator = torch.Generator().manual_seed(order.seed)
    with torch.inference_mode():
        music = orchestra.perform(orchestra.random_codes(order.count, generator))
    return [score_of(grid.argmax(2).to(torch.int8).cpu().numpy()) for grid in music]
