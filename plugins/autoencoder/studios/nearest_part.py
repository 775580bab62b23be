"""Pictures whose codes lie nearest to a code: similar ones, found without any label."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gendesk.widgets.pictures.mosaic_view import MosaicView

from ..copying import CodeIndex, Nearest


class NearestPart(QWidget):
    """`chosen` carries a picture uint8 (height, width, channels) that a person wants to go on with, and its class."""

    chosen = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index: CodeIndex | None = None
        self.found: Nearest | None = None
        self._title = QLabel(self.tr("Similar pictures"))
        self._title.setProperty("role", "title")
        self.words = QLabel(wordWrap=True)
        self.words.setProperty("role", "muted")
        self.view = MosaicView()
        self.view.setAccessibleName(self.tr("Similar pictures"))
        self.view.setToolTip(self.tr("The pictures whose codes are nearest, with the distance; click one to copy it"))
        self.view.setMinimumHeight(116)
        self.view.activated.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self._title, self.words, self.view):
            column.addWidget(widget, 1 if widget is self.view else 0)
        self.forget()

    def forget(self) -> None:
        """Show no pictures."""
        self.index = self.found = None
        self.view.set_tiles(np.empty((0, 1, 1, 1), np.uint8), None, (), ())
        self.hide()

    def show_found(self, index: CodeIndex, found: Nearest) -> None:
        """Show the pictures of an index that have been found, nearest first."""
        self.index, self.found = index, found
        captions = tuple(f"{distance:.2f}" for distance in found.distances.tolist())
        self.view.set_tiles(index.pictures[found.rows], None, captions, ())
        self.words.setText(self._summary(index, found))
        self.show()

    def _summary(self, index: CodeIndex, found: Nearest) -> str:
        held_out = int(index.held_out[found.rows].sum())
        text = self.tr("Nearest by code, of {count} pictures; {held_out} of these are held out.")
        words = text.format(count=f"{len(index.codes):,}", held_out=held_out)
        labels, counts = np.unique(index.labels[found.rows], return_counts=True)
        if len(labels) == 0 or labels[0] < 0:
            return words
        order = np.argsort(-counts, kind="stable")
        classes = ", ".join(
            f"{counts[place]}\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{NO-BREAK SPACE}{index.names[labels[place]]}"
            for place in order
        )
        return f"{words} {classes}."

    def _choose(self, place: int) -> None:
        if self.index is not None and self.found is not None and place < len(self.found.rows):
            row = int(self.found.rows[place])
            label = int(self.index.labels[row])
            self.chosen.emit(self.index.pictures[row], self.index.names[label] if label >= 0 else "")
