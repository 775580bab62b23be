"""The headless door: the same engine as the window's, a progress bar, and errors in one sentence."""

import sys
from typing import Annotated

import typer

from gendesk import __version__
from gendesk.commands import (
    about,
    compare,
    data,
    exam,
    exchange,
    features,
    play,
    ports,
    queue,
    runs,
    sample,
    score,
    stages,
    training,
)
from gendesk.errors import GendeskError, InputError
from gendesk.logs import start_logging
from gendesk.paths import data_dir as find_data_dir
from gendesk.terminal import errors, output

app = typer.Typer(no_args_is_help=False, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


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
    start_logging(context.obj / "logs")
    if context.invoked_subcommand is None:
        raise InputError("The window takes --tab FAMILY and --data-dir DIR only; see: gendesk --help.")
    if tab:
        raise InputError("--tab belongs to the window and cannot stand before a command.")


app.command("list")(about.list_command)
app.command()(training.train)
app.command()(training.resume)
app.command()(training.stop)
app.add_typer(queue.app, name="queue")
app.command()(sample.sample)
app.command()(runs.runs)
app.command()(stages.stages)
app.command("export")(exchange.export)
app.command("import")(exchange.import_command)
app.command()(data.data)
app.command()(features.features)
app.command()(score.score)
app.command()(compare.compare)
app.command()(exam.exam)
app.command()(play.play)
app.command()(ports.ports)
app.command()(about.doctor)
