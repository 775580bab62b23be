"""What is in a text, as far as a person wants to know before training on it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from gendesk.data.dataset import Int64Array, TextDataset, TextInfo
from gendesk.data.skipped import SkippedGroup, grouped
from gendesk.data.text.store import Facts
from gendesk.data.text.tokens import UNKNOWN, Tokenizer, tokenizer_of

TABLE_ROWS = 200
WINDOW = 20
_FEW_TOKENS = 20_000
_MUCH_UNKNOWN = 0.05
_RARE = 3
_MOSTLY = 0.5


@dataclass(frozen=True)
class TextReport:
    """What was read, what it was cut into, and what was left out.

    `characters` and `words` count the cleaned text and `beginning` is its first 2,000 characters. `tokens` are
    (what it spells, how often it stands in the text), the 200 most frequent, the most frequent first: line ends and
    spaces as they are, bytes that spell no character alone as <C3>. `unknown_train` and `unknown_test` are the
    shares (0..1) of tokens that stand for something outside the vocabulary. `window` is a piece of the training part
    as a network sees it, (what it spells, its number): the last token is the one to guess from those before.
    `encodings` are (name, files), the most common first. `memory_bytes` is the size of the tokens on the disk.
    """

    info: TextInfo
    characters: int
    words: int
    beginning: str
    tokens: tuple[tuple[str, int], ...]
    unknown_train: float
    unknown_test: float
    window: tuple[tuple[str, int], ...]
    encodings: tuple[tuple[str, int], ...]
    skipped: tuple[SkippedGroup, ...]
    warnings: tuple[str, ...]
    memory_bytes: int

    @property
    def found(self) -> int:
        """Tokens to train on and held out."""
        return self.info.train_count + self.info.test_count

    @property
    def skipped_count(self) -> int:
        return sum(group.count for group in self.skipped)

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        names = ("found", "characters", "words", "beginning", "tokens", "unknown_train", "unknown_test", "window")
        return {
            **{name: getattr(self, name) for name in (*names, "encodings", "warnings")},
            "info": self.info.model_dump(mode="json"),
            "skipped": [asdict(group) for group in self.skipped],
            "bytes": self.memory_bytes,
        }


def report_of(dataset: TextDataset, facts: Facts) -> TextReport:
    """Say what is in a prepared text; `facts` were counted when it was prepared."""
    info = dataset.info
    tokenizer = tokenizer_of(info)
    counts = np.bincount(dataset.train, minlength=len(info.vocabulary))
    test_counts = np.bincount(dataset.test, minlength=len(info.vocabulary))
    everywhere = counts + test_counts
    ranked = [int(token) for token in np.argsort(-everywhere, kind="stable")[:TABLE_ROWS] if everywhere[token]]
    lost, test_lost = _lost(info, counts), _lost(info, test_counts)
    return TextReport(
        info=info,
        characters=facts.characters,
        words=facts.words,
        beginning=facts.beginning,
        tokens=tuple((spelled(tokenizer, info, token), int(everywhere[token])) for token in ranked),
        unknown_train=lost,
        unknown_test=test_lost,
        window=tuple((spelled(tokenizer, info, token), token) for token in _window(dataset)),
        encodings=facts.encodings,
        skipped=grouped(dataset.skipped),
        warnings=tuple(_warnings(info, facts, everywhere[everywhere > 0], _lost(info, everywhere))),
        memory_bytes=dataset.train.nbytes + dataset.test.nbytes,
    )


def _window(dataset: TextDataset) -> list[int]:
    """Return tokens from the beginning, but not those marks before the first story that fill whole windows."""
    marks = dataset.info.vocabulary.index(dataset.info.mark) if dataset.info.mark else -1
    start = int(np.argmax(dataset.train != marks))
    return [int(token) for token in dataset.train[start : start + WINDOW + 1]]


def _lost(info: TextInfo, counts: Int64Array) -> float:
    """Return the share of tokens that stand for something outside the vocabulary."""
    found = counts[info.vocabulary.index(UNKNOWN)] if UNKNOWN in info.vocabulary else 0
    return float(found) / max(1, int(counts.sum()))


def spelled(tokenizer: Tokenizer, info: TextInfo, token: int) -> str:
    """Return what a token spells, for a table: bytes that are no character alone are written as <C3>."""
    text = tokenizer.spell(token)
    if info.unit != "byte pairs" or UNKNOWN not in text:
        return text
    from gendesk.data.text.byte_pairs import bytes_of

    return "".join(f"<{byte:02X}>" for byte in bytes_of(info.vocabulary[token]))


def _warnings(info: TextInfo, facts: Facts, counts: Int64Array, lost: float) -> Iterator[str]:
    """`counts` tell how often each token stands in the text that does so at all."""
    found, different, rare = int(counts.sum()), len(counts), int((counts < _RARE).sum())
    if facts.more:
        yield f"There is more text than was asked for: only the first {facts.read:,} characters are used."
    if found < _FEW_TOKENS:
        yield f"{found:,} tokens are few: a network will rather learn them by heart than learn from them."
    if not info.test_count:
        yield "Nothing is held out, so that nobody will know whether a network learns the text by heart."
    if info.unit == "words" and rare > different * _MOSTLY:
        yield f"{rare:,} of {different:,} words stand in the text once or twice, too rarely to learn what they mean."
    if lost > _MUCH_UNKNOWN:
        yield f"{lost:.0%} of the tokens are outside the vocabulary; make it larger to know more of them."
