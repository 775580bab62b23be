"""The command that lets a trained driver race on held-out tracks."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn

from gendesk.commands.options import Json, RunId
from gendesk.terminal import errors, output, print_json, stop_signals

if TYPE_CHECKING:
    from gendesk.engine.exams import ExamReport, TrackScore
    from gendesk.engine.runs import Run

_WIDTH = 40


def exam(
    context: typer.Context,
    run_id: RunId,
    tracks: Annotated[int, typer.Option(help="On how many of the held-out tracks, from the first on.")] = 100,
    as_json: Json = False,
) -> None:
    """Let a trained driver race on tracks that it was never trained on: mean, deviation and histogram of its scores.

    A track scores the same in every repetition. The result is kept in the run; Ctrl-C ends it and keeps nothing.
    """
    with stop_signals() as signals:
        from gendesk.engine.engine import Engine
        from gendesk.engine.exams import add_exam
        from gendesk.errors import InputError

        engine = Engine(context.obj)
        run = engine.runs.find(run_id)
        report = _examined(engine.load_model(run.id), run, tracks, signals)
        try:
            add_exam(run.folder, report)
        except OSError as error:
            raise InputError(f"The exam cannot be kept in {run.folder}: {error.strerror or error}.") from error
    if as_json:
        print_json({"run": run.id, **report.facts()})
    else:
        _print(run, report)


def _examined(model: object, run: "Run", count: int, signals: list[int]) -> "ExamReport":
    from gendesk.engine.control import StepInterrupted
    from gendesk.engine.exams import sit_exam
    from gendesk.engine.recipe import Model
    from gendesk.errors import RunError

    assert isinstance(model, Model)
    scores: list[float] = []
    columns = TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[text]}")
    with Progress(*columns, console=errors, transient=True) as bar:
        task = bar.add_task(run.id, total=count, text="the first races are under way")

        def told(one: "TrackScore") -> None:
            scores.append(one.score)
            text = f"{len(scores)} of {count} tracks, mean {sum(scores) / len(scores):.0f}"
            bar.update(task, completed=len(scores), text=text)

        try:
            return sit_exam(model, run.record, run.steps_saved()[-1], count, told, lambda: bool(signals))
        except StepInterrupted as error:
            raise typer.Abort from error
        except RunError as error:
            if signals:  # a process that was only starting has heard Ctrl-C itself
                raise typer.Abort from error
            raise


def _print(run: "Run", report: "ExamReport") -> None:
    from gendesk.engine.throughput import clock

    count = len(report.tracks)
    output.print(f"{run.id} at step {report.step:,} on {count} held-out tracks, in {clock(report.seconds)}:")
    output.print(f"  mean {report.mean:.1f} ± {report.deviation:.1f}")
    output.print(f"  lowest {report.lowest:.1f}, highest {report.highest:.1f}, {report.share_above():.0%} above 900")
    chart = report.histogram()
    bins, most = chart.values.shape[1], max(1.0, float(chart.values.max()))
    width = (chart.high - chart.low) / bins
    for place, number in enumerate(chart.values[0].tolist()):
        low = chart.low + place * width
        output.print(f"  {low:6.0f} to {low + width:5.0f}  {'█' * round(number / most * _WIDTH)} {number:.0f}")
