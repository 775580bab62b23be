"""Processes that train, sample or export until they are killed, started quickly: torch is imported once for all."""

import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from gendesk.data.library import DataLibrary
from gendesk.engine.inference import save_samples
from tests.support.training import engine_in


def fork_server() -> ForkServerContext:
    """Return a way to start processes whose imports have been done already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.killing"])
    return context


def train(data_dir: Path, run_id: str) -> None:
    """Go on with a run until its end; what a process that is killed does."""
    with engine_in(data_dir) as engine:
        engine.resume(run_id, at_once=True).join()


def sample(data_dir: Path, run_id: str, out: Path) -> None:
    """Write samples of a run, again and again."""
    with engine_in(data_dir) as engine:
        model, run = engine.load_model(run_id), engine.runs.open(run_id)
        for seed in range(1_000_000):
            save_samples(model, run, 400, seed, out)


def download(data_dir: Path, reference: str, mirror: str) -> None:
    """Open a published data set from a mirror."""
    os.environ["GENDESK_DATA_MIRROR"] = mirror
    DataLibrary(data_dir / "datasets").open(reference)


@contextmanager
def killed_soon(
    context: ForkServerContext, target: Callable[..., None], *arguments: Any
) -> Iterator[Callable[[], bool]]:
    """Start a process and give a check that it lives; at the end it is killed with SIGKILL, whatever it does."""
    process = context.Process(target=target, args=arguments, daemon=True)
    process.start()
    try:
        yield process.is_alive
    finally:
        process.kill()
        process.join(30)
        process.close()


def a_moment(dice: random.Random, seconds: float) -> None:
    """Let a random time pass: a kill must be survived at any moment."""
    time.sleep(dice.uniform(0, seconds))
