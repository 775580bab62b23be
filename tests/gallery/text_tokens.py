"""A text cut into words of a small vocabulary, and the table of the words."""

import re
from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from gendesk.widgets.text.token_table import TokenTable
from gendesk.widgets.text.token_text import TokenText

_TEXT = (
    "A Fox saw a bunch of ripe grapes above the wall.\nShe jumped and jumped, but the grapes hung too high.\n"
    "At last the Fox turned away and said: the grapes are sour \N{FOX FACE}, and I did not want the grapes.\n"
)
_KNOWN = 16


def build() -> QSplitter:
    matches = list(re.finditer(r"\w+|[^\w\s]|\n", _TEXT))
    counts = Counter(match.group() for match in matches)
    known = {word for word, _ in counts.most_common(_KNOWN)}
    spans = [match.span() for match in matches if match.group() in known]
    unknown = [match.span() for match in matches if match.group() not in known]
    text, table = TokenText(), TokenTable()
    text.set_tokens(_TEXT, spans, unknown)
    table.set_tokens(counts.most_common(_KNOWN), counts.total())
    both = QSplitter(Qt.Orientation.Vertical)
    both.addWidget(text)
    both.addWidget(table)
    both.resize(480, 480)
    return both
