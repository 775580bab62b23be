"""The column of families at the left edge: icon and title, one of them chosen."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QScrollArea, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gendesk.widgets.icons import icon

_WIDTH = 96


class Navigation(QScrollArea):
    """Buttons that exclude each other; arrow keys move between them, as in a list."""

    chosen = Signal(int)  # by a person

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Families"))
        self.setFixedWidth(_WIDTH)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(4, 8, 4, 8)
        self._column.setSpacing(4)
        self._column.addStretch(1)
        self.setWidget(inside)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)

    def add(self, title: str, icon_name: str, tip: str) -> None:
        button = QToolButton()
        button.setText(title)
        button.setAccessibleName(title)
        button.setToolTip(tip)
        button.setIcon(icon(icon_name))
        button.setIconSize(QSize(28, 28))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setProperty("role", "navigation")
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._group.addButton(button, len(self._group.buttons()))
        self._column.insertWidget(self._column.count() - 1, button)

    @property
    def row(self) -> int:
        """The number of the chosen family."""
        return max(0, self._group.checkedId())

    def choose(self, index: int) -> None:
        self._group.button(index).setChecked(True)
