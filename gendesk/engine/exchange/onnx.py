"""What a model offers as ONNX files, each run against the model itself where onnxruntime is installed."""

import contextlib
import importlib.util
import logging
import math
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gendesk.data.progress import Progress
from gendesk.engine.capabilities import Decodes, Encodes
from gendesk.engine.exchange.kinds import Exported
from gendesk.engine.exchange.weights import saved_weights
from gendesk.engine.recipe import Model
from gendesk.engine.runs import Run
from gendesk.errors import GendeskError, InputError, StoredDataError
from gendesk.files import write_atomically

_NEEDED = ("onnx", "onnxscript")
_EXPECTED = 1e-4
_REFUSED = 1e-2
_CHECKED_BATCHES = (1, 2, 5)


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


def write_onnx(run: Run, out: Path, load_model: Callable[[str], Model], *, best: bool, progress: Progress) -> Exported:
    """Write `out`, or for several capabilities a file each with -encoder or -decoder behind its name.

    Images are (batch, channels, height, width) in 0..1. Raises InputError if a package is missing or the model offers
    nothing that can be exported, and GendeskError if onnxruntime gets other results than the model.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise InputError(
            f"The export as ONNX needs {' and '.join(missing)}; install with: pip install onnx onnxscript onnxruntime."
        )
    progress.update(0.0, "Reading the model")
    step, weights = saved_weights(run, best=best)
    model = load_model(run.id)
    model.load_state_dict(weights)
    parts = _parts(model, run)
    if not parts:
        raise InputError(f"The model of {run.id} neither encodes nor decodes, so there is nothing to export as ONNX.")
    files, facts, made = [], [], []
    for index, part in enumerate(parts):
        progress.update(index / len(parts), f"Exporting the {part.name}")
        content = _exported(_Module(model, part).eval(), part)
        difference = _largest_difference(content, part)
        path = out.with_name(f"{out.stem}-{part.name}{out.suffix}") if len(parts) > 1 else out
        files.append(path)
        made.append(content)
        facts.append({"file": str(path), "part": part.name, "input": part.input, "output": part.output} | difference)
    progress.update(0.95, "Writing")
    for path, content in zip(files, made, strict=True):
        write_atomically(path, content)
    return Exported(tuple(files), {"step": step, "parts": facts}, _notes(facts))


def _parts(model: Model, run: Run) -> list[_Part]:
    if run.record.data is None:
        raise StoredDataError(f"The run {run.id} has no saved state yet.")
    parts = []
    if isinstance(model, Encodes):
        parts.append(_Part("encoder", "images", "latent", run.record.data.image_shape, model.encode))
    if isinstance(model, Decodes):
        parts.append(_Part("decoder", "latent", "images", (model.latent_size,), model.decode))
    return parts


def _exported(module: nn.Module, part: _Part) -> bytes:
    """Return the contents of an ONNX file whose batch may have any size."""
    example = _random(part, 2)
    with _silence():
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


def _notes(facts: list[dict[str, Any]]) -> tuple[str, ...]:
    notes = [
        f"The {fact['part']} is up to {fact['largest_difference']:.2g} apart from the model."
        for fact in facts
        if fact.get("largest_difference", 0.0) > _EXPECTED
    ]
    if any("largest_difference" not in fact for fact in facts):
        notes.append("Not checked against the model, because onnxruntime is not installed.")
    return tuple(notes)


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Keep what the exporter tells its developers away from people: warnings and log lines."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "torch.export", "onnxscript", "onnx_ir")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
