"""A trainer on a thread of its own, with a state that always ends in finished or failed."""

import contextlib
import errno
import threading
import traceback
from collections.abc import Callable

import torch

from gendesk.data.library import Cancelled, DataLibrary
from gendesk.engine.control import Control
from gendesk.engine.events import Event, JobState, Marked, StateChanged
from gendesk.engine.families import RecipeEntry
from gendesk.engine.recipe import Model
from gendesk.engine.runs import Run, RunState, trained_here
from gendesk.engine.scores.keeper import ScoreSources
from gendesk.engine.threads import become_training_thread
from gendesk.engine.trainer import Trainer
from gendesk.engine.upstream import Upstreams
from gendesk.errors import GendeskError, InputError
from gendesk.files import remove_leftovers


class Job:
    """One training in this process. Every method may be called from any thread and returns at once, but `join`."""

    def __init__(
        self,
        run: Run,
        entry: RecipeEntry,
        library: DataLibrary,
        post: Callable[[Event], None],
        sources: ScoreSources,
        upstreams: Upstreams,
        withdraw: Callable[[str], object],
        extra_steps: int = 0,
    ) -> None:
        self.run = run
        self.state = JobState.QUEUED
        self.error = ""
        self.exit_code = 0
        self._entry = entry
        self._post = post
        self._withdraw = withdraw
        self._extra_steps = extra_steps
        self._entering = threading.RLock()
        self._done = threading.Event()
        self._afterwards: Callable[[], None] | None = None
        self._control = Control(run.stop_file)
        self._trainer = Trainer(run, entry, library, self._control, self._follow, sources, upstreams)
        self._thread = threading.Thread(target=self._main, name=f"train {run.id}", daemon=True)

    def start(self, afterwards: Callable[[], None] | None = None) -> bool:
        """Begin to train; return False if the job was stopped before its turn came.

        `afterwards` runs on the job's thread before anybody hears of the end.
        """
        with self._entering:
            if self.state.over:
                return False
            self._afterwards = afterwards
            self._thread.start()
            return True

    @property
    def steps_done(self) -> int:
        """How many steps the model in training has done; exact at a step boundary."""
        return self._trainer.step

    @property
    def started(self) -> bool:
        return self._thread.ident is not None

    def pause(self) -> None:
        """Pause after the current step; the model stays where it is, ready to be played with."""
        with self._entering:
            if self.state is JobState.RUNNING:
                self._enter(JobState.PAUSING)
                self._control.pause()

    def resume(self) -> None:
        with self._entering:
            self._control.go_on()
            if self.state in (JobState.PAUSING, JobState.PAUSED):
                self._enter(JobState.RUNNING)

    def stop(self, *, save: bool = True) -> None:
        """Finish the current step and end; with `save` the model is left as it is now, else as it was last saved.

        A run whose turn has not come is taken out of the queue, or it would be trained after all.
        """
        with self._entering:
            if not self.started:
                self._withdraw(self.run.id)
                self._end(JobState.FINISHED, RunState.STOPPED, "Removed from the queue.")
                self._done.set()
                return
        self._enter(JobState.STOPPING)
        self._control.stop(save=save)

    def step(self, phase: str = "") -> None:
        """Do a single step, or one phase of it, while paused."""
        self._trainer.step_alone(phase)

    @property
    def phases(self) -> tuple[str, ...]:
        """The names of the recipe's phases, empty until it has been made or if it has none."""
        return self._trainer.phases

    def save(self) -> None:
        """Save the state at the next step boundary, and keep it for good."""
        self._trainer.save_now()

    def at_boundary(self, action: Callable[[Model], None]) -> None:
        """Run `action` with the model in training, on the training thread, between two steps."""
        self._control.request(lambda: action(self._trainer.model()))

    def join(self, timeout: float | None = None) -> bool:
        """Wait for the end; return whether it has come."""
        if not self._done.wait(timeout):
            return False
        if self.started:
            self._thread.join()
        return True

    # On the job's own thread

    def _main(self) -> None:
        trained_here.add(self.run.folder)
        try:
            self._train()
        finally:
            self._trainer.release()
            self._done.set()

    def _train(self) -> None:
        try:
            remove_leftovers(self.run.folder)
            become_training_thread(self.run.record.config.settings.threads)
            self._enter(JobState.RUNNING)
            self._trainer.prepare(self._extra_steps)
            done = self._trainer.train()
            self._tell_end(JobState.FINISHED, "Training is complete." if done else "Stopped.")
        except Cancelled:
            self._end(JobState.FINISHED, RunState.STOPPED, "Stopped while the data were being prepared.")
        except GendeskError as error:
            self._fail(str(error), error.exit_code)
        except Exception as error:  # noqa: BLE001 (a recipe may raise anything; Start must work again after it)
            self._fail(sentence_of(error), GendeskError.exit_code)

    def _fail(self, sentence: str, exit_code: int) -> None:
        self.exit_code = exit_code
        details = traceback.format_exc()
        if exit_code == InputError.exit_code and self.run.discard_if_empty():
            self._tell_end(JobState.FAILED, sentence, details)
        else:
            self._end(JobState.FAILED, RunState.FAILED, sentence, details)

    def _end(self, state: JobState, run_state: RunState, message: str, details: str = "") -> None:
        try:
            self.run.update(state=run_state, message=message, process=None)
        except OSError:  # the disk is full: the run is found as interrupted, which is what happened
            self.run.note(state=run_state, message=message, process=None)
        self._tell_end(state, message, details)

    def _tell_end(self, state: JobState, message: str, details: str = "") -> None:
        """Be out of the queue before anybody hears of the end: who does may resume the run at once."""
        trained_here.discard(self.run.folder)
        with contextlib.suppress(OSError):
            self.run.stop_file.unlink(missing_ok=True)
        if self._afterwards is not None:
            self._afterwards()
        self._enter(state, message, details)

    def _enter(self, state: JobState, message: str = "", details: str = "") -> None:
        """Take a state and tell it; whoever asks for something just after the end changes nothing any more."""
        with self._entering:
            if self.state.over:
                return
            self.state = state
            if state is JobState.FAILED:
                self.error = message
            self._post(StateChanged(run_id=self.run.id, state=state, message=message, details=details))

    def _follow(self, event: Event) -> None:
        """Pass the trainer's events on; the mark of a pause is also the moment the state changes."""
        if isinstance(event, Marked) and event.kind == "pause":
            with self._entering:
                if self.state is JobState.PAUSING:
                    self._enter(JobState.PAUSED)
        self._post(event)


def sentence_of(error: Exception) -> str:
    """Turn an exception of torch, the system or a recipe into one sentence that says what to do."""
    text = str(error).partition("\n")[0]
    if isinstance(error, MemoryError | torch.cuda.OutOfMemoryError) or "not enough memory" in text:
        return (
            "The memory is not enough for this run; lower the batch size, or choose smaller images or a smaller model."
        )
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "The disk is full; free some space and resume the run."
    if isinstance(error, OSError):
        return f"A file cannot be used: {error}."
    return f"The recipe failed with {type(error).__name__}: {text}."
