"""One activation function as a curve with its derivative, and a point on it to drag."""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from gendesk.widgets.kernel.colors import MINUS, short_number
from gendesk.widgets.plot.projection import Projection
from gendesk.widgets.theme import current_colors

from ..activating import FUNCTIONS, SLOPES, Function, activated, derivative
from .controls import choice, choose, muted

RANGE = 5.0
_LOW, _HIGH = -1.5, 3.5
_SAMPLES = 801


class CurveView(QWidget):
    """Draws the function, its derivative dashed, and the tangent in the point; `moved` carries the point's x."""

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.function: Function = "relu"
        self.slope = 0.3
        self.at = 1.0
        self.others = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setAccessibleName(self.tr("Activation function"))
        self.setToolTip(self.tr("Drag the point along the curve, or move it with Left and Right (with Shift further)"))

    @property
    def reading(self) -> tuple[float, float]:
        """Value and slope in the point."""
        x = np.array([self.at])
        return float(activated(self.function, x, self.slope)[0]), float(derivative(self.function, x, self.slope)[0])

    def place(self, x: float, y: float) -> QPointF:
        """Return the pixel of a point."""
        view = self._projection()
        return QPointF(float(view.across(np.array([x]))[0]), float(view.down(np.array([y]))[0]))

    def move_to(self, x: float) -> None:
        """Put the point at x, within the range that is shown."""
        self.at = min(max(round(x, 2), -RANGE), RANGE) + 0.0
        self.update()
        self.moved.emit(self.at)

    def sizeHint(self) -> QSize:
        return QSize(372, 280)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 160)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors, view, painter = current_colors(), self._projection(), QPainter(self)
        self._paint_axes(painter, view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(view.box)
        x = np.linspace(-RANGE, RANGE, _SAMPLES)
        if self.others:
            painter.setPen(QPen(QColor(colors.border), 1.5))
            for name in FUNCTIONS:
                painter.drawPolyline(_line(view, x, activated(name, x, self.slope)))
        painter.setPen(QPen(QColor(colors.curves[1]), 1.75, Qt.PenStyle.DashLine))
        painter.drawPolyline(_line(view, x, derivative(self.function, x, self.slope)))
        painter.setPen(QPen(QColor(colors.curves[0]), 2.5))
        painter.drawPolyline(_line(view, x, activated(self.function, x, self.slope)))
        self._paint_point(painter)
        self._paint_legend(painter, view)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.move_to(self._projection().to_view(event.position()).x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.move_to(self._projection().to_view(event.position()).x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = 0.5 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0.05
        places = {
            Qt.Key.Key_Left: self.at - step,
            Qt.Key.Key_Right: self.at + step,
            Qt.Key.Key_Home: -RANGE,
            Qt.Key.Key_End: RANGE,
        }
        key = Qt.Key(event.key())
        if key in places:
            self.move_to(places[key])
        else:
            super().keyPressEvent(event)

    def _projection(self) -> Projection:
        return Projection((-RANGE, RANGE), (_LOW, _HIGH), QRectF(self.rect()).adjusted(28, 6, -8, -20))

    def _paint_axes(self, painter: QPainter, view: Projection) -> None:
        colors = current_colors()
        painter.fillRect(view.box, QColor(colors.surface))
        for value in range(-5, 6):
            place = self.place(value, 0).x()
            painter.setPen(QColor(colors.muted if value == 0 else colors.grid))
            painter.drawLine(QPointF(place, view.box.top()), QPointF(place, view.box.bottom()))
            painter.setPen(QColor(colors.muted))
            below = QRectF(place - 16, view.box.bottom() + 2, 32, 16)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, str(value).replace("-", MINUS))
        for value in range(-1, 4):
            place = self.place(0, value).y()
            painter.setPen(QColor(colors.muted if value == 0 else colors.grid))
            painter.drawLine(QPointF(view.box.left(), place), QPointF(view.box.right(), place))
            painter.setPen(QColor(colors.muted))
            beside = QRectF(0, place - 8, view.box.left() - 5, 16)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(beside, flags, str(value).replace("-", MINUS))
        painter.setPen(QColor(colors.border))
        painter.drawRect(view.box)

    def _paint_legend(self, painter: QPainter, view: Projection) -> None:
        """Say at the upper left, where no curve goes, which line is which."""
        colors = current_colors()
        lines = (
            (self.tr("value"), QPen(QColor(colors.curves[0]), 2.5)),
            (self.tr("slope"), QPen(QColor(colors.curves[1]), 1.75, Qt.PenStyle.DashLine)),
        )
        for number, (text, pen) in enumerate(lines):
            y = view.box.top() + 16 + 18 * number
            painter.setPen(pen)
            painter.drawLine(QPointF(view.box.left() + 10, y), QPointF(view.box.left() + 34, y))
            painter.setPen(QColor(colors.text))
            painter.drawText(QPointF(view.box.left() + 40, y + 4), text)

    def _paint_point(self, painter: QPainter) -> None:
        colors, (value, slope) = current_colors(), self.reading
        painter.setPen(QPen(QColor(colors.text), 1))
        painter.drawLine(self.place(self.at - 1, value - slope), self.place(self.at + 1, value + slope))
        at = self.place(self.at, value)
        at.setY(min(max(at.y(), self._projection().box.top()), self._projection().box.bottom()))
        painter.setPen(QPen(QColor(colors.surface), 2))
        painter.setBrush(QColor(colors.accent))
        painter.drawEllipse(at, 7, 7)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(colors.accent), 1.5))
            painter.drawEllipse(at, 10, 10)


class CurvesPanel(QWidget):
    """The curve, which one it is, and what it says in the point. `edited` follows a change that can be undone."""

    edited = Signal(str)  # a key that is the same all through a drag

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = CurveView()
        self.view.moved.connect(self._tell)
        titles = {
            "relu": "ReLU",
            "leaky-relu": "LeakyReLU",
            "sigmoid": self.tr("Sigmoid"),
            "tanh": "tanh",
            "gelu": "GELU",
            "silu": "SiLU",
        }
        tip = self.tr("What bends the output of a layer; without one, all layers together would be a single one")
        entries = [(titles[name], name) for name in FUNCTIONS]
        self._choice = choice(self.tr("Function"), tip, entries, self)
        self._choice.activated.connect(self._choose)
        self._others = QCheckBox(self.tr("Compare"))
        self._others.setAccessibleName(self.tr("Compare with the others"))
        self._others.setToolTip(self.tr("Draw the other functions faintly behind"))
        self._others.toggled.connect(self._show_others)
        self._slope_row = self._make_slope()
        self._reading = QLabel()
        self._words = muted()
        head = QHBoxLayout()
        head.addWidget(self._choice, 1)
        head.addWidget(self._others)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._slope_row)
        column.addWidget(self.view, 1)
        column.addWidget(self._reading)
        column.addWidget(self._words)
        self.show_setting("relu", 0.3)

    def show_setting(self, function: Function, slope: float) -> None:
        """Show another function."""
        self.view.function, self.view.slope = function, slope
        choose(self._choice, function)
        self._slope.blockSignals(True)
        self._slope.setValue(round(100 * slope))
        self._slope.blockSignals(False)
        self._slope_row.setVisible(function == "leaky-relu")
        self._words.setText(self._explanation(function))
        self._tell()
        self.view.update()

    def _make_slope(self) -> QWidget:
        row = QWidget()
        self._slope = QSlider(Qt.Orientation.Horizontal)
        self._slope.setRange(0, 50)
        self._slope.setPageStep(5)
        self._slope.setAccessibleName(self.tr("Slope of LeakyReLU"))
        self._slope.setToolTip(
            self.tr("What is let through of values below zero; Keras takes 0.3, many GANs 0.2, PyTorch 0.01")
        )
        self._slope.valueChanged.connect(self._change_slope)
        self._slope_told = QLabel()
        self._slope_told.setMinimumWidth(self._slope_told.fontMetrics().horizontalAdvance("0.01 PyTorch") + 4)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(QLabel(self.tr("Slope")))
        layout.addWidget(self._slope, 1)
        layout.addWidget(self._slope_told)
        for slope, source in SLOPES:
            mark = QToolButton()
            mark.setText(f"{slope:g}")
            mark.setAccessibleName(f"{source} {slope:g}")
            mark.setToolTip(self.tr("The slope that is usual in {source}").format(source=source))
            mark.clicked.connect(partial(self._slope.setValue, round(100 * slope)))
            layout.addWidget(mark)
        return row

    def _choose(self, index: int) -> None:
        self.show_setting(self._choice.itemData(index), self.view.slope)
        self.edited.emit("")

    def _change_slope(self, hundredths: int) -> None:
        self.view.slope = hundredths / 100
        self._tell()
        self.view.update()
        self.edited.emit("slope")

    def _show_others(self, shown: bool) -> None:
        self.view.others = shown
        self.view.update()

    def _tell(self) -> None:
        value, slope = self.view.reading
        text = self.tr("x = {x}, value {value}, slope {slope}")
        told = text.format(x=short_number(self.view.at), value=short_number(value, 3), slope=short_number(slope, 3))
        self._reading.setText(told)
        self.view.setAccessibleDescription(told)
        source = next((f" {name}" for number, name in SLOPES if abs(number - self.view.slope) < 1e-9), "")
        self._slope_told.setText(f"{self.view.slope:.2f}{source}")

    def _explanation(self, function: Function) -> str:
        texts: dict[Function, str] = {
            "relu": self.tr(
                "Cuts off what is below zero. Cheap and quick to learn with, but where it is flat there is "
                "no gradient: a unit that is below zero for every input stays so."
            ),
            "leaky-relu": self.tr(
                "Lets a little through below zero, so that there is a gradient everywhere and no unit can die."
            ),
            "sigmoid": self.tr(
                "Squeezes everything into 0 to 1: for an output that is a probability or a grey value. "
                "Far from zero it is flat, so gradients fade in deep networks."
            ),
            "tanh": self.tr(
                "Squeezes everything into \N{MINUS SIGN}1 to 1, with the steepest slope at zero; also "
                "flat far from there."
            ),
            "gelu": self.tr(
                "x times the share of a normal distribution below x: a ReLU with a soft corner, usual in transformers."
            ),
            "silu": self.tr("x times its sigmoid: a ReLU with a soft corner that dips below zero first."),
        }
        return texts[function]


def _line(view: Projection, x: NDArray[np.float64], y: NDArray[np.float64]) -> QPolygonF:
    return QPolygonF([QPointF(*pair) for pair in zip(view.across(x), view.down(y), strict=True)])
