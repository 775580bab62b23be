"""The dialog in which a person puts pictures into two groups, to find what leads from one to the other."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.directions import Groups
from gendesk.engine.latent.directions_file import LONGEST_NAME
from gendesk.engine.latent.survey import Codes, Survey
from gendesk.studios.latent.paint_dialog import PictureDialog
from gendesk.widgets.icons import icon
from gendesk.widgets.pictures.framed import FRAME, FramedPictures
from gendesk.widgets.pictures.picture import to_qimage
from gendesk.widgets.seed_box import SeedBox
from gendesk.widgets.theme import changes_look, current_colors

_SHOWN = 120  # held-out pictures
_ICON = 48  # logical pixels
_BADGE = 18
_LETTERS = "AB"


@dataclass
class _Picture:
    """A picture on offer, its code where that is known, and its group: 0 for A, 1 for B, None for neither."""

    pixels: UInt8Array
    code: Codes | None
    group: int | None = None


class GroupsDialog(QDialog):
    """A click puts a picture into the group that is being filled, a second one takes it out again.

    `samples_wanted` carries a seed, for which `add_samples` is awaited; `made` carries the Groups.
    """

    samples_wanted = Signal(int)
    made = Signal(object)

    def __init__(self, survey: Survey, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Direction Between Two Groups"))
        self._survey = survey
        self._pictures: list[_Picture] = []
        self.name = QLineEdit(self.tr("A without B"), maxLength=LONGEST_NAME)
        self.name.setAccessibleName(self.tr("Name of the direction"))
        self.name.setToolTip(self.tr("What pictures of group A have and those of group B have not"))
        self.name.textChanged.connect(self._refresh)
        self.group = self._make_choice()
        self.list = self._make_list()
        self.list.itemClicked.connect(self._toggle)
        self.own = QPushButton(icon("open"), self.tr("Own Picture..."))
        self.own.setToolTip(self.tr("Put a picture file or a drawing of your own into the group"))
        self.own.setEnabled(survey.encodes)
        self.own.clicked.connect(self._ask_own)
        self.seed_box = SeedBox()
        self.seed_box.button.setText(self.tr("Draw Samples"))
        self.seed_box.button.setToolTip(self.tr("Add pictures that the model draws from random codes, to choose from"))
        self.seed_box.changed.connect(self.samples_wanted)
        self._count = QLabel()
        self._buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._arrange()
        shown = min(_SHOWN, len(survey.pictures))
        self._add(survey.pictures[:shown], survey.codes[:shown])
        self._refresh()
        self.resize(600, 560)

    def _make_choice(self) -> QButtonGroup:
        group = QButtonGroup(self)
        for number, (text, tip) in enumerate(
            (
                (self.tr("&A: pictures with it"), self.tr("Clicks put pictures into group A (key A)")),
                (self.tr("&B: pictures without it"), self.tr("Clicks put pictures into group B (key B)")),
            )
        ):
            button = QRadioButton(text)
            button.setToolTip(tip)
            group.addButton(button, number)
        group.button(0).setChecked(True)
        return group

    def _make_list(self) -> QListWidget:
        pictures = QListWidget()
        pictures.setAccessibleName(self.tr("Pictures to choose from"))
        pictures.setToolTip(
            self.tr("Click pictures to put them into the group above, and again to take them out (keys A and B)")
        )
        pictures.setViewMode(QListView.ViewMode.IconMode)
        pictures.setMovement(QListView.Movement.Static)
        pictures.setResizeMode(QListView.ResizeMode.Adjust)
        pictures.setUniformItemSizes(True)
        pictures.setIconSize(QSize(_ICON, _ICON))
        pictures.setGridSize(QSize(_ICON + 2 * FRAME, _ICON + 2 * FRAME))
        pictures.setItemDelegate(FramedPictures(pictures))
        pictures.installEventFilter(self)
        return pictures

    def _arrange(self) -> None:
        name = QLabel(self.tr("&Name"))
        name.setBuddy(self.name)
        head, choice, sources = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row, parts in (
            (head, (name, self.name)),
            (choice, (*self.group.buttons(), self._count)),
            (sources, (self.own, self.seed_box)),
        ):
            row.setSpacing(8)
            for part in parts:
                row.addWidget(part, 1 if part is self.name else 0)
            if row is not head:
                row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(choice)
        column.addWidget(self.list, 1)
        column.addLayout(sources)
        column.addWidget(self._buttons)

    def add_samples(self, codes: Codes, pictures: UInt8Array) -> None:
        """Offer pictures uint8 (count, height, width, channels) of codes (count, latent_size), before all others."""
        self._add(pictures, codes, at_front=True)

    def _add(self, pictures: UInt8Array, codes: Codes | None, *, at_front: bool = False) -> None:
        new = [_Picture(np.array(one), None if codes is None else codes[n]) for n, one in enumerate(pictures)]
        for number, one in enumerate(new):
            item = QListWidgetItem(_badged(one), "")
            if at_front:
                self.list.insertItem(number, item)
            else:
                self.list.addItem(item)
        self._pictures = new + self._pictures if at_front else self._pictures + new
        self.list.scrollToTop()

    def _ask_own(self) -> None:
        dialog = PictureDialog(self.tr("Own Picture"), self._survey.pictures[:1], (), self)
        dialog.taken.connect(self._add_own)
        dialog.open()

    def _add_own(self, picture: UInt8Array) -> None:
        self._add(picture[None], None, at_front=True)
        self._put(0, self.group.checkedId())

    def _toggle(self, item: QListWidgetItem) -> None:
        index, group = self.list.row(item), self.group.checkedId()
        self._put(index, None if self._pictures[index].group == group else group)

    def _put(self, index: int, group: int | None) -> None:
        self._pictures[index].group = group
        self._show(index)
        self._refresh()

    def _show(self, index: int) -> None:
        item, one = self.list.item(index), self._pictures[index]
        item.setIcon(_badged(one))
        name = self.tr("Picture {number}").format(number=index + 1)
        letter = "" if one.group is None else self.tr(", group {letter}").format(letter=_LETTERS[one.group])
        item.setData(Qt.ItemDataRole.AccessibleTextRole, name + letter)

    def _refresh(self) -> None:
        counts = [sum(one.group == group for one in self._pictures) for group in (0, 1)]
        self._count.setText(self.tr("A: {with_it}   B: {without}").format(with_it=counts[0], without=counts[1]))
        ready = all(counts) and bool(self.name.text().strip())
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(ready)

    def accept(self) -> None:
        sides = [[one for one in self._pictures if one.group == group] for group in (0, 1)]
        codes = [
            np.array([one.code for one in side if one.code is not None], np.float32).reshape(
                -1, self._survey.latent_size
            )
            for side in sides
        ]
        own = [
            np.array([one.pixels for one in side if one.code is None], np.uint8).reshape(-1, *self._survey.shape)
            for side in sides
        ]
        self.made.emit(Groups(self.name.text().strip(), codes[0], codes[1], own[0], own[1]))
        super().accept()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Let the keys A and B put the current picture into a group, or take it out."""
        if watched is self.list and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            letter = event.text().upper()
            row = self.list.currentRow()
            if letter and letter in _LETTERS and row >= 0:
                group = _LETTERS.index(letter)
                self._put(row, None if self._pictures[row].group == group else group)
                return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            for index in range(len(self._pictures)):
                self._show(index)
        super().changeEvent(event)


def _badged(one: _Picture) -> QIcon:
    """Return a picture with the letter of its group on it."""
    picture = to_qimage(one.pixels).scaled(
        _ICON, _ICON, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    canvas = QPixmap(_ICON, _ICON)
    canvas.fill(QColor(current_colors().picture_ground))
    painter = QPainter(canvas)
    painter.drawImage((_ICON - picture.width()) // 2, (_ICON - picture.height()) // 2, picture)
    if one.group is not None:
        color = QColor(current_colors().curves[one.group])
        painter.setPen(color)
        for inset in range(3):
            painter.drawRect(inset, inset, _ICON - 1 - 2 * inset, _ICON - 1 - 2 * inset)
        badge = QRect(0, 0, _BADGE, _BADGE)
        painter.fillRect(badge, color)
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor("#FFFFFF"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, _LETTERS[one.group])
    painter.end()
    return QIcon(canvas)
