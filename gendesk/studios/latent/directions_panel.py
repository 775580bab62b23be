"""What the page Directions consists of, side by side where there is room, one above the other where there is not."""

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gendesk.engine.latent.directions import cosines
from gendesk.studios.latent.directions_details import DirectionDetails
from gendesk.studios.latent.directions_list import DirectionList
from gendesk.studios.latent.directions_menu import AddButton
from gendesk.studios.latent.directions_state import Dials
from gendesk.studios.latent.directions_strip import DirectionStrip
from gendesk.widgets.charts.heat_map import HeatMap
from gendesk.widgets.icons import icon
from gendesk.widgets.pictures.view import PictureView
from gendesk.widgets.seed_box import SeedBox

_PICTURE_HEIGHT = 136  # above the list, logical pixels


class DirectionsPanel(QWidget):
    """Widgets and their places; the page tells them what to show. `save` is put behind the other buttons."""

    stopped = Signal()

    def __init__(self, save: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: bytes | None = None
        self.picture = PictureView()
        self.picture.setAccessibleName(self.tr("Decoded picture"))
        self.picture.setToolTip(self.tr("What the model draws at the present point"))
        self.picture.set_empty_text(self.tr("Train a model, and its picture appears here, to be led in directions."))
        self.strip = DirectionStrip()
        self.list = DirectionList()
        self.details = DirectionDetails()
        self.cosines = HeatMap()
        self.cosines.setAccessibleName(self.tr("Cosines between the directions"))
        self.cosines.set_empty_text(
            self.tr("With two directions or more, this shows how much of each lies in the others.")
        )
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.setAccessibleName(self.tr("What to see of the directions"))
        for page, title, tip in (
            (self.list, self.tr("Sliders"), self.tr("Go along the directions")),
            (_scrolled(self.details), self.tr("Measurement"), self.tr("What the chosen direction stands on")),
            (
                self._make_cosines(),
                self.tr("Cosines"),
                self.tr(
                    "How alike directions are: 1 is the same, 0 has nothing in common, \N{MINUS SIGN}1 is the opposite"
                ),
            ),
        ):
            self.tabs.setTabToolTip(self.tabs.addTab(page, title), tip)
        self._arrange(save)

    def _make_cosines(self) -> QWidget:
        note = QLabel(
            self.tr(
                "Two directions with a cosine far from 0 leak into each other; the lock before one takes it out of the "
                "others."
            )
        )
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(note)
        column.addWidget(self.cosines, 1)
        return page

    def _arrange(self, save: QWidget) -> None:
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._parts.setContentsMargins(8, 8, 8, 8)
        self._parts.setSpacing(8)
        self._parts.addWidget(self._make_side())
        self._parts.addWidget(self._make_work(save), 1)

    def _make_side(self) -> QWidget:
        self.own = QPushButton(icon("image"), self.tr("Picture..."))
        self.own.setToolTip(self.tr("Begin from a picture of the data, a drawing, or a file of your own"))
        self.seed_box = SeedBox()
        self.seed_box.button.setText(self.tr("Random"))
        self.seed_box.button.setToolTip(self.tr("Begin from a random code, with another seed"))
        starts = QHBoxLayout()
        starts.setSpacing(8)
        starts.addWidget(self.own)
        starts.addWidget(self.seed_box)
        starts.addStretch(1)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.picture, 1)
        column.addLayout(starts)
        column.addWidget(self.strip)
        return side

    def _make_work(self, save: QWidget) -> QWidget:
        self.add = AddButton()
        self.reset = QPushButton(icon("reset"), self.tr("Reset"))
        self.reset.setToolTip(self.tr("Bring all sliders to 0, and the picture back to where they began"))
        self._status = QLabel(wordWrap=True)
        self._status.setProperty("role", "muted")
        self._stop = QPushButton(self.tr("Stop"))
        self._stop.setToolTip(self.tr("Stop reading pictures, and add no direction"))
        self._stop.clicked.connect(self.stopped)
        progress = QHBoxLayout()
        progress.addWidget(self._status, 1)
        progress.addWidget(self._stop)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for part in (self.add, self.reset):
            buttons.addWidget(part)
        buttons.addStretch(1)
        buttons.addWidget(save)
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.tabs, 1)
        column.addLayout(progress)
        column.addLayout(buttons)
        self.show_status("")
        return work

    def show_status(self, text: str) -> None:
        """Say what is being measured, or nothing."""
        self._status.setText(text)
        for part in (self._status, self._stop):
            part.setVisible(bool(text))

    def show_dials(self, dials: Dials, chosen: int) -> None:
        """Show all directions, and what belongs to the chosen one."""
        self.list.show_dials(dials, chosen)
        row = dials.rows[chosen] if 0 <= chosen < len(dials.rows) else None
        self.details.show_direction(None if row is None else row.direction)
        self.strip.set_strength(0.0 if row is None else row.strength)
        self.reset.setEnabled(any(one.strength for one in dials.rows))
        self._show_cosines(dials)

    def _show_cosines(self, dials: Dials) -> None:
        vectors = dials.vectors()
        known = vectors.tobytes() + "\n".join(dials.names).encode()
        if known != self._shown:
            self._shown = known
            names = dials.names if len(dials.rows) > 1 else ()
            self.cosines.set_values(cosines(vectors) if names else np.empty((0, 0)), names, names)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() > 1.2 * event.size().height()
        self._parts.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._parts.setStretch(0, 1 if wide else 0)
        self.picture.setMinimumHeight(64 if wide else _PICTURE_HEIGHT)
        self.picture.setMaximumHeight(1 << 20 if wide else _PICTURE_HEIGHT)


def _scrolled(part: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(part)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    return area
