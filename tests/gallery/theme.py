"""Every standard control and every icon, to judge the theme by."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gendesk.paths import resource
from gendesk.widgets.icons import icon
from gendesk.widgets.theme import current_colors


def build() -> QWidget:
    window = QWidget()
    window.resize(1100, 760)
    layout = QHBoxLayout(window)
    left, right = QVBoxLayout(), QVBoxLayout()
    for part in (_fields(enabled=True), _fields(enabled=False), _labels()):
        left.addWidget(part)
    left.addStretch()
    for part in (_buttons(), _table(), _swatches(), _icons()):
        right.addWidget(part)
    right.addStretch()
    layout.addLayout(left, 2)
    layout.addLayout(right, 5)
    return window


def _fields(enabled: bool) -> QWidget:
    box = QGroupBox("Fields" if enabled else "Disabled fields")
    form = QFormLayout(box)
    number, real, choice, text = QSpinBox(), QDoubleSpinBox(), QComboBox(), QLineEdit()
    choice.addItems(["Binary cross-entropy", "Mean squared error"])
    text.setPlaceholderText("Placeholder")
    check, radio = QCheckBox("Switch"), QRadioButton("Radio")
    check.setChecked(True)
    slider, progress = QSlider(Qt.Orientation.Horizontal), QProgressBar()
    slider.setValue(40)
    progress.setValue(40)
    for label, widget in (
        ("Integer", number),
        ("Number", real),
        ("Choice", choice),
        ("Text", text),
        ("Switch", check),
        ("Radio", radio),
        ("Slider", slider),
        ("Progress", progress),
    ):
        form.addRow(label, widget)
    box.setEnabled(enabled)
    return box


def _labels() -> QWidget:
    box = QFrame()
    box.setProperty("role", "card")
    layout = QVBoxLayout(box)
    for role in ("title", "muted", "error"):
        label = QLabel(f"A label with the role {role}")
        label.setProperty("role", role)
        layout.addWidget(label)
    layout.addWidget(QLabel('A card with a <a href="#">link</a>'))
    return box


def _buttons() -> QWidget:
    box = QGroupBox("Buttons")
    layout = QHBoxLayout(box)
    for role, enabled in (("primary", True), ("primary", False), ("", True), ("", False)):
        button = QPushButton("Start" if role else "Pause")
        button.setProperty("role", role)
        button.setEnabled(enabled)
        layout.addWidget(button)
    for enabled, checked in ((True, False), (True, True), (False, False)):
        tool = QToolButton()
        tool.setIcon(icon("sliders"))
        tool.setCheckable(True)
        tool.setChecked(checked)
        tool.setEnabled(enabled)
        layout.addWidget(tool)
    layout.addStretch()
    return box


def _table() -> QWidget:
    tabs = QTabWidget()
    table = QTableWidget(3, 3)
    table.setHorizontalHeaderLabels(["Run", "Step", "Loss"])
    table.setAlternatingRowColors(True)
    for row in range(3):
        for column, text in enumerate((f"vae-{row}", f"{row * 500:,}", "91.3")):
            table.setItem(row, column, QTableWidgetItem(text))
    table.selectRow(1)
    table.setFixedHeight(130)
    tabs.addTab(table, icon("runs"), "Runs")
    tabs.addTab(QWidget(), "Log")
    return tabs


def _swatches() -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setSpacing(4)
    colors = current_colors()
    named = (colors.good, colors.warning, colors.bad, colors.accent, colors.grid, colors.border, colors.picture_ground)
    for row, values in enumerate((colors.curves, colors.categories, named)):
        for column, value in enumerate(values):
            swatch = QLabel()
            swatch.setFixedSize(40, 16)
            swatch.setAutoFillBackground(True)
            look = swatch.palette()
            look.setColor(QPalette.ColorRole.Window, QColor(value))
            swatch.setPalette(look)
            grid.addWidget(swatch, row, column)
    return box


def _icons() -> QWidget:
    box = QWidget()
    grid = QGridLayout(box)
    grid.setSpacing(6)
    looks = ((16, QIcon.Mode.Normal), (24, QIcon.Mode.Normal), (24, QIcon.Mode.Disabled))
    for place, path in enumerate(sorted(resource("icons").glob("*.svg"))):
        for number, (side, mode) in enumerate(looks):
            label = QLabel()
            label.setPixmap(icon(path.stem).pixmap(QSize(side, side), box.devicePixelRatioF(), mode))
            label.setToolTip(path.stem)
            grid.addWidget(label, place // 16 * 3 + number, place % 16)
    return box
