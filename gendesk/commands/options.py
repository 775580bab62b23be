"""Options that several commands share, and the config that they amount to."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gendesk.config import parse_assignments
from gendesk.errors import InputError
from gendesk.preferences import Folders, preferences_file
from gendesk.terminal import errors

if TYPE_CHECKING:
    from gendesk.engine.engine import Engine
    from gendesk.engine.run_config import RunConfig

Json = Annotated[bool, typer.Option("--json", help="End with one JSON object on standard output.")]
RunId = Annotated[str, typer.Argument(metavar="RUN", help="An id, a unique beginning of one, or: latest.")]
RecipeId = Annotated[str, typer.Argument(metavar="[RECIPE]", help="What to train; see: gendesk list.")]
Preset = Annotated[str, typer.Option(help="A named set of values; the first one listed is the default.")]
Data = Annotated[str, typer.Option(metavar="NAME|PATH", help="A data set's name, or a folder or file.")]
Assignments = Annotated[list[str], typer.Option("--set", metavar="FIELD=VALUE", help="Change one setting.")]
Steps = Annotated[int, typer.Option(help="Train for this many steps.")]
Epochs = Annotated[float, typer.Option(help="Train for this many passes over the data.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:N or mps.")]
Seed = Annotated[int | None, typer.Option(help="Where all randomness starts.")]
Name = Annotated[str, typer.Option(help="A name for the run.")]


def folders(context: typer.Context) -> Folders:
    """Return where runs, data sets and plugins are kept; says on standard error what cannot be used."""
    preferences, note = preferences_file(context.obj).load()
    found, problem = preferences.folders(context.obj)
    for sentence in filter(None, (note, problem)):
        errors.print(f"gendesk: {sentence}")
    return found


def chosen_values(assignments: list[str], **given: Any) -> dict[str, Any]:
    """Return the settings that a person named, in options of their own or as --set; raises InputError."""
    if given["steps"] and given["epochs"]:
        raise InputError("Give --steps or --epochs, not both.")
    named = {key: value for key, value in given.items() if value not in (0, "", None) or (key, value) == ("seed", 0)}
    return {**parse_assignments(assignments), **named}


def chosen_config(
    engine: "Engine", recipe: str, preset: str, data: str, name: str, values: dict[str, Any]
) -> "RunConfig":
    """Return the complete config of a run; raises InputError."""
    base = engine.config(recipe, preset, data, name)
    return base.with_values(engine.families.recipe(recipe).load().Config, values)
