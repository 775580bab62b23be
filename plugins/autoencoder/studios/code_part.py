"""The code of a picture with all that can be done to it: numbers to change, undo, and what the numbers say."""

from math import prod

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gendesk.widgets.plot.ticks import value_text

from ..copying import Copied, CopyFacts, Treatment
from .code_bars import CodeBars
from .code_tiles import CodeTiles
from .code_view import CodeView

_MOST_BARS = 256


class CodePart(QWidget):
    """`changed` carries the index and the value of a number, also during a drag; `restored` the index of one that is to
    be the encoder's again; `settled` tells that a drag, a click or a key is over; `cleared` takes all changes back.
    """

    changed = Signal(int, float)
    restored = Signal(int)
    settled = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts: CopyFacts | None = None
        self._copied: Copied | None = None
        self.bars, self.tiles = CodeBars(), CodeTiles()
        self.view: CodeView = self.bars
        self._title = QLabel(self.tr("Code"))
        self._title.setProperty("role", "title")
        self.reset = QPushButton(self.tr("Reset Numbers"))
        self.reset.setToolTip(self.tr("Take back all changes of numbers, so that they are the encoder's again"))
        self.reset.clicked.connect(self.cleared)
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._head.addWidget(self._title, 1)
        self._head.addWidget(self.reset)
        self.reading = QLabel(wordWrap=True)
        self.reading.setProperty("role", "muted")
        self.reading.setMinimumHeight(2 * self.reading.fontMetrics().lineSpacing())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._head)
        for view in (self.bars, self.tiles):
            view.changed.connect(self.changed)
            view.restored.connect(self.restored)
            view.settled.connect(self.settled)
            view.pointed.connect(self._tell)
            column.addWidget(view, 1)
        column.addWidget(self.reading)
        self.forget()

    def offer(self, *actions: QAction) -> None:
        """Show undo and redo as buttons above the numbers."""
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            self._head.insertWidget(self._head.count() - 1, button)

    def add_button(self, button: QToolButton) -> None:
        """Show a button at the end of the line above the numbers."""
        self._head.addWidget(button)

    def open(self, facts: CopyFacts) -> None:
        """Take the shape of a model's codes: bars suit few numbers, tiles maps and many."""
        self._facts = facts
        maps = facts.code_shape[1] * facts.code_shape[2] > 1 or prod(facts.code_shape) > _MOST_BARS
        self.tiles.set_shape(facts.code_shape)
        self.view = self.tiles if maps else self.bars
        for view in (self.bars, self.tiles):
            view.setVisible(view is self.view)

    def forget(self) -> None:
        """Show no code."""
        self._copied = None
        self.hide()

    def show_code(self, copied: Copied, treatment: Treatment) -> None:
        """Show what was decoded; the scale grows where a number needs it."""
        assert self._facts is not None
        self._copied = copied
        edited = frozenset(index for index, _ in treatment.edits)
        reach = max(self._facts.reach, float(np.nan_to_num(np.abs(copied.code)).max()))
        self.view.set_code(copied.code, copied.mean, copied.sigma, edited, reach)
        self.reset.setEnabled(bool(edited))
        self.show()
        self._tell()

    def _tell(self) -> None:
        """Say what the number under the mouse is, or what the numbers are."""
        if self._copied is None or self._facts is None:
            return
        index, count = self.view.unit, len(self._copied.code)
        if not 0 <= index < count:
            text = self.tr("{count} numbers: click one to set it to zero, drag it to change it.")
            if self._copied.sigma is not None:
                text = self.tr("{count} numbers, each with the encoder's spread: click to zero one, drag to change it.")
            self.reading.setText(text.format(count=f"{count:,}"))
            return
        parts = [self._name(index) + ": " + value_text(float(self._copied.code[index]))]
        mean = value_text(float(self._copied.mean[index]))
        if self._copied.sigma is not None:
            sigma = value_text(float(self._copied.sigma[index]))
            parts.append(self.tr("the encoder says {mean} \N{PLUS-MINUS SIGN} {sigma}").format(mean=mean, sigma=sigma))
        elif index in self.view.edited:
            parts.append(self.tr("the encoder says {mean}").format(mean=mean))
        self.reading.setText("; ".join(parts))

    def _name(self, index: int) -> str:
        assert self._facts is not None
        _, height, width = self._facts.code_shape
        if height * width == 1:
            return f"z{index + 1}"
        channel, inside = divmod(index, height * width)
        text = self.tr("Map {channel}, column {column}, row {row}")
        return text.format(channel=channel + 1, column=inside % width + 1, row=inside // width + 1)
