"""What lies beside the canvas: the brush, opening and saving, the way back, and how well the last stroke was met."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gendesk.engine.latent.painting import MOST_STEPS, Moved
from gendesk.studios.latent.paint_controls import PaintControls
from gendesk.studios.latent.saving import Result, SaveButton
from gendesk.studios.latent.workspace import Workspace
from gendesk.widgets.icons import icon

_WIDTH = 376  # logical pixels wanted beside the canvas
_MINUS = "\N{MINUS SIGN}"


class PaintPanel(QWidget):
    """The controls with a foot of buttons and a line of numbers."""

    def __init__(
        self, workspace: Workspace, result: Callable[[], Result | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.controls = PaintControls()
        self.open_button = QPushButton(icon("open"), self.tr("Open Picture..."))
        self.open_button.setToolTip(self.tr("Paint on a held-out picture, a drawing or a file of your own"))
        self.status = QLabel()
        self.status.setProperty("role", "muted")
        self.status.setWordWrap(True)
        self.status.setToolTip(
            self.tr(
                "How far the picture is from what the stroke asked for, how much it changed elsewhere, and how usual "
                "its code is: the log density of the prior, in nats for each number of the code"
            )
        )
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.open_button)
        foot.addWidget(SaveButton(workspace, result))
        foot.addStretch(1)
        for action in (workspace.history.undo, workspace.history.redo):
            button = QToolButton()
            button.setDefaultAction(action)
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.controls)
        column.addLayout(foot)
        column.addWidget(self.status)
        self.say_hint()

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(_WIDTH, 0))

    def say_hint(self) -> None:
        """Say what can be done, while nothing has been."""
        self.status.setText(self.tr("Paint with the left mouse button; Alt+click picks a colour from the picture."))

    def tell(self, moved: Moved, *, whole: bool) -> None:
        """Show how well a stroke is met, or with `whole` a picture."""
        values = {
            "inside": f"{moved.off_inside * 100:.0f}",
            "outside": f"{moved.off_outside * 100:.0f}",
            "density": _number(moved.log_density),
            "usual": _number(moved.descent.prior.usual),
            "share": f"{moved.descent.age / moved.descent.most * 100:.0f}",
        }
        if whole and not moved.settled and moved.descent.most > MOST_STEPS:
            text = self.tr("Looking for the picture's code, {share} % done: off by {inside} %")
        elif whole:
            text = self.tr("Off the picture by {inside} %; log prior {density} (usual: {usual})")
        else:
            text = self.tr(
                "Off the stroke by {inside} %, off the rest by {outside} %; log prior {density} (usual: {usual})"
            )
        self.status.setText(text.format(**values))


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", _MINUS)
