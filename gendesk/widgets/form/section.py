"""Parts of a form: a section that folds, and the label of a field that shows what was changed."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gendesk.widgets.icons import icon
from gendesk.widgets.theme import changes_look, current_colors


class Section(QWidget):
    """A titled group of fields; a click, Space, Left and Right on its header fold and unfold it."""

    folded = Signal(str, bool)  # title, whether it is open now

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self.header = _Header(title, self)
        self.header.toggled.connect(self._fold)
        self.body = QWidget(self)
        self.grid = QGridLayout(self.body)
        self.grid.setContentsMargins(8, 0, 0, 8)
        self.grid.setHorizontalSpacing(0)
        self.grid.setVerticalSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.header)
        layout.addWidget(self.body)

    def set_open(self, is_open: bool) -> None:
        self.header.setChecked(is_open)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if changes_look(event):
            self.color_locked()

    def color_locked(self) -> None:
        """Keep values readable that cannot be edited for now: fainter than text, not as faint as what is disabled.

        Call it when all fields are there: Qt hands these colours on to the widgets that exist.
        """
        palette = QPalette()
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, current_colors().muted)
        self.body.setPalette(palette)

    def _fold(self, is_open: bool) -> None:
        self.body.setVisible(is_open)
        self.folded.emit(self._title, is_open)


class _Header(QToolButton):
    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setAccessibleName(title)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(12, 12))
        self.setAutoRaise(True)
        self.setCheckable(True)
        self.setProperty("role", "section")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._point)
        self.setChecked(True)

    def _point(self, is_open: bool) -> None:
        self.setIcon(icon("chevron-down" if is_open else "chevron-right"))
        self.setToolTip(self.tr("Fold these fields") if is_open else self.tr("Unfold these fields"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.setChecked(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)


class FieldLabel(QLabel):
    """The title of a field, bold and with a bar in the accent colour where its value differs from the preset."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._marked = False
        self.setWordWrap(True)
        self.setContentsMargins(8, 0, 4, 0)

    @property
    def marked(self) -> bool:
        return self._marked

    def set_marked(self, marked: bool) -> None:
        if marked == self._marked:
            return
        self._marked = marked
        font = self.font()
        font.setBold(marked)
        self.setFont(font)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._marked:
            painter = QPainter(self)
            painter.fillRect(0, 2, 3, self.height() - 4, self.palette().color(QPalette.ColorRole.Accent))
            painter.end()
