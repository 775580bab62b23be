"""The command that lists the runs that are there."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from gendesk.commands.options import Json, folders
from gendesk.engine.throughput import clock
from gendesk.terminal import output, print_json

_MB = 1e6


def runs(
    context: typer.Context,
    sizes: Annotated[bool, typer.Option("--sizes", help="Say how much room each run takes on the disk.")] = False,
    as_json: Json = False,
) -> None:
    """List all runs, oldest first."""
    from gendesk.engine.run_store import DamagedRun, RunStore

    found = list(RunStore(folders(context).runs).scan())
    if as_json:
        print_json(
            [
                {
                    **(
                        {"run": run.folder.name, "folder": str(run.folder), "state": "damaged", "message": run.reason}
                        if isinstance(run, DamagedRun)
                        else run.summary()
                    ),
                    **({"bytes": _size(run.folder)} if sizes else {}),
                }
                for run in found
            ]
        )
        return
    if not found:
        output.print("There are no runs yet; start one with: gendesk train.")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("run", "state", "step", "trained for", *(("MB",) if sizes else ()), "metrics"):
        right = heading in ("step", "trained for", "MB")
        table.add_column(heading, justify="right" if right else "left", no_wrap=heading != "metrics")
    for run in found:
        room = (f"{_size(run.folder) / _MB:,.1f}",) if sizes else ()
        if isinstance(run, DamagedRun):
            table.add_row(run.folder.name, "damaged", "", "", *room, run.reason)
        else:
            shown = ", ".join(f"{key} {value:.4g}" for key, value in run.record.metrics.items() if "/" not in key)
            table.add_row(run.id, str(run.state), f"{run.record.step:,}", clock(run.record.seconds), *room, shown)
    output.print(table)


def _size(folder: Path) -> int:
    """Return the bytes of all files of a run, with what it has made beside its weights; links count as themselves."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += Path(place, name).lstat().st_size
            except OSError:  # a run in training forgets its oldest states
                continue
    return total
