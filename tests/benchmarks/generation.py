"""Characters per second while writing: each recipe with what it remembers, against reading the window anew each time.

Both begin behind the same 256 tokens and draw one token after the other at batch 1, in turns, a block each; ratios are
taken block by block, and their medians count. That both have the same logits is what tests/plugins/test_text_models.py
is for.

    python tests/benchmarks/generation.py [--quick]

The last line is JSON: for each recipe characters per second with the memory, without it, and how many times faster.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

CONTEXT = 256
SIDES: dict[str, dict[str, Any]] = {
    "word-lstm": {},
    "char-lstm": {"layers": [{"units": 192}, {"units": 192}]},
    "char-conv": {"kernel": 3, "blocks": 5},
    "gpt": {"window": CONTEXT},
}
VOCABULARY = {"word-lstm": 4_169}
WORD = 5.5
"""Characters of a word and the space before it, about."""


def network_of(recipe: str) -> Any:
    """Return a network with its first weights; speed does not depend on what it has learnt."""
    import torch

    from gendesk.config import checked
    from gendesk.engine.families import find_families
    from tests.support.texts import vocabulary_of

    torch.manual_seed(1)
    kind = find_families().recipe(recipe).load()
    return kind.build(checked(kind.Config, SIDES[recipe]), vocabulary_of(VOCABULARY.get(recipe, 65))).eval()


class Pen:
    """Writes on from where it stopped; `remembering` decides how."""

    def __init__(self, network: Any, remembering: bool) -> None:
        import torch

        self.network = network
        self.random = torch.Generator().manual_seed(1)
        self.tokens = torch.randint(len(network.text.vocabulary), (1, CONTEXT), generator=self.random)
        self.remembering = remembering
        self.logits, self.state = network.advance(self.tokens, network.begin(1))

    def write(self, count: int) -> float:
        """Write `count` tokens and return the seconds that they took."""
        import torch

        start = time.perf_counter()
        for _ in range(count):
            shares = self.logits.softmax(1)
            waits = torch.empty_like(shares).exponential_(generator=self.random)
            token = (shares / waits).argmax(1, keepdim=True)
            if self.remembering:
                self.logits, self.state = self.network.advance(token, self.state)
            else:
                self.tokens = torch.cat([self.tokens[:, 1:], token], 1)
                self.logits = self.network.head(self.network.hidden(self.tokens)[:, -1])
        return time.perf_counter() - start


def measure(recipe: str, rounds: int, tokens: int) -> dict[str, float]:
    network = network_of(recipe)
    remembering, anew = Pen(network, remembering=True), Pen(network, remembering=False)
    few = max(1, tokens // 8)
    pairs = [(remembering.write(tokens) / tokens, anew.write(few) / few) for _ in range(rounds + 1)][1:]
    spelt = WORD if recipe == "word-lstm" else 1.0
    return {
        "remembering": spelt / statistics.median(ours for ours, _ in pairs),
        "anew": spelt / statistics.median(theirs for _, theirs in pairs),
        "times": statistics.median(theirs / ours for ours, theirs in pairs),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    from gendesk.engine.threads import tune_allocator

    tune_allocator()
    import torch

    torch.set_num_threads(1)  # as in the window, where training has the cores
    found = {}
    with torch.inference_mode():
        for recipe in SIDES:
            found[recipe] = measure(recipe, 3 if options.quick else 15, 64 if options.quick else 256)
            print(recipe, {name: round(value, 1) for name, value in found[recipe].items()}, flush=True)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
