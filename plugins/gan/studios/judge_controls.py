"""What can be done to a judged picture, and the verdict in words."""

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget


class JudgeControls(QWidget):
    """Improving a picture and taking that back, a switch for what explains the verdict, and a line of words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = QCheckBox(self.tr("Where it looks"))
        self.look.setToolTip(
            self.tr(
                "Colour each pixel by what its lightness does to the score: warm ones should be lighter to look more "
                "real, cold ones darker; and show the picture after one such step"
            )
        )
        self.improve = QPushButton(self.tr("Improve"))
        self.improve.setToolTip(
            self.tr(
                "Change the picture step by step along the gradient of the score, towards what this critic takes for "
                "real; what comes of it shows what the critic looks at, and is seldom a better picture"
            )
        )
        self.back = QPushButton(self.tr("Take Back"))
        self.back.setToolTip(self.tr("Show the picture as it was before it was improved"))
        self.reading = QLabel(wordWrap=True)
        self.reading.setProperty("role", "muted")
        row = QHBoxLayout()
        row.setSpacing(8)
        for control in (self.improve, self.back, self.look):
            row.addWidget(control)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.reading)
        column.addStretch(1)
