"""Seconds per iteration of `gpt` in the preset shakespeare-char, against a plain PyTorch loop of the same model.

Two processes take turns, a block of iterations each: the loop that a good tutorial would write (nn.Linear,
scaled_dot_product_attention, slices stacked into a batch, AdamW as it comes, the norm of the gradients cut, the loss
read now and then), and the recipe with its metrics. Ratios are taken block by block, and their medians count. Then both
begin with the same weights and are given the same windows: the losses of the first iterations must be the same.

    python tests/benchmarks/text.py [--quick]

The last line is JSON.
"""

import argparse
import json
import math
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support.sides import seconds_of, start_side

SIDES = ("plain", "gendesk")
LETTERS = 65
TOLERANCE = 1e-3
"""How far losses may be apart: sums are taken in another order."""


def our_recipe(preset: str = "shakespeare-char") -> Any:
    """Return the recipe on 1,000,000 letters by lot; speed does not depend on what a text says."""
    import torch

    from gendesk.config import checked
    from gendesk.data.dataset import TextDataset
    from gendesk.engine.families import find_families
    from gendesk.engine.recipe import Context
    from tests.support.texts import vocabulary_of

    torch.manual_seed(1)
    entry = find_families().recipe("gpt")
    kind = entry.load()
    own = {name: value for name, value in entry.preset(preset).items() if name in kind.Config.model_fields}
    letters = np.random.default_rng(1).integers(LETTERS, size=1_000_000, dtype=np.int32)
    data = TextDataset(vocabulary_of(LETTERS), letters[:-1_000], letters[-1_000:])
    return kind(checked(kind.Config, own), data, Context(torch.device("cpu"), 1))


def plain_network(config: Any) -> Any:
    """Return the transformer as a tutorial writes it, with the names of layers that ours has."""
    import torch
    from torch import nn
    from torch.nn import functional

    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.attention_norm = nn.LayerNorm(config.width, bias=config.bias)
            self.projected = nn.Linear(config.width, 3 * config.width, bias=config.bias)
            self.joined = nn.Linear(config.width, config.width, bias=config.bias)
            self.norm = nn.LayerNorm(config.width, bias=config.bias)
            self.widened = nn.Linear(config.width, 4 * config.width, bias=config.bias)
            self.gelu = nn.GELU()
            self.narrowed = nn.Linear(4 * config.width, config.width, bias=config.bias)
            self.dropout = nn.Dropout(config.dropout)

        def forward(self, x: Any) -> Any:
            b, t, c = x.size()
            q, k, v = self.projected(self.attention_norm(x)).split(c, dim=2)
            q, k, v = (part.view(b, t, config.heads, c // config.heads).transpose(1, 2) for part in (q, k, v))
            y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
            y = y.transpose(1, 2).contiguous().view(b, t, c)
            x = x + self.dropout(self.joined(y))
            return x + self.dropout(self.narrowed(self.gelu(self.widened(self.norm(x)))))

    class Plain(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.tokens = nn.Embedding(LETTERS, config.width)
            self.positions = nn.Embedding(config.window, config.width)
            self.dropout = nn.Dropout(config.dropout)
            self.blocks = nn.ModuleList(Block() for _ in range(config.layers))
            self.norm = nn.LayerNorm(config.width, bias=config.bias)
            self.head = nn.Linear(config.width, LETTERS, bias=False)
            self.head.weight = self.tokens.weight

        def forward(self, idx: Any, targets: Any) -> Any:
            pos = torch.arange(0, idx.size(1), dtype=torch.long)
            x = self.dropout(self.tokens(idx) + self.positions(pos))
            for block in self.blocks:
                x = block(x)
            logits = self.head(self.norm(x))
            return functional.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1))

    return Plain()


class PlainLoop:
    """Trains as the published script does: the same plan, batches from random places, the same groups that decay."""

    def __init__(self, config: Any, letters: Any) -> None:
        import torch

        torch.manual_seed(1)
        self.config = config
        self.letters = letters
        self.network = plain_network(config)
        for name, weight in self.network.named_parameters():
            if weight.ndim == 2:
                std = 0.02 / math.sqrt(2 * config.layers) if "joined" in name or "narrowed" in name else 0.02
                torch.nn.init.normal_(weight, std=std)
        parameters = list(self.network.parameters())
        groups = [
            {"params": [one for one in parameters if one.dim() >= 2], "weight_decay": config.weight_decay},
            {"params": [one for one in parameters if one.dim() < 2], "weight_decay": 0.0},
        ]
        self.optimizer = torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, config.beta2))
        self.steps = 0

    def rate(self) -> float:
        config = self.config
        if self.steps < config.warm_up:
            return float(config.learning_rate * (self.steps + 1) / (config.warm_up + 1))
        share = min(1.0, (self.steps - config.warm_up) / (config.schedule_steps - config.warm_up))
        lowest = config.final_share * config.learning_rate
        return float(lowest + 0.5 * (1 + math.cos(math.pi * share)) * (config.learning_rate - lowest))

    def batch(self) -> Any:
        import torch

        length, text = self.config.window, self.letters
        starts = torch.randint(len(text) - length, (self.config.batch_size,))
        x = torch.stack([torch.from_numpy(text[i : i + length].astype(np.int64)) for i in starts])
        y = torch.stack([torch.from_numpy(text[i + 1 : i + 1 + length].astype(np.int64)) for i in starts])
        return x, y

    def step(self, given: Any = None) -> float:
        import torch

        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        loss = self.network(*(given or self.batch()))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.config.gradient_clip)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.steps += 1
        return loss.item() if given or self.steps % 10 == 0 else 0.0


def block_of(side: str) -> Callable[[int], float]:
    """Return a function that trains for a number of iterations and tells the seconds."""
    recipe = our_recipe()
    loop = PlainLoop(recipe.config, recipe.data.train)
    step: Callable[[], Any] = loop.step if side == "plain" else recipe.step

    def block(iterations: int) -> float:
        start = time.perf_counter()
        for number in range(iterations):
            done = step()
            if side != "plain" and number % 10 == 0:
                float(done["loss"])
        return time.perf_counter() - start

    return block


def serve(side: str) -> None:
    """Train for the blocks that the parent asks for, one number of iterations a line."""
    if side != "plain":
        from gendesk.engine.threads import tune_allocator

        tune_allocator()
    block = block_of(side)
    print("ready", flush=True)
    for line in sys.stdin:
        print(block(int(line)), flush=True)


def measure(rounds: int, iterations: int) -> dict[str, float]:
    """Return the median seconds of an iteration of each side, and how many times faster ours is."""
    taken: dict[str, list[float]] = {side: [] for side in SIDES}
    workers = {side: start_side(__file__, side) for side in SIDES}
    for number in range(-1, rounds):
        for side, worker in workers.items():
            seconds = seconds_of(worker, iterations) / iterations
            if number >= 0:
                taken[side].append(seconds)
    for worker in workers.values():
        worker.stdin.close()
        worker.wait(30)
    ratios = [plain / ours for plain, ours in zip(taken["plain"], taken["gendesk"], strict=True)]
    found = {f"{side}_seconds": statistics.median(taken[side]) for side in SIDES}
    return {**found, "times": statistics.median(ratios), "least": min(ratios), "most": max(ratios)}


def difference(iterations: int) -> float:
    """Return how far the losses of both sides are apart on the same windows, from the same weights."""
    import torch

    recipe = our_recipe()
    loop = PlainLoop(recipe.config, recipe.data.train)
    state = recipe.model().network.state_dict()
    ours = {name.replace(".attention.", "."): value for name, value in state.items()}
    loop.network.load_state_dict({**ours, "head.weight": ours["tokens.weight"]})
    windows = our_recipe()._windows
    apart = []
    for _ in range(iterations):
        tokens = windows.next(torch.device("cpu"))
        theirs = loop.step((tokens[:, :-1], tokens[:, 1:].contiguous()))
        apart.append(abs(float(recipe.step()["loss"]) - theirs))
    return max(apart)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--side", choices=SIDES)
    options = parser.parse_args()
    if options.side:
        serve(options.side)
        return
    apart = difference(5 if options.quick else 20)
    print("losses apart by", apart, flush=True)
    result = {"difference": apart, **measure(*((3, 10) if options.quick else (25, 40)))}
    print(json.dumps(result))
    if apart > TOLERANCE:
        raise SystemExit("The losses of the recipe and of the plain loop are not the same.")


if __name__ == "__main__":
    main()
