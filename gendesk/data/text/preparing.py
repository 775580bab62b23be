"""From a text as it was read to a prepared one: cleaned, cut into tokens, and written piece by piece."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gendesk.data.dataset import TextInfo
from gendesk.data.options import TextOptions
from gendesk.data.progress import Progress
from gendesk.data.readers.limits import check_space
from gendesk.data.text import store
from gendesk.data.text.cleaning import cleaned
from gendesk.data.text.reading import RawText
from gendesk.data.text.tokens import MARK, Tokenizer, learn
from gendesk.errors import InputError

FEWEST_TOKENS = 100
_BEGINNING = 2_000
# Enough to learn thousands of pairs from, and learnt in about a second, during which nobody can stop it.
_LEARNT_FROM = 2_000_000
_TOKEN_BYTES = 4


@dataclass(frozen=True)
class _Written:
    """Tokens on the disk: how many before each piece and after the last, how many characters, words, and a hash."""

    tokens: list[int]
    characters: list[int]
    words: int
    digest: str


def prepare(
    raw: RawText, name: str, title: str, options: TextOptions, folder: Path, progress: Progress, *, sentences: bool
) -> None:
    """Cut a text into `folder`; raises InputError if too little is left, and Cancelled.

    Wide gaps end `sentences`, see `cleaned`.
    """
    read = sum(len(part) for part in raw.parts)
    pieces: list[str] = []
    for piece in cleaned(raw.parts, options, sentences=sentences):
        pieces.append(piece)
        progress.update(0.1 + 0.1 * len(pieces) / (len(pieces) + 100), f"Cleaning {title}")
    if not any(piece.strip(f" \n{MARK}") for piece in pieces):
        raise InputError(f"{title} holds no text{_reasons(raw)}.")
    tokenizer = _learnt(pieces, options, title, progress)
    check_space(folder, _TOKEN_BYTES * sum(len(piece) for piece in pieces))
    written = _write(pieces, tokenizer, title, folder, progress)
    count = written.tokens[-1]
    if count < FEWEST_TOKENS:
        raise InputError(f"{title} has only {count} {options.unit}, but at least {FEWEST_TOKENS} are needed.")
    train_count = int((1 - options.test_share) * count)
    train_characters = _characters_before(train_count, pieces, written, tokenizer)
    info = TextInfo(
        name=name,
        title=title,
        fingerprint=_fingerprint(written.digest, tokenizer, train_count),
        train_count=train_count,
        test_count=count - train_count,
        unit=options.unit,
        vocabulary=tokenizer.vocabulary,
        merges=getattr(tokenizer, "merges", ()),
        lower=options.lower,
        mark=MARK if options.cleaning == "stories" else "",
        train_characters=train_characters,
        test_characters=written.characters[-1] - train_characters,
    )
    facts = store.Facts(
        read=read,
        more=raw.more,
        characters=written.characters[-1],
        words=written.words,
        beginning="".join(pieces[:2])[:_BEGINNING],
        encodings=raw.encodings,
    )
    store.describe(folder, info, raw.skipped, facts)
    progress.update(1.0, f"{title} is ready")


def _reasons(raw: RawText) -> str:
    return f"; {raw.skipped[0].path} {raw.skipped[0].reason}" if raw.skipped else ""


def _learnt(pieces: list[str], options: TextOptions, title: str, progress: Progress) -> Tokenizer:
    sample: Iterable[str] = pieces
    if options.unit == "byte pairs":
        total = sum(len(piece) for piece in pieces)
        sample = pieces[:: max(1, -(-total // _LEARNT_FROM))]

    def told() -> Iterator[str]:
        for done, piece in enumerate(sample):
            progress.update(0.2 + 0.2 * done / len(pieces), f"Learning the tokens of {title}")
            yield piece

    return learn(told(), options.unit, options.vocabulary_size, lower=options.lower)


def _write(pieces: list[str], tokenizer: Tokenizer, title: str, folder: Path, progress: Progress) -> _Written:
    tokens, characters = [0], [0]
    words = 0
    with store.TokenFile(folder) as file:
        for done, piece in enumerate(pieces):
            file.add(tokenizer.encode(piece))
            tokens.append(file.count)
            characters.append(characters[-1] + len(piece))
            words += len(piece.split())
            progress.update(0.4 + 0.6 * done / len(pieces), f"Cutting {title}: {characters[-1]:,} characters")
        return _Written(tokens, characters, words, file.finish())


def _characters_before(count: int, pieces: list[str], written: _Written, tokenizer: Tokenizer) -> int:
    """Return how many characters the first `count` tokens reach over."""
    at = next(number for number, start in enumerate(written.tokens[1:]) if start >= count)
    places = tokenizer.pieces(pieces[at])
    inside = count - written.tokens[at]
    return written.characters[at] + (places[inside].start if inside < len(places) else len(pieces[at]))


def _fingerprint(digest: str, tokenizer: Tokenizer, train_count: int) -> str:
    """Hash tokens, vocabulary and what is held out, but no names or places."""
    facts = [digest, tokenizer.vocabulary, getattr(tokenizer, "merges", ()), train_count]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()
