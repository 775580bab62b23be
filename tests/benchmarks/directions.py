"""Directions on a trained model of avatars: does adding glasses give glasses, and does it leave the hair alone?

The direction is that of the attribute "accessory", any against none, as the latent studio measures it. It is added to
200 samples with one strength after the other; what the pictures show is told by two feature networks, which have been
trained on the same data: one on the accessory, one on the hair colour. A sample wears glasses if the first says round
or sunglasses; its hair stays if the second says the same colour as without the direction.

    python tests/benchmarks/directions.py [--quick] [--data-dir FOLDER --run RUN]

Without a run it trains the quick preset of `vae-faces` first; with --quick that and the feature networks are trained
for a few steps, which shows that all works and not how well. Shares are of the samples; `bare_` counts only those that
wear no glasses without the direction; `kept` is with the directions of the hair colours left alone, as the studio's
locks do. The last line is JSON: for both, the smallest strength that gives glasses to 90 %, or the largest tried.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from numpy.typing import NDArray

DATA, TARGET = "avatars", "accessory"
SAMPLES, SEED = 200, 5
STRENGTHS = np.arange(0.0, 4.01, 0.25)  # to the end of the studio's slider
WANTED = 0.9
QUICK_STEPS, QUICK_STRENGTHS = 40, STRENGTHS[::4]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--run")
    arguments = parser.parse_args()

    from gendesk.engine.engine import Engine

    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(arguments.data_dir or Path(folder))
        try:
            run = engine.runs.find(arguments.run).id if arguments.run else train(engine, "vae-faces", arguments.quick)
            if arguments.quick and arguments.data_dir is None:  # no folder of somebody's gets such poor networks
                for target in ("", TARGET):
                    train(engine, "cnn", quick=True, target=target)
            measure(engine, run, QUICK_STRENGTHS if arguments.quick else STRENGTHS)
        finally:
            engine.close()


def train(engine: Any, recipe: str, quick: bool, **values: Any) -> str:
    """Train a run and return its id."""
    shorter = {"steps": QUICK_STEPS} if quick else {}
    chosen = {name: value for name, value in values.items() if value}
    job = engine.start(engine.config(recipe, "quick", DATA, **shorter, **chosen), at_once=True)
    job.join()
    if job.error:
        raise SystemExit(job.error)
    return str(job.run.id)


def measure(engine: Any, run: str, strengths: NDArray[np.float64]) -> None:
    """Print the curves over strengths, and what they come to."""
    from gendesk.engine.latent.directions import leaving_alone, vectors
    from gendesk.engine.latent.survey import draw_codes

    model, data = engine.load_model(run), engine.run_data(run)
    options = engine.runs.open(run).record.config.data_options
    accessories = engine.features.get(DATA, options, TARGET, print)
    hair = engine.features.get(DATA, options, "", print)
    print(f"The networks tell {accessories.accuracy:.1%} of accessories and {hair.accuracy:.1%} of hair colours right.")
    directions = find_directions(model, data)
    glasses = directions[0]
    print(f"Glasses: {glasses.positives:,} with, {glasses.negatives:,} without, {glasses.length:.2f} apart.")
    rows = vectors(directions, model.latent_size)
    codes = draw_codes(model, SAMPLES, SEED)
    alone = leaving_alone(rows, [number > 0 for number in range(len(rows))])
    best = {}
    for name, vector in (("plain", rows[0]), ("kept", alone[0])):
        lines = curve(model, codes, vector, strengths, accessories, hair)
        for line in lines:
            print(json.dumps({"direction": name, **line}))
        best[name] = next((line for line in lines if line["glasses"] >= WANTED), lines[-1])
    print(json.dumps(best))


def find_directions(model: Any, data: Any) -> list[Any]:
    """Return the direction of glasses, and those of all hair colours."""
    from gendesk.engine.latent.directions_measuring import Measurement, measured, traits
    from gendesk.engine.latent.directions_measuring import measure as look

    found = []
    asked = traits(model, data)
    for trait in asked:
        if (trait.title == "Accessory" and trait.any_value) or trait.title == "Hair colour":
            measurement = Measurement(trait)
            while not measurement.done:
                measurement = look(model, data, measurement)
            found.append(measured(measurement, trait.value or "any"))
    return found


def curve(
    model: Any,
    codes: NDArray[np.float32],
    vector: NDArray[np.float32],
    strengths: NDArray[np.float64],
    accessories: Any,
    hair: Any,
) -> list[dict[str, float]]:
    """Return for every strength which share of the samples wears glasses, and which has kept its colour of hair."""
    from gendesk.engine.inference import decode

    none = accessories.classes.index("none")
    lines: list[dict[str, float]] = []
    for strength in strengths:
        pictures = decode(model, codes + np.float32(strength) * vector)
        glasses, color = accessories.probabilities(pictures).argmax(1) != none, hair.probabilities(pictures).argmax(1)
        if not lines:
            before, bare = color, ~glasses
        lines.append(
            {
                "strength": float(strength),
                "glasses": round(float(glasses.mean()), 3),
                "hair_same": round(float((color == before).mean()), 3),
                "bare_glasses": round(float(glasses[bare].sum() / max(1, bare.sum())), 3),
                "bare_hair_same": round(float((color == before)[bare].sum() / max(1, bare.sum())), 3),
            }
        )
    return lines


if __name__ == "__main__":
    main()
