"""How much of each class a picture is to have: a slider for each, and a button for that class alone."""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from gendesk.widgets.latent.slider_row import NAME_WIDTH, SliderRow


class ClassMix(QWidget):
    """Shares of classes, each in [0, 1], as the person sets them. `changed` carries all of them, float32 (classes,)."""

    changed = Signal(object)
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._shares: NDArray[np.float32] = np.empty(0, np.float32)
        self.rows: list[SliderRow] = []
        self.setAccessibleName(self.tr("Classes"))
        title = QLabel(self.tr("Classes"))
        title.setProperty("role", "title")
        title.setContentsMargins(8, 0, 0, 0)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 8)
        self._column.setSpacing(0)
        self._column.addWidget(title)
        self.hide()

    def set_names(self, names: Sequence[str]) -> None:
        """Offer other classes; none hide the whole."""
        if tuple(names) == self._names:
            return
        for row in self.rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self._names = tuple(names)
        self.rows = [self._make(index, name) for index, name in enumerate(self._names)]
        for row in self.rows:
            self._column.addWidget(row)
        self.setVisible(bool(names))

    def _make(self, index: int, name: str) -> SliderRow:
        pure = QPushButton()
        pure.setText(pure.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, NAME_WIDTH - 12))
        pure.setAccessibleName(self.tr("Only {name}").format(name=name))
        pure.setToolTip(self.tr("{name} and nothing else").format(name=name))
        pure.clicked.connect(partial(self._choose, index))
        row = SliderRow(pure, 0.0, 1.0, self)
        row.describe(
            self.tr("Share of {name}").format(name=name),
            self.tr("How much of {name} the picture is to have, beside the other classes").format(name=name),
        )
        row.changed.connect(partial(self._change, index))
        row.reset.connect(partial(self._change, index, 0.0))
        row.settled.connect(self.settled)
        return row

    def set_shares(self, shares: NDArray[np.floating]) -> None:
        """Show shares as they were set, (classes,), and in numbers what they are of the whole."""
        self._shares = np.array(shares, np.float32)
        total = float(self._shares.sum())
        for row, share in zip(self.rows, self._shares.tolist(), strict=True):
            percent = 100 * share / total if total > 0 else 100 / len(self.rows)
            row.show_value(share, f"{percent:.0f} %")

    def _change(self, index: int, share: float) -> None:
        shares = self._shares.copy()
        shares[index] = share
        self.changed.emit(shares)

    def _choose(self, index: int) -> None:
        self.settled.emit()
        self.changed.emit(np.eye(len(self._names), dtype=np.float32)[index])
        self.settled.emit()
