"""The controls of latent painting: the tool, its settings, and what becomes of an opened picture's detail."""

from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QColorDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.data.dataset import UInt8Array
from gendesk.studios.latent.paint_tools import Brush, Tool
from gendesk.widgets.icons import icon
from gendesk.widgets.pictures.picture import to_qimage
from gendesk.widgets.theme import current_colors

_MOST_OUTSIDE, _MOST_PLAUSIBLE = 6.0, 0.1  # weights of a Wish at 100 %
_SWATCH = 24  # logical pixels
_FIRST_COLOR = "#C62828"
_OVERFLOW = 8  # parts of the brush's size that [ and ] change it by


class PaintControls(QWidget):
    """Tells what the next stroke is to do. Changes of what is only shown come by `detail_changed`."""

    brush_changed = Signal()  # tool or colour
    weights_changed = Signal()
    size_changed = Signal(int)  # diameter in pixels of the picture
    detail_changed = Signal()
    pattern_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = QColor(_FIRST_COLOR)
        self.setAccessibleName(self.tr("Brush"))
        self._tools = QButtonGroup(self)
        self._tools.idClicked.connect(self._choose)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._make_tools())
        column.addLayout(self._grid)
        self._make_inks()
        self._make_sliders()
        self._make_detail()
        self.choose(Tool.COLOR)

    def _make_tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        for number, (picture, text, tip) in enumerate(
            (
                ("brush", self.tr("Colour"), self.tr("Make what is under the brush this colour")),
                ("sun", self.tr("Lighten"), self.tr("Make what is under the brush lighter")),
                ("moon", self.tr("Darken"), self.tr("Make what is under the brush darker")),
                ("smooth", self.tr("Smooth"), self.tr("Make what is under the brush more usual, as the prior has it")),
                ("eraser", self.tr("Restore"), self.tr("Bring back what was under the brush before it was painted")),
                ("stamp", self.tr("Like This"), self.tr("Make it like another picture is at the same place")),
            )
        ):
            button = QToolButton()
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setIcon(icon(picture))
            button.setText(text)
            button.setToolTip(tip)
            button.setAccessibleName(text)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # all alike
            self._tools.addButton(button, number)
            row.addWidget(button, 1)
        return row

    def _make_inks(self) -> None:
        """Make the buttons of what is painted with, of which the one of the tool in use is seen."""
        self.color_button = self._ink(
            self.tr("Colour"), self.tr("Colour of the brush; Alt+click on the picture picks one")
        )
        self.color_button.clicked.connect(self._ask_color)
        self.pattern_button = self._ink(
            self.tr("Picture to paint with"),
            self.tr("Choose the picture whose parts are painted, from the data, a file or a drawing"),
        )
        self.pattern_button.clicked.connect(self.pattern_wanted)
        self.pattern_button.setIcon(icon("image"))
        self._show_color()

    def _ink(self, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setToolTip(tip)
        button.setIconSize(QSize(_SWATCH, _SWATCH))
        return button

    def _make_sliders(self) -> None:
        self.diameter = self._slider(
            self.tr("Size"), self.tr("Diameter of the brush in pixels of the picture ([ and ])")
        )
        self.diameter.setRange(1, 32)
        self.diameter.setValue(10)
        self.strength = self._slider(
            self.tr("Strength"),
            self.tr("How far the picture goes towards what the stroke asks for; more changes more"),
        )
        self.outside = self._slider(
            self.tr("Keep the rest"),
            self.tr(
                "How much the picture outside the stroke weighs; with more of it the stroke changes less elsewhere"
            ),
        )
        self.plausible = self._slider(
            self.tr("Plausible"),
            self.tr("How much the prior weighs; with more of it the result is more usual and meets the stroke less"),
        )
        self._add_row(0, self.diameter, self.tr("{value} px"))
        for row, (slider, percent) in enumerate(((self.strength, 100), (self.outside, 50), (self.plausible, 20)), 1):
            slider.setRange(0, 100)
            slider.setValue(percent)
            slider.valueChanged.connect(self.weights_changed)
            self._add_row(row, slider, self.tr("{value} %"))
        self.diameter.valueChanged.connect(self.size_changed)
        inks = QHBoxLayout()
        inks.setSpacing(0)
        for button in (self.color_button, self.pattern_button):
            inks.addWidget(button)
        self._grid.addLayout(inks, 0, 3, 2, 1)

    def _make_detail(self) -> None:
        self.detail = QCheckBox(self.tr("Keep detail"))
        self.detail.setToolTip(
            self.tr(
                "Put back what the model cannot draw of an opened picture, wherever nothing has been painted; without "
                "it the picture is shown as the model draws it"
            )
        )
        self.detail.setChecked(True)
        self.detail.toggled.connect(self.detail_changed)
        self.softness = self._slider(
            self.tr("Softness"),
            self.tr("Width in pixels of the seam between what is painted and the kept detail; more is softer"),
        )
        self.softness.setRange(1, 12)
        self.softness.setValue(2)
        self.softness.valueChanged.connect(self.detail_changed)
        self._grid.addWidget(self.detail, 4, 0)
        self._add_value(4, self.softness, self.tr("{value} px"))
        self.offer_detail(offered=False)

    def _slider(self, name: str, tip: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setAccessibleName(name)
        slider.setToolTip(tip)
        return slider

    def _add_row(self, row: int, slider: QSlider, form: str) -> None:
        label = QLabel(slider.accessibleName())
        label.setBuddy(slider)
        label.setToolTip(slider.toolTip())
        self._grid.addWidget(label, row, 0)
        self._add_value(row, slider, form)

    def _add_value(self, row: int, slider: QSlider, form: str) -> None:
        text = QLabel()
        text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        text.setMinimumWidth(text.fontMetrics().horizontalAdvance("100 %"))
        slider.valueChanged.connect(partial(_write, text, form))
        _write(text, form, slider.value())
        self._grid.addWidget(slider, row, 1)
        self._grid.addWidget(text, row, 2)

    # What is chosen

    @property
    def tool(self) -> Tool:
        return tuple(Tool)[self._tools.checkedId()]

    @property
    def color(self) -> str:
        """The colour of the brush, "#RRGGBB"."""
        return self._color.name()

    def brush(self) -> Brush:
        """Return the settings as a stroke takes them."""
        red, green, blue = self._color.redF(), self._color.greenF(), self._color.blueF()
        outside = self.outside.value() / 100 * _MOST_OUTSIDE
        plausible = self.plausible.value() / 100 * _MOST_PLAUSIBLE
        return Brush(self.tool, (red, green, blue), self.strength.value() / 100, outside, plausible)

    def choose(self, tool: Tool) -> None:
        """Take up a tool."""
        number = tuple(Tool).index(tool)
        self._tools.button(number).setChecked(True)
        self._choose(number)

    def set_color(self, color: str) -> None:
        """Paint with a colour, "#RRGGBB"."""
        self._color = QColor(color)
        self._show_color()
        self.choose(Tool.COLOR)

    def set_pattern(self, picture: UInt8Array | None) -> None:
        """Show the picture to paint with, uint8 (height, width, channels)."""
        if picture is None:
            self.pattern_button.setIcon(icon("image"))
        else:
            self.pattern_button.setIcon(QIcon(QPixmap.fromImage(to_qimage(picture))))

    def set_side(self, side: int) -> None:
        """Fit the sizes of the brush to pictures whose longer side has so many pixels."""
        self.diameter.setMaximum(max(2, side // 2))
        self.diameter.setValue(max(1, side // 6))

    def step_size(self, direction: int) -> None:
        """Make the brush smaller (-1) or larger (1) by an eighth, a pixel at least."""
        self.diameter.setValue(self.diameter.value() + direction * max(1, self.diameter.value() // _OVERFLOW))

    def offer_detail(self, *, offered: bool) -> None:
        """Let detail be kept, or not where there is none because nothing was opened."""
        self.detail.setEnabled(offered)
        self.softness.setEnabled(offered)

    def _choose(self, number: int) -> None:
        tool = tuple(Tool)[number]
        self.pattern_button.setVisible(tool is Tool.PATTERN)
        self.color_button.setVisible(tool is not Tool.PATTERN)
        self.color_button.setEnabled(tool is Tool.COLOR)
        self.brush_changed.emit()

    def _ask_color(self) -> None:
        dialog = QColorDialog(self._color, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.colorSelected.connect(self._take_color)
        dialog.open()

    def _take_color(self, color: QColor) -> None:
        self.set_color(color.name())

    def _show_color(self) -> None:
        picture = QPixmap(_SWATCH, _SWATCH)
        picture.fill(QColor(current_colors().border))
        painter = QPainter(picture)
        painter.fillRect(1, 1, _SWATCH - 2, _SWATCH - 2, self._color)
        painter.end()
        self.color_button.setIcon(QIcon(picture))


def _write(text: QLabel, form: str, value: int) -> None:
    text.setText(form.format(value=value))
