"""The row above a loss plot: its title, how smooth the curves are, which axes are logarithmic, export."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QSizePolicy, QSlider, QToolButton, QWidget

from gendesk.widgets.icons import icon

_POSITIONS = 60
_START = 20  # 0.9


def smoothing_weight(position: int) -> float:
    """Return the weight of the average in [0, 0.999] for a slider position: every 20 make it ten times as long."""
    return 0.0 if position == 0 else round(1 - 10 ** (-3 * position / _POSITIONS), 4)


class PlotControls(QWidget):
    """One compact row of controls; tells what was chosen and holds the choice."""

    smoothing_changed = Signal(float)
    log_x_changed = Signal()
    log_y_changed = Signal()
    follow_clicked = Signal(bool)
    fit_clicked = Signal()
    png_chosen = Signal(str)
    csv_chosen = Signal(str)

    def __init__(self, title: str, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(f"<b>{title}</b> <small>{unit}</small>" if unit else f"<b>{title}</b>")
        self.title.setTextFormat(Qt.TextFormat.RichText)
        self.title.setMinimumWidth(24)
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.title.setToolTip(self.help_text())
        self._slider = self._smoothing_slider()
        self._weight = QLabel()
        self._weight.setProperty("role", "muted")
        self._weight.setFixedWidth(self._weight.fontMetrics().horizontalAdvance("0.9999") + 2)
        self._log_x = self._switch(self.tr("Log X"), self.tr("Logarithmic steps; steps up to 0 are not drawn"))
        self._log_y = self._switch(
            self.tr("Log Y"), self.tr("Logarithmic values (L); values that are not positive are not drawn")
        )
        self._follow = self._button("play", self.tr("Follow"), self.tr("Keep the latest step in view (F)"))
        self._follow.setCheckable(True)
        fit = self._button("fit", self.tr("Show Everything"), self.tr("Show everything (Home, double click)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for part in (self.title, self._slider, self._weight, self._log_x, self._log_y, self._follow, fit):
            row.addWidget(part)
        row.addWidget(self._export_button())
        self._log_x.toggled.connect(self.log_x_changed)
        self._log_y.toggled.connect(self.log_y_changed)
        self._follow.clicked.connect(self.follow_clicked)
        fit.clicked.connect(self.fit_clicked)
        self._show_weight()

    @property
    def smoothing(self) -> float:
        """The weight of the average, in [0, 0.999]."""
        return smoothing_weight(self._slider.value())

    @property
    def log_x(self) -> bool:
        """Whether the axis of steps is logarithmic."""
        return self._log_x.isChecked()

    @property
    def log_y(self) -> bool:
        """Whether the axis of values is logarithmic."""
        return self._log_y.isChecked()

    def toggle_log_y(self) -> None:
        """Do what a click on the switch does."""
        self._log_y.toggle()

    def show_follow(self, follow: bool) -> None:
        """Show whether the latest step is followed."""
        self._follow.setChecked(follow)

    def help_text(self) -> str:
        """Return how mouse and keys work in the plot."""
        return self.tr(
            "Drag to zoom in, turn the wheel to zoom (with Ctrl: values), double click to show everything.<br>"
            "Keys: arrows pan, + and \N{MINUS SIGN} zoom, Home shows everything, L switches logarithmic values, "
            "F follows the latest step."
        )

    def _smoothing_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, _POSITIONS)
        slider.setPageStep(_POSITIONS // 6)
        slider.setValue(_START)
        slider.setFixedWidth(72)
        slider.setAccessibleName(self.tr("Smoothing"))
        slider.valueChanged.connect(self._show_weight)
        slider.valueChanged.connect(lambda: self.smoothing_changed.emit(self.smoothing))
        return slider

    def _show_weight(self) -> None:
        weight = self.smoothing
        self._weight.setText(f"{weight:.3f}" if weight > 0.99 else f"{weight:.2f}")
        length = round(1 / (1 - weight))
        text = self.tr("Smoothing off: raw values")
        if weight:
            text = self.tr("Smoothing {weight}: averages about the last {length} values").format(
                weight=self._weight.text(), length=f"{length:,}"
            )
        for part in (self._slider, self._weight):
            part.setToolTip(text)
        self._slider.setAccessibleDescription(text)

    def _switch(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setToolTip(tip)
        button.setAccessibleDescription(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _button(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(name))
        button.setIconSize(QSize(16, 16))
        button.setAutoRaise(True)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _export_button(self) -> QToolButton:
        button = self._button("export", self.tr("Export"), self.tr("Save the plot or its values"))
        menu = QMenu(button)
        menu.addAction(self.tr("Save as PNG..."), lambda: self._ask_path("png", self.png_chosen.emit))
        menu.addAction(self.tr("Save Values as CSV..."), lambda: self._ask_path("csv", self.csv_chosen.emit))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        return button

    def _ask_path(self, suffix: str, chosen: object) -> None:
        dialog = QFileDialog(self, self.tr("Save Plot"), "", f"{suffix.upper()} (*.{suffix})")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(chosen)
        dialog.open()
