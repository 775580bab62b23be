"""The page of the map studio that draws samples and counts their verdicts."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QSpinBox, QVBoxLayout, QWidget

from gendesk.widgets.map.painting import MarkStyle
from gendesk.widgets.seed_box import SeedBox

from .controls import button


class SamplePage(QWidget):
    """`wanted` asks for `count` samples from `seed`, `cleared` to forget them."""

    wanted = Signal()
    cleared = Signal()

    def __init__(self, styles: tuple[MarkStyle, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = QSpinBox(minimum=1, maximum=2000, value=100, singleStep=10)
        self._count.setAccessibleName(self.tr("Number of samples"))
        self._count.setToolTip(self.tr("How many points are drawn at once"))
        self.seed_box = SeedBox(self)
        self.seed_box.changed.connect(self.wanted)
        self.sample = button(self.tr("Sample"), self.tr("Draw points from the density on the map and judge each"))
        self.sample.clicked.connect(self.wanted)
        self.clear = button(self.tr("Clear"), self.tr("Take samples and guess off the map"))
        self.clear.clicked.connect(self.cleared)
        first, second = QHBoxLayout(), QHBoxLayout()
        label = QLabel(self.tr("Samples"))
        label.setBuddy(self._count)
        for row, parts in ((first, (label, self._count, self.sample, self.clear)), (second, (self.seed_box,))):
            row.setSpacing(8)
            for part in parts:
                row.addWidget(part)
            row.addStretch(1)
        self.guess = QLabel(self.tr("Click on the map to guess a point."))
        self.guess.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(first)
        column.addLayout(second)
        column.addLayout(self._make_counts(styles))
        column.addWidget(self.guess)
        column.addStretch(1)
        self.show_counts(None)

    def _make_counts(self, styles: tuple[MarkStyle, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        self._counts: list[tuple[QLabel, QProgressBar]] = []
        for row, style in enumerate(styles):
            number, bar = QLabel(), QProgressBar(textVisible=False)
            bar.setFixedHeight(8)
            bar.setAccessibleName(style.title)
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            number.setMinimumWidth(88)
            grid.addWidget(QLabel(style.title), row, 0)
            grid.addWidget(number, row, 1)
            grid.addWidget(bar, row, 2)
            self._counts.append((number, bar))
        grid.setColumnStretch(2, 1)
        return grid

    @property
    def count(self) -> int:
        return self._count.value()

    @property
    def seed(self) -> int:
        return self.seed_box.seed

    def show_counts(self, found: NDArray[np.int64] | None) -> None:
        """Count the verdicts of samples, or show that there are none."""
        total = 0 if found is None else len(found)
        for label, (number, bar) in enumerate(self._counts):
            count = 0 if found is None else int((found == label).sum())
            number.setText(f"{count:,} ({count / total:.0%})" if total else "\N{EN DASH}")
            bar.setMaximum(max(1, total))
            bar.setValue(count)

    def show_guess(self, text: str) -> None:
        self.guess.setText(text or self.tr("Click on the map to guess a point."))
