"""What the engine costs and saves: the book's VAE trained by gendesk, against a bare PyTorch loop, in one run.

Four processes take turns, a block of steps each: the engine without a window; the engine with the window open, plots
and grids painting; a bare loop the usual way (main thread, DataLoader, default settings); and the bare loop with
gendesk's settings (threads, allocator, memory layout, optimiser). Ratios are of steps per second, round by round, and
their medians count.

    python tests/benchmarks/engine.py [--quick]

The last line is JSON: `headless` and `window` are engine / usual loop, `same_settings` is engine / the loop with our
settings.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support.sides import seconds_of, start_side

SIDES = ("usual", "ours", "headless", "window")
BATCH = 32


def usual_loop(data_dir: str) -> Callable[[int], float]:
    """The loop that a tutorial would write; returns a function that does a number of steps and tells the seconds."""
    import torch
    from torch.utils.data import DataLoader, TensorDataset

    images, model, total_loss = _bare_parts(data_dir)
    loader = DataLoader(TensorDataset(images), batch_size=BATCH, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.0005)
    batches = iter(loader)
    history = []

    def block(steps: int) -> float:
        nonlocal batches
        start = time.perf_counter()
        for _ in range(steps):
            try:
                (batch,) = next(batches)
            except StopIteration:
                batches = iter(loader)
                (batch,) = next(batches)
            losses = total_loss(batch)
            optimizer.zero_grad()
            losses["total"].backward()
            optimizer.step()
            history.append({name: loss.item() for name, loss in losses.items()})
        return time.perf_counter() - start

    return block


def our_loop(data_dir: str) -> Callable[[int], float]:
    """The same steps as the engine does, with nothing around them, on a thread set up like the engine's."""
    import torch

    from gendesk.engine.threads import become_training_thread
    from gendesk.nn import keras

    images, model, total_loss = _bare_parts(data_dir)
    images = (images * 255).to(torch.uint8).permute(0, 2, 3, 1).contiguous()
    model.to(memory_format=torch.channels_last)
    optimizer = keras.adam(model.parameters(), 0.0005)
    generator = torch.Generator().manual_seed(1)

    def work(steps: int, result: list[float]) -> None:
        become_training_thread()
        history = []
        start = time.perf_counter()
        for _ in range(steps):
            chosen = torch.randint(len(images), (BATCH,), generator=generator)
            batch = images[chosen].permute(0, 3, 1, 2).float().div_(255)
            losses = total_loss(batch)
            optimizer.zero_grad(set_to_none=True)
            losses["total"].backward()
            optimizer.step()
            history.append({name: loss.detach() for name, loss in losses.items()})
        result.append(time.perf_counter() - start)

    def block(steps: int) -> float:
        result: list[float] = []
        thread = threading.Thread(target=work, args=(steps, result))
        thread.start()
        thread.join()
        return result[0]

    return block


def _bare_parts(data_dir: str) -> tuple[Any, Any, Callable[[Any], dict[str, Any]]]:
    import numpy as np
    import torch
    from torch.nn import functional

    from gendesk.data.library import DataLibrary
    from gendesk.engine.families import find_families

    recipe = find_families().recipe("vae").load()
    data = DataLibrary(Path(data_dir) / "datasets").open("glyphs")
    model = recipe.build(recipe.Config(), data.info)
    images = torch.from_numpy(np.array(data.train.images)).permute(0, 3, 1, 2).float() / 255

    def total_loss(batch: Any) -> dict[str, Any]:
        mu, log_var = model.distribution(batch)
        codes = mu + torch.exp(log_var / 2) * torch.randn_like(mu)
        reconstruction = 1000 * functional.mse_loss(torch.sigmoid(model.decoder(codes)), batch)
        kl = -0.5 * (1 + log_var - mu.square() - log_var.exp()).sum(1).mean()
        return {"total": reconstruction + kl, "reconstruction": reconstruction, "kl": kl}

    return images, model, total_loss


def engine_side(data_dir: str, *, window: bool) -> Callable[[int], float]:
    """The engine, paused between blocks; with `window` the real one, shown, with its charts and previews."""
    wait_for: Callable[[Callable[[], bool]], None]
    if window:
        from PySide6.QtWidgets import QApplication

        from gendesk.app import build_window
        from gendesk.widgets.theme import apply_theme
        from tests.support.events import run_until

        app = QApplication([])
        apply_theme(app)
        shown = build_window(data_dir)
        shown.open_tab("autoencoder")
        shown.show()
        wait_for = run_until
        wait_for(lambda: shown.bridge is not None)
        engine = shown.bridge.engine
        tab = shown.current_tab
        tab.bar.preset.setCurrentIndex(tab.bar.preset.findData("book"))
        tab.bar.preset.activated.emit(tab.bar.preset.currentIndex())
        tab.form.set_values({"preview_every": 250})
        tab.bar.start.click()
        job = engine.job(tab.run_id)
    else:
        from gendesk.engine.engine import Engine

        def wait_for(condition: Callable[[], bool]) -> None:
            while not condition():
                time.sleep(0.02)

        engine = Engine(Path(data_dir))
        job = engine.start(engine.config("vae", "book", preview_every=250))
    trainer = job._trainer

    wait_for(lambda: trainer.step > 3)
    job.pause()
    wait_for(lambda: str(job.state) == "paused")

    def block(steps: int) -> float:
        goal = trainer.step + steps
        start = time.perf_counter()
        job.resume()
        wait_for(lambda: trainer.step >= goal)
        taken = time.perf_counter() - start
        steps_done = trainer.step - (goal - steps)
        job.pause()
        wait_for(lambda: str(job.state) == "paused")
        return taken * steps / steps_done

    return block


def serve(side: str, data_dir: str) -> None:
    """Do the blocks that the parent asks for, one number of steps a line."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if side != "usual":
        from gendesk.engine.threads import tune_allocator

        tune_allocator()
    make = {
        "usual": usual_loop,
        "ours": our_loop,
        "headless": lambda folder: engine_side(folder, window=False),
        "window": lambda folder: engine_side(folder, window=True),
    }
    block = make[side](data_dir)
    print("ready", flush=True)
    for line in sys.stdin:
        print(block(int(line)), flush=True)
    os._exit(0)  # a paused run in a temporary folder needs no farewell


def measure(rounds: int, steps: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as data_dir:
        # Each side has a data folder of its own, made from one set of pictures.
        workers = {side: start_side(__file__, side, "--data-dir", f"{data_dir}/{side}") for side in SIDES}
        rates: dict[str, list[float]] = {side: [] for side in SIDES}
        for number in range(-1, rounds):
            for side, worker in workers.items():
                seconds = seconds_of(worker, steps if number >= 0 else 10)
                if number >= 0:
                    rates[side].append(steps / seconds)
            if number >= 0:
                print("  ".join(f"{side} {rates[side][-1]:.1f}" for side in SIDES), "steps/s", flush=True)
        for worker in workers.values():
            worker.stdin.close()
            worker.wait(30)

    def ratio(side: str, to: str) -> float:
        return statistics.median(a / b for a, b in zip(rates[side], rates[to], strict=True))

    return {
        "headless": ratio("headless", "usual"),
        "window": ratio("window", "usual"),
        "same_settings": ratio("headless", "ours"),
        **{f"{side}_steps_per_second": statistics.median(rates[side]) for side in SIDES},
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--side", choices=SIDES)
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    if options.side:
        serve(options.side, options.data_dir)
        return
    result = measure(rounds=3, steps=40) if options.quick else measure(rounds=9, steps=150)
    print(json.dumps({name: round(value, 3) for name, value in result.items()}))


if __name__ == "__main__":
    main()
