"""How the bytes of a file spell letters, and files that are no text at all."""

import codecs
from collections.abc import Sequence

from gendesk.data.readers.source import UnreadableError

HEAD_BYTES = 1 << 16
"""So many bytes of a file show how it is spelt."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"\x89PNG\r\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"%PDF-", "a PDF document, which has to be saved as text first"),
    (b"PK\x03\x04", "an archive, or a document that has to be saved as text first"),
    (b"\x1f\x8b", "compressed"),
    (b"\xfd7zXZ\x00", "compressed"),
    (b"BZh", "compressed"),
    (b"7z\xbc\xaf\x27\x1c", "compressed"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old document, which has to be saved as text first"),
    (b"{\\rtf", "a formatted document, which has to be saved as text first"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x93NUMPY", "a file of numbers"),
)
_MANY_NULS, _FEW_NULS = 0.3, 0.05
_ORDINARY_CONTROLS = frozenset("\t\n\r\f\v\x1a\x1b")
_MOST_CONTROLS = 0.01


def candidates(head: bytes, wanted: str) -> Sequence[str]:
    """Return codecs to try one after the other, strictly, for a file that begins with `head`.

    `wanted` is a codec, or auto. Raises UnreadableError where the beginning shows that it is no text.
    """
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise UnreadableError(f"is no text but {what}")
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    if wanted == "utf-8":
        return ("utf-8-sig",)
    if wanted == "utf-16":
        if head.isascii() and 0 not in head:  # pairs of letters would be taken for Chinese
            raise UnreadableError("is not spelt in utf-16")
        return ("utf-16" if marked == "utf-16" else _order_of_bytes(head) or "utf-16-le",)
    if wanted != "auto":
        return (wanted,)
    if marked:
        return (marked,)
    if order := _order_of_bytes(head):
        return (order,)
    return ("utf-8", "cp1252", "latin-1")


def _order_of_bytes(head: bytes) -> str:
    """Return the codec of UTF-16 without a mark: every other byte of Western letters is 0; "" where it is none."""
    pairs = len(head) // 2
    if not pairs:
        return ""
    even, odd = head[: 2 * pairs : 2].count(0) / pairs, head[1 : 2 * pairs : 2].count(0) / pairs
    if odd > _MANY_NULS and even < _FEW_NULS:
        return "utf-16-le"
    return "utf-16-be" if even > _MANY_NULS and odd < _FEW_NULS else ""


def check_text(text: str) -> None:
    """Raise UnreadableError if a piece of a file is rather the contents of a program or a picture than text."""
    if "\0" in text:
        raise UnreadableError("is no text: it holds characters of number 0")
    if text.isprintable():
        return
    controls = sum(
        text.count(chr(code)) for code in (*range(32), *range(127, 160)) if chr(code) not in _ORDINARY_CONTROLS
    )
    if controls > len(text) * _MOST_CONTROLS:
        raise UnreadableError(f"is no text: {controls / len(text):.0%} of its characters are control characters")
