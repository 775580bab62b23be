"""The texts that are being written, one below the other or side by side."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from gendesk.data.dataset import Int32Array
from gendesk.data.text.tokens import Tokenizer
from gendesk.engine.text.memorised import Passage
from gendesk.engine.text.streaming import Part
from gendesk.engine.text.writing import ENDED, Speller, Task
from gendesk.widgets.text_tools.spelling import visible
from gendesk.widgets.text_tools.tinted import TintedText
from gendesk.widgets.text_tools.token_bars import percent

from .on_text import surprise, tints

_SIDE_BY_SIDE = 320  # pixels that a text needs beside others
_LOWEST = 120


class WrittenPages(QWidget):
    """Takes the parts of several texts as they come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views: list[TintedText] = []
        self._spellers: list[Speller] = []
        self._tokens: list[list[int]] = []
        self._bits: list[float] = []
        body = QWidget()
        self._grid = QGridLayout(body)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        self._set_count(1)

    @property
    def texts(self) -> tuple[str, ...]:
        """What has been written, without the beginning."""
        return tuple("".join(view.pieces) for view in self.views)

    @property
    def tokens(self) -> tuple[Int32Array, ...]:
        """The tokens that have been written, each int32 (length,)."""
        return tuple(np.array(tokens, np.int32) for tokens in self._tokens)

    @property
    def bits(self) -> float:
        """The mean surprise of the model at what it wrote, in bits per token; NaN before there is any."""
        return float(np.mean(self._bits)) if self._bits else float("nan")

    def begin(self, tokenizer: Tokenizer, task: Task) -> None:
        """Forget what was written, and show what the new texts begin with."""
        self._set_count(task.count)
        self._tokens = [[] for _ in self.views]
        self._bits = []
        self._spellers = [Speller(tokenizer, task.prompt) for _ in self.views]
        for view in self.views:
            view.set_text(task.prompt)

    def clear(self) -> None:
        """Forget all texts: the empty state returns."""
        self._set_count(1)
        self._tokens, self._spellers, self._bits = [], [], []
        self.views[0].set_text("")

    def add(self, part: Part) -> None:
        """Append what has been written since the last part."""
        for view, speller, known, tokens, chances in zip(
            self.views, self._spellers, self._tokens, part.tokens, part.chances, strict=True
        ):
            written = tokens != ENDED
            new = tokens[written].tolist()
            bits = surprise(chances[written])
            pieces = [speller.add(token) for token in new]
            tips = [
                f"{visible(piece)}  {percent(chance)}, {surprise:.1f} bits"
                for piece, chance, surprise in zip(pieces, chances[written].tolist(), bits.tolist(), strict=True)
            ]
            view.add(pieces, tints(bits), tips)
            known += new
            self._bits += bits.tolist()

    def mark(self, passages: tuple[Passage, ...]) -> None:
        """Underline the longest passages that stand in the training text."""
        for view, passage in zip(self.views, passages, strict=True):
            view.mark(passage.start, passage.start + passage.length)

    def set_tinted(self, tinted: bool) -> None:
        for view in self.views:
            view.set_tinted(tinted)

    def set_wide(self, wide: bool) -> None:
        """Lay the texts side by side where there is room."""
        columns = max(1, min(3, self.width() // _SIDE_BY_SIDE)) if wide else 1
        for place, view in enumerate(self.views):
            self._grid.addWidget(view, *divmod(place, columns))

    def _set_count(self, count: int) -> None:
        tinted = self.views[0].is_tinted if self.views else True
        while len(self.views) > count:
            view = self.views.pop()
            self._grid.removeWidget(view)
            view.deleteLater()
        while len(self.views) < count:
            view = TintedText()
            view.setMinimumHeight(_LOWEST)
            view.set_tinted(tinted)
            view.setPlaceholderText(self.tr("What the model writes will appear here: press Write."))
            view.setAccessibleName(self.tr("Sample {number}").format(number=len(self.views) + 1))
            self.views.append(view)
        self.set_wide(self.width() >= 2 * _SIDE_BY_SIDE)
