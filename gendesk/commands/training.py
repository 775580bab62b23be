"""Commands that train: start a run, go on with one."""

from typing import Annotated

import typer

from gendesk.commands.options import Json, RunId
from gendesk.config import parse_assignments
from gendesk.errors import InputError
from gendesk.terminal import follow, stop_signals


def train(
    context: typer.Context,
    recipe: Annotated[str, typer.Argument(metavar="[RECIPE]", help="What to train; see: gendesk list.")] = "vae",
    preset: Annotated[str, typer.Option(help="A named set of values; the first one listed is the default.")] = "",
    data: Annotated[str, typer.Option(metavar="NAME|PATH", help="A data set's name, or a folder or file.")] = "",
    assignments: Annotated[list[str], typer.Option("--set", metavar="FIELD=VALUE", help="Change one setting.")] = [],  # noqa: B006 (typer copies it)
    steps: Annotated[int, typer.Option(help="Train for this many steps.")] = 0,
    epochs: Annotated[float, typer.Option(help="Train for this many passes over the data.")] = 0.0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:N or mps.")] = "",
    seed: Annotated[int | None, typer.Option(help="Where all randomness starts.")] = None,
    name: Annotated[str, typer.Option(help="A name for the run.")] = "",
    as_json: Json = False,
) -> int:
    """Train a recipe; Ctrl-C stops after the current step and keeps the model."""
    if steps and epochs:
        raise InputError("Give --steps or --epochs, not both.")
    given = {"steps": steps, "epochs": epochs, "device": device, "seed": seed}
    values = {
        key: value for key, value in given.items() if value not in (0, "", None) or (key == "seed" and value == 0)
    }
    with stop_signals() as signals:
        from gendesk.engine.engine import Engine

        engine = Engine(context.obj)
        base = engine.config(recipe, preset, data, name)
        config_model = engine.families.recipe(recipe).load().Config
        config = base.with_values(config_model, {**parse_assignments(assignments), **values})
        if signals:
            raise KeyboardInterrupt
        return follow(engine, engine.start(config), signals, as_json=as_json)


def resume(
    context: typer.Context,
    run_id: RunId,
    steps: Annotated[int, typer.Option(help="How many more steps; default: to the planned end.")] = 0,
    as_json: Json = False,
) -> int:
    """Go on with a run from its last saved state."""
    if steps < 0:
        raise InputError(f"--steps must be 1 or more (given: {steps}).")
    with stop_signals() as signals:
        from gendesk.engine.engine import Engine

        engine = Engine(context.obj)
        if signals:
            raise KeyboardInterrupt
        return follow(engine, engine.resume(run_id, steps), signals, as_json=as_json)
