"""A plane of codes beside others: all of them show the same part of it."""

from PySide6.QtWidgets import QWidget

from gendesk.widgets.latent.geometry import Window
from gendesk.widgets.latent.plane import LatentPlane


class SharedPlane(LatentPlane):
    """Codes to look at in a window that is given: the plane never fits itself to them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._home = self.window_shown
        self._touched = True  # or the codes would choose the window

    def set_home(self, window: Window, *, reset: bool = False) -> None:
        """Choose what a reset shows, and show it, unless the person looks elsewhere; with `reset` in any case."""
        at_home, self._home = self.window_shown == self._home, window
        if at_home or reset:
            self.show_window(window)

    def show_window(self, window: Window) -> None:
        if window != self.window_shown:
            self._set_window(window)

    def reset_window(self) -> None:
        self.show_window(self._home)
