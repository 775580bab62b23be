"""A run as event files for TensorBoard: its curves, its sample sheets and its settings."""

import contextlib
import importlib.util
import json
import math
import shutil
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from gendesk.data.progress import Progress
from gendesk.engine.exchange.kinds import Exported
from gendesk.engine.metrics_log import read_history
from gendesk.engine.runs import Run
from gendesk.engine.samples import preview_title
from gendesk.errors import InputError

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

_CURVES_SHARE = 0.5


def write_events(run: Run, out: Path, progress: Progress) -> Exported:
    """Write the event files into the new or empty folder `out`; raises OSError, and InputError in one sentence."""
    if importlib.util.find_spec("tensorboard") is None:
        raise InputError("The export for TensorBoard needs tensorboard; install with: pip install tensorboard.")
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise InputError(f"{out} is there already; give the name of a new folder.")
    seconds = _seconds_by_step(run.metrics_file)
    with _new_folder(out) as part, _writer(part) as writer:
        texts = _add_texts(writer, run)
        scalars = _add_curves(writer, run, seconds, progress)
        pictures = _add_sheets(writer, run, seconds, progress)
    return Exported((out,), {"scalars": scalars, "pictures": pictures, "texts": texts})


@contextlib.contextmanager
def _new_folder(out: Path) -> Iterator[Path]:
    """Give a folder beside `out`, which then takes its name; after an exception nothing is left."""
    part = out.with_name(f".{out.name}.{uuid.uuid4().hex[:8]}")
    part.mkdir(parents=True)
    try:
        yield part
        if out.is_dir():
            out.rmdir()
        part.rename(out)
    finally:
        shutil.rmtree(part, ignore_errors=True)


@contextlib.contextmanager
def _writer(folder: Path) -> "Iterator[SummaryWriter]":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from torch.utils.tensorboard import SummaryWriter

        with SummaryWriter(str(folder)) as writer:
            yield writer


def _add_texts(writer: "SummaryWriter", run: Run) -> int:
    record = run.record
    settings = json.dumps(record.config.model_dump(mode="json"), indent=2)
    writer.add_text("run/settings", f"```json\n{settings}\n```", record.step, record.created)
    if run.labels.note:
        writer.add_text("run/note", run.labels.note, record.step, record.created)
    return 2 if run.labels.note else 1


def _add_curves(writer: "SummaryWriter", run: Run, seconds: dict[int, float], progress: Progress) -> int:
    history = read_history(run.metrics_file)
    total = sum(len(steps) for steps, _ in history.values()) or 1
    done = 0
    for name, (steps, values) in history.items():
        for step, value in zip(steps.tolist(), values.tolist(), strict=True):
            writer.add_scalar(name, value, step, run.record.created + seconds.get(step, 0.0))
            done += 1
            progress.update(_CURVES_SHARE * done / total, f"Writing the curve of {name}")
    return done


def _add_sheets(writer: "SummaryWriter", run: Run, seconds: dict[int, float], progress: Progress) -> int:
    sheets = sorted(path for path in run.samples.glob("*/*.png") if path.parent.name.isdecimal())
    done = 0
    for index, path in enumerate(sheets):
        progress.update(_CURVES_SHARE + (1 - _CURVES_SHARE) * index / len(sheets), f"Writing {path.stem}")
        step = int(path.parent.name)
        try:
            with Image.open(path, formats=["PNG"]) as picture:
                pixels = np.asarray(picture.convert("RGB"))
        except Exception:  # noqa: BLE001 (Pillow raises almost anything over a damaged file: it is left out)
            continue
        writer.add_image(
            preview_title(path), pixels, step, run.record.created + seconds.get(step, 0.0), dataformats="HWC"
        )
        done += 1
    return done


def _seconds_by_step(path: Path) -> dict[int, float]:
    """Return how long the run had trained when each step was done, for the times of the curves."""
    seconds: dict[int, float] = {}
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                step, _, rest = line.partition(",")
                with contextlib.suppress(ValueError):
                    value = float(rest.partition(",")[0])
                    if step.isdecimal() and math.isfinite(value):
                        seconds[int(step)] = value
    except FileNotFoundError:
        pass
    return seconds
