"""Commands about the queue: the runs that wait to be trained, one after the other."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

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
from gendesk.terminal import follow_queue, output, print_json, stop_signals

if TYPE_CHECKING:
    from gendesk.engine.engine import Engine

app = typer.Typer(no_args_is_help=True, help="Train several runs, one after the other.")


def _engine(context: typer.Context) -> "Engine":
    from gendesk.engine.engine import Engine

    engine = Engine(context.obj)
    engine.runner.held = True
    return engine


@app.command("list")
def list_command(context: typer.Context, as_json: Json = False) -> None:
    """List what waits and what trains, in order."""
    from gendesk.engine.run_queue import RunQueue
    from gendesk.engine.run_store import RunStore
    from gendesk.errors import StoredDataError

    store = RunStore(folders(context).runs)
    rows: list[dict[str, Any]] = []
    for entry in RunQueue(context.obj).entries():
        try:
            rows.append(store.open(entry.run).summary())
        except StoredDataError as error:
            rows.append({"run": entry.run, "name": "", "state": "damaged", "message": str(error)})
    if as_json:
        print_json(rows)
        return
    if not rows:
        output.print("The queue is empty; add a run with: gendesk queue add.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("run", "name", "state"):
        table.add_column(heading, no_wrap=True)
    for row in rows:
        table.add_row(row["run"], row["name"], row["state"])
    output.print(table)


@app.command()
def add(
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
) -> None:
    """Put a new run at the end; it keeps the settings that it is given now."""
    values = chosen_values(assignments, steps=steps, epochs=epochs, device=device, seed=seed)
    engine = _engine(context)
    run = engine.enqueue(chosen_config(engine, recipe, preset, data, name, values))
    engine.close()
    if as_json:
        print_json(run.summary())
    else:
        output.print(f"{run.id} waits; train it with: gendesk queue run.")


@app.command()
def remove(context: typer.Context, run_id: RunId) -> None:
    """Take a waiting run out; its folder stays."""
    engine = _engine(context)
    run = engine.runs.find(run_id)
    if run.in_use:
        raise InputError(f"The run {run.id} is in training; stop it with: gendesk stop {run.id}.")
    if all(entry.run != run.id for entry in engine.queue.entries()):
        raise InputError(f"The run {run.id} is not in the queue.")
    engine.withdraw(run.id)
    engine.close()
    output.print(f"{run.id} is out of the queue.")


@app.command()
def move(
    context: typer.Context,
    run_id: RunId,
    place: Annotated[int, typer.Argument(metavar="PLACE", help="1 is the next one.")],
) -> None:
    """Put a waiting run at another place."""
    engine = _engine(context)
    run = engine.runs.find(run_id)
    ids = [entry.run for entry in engine.queue.entries()]
    if run.id not in ids:
        raise InputError(f"The run {run.id} is not in the queue.")
    if not 1 <= place <= len(ids):
        raise InputError(f"PLACE must be from 1 to {len(ids)} (given: {place}).")
    engine.queue.move(run.id, place - 1)
    engine.close()
    output.print(f"{run.id} is now number {place}.")


@app.command()
def run(context: typer.Context) -> int:
    """Train until the queue is empty; Ctrl-C saves and leaves the current run first in the queue."""
    with stop_signals() as signals:
        from gendesk.engine.engine import Engine

        engine = Engine(context.obj)
        if signals:
            raise KeyboardInterrupt
        return follow_queue(engine, signals)
