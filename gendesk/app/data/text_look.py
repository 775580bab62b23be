"""A look at a text before a model is trained on it: its beginning with its tokens, and how often each stands in it."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from gendesk.data.text.report import TextReport
from gendesk.data.text.tokens import UNKNOWN, Piece, tokenizer_of
from gendesk.widgets.text.spelling import visible
from gendesk.widgets.text.token_table import TokenTable
from gendesk.widgets.text.token_text import Span, TokenText


@dataclass(frozen=True)
class TextLook:
    """A report, and where in its beginning the tokens are; `unknown` are parts that the vocabulary does not have."""

    report: TextReport
    tokens: tuple[Span, ...]
    unknown: tuple[Span, ...]


def look_at(report: TextReport) -> TextLook:
    """Cut the beginning of a text into its tokens."""
    pieces = tokenizer_of(report.info).pieces(report.beginning)
    known = report.info.vocabulary
    lost = tuple((piece.start, piece.end) for piece in pieces if known[piece.token] == UNKNOWN)
    left_out = _left_out(report.beginning, pieces) if report.info.unit != "byte pairs" else ()
    tokens = tuple((piece.start, piece.end) for piece in pieces)
    return TextLook(report, tokens, tuple(sorted({*lost, *left_out})))


def _left_out(text: str, pieces: list[Piece]) -> list[Span]:
    """Return the parts of a text that are no token; spaces between words are none, but follow from the words."""
    ends = [0, *(piece.end for piece in pieces)]
    starts = [*(piece.start for piece in pieces), len(text)]
    return [(end, start) for end, start in zip(ends, starts, strict=True) if text[end:start].strip()]


class TextLookView(QWidget):
    """The beginning of the text above, what a network reads of it at once, and the table of tokens below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = TokenText()
        self.window_line = QLabel()
        self.window_line.setWordWrap(True)
        self.window_line.setTextFormat(Qt.TextFormat.PlainText)
        self.window_line.setProperty("role", "muted")
        self.window_line.setToolTip(self.tr("A piece of the text as a network sees it: tokens, and the one to guess"))
        self.tokens = TokenTable()
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.text, 1)
        column.addWidget(self.window_line)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(top)
        parts.addWidget(self.tokens)
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(8)
        parts.setSizes([340, 220])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(parts)

    def show_look(self, look: TextLook) -> None:
        report = look.report
        self.text.set_tokens(report.beginning, look.tokens, look.unknown)
        self.tokens.set_tokens(report.tokens, report.found)
        *given, wanted = [visible(token) for token, _ in report.window] or [""]
        between = "\N{MIDDLE DOT}" if report.info.unit == "characters" else " "
        self.window_line.setText(
            self.tr("From {0} a network guesses {1}").format(between.join(given), wanted) if given else ""
        )

    def clear(self) -> None:
        self.text.set_tokens("", ())
        self.tokens.set_tokens((), 0)
        self.window_line.clear()
