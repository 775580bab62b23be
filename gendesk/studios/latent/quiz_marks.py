"""The quiz with sheets of pictures to mark: all generated ones, or the real one in each column."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gendesk.studios.latent.quiz_sheet import ColumnSheet, QuizSheet


class _SheetPanel(QWidget):
    """A sheet with a line below it that counts the marks, and a button for when they are made."""

    def __init__(self, sheet: QuizSheet, tip: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        sheet.changed.connect(self._tell)
        self.count = QLabel()
        self.count.setWordWrap(True)
        self.check = QPushButton(self.tr("Check Marks"))
        self.check.setProperty("role", "primary")
        self.check.setToolTip(tip)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.check)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(sheet, 1)
        column.addLayout(foot)

    def _tell(self) -> None:
        raise NotImplementedError


class MarkPanel(_SheetPanel):
    """A sheet on which the generated pictures are to be marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.sheet = QuizSheet()
        tip = self.tr("See which were generated; what has no mark counts as taken for real")
        super().__init__(self.sheet, tip, parent)
        self._tell()

    def _tell(self) -> None:
        self.count.setText(
            self.tr("Mark the generated ones; half of them are. Marked: {count}.").format(count=len(self.sheet.marked))
        )


class ColumnsPanel(_SheetPanel):
    """A sheet on which the real picture of each column is to be marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.sheet = ColumnSheet()
        super().__init__(self.sheet, self.tr("See which were real, as soon as each column has a mark"), parent)
        self._tell()

    def _tell(self) -> None:
        done, total = len(self.sheet.marked), self.sheet.columns
        self.count.setText(
            self.tr("Mark the real one in each column; two of three are generated. Marked: {count} of {total}.").format(
                count=done, total=total
            )
        )
        self.check.setEnabled(done == total)
