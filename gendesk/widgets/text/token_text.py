"""A text with its tokens told apart by alternating tints."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QFontDatabase, QSyntaxHighlighter, QTextCharFormat, QTextDocument, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from gendesk.widgets.text.spelling import places_in_qt, safe
from gendesk.widgets.theme import changes_look, current_colors

Span = tuple[int, int]
"""From which to which character of a text."""

_ALPHAS = (0.12, 0.30)
_UNKNOWN_ALPHA = 0.35


class TokenText(QPlainTextEdit):
    """Read-only. Neighbouring tokens have different tints; what is outside the vocabulary is underlined in red."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tints = _Tints(self.document())
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName(self.tr("Beginning of the text"))
        self.setToolTip(
            self.tr("The text as training reads it. Each tint is one token; what is outside the vocabulary is red")
        )
        self.setPlaceholderText(self.tr("The text as training will read it appears here."))

    def set_tokens(self, text: str, tokens: Sequence[Span], unknown: Sequence[Span] = ()) -> None:
        """Show a text; `tokens` rise and do not overlap, `unknown` are those of which the vocabulary knows nothing."""
        places = places_in_qt(text)
        self._tints.set_spans(
            [(int(places[start]), int(places[end])) for start, end in tokens],
            [(int(places[start]), int(places[end])) for start, end in unknown],
        )
        self.setPlainText(safe(text))

    def tint_at(self, place: int) -> QColor:
        """Return the tint behind a character, counted as Qt counts; no colour where there is none."""
        block = self.document().findBlock(place)
        for part in block.layout().formats():
            if part.start <= place - block.position() < part.start + part.length:
                return part.format.background().color()
        return QColor()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self._tints.rehighlight()


class _Tints(QSyntaxHighlighter):
    """Tints each line of a document from the spans of the whole."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._spans: Sequence[Span] = ()
        self._unknown: Sequence[Span] = ()
        self._starts = np.zeros(0, np.int64)

    def set_spans(self, spans: Sequence[Span], unknown: Sequence[Span]) -> None:
        self._spans, self._unknown = spans, unknown
        self._starts = np.array([start for start, _ in spans], np.int64)

    def highlightBlock(self, line: str) -> None:  # noqa: N802 (the name is Qt's)
        begin = self.currentBlock().position()
        end = begin + len(line.encode("utf-16-le", "surrogatepass")) // 2
        first = max(0, int(np.searchsorted(self._starts, begin, side="right")) - 1)
        last = int(np.searchsorted(self._starts, end))
        looks = [_tint(alpha) for alpha in _ALPHAS]
        for number in range(first, last):
            self._paint(self._spans[number], looks[number % 2], begin, end)
        red = QTextCharFormat()
        red.setBackground(_faded(current_colors().bad, _UNKNOWN_ALPHA))
        red.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        red.setUnderlineColor(QColor(current_colors().bad))
        for span in self._unknown:
            self._paint(span, red, begin, end)

    def _paint(self, span: Span, look: QTextCharFormat, begin: int, end: int) -> None:
        start, stop = max(span[0], begin), min(span[1], end)
        if start < stop:
            self.setFormat(start - begin, stop - start, look)


def _tint(alpha: float) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setBackground(_faded(current_colors().accent, alpha))
    return look


def _faded(name: str, alpha: float) -> QColor:
    color = QColor(name)
    color.setAlphaF(alpha)
    return color
