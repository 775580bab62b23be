"""What the studio asks a run for, and the exam itself, which is done on a thread of the studio."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gendesk.engine.capabilities import Examinable
from gendesk.engine.exams import ExamReport, TrackScore, add_exam, exam_tracks, load_exams, sit_exam
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.engine.run_store import read_record
from gendesk.engine.runs import RECORD_FILE, RunRecord
from gendesk.errors import InputError, StoredDataError


@dataclass(frozen=True)
class Known:
    """What is known of a run before anything is done: its exams, the newest first, and whether it can be examined.

    `problem` is a sentence on a file of exams that cannot be read, or "".
    """

    exams: tuple[ExamReport, ...]
    drives: bool
    problem: str = ""


@dataclass(frozen=True)
class Plan:
    """An exam to be done: a model that nobody else changes, and the run that it belongs to."""

    model: Model
    record: RunRecord
    folder: Path
    step: int
    tracks: int


def known(model: Model, data: RunData, _: object = None) -> Known:
    """Return the exams of a run; a damaged file is no reason not to examine anew, which replaces it."""
    drives = isinstance(model, Examinable)
    try:
        return Known(load_exams(data.folder), drives)
    except StoredDataError as error:
        return Known((), drives, str(error))


def planned(model: Model, data: RunData, tracks: int) -> Plan:
    """Return what an exam needs, with a copy of the model as it is now; raises InputError where there can be none."""
    record = read_record(data.folder / RECORD_FILE, data.folder.name)
    exam_tracks(record, tracks)
    if not isinstance(model, Examinable):
        raise InputError("This run has no controller yet, so nobody can be examined; train stage 5 first.")
    mine = copy.deepcopy(model).eval().cpu()
    return Plan(mine.requires_grad_(requires_grad=False), record, data.folder, data.step, tracks)


def sat(plan: Plan, tell: Callable[[TrackScore], None], stopping: Callable[[], bool]) -> ExamReport:
    """Do the exam, keep it in the run's folder and return it; raises what `sit_exam` does, and InputError."""
    report = sit_exam(plan.model, plan.record, plan.step, plan.tracks, tell, stopping)
    try:
        add_exam(plan.folder, report)
    except OSError as error:
        raise InputError(f"The exam cannot be kept in {plan.folder}: {error.strerror or error}.") from error
    return report
