"""One outfit: its portrait, and how likely three models think that it is."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLabel, QVBoxLayout, QWidget

from gendesk.widgets.pictures.picture import UInt8Array
from gendesk.widgets.pictures.view import PictureView

_SMALL = 136
_UNBOUNDED = 16_777_215  # Qt's largest size of a widget


class Verdict(QWidget):
    """A portrait with words and numbers beside or below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.portrait = PictureView()
        self.portrait.setAccessibleName(self.tr("Portrait of the chosen outfit"))
        self.portrait.setMinimumSize(_SMALL, _SMALL)
        self.portrait.set_empty_text(self.tr("The chosen outfit appears here."))
        self.name = QLabel(wordWrap=True)
        self.occurrence = QLabel()
        self.occurrence.setProperty("role", "muted")
        self.product = QLabel(wordWrap=True)
        self.product.setAccessibleName(self.tr("Product of the shares"))
        self.product.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._table = self._make_table()
        words = QVBoxLayout()
        words.setSpacing(4)
        for part in (self.name, self.occurrence):
            words.addWidget(part)
        words.addLayout(self._table)
        words.addStretch(1)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(8)
        self._head.addWidget(self.portrait)
        self._head.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._head, 1)
        column.addWidget(self.product)

    def _make_table(self) -> QGridLayout:
        """Make rows of a model's name, the outfit's probability and the share of what is not in the table."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        self._cells = [[QLabel() for _ in range(3)] for _ in range(4)]
        for row, labels in enumerate(self._cells):
            for column, label in enumerate(labels):
                if row == 0:
                    label.setProperty("role", "muted")
                if column:
                    label.setAlignment(Qt.AlignmentFlag.AlignRight)
                grid.addWidget(label, row, column)
        return grid

    def set_tall(self, tall: bool) -> None:
        """Put the words below the portrait, which may then be large, or beside it."""
        direction = QBoxLayout.Direction.TopToBottom if tall else QBoxLayout.Direction.LeftToRight
        self._head.setDirection(direction)
        self._head.setStretch(0, 1 if tall else 0)
        self._head.setStretch(1, 0 if tall else 1)
        size = _UNBOUNDED if tall else _SMALL
        self.portrait.setMaximumSize(size, size)

    def clear(self) -> None:
        """Show no outfit."""
        self.portrait.set_picture(None)
        for label in (self.name, self.occurrence, self.product, *(cell for row in self._cells for cell in row)):
            label.clear()

    def show_portrait(self, picture: UInt8Array) -> None:
        """Show a picture, uint8 (height, width, 3)."""
        self.portrait.set_picture(picture)

    def show_outfit(self, titles: Sequence[str], words: Sequence[str], occurs: int, first: int) -> None:
        """Name the outfit, feature by feature, and say how often it is in the table and where first (from 1)."""
        parts = (f"{escape(title)} <b>{escape(word)}</b>" for title, word in zip(titles, words, strict=True))
        self.name.setText(" \N{MIDDLE DOT} ".join(parts))
        if not occurs:
            text = self.tr("Not in the table")
        elif occurs == 1:
            text = self.tr("In the table once, as #{0}").format(first)
        else:
            text = self.tr("In the table {0} times, first as #{1}").format(occurs, first)
        self.occurrence.setText(text)

    def show_product(self, titles: Sequence[str], factors: Sequence[float]) -> None:
        """Show the shares that naive Bayes multiplies."""
        product = 1.0
        for factor in factors:
            product *= factor
        sign = " \N{MULTIPLICATION SIGN} "
        parts = sign.join(f"{factor:.2f}" for factor in factors)
        self.product.setText(self.tr("Naive Bayes: {0} = {1}").format(parts, probability_text(product)))
        self.product.setToolTip(sign.join(titles))

    def show_models(self, names: Sequence[str], probabilities: Sequence[float], unseen: Sequence[float]) -> None:
        """Show what each model says of the outfit, and how much it gives to what is not in the table."""
        heads = ("", self.tr("Probability"), self.tr("Unseen"))
        numbers = ((probability_text(p), f"{share:.1%}") for p, share in zip(probabilities, unseen, strict=True))
        rows = [heads, *((name, *pair) for name, pair in zip(names, numbers, strict=True))]
        for labels, texts in zip(self._cells, rows, strict=True):
            for label, text in zip(labels, texts, strict=True):
                label.setText(text)
        for labels in self._cells:
            labels[1].setToolTip(self.tr("The probability of exactly this outfit"))
            labels[2].setToolTip(self.tr("What all outfits that are not in the table have together"))


def probability_text(probability: float) -> str:
    """Write a probability with two digits that count: 0.0054, 0.00098, 0."""
    if probability == 0:
        return "0"
    if probability < 1e-6:
        return f"{probability:.1e}".replace("e-0", "e-").replace("-", "\N{MINUS SIGN}")
    decimals = 2
    while decimals < 7 and probability < 10.0 ** (1 - decimals):
        decimals += 1
    return f"{probability:.{decimals}f}"
