"""The process in which models become ONNX files; python -m runs it, with its task as JSON on standard input.

The exporter swaps parts of torch while it works, which makes steps of a training in the same process fail.
"""

import contextlib
import importlib
import json
import math
import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gendesk import plugins
from gendesk.data.dataset import DatasetInfo
from gendesk.engine.capabilities import Classifies, Decodes, Encodes, Judges
from gendesk.engine.exchange.weights import saved_weights
from gendesk.engine.recipe import Model, Recipe
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import Run
from gendesk.errors import GendeskError, InputError, StoredDataError

_REFUSED = 1e-2
_CHECKED_BATCHES = (1, 2, 5)
_POLITENESS = 10


@dataclass(frozen=True)
class _Part:
    """One capability: what goes in and out is float32, (batch, ...) each; `shape` is that of one input."""

    name: str
    input: str
    output: str
    shape: tuple[int, ...]
    call: Callable[[Tensor], Tensor]


class _Module(nn.Module):
    """Makes one capability of a model the forward pass of a module, as the exporter wants it."""

    def __init__(self, model: Model, part: _Part) -> None:
        super().__init__()
        self.model = model
        self._call = part.call

    def forward(self, values: Tensor) -> Tensor:
        return self._call(values)


def main() -> None:
    """Do the task, and end standard output with a line of JSON: step and parts, or an error and its exit code."""
    task = json.load(sys.stdin)
    torch.set_num_threads(1)  # a training may need the others
    if hasattr(os, "nice"):
        os.nice(_POLITENESS)
    warnings.simplefilter("ignore")
    try:
        with contextlib.redirect_stdout(sys.stderr):
            result = _do(task)
    except GendeskError as error:
        result = {"error": str(error), "exit_code": error.exit_code}
    sys.stdout.write(f"\n{json.dumps(result)}\n")


def _do(task: dict[str, Any]) -> dict[str, Any]:
    """Write a file for each part into `folder`; `run` is the run's folder, `package` and `target` its recipe's code."""
    plugins.__path__.extend(path for path in task["plugins"] if path not in plugins.__path__)
    folder = Path(task["run"])
    run = RunStore(folder.parent).open(folder.name)
    if run.record.data is None:
        raise StoredDataError(f"The run {run.id} has no saved state yet.")
    step, weights = saved_weights(run, best=task["best"])
    model = _model(run, run.record.data, weights, task["package"], task["target"])
    parts = _parts(model, run.record.data)
    if not parts:
        raise InputError(
            f"The model of {run.id} neither encodes, decodes, classifies nor judges: nothing of it can become ONNX."
        )
    return {"step": step, "parts": [_write(model, part, Path(task["folder"])) for part in parts]}


def _model(run: Run, data: DatasetInfo, weights: dict[str, Tensor], package: str, target: str) -> Model:
    config = run.record.config
    module, _, name = target.partition(":")
    recipe: type[Recipe[Any, Any]] = getattr(importlib.import_module(f"{package}.{module}"), name)
    with torch.device("meta"):
        model = recipe.build(recipe.Config.model_validate(config.config), data)
    model.load_state_dict(weights, assign=True)
    return model.eval().requires_grad_(requires_grad=False)


def _write(model: Model, part: _Part, folder: Path) -> dict[str, Any]:
    content = _exported(_Module(model, part).eval(), part)
    difference = _largest_difference(content, part)
    (folder / f"{part.name}.onnx").write_bytes(content)
    return {"part": part.name, "input": part.input, "output": part.output, **difference}


def _parts(model: Model, data: DatasetInfo) -> list[_Part]:
    parts = []
    if isinstance(model, Encodes):
        parts.append(_Part("encoder", "images", "latent", data.item_shape, model.encode))
    if isinstance(model, Decodes):
        parts.append(_Part("decoder", "latent", "images", (model.latent_size,), model.decode))
    if isinstance(model, Classifies):
        parts.append(_Part("classifier", "images", "logits", data.item_shape, model.classify))
    if isinstance(model, Judges):
        parts.append(_Part("critic", "images", "verdicts", data.item_shape, model.judge))
    return parts


def _exported(module: nn.Module, part: _Part) -> bytes:
    """Return the contents of an ONNX file whose batch may have any size."""
    example = _random(part, 2)
    try:
        program = torch.onnx.export(
            module,
            (example,),
            input_names=[part.input],
            output_names=[part.output],
            dynamic_shapes=({0: torch.export.Dim("batch")},),
            dynamo=True,
            verbose=False,
        )
    except Exception as error:  # the exporter raises almost anything over an operation that it does not know
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        raise GendeskError(f"The {part.name} cannot be exported as ONNX: {reason}.") from error
    if program is None:
        raise GendeskError(f"The {part.name} cannot be exported as ONNX with torch {torch.__version__}.")
    content: bytes = program.model_proto.SerializeToString()
    return content


def _largest_difference(content: bytes, part: _Part) -> dict[str, float]:
    """Run the file on random inputs; return the largest absolute difference from the model, {} without onnxruntime."""
    try:
        import onnxruntime
    except ImportError:
        return {}
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1  # its own threads would compete with a training
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    largest = 0.0
    for batch in _CHECKED_BATCHES:
        values = _random(part, batch)
        with torch.inference_mode():
            expected = part.call(values)
        (got,) = session.run([part.output], {part.input: values.numpy()})
        # max() would pass over what is not a number.
        difference = float((expected - torch.from_numpy(got)).abs().max()) if got.shape == expected.shape else math.inf
        if not difference <= _REFUSED:
            raise GendeskError(
                f"The exported {part.name} gives other results than the model (up to {difference:.2g} apart), so it "
                "was not written."
            )
        largest = max(largest, difference)
    return {"largest_difference": largest}


def _random(part: _Part, batch: int) -> Tensor:
    """Return inputs (batch, *shape): images uniform in 0..1, latent codes from N(0, I)."""
    generator = torch.Generator().manual_seed(batch)
    make = torch.rand if part.input == "images" else torch.randn
    return make(batch, *part.shape, generator=generator)


if __name__ == "__main__":
    main()
