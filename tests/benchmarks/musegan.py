"""Iterations per second of MuseGAN as gendesk trains it, against a plain PyTorch script, and what it comes to make.

The script is what a tutorial would write: nn.Conv3d for the critic, nn.ConvTranspose2d for the bars, and the gradient
penalty by torch.autograd.grad. Both sides have the book's sizes, are given the same numbers of excerpts, and take turns
in one process, an iteration at a time; ratios are taken round by round, and their medians count.

    python tests/benchmarks/musegan.py [--quick]
    python tests/benchmarks/musegan.py --music SECONDS [--set NAME=VALUE ...]

`--quick` takes one step of the critic an iteration, batches of 8, and two rounds. `--music` trains the quick preset, in
which settings can be changed, for so many seconds of processor time on one core, and counts what there is to count in
what it makes, beside held-out pieces. The last line is JSON.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

SIZE, FILTERS, CRITIC = 32, 512, 128


class PlainTemporal(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(SIZE, 1024, (2, 1)),
            nn.BatchNorm2d(1024),
            nn.ReLU(),
            nn.ConvTranspose2d(1024, SIZE, (1, 1)),
            nn.BatchNorm2d(SIZE),
            nn.ReLU(),
        )

    def forward(self, vectors: Tensor) -> Tensor:
        made: Tensor = self.layers(vectors[:, :, None, None])
        return made[..., 0].transpose(1, 2)


class PlainBar(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Sequential(nn.Linear(4 * SIZE, 2 * FILTERS), nn.BatchNorm1d(2 * FILTERS), nn.ReLU())
        self.layers = nn.Sequential()
        for before, after, kernel in (
            (FILTERS, FILTERS, (2, 1)),
            (FILTERS, FILTERS // 2, (2, 1)),
            (FILTERS // 2, FILTERS // 2, (2, 1)),
            (FILTERS // 2, FILTERS // 2, (1, 7)),
        ):
            self.layers.extend([nn.ConvTranspose2d(before, after, kernel, kernel), nn.BatchNorm2d(after), nn.ReLU()])
        self.layers.extend([nn.ConvTranspose2d(FILTERS // 2, 1, (1, 12), (1, 12)), nn.Tanh()])

    def forward(self, vectors: Tensor) -> Tensor:
        made: Tensor = self.layers(self.dense(vectors).view(-1, FILTERS, 2, 1))
        return made[:, 0]


class PlainGenerator(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.chords = PlainTemporal()
        self.melodies = nn.ModuleList(PlainTemporal() for _ in range(4))
        self.bars = nn.ModuleList(PlainBar() for _ in range(4))

    def forward(self, noise: Tensor) -> Tensor:
        """Noise (batch, 10, size) to music (batch, tracks, bars, steps, pitches)."""
        chords, tracks = self.chords(noise[:, 0]), []
        for voice in range(4):
            melody, bars = self.melodies[voice](noise[:, 2 + voice]), []
            for bar in range(2):
                row = torch.cat([chords[:, bar], noise[:, 1], melody[:, bar], noise[:, 6 + voice]], 1)
                bars.append(self.bars[voice](row))
            tracks.append(torch.stack(bars, 1))
        return torch.stack(tracks, 1)


def plain_critic() -> nn.Module:
    layers = nn.Sequential()
    for before, after, kernel, stride, padding in (
        (4, CRITIC, (2, 1, 1), (1, 1, 1), (0, 0, 0)),
        (CRITIC, CRITIC, (1, 1, 1), (1, 1, 1), (0, 0, 0)),
        (CRITIC, CRITIC, (1, 1, 12), (1, 1, 12), (0, 0, 0)),
        (CRITIC, CRITIC, (1, 1, 7), (1, 1, 7), (0, 0, 0)),
        (CRITIC, CRITIC, (1, 2, 1), (1, 2, 1), (0, 0, 0)),
        (CRITIC, CRITIC, (1, 2, 1), (1, 2, 1), (0, 0, 0)),
        (CRITIC, 2 * CRITIC, (1, 4, 1), (1, 2, 1), (0, 1, 0)),
        (2 * CRITIC, 4 * CRITIC, (1, 3, 1), (1, 2, 1), (0, 1, 0)),
    ):
        layers.extend([nn.Conv3d(before, after, kernel, stride, padding), nn.LeakyReLU(0.3)])
    layers.extend([nn.Flatten(), nn.Linear(4 * CRITIC, 1024), nn.LeakyReLU(0.3), nn.Linear(1024, 1)])
    return layers


class PlainGame:
    """The script."""

    def __init__(self, data: Tensor, batch: int, critic_steps: int) -> None:
        self.data, self.batch, self.critic_steps = data, batch, critic_steps
        self.generator, self.critic = PlainGenerator(), plain_critic()
        rates = {"lr": 0.001, "betas": (0.5, 0.9)}
        self.critic_optimizer = torch.optim.Adam(self.critic.parameters(), **rates)  # type: ignore[arg-type]
        self.generator_optimizer = torch.optim.Adam(self.generator.parameters(), **rates)  # type: ignore[arg-type]

    def step(self) -> None:
        for _ in range(self.critic_steps):
            real = self.data[torch.randint(len(self.data), (self.batch,))]
            fake = self.generator(torch.randn(self.batch, 10, SIZE)).detach()
            share = torch.rand(self.batch, 1, 1, 1, 1)
            between = (share * real + (1 - share) * fake).requires_grad_()
            (gradient,) = torch.autograd.grad(self.critic(between).sum(), between, create_graph=True)
            penalty = 10 * (gradient.flatten(1).norm(dim=1) - 1).square().mean()
            loss = self.critic(fake).mean() - self.critic(real).mean() + penalty
            self.critic_optimizer.zero_grad()
            loss.backward()
            self.critic_optimizer.step()
        loss = -self.critic(self.generator(torch.randn(self.batch, 10, SIZE))).mean()
        self.generator_optimizer.zero_grad()
        loss.backward()
        self.generator_optimizer.step()


def our_game(pieces: Any, **settings: Any) -> Any:
    """Make the recipe; `settings` change its config."""
    from gendesk.engine.families import find_families
    from gendesk.engine.recipe import Context

    kind = find_families().recipe("musegan").load()
    return kind(kind.Config(**settings), pieces, Context(torch.device("cpu"), 1))


def chorales(count: int, held_out: int = 0) -> Any:
    """Compose some chorales, and some that are held out."""
    from gendesk.data.dataset import ScoreDataset, ScoreInfo
    from gendesk.data.scores.chorales import compose

    facts: dict[str, Any] = {
        "name": "chorales",
        "title": "Chorales",
        "fingerprint": "",
        "test_count": held_out,
        "notes": 1,
    }
    info = ScoreInfo(
        train_count=count,
        voices=4,
        lowest=40,
        highest=80,
        longest=64,
        steps_per_beat=4,
        chords=(),
        durations=(),
        **facts,
    )
    pieces = [compose(number).score for number in range(count + held_out)]
    return ScoreDataset(info, pieces[:count], pieces[count:])


def seconds(step: Callable[[], Any]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def music(limit: float, changes: dict[str, Any]) -> dict[str, float]:
    """Train the quick preset for `limit` seconds of processor time, and return what is counted in 256 excerpts."""
    from gendesk.plugins.music.musegan.models import to_grids

    from gendesk.engine.families import find_families

    torch.set_num_threads(1)
    preset = {**find_families().recipe("musegan").preset("quick"), **changes}
    steps = int(preset.pop("steps"))
    game = our_game(chorales(360, 40), **{name: preset[name] for name in preset if not name.endswith("_every")})
    began, taken = time.process_time(), 0
    while time.process_time() - began < limit and taken < steps:
        game.step()
        taken += 1
    found = {"seconds": time.process_time() - began, "steps": taken, **game.validate()}
    model = game.model()
    noise = model.random_codes(256, torch.Generator().manual_seed(9))

    def made(codes: Tensor) -> Any:
        with torch.inference_mode():
            return to_grids(model.perform(codes))

    before = made(noise)
    found |= {"variety": _unlike(before), "variety_real": _unlike(game._held_out)}
    for name, parts in {"chords": [0], "style": [1], "melodies": [2, 3, 4, 5], "grooves": [6, 7, 8, 9]}.items():
        changed = noise.clone()
        changed[:, parts] = noise.roll(1, 0)[:, parts]
        found[f"changed_by_{name}"] = float((made(changed) != before).mean())
    return {name: round(value, 3) for name, value in found.items()}


def _unlike(grids: Any) -> float:
    """Return the share of steps of voices in which an excerpt differs from the next."""
    return float((grids != np.roll(grids, 1, 0)).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--music", type=float, metavar="SECONDS")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", dest="changes")
    given = parser.parse_args()
    if given.music is not None:
        found = music(given.music, dict(change.split("=", 1) for change in given.changes))
        for name, number in found.items():
            print(f"{name:20} {number}")
        print(json.dumps(found))
        return
    quick = given.quick
    batch, critic_steps, rounds = (8, 1, 2) if quick else (64, 5, 5)
    pieces = chorales(batch)
    ours = our_game(pieces, batch_size=batch, critic_steps=critic_steps)
    data = torch.stack([ours._real()[0] for _ in range(batch)]).permute(0, 4, 1, 2, 3).contiguous()
    plain = PlainGame(data, batch, critic_steps)
    for side in (ours, plain):
        side.step()
    times: dict[str, list[float]] = {"plain": [], "ours": []}
    for _ in range(rounds):
        times["plain"].append(seconds(plain.step))
        times["ours"].append(seconds(ours.step))
    ratio = statistics.median(one / other for one, other in zip(times["plain"], times["ours"], strict=True))
    found = {f"{side}_per_second": round(1 / statistics.median(taken), 4) for side, taken in times.items()}
    for side, value in found.items():
        print(f"{side:18} {value:.3f} iterations per second")
    print(f"The plain script takes {ratio:.2f} times as long.")
    print(json.dumps({"batch": batch, "critic_steps": critic_steps, **found, "ratio": round(ratio, 3)}))


if __name__ == "__main__":
    main()
