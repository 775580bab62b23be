"""Scores in files of the kind that a name's end says: MIDI, sound, MusicXML or a picture of the roll."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import typer
from rich.progress import BarColumn, Progress, TextColumn

from gendesk.errors import InputError
from gendesk.music.score import Score
from gendesk.terminal import errors

Report = Callable[[float], None]
"""Is told which share of something is done, 0 to 1."""

SUFFIXES = (".mid", ".wav", ".png")


def checked(path: Path, suffixes: Sequence[str]) -> Path:
    """Return a path that can be written to, as far as can be told; raises InputError."""
    if path.suffix.lower() not in suffixes:
        known = f"{', '.join(suffixes[:-1])} or {suffixes[-1]}" if len(suffixes) > 1 else suffixes[0]
        raise InputError(f"{path.name} should end in {known}.")
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}.")
    return path


@contextlib.contextmanager
def share_bar(name: str, signals: list[int]) -> Iterator[Report]:
    """Show how far something is; reporting to it ends the program once `signals` holds any."""
    columns = TextColumn("{task.description}", markup=False), BarColumn()
    with Progress(*columns, console=errors, transient=True) as bar:
        task = bar.add_task(name, total=1.0)

        def report(share: float) -> None:
            if signals:
                raise typer.Abort
            bar.update(task, completed=share)

        yield report


def write_scores(scores: Sequence[Score], path: Path, report: Report) -> list[Path]:
    """Write scores, and return the files: one picture of all, or else one file for each, numbered if there are several.

    `report` is told the share of what is written. Raises InputError.
    """
    if path.suffix.lower() == ".png":
        _write_picture(scores, path)
        return [path]
    paths = [path] if len(scores) == 1 else [_numbered(path, number, len(scores)) for number in range(len(scores))]
    for number, (score, target) in enumerate(zip(scores, paths, strict=True)):
        _write(score, target, partial(_report_part, report, number, len(scores)))
        report((number + 1) / len(scores))
    return paths


def _numbered(path: Path, number: int, count: int) -> Path:
    return path.with_name(f"{path.stem}-{number + 1:0{len(str(count))}}{path.suffix}")


def _report_part(report: Report, done: int, count: int, share: float) -> None:
    report((done + share) / count)


def _write(score: Score, path: Path, report: Report) -> None:
    if path.suffix.lower() == ".wav":
        from gendesk.music.rendering import write_wav

        write_wav(score, path, report=report)
    else:
        from gendesk.music.midi_writing import write_midi

        write_midi(score, path)


def _write_picture(scores: Sequence[Score], path: Path) -> None:
    """Paint the rolls one below the other; that needs Qt, and no screen."""
    try:
        from PySide6.QtGui import QGuiApplication

        from gendesk.widgets.piano_roll.sheet import roll_sheet
        from gendesk.widgets.plot.export import write_png
    except ImportError as error:
        raise InputError("A picture of the roll needs PySide6; choose a .mid or .wav file.") from error
    application = QGuiApplication.instance() or QGuiApplication(["gendesk", "-platform", "offscreen"])
    write_png(roll_sheet(scores), path)
    del application  # there must be one until now
