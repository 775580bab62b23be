"""The question that a window asks when it is closed while something trains."""

from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

Choice = Literal["background", "stop"]


class CloseQuestion(QMessageBox):
    """Keep training without a window, stop and save, or stay; `chosen` brings the answer, unless it is to stay."""

    chosen = Signal(str)

    def __init__(self, training: str, waiting: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle(self.tr("Close gendesk?"))
        self.setText(self.tr("{0} is in training.").format(training))
        queue = self.tr(" {0} more wait in the queue.").format(waiting) if waiting else ""
        self.setInformativeText(
            self.tr(
                "It can go on in the background until it is done; open gendesk again to watch it. "
                "Stopped, it keeps all it has learnt and can be resumed at any time.{0}"
            ).format(queue)
        )
        self._background = self._button(
            self.tr("Keep Training in the Background"),
            self.tr("Close the window; the run and the queue behind it go on without it"),
        )
        self._stop = self._button(
            self.tr("Stop and Save"), self.tr("Save the run after its current step, then close; the queue waits")
        )
        stay = self.addButton(QMessageBox.StandardButton.Cancel)
        stay.setToolTip(self.tr("Leave the window open"))
        self.setDefaultButton(self._background)
        self.setEscapeButton(stay)
        self.buttonClicked.connect(self._answer)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = self.addButton(text, QMessageBox.ButtonRole.AcceptRole)
        button.setToolTip(tip)
        return button

    def _answer(self, button: QWidget) -> None:
        choices: dict[QWidget, Choice] = {self._background: "background", self._stop: "stop"}
        if button in choices:
            self.chosen.emit(choices[button])
