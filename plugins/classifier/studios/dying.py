"""Why a ReLU can die: one unit over a batch of inputs, and which of them give it a gradient."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from gendesk.widgets.kernel.colors import MINUS
from gendesk.widgets.plot.projection import Projection
from gendesk.widgets.theme import current_colors

from ..activating import Unit, activated, batch_of_inputs
from .controls import choice, choose, set_role

_INPUTS = batch_of_inputs(seed=7)
_TARGETS = activated("relu", _INPUTS)  # what the unit is to learn: ReLU of its input, with weight 1 and bias 0
_STEPS = 20


class UnitView(QWidget):
    """Draws the unit's output over its input, and a dot for each input: filled where there is a gradient."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = Unit()
        self.setAccessibleName(self.tr("Unit over a batch of inputs"))
        self.setToolTip(self.tr("Each dot is an input of the batch; hollow ones give the unit no gradient"))

    def set_unit(self, unit: Unit) -> None:
        self._unit = unit
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(372, 220)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 120)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors, painter = current_colors(), QPainter(self)
        view = Projection((-3.0, 3.0), (-2.0, 4.0), QRectF(self.rect()).adjusted(1, 1, -1, -1))
        painter.fillRect(view.box, QColor(colors.surface))
        painter.setPen(QColor(colors.grid))
        zero = QPointF(float(view.across(np.zeros(1))[0]), float(view.down(np.zeros(1))[0]))
        painter.drawLine(QPointF(view.box.left(), zero.y()), QPointF(view.box.right(), zero.y()))
        painter.drawLine(QPointF(zero.x(), view.box.top()), QPointF(zero.x(), view.box.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(view.box)
        x = np.linspace(-3, 3, 301)
        for y, pen in (
            (activated("relu", x), QPen(QColor(colors.border), 1.5, Qt.PenStyle.DashLine)),
            (self._unit.outputs(x), QPen(QColor(colors.curves[0]), 2)),
        ):
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF([QPointF(*pair) for pair in zip(view.across(x), view.down(y), strict=True)]))
        gradients = self._unit.gradients(_INPUTS)
        places = zip(view.across(_INPUTS), view.down(self._unit.outputs(_INPUTS)), gradients, strict=True)
        for across, down, gradient in places:
            color = QColor(colors.good if gradient else colors.bad)
            painter.setPen(QPen(color, 1.5))
            painter.setBrush(color if gradient else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(across, down), 4, 4)
        painter.setClipping(False)
        painter.setPen(QColor(colors.muted))
        painter.drawText(QPointF(zero.x() + 5, view.box.top() + 15), self.tr("output"))
        room = QRectF(view.box.right() - 84, zero.y() + 3, 80, 16)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight, self.tr("input"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(colors.border))
        painter.drawRect(view.box)
        painter.end()


class DyingPanel(QWidget):
    """A unit with its weight and bias as sliders. `edited` follows each change."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.unit = Unit()
        self.view = UnitView()
        entries = (("ReLU", "relu"), ("LeakyReLU 0.3", "leaky-relu"))
        self._function = choice(self.tr("Activation of the unit"), self.tr("What bends its output"), entries, self)
        self._function.activated.connect(self._choose)
        self._weight, self._weight_told = self._slider(self.tr("Weight"), self.tr("What the input is multiplied by"))
        self._bias, self._bias_told = self._slider(self.tr("Bias"), self.tr("What is added; far below zero kills"))
        self._train = QPushButton(self.tr("Take 20 Steps"))
        self._train.setToolTip(
            self.tr("Learn by gradient descent to put out the dashed curve; a dead unit does not move at all")
        )
        self._train.clicked.connect(self._learn)
        self._verdict = QLabel(wordWrap=True)
        self._verdict.setMinimumHeight(3 * self.fontMetrics().height())
        self._verdict.setAlignment(Qt.AlignmentFlag.AlignTop)
        head = QHBoxLayout()
        head.addWidget(self._function, 1)
        head.addWidget(self._train)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        for row, (title, slider, told) in enumerate(
            (
                (self.tr("Weight"), self._weight, self._weight_told),
                (self.tr("Bias"), self._bias, self._bias_told),
            )
        ):
            for place, part in enumerate((QLabel(title), slider, told)):
                grid.addWidget(part, row, place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addLayout(grid)
        column.addWidget(self._verdict)
        self.show_unit(self.unit)

    @property
    def alive(self) -> int:
        """How many inputs of the batch give a gradient."""
        return int(np.count_nonzero(self.unit.gradients(_INPUTS)))

    def show_unit(self, unit: Unit) -> None:
        """Show another unit."""
        self.unit = unit
        choose(self._function, unit.function)
        for slider, value in ((self._weight, unit.weight), (self._bias, unit.bias)):
            slider.blockSignals(True)
            slider.setValue(round(20 * value))
            slider.blockSignals(False)
        self._tell()

    def _slider(self, name: str, tip: str) -> tuple[QSlider, QLabel]:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(-80, 80)
        slider.setPageStep(10)
        slider.setAccessibleName(name)
        slider.setToolTip(tip)
        slider.valueChanged.connect(self._change)
        told = QLabel()
        told.setAlignment(Qt.AlignmentFlag.AlignRight)
        told.setMinimumWidth(told.fontMetrics().horizontalAdvance(f"{MINUS}4.00"))
        return slider, told

    def _choose(self, index: int) -> None:
        self.unit = replace(self.unit, function=self._function.itemData(index))
        self._tell()
        self.edited.emit("")

    def _change(self) -> None:
        self.unit = replace(self.unit, weight=self._weight.value() / 20, bias=self._bias.value() / 20)
        self._tell()
        self.edited.emit("unit")

    def _learn(self) -> None:
        self.show_unit(self.unit.trained(_INPUTS, _TARGETS, _STEPS))
        self.edited.emit("")

    def _tell(self) -> None:
        self.view.set_unit(self.unit)
        for label, value in ((self._weight_told, self.unit.weight), (self._bias_told, self.unit.bias)):
            label.setText(f"{value + 0.0:.2f}".replace("-", MINUS))
        alive, total = self.alive, len(_INPUTS)
        text = self.tr("{alive} of {total} inputs give a gradient.").format(alive=alive, total=total)
        if alive == 0:
            text += " " + self.tr(
                "The unit is dead: it puts out 0 for every input, so nothing ever changes its weight or bias. "
                "LeakyReLU would bring it back."
            )
        elif self.unit.function == "leaky-relu":
            text += " " + self.tr("LeakyReLU has a slope everywhere, so no unit can die.")
        else:
            text += " " + self.tr("Move the bias down until the unit is dead, and then let it learn.")
        self._verdict.setText(text)
        set_role(self._verdict, "error" if alive == 0 else "")
        self.view.setAccessibleDescription(text)
