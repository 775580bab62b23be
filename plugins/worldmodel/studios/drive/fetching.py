"""What the studio asks a run for: a copy of its model to drive with, and in which order its controller was evolved."""

import copy
from typing import cast

from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.engine.run_store import read_record
from gendesk.engine.runs import RECORD_FILE

from ...dream import Order
from ...models import WorldModel


def copied(model: Model, _: object = None) -> WorldModel | None:
    """Return a copy that nobody else changes, None for a model of another family."""
    if not isinstance(model, WorldModel):
        return None
    mine = copy.deepcopy(model).eval().cpu()
    return mine.requires_grad_(requires_grad=False)


def order_of(_model: Model, data: RunData, _: object = None) -> Order:
    """Return the order of the run's controller, as its settings say; the paper's where they say nothing."""
    settings = read_record(data.folder / RECORD_FILE, data.folder.name).config.config
    order = settings.get("order", "paper")
    return cast(Order, order) if order in ("paper", "book") else "paper"
