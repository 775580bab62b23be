"""What the studio asks a run for: a copy of its model to drive with."""

import copy

from gendesk.engine.recipe import Model

from ...models import WorldModel


def copied(model: Model, _: object = None) -> WorldModel | None:
    """Return a copy that nobody else changes, None for a model of another family."""
    if not isinstance(model, WorldModel):
        return None
    mine = copy.deepcopy(model).eval().cpu()
    return mine.requires_grad_(requires_grad=False)
