"""The page of the first start: what this is, one button that trains a first model, and other ways in."""

import functools
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QCommandLinkButton,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gendesk.engine.families import Families
from gendesk.paths import resource
from gendesk.widgets.icons import icon
from gendesk.widgets.theme import changes_look, current_colors
from gendesk.widgets.translation import translated

_WORDS_WIDTH = 420
_WIDE = 900  # with less there is no room for the picture
_WALK = ((0.08, 0.68), (0.29, 0.34), (0.50, 0.60), (0.71, 0.28), (0.92, 0.52))  # a way over the plane, in its sides

FIRST_RECIPE = "vae"
"""What a newcomer trains first: the page speaks of it."""


class FirstRunPage(QScrollArea):
    """Says what is wanted and does nothing itself. `family_wanted` has the id of a family."""

    start_wanted = Signal()
    own_data_wanted = Signal()
    open_run_wanted = Signal()
    family_wanted = Signal(str)
    guide_wanted = Signal()
    dismissed = Signal()

    def __init__(self, families: Families, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Welcome"))
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._families = families
        self.start = QPushButton(self.tr("Train Your First Model"))
        self.start.clicked.connect(self.start_wanted)
        self.plane = PlanePicture()
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(40, 24, 40, 24)
        row.setSpacing(48)
        row.addStretch(1)
        row.addWidget(self._words(), 0)
        row.addWidget(self.plane, 8)
        row.addStretch(1)
        self.setWidget(inside)
        self.setFocusProxy(self.start)

    def _words(self) -> QWidget:
        words = QWidget()
        words.setFixedWidth(_WORDS_WIDTH)
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._title())
        column.addWidget(
            self._paragraph(
                self.tr(
                    "gendesk is a workbench for generative models: networks that learn from examples to make pictures "
                    "of their own. You train them on this computer, watch them learn, and then play with what they "
                    "have learnt."
                )
            )
        )
        column.addSpacing(16)
        column.addWidget(self._main_button())
        column.addWidget(
            self._paragraph(
                self.tr(
                    "A variational autoencoder on 20,000 drawn digits. It takes about two minutes, needs no graphics "
                    "card, and downloads nothing."
                ),
                muted=True,
            )
        )
        column.addSpacing(16)
        for way in self._ways():
            column.addWidget(way)
        column.addSpacing(16)
        column.addLayout(self._links())
        column.addStretch(3)
        return words

    def _title(self) -> QLabel:
        title = QLabel(self.tr("Teach this computer to draw"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 2.2)
        font.setBold(True)
        title.setFont(font)
        title.setWordWrap(True)
        return title

    def _paragraph(self, text: str, *, muted: bool = False) -> QLabel:
        label = QLabel(text)
        label.setWordWrap(True)
        if muted:
            label.setProperty("role", "muted")
        return label

    def _main_button(self) -> QPushButton:
        button = self.start
        button.setProperty("role", "primary")
        button.setAccessibleName(self.tr("Train Your First Model"))
        button.setToolTip(self.tr("Start training a variational autoencoder on drawn digits, with the preset quick"))
        font = button.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        button.setFont(font)
        button.setMinimumHeight(52)
        return button

    def _ways(self) -> list[QWidget]:
        own = self._way(
            "image", self.tr("Use Your Own Pictures"), self.tr("A folder or a file of pictures becomes a data set.")
        )
        own.clicked.connect(self.own_data_wanted)
        opened = self._way("open", self.tr("Open a Run"), self.tr("Go on with a run that somebody has exported."))
        opened.clicked.connect(self.open_run_wanted)
        look = self._way(
            "grid", self.tr("See What Each Family Does"), self.tr("Families are models with a common idea.")
        )
        working = [family for family in self._families if not family.error]
        if len(working) == 1:
            look.clicked.connect(functools.partial(self._choose_family, working[0].id))
        else:
            menu = QMenu(look)
            menu.setToolTipsVisible(True)
            for family in working:
                action = menu.addAction(icon(family.icon), translated(family.title))
                action.setToolTip(translated(family.summary))
                action.triggered.connect(functools.partial(self._choose_family, family.id))
            look.setMenu(menu)
        return [own, opened, look]

    def _way(self, icon_name: str, title: str, description: str) -> QCommandLinkButton:
        button = QCommandLinkButton(title, description)
        button.setIcon(icon(icon_name))
        button.setIconSize(QSize(24, 24))
        button.setAccessibleName(title)
        button.setToolTip(description)
        return button

    def _links(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        guide = QPushButton(icon("text"), self.tr("Read the Guide"))
        guide.setToolTip(self.tr("Open the guide: every panel and every command, with pictures"))
        guide.clicked.connect(self.guide_wanted)
        away = QPushButton(self.tr("Go to the Workbench"))
        away.setToolTip(self.tr("Close this page; it does not come again by itself"))
        away.clicked.connect(self.dismissed)
        for button in (guide, away):
            button.setAccessibleName(button.text())
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _choose_family(self, family_id: str, _checked: bool = False) -> None:
        self.family_wanted.emit(family_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the picture away where it would only squeeze the words."""
        self.plane.setVisible(event.size().width() >= _WIDE)
        super().resizeEvent(event)


class PlanePicture(QWidget):
    """A latent plane that gendesk has learnt, in the colours of the theme, with a walk over it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = _read_ink()
        self._picture = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumWidth(320)
        self.setMaximumSize(880, 704)
        text = self.tr("Digits as a model draws them on its latent plane, where neighbours change into each other")
        self.setAccessibleName(text)
        self.setToolTip(text)

    def sizeHint(self) -> QSize:
        return QSize(640, 512)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._picture.isNull():
            blue, orange, _, violet = current_colors().curves[:4]
            image = _inked(self._ink, [QColor(name) for name in (blue, violet, orange)])
            self._picture = QPixmap.fromImage(image)
        target = self._target()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(target, self._picture, QRectF(self._picture.rect()))
        self._draw_walk(painter, target)
        painter.end()

    def _target(self) -> QRectF:
        height, width = self._ink.shape
        scale = min(self.width() / width, self.height() / height)
        size = QSize(int(width * scale), int(height * scale))
        corner = QPointF((self.width() - size.width()) // 2, (self.height() - size.height()) // 2)
        return QRectF(corner, size)

    def _draw_walk(self, painter: QPainter, area: QRectF) -> None:
        places = [QPointF(area.x() + x * area.width(), area.y() + y * area.height()) for x, y in _WALK]
        path = QPainterPath(places[0])
        for before, after in pairwise(places):
            middle = (before.x() + after.x()) / 2
            path.cubicTo(QPointF(middle, before.y()), QPointF(middle, after.y()), after)
        colors = current_colors()
        for color, width in ((colors.window, 7.0), (colors.accent, 2.5)):
            pen = QPen(QColor(color), width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.strokePath(path, pen)
        painter.setBrush(QColor(colors.accent))
        painter.setPen(QPen(QColor(colors.window), 3))
        for place in places:
            painter.drawEllipse(place, 7, 7)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self._picture = QPixmap()
            self.update()


def _read_ink() -> NDArray[np.float32]:
    """Return how much ink each pixel has, 0..1, fading out towards the edges: float32 (height, width)."""
    image = QImage(str(resource("latent_plane.png"))).convertToFormat(QImage.Format.Format_Grayscale8)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    ink = lines[:, : image.width()].astype(np.float32) / 255
    down, across = (np.linspace(-1, 1, length) for length in ink.shape)
    distance = np.maximum(np.abs(across)[None, :], np.abs(down)[:, None])
    faded: NDArray[np.float32] = (ink * np.clip((1.05 - distance) / 0.35, 0, 1)).astype(np.float32)
    return faded


def _inked(ink: NDArray[np.float32], colors: list[QColor]) -> QImage:
    """Return ink (height, width) on a transparent ground; its colour runs through all of `colors` down to the right."""
    height, width = ink.shape
    way = np.linspace(0, 0.8, width)[None, :] + np.linspace(0, 0.2, height)[:, None]
    stops = np.linspace(0, 1, len(colors))
    channels = zip(*((color.red(), color.green(), color.blue()) for color in colors), strict=True)
    layers = [np.interp(way, stops, values) for values in channels]
    pixels = np.stack([*layers, ink * 255], axis=-1).astype(np.uint8)
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
