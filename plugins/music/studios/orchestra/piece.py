"""The page on which excerpts are put in a row, to make a longer piece."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gendesk.engine.music.chaining import MOST, Way
from gendesk.widgets.icons import icon

_COUNT = 4


class PieceMaker(QScrollArea):
    """Chooses how excerpts follow each other and how many there are; `wanted` carries the Way and the number."""

    wanted = Signal(object, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Make a piece"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._bars = 2
        self.way = QComboBox()
        self.way.setAccessibleName(self.tr("From excerpt to excerpt"))
        self.way.setToolTip(self.tr("What changes from one excerpt to the next; all other vectors and locks stay"))
        self.way.setMinimumContentsLength(12)
        self.way.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for way, title in (
            (Way.NEW_CHORDS, self.tr("New chords, same style and grooves")),
            (Way.NEW_MELODIES, self.tr("New melodies over the same chords")),
            (Way.CHORDS_TO_B, self.tr("Chords from A to B")),
            (Way.ALL_TO_B, self.tr("All vectors from A to B")),
        ):
            self.way.addItem(title, way)
        self.count = QSpinBox(minimum=1, maximum=MOST, value=_COUNT)
        self.count.setAccessibleName(self.tr("Excerpts"))
        self.count.setToolTip(self.tr("How many excerpts stand in a row; more make a longer piece"))
        self.count.valueChanged.connect(self._show_length)
        self.length = QLabel()
        self.length.setProperty("role", "muted")
        self.make = QPushButton(icon("music"), self.tr("Make a Piece"))
        self.make.setToolTip(self.tr("Play the excerpts one after the other, as a piece that can be saved as one file"))
        self.make.clicked.connect(self._want)
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.told.setProperty("role", "muted")
        self._arrange()
        self._show_length()
        self.clear()

    def _arrange(self) -> None:
        inside = QWidget()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.count)
        row.addWidget(self.length)
        row.addStretch(1)
        form = QFormLayout()
        form.setSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("Next excerpt"), self.way)
        form.addRow(self.tr("Excerpts"), row)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 8, 0)
        column.setSpacing(8)
        column.addLayout(form)
        column.addWidget(self.make)
        column.addWidget(self.told)
        column.addStretch(1)
        self.setWidget(inside)

    def set_bars(self, bars: int) -> None:
        """Say how many bars an excerpt has."""
        self._bars = bars
        self._show_length()

    def clear(self) -> None:
        """Say what will come."""
        self.told.setText(self.tr("The first excerpt is the mix; the piece gets a tab of its own, to play and save."))

    def tell(self, bars: int, seconds: float) -> None:
        """Say what has been made."""
        self.told.setText(
            self.tr("{bars} bars, {seconds:.0f} seconds, in the tab Piece, to play and save.").format(
                bars=bars, seconds=seconds
            )
        )

    def _show_length(self, _count: int = 0) -> None:
        bars = self._bars * self.count.value()
        self.length.setText(self.tr("of {each} bars, {all} in all").format(each=self._bars, all=bars))

    def _want(self) -> None:
        self.wanted.emit(self.way.currentData(), self.count.value())
