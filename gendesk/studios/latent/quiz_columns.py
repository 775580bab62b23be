"""The quiz in columns: one picture of three is real, and afterwards the answers of the person and of the critic."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gendesk.studios.latent.quiz_game import Key
from gendesk.studios.latent.quiz_sheet import ColumnSheet


class ColumnsPanel(QWidget):
    """A sheet on which the real picture of each column is to be marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sheet = ColumnSheet()
        self.sheet.changed.connect(self._tell)
        self.count = QLabel()
        self.count.setWordWrap(True)
        self.check = QPushButton(self.tr("Check Marks"))
        self.check.setProperty("role", "primary")
        self.check.setToolTip(self.tr("See which were real, as soon as each column has a mark"))
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.check)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.sheet, 1)
        column.addLayout(foot)
        self._tell()

    def _tell(self) -> None:
        done, total = len(self.sheet.marked), self.sheet.columns
        self.count.setText(
            self.tr("Mark the real one in each column; two of three are generated. Marked: {count} of {total}.").format(
                count=done, total=total
            )
        )
        self.check.setEnabled(done == total)


def place_words(key: Key, places: tuple[int, ...]) -> str:
    """Return in which row each of the places lies: "top, middle, bottom, top"."""
    translate = QCoreApplication.translate
    rows = (translate("Columns", "top"), translate("Columns", "middle"), translate("Columns", "bottom"))
    return ", ".join(rows[place // key.columns] for place in places)


def captions(key: Key) -> tuple[str, ...]:
    """Return what each picture was, and who has chosen it."""
    translate = QCoreApplication.translate
    real, generated = translate("Columns", "real"), translate("Columns", "generated")
    you, critic = translate("Columns", "you"), translate("Columns", "critic")
    texts = []
    for place in range(len(key.pictures)):
        who = [*([you] if place in key.chosen else []), *([critic] if place in key.favourites else [])]
        texts.append(" \N{MIDDLE DOT} ".join([real if place in key.real else generated, *who]))
    return tuple(texts)
