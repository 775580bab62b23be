"""How texts are written in fields, tables and tips: letters that nobody sees are made visible, long lines wrapped."""

import html

import numpy as np
from numpy.typing import NDArray

_SEEN = {" ": "\N{OPEN BOX}", "\n": "\N{DOWNWARDS ARROW WITH CORNER LEFTWARDS}", "\t": "\N{RIGHTWARDS ARROW TO BAR}"}
_CONTROL_PICTURES = 0x2400
# A field makes line ends of these by itself; characters must stay as many as they are, or colours slip.
_SAFE = {code: _CONTROL_PICTURES + code for code in range(0x20) if chr(code) not in "\n\t"}
_SAFE |= {0x7F: 0x2421, 0x85: 0x2424, 0x2028: 0x2424, 0x2029: 0x2424}


def safe(text: str) -> str:
    """Return a text of the same length without the control characters that a text field would swallow."""
    return text.translate(_SAFE)


def visible(token: str) -> str:
    """Return how a table writes a token: spaces at its ends and line ends are seen."""
    if not token.strip():
        return "".join(_SEEN.get(letter, letter) for letter in safe(token))
    start, end = len(token) - len(token.lstrip(" ")), len(token.rstrip(" "))
    middle = safe(token[start:end]).replace("\n", _SEEN["\n"]).replace("\t", _SEEN["\t"])
    return f"{_SEEN[' '] * start}{middle}{_SEEN[' '] * (len(token) - end)}"


def places_in_qt(text: str) -> NDArray[np.int64]:
    """Return for each place 0..len(text) in a text where Qt counts it, to whom rare letters and emoji are two."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.concatenate([[0], np.cumsum(1 + (codes > 0xFFFF))]).astype(np.int64)


def wrapped(text: str) -> str:
    """Return a tip that is as wide as a paragraph; without marks of its own it would be as wide as the screen."""
    return f'<p style="white-space: pre-wrap">{html.escape(text)}</p>'
