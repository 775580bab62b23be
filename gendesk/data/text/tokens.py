"""What a text is cut into: characters, words or byte pairs, and how it is put together again."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gendesk.data.dataset import Int32Array, TextInfo, TextUnit

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""Stands for all that is not in a vocabulary of characters or words."""
MARK = "|"
"""Stands before every story, where stories are told apart."""
ALL_WORDS, USUAL_PAIRS = 20_000, 2_000
_ALL_CHARACTERS = 10_000
_WORD = re.compile(r"\n|[^\W_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}-][^\W_]+)*|[^\w\s]|_")
_OPENING_QUOTE = re.compile(r'(?<![^\s(\[{|])"')
_CLINGING = set(".,;:!?)]}%\N{RIGHT DOUBLE QUOTATION MARK}\N{HORIZONTAL ELLIPSIS}")
_OPENING = set("([{\N{LEFT DOUBLE QUOTATION MARK}")


@dataclass(frozen=True)
class Piece:
    """A token in a text: its number, and from which to which character it reaches."""

    token: int
    start: int
    end: int


class Tokenizer(Protocol):
    """Turns text into the numbers of tokens and back; `vocabulary` spells each of them."""

    vocabulary: tuple[str, ...]

    def encode(self, text: str) -> Int32Array:
        """Return the tokens (count,); what the vocabulary does not have becomes the unknown one, or is left out."""
        ...

    def decode(self, tokens: Iterable[int]) -> str: ...

    def spell(self, token: int, before: str = "") -> str:
        """Return what a token adds to a text that ends in `before`: a word brings the space in front of it."""
        ...

    def pieces(self, text: str) -> list[Piece]:
        """Return the tokens of a text with their places, for those who colour it."""
        ...

    def unknown(self, text: str) -> tuple[str, ...]:
        """Return what in a text is not in the vocabulary, each once, in the order in which it comes."""
        ...


def tokenizer_of(info: TextInfo) -> Tokenizer:
    """Return the tokenizer that a text was cut with."""
    if info.unit == "byte pairs":
        from gendesk.data.text.byte_pairs import BytePairs

        return BytePairs(info.vocabulary, info.merges, lower=info.lower)
    kind = Characters if info.unit == "characters" else Words
    return kind(info.vocabulary, lower=info.lower)


def learn(text: str | Iterable[str], unit: TextUnit, size: int, *, lower: bool = False) -> Tokenizer:
    """Make the vocabulary of a text, or of its pieces, of `size` tokens at most, or as many as are usual for 0.

    What raises in the iteration over the pieces ends the learning and gets through.
    """
    pieces = [text] if isinstance(text, str) else text
    folded = (fold(piece) for piece in pieces) if lower else pieces
    if unit == "byte pairs":
        from gendesk.data.text.byte_pairs import BytePairs

        return BytePairs.learnt(folded, size or USUAL_PAIRS, lower=lower)
    counts: Counter[str] = Counter()
    for piece in folded:
        counts.update(piece if unit == "characters" else _WORD.findall(_quoted(piece)))
    if unit == "characters":
        return Characters(_most_frequent(counts, size or _ALL_CHARACTERS, sort=True), lower=lower)
    # As in Keras, the most frequent word is number 1; 0 is the padding, which is no word.
    return Words(("", *_most_frequent(counts, (size or ALL_WORDS) - 1)), lower=lower)


def fold(text: str) -> str:
    """Write a text in small letters; as many characters as before, so that places stay."""
    if text.isascii():
        return text.lower()
    return "".join(lowered if len(lowered := one.lower()) == 1 else one for one in text)


def _quoted(text: str) -> str:
    """Tell opening from closing quotes, where they are written alike, so that words know which side clings."""
    opened = _OPENING_QUOTE.sub("\N{LEFT DOUBLE QUOTATION MARK}", text)
    return opened.replace('"', "\N{RIGHT DOUBLE QUOTATION MARK}")


def _most_frequent(counts: Counter[str], size: int, *, sort: bool = False) -> tuple[str, ...]:
    """Return the tokens of a vocabulary; if not all find room, the last place is that of the unknown."""
    found = [token for token, _ in counts.most_common(size)]
    if len(counts) > size:
        found = [*[token for token in found if token != UNKNOWN][: max(1, size - 1)], UNKNOWN]
    return tuple(sorted(found) if sort else found)


class _Table:
    """What characters and words share: a number for each, and one for the unknown where the vocabulary has it."""

    def __init__(self, vocabulary: Sequence[str], *, lower: bool = False) -> None:
        self.vocabulary = tuple(vocabulary)
        self._lower = lower
        self._numbers = {token: number for number, token in enumerate(self.vocabulary) if token}

    def encode(self, text: str) -> Int32Array:
        lost = self._numbers.get(UNKNOWN, -1)
        found = np.fromiter((self._numbers.get(token, lost) for token, _ in self._cut(text)), np.int32)
        return found[found >= 0]

    def pieces(self, text: str) -> list[Piece]:
        lost = self._numbers.get(UNKNOWN, -1)
        cut = ((self._numbers.get(token, lost), token, start) for token, start in self._cut(text))
        return [Piece(number, start, start + len(token)) for number, token, start in cut if number >= 0]

    def unknown(self, text: str) -> tuple[str, ...]:
        missing = (token for token, _ in self._cut(text) if token not in self._numbers)
        return tuple(dict.fromkeys(missing))

    def decode(self, tokens: Iterable[int]) -> str:
        text: list[str] = []
        last = ""
        for token in tokens:
            text.append(self.spell(int(token), last))
            last = text[-1] or last
        return "".join(text)

    def spell(self, token: int, before: str = "") -> str:
        raise NotImplementedError

    def _cut(self, text: str) -> Iterator[tuple[str, int]]:
        """Yield tokens and where they begin."""
        raise NotImplementedError

    def _folded(self, text: str) -> str:
        return fold(text) if self._lower else text


class Characters(_Table):
    """A token is a character."""

    def __init__(self, vocabulary: Sequence[str], *, lower: bool = False) -> None:
        super().__init__(vocabulary, lower=lower)
        codes = {ord(token): number for token, number in self._numbers.items()}
        self._table = np.full(max(codes, default=0) + 2, self._numbers.get(UNKNOWN, -1), np.int32)
        self._table[list(codes)] = list(codes.values())

    def encode(self, text: str) -> Int32Array:
        # A look into a table for all at once: a Python loop would take seconds for a novel.
        codes = np.frombuffer(self._folded(text).encode("utf-32-le", "surrogatepass"), "<u4")
        found: Int32Array = self._table[np.minimum(codes, len(self._table) - 1)]
        return found[found >= 0]

    def spell(self, token: int, before: str = "") -> str:  # noqa: ARG002 (characters bring no spaces)
        return self.vocabulary[token]

    def _cut(self, text: str) -> Iterator[tuple[str, int]]:
        return ((character, start) for start, character in enumerate(self._folded(text)))


class Words(_Table):
    """A token is a word, a punctuation mark or a line end; spaces are not kept but follow from the marks."""

    def spell(self, token: int, before: str = "") -> str:
        word = self.vocabulary[token]
        if not word or not before or word in _CLINGING or word == "\n" or before[-1] in _OPENING or before[-1] == "\n":
            return word
        return f" {word}"

    def _cut(self, text: str) -> Iterator[tuple[str, int]]:
        return ((match.group(), match.start()) for match in _WORD.finditer(_quoted(self._folded(text))))
