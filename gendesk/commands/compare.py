"""The command that holds the pictures of several trained models against their data, and against each other."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from gendesk.commands.options import Json
from gendesk.errors import GendeskError, InputError
from gendesk.terminal import errors, output, print_json, stop_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gendesk.engine.comparison import RunReading
    from gendesk.engine.comparison_table import Measured
    from gendesk.engine.engine import Engine
    from gendesk.engine.runs import Run

_COUNT, _MOST = 1000, 50_000
_MOST_RUNS = 8


def compare(
    context: typer.Context,
    run_ids: Annotated[list[str], typer.Argument(metavar="RUN RUN ...", help="Two to eight runs, by id or beginning.")],
    count: Annotated[int, typer.Option(help="How many pictures on each side.")] = _COUNT,
    seed: Annotated[int, typer.Option(help="Another seed gives other samples.")] = 1,
    features: Annotated[
        bool, typer.Option("--features", help="Train the feature network where there is none.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare the pictures of trained models: sharpness, diversity, distances to the data, and training time."""
    from gendesk.engine.comparison import read_run
    from gendesk.engine.engine import Engine
    from gendesk.engine.scores.scores import FEWEST_PICTURES

    if not 2 <= len(run_ids) <= _MOST_RUNS:
        raise InputError(f"From 2 to {_MOST_RUNS} runs can be compared (given: {len(run_ids)}).")
    if not FEWEST_PICTURES <= count <= _MOST:
        raise InputError(f"--count must be from {FEWEST_PICTURES} to {_MOST:,} (given: {count}).")
    if not 0 <= seed < 2**63:
        raise InputError(f"--seed must be from 0 to {2**63 - 1:,} (given: {seed}).")
    with stop_signals() as signals:
        engine = Engine(context.obj)
        runs = [engine.runs.find(run_id) for run_id in run_ids]
        if features:
            _train_features(engine, runs, signals)
        readings = [read_run(run) for run in runs]
        measured, problems = _measure(engine, runs, count, seed, signals)
    if as_json:
        from gendesk.engine.comparison_table import facts

        found = zip(readings, measured, problems, strict=True)
        print_json({"count": count, "seed": seed, "runs": [facts(*one) for one in found]})
        return
    _print(readings, measured, problems)


def _train_features(engine: "Engine", runs: "Sequence[Run]", signals: list[int]) -> None:
    for run in runs:
        config = run.record.config
        engine.features.get(config.data, config.data_options, told=errors.print, cancelled=lambda: bool(signals))


def _measure(
    engine: "Engine", runs: "Sequence[Run]", count: int, seed: int, signals: list[int]
) -> "tuple[list[Measured | None], list[str]]":
    """Measure one run after the other; one that cannot be gets a sentence."""
    from gendesk.engine.comparison_scores import ScoreWish, measure

    measured: list[Measured | None] = []
    problems = []
    for run in runs:
        with _progress(run.id, signals) as report:
            try:
                found = measure(engine.load_model(run.id), engine.run_data(run.id), ScoreWish(count, seed, report))
            except GendeskError as error:
                measured.append(None)
                problems.append(str(error))
            else:
                measured.append(found)
                problems.append("")
    return measured, problems


@contextlib.contextmanager
def _progress(text: str, signals: list[int]) -> "Iterator[Callable[[float], None]]":
    """Show a bar for one run, and give what is told its share; Ctrl-C ends it."""
    with Progress(console=errors, transient=True) as bar:
        task = bar.add_task(text, total=1.0)

        def report(share: float) -> None:
            if signals:
                raise typer.Abort
            bar.update(task, completed=share)

        yield report


def _print(readings: "Sequence[RunReading]", measured: "Sequence[Measured | None]", problems: list[str]) -> None:
    from gendesk.engine.comparison import run_names
    from gendesk.engine.comparison_table import comparable, compared_numbers

    table = Table(box=None, pad_edge=False)
    table.add_column("", no_wrap=True)
    for name in run_names([one.run for one in readings]):
        table.add_column(name, justify="right")
    for row in compared_numbers(readings, measured):
        texts = [f"{text} *" if index in row.best else text for index, text in enumerate(row.texts)]
        table.add_row(row.title, *texts)
    output.print(table)
    known = [one for one in measured if one is not None]
    if any(one.best for one in compared_numbers(readings, measured)):
        output.print("* the best of the row")
    if known and not comparable(measured):
        output.print("These runs were not scored alike (other data, features or counts), so none is called the best.")
    if any(not one.by_features for one in known):
        output.print("Without a feature network for the data only pixels are compared; --features trains one first.")
    for one, problem in zip(readings, problems, strict=True):
        if problem:
            output.print(f"{one.run.id}: {problem}")
