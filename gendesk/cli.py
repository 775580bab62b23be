"""The headless door: the same engine as the window's, a progress bar, and errors in one sentence."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from gendesk import __version__
from gendesk.config import parse_assignments
from gendesk.engine.throughput import clock
from gendesk.errors import GendeskError, InputError
from gendesk.paths import data_dir as find_data_dir
from gendesk.terminal import errors, follow, output, print_json, stop_signals

app = typer.Typer(no_args_is_help=False, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
Json = Annotated[bool, typer.Option("--json", help="End with one JSON object on standard output.")]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="An id, a unique beginning of one, or: latest.")]


def run(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit code: 0, 1 for a failed run, 2 for bad input."""
    words = _data_dir_first(sys.argv[1:] if arguments is None else arguments)
    try:
        result = app(words, standalone_mode=False)
    except GendeskError as error:
        errors.print(f"gendesk: {error}")
        return error.exit_code
    except OSError as error:
        errors.print(f"gendesk: {error.filename or 'A file'} cannot be used: {error.strerror or error}.")
        return InputError.exit_code
    except typer.Abort:
        return 130
    except Exception as error:
        show = getattr(error, "format_message", None)
        if show is None:
            raise
        sentence = " ".join(show().split())
        errors.print(f"gendesk: {sentence}" if sentence.endswith((".", "?")) else f"gendesk: {sentence}.")
        return int(getattr(error, "exit_code", 2))
    return result if isinstance(result, int) else 0


def _data_dir_first(words: list[str]) -> list[str]:
    """Let --data-dir stand anywhere, also behind the command, where people write it."""
    for index, word in enumerate(words):
        if word == "--data-dir" and index + 1 < len(words):
            return [word, words[index + 1], *words[:index], *words[index + 2 :]]
        if word.startswith("--data-dir="):
            return [word, *words[:index], *words[index + 1 :]]
    return words


def _version(wanted: bool) -> None:
    if wanted:
        output.print(f"gendesk {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def gendesk(
    context: typer.Context,
    data_dir: Annotated[
        str,
        typer.Option("--data-dir", metavar="DIR", help="Where gendesk keeps runs and data (also GENDESK_DATA_DIR)."),
    ] = "",
    tab: Annotated[str, typer.Option("--tab", metavar="FAMILY", help="The tab that the window opens with.")] = "",
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Learn, train and play with generative models. Without a command, the window opens."""
    context.obj = find_data_dir(data_dir or None)
    if context.invoked_subcommand is None:
        raise InputError("The window takes --tab FAMILY and --data-dir DIR only; see: gendesk --help.")
    if tab:
        raise InputError("--tab belongs to the window and cannot stand before a command.")


@app.command("list")
def list_command(context: typer.Context, as_json: Json = False) -> None:
    """List families, recipes, presets and data sets."""
    from gendesk.data.catalogue import catalogue
    from gendesk.engine.families import find_families

    families = find_families(context.obj / "plugins")
    if as_json:
        listed = [
            {
                "id": family.id,
                "title": family.title,
                "summary": family.summary,
                "error": family.error,
                "recipes": [
                    {
                        "id": recipe.id,
                        "title": recipe.title,
                        "summary": recipe.summary,
                        "data": str(recipe.data),
                        "default_data": recipe.default_data,
                        "presets": list(recipe.presets),
                    }
                    for recipe in family.recipes
                ],
            }
            for family in families
        ]
        datasets = [
            {"name": entry.name, "title": entry.title, "kind": str(entry.kind), "summary": entry.summary}
            for entry in catalogue()
        ]
        print_json({"families": listed, "datasets": datasets})
        return
    for family in families:
        table = Table(title=family.title, title_justify="left", title_style="bold", box=None, pad_edge=False)
        for heading in ("recipe", "presets", "data", "what it does"):
            table.add_column(heading, style="cyan" if heading == "recipe" else "", no_wrap=heading != "what it does")
        for recipe in family.recipes:
            table.add_row(recipe.id, ", ".join(recipe.presets), recipe.default_data, recipe.summary)
        output.print(table if not family.error else family.error)
    output.print("\nData sets")
    for entry in catalogue():
        output.print(f"  {entry.name}: {entry.summary}")


@app.command()
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


@app.command()
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


@app.command()
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


@app.command()
def runs(context: typer.Context, as_json: Json = False) -> None:
    """List all runs, oldest first."""
    from gendesk.engine.runs import DamagedRun, RunStore

    found = list(RunStore(context.obj / "runs").scan())
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


@app.command()
def doctor(context: typer.Context, as_json: Json = False) -> None:
    """Show the environment: versions, devices, display, sound, MIDI and folders."""
    from gendesk.engine.environment import environment

    facts = environment(context.obj)
    if as_json:
        print_json(facts)
        return
    for title, values in facts.items():
        output.print(title, style="bold")
        for key, value in values.items():
            output.print(f"  {key}: {value}")
