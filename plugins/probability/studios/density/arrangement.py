"""Where the pages of the map studio go: behind tabs where room is scarce, side by side where there is plenty."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

_WIDE = 1050


class Pages(QStackedWidget):
    """Shows pages, given as title, page, and share of the width where they are side by side.

    `looked_at` tells that another tab was opened or all pages came into view.
    """

    looked_at = Signal()

    def __init__(self, pages: Sequence[tuple[str, QWidget, int]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs = QTabWidget(documentMode=True)
        self._tabs.currentChanged.connect(self.looked_at)
        self._beside = QWidget()
        row = QHBoxLayout(self._beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        self._scrolls: list[tuple[str, QScrollArea]] = []
        self._columns: list[QVBoxLayout] = []
        for title, page, share in pages:
            scroll = QScrollArea(widgetResizable=True)
            scroll.setFrameShape(QScrollArea.Shape.NoFrame)
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setWidget(page)
            self._scrolls.append((title, scroll))
            self._tabs.addTab(scroll, title)
            column = QVBoxLayout()
            column.setContentsMargins(0, 8, 0, 0)
            column.setSpacing(0)
            heading = QLabel(title)
            heading.setProperty("role", "title")
            heading.setContentsMargins(8, 0, 0, 0)
            column.addWidget(heading)
            row.addLayout(column, share)
            self._columns.append(column)
        self.addWidget(self._tabs)
        self.addWidget(self._beside)
        self.setMinimumHeight(224)

    @property
    def is_wide(self) -> bool:
        return self.currentWidget() is self._beside

    def in_view(self, page: QWidget) -> bool:
        """Tell whether a page can be seen."""
        return self.is_wide or self._scrolls[self._tabs.currentIndex()][1].widget() is page

    def open(self, page: QWidget) -> None:
        """Bring a page to the front."""
        for _, scroll in self._scrolls:
            if scroll.widget() is page and not self.is_wide:
                self._tabs.setCurrentWidget(scroll)

    def arrange(self, width: int) -> None:
        """Choose by the width in logical pixels."""
        wide = width >= _WIDE
        if wide == self.is_wide:
            return
        current = self._tabs.currentIndex()
        self._tabs.blockSignals(True)
        for index, (title, scroll) in enumerate(self._scrolls):
            if wide:
                self._columns[index].addWidget(scroll, 1)
                scroll.show()
            else:
                self._tabs.addTab(scroll, title)
        self._tabs.setCurrentIndex(max(0, current))
        self._tabs.blockSignals(False)
        self.setCurrentWidget(self._beside if wide else self._tabs)
        self.looked_at.emit()
