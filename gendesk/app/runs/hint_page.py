"""What stands in the place of a list that is empty: what will be there, and the next step."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget


class HintPage(QWidget):
    """A sentence and a button."""

    clicked = Signal()

    def __init__(self, text: str, button: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        label = QLabel(text)
        label.setProperty("role", "muted")
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        offer = QPushButton(button)
        offer.setToolTip(tip)
        offer.setAccessibleName(button)
        offer.clicked.connect(self.clicked)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(label)
        column.addWidget(offer, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
