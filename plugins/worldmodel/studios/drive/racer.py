"""A race on a thread of its own, at the speed that is wished; whoever shows it takes the newest moment."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gendesk.engine.job import sentence_of
from gendesk.engine.threads import become_helper_thread
from gendesk.errors import GendeskError

from ...driving import FRAMES_PER_SECOND, Drive, Moment, Start
from ...models import WorldModel
from ...race_log import RaceLog
from ...wording import done, said
from .film import Film

_PATIENCE = 5.0
"""Seconds to wait for the thread, which looks whether it is to end after every frame."""
_LATE = 0.1
"""Seconds of delay that are caught up with; after a longer one the race goes on from there."""
_TRACE = 200


@dataclass(frozen=True)
class Seen:
    """A moment as it is shown: pictures uint8 (64, 64, 3) by who sees them, the last actions, what is said.

    `recorded` is how many seconds of film there are; `recording` whether they become more.
    """

    moment: Moment
    pictures: tuple[tuple[str, NDArray[np.uint8]], ...]
    trace: NDArray[np.float32]
    words: tuple[str, str, str]
    recorded: float = 0.0
    recording: bool = False


class Racer:
    """Drives one race at a time. Its owner calls `start` and `stop` as often as needed, and `close` at the end.

    Between `stop` and `start` the race stands still. Wishes take effect before the next frame. What goes wrong is told
    once by `take_problem`, and the race stands still then, too.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._orders: list[Callable[[], None]] = []
        self._drive: Drive | None = None
        self._paused, self._steps, self._speed, self._temperature = True, 0, 1.0, 1.0
        self._person: NDArray[np.float32] | None = None
        self._drawn: dict[str, NDArray[np.uint8]] = {}
        self._words = ("", "")
        self._seen: Seen | None = None
        self._problem = ""
        self.film = Film()

    # For its owner

    @property
    def is_alive(self) -> bool:
        """Whether the thread is there."""
        return self._thread is not None

    @property
    def paused(self) -> bool:
        """Whether the race is held."""
        return self._paused

    def start(self) -> None:
        """Let the thread work."""
        if self._thread is None:
            self._stopping = False
            self._thread = threading.Thread(target=self._work, name="race", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread after the frame that it is at, and wait for that."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(_PATIENCE)
            self._thread = None

    def close(self) -> None:
        """End the thread, and let go of the race."""
        self.stop()
        self._orders.clear()
        self._let_go()

    def open(self, start: Start) -> None:
        """Begin another race."""
        self._order(lambda: self._open(start))

    def leave(self) -> None:
        """Have no race any more."""
        self._order(self._let_go)

    def restart(self, seed: int) -> None:
        """Begin the race anew, on the track of a seed."""
        self._order(lambda: self._with_drive(lambda drive: drive.restart(seed)))

    def set_model(self, model: WorldModel) -> None:
        """Go on with a model of the same shape that has been trained further."""
        self._order(lambda: self._with_drive(lambda drive: drive.set_model(model)))

    def wake(self) -> None:
        """Let the dream beside the race begin again at what is seen now."""
        self._order(lambda: self._with_drive(Drive.wake))

    def log(self) -> "Future[RaceLog | None]":
        """Ask what was done in the race so far, None without one on a track; the thread answers after its frame."""
        asked: Future[RaceLog | None] = Future()
        self._order(lambda: asked.set_result(self._logged()))
        return asked

    def show_again(self) -> None:
        """Give the moment once more, to an owner who has cleared what it shows."""
        self._order(lambda: None)

    def step(self) -> None:
        """Make one decision, also in a race that is held."""
        with self._changed:
            self._steps += 1
            self._changed.notify()

    def pause(self, paused: bool) -> None:
        """Hold the race, or let it go on."""
        with self._changed:
            self._paused = paused
            self._changed.notify()

    def set_person(self, action: NDArray[np.float32] | None) -> None:
        """Have a person drive, who does this from now on, float32 (3,); with None the controller drives."""
        with self._changed:
            self._person = action

    def set_speed(self, speed: float) -> None:
        """Set how many seconds of the race go by in one; 0 is as fast as it can."""
        with self._changed:
            self._speed = speed
            self._changed.notify()

    def set_temperature(self, temperature: float) -> None:
        """Set how uncertain the dream is."""
        with self._changed:
            self._temperature = temperature

    def record(self, recording: bool) -> None:
        """Begin a new film, or end it."""
        with self._changed:
            if recording:
                self.film.begin()
            self.film.recording = recording

    def film_frames(self) -> tuple[NDArray[np.uint8] | None, float]:
        """Return the frames of the film uint8 (count, height, width, 3) or None, and how many make a second."""
        with self._changed:
            return self.film.frames(), self.film.per_second

    def newest(self) -> Seen | None:
        """Take the newest moment, None where it has been taken already."""
        with self._changed:
            seen, self._seen = self._seen, None
        return seen

    def take_problem(self) -> str:
        """Return what went wrong, in a sentence, once."""
        with self._changed:
            problem, self._problem = self._problem, ""
        return problem

    def _order(self, order: Callable[[], None]) -> None:
        with self._changed:
            self._orders.append(order)
            self._changed.notify()

    # On the thread

    def _work(self) -> None:
        become_helper_thread()
        due = time.monotonic()
        while True:
            with self._changed:
                due = self._wait(due)
                if self._stopping:
                    return
                orders, self._orders = self._orders, []
                going = self._going()
            try:
                for order in orders:
                    order()
                    self._drawn = {}
                lasted = self._advance() if going and not orders else 0
                if orders or lasted:
                    self._tell()
            except Exception as error:  # noqa: BLE001 (whatever it is, the person is told, and the thread goes on)
                self._fail(error)
                continue
            due = 0.0 if not self._speed else due + lasted / FRAMES_PER_SECOND / self._speed

    def _wait(self, due: float) -> float:
        """Wait, under the lock, for an order or until a frame is due; return when it was."""
        while not (self._stopping or self._orders):
            if not self._going():
                self._changed.wait()
                due = time.monotonic()
                continue
            now = time.monotonic()
            if due <= now:
                return max(due, now - _LATE)
            self._changed.wait(due - now)
        return due

    def _going(self) -> bool:
        running = self._steps > 0 or not self._paused
        return running and self._drive is not None and not self._drive.moment.over

    def _open(self, start: Start) -> None:
        self._let_go()
        self._drive = Drive(start, self._temperature)

    def _let_go(self) -> None:
        drive, self._drive = self._drive, None
        if drive is not None:
            drive.close()
        with self._changed:
            self._seen = None
            self._steps = 0

    def _logged(self) -> RaceLog | None:
        return self._drive.log if self._drive is not None and not self._drive.start.dreaming else None

    def _with_drive(self, action: Callable[[Drive], None]) -> None:
        if self._drive is not None:
            action(self._drive)

    def _advance(self) -> int:
        """Go on, and return by how many frames."""
        drive = self._drive
        assert drive is not None
        with self._changed:
            person, single = self._person, self._steps > 0
            self._steps = max(0, self._steps - 1)
            drive.temperature = self._temperature
        before = drive.moment.frame
        moment = drive.advance(person) if single else drive.frame(person)
        if moment.decided:
            self._drawn = {}
        return moment.frame - before

    def _tell(self) -> None:
        """Leave the newest moment for the owner, and in the film; nothing is drawn that nobody takes."""
        drive = self._drive
        if drive is None:
            return
        filmed = self.film.wants(drive.moment.frame)
        if self._seen is not None and not (filmed or drive.moment.over or self._paused):
            return
        seen = self._looked(drive)
        with self._changed:
            if filmed and self.film.recording:
                repeat = drive.start.world.action_repeat if drive.start.dreaming else 1
                self.film.add(drive.moment.frame, repeat, [picture for _, picture in seen.pictures])
            self._seen = seen

    def _looked(self, drive: Drive) -> Seen:
        moment, mind = drive.moment, drive.mind
        if not self._drawn:
            if mind is not None:
                self._drawn["code"] = mind.drawn()
            if drive.dream is not None:
                self._drawn["dream"] = drive.dream.drawn()
            seen_by_v = self._drawn.get("dream" if moment.observation is None else "code")
            self._words = said(moment, seen_by_v)
        pictures = [] if moment.observation is None else [("observation", moment.observation)]
        shown = ("code", "dream") if drive.start.beside else (("dream",) if drive.start.dreaming else ())
        pictures += [(name, self._drawn[name]) for name in shown if name in self._drawn]
        trace = drive.recent_actions(_TRACE)
        driver = "Record" if drive.start.replayed is not None else "You" if self._person is not None else "Controller"
        does = done(moment, driver)
        return Seen(moment, tuple(pictures), trace, (*self._words, does), self.film.seconds, self.film.recording)

    def _fail(self, error: Exception) -> None:
        with self._changed:
            self._paused, self._steps = True, 0
            self._problem = str(error) if isinstance(error, GendeskError) else sentence_of(error)
