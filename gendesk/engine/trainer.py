"""The one training loop: steps, pauses, previews, validation, checkpoints, on whatever thread it is called from."""

import contextlib
import json
import math
import time
from collections.abc import Callable, Iterator
from typing import Any, Literal

import torch

from gendesk.config import checked
from gendesk.data.dataset import Dataset, ImageDataset
from gendesk.data.library import DataLibrary
from gendesk.engine.checkpoints import load_random_state, random_state
from gendesk.engine.control import Control, StepInterrupted
from gendesk.engine.devices import choose_device
from gendesk.engine.events import Event, PreviewReady, Progress
from gendesk.engine.families import RecipeEntry
from gendesk.engine.health import Finding, Remedies
from gendesk.engine.health.probe import Probe
from gendesk.engine.health.usual import usual_checks
from gendesk.engine.precision import PrecisionChoice, choose_fast, exact
from gendesk.engine.preview import ChartPreview
from gendesk.engine.recipe import Context, Metrics, Model, Recipe
from gendesk.engine.recorder import Recorder
from gendesk.engine.runs import Run, RunState, this_process
from gendesk.engine.scores.keeper import ScoreKeeper, ScoreSources, can_be_scored
from gendesk.engine.scores.keeper_metrics import score_metrics
from gendesk.engine.throughput import Throughput
from gendesk.engine.upstream import PRODUCTS, BuiltOn, Upstreams
from gendesk.errors import InputError, RunError

Post = Callable[[Event], None]

_REPORT_SECONDS = 0.1
_LOOK_SECONDS = 0.2  # between two looks at whether the last score has come


class Trainer:
    """Trains one run from where it stands to its end, or to a stop; stopping takes effect after the current step.

    Raises GendeskError with a sentence for people when the run cannot go on.
    """

    def __init__(
        self,
        run: Run,
        entry: RecipeEntry,
        library: DataLibrary,
        control: Control,
        post: Post,
        sources: ScoreSources,
        upstreams: Upstreams,
    ) -> None:
        self._run = run
        self._entry = entry
        self._library = library
        self._control = control
        self._post = post
        self._sources = sources
        self._upstreams = upstreams
        self._scores: ScoreKeeper | None = None
        self._recipe: Recipe[Any, Any] | None = None
        self.step = run.record.step
        self.total_steps = run.record.total_steps
        self.phases: tuple[str, ...] = ()
        self._probe = Probe()
        self._reported_at = 0.0

    @property
    def recipe(self) -> Recipe[Any, Any]:
        if self._recipe is None:
            raise RuntimeError("The trainer has not been prepared yet.")
        return self._recipe

    def model(self) -> Model:
        return self.recipe.model()

    def prepare(self, extra_steps: int = 0) -> None:
        """Open the data, build the recipe, take up the last checkpoint; `extra_steps` lengthens the run."""
        config = self._run.record.config
        settings = config.settings
        recipe_class = self._entry.load()
        own_config = checked(recipe_class.Config, config.config)
        upstream = None
        if self._entry.after and recipe_class.builds_on(own_config):
            upstream = self._upstreams.of(self._run, self._entry, str(getattr(own_config, "upstream", "")))
        data = self._open_data()
        device = choose_device(settings.device)
        torch.manual_seed(settings.seed)
        context = Context(
            device.device.torch,
            settings.seed,
            self._run.folder / PRODUCTS,
            upstream,
            lambda: self._control.stopping,
            self._report,
        )
        self._recipe = recipe_class(own_config, data, context)
        self.phases = tuple(self._recipe.phases())
        self._scores = self._make_scores()
        self._recorder = self._make_recorder()
        self._throughput = Throughput(self._run.record.seconds)
        if self._run.steps_saved():
            self._take_up()
        else:
            self.step = 0
            with self._writing():
                self._recorder.resume_at(0)
        self.total_steps = self._planned_steps(extra_steps)
        precision = self._choose_precision()
        self._update(
            data=data.info,
            upstream=None if upstream is None else BuiltOn(run=upstream.run, fingerprint=upstream.fingerprint),
            total_steps=self.total_steps,
            step=self.step,
            device=device.device.id,
            precision=precision.name,
            process=this_process(),
            state=RunState.RUNNING,
            message="",
        )
        self._settings_text = json.dumps(config.model_dump(mode="json"))
        self._saved_at = time.monotonic()

    def train(self) -> bool:
        """Run the loop; return whether the run came to its planned end."""
        if self.step == 0:
            self._show_previews()
        while self.step < self.total_steps and not self._control.stopping:
            self._boundary()
            if self._control.stopping:
                break
            with contextlib.suppress(StepInterrupted):
                self._one_step(self.recipe.step)
        self._finish()
        return self.step >= self.total_steps

    def release(self) -> None:
        """Let go of model and data, so that the memory is free for the next run."""
        if self._recipe is not None:
            with contextlib.suppress(Exception):  # what cannot be cleared away must not keep a window from closing
                self._recipe.close()
        if self._scores is not None:
            self._scores.close()
            self._scores = None
        self._recipe = None
        self._probe = Probe()
        self._control.forget_requests()

    def step_alone(self, phase: str = "") -> None:
        """Do one step, or one of its phases, at the next boundary; meant for a paused run."""
        phases = self.recipe.phases()
        if phase and phase not in phases:
            raise RunError(f"{self._entry.title} has no phase {phase}; it has {', '.join(phases) or 'none'}.")
        self._control.request(lambda: self._one_step(phases[phase] if phase else self.recipe.step))

    def save_now(self) -> None:
        """Save a checkpoint at the next boundary and keep it for good."""
        self._control.request(self._pin)

    # The parts of the loop

    def _boundary(self) -> None:
        self._control.run_requests()
        self._collect_scores()
        if self._control.paused:
            self._pause()
        if time.monotonic() - self._saved_at >= self._run.record.config.settings.checkpoint_seconds and self.step:
            self._save()

    def _pause(self) -> None:
        self._throughput.pause()
        self._flush()
        self._recorder.mark(self.step, "pause", "Paused")
        while self._control.paused:
            self._control.wait_while_paused()
            self._control.run_requests()
            self._collect_scores()
            self._flush()
        self._throughput.resume()

    def _one_step(self, part: Callable[[], Any]) -> None:
        if self._probe.due:
            metrics, seen = self._probe.around(self.model(), part)
            self._recorder.observe(self.step + 1, seen)
        else:
            metrics = part()
        self.step += 1
        self._recorder.add(self.step, self._throughput.elapsed, metrics)
        self._throughput.count(self.step)
        if self._recorder.due:
            self._flush()
        settings = self._run.record.config.settings
        validate_every = settings.validate_every or self.recipe.steps_per_epoch
        last = self.step >= self.total_steps
        if self.step % validate_every == 0 and not last:
            self._validate()
        if self.step % settings.preview_every == 0 and not last:
            self._show_previews()
        if self._scores is not None and self.step % settings.score_every == 0 and not last:
            self._scores.take(self.model(), self.step, self._throughput.elapsed)

    def _finish(self) -> None:
        self._control.run_requests()
        self._flush()
        if self.step and self._control.save_on_stop:
            self._validate()
            self._show_previews()
            self._save(must=True)
            self._score_at_end()
        self._recorder.close()
        record = self._run.record
        done = self.step >= self.total_steps
        self._update(
            state=RunState.FINISHED if done else RunState.STOPPED,
            step=self.step if self._control.save_on_stop else (self._run.steps_saved() or [0])[-1],
            seconds=self._throughput.elapsed if self._control.save_on_stop else record.seconds,
            metrics=dict(self._recorder.latest),
            process=None,
        )

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Turn a disk that refuses what must be written into a sentence."""
        try:
            yield
        except OSError as error:
            reason = error.strerror or error
            raise RunError(f"The folder of the run {self._run.id} cannot be written: {reason}.") from error

    def _update(self, **changes: Any) -> None:
        with self._writing():
            self._run.update(**changes)

    def _flush(self) -> None:
        self._recorder.flush()
        self._post(self.progress())

    def _report(self, share: float, text: str, preview: ChartPreview | None = None) -> None:
        """Tell how far the step is that is being done, not much more often than a screen shows it."""
        if time.monotonic() - self._reported_at < _REPORT_SECONDS and share < 1:
            return
        self._reported_at = time.monotonic()
        self._post(self.progress(text, min(max(share, 0.0), 1.0)))
        if preview is not None:
            self._post(PreviewReady(run_id=self._run.id, step=self.step + 1, preview=preview, passing=True))

    def progress(self, text: str = "", within: float = 0.0) -> Progress:
        rate = self._throughput.steps_per_second()
        left = self.total_steps - self.step - within
        return Progress(
            run_id=self._run.id,
            step=self.step,
            total_steps=self.total_steps,
            epoch=self.step / self.recipe.steps_per_epoch,
            steps_per_second=rate,
            samples_per_second=rate * self.recipe.samples_per_step,
            step_seconds=1 / rate if rate else 0.0,
            eta=left / rate if rate else None,
            elapsed=self._throughput.elapsed,
            text=text,
            within=within,
        )

    def _validate(self) -> None:
        """Measure on held-out data, and keep the checkpoint if it is the best so far."""
        self._flush()
        state = random_state()
        metrics: Metrics = {}
        with contextlib.suppress(StepInterrupted):
            metrics = self.recipe.validate()
        load_random_state(state)
        if not metrics:
            return
        named = {f"validation/{name}": value for name, value in metrics.items()}
        self._recorder.add(self.step, self._throughput.elapsed, named)
        self._flush()
        value = self._recorder.latest.get(f"validation/{self.recipe.best}")
        best = self._run.record.best_value
        if value is None:
            return
        sign = -1 if self._goal() == "max" else 1
        if best is None or sign * value < sign * best:
            self._run.note(best_value=value, best_step=self.step)
            self._save()

    def _collect_scores(self) -> None:
        """Note the scores that have been worked out since the last boundary, at the step whose model they are of."""
        if self._scores is None:
            return
        for scored in self._scores.collect():
            if scored.values:
                self._recorder.add(scored.step, scored.seconds, scored.values)
            if scored.note is not None:
                self._recorder.warn(scored.step, scored.note)

    def _score_at_end(self) -> None:
        """Score the model of a complete run, and wait for it; who stops the run meanwhile need not."""
        if self._scores is None:
            return
        self._throughput.pause()
        if self.step >= self.total_steps and self._wait_for_scores("Waiting for the scores of an earlier step"):
            self._scores.take(self.model(), self.step, self._throughput.elapsed)
            self._wait_for_scores("Scoring the last step")
        self._collect_scores()
        self._flush()

    def _wait_for_scores(self, text: str) -> bool:
        """Wait until nothing is scored any more, and answer studios meanwhile; return False if the run is stopped."""
        while self._scores is not None and self._scores.busy:
            if self._control.stopping:
                return False
            self._post(self.progress(text))
            self._scores.wait(_LOOK_SECONDS)
            self._control.run_requests()
        return True

    def _goal(self) -> Literal["min", "max"]:
        goals = {spec.name: spec.goal for spec in self.recipe.metrics}
        return "max" if goals[self.recipe.best] == "max" else "min"

    def _show_previews(self) -> None:
        """Show what the model does; a preview that fails is a warning, because training itself is well."""
        self._flush()
        state = random_state()
        try:
            for preview in self.recipe.previews():
                self._recorder.show(self.step, preview, self._settings_text)
        except Exception as error:  # noqa: BLE001 (a family's own code, which must not cost a night's work)
            text = f"A preview failed: {type(error).__name__}: {error}."
            self._recorder.warn(self.step, Finding(text, "Training goes on.", "preview"))
        finally:
            load_random_state(state)

    def _pin(self) -> None:
        self._run.note(pinned_steps=(*self._run.record.pinned_steps, self.step))
        self._save()

    def _save(self, *, must: bool = False) -> None:
        """Write a checkpoint; one that fails is tried again later, unless this was the last chance (`must`)."""
        self._flush()
        self._check_weights()
        self._saved_at = time.monotonic()
        state = {
            "model": self.model().state_dict(),
            "recipe": self.recipe.state(),
            "random": {**random_state(), "generator": self.recipe.context.generator.get_state()},
            "step": self.step,
            "seconds": self._throughput.elapsed,
        }
        try:
            self._run.save(self.step, state)
            self._run.update(
                step=self.step,
                seconds=self._throughput.elapsed,
                metrics=dict(self._recorder.latest),
                steps_per_second=self._throughput.steps_per_second(),
            )
        except OSError as error:
            reason = f"The state of step {self.step:,} cannot be saved: {error.strerror or error}"
            if must:
                kept = self._run.steps_saved()
                last = f"the last saved state is of step {kept[-1]:,}" if kept else "no state was saved"
                raise RunError(f"{reason}; {last}.") from error
            advice = "Free some disk space; training goes on."
            self._recorder.warn(self.step, Finding(f"{reason}; the next try follows.", advice, "checkpoint"))
            return
        self._recorder.mark(self.step, "checkpoint", f"Saved at step {self.step:,}")

    def _check_weights(self) -> None:
        """Refuse to write weights that are not finite over good ones; one look at each tensor's sum finds any."""
        for name, tensor in self.model().state_dict().items():
            if tensor.is_floating_point() and not math.isfinite(float(tensor.sum())):
                sentence = f"The weights {name} are no longer finite at step {self.step:,}; lower the learning rate."
                self._recorder.give_up(self.step, sentence)

    # The parts of the preparation

    def _open_data(self) -> Dataset:
        config = self._run.record.config

        def report(fraction: float, text: str) -> None:
            progress = Progress(
                run_id=self._run.id,
                step=self.step,
                total_steps=self.total_steps,
                epoch=0.0,
                steps_per_second=0.0,
                samples_per_second=0.0,
                step_seconds=0.0,
                eta=None,
                elapsed=self._run.record.seconds,
                text=f"{text} {fraction:.0%}",
            )
            self._post(progress)

        data = self._library.open(config.data, config.data_options, report, lambda: self._control.stopping)
        if data.info.kind is not self._entry.data:
            raise InputError(
                f"{self._entry.title} trains on {self._entry.data}, but {config.data} has {data.info.kind}."
            )
        trained_on = self._run.record.data
        if trained_on is not None and trained_on.fingerprint != data.info.fingerprint:
            raise InputError(f"{config.data} has changed since the run {self._run.id} began; start a new run with it.")
        return data

    def _make_scores(self) -> ScoreKeeper | None:
        config, data = self._run.record.config, self.recipe.data
        if not config.settings.score_every:
            return None
        if not isinstance(data, ImageDataset) or not can_be_scored(self.model()):
            raise InputError(f"{self._entry.title} makes no pictures to score; set the steps between scores to 0.")
        return ScoreKeeper(data, config, self._sources)

    def _make_recorder(self) -> Recorder:
        specs = self.recipe.metrics_of(self.recipe.config)
        scores = score_metrics(self._run.record.config.settings)
        names = [spec.name for spec in specs] + [f"validation/{spec.name}" for spec in specs]
        names += [spec.name for spec in scores]
        checks = [*usual_checks(self.recipe), *self.recipe.health_checks()]
        return Recorder(self._run, names, checks, self._post, Remedies(self.recipe.config).slower())

    def _take_up(self) -> None:
        step, state = self._run.load()
        self.recipe.model().load_state_dict(state["model"])
        self.recipe.load_state(state["recipe"])
        generator = state["random"].pop("generator")
        load_random_state(state["random"])
        self.recipe.context.generator.set_state(generator)
        self.step = step
        self._throughput = Throughput(state["seconds"])
        with self._writing():
            self._recorder.resume_at(step)
        self._recorder.mark(step, "resume", f"Resumed at step {step:,}")

    def _planned_steps(self, extra_steps: int) -> int:
        settings = self._run.record.config.settings
        planned = settings.steps or max(1, round(settings.epochs * self.recipe.steps_per_epoch))
        planned = max(planned, self.total_steps)
        return self.step + extra_steps if extra_steps else planned

    def _choose_precision(self) -> PrecisionChoice:
        if self._run.record.config.settings.precision == "exact":
            return exact()
        choice = choose_fast(self.recipe)
        self.recipe.context.dtype = choice.dtype
        self._post(self.progress(choice.reason))
        return choice
