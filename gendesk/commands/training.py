"""Commands that train: start a run, go on with one, stop one that another process trains."""

from typing import Annotated

import typer

from gendesk.commands.options import (
    Assignments,
    Data,
    Device,
    Epochs,
    Json,
    Name,
    Preset,
    RecipeId,
    RunId,
    Seed,
    Steps,
    chosen_config,
    chosen_values,
    folders,
)
from gendesk.errors import InputError
from gendesk.terminal import follow, output, stop_signals


def train(
    context: typer.Context,
    recipe: RecipeId = "vae",
    preset: Preset = "",
    data: Data = "",
    assignments: Assignments = [],  # noqa: B006 (typer copies it)
    steps: Steps = 0,
    epochs: Epochs = 0.0,
    device: Device = "",
    seed: Seed = None,
    name: Name = "",
    as_json: Json = False,
) -> int:
    """Train a recipe; Ctrl-C stops after the current step and keeps the model."""
    values = chosen_values(assignments, steps=steps, epochs=epochs, device=device, seed=seed)
    with stop_signals() as signals:
        from gendesk.engine.engine import Engine

        engine = Engine(context.obj)
        config = chosen_config(engine, recipe, preset, data, name, values)
        if signals:
            raise KeyboardInterrupt
        return follow(engine, engine.start(config, at_once=True), signals, as_json=as_json)


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
        return follow(engine, engine.resume(run_id, steps, at_once=True), signals, as_json=as_json)


def stop(context: typer.Context, run_id: RunId) -> None:
    """Ask whoever trains a run, a window or a command, to stop it after the current step and save."""
    from gendesk.engine.run_store import RunStore

    run = RunStore(folders(context).runs).find(run_id)
    if not run.in_use:
        raise InputError(f"The run {run.id} is not in training.")
    run.stop_file.touch()
    output.print(f"{run.id} stops after its current step.")
