"""The engine: starts and resumes runs, knows which are in training, and hands their events to whoever subscribes."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import torch

from gendesk.config import checked
from gendesk.data.dataset import Dataset, ImageDataset, ScoreDataset, TextDataset
from gendesk.data.library import DataLibrary
from gendesk.data.options import options_for
from gendesk.engine.events import Event, JobState, Mailbox, StateChanged
from gendesk.engine.families import Families, find_families
from gendesk.engine.features import FeatureNetworks
from gendesk.engine.job import Job
from gendesk.engine.live import LiveModels
from gendesk.engine.queue_runner import QueueRunner
from gendesk.engine.recipe import Model
from gendesk.engine.run_config import RunConfig
from gendesk.engine.run_data import RunData
from gendesk.engine.run_queue import QueueEntry, RunQueue
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import Run, RunState
from gendesk.engine.scores.keeper import ScoreSources
from gendesk.engine.upstream import UPSTREAM, Upstreams, products_of
from gendesk.errors import GendeskError, InputError, NotReadyError
from gendesk.preferences import Preferences, load_preferences


class Engine:
    """One per process, on a data folder, with runs, data sets and plugins in it or where the preferences say.

    Queued runs train one by one. `preferences` may be replaced at any time; they count for new runs.
    """

    def __init__(
        self,
        data_dir: Path,
        families: Families | None = None,
        preferences: Preferences | None = None,
        *,
        sync: bool = False,
    ) -> None:
        self.data_dir = data_dir
        self.preferences = preferences or load_preferences(data_dir)
        folders, _ = self.preferences.folders(data_dir)
        self.families = families or find_families(folders.plugins)
        self.runs = RunStore(folders.runs)
        self.library = DataLibrary(folders.datasets)
        self.upstreams = Upstreams(self.runs, self.load_model)
        self.features = FeatureNetworks(self)
        self._data: tuple[str, Dataset] | None = None
        # What a mouse waits for must not stand in line behind what takes seconds, so there are two workers.
        self.live = LiveModels(self.job, self.load_model, self._post, self.run_data, sync=sync)
        self.live_slowly = LiveModels(self.job, self.load_model, self._post, self.run_data, sync=sync)
        self._jobs: dict[str, Job] = {}
        self.queue = RunQueue(data_dir)
        self.runner = QueueRunner(self.queue, self._queued_job, self._jobs.__contains__)
        self._mailboxes: list[Mailbox] = []

    def subscribe(self, mailbox: Mailbox) -> None:
        self._mailboxes.append(mailbox)

    def unsubscribe(self, mailbox: Mailbox) -> None:
        self._mailboxes.remove(mailbox)

    def config(self, recipe: str, preset: str = "", data: str = "", name: str = "", **values: Any) -> RunConfig:
        """Return the complete config of a recipe's preset with some values replaced; raises InputError."""
        entry = self.families.recipe(recipe)
        config_model = entry.load().Config
        chosen = preset or entry.default_preset
        base = RunConfig(
            recipe=recipe,
            preset=chosen,
            data=data or entry.default_data,
            config={},
            data_options=options_for(entry.data)(),
            name=name,
        )
        return base.with_values(config_model, {**entry.preset(chosen), **self.preferences.run_values(), **values})

    def start(self, config: RunConfig, *, at_once: bool = False) -> Job:
        """Make a run and train it on a thread: in its turn after those in the queue, or `at_once` beside them."""
        run = self._create(config, RunState.RUNNING if at_once else RunState.QUEUED)
        return self._launch(run, 0, at_once=at_once)

    def start_chain(self, configs: Sequence[RunConfig]) -> list[Job]:
        """Queue runs of which each builds on the one before; raises InputError if one of them cannot.

        A run that is stopped early passes on what it has learnt; after one that has failed, the rest fail, too.
        """
        for config in configs[1:]:
            if UPSTREAM not in self.families.recipe(config.recipe).load().Config.model_fields:
                raise InputError(f"{config.recipe} builds on no other run, so it cannot come after one.")
        runs: list[Run] = []
        for config in configs:
            named = config.config | ({UPSTREAM: runs[-1].id} if runs else {})
            runs.append(self._create(config.model_copy(update={"config": named}), RunState.QUEUED))
        return [self._launch(run, 0, at_once=False) for run in runs]

    def enqueue(self, config: RunConfig) -> Run:
        """Make a run and put it into the queue, for whichever process trains from it."""
        run = self._create(config, RunState.QUEUED)
        self.queue.add(run.id)
        return run

    def resume(self, reference: str, extra_steps: int = 0, *, at_once: bool = False) -> Job:
        """Go on from the last saved state, to the planned end or for `extra_steps` more; raises InputError."""
        run = self.runs.find(reference)
        job = self._jobs.get(run.id)
        if run.in_use or (job is not None and job.started and not job.state.over):
            raise InputError(f"The run {run.id} is in training already.")
        if any(entry.run == run.id for entry in self.queue.entries()):
            raise InputError(f"The run {run.id} waits in the queue already.")
        if run.state is RunState.FINISHED and not extra_steps:
            raise InputError(
                f"The run {run.id} has reached its {run.record.step:,} steps; say how many more it shall do."
            )
        self.families.recipe(run.record.config.recipe)
        if not at_once:
            run.update(state=RunState.QUEUED, message="")
        return self._launch(run, extra_steps, at_once=at_once)

    def job(self, run_id: str) -> Job | None:
        """Return the newest job of a run in this process."""
        return self._jobs.get(run_id)

    @property
    def active_jobs(self) -> list[Job]:
        return [job for job in self._jobs.values() if not job.state.over]

    def load_model(self, run_id: str) -> Model:
        """Return a run's model as last saved, on the CPU and ready for inference; raises StoredDataError."""
        run = self._run_with_state(run_id)
        if run.record.data is None:
            raise NotReadyError(f"The run {run.id} has no saved state yet.")
        recipe = self.families.recipe(run.record.config.recipe).load()
        config = checked(recipe.Config, run.record.config.config)
        _, weights = run.load(only="model")
        # On the meta device nothing is initialised, so no random number is taken from a run that is training beside us.
        with torch.device("meta"):
            model = recipe.build(config, run.record.data)
        model.load_state_dict(weights, assign=True)
        model.eval()
        return model.requires_grad_(requires_grad=False)

    def _run_with_state(self, run_id: str) -> Run:
        """Open a run; one that was refused before its first step has left no folder, which is no damage."""
        job = self._jobs.get(run_id)
        if job is not None and job.state.over and not job.run.folder.exists():
            raise NotReadyError(f"The run {run_id} has no saved state yet.")
        return self.runs.open(run_id)

    def run_data(self, run_id: str) -> RunData:
        """Return what belongs to a run; its data may be gone, or may have changed since it was trained on them."""
        run = self._run_with_state(run_id)
        known = run.record.data
        if known is None:
            raise NotReadyError(f"The data of {run.id} have not been read yet.")
        data, problem = None, ""
        try:
            data = self._open_data(run, known.fingerprint)
        except GendeskError as error:
            problem = str(error)
        saved, upstream = run.steps_saved(), self.upstreams.before(run)
        return RunData(
            run.folder,
            data if isinstance(data, ImageDataset) else None,
            lambda target: self.features.find(known.fingerprint, target),
            problem,
            saved[-1] if saved else 0,
            data if isinstance(data, TextDataset) else None,
            data if isinstance(data, ScoreDataset) else None,
            upstream,
            partial(self._pictures_among, run.record.config.recipe, products_of(run.folder, upstream)),
        )

    def _pictures_among(self, recipe: str, products: Sequence[Path]) -> ImageDataset | None:
        return self.families.recipe(recipe).load().pictures_among(products)

    def _open_data(self, run: Run, fingerprint: str) -> Dataset:
        """Return the data set that a run was trained on; raises InputError."""
        if self._data is None or self._data[0] != fingerprint:
            config = run.record.config
            data = self.library.open(config.data, config.data_options)
            if data.info.fingerprint != fingerprint:
                raise InputError(f"{config.data} has changed since {run.id} was trained on it.")
            self._data = (fingerprint, data)
        return self._data[1]

    @property
    def training_jobs(self) -> list[Job]:
        """The jobs that train or are paused, without those that wait in the queue."""
        return [job for job in self.active_jobs if job.started]

    def withdraw(self, run_id: str) -> None:
        """Take a waiting run out of the queue; its folder stays, as that of a stopped run."""
        job = self._jobs.get(run_id)
        if job is not None and not job.state.over:
            job.stop()
            return
        self.runs.open(run_id).update(state=RunState.STOPPED, message="Removed from the queue.")
        self.queue.remove(run_id)

    def hand_over(self) -> None:
        """Stop and save what trains from the queue, and leave it there for another process to go on with."""
        self.runner.hand_over()
        for job in self.training_jobs:
            job.stop()

    def close(self, timeout: float = 30.0) -> None:
        """Stop and save what trains, leave in the queue what waits, and wait for the threads."""
        self.runner.begin_no_other()
        jobs = self.training_jobs
        for job in jobs:
            job.stop()
        self.runner.close(timeout)
        for job in jobs:
            job.join(timeout)
        self.live.close()
        self.live_slowly.close()
        self._data = None  # they map files

    def _create(self, config: RunConfig, state: RunState) -> Run:
        entry = self.families.recipe(config.recipe)
        return self.runs.create(config, entry.family, entry.title, state)

    def _launch(self, run: Run, extra_steps: int, *, at_once: bool) -> Job:
        job = self._jobs[run.id] = self._make_job(run, extra_steps)
        if at_once:
            job.start()
            return job
        self.queue.add(run.id, run.record.step + extra_steps if extra_steps else 0)
        self._post(StateChanged(run_id=run.id, state=JobState.QUEUED))
        self.runner.wake(run.id)
        return job

    def _make_job(self, run: Run, extra_steps: int) -> Job:
        self.live_slowly.forget(run.id)
        self.live.forget(run.id)  # also of a new run, which may have the number of one that was removed
        entry = self.families.recipe(run.record.config.recipe)
        sources = ScoreSources(self.features.find, self.preferences.inception, self.data_dir / "features")
        return Job(run, entry, self.library, self._post, sources, self.upstreams, self.queue.remove, extra_steps)

    def _queued_job(self, queued: QueueEntry) -> Job | None:
        """Return the job of a run in the queue, which another process may have put there."""
        waiting = self._jobs.get(queued.run)
        if waiting is not None and not waiting.state.over and not waiting.started:
            return waiting
        if all(entry.run != queued.run for entry in self.queue.entries()):
            return None  # withdrawn a moment ago
        try:
            run = self.runs.open(queued.run)
            if run.in_use:
                return None
            job = self._jobs[run.id] = self._make_job(run, max(0, queued.until - run.record.step))
        except GendeskError as error:
            self._post(StateChanged(run_id=queued.run, state=JobState.FAILED, message=str(error)))
            return None
        return job

    def _post(self, event: Event) -> None:
        for mailbox in self._mailboxes:
            mailbox.post(event)
