"""Runs in and out: a run becomes a file for another machine or program, and such a file becomes a run again.

Nothing is imported before it is needed: a window that looks at what was dropped on it must not wait for torch.
"""

from collections.abc import Callable
from pathlib import Path

from gendesk.data.progress import Cancelled, Progress, Report
from gendesk.engine.exchange.kinds import SUFFIXES, Exported, ExportKind, ExportOptions, Imported, kind_of_file
from gendesk.engine.exchange.recognise import Dropped, settings_of_picture, what_is
from gendesk.engine.families import Families
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import Run
from gendesk.errors import InputError

__all__ = [
    "SUFFIXES",
    "Dropped",
    "ExportKind",
    "ExportOptions",
    "Exported",
    "Imported",
    "export_run",
    "import_run",
    "kind_of_file",
    "settings_of_picture",
    "what_is",
]

_DEFAULTS = ExportOptions()


def export_run(
    run: Run,
    kind: ExportKind,
    out: Path,
    families: Families,
    options: ExportOptions = _DEFAULTS,
    report: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Exported:
    """Write a run, or what is asked of it, to `out`; the run itself is only read, also while it trains.

    `out` is a file; for TensorBoard a folder. Either all is written or nothing. `families` are asked where the code of
    the model is, for ONNX alone. `report` is called a few times a second with a fraction (0..1) and a sentence. Raises
    InputError if `out` cannot be written or a package is missing, StoredDataError if the run lacks what is asked for,
    and Cancelled soon after `cancelled` turns true.
    """
    out = out.expanduser().absolute()
    if out.resolve().is_relative_to(run.folder.resolve()):
        raise InputError(f"{out} lies in the folder of the run itself; choose another place.")
    if kind is not ExportKind.TENSORBOARD and out.is_dir():
        raise InputError(f"{out} is a folder; give the name of a file.")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        return _export(run, kind, out, families, options, Progress(report, cancelled))
    except Cancelled as error:
        raise Cancelled("The export was cancelled.") from error
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror or error}.") from error


def _export(
    run: Run,
    kind: ExportKind,
    out: Path,
    families: Families,
    options: ExportOptions,
    progress: Progress,
) -> Exported:
    match kind:
        case ExportKind.ZIP:
            from gendesk.engine.exchange.archive import write_archive

            return write_archive(run, out, light=options.light, progress=progress)
        case ExportKind.SAFETENSORS:
            from gendesk.engine.exchange.weights import write_weights

            return write_weights(run, out, best=options.best)
        case ExportKind.ONNX:
            from gendesk.engine.exchange.onnx import write_onnx

            return write_onnx(run, out, families, best=options.best, progress=progress)
        case ExportKind.TENSORBOARD:
            from gendesk.engine.exchange.tensorboard import write_events

            return write_events(run, out, progress)
        case ExportKind.GIF:
            from gendesk.engine.exchange.animation import write_animation

            return write_animation(run, out, options.preview, options.seconds, progress)


def import_run(
    store: RunStore,
    path: Path,
    report: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Imported:
    """Take in a run from a zip archive or a run folder, which may come from a stranger.

    It keeps its number where that is free and gets the next one where not. A folder that lies among the runs already
    is only opened. Raises InputError in one sentence, with nothing written, and Cancelled as `export_run`.
    """
    from gendesk.engine.exchange.intake import take_in

    try:
        return take_in(store, path.expanduser().absolute(), Progress(report, cancelled))
    except Cancelled as error:
        raise Cancelled("The import was cancelled.") from error
