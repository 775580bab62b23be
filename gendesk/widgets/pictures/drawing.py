"""A pad to draw on, which gives the drawing as a picture of the size that a model takes."""

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QKeySequence, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.widgets.pictures.drawing_canvas import DrawingCanvas
from gendesk.widgets.pictures.picture import UInt8Array
from gendesk.widgets.pictures.strokes import centring, rasterized

BLACK, WHITE = "#000000", "#FFFFFF"
PENS = (BLACK, WHITE, "#D62F2F", "#F28C28", "#F2C926", "#2F9A47", "#2C6FD1", "#7A4A2B")
_EDGE = "#808080"  # seen on light and on dark buttons
_PEN_PERCENT = (2, 20, 8)  # smallest, largest and usual width in per cent of the longer side; usual is 2 px of 28


class DrawingPad(QWidget):
    """A ground to draw on with mouse or pen, with Undo (Ctrl+Z), Clear, the pen's width and, if asked for, colours."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._format = (28, 28, 1)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._tell)
        self.setAccessibleName(self.tr("Drawing pad"))
        self.canvas = DrawingCanvas()
        self.canvas.setAccessibleName(self.tr("Ground to draw on"))
        self.canvas.setToolTip(self.tr("Draw with the left mouse button or a pen; Ctrl+Z takes the newest stroke back"))
        self.canvas.changed.connect(self._later.start)
        self.setFocusProxy(self.canvas)
        self._undo = self._button(self.tr("Undo"), self.tr("Take the newest stroke away (Ctrl+Z)"))
        self._undo.clicked.connect(self.canvas.undo)
        self._clear = self._button(self.tr("Clear"), self.tr("Begin with an empty ground"))
        self._clear.clicked.connect(self.canvas.clear)
        self._width = self._make_width()
        self._centre = self._make_centre()
        self._palette = self._make_palette()
        self._arrange()
        self._set_color(WHITE)
        self._refresh()

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        return button

    def _make_width(self) -> QSlider:
        width = QSlider(Qt.Orientation.Horizontal)
        width.setAccessibleName(self.tr("Pen width"))
        width.setToolTip(self.tr("Width of the pen in per cent of the longer side; more draws broader strokes"))
        width.setRange(*_PEN_PERCENT[:2])
        width.setValue(_PEN_PERCENT[2])
        width.valueChanged.connect(self._set_width)
        return width

    def _make_centre(self) -> QCheckBox:
        centre = QCheckBox(self.tr("Centre"))
        centre.setToolTip(
            self.tr(
                "Fit the strokes into 20/28 of the picture, with their centre of mass in its middle, as the digits of "
                "MNIST are; without it the drawing stays where it is"
            )
        )
        centre.setChecked(True)
        centre.toggled.connect(self._later.start)
        return centre

    def _make_palette(self) -> QWidget:
        """Make a button for each colour of the pen; they show only where a model takes colours."""
        names = (
            *(self.tr("Black"), self.tr("White"), self.tr("Red"), self.tr("Orange")),
            *(self.tr("Yellow"), self.tr("Green"), self.tr("Blue"), self.tr("Brown")),
        )
        palette = QWidget()
        grid = QGridLayout(palette)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(2)
        self._pens = QButtonGroup(palette)
        for index, (color, name) in enumerate(zip(PENS, names, strict=True)):
            button = QToolButton()
            button.setCheckable(True)
            button.setAutoRaise(True)  # so that only the pen in use has a frame
            button.setIcon(_swatch(color))
            button.setToolTip(self.tr("Draw in this colour: {name}").format(name=name))
            button.setAccessibleName(name)
            button.clicked.connect(partial(self._set_color, color))
            self._pens.addButton(button, index)
            grid.addWidget(button, *divmod(index, 4))
        palette.hide()
        return palette

    def _arrange(self) -> None:
        label = QLabel(self.tr("Pen width"))
        label.setBuddy(self._width)
        controls = QVBoxLayout()
        controls.setSpacing(4)
        controls.addWidget(label)
        controls.addWidget(self._width)
        controls.addWidget(self._palette)
        controls.addWidget(self._centre)
        controls.addStretch(1)
        controls.addWidget(self._undo)
        controls.addWidget(self._clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.canvas, 1)
        row.addLayout(controls)

    @property
    def is_empty(self) -> bool:
        return not self.canvas.strokes

    def set_format(self, height: int, width: int, channels: int, dark_ground: bool) -> None:
        """Draw pictures of this size, 1 channel (grey) or 3 (colour, with a palette).

        With another ground or number of channels the drawing begins anew.
        """
        ground = BLACK if dark_ground else WHITE
        if (ground, channels) != (self.canvas.ground, self._format[2]):
            self.canvas.ground = ground
            self.canvas.clear()
            self._set_color(WHITE if dark_ground else BLACK)
        self._format = (height, width, channels)
        self._palette.setVisible(channels == 3)
        self.canvas.set_model_size(QSize(width, height))
        self._later.start()

    def set_centred(self, centred: bool) -> None:
        """Switch the centring of strokes on or off."""
        self._centre.setChecked(centred)

    def picture(self) -> UInt8Array:
        """Return the drawing at the model's size, uint8 (height, width, channels); the ground alone if it is empty."""
        height, width, channels = self._format
        strokes, ground = self.canvas.strokes, self.canvas.ground
        placing = centring(strokes, height, width, ground) if self._centre.isChecked() else QTransform()
        picture = rasterized(strokes, height, width, ground, placing)
        # Grey pictures are drawn in black and white only, so that all channels are the same.
        return picture[..., :channels].copy()

    def _set_width(self, percent: int) -> None:
        self.canvas.pen_width = percent / 100

    def _set_color(self, color: str) -> None:
        self.canvas.color = color
        self._pens.button(PENS.index(color)).setChecked(True)

    def _tell(self) -> None:
        self._refresh()
        self.changed.emit()

    def _refresh(self) -> None:
        self._undo.setEnabled(not self.is_empty)
        self._clear.setEnabled(not self.is_empty)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Undo):
            self.canvas.undo()
        else:
            super().keyPressEvent(event)


def _swatch(color: str) -> QIcon:
    picture = QPixmap(16, 16)
    picture.fill(QColor(_EDGE))
    painter = QPainter(picture)
    painter.fillRect(1, 1, 14, 14, QColor(color))
    painter.end()
    return QIcon(picture)
