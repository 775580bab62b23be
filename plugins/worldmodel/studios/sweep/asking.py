"""What the studio asks a run for, and the sweep itself, which is done on a thread of the studio."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.engine.run_store import read_record
from gendesk.engine.runs import RECORD_FILE
from gendesk.errors import InputError, StoredDataError

from ...config import ControllerConfig
from ...exam import settings_of
from ...models import DreamingModel, DrivingModel
from ...sweep import Sweep
from ...sweep_report import SweepReport, SweepSettings, load_sweep


@dataclass(frozen=True)
class Known:
    """What is known of a run: its last sweep, whether its model dreams, whether it has a trained driver, a problem."""

    sweep: SweepReport | None
    dreams: bool
    drives: bool
    problem: str = ""


@dataclass(frozen=True)
class Plan:
    """A sweep to be done: a model that nobody else changes, and where it is kept."""

    model: DreamingModel
    config: ControllerConfig
    settings: SweepSettings
    folder: Path
    step: int


def known(model: Model, data: RunData, _: object = None) -> Known:
    """Return what is known of a run; a damaged sweep is no reason not to begin one anew."""
    drives = isinstance(model, DrivingModel) and bool(model.driver.any())
    try:
        return Known(load_sweep(data.folder), isinstance(model, DreamingModel), drives)
    except StoredDataError as error:
        return Known(None, isinstance(model, DreamingModel), drives, str(error))


def planned(model: Model, data: RunData, settings: SweepSettings) -> Plan:
    """Return what a sweep needs, with a copy of the model as it is now; raises InputError where it cannot dream."""
    if not isinstance(model, DreamingModel):
        raise InputError("This run has no M yet that could dream; train stage 4 first.")
    record = read_record(data.folder / RECORD_FILE, data.folder.name)
    mine = copy.deepcopy(model).eval().cpu()
    mine.requires_grad_(requires_grad=False)
    return Plan(mine, settings_of(record.config.config), settings, data.folder, data.step)


def swept(plan: Plan, tell: Callable[[SweepReport], None], stopping: Callable[[], bool]) -> SweepReport:
    """Do the sweep, or go on with it; raises what `Sweep` does, and InputError if the disk refuses."""
    try:
        sweep = Sweep(plan.model, plan.config, plan.settings, plan.folder, plan.step)
        tell(sweep.report)
        return sweep.run(plan.config.processes, tell, stopping)
    except OSError as error:
        raise InputError(f"The sweep cannot be kept in {plan.folder}: {error.strerror or error}.") from error
