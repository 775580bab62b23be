"""Docks whose content is made when it is first needed."""

from collections.abc import Callable
from functools import cached_property
from typing import Generic, TypeVar

from PySide6.QtWidgets import QDockWidget, QWidget

Panel = TypeVar("Panel", bound=QWidget)


class Dock(QDockWidget, Generic[Panel]):
    """Makes its panel when it is first seen or asked for, and not for a start at which it is behind another one."""

    def __init__(self, name: str, title: str, make: Callable[[], Panel], parent: QWidget) -> None:
        """`name` is what its place is remembered by."""
        super().__init__(title, parent)
        self.setObjectName(name)
        self._make = make
        self.visibilityChanged.connect(self._fill)

    @cached_property
    def panel(self) -> Panel:
        panel = self._make()
        self.setWidget(panel)
        return panel

    def _fill(self, seen: bool) -> None:
        # Docks behind another one are shown as well, only that this is outside of the window.
        if seen:
            self.panel  # noqa: B018 (reading it makes it)
