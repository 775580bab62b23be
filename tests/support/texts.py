"""Texts for tests, cut as the library cuts them, without a file."""

import hashlib
from typing import Any

import numpy as np

from gendesk.data.dataset import TextDataset, TextInfo, TextUnit
from gendesk.data.text.tokens import learn

RHYME = (
    'The fox said to the crow, "Sing!"\nThe crow sang, and the cheese fell down.\n'
    "A hare ran (1, 2, 3) past the old tortoise; who won the race?\n"
)


def small_text(
    text: str = RHYME * 40, unit: TextUnit = "characters", size: int = 0, test_share: float = 0.1, **facts: Any
) -> TextDataset:
    """Return a text as a data set; the last `test_share` of its tokens are held out."""
    tokenizer = learn(text, unit, size)
    tokens = tokenizer.encode(text)
    held_out = int(len(tokens) * test_share)
    train, test = tokens[: len(tokens) - held_out], tokens[len(tokens) - held_out :]
    info = TextInfo(
        name="rhyme",
        title="A rhyme",
        fingerprint=hashlib.sha256(text.encode()).hexdigest()[:16],
        unit=unit,
        vocabulary=tokenizer.vocabulary,
        merges=tuple(getattr(tokenizer, "merges", ())),
        train_count=len(train),
        test_count=len(test),
        train_characters=len(tokenizer.decode(train)),
        test_characters=len(tokenizer.decode(test)),
        **facts,
    )
    return TextDataset(info, np.asarray(train, np.int32), np.asarray(test, np.int32))


def vocabulary_of(size: int, unit: TextUnit = "characters") -> TextInfo:
    """Describe a text of which only the size of the vocabulary is known."""
    return TextInfo(
        name="sized",
        title="Sized",
        fingerprint="",
        unit=unit,
        vocabulary=tuple(chr(0x4E00 + number) for number in range(size)),
        train_count=1,
        test_count=1,
        train_characters=1,
        test_characters=1,
    )
