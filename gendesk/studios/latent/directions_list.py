"""The list of directions with their sliders; it says what will be there while it is empty."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from gendesk.studios.latent.directions_row import DirectionRow
from gendesk.studios.latent.directions_state import Dials


class DirectionList(QScrollArea):
    """Shows Dials. Every signal begins with the number of a row."""

    changed = Signal(int, float)
    chosen = Signal(int)
    kept = Signal(int, bool)
    removed = Signal(int)
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[DirectionRow] = []
        self.setAccessibleName(self.tr("Directions"))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._empty = QLabel(
            self.tr(
                "Directions that you add appear here, each with a slider: glasses, a smile, hair. They are kept with "
                "the run."
            )
        )
        self._empty.setWordWrap(True)
        self._empty.setProperty("role", "muted")
        self._empty.setContentsMargins(16, 16, 16, 16)
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 8, 0, 8)
        self._column.setSpacing(4)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self.setWidget(body)

    def show_dials(self, dials: Dials, chosen: int) -> None:
        """Show every direction, and which of them is chosen."""
        self._fit(len(dials.rows))
        if not dials.rows:
            return
        works = np.abs(dials.vectors()).max(1) > 0
        for index, (row, dial) in enumerate(zip(self.rows, dials.rows, strict=True)):
            row.show_dial(dial, chosen=index == chosen, works=bool(works[index]))

    def mark_stale(self, stale: Sequence[bool]) -> None:
        """Mark the directions that were found on another state of the model."""
        for row, old in zip(self.rows, stale, strict=True):
            row.mark_stale(stale=old)

    def _fit(self, count: int) -> None:
        """Have as many rows as there are directions."""
        self._empty.setVisible(count == 0)
        while len(self.rows) > count:
            row = self.rows.pop()
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < count:
            index = len(self.rows)
            row = DirectionRow()
            row.changed.connect(partial(self.changed.emit, index))
            row.chosen.connect(partial(self.chosen.emit, index))
            row.kept.connect(partial(self.kept.emit, index))
            row.removed.connect(partial(self.removed.emit, index))
            row.settled.connect(self.settled)
            self._column.insertWidget(index + 1, row)
            self.rows.append(row)
