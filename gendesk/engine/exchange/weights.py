"""The weights of a model alone, as a plain safetensors file that other programs can open."""

import json
from pathlib import Path

from safetensors.torch import save
from torch import Tensor

from gendesk import __version__
from gendesk.engine.checkpoints import checkpoint_path, load_checkpoint
from gendesk.engine.exchange.kinds import Exported
from gendesk.engine.runs import Run
from gendesk.errors import StoredDataError
from gendesk.files import write_atomically


def write_weights(run: Run, out: Path, *, best: bool) -> Exported:
    """Write the newest or the best weights, with what they are in the metadata; raises OSError and StoredDataError."""
    step, weights = saved_weights(run, best=best)
    record = run.record
    metadata = {
        "format": "pt",
        "gendesk": __version__,
        "run": run.id,
        "recipe": record.config.recipe,
        "config": json.dumps(record.config.config),
        "data": record.data.model_dump_json() if record.data else "",
        "step": str(step),
    }
    write_atomically(out, save(weights, metadata))
    return Exported((out,), {"step": step, "tensors": len(weights), "bytes": out.stat().st_size})


def saved_weights(run: Run, *, best: bool) -> tuple[int, dict[str, Tensor]]:
    """Return step and tensors, by the names of the model's state dict, of the newest or the best checkpoint."""
    if not best:
        step, weights = run.load(only="model")
    else:
        step = _best_step(run)
        weights = load_checkpoint(checkpoint_path(run.checkpoints, step), only="model")
    return step, {name: value for name, value in weights.items() if isinstance(value, Tensor)}


def _best_step(run: Run) -> int:
    step = run.record.best_step
    if step is None:
        raise StoredDataError(
            f"The run {run.id} has not been tested on held-out data, so none of its states is the best."
        )
    if step not in run.steps_saved():
        raise StoredDataError(
            f"The best state of the run {run.id}, of step {step:,}, is there no more; take the newest."
        )
    return step
