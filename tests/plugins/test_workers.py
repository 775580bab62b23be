"""Processes that work side by side give every result once, say what went wrong, and are gone afterwards."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import psutil
import pytest
from gendesk.plugins.worldmodel.racing.episodes import Episode, play
from gendesk.plugins.worldmodel.workers import Workers

from gendesk.errors import InputError, RunError
from tests.support.labour import Swerving, die, process_id, raise_unsendable, refuse, square, surroundings

GRACE = 5.0
"""Seconds that processes may take to end."""


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2) as workers:
        yield workers


def children() -> set[int]:
    """Return the ids of the worker processes; Python's resource tracker stays until this process ends."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        if "resource_tracker" not in " ".join(process.cmdline()):
            found.add(process.pid)
    return found


def test_results(workers: Workers) -> None:
    assert workers.map(square, range(20)) == [number * number for number in range(20)]
    assert sorted(workers.imap_unordered(square, range(20))) == [number * number for number in range(20)]
    assert workers.map(square, []) == []


def test_both_work(workers: Workers) -> None:
    assert len(set(workers.map(process_id, [0.2] * 4))) == 2


def test_arguments_are_taken_when_they_are_needed(workers: Workers) -> None:
    taken = []
    results = workers.imap_unordered(square, (taken.append(number) or number for number in range(100)))
    next(results)
    assert len(taken) <= 4


def test_results_that_nobody_waits_for_do_not_turn_up_later(workers: Workers) -> None:
    slow = workers.imap_unordered(process_id, [0.0, 0.3, 0.3])
    next(slow)
    assert sorted(workers.imap_unordered(square, range(5))) == [0, 1, 4, 9, 16]


def test_exception_comes_back(workers: Workers) -> None:
    with pytest.raises(ValueError, match="three is too much") as caught:
        workers.map(refuse, range(6))
    assert "in refuse" in str(caught.value.__cause__)
    with pytest.raises(RunError, match="UnsendableError: made of two"):
        workers.map(raise_unsendable, [1])
    assert workers.map(square, [2]) == [4]


def test_no_screen_and_nothing_heavy(workers: Workers) -> None:
    assert workers.map(surroundings, [0]) == [("dummy", False)]


def test_races_are_the_same_in_every_process(workers: Workers) -> None:
    episodes = [Episode(seed, Swerving(), steps=12, options={"action_repeat": 2}) for seed in (1, 2, 1)]
    first, second, again = workers.map(play, episodes)
    here = play(episodes[0])
    for other in (again, here):
        np.testing.assert_array_equal(first.observations, other.observations)
        np.testing.assert_array_equal(first.actions, other.actions)
        np.testing.assert_array_equal(first.rewards, other.rewards)
    assert first.observations.shape == (13, 64, 64, 3)
    assert first.actions.shape == (12, 3)
    assert not np.array_equal(first.observations, second.observations)


def test_process_that_dies_is_told_of_and_all_end() -> None:
    before = children()
    with Workers(2) as workers:
        assert len(children() - before) == 2
        with pytest.raises(RunError, match=r"worker \d was ended from outside \(exit code 7\)"):
            workers.map(die, [7, 7])
    assert children() == before


def test_end_in_the_middle_of_work() -> None:
    before = children()
    workers = Workers(1)
    results = workers.imap_unordered(process_id, [0.0, 3600.0])
    next(results)
    workers.terminate()
    workers.terminate()
    assert children() == before


def test_orderly_end() -> None:
    before = children()
    workers = Workers(1)
    workers.map(square, [1])
    workers.close()
    workers.join()
    assert children() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
@pytest.mark.parametrize("kind", ["SIGKILL", "SIGTERM", "SIGINT"])
def test_processes_end_with_the_one_that_asks(kind: str) -> None:
    script = "from tests.support.labour import work_until_killed; work_until_killed()"
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as asking:
        assert asking.stdout is not None
        working = [psutil.Process(int(number)) for number in asking.stdout.readline().split()]
        os.kill(asking.pid, getattr(signal, kind))
        try:
            asking.wait(GRACE)
        finally:
            asking.kill()  # or a test that fails would wait for hours
        _, alive = psutil.wait_procs(working, GRACE)
    assert len(working) == 2
    assert not alive


def test_nobody_to_work() -> None:
    with pytest.raises(InputError, match="0 processes"):
        Workers(0)
