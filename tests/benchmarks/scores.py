"""How long scores take, and whether they tell good pictures from bad ones, on glyphs by gendesk's feature network.

Real pictures are scored against other real ones of the same data, which is as good as a model can get; then the same
number of pictures with a known fault: blurred, all of one class, all copies of one, and noise.

    python tests/benchmarks/scores.py [--quick] [--data-dir FOLDER]

With a data folder its feature network serves, or stays there for the next time; with --quick and none, it is trained
for a few steps, which shows that all works and not how well. Seconds are those of the clock, and of the processor in
brackets. The last line is JSON: the seconds to score 2,000 pictures (200 with --quick), and for each fault how many
times farther off than real pictures it is by the Fréchet distance.
"""

import argparse
import json
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from numpy.typing import NDArray

DATA = "glyphs"
PICTURES, QUICK_PICTURES = 2000, 200
QUICK_STEPS = 40
NUMBERS = ("frechet", "kernel", "precision", "recall", "density", "coverage", "distance", "sharpness", "diversity")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--data-dir", type=Path)
    arguments = parser.parse_args()

    from gendesk.engine.engine import Engine

    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(arguments.data_dir or Path(folder))
        try:
            if arguments.quick and arguments.data_dir is None:  # no folder of somebody's gets such a poor network
                engine.start(engine.config("cnn", "quick", DATA, steps=QUICK_STEPS), at_once=True).join()
            measure(engine, QUICK_PICTURES if arguments.quick else PICTURES)
        finally:
            engine.close()


def measure(engine: Any, count: int) -> None:
    from gendesk.engine.scores.extractors import GendeskFeatures
    from gendesk.engine.scores.scorer import ImageScorer

    network = engine.features.get(DATA, told=print)
    data = engine.library.open(DATA)
    print(f"The network tells {network.accuracy:.1%} of the held-out pictures apart.")
    order = np.random.default_rng(1).permutation(len(data.train))
    known, fresh = (np.sort(order[part]) for part in (slice(count), slice(count, 2 * count)))
    began, busy = time.perf_counter(), time.process_time()
    scorer = ImageScorer(np.asarray(data.train.images[known]), GendeskFeatures(network, data.info))
    print(f"Real pictures: {time.perf_counter() - began:.2f} s ({time.process_time() - busy:.2f} s).")
    print("".join(f"{name:>10}" for name in ("", *NUMBERS, "seconds")))
    seconds, distances = [], {}
    for name, pictures in kinds(data, fresh).items():
        began, busy = time.perf_counter(), time.process_time()
        scores = asdict(scorer.score(pictures))
        seconds.append(time.perf_counter() - began)
        distances[name] = scores["frechet"]
        numbers = "".join(f"{scores[number]:>10.4g}" for number in NUMBERS)
        print(f"{name:>10}{numbers}{seconds[-1]:>10.2f} ({time.process_time() - busy:.2f})")
    real = distances.pop("real")
    ratios = {f"{name}_to_real": round(distance / real, 1) for name, distance in distances.items()}
    print(json.dumps({"pictures": count, "seconds": round(float(np.median(seconds)), 2), **ratios}))


def kinds(data: Any, places: NDArray[np.int64]) -> dict[str, NDArray[np.uint8]]:
    """Return real pictures and four kinds of bad ones, as many of each."""
    real = np.asarray(data.train.images[places])
    rng = np.random.default_rng(2)
    of_one_class = np.flatnonzero(data.train.labels == data.train.labels[0])
    return {
        "real": real,
        "blurred": blurred(real),
        "one_class": np.asarray(data.train.images[np.sort(rng.choice(of_one_class, len(real)))]),
        "one": np.repeat(real[:1], len(real), axis=0),
        "noise": rng.integers(0, 256, real.shape, dtype=np.uint8),
    }


def blurred(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the means of 3x3 pixels."""
    height, width = pictures.shape[1:3]
    padded = np.pad(pictures.astype(np.float32), ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    parts = [padded[:, down : down + height, across : across + width] for down in range(3) for across in range(3)]
    return np.mean(parts, axis=0).astype(np.uint8)


if __name__ == "__main__":
    main()
