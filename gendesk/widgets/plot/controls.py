"""The row above a loss plot: its title, how the curves are shown, what is in view, export."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from gendesk.widgets.export import choose_file
from gendesk.widgets.plot.options import OptionsPopup, PlotOptions, tool_button
from gendesk.widgets.plot.title import PlotTitle


class PlotControls(QWidget):
    """One compact row; in a narrow plot the options move into a popup, so that the title can be read."""

    fit_clicked = Signal()
    png_chosen = Signal(object)  # Path
    csv_chosen = Signal(object)  # Path

    def __init__(self, title: str, unit: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = PlotTitle(title, unit)
        self.title.setToolTip(f"<b>{title}</b><br>{self.help_text()}")
        self.options = PlotOptions()
        self._popup = OptionsPopup(self.options, self)
        self._open = tool_button(
            self.tr("Plot Options"), self.tr("Smoothing, logarithmic axes, following the latest step"), "sliders"
        )
        self._open.clicked.connect(lambda: self._popup.drop_down(self._open))
        self._open.hide()
        fit = tool_button(self.tr("Show Everything"), self.tr("Show everything (Home, double click)"), "fit")
        fit.clicked.connect(self.fit_clicked)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        for part in (self.title, self.options, self._open, fit, self._export_button()):
            self._row.addWidget(part)

    @property
    def is_narrow(self) -> bool:
        return not self._open.isHidden()

    def set_narrow(self, narrow: bool) -> None:
        """Put the options into the popup, or back into the row."""
        if narrow != self.is_narrow:
            self._popup.hide()
            self._open.setVisible(narrow)
            if narrow:
                self._popup.take()
            else:
                self._row.insertWidget(1, self.options)
                self.options.show()

    def help_text(self) -> str:
        """Return how mouse and keys work in the plot."""
        return self.tr(
            "Drag to zoom in, turn the wheel to zoom (with Ctrl: values), double click to show everything.<br>"
            "Keys: arrows pan, + and \N{MINUS SIGN} zoom, Home shows everything, L switches logarithmic values, "
            "F follows the latest step."
        )

    def _export_button(self) -> QToolButton:
        button = tool_button(self.tr("Export"), self.tr("Save the plot or its values"), "export")
        menu = QMenu(button)
        for text, name, chosen in (
            (self.tr("Save as PNG..."), "plot.png", self.png_chosen),
            (self.tr("Save Values as CSV..."), "values.csv", self.csv_chosen),
        ):
            menu.addAction(text, partial(choose_file, self, self.tr("Save Plot"), name, chosen.emit))
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        return button
