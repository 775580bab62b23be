"""Written texts as a file, with what is needed to write them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.engine.text.writing import Task
from gendesk.errors import InputError
from gendesk.files import write_atomically


def sheet(texts: Sequence[str], prompt: str) -> str:
    """Return texts after their prompt, with a numbered line above each where there are several."""
    if len(texts) == 1:
        return prompt + texts[0]
    return "\n\n".join(f"--- {number} ---\n{prompt}{text}" for number, text in enumerate(texts, 1))


def settings_line(task: Task, run: str, step: int) -> str:
    """Return the settings of a task in one line."""
    sampling = task.sampling
    parts = [f"run {run}", f"step {step:,}", f"length {task.length}", f"temperature {sampling.temperature:g}"]
    if sampling.top_k:
        parts.append(f"top-k {sampling.top_k}")
    if sampling.top_p < 1:
        parts.append(f"top-p {sampling.top_p:g}")
    return ", ".join([*parts, f"seed {task.seed}"])


@dataclass(frozen=True)
class Origin:
    """Which run wrote a text, and after how many steps of training."""

    run: str = ""
    step: int = 0


def origin(_model: Model, data: RunData, _: object = None) -> Origin:
    """Return which run a model belongs to, and how long it has been trained."""
    return Origin(data.folder.name, data.step)


def write_sheet(path: Path, texts: Sequence[str], task: Task, run: str, step: int) -> None:
    """Write texts to a file, with their settings below them; raises InputError."""
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}.")
    try:
        write_atomically(path, f"{sheet(texts, task.prompt)}\n\n[{settings_line(task, run, step)}]\n")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error
