"""What a person sees in a terminal: two consoles, a job's progress, and what came of it."""

import contextlib
import json
import signal
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from gendesk.engine.throughput import clock
from gendesk.errors import InputError

if TYPE_CHECKING:
    from gendesk.engine.engine import Engine
    from gendesk.engine.job import Job

# Paths and titles are shown as they are: no line breaks in them, no markup, no smileys.
errors = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
output = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """Write one line of JSON to standard output."""
    output.out(json.dumps(value), highlight=False)


@contextlib.contextmanager
def stop_signals() -> Iterator[list[int]]:
    """Collect Ctrl-C and SIGTERM; a second Ctrl-C interrupts whatever runs.

    Signals come at any line, so a handler must not touch what could be locked; and importing torch swallows a Ctrl-C.
    """
    received: list[int] = []

    def receive(number: int, _: object) -> None:
        if number == signal.SIGINT and number in received:
            raise KeyboardInterrupt
        received.append(number)

    before = {number: signal.signal(number, receive) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def follow(engine: "Engine", job: "Job", signals: list[int], *, as_json: bool) -> int:
    """Show a job's progress until it is over; it is asked to stop when `signals` holds any. Return the exit code."""
    from gendesk.engine.events import JobState, Mailbox

    mailbox = Mailbox()
    engine.subscribe(mailbox)
    with Progress(*_columns(), console=errors, transient=as_json) as bar:
        task = bar.add_task(job.run.id, total=None, text="starting")
        over = False
        while not over:
            over = job.join(0.1)
            if signals and job.state is not JobState.STOPPING:
                job.stop()
            _show_events(mailbox.drain(), bar, task)
    engine.close()
    failed = job.state is JobState.FAILED
    if failed:
        errors.print(f"gendesk: {job.error}")
    if as_json and job.exit_code != InputError.exit_code:
        print_json(job.run.summary())
    elif not failed:
        _report(job.run)
    return int(job.exit_code)


def follow_queue(engine: "Engine", signals: list[int]) -> int:
    """Train what waits, and say what becomes of each run.

    `signals`, or a window that wants to go on itself, leave the current run first in the queue.
    Return 0, or 1 if a run failed.
    """
    from gendesk.engine.events import JobState, Mailbox, StateChanged
    from gendesk.engine.runs import this_process

    _, began = this_process()
    mailbox = Mailbox()
    engine.subscribe(mailbox)
    failed = False
    with Progress(*_columns(), console=errors) as bar:
        task = bar.add_task("queue", total=None, text="starting")
        if not engine.queue.claimed_since(began):
            engine.runner.wake()
        while not engine.runner.idle:
            time.sleep(0.1)
            if signals or engine.queue.claimed_since(began):
                engine.hand_over()
                engine.runner.close(timeout=600)
            events = mailbox.drain()
            for event in events:
                bar.update(task, description=event.run_id)
                if isinstance(event, StateChanged) and event.state.over:
                    failed = failed or event.state is JobState.FAILED
                    output.print(f"{event.run_id}: {event.message}")
            _show_events(events, bar, task)
    engine.close()
    return int(failed)


def _columns() -> tuple[TextColumn, BarColumn, TextColumn]:
    text = TextColumn("{task.fields[text]}", markup=False)
    return TextColumn("{task.description}", markup=False), BarColumn(), text


def _show_events(events: list[Any], bar: Progress, task: Any) -> None:
    from gendesk.engine.events import JobState, StateChanged, Warned
    from gendesk.engine.events import Progress as Step

    for event in events:
        if isinstance(event, Step):
            bar.update(
                task, total=event.total_steps or None, completed=event.step + event.within, text=_progress_text(event)
            )
        elif isinstance(event, Warned):
            bar.console.print(f"Warning: {event.text} {event.advice}")
        elif isinstance(event, StateChanged) and event.state is JobState.STOPPING:
            bar.update(task, text="stopping after this step")


def _progress_text(step: Any) -> str:
    if step.text and not step.steps_per_second:
        return str(step.text)
    left = f", {clock(step.eta)} left" if step.eta is not None else ""
    text = f"; {step.text}" if step.text and step.within else ""
    return f"{step.step:,} of {step.total_steps:,} steps, {step.steps_per_second:.2g} steps/s{left}{text}"


def _report(run: Any) -> None:
    from gendesk.engine.samples import sample_path, sample_steps

    record = run.record
    output.print(f"{run.state.capitalize()} at step {record.step:,} after {clock(record.seconds)} of training.")
    for name, value in record.metrics.items():
        output.print(f"  {name}: {value:.6g}")
    for name in ("samples", "reconstructions"):
        steps = sample_steps(run.samples, name)
        if steps:
            output.print(f"{name.capitalize()}: {sample_path(run.samples, steps[-1], name)}")
    output.print(f"Run: {run.folder}")
