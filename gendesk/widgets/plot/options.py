"""How a plot shows its curves: how smooth, on which axes, following the latest step or not."""

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from gendesk.widgets.icons import icon

_POSITIONS = 60
_START = 20  # 0.9


def smoothing_weight(position: int) -> float:
    """Return the weight of the average in [0, 0.999] for a slider position: every 20 make it ten times as long."""
    return 0.0 if position == 0 else round(1 - 10 ** (-3 * position / _POSITIONS), 4)


def tool_button(text: str, tip: str, icon_name: str = "") -> QToolButton:
    """Make a flat button of a plot, with an icon or else with its text."""
    button = QToolButton()
    if icon_name:
        button.setIcon(icon(icon_name))
        button.setIconSize(QSize(16, 16))
    else:
        button.setText(text)
    button.setAutoRaise(True)
    button.setToolTip(tip)
    button.setAccessibleName(text)
    button.setAccessibleDescription(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class PlotOptions(QWidget):
    """One compact row that tells what was chosen and holds the choice."""

    smoothing_changed = Signal(float)
    log_x_changed = Signal()
    log_y_changed = Signal()
    follow_clicked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._slider = self._smoothing_slider()
        self._weight = QLabel()
        self._weight.setProperty("role", "muted")
        self._weight.setFixedWidth(self._weight.fontMetrics().horizontalAdvance("0.9999") + 2)
        self._log_x = tool_button(self.tr("Log X"), self.tr("Logarithmic steps; steps up to 0 are not drawn"))
        self._log_y = tool_button(
            self.tr("Log Y"), self.tr("Logarithmic values (L); values that are not positive are not drawn")
        )
        self._follow = tool_button(self.tr("Follow"), self.tr("Keep the latest step in view (F)"), "play")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for part in (self._slider, self._weight, self._log_x, self._log_y, self._follow):
            row.addWidget(part)
        for button in (self._log_x, self._log_y, self._follow):
            button.setCheckable(True)
        self._log_x.toggled.connect(self.log_x_changed)
        self._log_y.toggled.connect(self.log_y_changed)
        self._follow.clicked.connect(self.follow_clicked)
        self.setFocusProxy(self._slider)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
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


class OptionsPopup(QFrame):
    """Holds the options of a narrow plot and drops down from a button; Esc or a click beside it close it."""

    def __init__(self, options: PlotOptions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._options = options
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # or a click on its button would open it again
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("Plot options"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 4, 8, 4)

    def take(self) -> None:
        """Fetch the options from where they are."""
        self._row.addWidget(self._options)
        self._options.show()

    def drop_down(self, button: QWidget) -> None:
        """Open below a button, with the right edges in line where the screen has room for that."""
        self.adjustSize()
        corner = button.mapToGlobal(QPoint(button.width() - self.width(), button.height() + 2))
        corner.setX(max(corner.x(), button.screen().availableGeometry().left()))
        self.move(corner)
        self.show()
        self._options.setFocus(Qt.FocusReason.PopupFocusReason)
