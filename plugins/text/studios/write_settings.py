"""The settings of the writing studio: how the tokens are drawn, how many, and from which seed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from gendesk.engine.text.writing import MOST_PROMPT, Sampling, Task
from gendesk.widgets.seed_box import SeedBox

from .on_text import decimal, whole

MOST_SAMPLES = 6
_LONGEST = 5_000
_PROMPT_LINES = 3


class WriteSettings(QWidget):
    """`changed` tells when the beginning was edited, `tinted` whether the text shall show how likely it was."""

    changed = Signal()
    tinted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.prompt = QPlainTextEdit()
        self.prompt.setAccessibleName(self.tr("Beginning"))
        self.prompt.setPlaceholderText(self.tr("How the text begins. Empty: at the start of a story or a line."))
        self.prompt.setToolTip(self.tr("What the model reads first; it goes on from there"))
        self.prompt.setTabChangesFocus(True)
        self.prompt.setFixedHeight(_PROMPT_LINES * self.prompt.fontMetrics().lineSpacing() + 16)
        self.prompt.textChanged.connect(self.changed)
        self._make_fields()
        self.seed = SeedBox()
        self.stop = QCheckBox(self.tr("Stop at the end of the story"))
        self.stop.setToolTip(self.tr("End where the next story would begin, in texts where stories are told apart"))
        self.stop.setChecked(True)
        self.tint = QCheckBox(self.tr("Colour by surprise"))
        self.tint.setToolTip(
            self.tr("The stronger the colour of a token, the less likely the model found it; white is what it expected")
        )
        self.tint.setChecked(True)
        self.tint.toggled.connect(self.tinted)
        self._arrange()

    def _make_fields(self) -> None:
        self.length = whole(
            self.tr("Length"), self.tr("How many tokens are written at most; more take longer"), 1, _LONGEST, 400
        )
        self.samples = whole(
            self.tr("Samples"),
            self.tr("How many texts are written at once from the same beginning"),
            1,
            MOST_SAMPLES,
            1,
        )
        self.temperature = decimal(
            self.tr("Temperature"),
            self.tr(
                "0 always takes the likeliest token; 1 draws as the model says; more is wilder and has more errors"
            ),
            0.0,
            5.0,
            0.8,
        )
        self.top_k = whole(
            self.tr("Top-k"),
            self.tr("Draw from so many of the likeliest tokens; fewer are safer. 0: all"),
            0,
            50_000,
            0,
        )
        self.top_p = decimal(
            self.tr("Top-p"),
            self.tr("Draw from the fewest tokens that have this probability together; less is safer. 1: all"),
            0.01,
            1.0,
            1.0,
            0.05,
        )

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.prompt)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for place, field in enumerate((self.temperature, self.length, self.top_k, self.samples, self.top_p)):
            label = QLabel(field.accessibleName())
            label.setBuddy(field)
            row, side = divmod(place, 2)
            grid.addWidget(label, row, 2 * side, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(field, row, 2 * side + 1)
        for place in (1, 3):
            grid.setColumnStretch(place, 1)
        grid.addWidget(self.tint, 2, 2, 1, 2)
        column.addLayout(grid)
        column.addWidget(self.seed)
        column.addWidget(self.stop)

    def task(self) -> Task:
        """Return what is to be written; raises InputError where the beginning is too long."""
        sampling = Sampling(self.temperature.value(), self.top_k.value(), self.top_p.value())
        return Task(
            self.prompt.toPlainText()[: MOST_PROMPT + 1],
            self.length.value(),
            self.samples.value(),
            self.seed.seed,
            sampling,
            self.stop.isChecked(),
        )
