"""Commands that take runs to other machines and programs, and take them in again."""

import contextlib
import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn

from gendesk.commands.options import Json, RunId, folders
from gendesk.config import differences
from gendesk.errors import InputError
from gendesk.terminal import errors, output, print_json

if TYPE_CHECKING:
    from gendesk.data.progress import Report
    from gendesk.engine.run_config import RunConfig


def export(
    context: typer.Context,
    run_id: RunId,
    out: Annotated[Path, typer.Option(metavar="FILE", help="What to write; for tensorboard a new folder.")],
    to: Annotated[str, typer.Option(help="zip, safetensors, onnx, tensorboard or gif; default: as FILE ends.")] = "",
    light: Annotated[bool, typer.Option("--light", help="zip: only the newest checkpoint.")] = False,
    best: Annotated[bool, typer.Option("--best", help="safetensors, onnx: the best weights, not the newest.")] = False,
    preview: Annotated[str, typer.Option(metavar="NAME", help="gif: which pictures; default: samples.")] = "",
    seconds: Annotated[float, typer.Option(help="gif: how long it plays.")] = 10.0,
    as_json: Json = False,
) -> None:
    """Write a run to a file: all of it, its weights, its model, its curves or its pictures."""
    from gendesk.engine.exchange import ExportKind, ExportOptions, export_run, kind_of_file
    from gendesk.engine.families import find_families
    from gendesk.engine.run_store import RunStore

    if to and to not in list(ExportKind):
        raise InputError(f"--to must be one of {', '.join(ExportKind)} (given: {to}).")
    kind = ExportKind(to) if to else kind_of_file(out)
    run = RunStore(folders(context).runs).find(run_id)

    families = find_families(folders(context).plugins)
    with _progress() as report:
        result = export_run(run, kind, out, families, ExportOptions(light, best, preview, seconds), report)
    if as_json:
        files = [str(file) for file in result.files]
        print_json({"run": run.id, "to": str(kind), "files": files, "notes": list(result.notes), **result.facts})
        return
    output.print(f"{run.id}: {', '.join(str(file) for file in result.files)}")
    for part in result.facts.get("parts", ()):
        if "largest_difference" in part:
            output.print(f"  {part['part']}: at most {part['largest_difference']:.2g} apart from the model")
    _print_notes(result.notes)


def import_command(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A zip, a run folder, or a PNG made by gendesk.")],
    as_json: Json = False,
) -> None:
    """Take in a run that was exported or copied, or show the settings that are in a picture."""
    from gendesk.engine.exchange import import_run
    from gendesk.engine.run_store import RunStore

    if path.suffix.lower() == ".png":
        _show_settings(context.obj, path, as_json)
        return
    with _progress() as report:
        result = import_run(RunStore(folders(context).runs), path, report)
    if as_json:
        print_json({**result.run.summary(), "left_out": list(result.left_out), "notes": list(result.notes)})
        return
    output.print(f"{result.run.id}: {result.run.title}, {result.run.state} at step {result.run.record.step:,}.")
    if result.left_out:
        shown = ", ".join(result.left_out[:5]) + (" ..." if len(result.left_out) > 5 else "")
        output.print(f"Left out, because it does not belong to a run: {shown}")
    _print_notes(result.notes)


def _show_settings(data_dir: Path, path: Path, as_json: bool) -> None:
    from gendesk.engine.exchange import settings_of_picture

    config = settings_of_picture(path)
    command = _train_command(data_dir, config)
    if as_json:
        print_json({"picture": str(path), "settings": config.model_dump(mode="json"), "command": command})
        return
    output.print(f"{path.name} was made by {config.recipe} on {config.data}; to train the same again:")
    output.out(command, highlight=False)


def _train_command(data_dir: Path, config: "RunConfig") -> str:
    """Return the command that trains with these settings; raises InputError if there is no such recipe here."""
    from gendesk.engine.engine import Engine

    engine = Engine(data_dir)
    entry = engine.families.recipe(config.recipe)
    preset = config.preset if config.preset in entry.presets else entry.default_preset
    base = engine.config(config.recipe, preset, config.data)
    changed: dict[str, Any] = {name: value for name, value in config.config.items() if base.config.get(name) != value}
    for before, after in ((base.settings, config.settings), (base.data_options, config.data_options)):
        changed |= {name: value for name, (_, value) in differences(before, after).items()}
    words = ["gendesk", "train", config.recipe, "--preset", preset, "--data", config.data]
    words += ["--name", config.name] if config.name else []
    for name, value in changed.items():
        words += ["--set", f"{name}={json.dumps(value)}"]
    return shlex.join(words)


def _print_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        output.print(note)


@contextlib.contextmanager
def _progress() -> "Iterator[Report]":
    columns = TextColumn("{task.description}", markup=False), BarColumn()
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("", total=1.0)

        def report(fraction: float, sentence: str) -> None:
            bar.update(task, completed=fraction, description=sentence)

        yield report
