"""Commands about runs that are there: list them, sample from their models."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from gendesk.commands.options import Json, RunId, folders
from gendesk.engine.throughput import clock
from gendesk.errors import InputError
from gendesk.terminal import output, print_json


def runs(context: typer.Context, as_json: Json = False) -> None:
    """List all runs, oldest first."""
    from gendesk.engine.run_store import DamagedRun, RunStore

    found = list(RunStore(folders(context).runs).scan())
    if as_json:
        print_json(
            [
                {"run": run.folder.name, "folder": str(run.folder), "state": "damaged", "message": run.reason}
                if isinstance(run, DamagedRun)
                else run.summary()
                for run in found
            ]
        )
        return
    if not found:
        output.print("There are no runs yet; start one with: gendesk train.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("run", "state", "step", "trained for", "metrics"):
        right = heading in ("step", "trained for")
        table.add_column(heading, justify="right" if right else "left", no_wrap=heading != "metrics")
    for run in found:
        if isinstance(run, DamagedRun):
            table.add_row(run.folder.name, "damaged", "", "", run.reason)
        else:
            shown = ", ".join(f"{key} {value:.4g}" for key, value in run.record.metrics.items() if "/" not in key)
            table.add_row(run.id, str(run.state), f"{run.record.step:,}", clock(run.record.seconds), shown)
    output.print(table)


def sample(
    context: typer.Context,
    run_id: RunId,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The picture to write, a PNG.")],
    count: Annotated[int, typer.Option(help="How many samples.")] = 36,
    seed: Annotated[int, typer.Option(help="Another seed gives other samples.")] = 1,
    as_json: Json = False,
) -> None:
    """Make new samples with a trained model."""
    from gendesk.engine.engine import Engine
    from gendesk.engine.inference import save_samples

    if not 1 <= count <= 10_000:
        raise InputError(f"--count must be from 1 to 10,000 (given: {count}).")
    if not 0 <= seed < 2**63:
        raise InputError(f"--seed must be from 0 to {2**63 - 1:,} (given: {seed}).")
    if out.suffix.lower() != ".png":
        raise InputError(f"Samples of this model are written as PNG; call the file {out.with_suffix('.png').name}.")
    engine = Engine(context.obj)
    chosen = engine.runs.find(run_id)
    save_samples(engine.load_model(chosen.id), chosen, count, seed, out)
    if as_json:
        print_json({**chosen.summary(), "out": str(out), "count": count, "seed": seed})
        return
    output.print(f"{count} samples of {chosen.id}: {out}")
