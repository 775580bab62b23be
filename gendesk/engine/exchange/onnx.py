"""What a model offers as ONNX files, each run against the model itself where onnxruntime is installed."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import gendesk
from gendesk import plugins
from gendesk.data.progress import Progress
from gendesk.engine.exchange.kinds import Exported
from gendesk.engine.families import Families
from gendesk.engine.runs import Run
from gendesk.errors import GendeskError, InputError

_NEEDED = ("onnx", "onnxscript")
_EXPECTED = 1e-4
_POLL_SECONDS = 0.1
_USUAL_SECONDS = 10.0


def write_onnx(run: Run, out: Path, families: Families, *, best: bool, progress: Progress) -> Exported:
    """Write `out`, or for several capabilities a file each with -encoder or -decoder behind its name.

    Images are (batch, channels, height, width) in 0..1, the batch of any size. Raises InputError if a package is
    missing or the model offers nothing that can be exported, and GendeskError if it cannot be expressed in ONNX or
    onnxruntime gets other results than the model.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(
            f"The export as ONNX needs {' and '.join(missing)}; install with: pip install onnx onnxscript onnxruntime."
        )
    entry = families.recipe(run.record.config.recipe)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as folder:
        task = {
            "run": str(run.folder),
            "best": best,
            "package": entry.package,
            "target": entry.target,
            "plugins": list(plugins.__path__),
            "folder": folder,
        }
        result = _in_another_process(task, progress)
        files = []
        for part in result["parts"]:
            name = f"{out.stem}-{part['part']}{out.suffix}" if len(result["parts"]) > 1 else out.name
            files.append(Path(folder, f"{part['part']}.onnx").replace(out.with_name(name)))
            part["file"] = str(files[-1])
    return Exported(tuple(files), result, _notes(result["parts"]))


def _in_another_process(task: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Run `onnx_process`; return its result, raise its error, or end it when the export is cancelled."""
    root = str(Path(gendesk.__file__).parents[1])
    paths = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "gendesk.engine.exchange.onnx_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8"},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        try:
            said, errors = _followed(process, json.dumps(task), progress)
        except BaseException:
            process.kill()
            raise
    try:
        result: dict[str, Any] = json.loads(said.splitlines()[-1])
    except (IndexError, ValueError) as error:
        reason = (errors.strip().splitlines() or [f"exit code {process.returncode}"])[-1].rstrip(".")
        raise GendeskError(f"The model cannot be exported as ONNX: {reason}.") from error
    if "error" in result:
        kind = InputError if result["exit_code"] == InputError.exit_code else GendeskError
        raise kind(result["error"])
    return result


def _followed(process: "subprocess.Popen[str]", task: str, progress: Progress) -> tuple[str, str]:
    """Wait for the process; how far it is can only be guessed from the time."""
    waited, given = 0.0, task
    while True:
        try:
            return process.communicate(given or None, timeout=_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            given = ""
            waited += _POLL_SECONDS
            progress.update(0.95 * waited / (waited + _USUAL_SECONDS), "Exporting the model as ONNX")


def _notes(facts: list[dict[str, Any]]) -> tuple[str, ...]:
    notes = [
        f"The {fact['part']} is up to {fact['largest_difference']:.2g} apart from the model."
        for fact in facts
        if fact.get("largest_difference", 0.0) > _EXPECTED
    ]
    if any("largest_difference" not in fact for fact in facts):
        notes.append("Not checked against the model, because onnxruntime is not installed.")
    return tuple(notes)
