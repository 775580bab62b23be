"""Takes down what a run measures and shows, on disk and as events, and never lets a full disk kill the training."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import numpy as np
import torch
from torch import Tensor

from gendesk.engine.events import Event, Marked, PreviewReady, Scalars, Warned
from gendesk.engine.health import Finding, HealthCheck, explanation_of, non_finite
from gendesk.engine.health.warnings_file import WARNINGS_FILE, WarningsLog
from gendesk.engine.metrics_log import MetricsLog, Row
from gendesk.engine.preview import Preview
from gendesk.engine.runs import Run
from gendesk.engine.samples import save_preview
from gendesk.errors import RunError

Pending = tuple[int, float, Mapping[str, Tensor | float]]

_REPORT_SECONDS = 0.1
_RETRY_SECONDS = 2.0
_TOLD_ANEW = {"storage", "checkpoint"}
"""Troubles of a machine, which come and go: a run that is resumed tells them again."""


class Recorder:
    """Keeps the metrics of recent steps as tensors and turns them into numbers a few times a second, all at once."""

    def __init__(
        self,
        run: Run,
        names: list[str],
        checks: list[HealthCheck],
        post: Callable[[Event], None],
        remedy: Mapping[str, Any],
    ) -> None:
        """`remedy` are the settings to try anew when values are no numbers any more."""
        self._run = run
        self._log = MetricsLog(run.metrics_file, names)
        self._warnings = WarningsLog(run.folder / WARNINGS_FILE)
        self._checks = checks
        self._post = post
        self._remedy = remedy
        self._pending: list[Pending] = []
        self._seen: list[Pending] = []
        self._reported = time.perf_counter()
        self._next_try = 0.0
        self._told: set[str] = set()
        self._step = run.record.step
        self.latest: dict[str, float] = dict(run.record.metrics)

    def resume_at(self, step: int) -> None:
        """Forget what was noted of later steps; raises OSError if the disk refuses."""
        self._log.cut_after(step)
        self._warnings.cut_after(step)
        self._warnings.save()
        self._told = self._warnings.told - _TOLD_ANEW

    def add(self, step: int, seconds: float, metrics: Mapping[str, Tensor | float]) -> None:
        """Note the metrics of a step, the newest or one before, without waiting for the device."""
        self._pending.append((step, seconds, _detached(metrics)))
        self._step = max(self._step, step)

    def observe(self, step: int, seen: Mapping[str, Tensor]) -> None:
        """Note what the probe has measured, for the health checks alone."""
        self._seen.append((step, 0.0, seen))

    @property
    def due(self) -> bool:
        return time.perf_counter() - self._reported >= _REPORT_SECONDS

    def flush(self) -> None:
        """Write and report what has come; raises RunError that names the loss if one is not a finite number."""
        self._reported = time.perf_counter()
        if not self._pending:
            return
        numbers = _as_numbers([*self._pending, *self._seen])
        rows, seen = numbers[: len(self._pending)], numbers[len(self._pending) :]
        self._pending.clear()
        self._seen.clear()
        self._store(rows)
        for group in _by_columns(rows):
            self._post(_event(self._run.id, group))
        for step, _, values in rows:
            if problem := non_finite(step, values):
                self.give_up(step, problem)
            self.latest.update(values)
            self._examine(step, values)
        for step, _, values in seen:
            self._examine(step, values)

    def close(self) -> None:
        """Try a last time to write what the disk has refused so far."""
        self._write(self._save)

    def show(self, step: int, preview: Preview, settings: str) -> None:
        """Save a preview and send it to whoever is watching."""
        self._write(lambda: save_preview(self._run.samples, step, preview, settings))
        self._post(PreviewReady(run_id=self._run.id, step=step, preview=preview))

    def mark(self, step: int, kind: str, text: str) -> None:
        self._post(Marked(run_id=self._run.id, step=step, kind=kind, text=text))

    def warn(self, step: int, finding: Finding) -> None:
        """Say something once in the run's life, however often it happens, and keep it with the run."""
        key = finding.kind or finding.text
        if key in self._told:
            return
        self._told.add(key)
        warning = Warned(
            run_id=self._run.id,
            step=step,
            text=finding.text,
            advice=finding.advice,
            kind=finding.kind,
            explanation=finding.explanation or explanation_of(finding.kind),
            changes=finding.changes,
        )
        self._warnings.add(warning)
        self._post(warning)
        self.mark(step, "warning", finding.text)

    def give_up(self, step: int, problem: str) -> NoReturn:
        """Warn of values that are no numbers, and raise RunError with the sentence."""
        self.warn(step, Finding(problem, "", "not-a-number", changes=self._remedy))
        self.close()
        raise RunError(problem)

    def _examine(self, step: int, values: Mapping[str, float]) -> None:
        for check in self._checks:
            if finding := check.look(step, values):
                self.warn(step, finding)

    def _store(self, rows: list[Row]) -> None:
        """Write rows, or hold them while the disk refuses; it is asked again every few seconds."""
        self._log.hold(rows)
        if time.monotonic() >= self._next_try:
            self._write(self._save)

    def _save(self) -> None:
        self._log.append()
        self._warnings.save()

    def _write(self, action: Callable[[], object]) -> None:
        try:
            action()
        except OSError as error:
            self._next_try = time.monotonic() + _RETRY_SECONDS
            self.warn(
                self._step,
                Finding(
                    f"Metrics or pictures cannot be saved: {error.strerror or error}.",
                    "Training goes on; metrics wait in memory and are written as soon as it is possible again.",
                    "storage",
                ),
            )


def _detached(metrics: Mapping[str, Tensor | float]) -> dict[str, Tensor | float]:
    return {name: value.detach() if isinstance(value, Tensor) else value for name, value in metrics.items()}


def _event(run_id: str, rows: list[Row]) -> Scalars:
    names = rows[0][2].keys()
    steps = np.array([step for step, _, _ in rows], dtype=np.int64)
    values = {name: np.array([values[name] for _, _, values in rows], dtype=np.float64) for name in names}
    return Scalars(run_id=run_id, steps=steps, values=values)


def _by_columns(rows: list[Row]) -> list[list[Row]]:
    """Split rows where the set of metrics changes, as it does when a validation comes between."""
    groups: list[list[Row]] = []
    for row in rows:
        if groups and groups[-1][-1][2].keys() == row[2].keys():
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _as_numbers(pending: Sequence[Pending]) -> list[Row]:
    """Bring all waiting tensors to the CPU in one transfer."""
    tensors = [value for _, _, metrics in pending for value in metrics.values() if isinstance(value, Tensor)]
    numbers = iter(torch.stack([value.reshape(()).float() for value in tensors]).tolist() if tensors else ())
    return [
        (
            step,
            seconds,
            {name: next(numbers) if isinstance(value, Tensor) else float(value) for name, value in metrics.items()},
        )
        for step, seconds, metrics in pending
    ]
