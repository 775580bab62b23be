"""Where the convolution playground gets another picture from: the run, a drawing, a file, or the cup again."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gendesk.engine.preview import ImagePreview
from gendesk.studios.own_picture import OwnPicture

from ..still_life import disc, still_life

SIDE = 64
_MOST = 64  # pictures of a run to choose from


class PicturePage(QWidget):
    """`chosen` carries uint8 (height, width, channels), `closed` that the person is done."""

    chosen = Signal(object)
    closed = Signal()
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.own = OwnPicture()
        self.own.chosen.connect(self.tell)
        self.own.failed.connect(self.failed)
        cup = QPushButton(self.tr("Cup on a Table"))
        cup.setToolTip(self.tr("Take the picture of the beginning again, 64 pixels wide and high"))
        cup.clicked.connect(self._tell_cup)
        done = QPushButton(self.tr("Done"))
        done.setToolTip(self.tr("Back to the kernel"))
        done.clicked.connect(self.closed)
        row = QHBoxLayout()
        row.addWidget(cup)
        row.addStretch(1)
        row.addWidget(done)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.own, 1)
        column.addLayout(row)
        self.forget()

    def offer(self, preview: ImagePreview) -> None:
        """Offer the held-out pictures that a run shows its predictions of."""
        if preview.name == "predictions":
            self.own.blockSignals(True)  # they are offered, nobody has chosen one yet
            self.own.set_format(*preview.images.shape[1:])
            self.own.set_pictures(preview.images[:_MOST])
            self.own.blockSignals(False)

    def forget(self) -> None:
        """Offer no run's pictures any more: only the built-in ones, and drawings and files of their size."""
        self.own.blockSignals(True)
        self.own.set_format(SIDE, SIDE, 3)
        pictures = np.stack([still_life(SIDE, colour=True), disc(SIDE)])
        self.own.set_pictures(pictures, (self.tr("Cup"), self.tr("Disc")))
        self.own.blockSignals(False)

    def tell(self) -> None:
        """Tell the picture that is chosen on the page, if there is one."""
        picture = self.own.picture()
        if picture is not None:
            self.chosen.emit(picture)

    def _tell_cup(self) -> None:
        self.chosen.emit(still_life(SIDE, colour=True))
        self.closed.emit()
