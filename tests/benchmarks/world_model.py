"""How fast a world model dreams and races: batched dreams beside single ones and stock, and rollouts to the disk.

Dreams of a whole generation, side by side, one dream after the other, and stock's CarRacing-v3 take turns in blocks,
round after round, each in another order; a ratio is that of two blocks of the same round, and medians are given. A step
is a decision in all three: M, C and a draw in the dream, a frame in stock. Then whole rollouts are driven by as many
processes as there are cores, with pictures, and stored; and races of a generation are driven as evolution does it.

    python tests/benchmarks/world_model.py [--quick]

The last line is JSON: steps per second, ratios, rollouts per second with the frames of one, and races per second.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import gymnasium
import numpy as np
import torch
from gendesk.plugins.worldmodel.dream import dreamt_scores
from gendesk.plugins.worldmodel.fleet import Races, race, save_model
from gendesk.plugins.worldmodel.models import DrivingModel, World
from gendesk.plugins.worldmodel.racing.episodes import Episode, play
from gendesk.plugins.worldmodel.racing.policies import Structured
from gendesk.plugins.worldmodel.rollouts import episode_path, save_episode
from gendesk.plugins.worldmodel.workers import Workers

from gendesk.engine.threads import available_cores
from tests.support.racing import STOCK, random_driver

POPULATION, EPISODES = 64, 16
"""Those of the paper."""
CREW = 16


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    torch.manual_seed(1)
    result = dreams(rounds=3 if quick else 15, steps=10 if quick else 25)
    result |= rollouts(count=8 if quick else 60, frames=100 if quick else 1000)
    result |= generation(count=32 if quick else 192, frames=100 if quick else 1000)
    print(json.dumps({name: round(value, 2) for name, value in result.items()}))


def dreams(rounds: int, steps: int) -> dict[str, float]:
    """Time blocks of all three in turn, in steps per second."""
    model = DrivingModel().eval().requires_grad_(requires_grad=False)
    candidates = 0.1 * torch.randn(POPULATION, model.shape.parameters)
    stock = gymnasium.make(STOCK).unwrapped
    stock.reset(seed=3)
    driver = random_driver(1)

    def batched() -> float:
        return POPULATION * EPISODES * steps / timed(lambda: dream(model, candidates, EPISODES, steps))

    def single() -> float:
        return steps / timed(lambda: dream(model, candidates[:1], 1, steps))

    def driven() -> float:
        def drive() -> None:
            for _ in range(steps):
                if stock.step(driver(stock))[2]:
                    stock.reset()

        return steps / timed(drive)

    kinds: dict[str, Callable[[], float]] = {"batched": batched, "single": single, "stock": driven}
    for warm_up in kinds.values():
        warm_up()
    speeds: dict[str, list[float]] = {name: [] for name in kinds}
    names = list(kinds)
    for number in range(rounds):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            speeds[name].append(kinds[name]())
    result = {f"{name}_steps_per_second": statistics.median(values) for name, values in speeds.items()}
    for other in ("single", "stock"):
        ratios = [mine / theirs for mine, theirs in zip(speeds["batched"], speeds[other], strict=True)]
        result[f"batched_to_{other}"] = statistics.median(ratios)
        print(f"{POPULATION * EPISODES} dreams at once are {result[f'batched_to_{other}']:.0f} times {other}")
    return result


def dream(model: DrivingModel, candidates: torch.Tensor, episodes: int, steps: int) -> None:
    dreamt_scores(model.memory, model.beginnings, model.shape, candidates, episodes=episodes, steps=steps)


def timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def rollouts(count: int, frames: int) -> dict[str, float]:
    """Drive rollouts in 64 x 64 as the recipe does, one frame to a decision and four, and store them."""
    result = {}
    with Workers(available_cores()) as workers, tempfile.TemporaryDirectory() as folder:
        workers.map(play, [Episode(seed, Structured(), 4) for seed in range(available_cores())])
        for repeat in (1, 4):
            world = World(repeat, crop_indicators=True, skip_zoom=True).options()
            races = [Episode(seed, Structured(), frames // repeat, options=world) for seed in range(count)]
            stored = []

            def drive(races: list[Episode] = races, stored: list[int] = stored) -> None:
                for played in workers.imap_unordered(play, races):
                    save_episode(episode_path(Path(folder), played.seed), played)
                    stored.append(len(played.observations))

            result[f"rollouts_per_second_every_{repeat}"] = count / timed(drive)
            result[f"frames_stored_every_{repeat}"] = statistics.mean(stored)
    return result


def generation(count: int, frames: int) -> dict[str, float]:
    """Drive races of random candidates with V, M and C, four frames to a decision and to their end."""
    model = DrivingModel(World(4, crop_indicators=True, skip_zoom=True)).eval()
    candidates = np.random.default_rng(1).normal(0, 0.1, (count, model.shape.parameters)).astype(np.float32)
    with Workers(available_cores()) as workers, tempfile.TemporaryDirectory() as folder:
        file = save_model(Path(folder) / "model.safetensors", model)

        def races(place: int, rows: range, steps: int) -> Races:
            return Races(place, file, candidates, tuple(rows), tuple(rows), steps, 0)

        workers.map(race, [races(0, range(1), 1) for _ in range(available_cores())])
        work = [races(start, range(start, start + CREW), frames // 4) for start in range(0, count, CREW)]
        return {"races_per_second": count / timed(lambda: list(workers.imap_unordered(race, work)))}


if __name__ == "__main__":
    main()
