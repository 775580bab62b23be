"""Takes down what a run measures and shows, on disk and as events, and never lets a full disk kill the training."""

import time
from collections.abc import Callable, Mapping

import numpy as np
import torch
from torch import Tensor

from gendesk.engine.events import Event, Marked, PreviewReady, Scalars, Warned
from gendesk.engine.health import HealthCheck, non_finite
from gendesk.engine.metrics_log import MetricsLog, Row
from gendesk.engine.preview import Preview
from gendesk.engine.runs import Run
from gendesk.engine.samples import save_preview
from gendesk.errors import RunError

_REPORT_SECONDS = 0.1


class Recorder:
    """Keeps the metrics of recent steps as tensors and turns them into numbers a few times a second, all at once."""

    def __init__(self, run: Run, names: list[str], checks: list[HealthCheck], post: Callable[[Event], None]) -> None:
        self._run = run
        self._log = MetricsLog(run.metrics_file, names)
        self._checks = checks
        self._post = post
        self._pending: list[tuple[int, float, Mapping[str, Tensor | float]]] = []
        self._reported = time.perf_counter()
        self._told: set[str] = set()
        self._step = run.record.step
        self.latest: dict[str, float] = dict(run.record.metrics)

    def resume_at(self, step: int) -> None:
        self._log.cut_after(step)

    def add(self, step: int, seconds: float, metrics: Mapping[str, Tensor | float]) -> None:
        """Note the metrics of a step without waiting for the device."""
        held = {name: value.detach() if isinstance(value, Tensor) else value for name, value in metrics.items()}
        self._pending.append((step, seconds, held))
        self._step = step

    @property
    def due(self) -> bool:
        return time.perf_counter() - self._reported >= _REPORT_SECONDS

    def flush(self) -> None:
        """Write and report what has come; raises RunError that names the loss if one is not a finite number."""
        self._reported = time.perf_counter()
        if not self._pending:
            return
        rows = _as_numbers(self._pending)
        self._pending.clear()
        self._write(lambda: self._log.append(rows))
        for group in _by_columns(rows):
            self._post(_event(self._run.id, group))
        for step, _, values in rows:
            self.latest.update(values)
            if problem := non_finite(step, values):
                raise RunError(problem)
            self._examine(step, values)

    def show(self, step: int, preview: Preview, settings: str) -> None:
        """Save a preview and send it to whoever is watching."""
        self._write(lambda: save_preview(self._run.samples, step, preview, settings))
        self._post(PreviewReady(run_id=self._run.id, step=step, preview=preview))

    def mark(self, step: int, kind: str, text: str) -> None:
        self._post(Marked(run_id=self._run.id, step=step, kind=kind, text=text))

    def warn(self, step: int, text: str, advice: str = "") -> None:
        """Say something once, however often it happens."""
        if text in self._told:
            return
        self._told.add(text)
        self._post(Warned(run_id=self._run.id, step=step, text=text, advice=advice))
        self.mark(step, "warning", text)

    def _examine(self, step: int, values: Mapping[str, float]) -> None:
        for check in self._checks:
            if finding := check.look(step, values):
                self.warn(step, finding.text, finding.advice)

    def _write(self, action: Callable[[], object]) -> None:
        try:
            action()
        except OSError as error:
            self.warn(self._step, f"Metrics or pictures cannot be saved: {error.strerror or error}.")


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


def _as_numbers(pending: list[tuple[int, float, Mapping[str, Tensor | float]]]) -> list[Row]:
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
