"""How fast the racing environments are beside stock's, how close their pictures are, and whether memory grows.

Each environment drives a race of its own, following the track, in blocks of steps that take turns: round after round,
each in another order. Only the steps are timed, after the second in which the camera comes down. A ratio is that of two
blocks of the same round; medians are given, and the middle half of the rounds in brackets, because a busy machine slows
some blocks down. Then races are driven in two environments at once and their pictures compared: `CarRacing-v0` with
stock's to the bit, `CarRacing64-v0` with stock's large picture shrunk by pygame to 64 x 64. In the end many short races
are begun in one environment, and whole ones driven by one process and by as many as there are cores.

    python tests/benchmarks/car_racing.py [--quick]

The last line is JSON: steps per second and ratios to stock, how many pictures of `CarRacing-v0` differ, the mean
absolute difference of those of `CarRacing64-v0` (0..255), MB of growth in the races after the first tenth, and frames
per second of the processes.
"""

import argparse
import gc
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import gymnasium
import numpy as np
import psutil
from gendesk.plugins.worldmodel.racing.episodes import Episode, play
from gendesk.plugins.worldmodel.workers import Workers

from gendesk.engine.threads import available_cores
from tests.support.labour import Swerving
from tests.support.racing import (
    SAME,
    SMALL,
    STOCK,
    Driver,
    difference,
    follow_track,
    make_pair,
    random_driver,
    shrunk_stock,
)

ZOOM_IN = 50
MEASURED: dict[str, tuple[str, dict[str, Any]]] = {
    "stock": (STOCK, {}),
    "same": (SAME, {}),
    "small": (SMALL, {}),
    "small_cropped": (SMALL, {"crop_indicators": True, "skip_zoom": True}),
    "small_every_fourth": (SMALL, {"action_repeat": 4}),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    result = speed(rounds=9 if quick else 41, steps=16 if quick else 40)
    result |= closeness(seeds=1 if quick else 12, steps=80 if quick else 400)
    result |= memory(races=100 if quick else 2000)
    result |= processes(races=6 if quick else 40, steps=100 if quick else 300)
    print(json.dumps(result))


def speed(rounds: int, steps: int) -> dict[str, float]:
    """Time blocks of steps of all environments in turn; what counts is frames of 1/50 s, not steps."""
    environments = {name: gymnasium.make(kind, **own).unwrapped for name, (kind, own) in MEASURED.items()}
    for environment in environments.values():
        environment.reset(seed=3)
        drive(environment, ZOOM_IN)
    times: dict[str, list[float]] = {name: [] for name in environments}
    names = list(environments)
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            times[name].append(drive(environments[name], steps))
    result: dict[str, float] = {}
    for name, taken in times.items():
        ratios = [own / stock for own, stock in zip(taken, times["stock"], strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        print(
            f"{name:>20}: {statistics.median(taken):7.0f} frames/s, {middle:5.2f} times stock ({low:.2f} to {high:.2f})"
        )
        result[f"{name}_frames_per_s"] = round(statistics.median(taken))
        result[f"{name}_to_stock"] = round(middle, 2)
    return result


def drive(environment: Any, frames: int) -> float:
    """Follow the track and return the frames per second of the steps alone."""
    taken, repeats = 0.0, getattr(environment, "action_repeat", 1)
    for _ in range(frames // repeats):
        action = follow_track(environment)
        began = time.perf_counter()
        *_, terminated, _, _ = environment.step(action)
        taken += time.perf_counter() - began
        if terminated:
            environment.reset()
    return frames // repeats * repeats / taken


def closeness(seeds: int, steps: int) -> dict[str, float]:
    """Drive races with random and with steady drivers, in new colours and in the usual ones."""
    unequal, differences = 0, []
    for seed in range(1, seeds + 1):
        for driver in (random_driver(seed), follow_track):
            unequal += count_unequal(seed, driver, steps, randomize=seed % 3 == 0)
            differences += differ(seed, driver, steps, randomize=seed % 3 == 0)
    print(f"{2 * seeds} races of {steps} steps: {unequal} pictures, rewards or flags of CarRacing-v0 are not stock's.")
    mean, worst = float(np.mean(differences)), max(differences)
    print(f"CarRacing64-v0 differs by {mean:.2f} of 255 from the shrunk picture, in the worst frame by {worst:.2f}.")
    return {"same_unequal": unequal, "small_difference": round(mean, 3), "small_worst": round(worst, 3)}


def count_unequal(seed: int, driver: Driver, steps: int, randomize: bool) -> int:
    pair = make_pair(SAME, domain_randomize=randomize)
    first, other = pair.reset(seed=seed)
    unequal = int(not np.array_equal(first, other))
    for of_stock, of_other in pair.drive(driver, steps):
        unequal += not (np.array_equal(of_stock[0], of_other[0]) and of_stock[1:] == of_other[1:])
    pair.close()
    return unequal


def differ(seed: int, driver: Driver, steps: int, randomize: bool) -> list[float]:
    pair = make_pair(SMALL, domain_randomize=randomize)
    pair.reset(seed=seed)
    found = [difference(shrunk_stock(pair.stock), of_other[0]) for _, of_other in pair.drive(driver, steps)]
    pair.close()
    return found


def memory(races: int) -> dict[str, float]:
    """Begin race after race in one environment, two steps each."""
    environment = gymnasium.make(SMALL)
    process, before = psutil.Process(), 0
    for race in range(races):
        environment.reset(seed=race)
        environment.step(np.array([0, 1, 0], np.float32))
        environment.step(np.array([0, 1, 0], np.float32))
        if race == races // 10:
            gc.collect()
            before = process.memory_info().rss
    environment.close()
    gc.collect()
    growth = (process.memory_info().rss - before) / 1e6
    print(f"Memory grew by {growth:.1f} MB from race {races // 10} to {races}.")
    return {"races": races, "growth_mb": round(growth, 1)}


def processes(races: int, steps: int) -> dict[str, float]:
    """Drive whole races, zoom and all, in one process and in one for each core."""
    result = {}
    for count in sorted({1, available_cores()}):
        with Workers(count) as workers:
            workers.map(play, [Episode(seed, Swerving(), steps=1) for seed in range(count)])  # imports take a while
            began = time.perf_counter()
            frames = sum(
                len(played.rewards)
                for played in workers.imap_unordered(play, (Episode(s, Swerving(), steps) for s in range(races)))
            )
            rate = frames / (time.perf_counter() - began)
        print(f"{races} races of {steps} steps by {count} processes: {rate:.0f} frames/s.")
        result[f"races_by_{count}_frames_per_s"] = round(rate)
    return result


if __name__ == "__main__":
    main()
