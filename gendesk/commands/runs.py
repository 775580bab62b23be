"""The command that lists the runs that are there."""

import typer
from rich.table import Table

from gendesk.commands.options import Json, folders
from gendesk.engine.throughput import clock
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
