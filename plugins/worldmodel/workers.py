"""Processes that work side by side: the part of `multiprocessing.Pool` that World Models needs, with a sure end.

Unlike a Pool it notices when a process is killed instead of waiting for its result for ever, it needs no threads in the
process that asks, and its processes end when that one does, however it ends. Whatever offers `map`, `imap_unordered`,
`close`, `terminate` and `join` can take its place, such as the Pool of Ray on a cluster.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import wait
from multiprocessing.reduction import ForkingPickler
from types import TracebackType
from typing import Any, Self, TypeVar

from gendesk.engine.control import StepInterrupted
from gendesk.errors import InputError, RunError

ArgumentT = TypeVar("ArgumentT")
ResultT = TypeVar("ResultT")

_LOOK_SECONDS = 0.1
_PATIENCE = 2.0
"""Seconds that a process which was told to end may still take before it is killed."""
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",  # there is a process for each core already
    "SDL_VIDEODRIVER": "dummy",  # pygame draws in memory and must never look for a screen
    "SDL_AUDIODRIVER": "dummy",
}


class Workers:
    """Processes that apply functions to arguments; leave it as a context, or call `terminate`, or `close` and `join`.

    Functions, arguments and results travel between processes: functions are module-level ones, the rest is plain data.
    """

    def __init__(self, processes: int, stopping: Callable[[], bool] = lambda: False) -> None:
        """Start so many processes; raises InputError for less than one.

        Whoever waits for results gets StepInterrupted soon after `stopping` says so, whatever the processes are at: a
        race takes seconds, and nobody should have to sit it out.
        """
        if processes < 1:
            raise InputError(f"{processes} processes cannot work; the least is 1.")
        # A copy of this process would have its locks but not its threads; a fresh one imports what it needs.
        context = multiprocessing.get_context("spawn")
        self._stopping = stopping
        self._calls = 0
        self._workers: list[_Worker] = []
        try:
            for number in range(processes):
                self._workers.append(_Worker(context, f"worker {number + 1}"))
        except BaseException:
            self.terminate()
            raise

    def imap_unordered(
        self, function: Callable[[ArgumentT], ResultT], arguments: Iterable[ArgumentT]
    ) -> Iterator[ResultT]:
        """Yield the results as they come; the work begins with the first question for one.

        An argument is taken when there is a process for it. Raises what the function raises, and RunError when a
        process was ended from outside. If nobody asks any more, what has begun comes to its end unheard.
        """
        return (result for _, result in self._results(function, arguments))

    def map(self, function: Callable[[ArgumentT], ResultT], arguments: Iterable[ArgumentT]) -> list[ResultT]:
        """Return the results in the order of the arguments; raises what `imap_unordered` does."""
        results = dict(self._results(function, arguments))
        return [results[place] for place in range(len(results))]

    def close(self) -> None:
        """Let the processes end when they have done what they are doing; `join` waits for that."""
        for worker in self._workers:
            worker.pipe.close()

    def terminate(self) -> None:
        """End the processes at once, and wait until they are gone."""
        self.close()
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_PATIENCE)
            worker.process.kill()
        self.join()

    def join(self) -> None:
        """Wait until the processes have ended, after `close` or `terminate`."""
        for worker in self._workers:
            worker.process.join()
            worker.process.close()
        self._workers = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.terminate()

    def _results(self, function: Callable[[Any], Any], arguments: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        self._calls += 1
        call, tasks = self._calls, _Tasks(self._calls, function, arguments)
        for worker in self._workers:
            if not worker.busy:
                tasks.give_to(worker)
        while tasks.left or not tasks.all_given:
            for worker in self._ready():
                of_call, place, result = worker.receive()
                # An older call's result is one that nobody waits for any more.
                tasks.left -= of_call == call
                if of_call == call and isinstance(result, _Failure):
                    raise result.error from RunError(result.trace)
                tasks.give_to(worker)
                if of_call == call:
                    yield place, result

    def _ready(self) -> list["_Worker"]:
        pipes = {worker.pipe: worker for worker in self._workers if worker.busy}
        ready: list[Any] = []
        while not ready:
            if self._stopping():
                raise StepInterrupted
            ready = wait(list(pipes), _LOOK_SECONDS)
        return [pipes[pipe] for pipe in ready]


class _Worker:
    """A process, the pipe to it, and whether it has something to do."""

    def __init__(self, context: Any, name: str) -> None:
        self.busy = False
        self.pipe, far_end = context.Pipe()
        try:
            self.process = context.Process(target=_work, args=(far_end,), name=name, daemon=True)
            self.process.start()
        except BaseException:
            self.pipe.close()
            raise
        finally:
            far_end.close()

    def send(self, call: int, place: int, work: bytes) -> None:
        """Send a pickled pair of a function and an argument, and what its result is to be known by."""
        with self._unbroken():
            self.pipe.send((call, place, work))
        self.busy = True

    def receive(self) -> tuple[int, int, Any]:
        """Return the call and the place that a result belongs to, and the result or a `_Failure`."""
        with self._unbroken():
            call, place, result = self.pipe.recv()
        self.busy = False
        return call, place, ForkingPickler.loads(result)

    @contextlib.contextmanager
    def _unbroken(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, OSError) as error:
            self.process.join(_PATIENCE)
            raise RunError(
                f"The process {self.process.name} was ended from outside (exit code {self.process.exitcode}); see "
                "whether memory is short, then resume."
            ) from error


class _Tasks:
    """The arguments of a call, and how many of them are being worked on."""

    def __init__(self, call: int, function: Callable[[Any], Any], arguments: Iterable[Any]) -> None:
        self.left, self.all_given = 0, False
        self._call, self._function, self._arguments = call, function, enumerate(arguments)

    def give_to(self, worker: _Worker) -> None:
        """Send the next argument, if there is one."""
        for place, argument in self._arguments:
            worker.send(self._call, place, bytes(ForkingPickler.dumps((self._function, argument))))
            self.left += 1
            return
        self.all_given = True


class _Failure:
    """An exception that a function raised, and where."""

    def __init__(self, error: Exception, trace: str) -> None:
        self.error, self.trace = error, trace


def _work(pipe: Any) -> None:
    """Do what comes through the pipe until it is closed; runs in a process of its own."""
    os.environ.update(_ENVIRONMENT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal tells the asking process, too, and that one decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        while True:
            call, place, work = pipe.recv()
            pipe.send((call, place, _done(work)))


def _done(work: bytes) -> bytes:
    """Return the pickled result, or `_Failure`, of a pickled pair of a function and an argument."""
    try:
        function, argument = ForkingPickler.loads(work)
        return bytes(ForkingPickler.dumps(function(argument)))
    except Exception as error:  # noqa: BLE001 (whatever it is, it is raised again where the result was asked for)
        failure = _Failure(error, traceback.format_exc())
    try:
        pickled = bytes(ForkingPickler.dumps(failure))
        ForkingPickler.loads(pickled)
    except Exception:  # noqa: BLE001 (an exception may hold anything)
        named = RunError(f"{type(failure.error).__name__}: {failure.error}")
        pickled = bytes(ForkingPickler.dumps(_Failure(named, failure.trace)))
    return pickled


def _end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, in the middle of whatever it does."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
