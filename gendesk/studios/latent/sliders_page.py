"""The sliders: every dimension of the code by itself, the most active first, and the classes of a conditional model."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gendesk.engine.latent.decoding import decode_points
from gendesk.engine.latent.planes import Draw, draw
from gendesk.engine.latent.sliders import active_first, along, slider_ends
from gendesk.studios.latent.page import LatentPage
from gendesk.studios.latent.workspace import Ask, Workspace
from gendesk.widgets.latent.class_mix import ClassMix
from gendesk.widgets.latent.slider_column import SliderColumn
from gendesk.widgets.pictures.mosaic import MosaicLayout, compose
from gendesk.widgets.pictures.view import PictureView
from gendesk.widgets.seed_box import SeedBox

_ROW = 5  # small pictures that show what a slider does
_HOVER_MS = 150
_GROUND = 128  # grey between the small pictures
_STRIP_HEIGHT = 64  # logical pixels, like the next
_SIDE_HEIGHT = 264  # of the pictures above the sliders
_ROOMY = 800  # width from which on the small pictures may be larger
_ANY_SIZE = (1 << 24) - 1  # Qt's greatest length


class SlidersPage(LatentPage):
    """Joins the sliders to the workspace."""

    name: ClassVar[str] = "sliders"

    def __init__(self, workspace: Workspace, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(workspace, ask, parent)
        self._hovered = -1
        self._hover = QTimer(self, interval=_HOVER_MS, singleShot=True)
        self._hover.timeout.connect(self._ask_row)
        self._revealing = QTimer(self, interval=0, singleShot=True)  # when the layout has settled
        self._revealing.timeout.connect(self._reveal)
        self.active, self.idle = SliderColumn(self), SliderColumn(self)
        for column in (self.active, self.idle):
            column.changed.connect(self._change)
            column.reset.connect(self._reset_one)
            column.settled.connect(workspace.end_step)
            column.entered.connect(self._enter)
        self.mix = ClassMix(self)
        self.mix.changed.connect(self._change_mix)
        self.mix.settled.connect(workspace.end_step)
        self._arrange()
        workspace.surveyed.connect(self._begin)
        workspace.renewed.connect(self._renew)
        workspace.moved.connect(self._show_point)
        workspace.pictured.connect(self._show_picture)
        self._begin()

    @property
    def title(self) -> str:
        return self.tr("Sliders")

    @property
    def tip(self) -> str:
        return self.tr("Change one dimension of the code at a time")

    def on_answer(self, asker: str, _argument: Any, result: Any) -> None:
        if asker == "row":
            count, height, width, _ = result.shape
            self.strip.set_picture(compose(result, MosaicLayout(count, count, width, height, gap=1), _GROUND))
        elif asker == "draw":
            self.workspace.end_step()
            self.workspace.move_to(result[0])

    # Parts

    def _arrange(self) -> None:
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._parts.setSpacing(8)
        self._parts.addWidget(self._make_side())
        self._parts.addWidget(self._make_list(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._parts, 1)
        column.addWidget(self._make_buttons())

    def _make_side(self) -> QWidget:
        self.picture = PictureView()
        self.picture.setAccessibleName(self.tr("Decoded picture"))
        self.picture.set_empty_text(self.tr("The decoded picture will appear here."))
        self.caption = QLabel()
        self.caption.setProperty("role", "muted")
        self.strip = PictureView()
        self.strip.setFixedHeight(_STRIP_HEIGHT)
        self.strip.setAccessibleName(self.tr("What one slider does"))
        self.strip.set_empty_text(self.tr("Point at a slider to see it."))
        self.strip.setToolTip(
            self.tr("The present code, with one dimension moved from one end of its slider to the other")
        )
        self.side = QWidget()
        column = QVBoxLayout(self.side)
        column.setContentsMargins(8, 0, 8, 0)
        column.setSpacing(4)
        column.addWidget(self.picture, 1)
        column.addWidget(self.caption)
        column.addWidget(self.strip)
        return self.side

    def _make_list(self) -> QScrollArea:
        self._fold = QPushButton()
        self._fold.setCheckable(True)
        self._fold.setToolTip(self.tr("Dimensions that real pictures hardly use: they change little or nothing"))
        self._fold.toggled.connect(self._show_idle)
        fold = QHBoxLayout()
        fold.setContentsMargins(8, 8, 8, 8)
        fold.addWidget(self._fold)
        fold.addStretch(1)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.mix, self.active):
            column.addWidget(part)
        column.addLayout(fold)
        column.addWidget(self.idle)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidget(body)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setAccessibleName(self.tr("Sliders"))
        self.area.verticalScrollBar().valueChanged.connect(self._reveal)
        return self.area

    def _make_buttons(self) -> QWidget:
        self.reset = QPushButton(self.tr("Reset All"))
        self.reset.setToolTip(self.tr("Bring all sliders to the middle, the mean of real codes"))
        self.reset.clicked.connect(self._reset_all)
        self.seed_box = SeedBox()
        self.seed_box.button.setText(self.tr("Random"))
        self.seed_box.button.setToolTip(self.tr("Draw a code from the prior, with another seed"))
        self.seed_box.changed.connect(self._draw)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(8, 0, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.reset)
        row.addWidget(self.seed_box)
        row.addStretch(1)
        return self._buttons

    # The model

    def _begin(self) -> None:
        survey = self.workspace.survey
        self._hovered = -1
        self.strip.set_picture(None)
        self.caption.setText(self.tr("What one slider does"))
        self._buttons.setEnabled(survey is not None)
        self.mix.set_names(survey.mixes if survey is not None else ())
        active, idle = active_first(survey.deviation) if survey is not None else ([], [])
        ends = slider_ends(survey) if survey is not None else np.empty((0, 2), np.float32)
        self._ends, self._idle_count = ends, len(idle)
        self.active.set_dimensions(active, ends)
        self.idle.set_dimensions(idle, ends)
        self._show_idle(self._fold.isChecked())
        if survey is None:
            self.picture.set_picture(None)
        else:
            self._show_point()

    def _renew(self) -> None:
        """Sort the dimensions anew, but not under somebody's hand."""
        if not self.underMouse():
            self._begin()

    def _show_point(self) -> None:
        if self.workspace.survey is None:
            return
        for column in (self.active, self.idle):
            column.set_values(self.workspace.code)
        self.mix.set_shares(np.array(self.workspace.state.mix, np.float32))
        if self._hovered >= 0 and not self._hover.isActive():
            self._hover.start()

    def _show_picture(self) -> None:
        self.picture.set_picture(self.workspace.picture)

    def _show_idle(self, shown: bool) -> None:
        count = self._idle_count
        self._fold.setVisible(count > 0)
        text = self.tr("Hide Idle ({count})") if shown else self.tr("Show Idle ({count})")
        self._fold.setText(text.format(count=count))
        self.idle.setVisible(shown and count > 0)
        self._revealing.start()

    # Changes

    def _change(self, dimension: int, value: float) -> None:
        code, self._hovered = self.workspace.code, dimension
        code[dimension] = value
        self.workspace.move_to(code, f"slider {dimension}")

    def _reset_one(self, dimension: int) -> None:
        if self.workspace.survey is not None:
            self._change(dimension, float(self.workspace.survey.mean[dimension]))
            self.workspace.end_step()

    def _reset_all(self) -> None:
        if self.workspace.survey is not None:
            self.workspace.end_step()
            self.workspace.move_to(self.workspace.survey.mean)

    def _draw(self, seed: int) -> None:
        self.ask("draw", draw, Draw(1, seed))

    def _change_mix(self, shares: NDArray[np.float32]) -> None:
        self.workspace.set_mix(shares, "mix")

    # What one slider does

    def _enter(self, dimension: int) -> None:
        self._hovered = dimension
        self._hover.start()

    def _ask_row(self) -> None:
        """Ask for the pictures along one slider, all else of the code as it is."""
        survey = self.workspace.survey
        if survey is None or not self.isVisible():
            return
        self.caption.setText(
            self.tr("z{number} from {low} to {high}").format(
                number=self._hovered, low=_text(self._ends[self._hovered, 0]), high=_text(self._ends[self._hovered, 1])
            )
        )
        codes = along(self.workspace.code, self._hovered, self._ends[self._hovered], _ROW)
        self.ask("row", decode_points, self.workspace.points(codes), slow=True)

    # Layout

    def _reveal(self) -> None:
        """Make the sliders that can be seen."""
        top, height = self.area.verticalScrollBar().value(), self.area.viewport().height()
        for column in (self.active, self.idle):
            if not column.isHidden():
                column.reveal(top - column.y(), top - column.y() + height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() > event.size().height()
        self._parts.setDirection(QBoxLayout.Direction.RightToLeft if wide else QBoxLayout.Direction.TopToBottom)
        self._parts.setStretch(0, 1 if wide else 0)
        self.side.setMaximumHeight(_ANY_SIZE if wide else _SIDE_HEIGHT)
        self.strip.setFixedHeight(2 * _STRIP_HEIGHT if wide and event.size().width() >= _ROOMY else _STRIP_HEIGHT)
        self._revealing.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._revealing.start()


def _text(value: float) -> str:
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
