"""How late notes are sent while a model trains on all cores, against the ideal clock.

Two thousand sixteenths at 140 beats a minute go to an output that notes the time. The model trains beside, first in a
thread of this process, as in gendesk's window, then in a process of its own, as from the command line. Lateness counts
from the moment at which play was asked for, so it holds everything that a listener would notice, also drift.

    python tests/benchmarks/jitter.py [--quick] [--plain | --unprivileged]

`--plain` leaves the thread the priority and the interpreter the switch interval that they have anyway; `--unprivileged`
takes only the priority away, as on a system that does not grant real-time scheduling. The last line is JSON: for each
case the p50, p99 and worst lateness in milliseconds, and the training's steps per second.
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

BPM = 140.0
SETTLE = 2.0


def train(over: Any, steps: Any) -> None:
    """Train a small convolutional network on noise until told to stop: many short calls, as most recipes make."""
    import torch
    from torch import nn

    torch.set_num_threads(os.cpu_count() or 1)
    net = nn.Sequential(
        *(nn.Conv2d(1, 32, 3, 2, 1), nn.ReLU(), nn.Conv2d(32, 64, 3, 2, 1), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(64 * 49, 128), nn.ReLU(), nn.Linear(128, 10)),
    )
    optimizer = torch.optim.Adam(net.parameters())
    images, labels = torch.randn(64, 1, 28, 28), torch.randint(10, (64,))
    while not over.is_set():
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(images), labels).backward()
        optimizer.step()
        steps.value += 1


class Count:
    """Stands for a number that processes share."""

    value = 0


def play(notes: int) -> list[float]:
    """Play sixteenths and return by how many milliseconds each note was late."""
    from gendesk.music.player import Player
    from gendesk.music.score import Note, Score, Tempo, Track
    from tests.support.outputs import RecordingOutput

    output = RecordingOutput()
    track = Track(tuple(Note(0.25 * number, 60, 0.2) for number in range(notes)))
    with Player(output) as player:
        player.set_score(Score((track,), tempos=(Tempo(0.0, BPM),)))
        asked = time.perf_counter()
        player.play()
        player.wait()
    return [(came - asked - number * 15 / BPM) * 1000 for number, came in enumerate(output.times())]


def measure(case: str, notes: int) -> dict[str, float]:
    """Train in a "thread" or a "process", or not at all, and play."""
    import numpy as np

    if case == "thread":
        over: Any = threading.Event()
        steps: Any = Count()
        worker: Any = threading.Thread(target=train, args=(over, steps))
    else:
        context = multiprocessing.get_context("spawn")
        over, steps = context.Event(), context.Value("q", 0, lock=False)
        worker = context.Process(target=train, args=(over, steps))
    if case != "nothing":
        worker.start()
        while not steps.value:
            time.sleep(0.05)
        time.sleep(SETTLE)
    began, before = time.perf_counter(), steps.value
    late = play(notes)
    rate = (steps.value - before) / (time.perf_counter() - began)
    over.set()
    if case != "nothing":
        worker.join()
    p50, p99 = np.quantile(late, [0.5, 0.99])
    found = {"p50": p50, "p99": p99, "worst": max(late), "steps_per_second": rate, "notes": len(late)}
    return {name: round(float(value), 3) for name, value in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--unprivileged", action="store_true")
    options = parser.parse_args()
    notes = 150 if options.quick else 2000
    found = {}
    with contextlib.ExitStack() as without:
        if options.plain:
            without.enter_context(mock.patch("gendesk.music.player.punctual"))
        if options.unprivileged:
            without.enter_context(mock.patch("os.sched_setscheduler", side_effect=PermissionError))
        for case in ("nothing", "thread", "process"):
            found[case] = measure(case, notes)
            print(case, found[case], flush=True)
    print(json.dumps({"load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None, **found}))


if __name__ == "__main__":
    main()
