"""Plays a score on an output, in time, on a thread of its own.

The clock does not drift: each message has a moment of its own on `time.perf_counter`, counted from one anchor, and what
was late delays nothing that follows. Only seeking, another tempo factor or another score set a new anchor.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from gendesk.errors import GendeskError
from gendesk.music.mixing import Mix
from gendesk.music.output import Output
from gendesk.music.punctual import punctual
from gendesk.music.schedule import Kind, schedule
from gendesk.music.score import Score
from gendesk.music.sending import Sender

REPORTS = 30
"""How often a second the position is told."""

MARGIN = 0.02
"""Seconds before a message from which on the thread sleeps for exactly what is left. Until then it waits in a way that
a command can end, which Windows rounds up to its ticks of 15.6 ms, while `time.sleep` has a finer timer everywhere."""


class State(StrEnum):
    """What a player does."""

    STOPPED = "stopped"
    PLAYING = "playing"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a player is: beats and seconds of the score, and the sentence that ended it, if anything went wrong."""

    beat: float
    seconds: float
    state: State
    problem: str = ""


def _ignore(_: Position) -> None:
    pass


class Player:
    """Plays, pauses, seeks and loops; everything may be called from any thread and returns at once.

    `report` is called from the player's thread, thirty times a second while it plays and after every change of state;
    it must not take long, because it runs between two notes, and must not call back.
    """

    def __init__(self, output: Output, report: Callable[[Position], None] = _ignore) -> None:
        self._sender = Sender(output)
        self._report = report
        self._changed = threading.Condition()
        self._schedule = schedule(Score())
        self._state = State.STOPPED
        self._problem = ""
        self._factor = 1.0
        self._loop: tuple[float, float] | None = None
        self._seconds = self._anchor = self._next_report = 0.0
        self._next = 0
        self._closed = False
        self._news = False
        self._thread = threading.Thread(target=self._run, name="player", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def state(self) -> State:
        return self._state

    @property
    def position(self) -> Position:
        """Where it is now; between two reports, too."""
        with self._changed:
            return self._position()

    @property
    def score(self) -> Score:
        return self._schedule.score

    def set_score(self, score: Score) -> None:
        """Play another score, or the changed one, from the same beat on; notes that it has, too, go on sounding."""
        prepared = schedule(score, metronome=True)  # may take a while, so nothing waits for it
        with self._changed:
            beat = self._schedule.score.beat_at(self._caught_up())
            self._schedule = prepared
            self._jump(score.seconds_at(beat))
            if self._state is State.PLAYING:
                self._guard(self._sender.end_all_but, self._sender.covered(prepared, self._next))
                self._chase()
            self._wake()

    def set_output(self, output: Output) -> Output:
        """Send to another output from now on, and return the one before, which is silent but still open."""
        with self._changed:
            before = self._sender.output
            self._guard(self._sender.silence)
            self._sender.output = output
            if self._state is State.PLAYING:
                self._chase()
            self._wake()
            return before

    def play(self, beat: float | None = None) -> None:
        """Play from a beat on, or from where it is; at the end of the score, from its beginning."""
        with self._changed:
            if beat is not None:
                if self._state is State.PLAYING:
                    self._guard(self._sender.silence)
                self._move(beat)
            elif self._now() >= self._end() and self._loop is None:
                self._move(0.0)
            self._jump(self._now())
            self._state, self._problem, self._next_report = State.PLAYING, "", 0.0
            self._chase()
            self._wake()

    def pause(self) -> None:
        """Stop where it is, with every note off."""
        self._halt(State.PAUSED)

    def stop(self) -> None:
        """Stop and go back to the beginning, with every note off."""
        self._halt(State.STOPPED)

    def seek(self, beat: float) -> None:
        """Go to a beat, and go on with what it did; what sounded ends, and what sounds there begins."""
        with self._changed:
            self._move(beat)
            self._guard(self._sender.silence)
            if self._state is State.PLAYING:
                self._chase()
            self._wake()

    def set_loop(self, start: float | None = None, end: float | None = None) -> None:
        """Repeat what is between two beats, once it gets there; without them, play to the end."""
        if start is not None and end is not None and not 0 <= start < end:
            raise ValueError("A loop begins at 0 or later, and before it ends.")
        with self._changed:
            self._loop = None if start is None or end is None else (start, end)
            self._wake()

    def set_tempo_factor(self, factor: float) -> None:
        """Play `factor` times as fast as the score says."""
        if not 0.01 <= factor <= 100:
            raise ValueError("The tempo factor is from 0.01 to 100.")
        with self._changed:
            seconds = self._caught_up()
            self._factor = factor
            self._jump(seconds)
            self._wake()

    def set_mix(self, mix: Mix) -> None:
        """Choose which tracks are heard, how, and whether beats click; it takes effect at once."""
        with self._changed:
            self._sender.mix = mix
            if self._state is State.PLAYING:
                self._guard(self._sender.end_inaudible)
                self._chase()

    def between(self, act: Callable[[Output], None]) -> None:
        """Do something else with the output, between two messages of the player; what it raises is raised here."""
        with self._changed:
            act(self._sender.output)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it plays no more; return whether it does not."""
        with self._changed:
            return self._changed.wait_for(lambda: self._state is not State.PLAYING, timeout)

    def close(self) -> None:
        """Stop, and end the thread; the output is silent but still open. Again, it does nothing."""
        self._halt(State.STOPPED)
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(5.0)

    # What follows is called with the lock held, but for `_run`.

    def _halt(self, state: State) -> None:
        with self._changed:
            self._seconds = self._now() if state is State.PAUSED else 0.0
            self._state = state
            self._guard(self._sender.silence)
            self._wake()

    def _wake(self) -> None:
        self._news = True
        self._changed.notify_all()

    def _now(self) -> float:
        """Return the second of the score, which the clock moves on while it plays."""
        if self._state is not State.PLAYING:
            return self._seconds
        return min(self._seconds + (time.perf_counter() - self._anchor) * self._factor, max(self._end(), self._seconds))

    def _caught_up(self) -> float:
        """Return the second of the score, with all sent that lies before: a jump would swallow what is overdue."""
        seconds, messages = self._now(), self._schedule.messages
        while self._state is State.PLAYING and self._next < len(messages) and messages[self._next].seconds < seconds:
            self._next += 1
            self._guard(self._sender.send, messages[self._next - 1])
        return seconds

    def _jump(self, seconds: float) -> None:
        """Set the anchor: this second of the score is now."""
        self._seconds, self._anchor = seconds, time.perf_counter()
        self._next = self._schedule.place(seconds)

    def _move(self, beat: float) -> None:
        self._jump(self._schedule.score.seconds_at(max(0.0, beat)))

    def _end(self) -> float:
        """Return the second at which it stops or begins the loop again."""
        if self._loop:
            end = self._schedule.score.seconds_at(self._loop[1])
            if self._seconds < end:
                return end
        return self._schedule.end

    def _due(self) -> float:
        """Return the second of the score of what comes next: a message or the end."""
        messages = self._schedule.messages
        end = self._end()
        return min(messages[self._next].seconds, end) if self._next < len(messages) else end

    def _position(self) -> Position:
        seconds = self._now()
        return Position(self._schedule.score.beat_at(seconds), seconds, self._state, self._problem)

    def _run(self) -> None:
        while not self._closed:
            with self._changed:
                if not self._news:
                    self._changed.wait_for(lambda: self._news or self._closed)
            with punctual():
                self._work()

    def _work(self) -> None:
        """Play, and report, until there is nothing more to do."""
        while not self._closed:
            with self._changed:
                wait = self._advance()
                told = self._told()
                if told is None and wait == float("inf"):
                    return
                if told is None and wait > MARGIN:
                    self._changed.wait(wait - MARGIN)
                    continue
            if told is not None:
                self._report(told)
            elif wait > 0:
                time.sleep(wait)

    def _told(self) -> Position | None:
        """Return what is to be reported now, if anything."""
        now = time.perf_counter()
        if not self._news and (self._state is not State.PLAYING or now < self._next_report):
            return None
        self._news = False
        self._next_report = now + 1 / REPORTS
        return self._position()

    def _advance(self) -> float:
        """Send what is due, and return the seconds until there is something to do again."""
        if self._state is not State.PLAYING:
            return float("inf")
        messages = self._schedule.messages
        now = time.perf_counter()
        reached = self._seconds + (now - self._anchor) * self._factor
        end = self._end()
        while self._next < len(messages) and messages[self._next].seconds <= min(reached, end):
            message = messages[self._next]
            # What begins where a loop ends belongs to what follows the loop.
            if self._loop and message.seconds >= end and message.kind is Kind.NOTE_ON:
                break
            self._next += 1
            self._guard(self._sender.send, message)
        if self._state is State.PLAYING and reached >= end:
            self._turn(end)
            return 0.0
        due = self._anchor + (self._due() - self._seconds) / self._factor
        return max(0.0, min(due, self._next_report) - time.perf_counter())

    def _turn(self, end: float) -> None:
        """Begin the loop again, exactly when it ended and not when that was noticed, or stop."""
        self._guard(self._sender.silence)
        if not self._loop or self._seconds >= self._schedule.score.seconds_at(self._loop[1]):
            self._state, self._seconds = State.STOPPED, 0.0
            self._wake()
            return
        ended = self._anchor + (end - self._seconds) / self._factor
        start = self._schedule.score.seconds_at(self._loop[0])
        self._jump(start)
        # A computer that slept must not play all the rounds that it missed.
        self._anchor = max(ended, self._anchor - (end - start) / self._factor)
        self._chase()

    def _chase(self) -> None:
        """Tell the output what holds from here on, and what sounds."""
        self._guard(self._sender.chase, self._schedule, self._next, self._now())

    def _guard(self, act: Callable[..., None], *arguments: object) -> None:
        """Do something with the output; where it is broken, stop and say so."""
        try:
            act(*arguments)
        except GendeskError as error:
            self._sender.forget()
            self._seconds = self._now()
            self._state, self._problem = State.PAUSED, str(error)
            self._wake()
