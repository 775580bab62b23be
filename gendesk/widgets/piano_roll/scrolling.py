"""The scroll bars of a roll."""

from PySide6.QtCore import QObject, QSignalBlocker, Qt
from PySide6.QtWidgets import QScrollBar, QWidget

from gendesk.widgets.piano_roll.view import PITCHES, Viewport

_FINE = 1000  # steps for a beat or a row


class RollScrollBars(QObject):
    """Two scroll bars that show and move the view: `across` for the time, `down` for the pitches."""

    def __init__(self, viewport: Viewport, parent: QWidget) -> None:
        super().__init__(parent)
        self._viewport = viewport
        self.across = QScrollBar(Qt.Orientation.Horizontal, parent)
        self.down = QScrollBar(Qt.Orientation.Vertical, parent)
        for bar, name in (
            (self.across, self.tr("Scroll through time")),
            (self.down, self.tr("Scroll through pitches")),
        ):
            bar.setAccessibleName(name)
            bar.setToolTip(name)
            bar.valueChanged.connect(self._scrolled)
        viewport.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the view."""
        port, view = self._viewport, self._viewport.view
        with QSignalBlocker(self.across), QSignalBlocker(self.down):
            for bar, first, page, whole in (
                (self.across, view.left, port.width / view.beat_width, port.end),
                (self.down, view.top, port.height / view.row_height, float(PITCHES)),
            ):
                bar.setRange(0, max(0, round((whole - page) * _FINE)))
                bar.setPageStep(max(1, round(page * _FINE)))
                bar.setSingleStep(max(1, round(page * _FINE / 20)))
                bar.setValue(round(first * _FINE))

    def _scrolled(self) -> None:
        if self.sender() is self.across:
            self._viewport.scroll(left=self.across.value() / _FINE)
        else:
            self._viewport.scroll(top=self.down.value() / _FINE)
