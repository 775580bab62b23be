"""Images per second: the book's convolutional classifier trained by gendesk, against a plain PyTorch script.

Three processes take turns, a block of steps each: the engine without a window, in `exact` precision, with its previews;
and the script that a tutorial would write (Dataset, DataLoader, nn.Conv2d as it comes, torch.optim.Adam) with no worker
and with two. Ratios are of images per second, round by round, and their medians count.

    python tests/benchmarks/classifier.py [--quick]

The last line is JSON: `engine_to_plain` and `engine_to_two_workers`, and the images per second of each side.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support.sides import seconds_of, start_side

SIDES = ("plain", "workers", "engine")
BATCH, PICTURES, HELD_OUT, CLASSES = 32, 8000, 200, 10


def write_pictures(path: Path) -> None:
    """Write pictures of CIFAR-10's size; speed does not depend on what they show."""
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (PICTURES + HELD_OUT, 32, 32, 3), dtype=np.uint8)
    labels = np.arange(len(images)) % CLASSES
    np.savez(
        path,
        x_train=images[:PICTURES],
        y_train=labels[:PICTURES],
        x_test=images[PICTURES:],
        y_test=labels[PICTURES:],
    )


def plain_side(pictures: str, workers: int) -> Callable[[int], float]:
    """The script that a tutorial would write; returns a function that does a number of steps and tells the seconds."""
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, Dataset

    class Pictures(Dataset[tuple[torch.Tensor, int]]):
        def __init__(self) -> None:
            with np.load(pictures) as arrays:
                self.images, self.labels = arrays["x_train"], arrays["y_train"]

        def __len__(self) -> int:
            return len(self.images)

        def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
            return torch.from_numpy(self.images[index]).permute(2, 0, 1).float() / 255, int(self.labels[index])

    model = _plain_network(nn)
    loader = DataLoader(Pictures(), batch_size=BATCH, shuffle=True, num_workers=workers)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.0005, eps=1e-7)
    criterion = nn.CrossEntropyLoss()
    batches = iter(loader)
    history = []

    def block(steps: int) -> float:
        nonlocal batches
        start = time.perf_counter()
        for _ in range(steps):
            try:
                images, labels = next(batches)
            except StopIteration:
                batches = iter(loader)
                images, labels = next(batches)
            logits = model(images)
            loss = criterion(logits, labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            history.append((loss.item(), (logits.argmax(1) == labels).float().mean().item()))
        return time.perf_counter() - start

    return block


def _plain_network(nn: Any) -> Any:
    """The table of figure 2.17, with Keras' padding of strided convolutions."""
    layers = []
    channels = 3
    for filters, stride in ((32, 1), (32, 2), (64, 1), (64, 2)):
        if stride == 2:
            layers += [nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(channels, filters, 3, 2)]
        else:
            layers += [nn.Conv2d(channels, filters, 3, padding=1)]
        layers += [nn.BatchNorm2d(filters, eps=1e-3, momentum=0.01), nn.LeakyReLU(0.3)]
        channels = filters
    layers += [nn.Flatten(), nn.Linear(4096, 128), nn.BatchNorm1d(128, eps=1e-3, momentum=0.01), nn.LeakyReLU(0.3)]
    return nn.Sequential(*layers, nn.Dropout(0.5), nn.Linear(128, CLASSES))


def engine_side(pictures: str, data_dir: str) -> Callable[[int], float]:
    """The engine, paused between blocks."""
    from gendesk.engine.engine import Engine

    engine = Engine(Path(data_dir))
    job = engine.start(engine.config("cnn", "book", data=pictures, device="cpu", steps=10_000_000))
    trainer = job._trainer

    def wait_for(condition: Callable[[], bool]) -> None:
        while not condition():
            if job.error:
                raise SystemExit(job.error)
            time.sleep(0.01)

    wait_for(lambda: trainer.step > 3)
    job.pause()
    wait_for(lambda: str(job.state) == "paused")

    def block(steps: int) -> float:
        first = trainer.step
        start = time.perf_counter()
        job.resume()
        wait_for(lambda: trainer.step >= first + steps)
        taken = time.perf_counter() - start
        done = trainer.step - first
        job.pause()
        wait_for(lambda: str(job.state) == "paused")
        return taken * steps / done

    return block


def serve(side: str, folder: str) -> None:
    """Do the blocks that the parent asks for, one number of steps a line."""
    pictures = f"{folder}/pictures.npz"
    if side == "engine":
        from gendesk.engine.threads import tune_allocator

        tune_allocator()
        block = engine_side(pictures, f"{folder}/data")
    else:
        block = plain_side(pictures, 2 if side == "workers" else 0)
    print("ready", flush=True)
    for line in sys.stdin:
        print(block(int(line)), flush=True)
    os._exit(0)  # a paused run in a temporary folder needs no farewell


def measure(rounds: int, steps: int) -> dict[str, float]:
    rates: dict[str, list[float]] = {side: [] for side in SIDES}
    with tempfile.TemporaryDirectory() as folder:
        write_pictures(Path(folder) / "pictures.npz")
        workers = {side: start_side(__file__, side, "--folder", folder) for side in SIDES}
        for number in range(-1, rounds):
            for side, worker in workers.items():
                count = steps if number >= 0 else 10
                seconds = seconds_of(worker, count)
                if number >= 0:
                    rates[side].append(count * BATCH / seconds)
            if number >= 0:
                print("  ".join(f"{side} {rates[side][-1]:.0f}" for side in SIDES), "images/s", flush=True)
        for worker in workers.values():
            worker.stdin.close()
            worker.wait(30)

    def ratio(to: str) -> float:
        return statistics.median(a / b for a, b in zip(rates["engine"], rates[to], strict=True))

    return {
        "engine_to_plain": ratio("plain"),
        "engine_to_two_workers": ratio("workers"),
        **{f"{side}_images_per_second": statistics.median(rates[side]) for side in SIDES},
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--side", choices=SIDES)
    parser.add_argument("--folder")
    options = parser.parse_args()
    if options.side:
        serve(options.side, options.folder)
        return
    result = measure(rounds=3, steps=20) if options.quick else measure(rounds=9, steps=100)
    print(json.dumps({name: round(value, 3) for name, value in result.items()}))


if __name__ == "__main__":
    main()
