"""Ten outfits drawn from a model, with some of their values pinned if one likes."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gendesk.widgets.icons import icon
from gendesk.widgets.pictures.image_grid import ImageGrid
from gendesk.widgets.pictures.picture import UInt8Array
from gendesk.widgets.seed_box import SeedBox

from ...outfits.shares import FREE

_COLUMNS = 2
_IN_A_ROW = 5


class SamplePanel(QWidget):
    """Pins, a seed and portraits; `changed` tells that others should be drawn."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pins: list[QToolButton] = []
        self._titles: tuple[str, ...] = ()
        self._row: tuple[int, ...] = ()
        self.seed = SeedBox()
        self.seed.changed.connect(self._tell)
        self.grid = ImageGrid()
        self.grid.setAccessibleName(self.tr("Drawn outfits"))
        self.grid.set_empty_text(self.tr("Ten outfits that the model draws appear here."))
        self._message = QLabel(wordWrap=True)
        self._pins = QGridLayout()
        self._pins.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(self.seed)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(self._pins)
        column.addWidget(self._message)
        column.addWidget(self.grid, 1)

    def set_features(self, titles: Sequence[str]) -> None:
        """Offer a pin for each feature; none is set."""
        for button in self.pins:
            self._pins.removeWidget(button)
            button.deleteLater()
        self._titles = tuple(titles)
        self.pins = [self._make_pin(title) for title in titles]
        for index, button in enumerate(self.pins):
            self._pins.addWidget(button, index // _COLUMNS, index % _COLUMNS)

    def _make_pin(self, title: str) -> QToolButton:
        button = QToolButton(self)
        button.setCheckable(True)
        button.setIcon(icon("pin"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        button.setAccessibleName(self.tr("Pin: {0}").format(title))
        button.setToolTip(self.tr("Keep this value and draw the other features given it"))
        button.toggled.connect(self._tell)
        return button

    def set_outfit(self, row: Sequence[int], words: Sequence[str]) -> None:
        """Say which values the pins hold."""
        self._row = tuple(row)
        for button, title, word in zip(self.pins, self._titles, words, strict=True):
            button.setText(f"{title}: {word}")

    @property
    def pinned(self) -> tuple[int, ...]:
        """The values of pinned features, FREE for the others."""
        return tuple(value if pin.isChecked() else FREE for pin, value in zip(self.pins, self._row, strict=True))

    def show_samples(self, images: UInt8Array, firsts: Sequence[int]) -> None:
        """Show portraits, uint8 (count, side, side, 3), and of which row of the table each is a copy; 0 is new."""
        captions = [self.tr("copy of #{0}").format(first) if first else self.tr("new") for first in firsts]
        self.grid.set_images(images, _IN_A_ROW, captions)
        new = sum(not first for first in firsts)
        self._say(self.tr("New: {0}. Copies: {1}.").format(new, len(captions) - new), "muted")

    def clear(self) -> None:
        """Show no samples."""
        self.grid.set_images(np.empty((0, 1, 1, 3), np.uint8))
        self._message.clear()

    def show_problem(self, sentence: str) -> None:
        """Say why there are no samples."""
        self._say(sentence, "error")

    def _say(self, sentence: str, role: str) -> None:
        self._message.setProperty("role", role)
        self._message.style().polish(self._message)
        self._message.setText(sentence)

    def _tell(self, _value: object = None) -> None:
        self.changed.emit()
