"""How likely a trained run finds held-out pieces, beside what frequencies and pairs alone know.

    python tests/benchmarks/music_likelihood.py [RUN] [--data REFERENCE] [--held-out valid|test] [--voices 4]
        [--quick]

Nats per note and per time step of the grid, durations, rests and ends of pieces included, so that the rows of chords
and of events can be compared. Without a run only the baselines are printed. The last line is JSON.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gendesk.config import checked
from gendesk.data.dataset import ScoreDataset
from gendesk.data.library import DataLibrary
from gendesk.data.options import ScoreOptions
from gendesk.engine.engine import Engine
from gendesk.engine.families import find_families
from gendesk.engine.recipe import Context
from gendesk.paths import data_dir

VIEWS = {"chords": "attention-lstm", "events": "performance-gpt"}


def baselines(data: ScoreDataset) -> dict[str, dict[str, float]]:
    """Return nats per note and per step of both baselines, for both views."""
    from gendesk.plugins.music.notes import Likelihood, bigram_nats, unigram_nats

    found = {}
    for view, recipe_id in VIEWS.items():
        recipe = find_families().recipe(recipe_id).load()
        model = recipe.build(recipe.Config(), data.info)
        train, test = ([model.encode(score) for score in part] for part in (data.train, data.test))
        sizes = [part.shape[-1] for part in model.read(model.tensor(test[0][:1])[None])]
        for name, nats in (("unigram", unigram_nats), ("bigram", bigram_nats)):
            found[f"{view}, {name}"] = Likelihood(model, data, test).of(nats(train, test, sizes))
    return found


def of_run(engine: Engine, run_id: str, data: ScoreDataset) -> dict[str, float]:
    """Return the same of the best checkpoint of a run, on all held-out pieces."""
    import torch

    run = engine.runs.find(run_id)
    entry = find_families().recipe(run.record.config.recipe)
    config = checked(entry.load().Config, {**run.record.config.config, "validated_tokens": 10_000_000})
    recipe = entry.load()(config, data, Context(torch.device("cpu"), 1))
    recipe.model().load_state_dict(engine.load_model(run.id).state_dict())
    found = {name: float(value) for name, value in recipe.validate().items()}
    return {name: found[name] for name in ("note_nll", "step_nll")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs="?")
    parser.add_argument("--data", default="chorales")
    parser.add_argument("--held-out", choices=("valid", "test"), default="test")
    parser.add_argument("--voices", type=int, default=4, help="The run's; 1 leaves the highest.")
    parser.add_argument("--folder", type=Path, default=None, help="Where runs and data are kept.")
    parser.add_argument("--quick", action="store_true", help="A few pieces, prepared in a folder that goes again.")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        compare(given, Path(scratch) if given.quick else given.folder or data_dir())


def compare(given: argparse.Namespace, folder: Path) -> None:
    engine = Engine(folder)
    options = ScoreOptions(held_out=given.held_out, voices=given.voices, limit=40 if given.quick else 0)
    data = DataLibrary(engine.library.folder).open(given.data, options)
    assert isinstance(data, ScoreDataset)
    found = baselines(data)
    if given.run:
        found[given.run] = of_run(engine, given.run, data)
    engine.close()
    for name, values in found.items():
        print(f"{name:24} {values['note_nll']:8.3f} nats per note {values['step_nll']:8.3f} nats per step")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
