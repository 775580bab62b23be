"""How fluidly a piano roll scrolls, zooms, plays and is dragged with 10,000 notes.

    python tests/benchmarks/piano_roll.py [--quick] [--notes 10000] [--size 1280x800]

A frame is the time from the change of the view until everything is painted, without a screen. JSON lines, in ms: for
each kind of frame p50, p95 and worst on the clock, and `work_p95`, the time that the core has worked for it, the same
when other programs keep the machine busy; then the same for all of them, and at the end for an edit of one note.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from gendesk.music.score import Note, Score, Track
from gendesk.widgets.piano_roll import editing
from gendesk.widgets.piano_roll.roll import PianoRoll


def score(notes: int) -> Score:
    """Make a dense piece of four tracks: one has half of the notes, about four sound at a time."""
    random = np.random.default_rng(1)
    tracks = []
    for number, share in enumerate((0.5, 0.2, 0.2, 0.1)):
        count = round(notes * share)
        starts = np.sort(random.integers(0, notes, count)) / 4
        pitches = np.clip(random.normal(72 - 8 * number, 7, count), 0, 127).astype(int)
        lengths, velocities = random.choice([0.25, 0.5, 1.0, 2.0], count), random.integers(30, 120, count)
        table = zip(starts.tolist(), pitches.tolist(), lengths.tolist(), velocities.tolist(), strict=True)
        tracks.append(Track(channel=number).with_notes(Note(*row) for row in table))
    return Score(tuple(tracks))


def frames(roll: PianoRoll, steps: int) -> Iterator[tuple[str, Callable[[], None]]]:
    """Yield kinds of frames with what makes the next one."""
    view = roll.viewport
    there_and_back = [(-1) ** (number // 30) for number in range(steps)]
    roll.show_everything()
    for _ in range(steps):
        yield "zoom in from everything", partial(view.zoom, 1.06, 400)
    for _ in range(steps):
        yield "scroll in time", partial(view.pan, 40, 0)
    for sign in there_and_back:
        yield "scroll in pitch", partial(view.pan, 0, 8 * sign)
    roll.show_everything()
    view.zoom(4, 0)
    for _ in range(steps):
        yield "scroll, far out", partial(view.pan, 10, 0)
    roll.show_everything()
    for sign in there_and_back:
        yield "zoom rows, everything", partial(view.zoom_rows, 1.02**sign)
    roll.set_follow(False)
    for number in range(steps):
        yield "playhead", partial(roll.set_position, number / 15)
    notes = roll.document.notes[:200]
    roll.select(notes)
    for number in range(steps):
        yield "drag 200 notes", partial(drag, roll, notes, number / 8, number % 3)
    roll.document.drop_draft()


def drag(roll: PianoRoll, notes: tuple[Note, ...], beats: float, pitches: int) -> None:
    roll.document.preview(editing.moved(notes, beats, pitches))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--notes", type=int, default=10_000)
    parser.add_argument("--size", default="1280x800")
    arguments = parser.parse_args()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    roll = PianoRoll()
    roll.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    roll.resize(*(int(length) for length in arguments.size.split("x")))
    piece = score(arguments.notes)
    roll.show()
    started = time.perf_counter()
    roll.set_score(piece)
    app.processEvents()
    print(json.dumps({"frame": "first", "ms": round((time.perf_counter() - started) * 1000, 1)}))
    times: dict[str, list[tuple[float, float]]] = {}
    for kind, change in frames(roll, 30 if arguments.quick else 120):
        times.setdefault(kind, []).append(timed(change))
    for kind, taken in times.items():
        print(json.dumps({"frame": kind, **summary(taken)}))
    print(json.dumps({"frame": "all", **summary([one for taken in times.values() for one in taken])}))
    roll.select(roll.document.notes[:1])
    edits = [timed(partial(nudge, roll)) for _ in range(10)]
    print(json.dumps({"frame": "edit of one note", **summary(edits)}))
    roll.close()


def nudge(roll: PianoRoll) -> None:
    roll.document.change(editing.moved(roll.selection, 0.25, 0))


def timed(change: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds on the clock, and those of work, that a change takes until it is painted."""
    started, work = time.perf_counter(), time.process_time()
    change()
    QApplication.processEvents()
    return (time.perf_counter() - started) * 1000, (time.process_time() - work) * 1000


def summary(taken: list[tuple[float, float]]) -> dict[str, float]:
    clock, work = np.array(taken).T
    p50, p95 = np.percentile(clock, (50, 95))
    values = {"p50": p50, "p95": p95, "worst": clock.max(), "work_p95": np.percentile(work, 95)}
    return {"count": len(taken), **{name: round(float(value), 2) for name, value in values.items()}}


if __name__ == "__main__":
    main()
