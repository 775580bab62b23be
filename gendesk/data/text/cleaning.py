"""Cleans texts: Gutenberg's header and footer, spaces, and where stories begin. Nothing here reads a file."""

import re
from collections.abc import Callable, Iterable, Iterator

from gendesk.data.options import TextOptions
from gendesk.data.text.tokens import MARK, fold

AESOP = 11_339
"""Gutenberg's number of the book of fables that the book trains on."""
STORY_BREAK = "\n" * 5
BLOCK = 1 << 18
"""Characters that are worked on at once: few enough that a wish to stop is heard soon."""
_LINE, _SPACE = re.compile(r"\n(?=\S)"), re.compile(r"\s(?=\S)")
_START = re.compile(r"^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG.*\n", re.IGNORECASE | re.MULTILINE)
_END = re.compile(
    r"^(?:\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG|End of (?:the )?Project Gutenberg)",
    re.IGNORECASE | re.MULTILINE,
)
_FIRST_FABLE, _AFTER_FABLES = "THE FOX AND THE GRAPES\n\n\n", "ILLUSTRATIONS\n\n\n"


def without_gutenberg(text: str, number: int) -> str:
    """Return a book of Gutenberg without what stands before and after it; of the fables only the fables."""
    start = _START.search(text)
    text = text[start.end() :] if start else text
    end = _END.search(text)
    text = text[: end.start()] if end else text
    if number == AESOP:
        first = text.find(_FIRST_FABLE)
        text = text[first:] if first >= 0 else text
        after = text.find(_AFTER_FABLES)
        text = text[:after] if after >= 0 else text
    return text.strip("\n")


def blocks(text: str, size: int = BLOCK) -> Iterator[str]:
    """Cut a text into pieces of about `size` characters, at ends of lines and never within a run of white space."""
    start = 0
    while len(text) - start > size:
        reach = start + size, start + 2 * size
        found = _LINE.search(text, *reach) or _SPACE.search(text, *reach)
        end = found.end() if found else min(len(text), reach[1])
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def cleaned(parts: Iterable[str], options: TextOptions, *, sentences: bool = False) -> Iterator[str]:
    """Yield a clean text in pieces, from its parts, such as files; empty where nothing is left.

    Wide gaps end `sentences`, as the book has it for its fables, whose titles are told apart by nothing else.
    """
    clean = _cleaner(options, sentences=sentences)
    last = ""
    for part in parts:
        for number, block in enumerate(blocks(part)):
            text = clean(block)
            if number == 0:
                text = _begun(text, options, last)
            if text:
                last = text[-1]
                yield fold(text) if options.lower else text


def _begun(text: str, options: TextOptions, last: str) -> str:
    """Return the beginning of a part: set off from the `last` character before it, with marks where it is a story."""
    if options.cleaning == "none":
        return text if last in ("", "\n") else f"\n{text}"
    text = text.lstrip()
    if not text:
        return ""
    if options.cleaning == "stories" and not text.startswith(MARK):
        text = _marks(options) + text
    if not last or last.isspace():
        return text
    return f" {text}" if options.cleaning == "stories" else f"\n{text}"


def _marks(options: TextOptions) -> str:
    return MARK * options.story_marks + " "


def _cleaner(options: TextOptions, *, sentences: bool) -> Callable[[str], str]:
    if options.cleaning == "none":
        return str
    if options.cleaning == "spaces":
        return _spaces
    marks = _marks(options)
    return lambda text: _stories(text, marks, sentences=sentences)


def _spaces(text: str) -> str:
    text = re.sub(r"[^\S\n]+", " ", text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" *\n *", "\n", text))


def _stories(text: str, marks: str, *, sentences: bool) -> str:
    """As Foster, Generative Deep Learning, listing 6.1: single line ends become spaces, five and more marks."""
    # Long runs of spaces are cut first: the patterns behind would try them from every one of their places.
    text = re.sub(r"[^\S\n]{2,}", "  ", text.replace(MARK, " "))
    text = re.sub(r"\n{5,} *", f" {marks}", re.sub(r"[^\S\n]{1,2}\n", "\n", text))
    text = re.sub(r"[^\S ]", " ", text)
    if not sentences:
        return re.sub(r"  +", " ", text)
    return re.sub(r"  +", ". ", text).replace("..", ".")
