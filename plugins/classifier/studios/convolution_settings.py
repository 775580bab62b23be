"""What can be set about a convolution beside the numbers of its kernel."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from ..convolving import KERNEL_SIDES, PADDINGS, STRIDES
from .controls import choice, choose, muted

_TIMES = "\N{MULTIPLICATION SIGN}"


class KernelSettings(QWidget):
    """`view_changed` follows ReLU and the colours; all other signals carry what has been chosen."""

    preset_chosen = Signal(str)
    side_chosen = Signal(int)
    stride_chosen = Signal(int)
    padding_chosen = Signal(str)
    slice_chosen = Signal(int)
    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_choices()
        self._make_switches()
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        form.setHorizontalSpacing(8)
        for title, box in (
            (self.tr("Size"), self._side),
            (self.tr("Stride"), self._stride),
            (self.tr("Padding"), self._padding),
        ):
            form.addRow(title, box)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._preset)
        column.addLayout(form)
        switches = QHBoxLayout()
        switches.setSpacing(8)
        switches.addWidget(self._relu)
        switches.addWidget(self._colour)
        switches.addStretch(1)
        column.addLayout(switches)
        column.addWidget(self._slices)
        column.addWidget(self._explanation)
        column.addStretch(1)
        self._explanation.hide()

    @property
    def relu(self) -> bool:
        return self._relu.isChecked()

    @property
    def colour(self) -> bool:
        return self._colour.isChecked()

    def show_setting(self, preset: str, side: int, stride: int, padding: str) -> None:
        """Show what holds now; an empty preset stands for numbers of the person's own."""
        choose(self._preset, preset)
        choose(self._side, side)
        choose(self._stride, stride)
        choose(self._padding, padding)

    def set_wide(self, wide: bool) -> None:
        """With room to spare, also say what the colours do."""
        self._explanation.setVisible(wide)

    def _make_choices(self) -> None:
        presets = (
            (self.tr("Own kernel"), ""),
            (self.tr("Horizontal edges"), "horizontal"),
            (self.tr("Vertical edges"), "vertical"),
            (self.tr("Blur"), "blur"),
            (self.tr("Sharpen"), "sharpen"),
            (self.tr("Emboss"), "emboss"),
            (self.tr("Laplace"), "laplace"),
            (self.tr("Identity"), "identity"),
            (self.tr("Random"), "random"),
        )
        self._preset = choice(self.tr("Preset"), self.tr("Fill the kernel with well-known numbers"), presets, self)
        self._preset.activated.connect(self._tell_preset)
        sides = [(f"{side}{_TIMES}{side}", side) for side in KERNEL_SIDES]
        tip = self.tr("Rows and columns of the kernel; a larger one looks at more of the picture at once")
        self._side = choice(self.tr("Size of the kernel"), tip, sides, self)
        self._side.activated.connect(self._tell_side)
        tip = self.tr("How many pixels the kernel goes on each time; 2 halves the height and width of the feature map")
        self._stride = choice(self.tr("Stride"), tip, [(str(stride), stride) for stride in STRIDES], self)
        self._stride.activated.connect(self._tell_stride)
        names = {"same": self.tr("same"), "valid": self.tr("valid")}
        tip = self.tr(
            "same: zeros around the picture, an odd one at the bottom and right as in Keras, so that with stride 1 the "
            "feature map is as large as the picture. valid: no zeros, so it gets smaller."
        )
        self._padding = choice(self.tr("Padding"), tip, [(names[padding], padding) for padding in PADDINGS], self)
        self._padding.activated.connect(self._tell_padding)
        slices = ((self.tr("Red slice"), 0), (self.tr("Green slice"), 1), (self.tr("Blue slice"), 2))
        tip = self.tr("Which of the three slices of the kernel is shown in numbers")
        self._slices = choice(self.tr("Slice"), tip, slices, self)
        self._slices.activated.connect(self._tell_slice)
        self._slices.hide()

    def _make_switches(self) -> None:
        self._relu = QCheckBox(self.tr("ReLU"))
        self._relu.setAccessibleName(self.tr("ReLU after the convolution"))
        self._relu.setToolTip(self.tr("Set everything below zero to zero, as the activation behind a layer does"))
        self._relu.toggled.connect(self.view_changed)
        self._colour = QCheckBox(self.tr("Colour"))
        self._colour.setAccessibleName(self.tr("Picture in colour"))
        self._colour.setToolTip(
            self.tr(
                "Let red, green and blue go in. The kernel then has three slices, here with the same numbers, one for "
                "each channel, and all products are summed up to one number."
            )
        )
        self._colour.toggled.connect(self._tell_colour)
        self._explanation = muted()
        self._explain()

    def _explain(self) -> None:
        if self.colour:
            text = self.tr(
                "A colour picture has three channels, so the kernel has three slices; here all hold the same numbers. "
                "Each slice is multiplied with its channel, and all products together make one sum: one kernel always "
                "makes one feature map, however many channels go in."
            )
        else:
            text = self.tr(
                "The kernel slides over the picture. At each place the pixels below it are multiplied by its numbers, "
                "and the sum is one pixel of the feature map: large where the picture looks like the kernel."
            )
        self._explanation.setText(text)

    def _tell_preset(self, index: int) -> None:
        name = self._preset.itemData(index)
        if name:
            self.preset_chosen.emit(name)

    def _tell_side(self, index: int) -> None:
        self.side_chosen.emit(self._side.itemData(index))

    def _tell_stride(self, index: int) -> None:
        self.stride_chosen.emit(self._stride.itemData(index))

    def _tell_padding(self, index: int) -> None:
        self.padding_chosen.emit(self._padding.itemData(index))

    def _tell_slice(self, index: int) -> None:
        self.slice_chosen.emit(self._slices.itemData(index))

    def _tell_colour(self, on: bool) -> None:
        self._slices.setVisible(on)
        self._explain()
        self.view_changed.emit()
