"""The command that tells how far the stages of a family have come."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from gendesk.commands.options import Json, folders
from gendesk.engine.throughput import clock
from gendesk.errors import InputError
from gendesk.terminal import output, print_json

if TYPE_CHECKING:
    from gendesk.engine.families import Families, RecipeEntry
    from gendesk.engine.stages import Stage


def stages(
    context: typer.Context,
    family: Annotated[str, typer.Argument(metavar="FAMILY", help="A tab whose recipes build on one another.")],
    as_json: Json = False,
) -> None:
    """List the stages of a family, and what of them is done, stale or still to come."""
    from gendesk.engine.families import find_families
    from gendesk.engine.run_store import RunStore
    from gendesk.engine.stages import stages_of

    places = folders(context)
    chain = _chain(find_families(places.plugins), family)
    found = stages_of(chain, RunStore(places.runs).all())
    if as_json:
        print_json([stage.summary() for stage in found])
    else:
        _print(found)


def _chain(families: "Families", family_id: str) -> "tuple[RecipeEntry, ...]":
    from gendesk.engine.stages import chain_of

    chains = {family.id: chain_of(family.recipes) for family in families}
    if family_id not in chains:
        raise InputError(f"There is no family {family_id}; known are {', '.join(chains)}.")
    if not chains[family_id]:
        staged = ", ".join(name for name, chain in chains.items() if chain) or "none"
        raise InputError(f"{family_id} has no stages that build on one another; families that have are: {staged}.")
    return chains[family_id]


def _print(found: "list[Stage]") -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("recipe", "state", "run", "step", "trained for"):
        right = heading in ("step", "trained for")
        # An id that is cut off is good for nothing, so a narrow terminal breaks it.
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    for stage in found:
        numbers = (f"{stage.step:,} / {stage.total_steps:,}", clock(stage.seconds)) if stage.run else ("", "")
        table.add_row(stage.recipe, str(stage.state), stage.run, *numbers)
    output.print(table)
    for stage in found:
        if stage.reason:
            output.print(f"{stage.title}: {stage.reason}")
