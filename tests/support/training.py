"""Engines for tests: a small real data set on disk, the tiny recipe as a plugin, and a mailbox that remembers."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from gendesk.engine.engine import Engine
from gendesk.engine.events import Event, Mailbox
from gendesk.engine.families import Families, find_families

PLUGINS = Path(__file__).parent / "plugins"
EventT = TypeVar("EventT", bound=Event)


def small_pictures(folder: Path, count: int = 96, size: int = 12, channels: int = 1) -> Path:
    """Write an npz of `count` pictures with labels, and return its path; with 3 channels they are in colour."""
    rng = np.random.default_rng(5)
    labels = np.arange(count) % 3
    images = (rng.random((count, size, size)) * 60 + labels[:, None, None] * 60).astype(np.uint8)
    if channels > 1:
        images = np.stack([images, *(255 - images // (2 + extra) for extra in range(channels - 1))], axis=-1)
    path = folder / "small.npz"
    np.savez(path, x_train=images[:-24], y_train=labels[:-24], x_test=images[-24:], y_test=labels[-24:])
    return path


def families() -> Families:
    """Return the bundled families and the tiny one."""
    return find_families(PLUGINS)


class Watcher:
    """Collects every event of an engine."""

    def __init__(self, engine: Engine) -> None:
        self.mailbox = Mailbox()
        engine.subscribe(self.mailbox)
        self.events: list[Event] = []

    def of(self, kind: type[EventT]) -> list[EventT]:
        self.events += self.mailbox.drain()
        return [event for event in self.events if isinstance(event, kind)]

    def wait_for(self, found: Callable[[], Any], seconds: float = 20) -> Any:
        """Wait until `found` returns something true, and return that."""
        try:
            return wait_until(found, seconds)
        except TimeoutError as error:
            raise TimeoutError(f"{error} Events so far: {self.events[-5:]}") from error


def wait_until(found: Callable[[], Any], seconds: float = 20) -> Any:
    """Wait until `found` returns something true, and return that."""
    deadline = time.monotonic() + seconds
    while not (result := found()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Nothing came within {seconds} s.")
        time.sleep(0.005)
    return result


@contextmanager
def engine_in(folder: Path, *, sync: bool = False) -> Iterator[Engine]:
    engine = Engine(folder, families(), sync=sync)
    try:
        yield engine
    finally:
        engine.close()
