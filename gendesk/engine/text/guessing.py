"""The game of guessing what comes next in a text that the model has not read, against the model.

Shannon, Prediction and Entropy of Printed English (1951): who guesses until the right symbol is found tells by the
number of guesses how much a text says; the entropy of those numbers is at least that of the text. He found 0.6 to 1.3
bits per letter for people who know a hundred letters. With few letters the entropy comes out too small, for which
Miller's correction (Note on the Bias of Information Estimates, 1955) makes up.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gendesk.data.text.tokens import tokenizer_of
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.engine.text.picking import read_last
from gendesk.engine.text.writing import Float64Array, Sampling, probabilities, spelled, writer
from gendesk.errors import InputError

SHANNON_BITS = 1.3
GIVEN_UP = 0
"""The rank of a piece that nobody found."""
_KNOWN, _HIDDEN = 160, 60  # tokens that are shown at first, and that are to be guessed


@dataclass(frozen=True)
class Round:
    """One passage: what is shown at first, and the pieces to guess, with the model's answers to each.

    `ranks` are how many guesses the model takes, `bits` its surprise, `firsts` what it guesses first. Upper and lower
    case count as the same. `choices` is how many different guesses there are.
    """

    shown: str
    pieces: tuple[str, ...]
    ranks: tuple[int, ...]
    bits: tuple[float, ...]
    firsts: tuple[str, ...]
    choices: int


def new_round(model: Model, data: RunData, seed: int) -> Round:
    """Choose a passage of the held-out text, always the same one of a seed; raises InputError."""
    able, held_out = writer(model), data.text.test
    known = min(_KNOWN, len(held_out) // 2)
    if known < 10:
        raise InputError("Too little text was held out to guess: choose a larger share for it in a new run.")
    hidden = min(_HIDDEN, len(held_out) - known)
    start = int(np.random.default_rng(seed).integers(0, len(held_out) - known - hidden + 1))
    tokens = np.asarray(held_out[start : start + known + hidden], np.int64)
    chances = probabilities(read_last(able, tokens[:-1], hidden), Sampling())
    tokenizer = tokenizer_of(able.text)
    shown = tokenizer.decode(tokens[:known].tolist())
    targets = tokens[known:].tolist()
    folded = [token.casefold() for token in able.text.vocabulary]
    guesses = [_guesses(row, folded, token) for row, token in zip(chances, targets, strict=True)]
    return Round(
        shown,
        tuple(spelled(tokenizer, targets, shown)),
        tuple(rank for rank, _, _ in guesses),
        tuple(bits for _, bits, _ in guesses),
        tuple(tokenizer.spell(first) for _, _, first in guesses),
        len(set(folded)),
    )


def _guesses(chances: Float64Array, folded: Sequence[str], token: int) -> tuple[int, float, int]:
    """Return how many guesses find a token, how many bits it is worth, and the first guess."""
    order = np.argsort(-chances, kind="stable")
    before: set[str] = set()
    for guess in order.tolist():
        if folded[guess] == folded[token]:
            break
        before.add(folded[guess])
    return len(before) + 1, float(-np.log2(max(chances[token], 1e-300))), int(order[0])


def same(guess: str, piece: str) -> bool:
    """Tell whether a guess is right: case and the spaces around a word do not matter."""
    if piece.strip():
        return guess.strip().casefold() == piece.strip().casefold()
    return guess == piece


def bits_of_guesses(ranks: Sequence[int], characters: int, choices: int) -> float:
    """Return the bits per character that numbers of guesses tell, over pieces of so many characters together.

    A rank of 0 stands for a piece that was given up, and costs a blind choice among all `choices` besides. Nothing
    counts more than such choices alone.
    """
    count = len(ranks)
    times = Counter(ranks)
    shares = [number / count for number in times.values()]
    entropy = -sum(share * math.log2(share) for share in shares)
    corrected = entropy + (len(shares) - 1) / (2 * count * math.log(2))
    blind = math.log2(max(2, choices))
    return min(corrected + blind * times[GIVEN_UP] / count, blind) * count / max(1, characters)
