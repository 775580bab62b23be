"""The engine: starts and resumes runs, knows which are in training, and hands their events to whoever subscribes."""

import threading
from pathlib import Path
from typing import Any

import torch

from gendesk.data.library import DataLibrary
from gendesk.engine.events import Event, Mailbox
from gendesk.engine.families import Families, RecipeEntry, find_families
from gendesk.engine.job import Job
from gendesk.engine.live import LiveModels
from gendesk.engine.recipe import Model
from gendesk.engine.run_config import RunConfig
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import Run, RunState
from gendesk.errors import InputError, StoredDataError


class Engine:
    """One per process, on a data folder: `runs/`, `datasets/` and `plugins/` in it. Jobs train one after the other."""

    def __init__(self, data_dir: Path, families: Families | None = None, *, sync: bool = False) -> None:
        self.data_dir = data_dir
        self.families = families or find_families(data_dir / "plugins")
        self.runs = RunStore(data_dir / "runs")
        self.library = DataLibrary(data_dir / "datasets")
        self.live = LiveModels(self.job, self.load_model, self._post, sync=sync)
        self._jobs: dict[str, Job] = {}
        self._turn = threading.Semaphore(1)
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
        base = RunConfig(recipe=recipe, preset=chosen, data=data or entry.default_data, config={}, name=name)
        return base.with_values(config_model, {**entry.preset(chosen), **values})

    def start(self, config: RunConfig) -> Job:
        """Make a run and train it on a thread, after those that were started before."""
        entry = self.families.recipe(config.recipe)
        family = next(family for family in self.families if family.id == entry.family)
        run = self.runs.create(config, family.id, entry.title)
        return self._launch(run, entry, 0)

    def resume(self, reference: str, extra_steps: int = 0) -> Job:
        """Go on from the last saved state, to the planned end or for `extra_steps` more; raises InputError."""
        run = self.runs.find(reference)
        job = self._jobs.get(run.id)
        if run.in_use or (job is not None and not job.state.over):
            raise InputError(f"The run {run.id} is in training already.")
        if run.state is RunState.FINISHED and not extra_steps:
            raise InputError(
                f"The run {run.id} has reached its {run.record.step:,} steps; say how many more it shall do."
            )
        entry = self.families.recipe(run.record.config.recipe)
        return self._launch(run, entry, extra_steps)

    def job(self, run_id: str) -> Job | None:
        """Return the newest job of a run in this process."""
        return self._jobs.get(run_id)

    @property
    def active_jobs(self) -> list[Job]:
        return [job for job in self._jobs.values() if not job.state.over]

    def load_model(self, run_id: str) -> Model:
        """Return a run's model as last saved, on the CPU and ready for inference; raises StoredDataError."""
        run = self.runs.open(run_id)
        if run.record.data is None:
            raise StoredDataError(f"The run {run.id} has no saved state yet.")
        recipe = self.families.recipe(run.record.config.recipe).load()
        config = recipe.Config.model_validate(run.record.config.config)
        _, weights = run.load(only="model")
        # On the meta device nothing is initialised, so no random number is taken from a run that is training beside us.
        with torch.device("meta"):
            model = recipe.build(config, run.record.data)
        model.load_state_dict(weights, assign=True)
        model.eval()
        return model.requires_grad_(requires_grad=False)

    def close(self, timeout: float = 30.0) -> None:
        """Stop and save every job, and wait for the threads."""
        jobs = self.active_jobs
        for job in jobs:
            job.stop()
        for job in jobs:
            job.join(timeout)
        self.live.close()

    def _launch(self, run: Run, entry: RecipeEntry, extra_steps: int) -> Job:
        self.live.forget(run.id)  # also of a new run, which may have the number of one that was removed
        job = Job(run, entry, self.library, self._turn, self._post, extra_steps)
        self._jobs[run.id] = job
        job.start()
        return job

    def _post(self, event: Event) -> None:
        for mailbox in self._mailboxes:
            mailbox.post(event)
