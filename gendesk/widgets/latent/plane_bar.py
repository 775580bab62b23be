"""Which plane of a large latent space is shown: the principal one, two dimensions, or one through three anchors."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QSpinBox, QStackedWidget, QToolButton, QWidget

from gendesk.widgets.pictures.picture import UInt8Array, to_qimage

ANCHORS = ("A", "B", "C")
_ICON = 28  # logical pixels


class PlaneBar(QWidget):
    """Chooses a plane. `chosen` tells that the kind or a dimension is another one.

    The kinds are "principal", "dimensions" and "anchors"; `across` and `up` are numbers of dimensions, from 0 on.
    `anchor_here` asks to make the present point an anchor, `anchor_wanted` to choose a picture for it.
    """

    chosen = Signal()
    anchor_here = Signal(int)
    anchor_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Plane"))
        self._kind = QComboBox(self)
        self._kind.setAccessibleName(self.tr("Plane"))
        self._kind.setToolTip(
            self.tr(
                "Which plane of the latent space is shown. All else of the code stays as it is at the point.\n"
                "Principal: the two directions along which real codes spread most."
            )
        )
        for text, name in (
            (self.tr("Principal"), "principal"),
            (self.tr("Two dimensions"), "dimensions"),
            (self.tr("Three anchors"), "anchors"),
        ):
            self._kind.addItem(text, name)
        self._kind.currentIndexChanged.connect(self._choose)
        label = QLabel(self.tr("&Plane:"), self)
        label.setBuddy(self._kind)
        self._details = QStackedWidget(self)
        for page in (QWidget(), self._make_dimensions(), self._make_anchors()):
            self._details.addWidget(page)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self._kind)
        row.addWidget(self._details, 1)

    def _make_dimensions(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._across = self._make_dimension("\N{RIGHTWARDS ARROW} ", self.tr("Dimension to the right"))
        self._up = self._make_dimension("\N{UPWARDS ARROW} ", self.tr("Dimension upwards"))
        row.addWidget(self._across)
        row.addWidget(self._up)
        row.addStretch(1)
        return page

    def _make_dimension(self, prefix: str, name: str) -> QSpinBox:
        box = QSpinBox(self, prefix=prefix)
        box.setAccessibleName(name)
        box.setToolTip(self.tr("{name}: its number, the first one is 0").format(name=name))
        box.setKeyboardTracking(False)
        box.valueChanged.connect(self._choose)
        return box

    def _make_anchors(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.anchors = [self._make_anchor(index) for index in range(3)]
        for button in self.anchors:
            row.addWidget(button)
        row.addStretch(1)
        return page

    def _make_anchor(self, index: int) -> QToolButton:
        button = QToolButton(self)
        button.setText(ANCHORS[index])
        button.setIconSize(QSize(_ICON, _ICON))
        button.setAccessibleName(self.tr("Anchor {name}").format(name=ANCHORS[index]))
        button.setToolTip(self.tr("Anchor {name}, a corner of the plane: choose another").format(name=ANCHORS[index]))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.addAction(self.tr("Choose Picture..."), partial(self.anchor_wanted.emit, index))
        menu.addAction(self.tr("Use Present Point"), partial(self.anchor_here.emit, index))
        button.setMenu(menu)
        return button

    @property
    def kind(self) -> str:
        return str(self._kind.currentData())

    @property
    def across(self) -> int:
        return self._across.value()

    @property
    def up(self) -> int:
        return self._up.value()

    def set_size(self, latent_size: int) -> None:
        """Take the number of dimensions, at least 2."""
        for box in (self._across, self._up):
            with QSignalBlocker(box):
                box.setMaximum(latent_size - 1)

    def show_choice(self, kind: str, across: int, up: int) -> None:
        """Show what is chosen, without telling."""
        with QSignalBlocker(self._kind), QSignalBlocker(self._across), QSignalBlocker(self._up):
            self._kind.setCurrentIndex(self._kind.findData(kind))
            self._across.setValue(across)
            self._up.setValue(up)
        self._details.setCurrentIndex(self._kind.currentIndex())

    def show_anchors(self, pictures: Sequence[UInt8Array]) -> None:
        """Show the pictures of the three anchors, uint8 (height, width, 1 or 3)."""
        for button, picture in zip(self.anchors, pictures, strict=True):
            button.setIcon(QIcon(QPixmap.fromImage(to_qimage(picture).scaled(_ICON, _ICON))))

    def _choose(self) -> None:
        self._details.setCurrentIndex(self._kind.currentIndex())
        self.chosen.emit()
