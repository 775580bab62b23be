"""Panels that stand side by side where there is room, and behind tabs where there is not."""

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QTabBar, QWidget

_GAP = 16
_BELOW = 6


class Panels(QWidget):
    """Shows all panels in a grid of `columns` from a width of `wide` pixels on, else the one whose tab is chosen."""

    chosen = Signal(int)

    def __init__(self, columns: int, wide: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._wide = wide
        self._panels: list[tuple[QLabel, QWidget]] = []
        self._bar = QTabBar(self)
        self._bar.setDrawBase(False)
        self._bar.setExpanding(False)
        self._bar.setUsesScrollButtons(True)
        self._bar.currentChanged.connect(self._change)

    @property
    def is_wide(self) -> bool:
        return self.width() >= self._wide

    @property
    def current(self) -> int:
        """The panel whose tab is chosen."""
        return self._bar.currentIndex()

    def add(self, title: str, tip: str, panel: QWidget) -> None:
        """Append a panel; `tip` says what it is for."""
        label = QLabel(title, self)
        label.setProperty("role", "title")
        label.setToolTip(tip)
        panel.setParent(self)
        self._panels.append((label, panel))
        self._bar.setTabToolTip(self._bar.addTab(title), tip)
        self._bar.setAccessibleName(self.tr("Parts of the studio"))
        self._arrange()

    def choose(self, index: int) -> None:
        """Choose a tab, which shows its panel in a narrow studio."""
        self._bar.setCurrentIndex(index)

    def sizeHint(self) -> QSize:
        return self._around([panel.sizeHint() for _, panel in self._panels])

    def minimumSizeHint(self) -> QSize:
        return self._around([panel.minimumSizeHint() for _, panel in self._panels])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _around(self, sizes: list[QSize]) -> QSize:
        width = max((size.width() for size in sizes), default=0)
        height = max((size.height() for size in sizes), default=0)
        return QSize(width, height + self._bar.sizeHint().height() + _BELOW)

    def _change(self, index: int) -> None:
        self._arrange()
        self.chosen.emit(index)

    def _arrange(self) -> None:
        wide = self.is_wide
        self._bar.setVisible(not wide)
        head = self._bar.sizeHint().height() + _BELOW
        self._bar.setGeometry(0, 0, self.width(), head - _BELOW)
        for index, (label, panel) in enumerate(self._panels):
            if wide:
                room = self._room(index)
                label.setGeometry(QRect(room.left(), room.top(), room.width(), label.sizeHint().height()))
                panel.setGeometry(room.adjusted(0, label.height() + _BELOW, 0, 0))
            else:
                panel.setGeometry(0, head, self.width(), max(0, self.height() - head))
            label.setVisible(wide)
            panel.setVisible(wide or index == self._bar.currentIndex())

    def _room(self, index: int) -> QRect:
        """Return the field of the grid that belongs to a panel."""
        rows = -(-len(self._panels) // self._columns)
        row, column = divmod(index, self._columns)
        width = (self.width() - (self._columns - 1) * _GAP) // self._columns
        height = (self.height() - (rows - 1) * _GAP) // rows
        return QRect(column * (width + _GAP), row * (height + _GAP), width, height)
