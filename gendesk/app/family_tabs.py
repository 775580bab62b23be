"""The families at the left edge and the tab of the chosen one, which is made when it is first opened."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from gendesk.app.broken_tab import BrokenTab
from gendesk.app.family_tab import FamilyTab
from gendesk.app.navigation import Navigation
from gendesk.engine.families import Families
from gendesk.widgets.translation import translated


class FamilyTabs(QWidget):
    """Knows all families by id and makes the tabs of those that are asked for: no start waits for what nobody opens.

    `made` brings a new FamilyTab before it is seen, `chosen` says that a person wants to see another family.
    """

    made = Signal(object)
    chosen = Signal()

    def __init__(self, families: Families, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._families = {family.id: family for family in families}
        self._tabs: dict[str, FamilyTab | BrokenTab] = {}
        self._navigation = Navigation(self)
        for family in families:
            self._navigation.add(translated(family.title), family.icon, family.error or translated(family.summary))
        if self._families:
            self._navigation.choose(0)
        self._navigation.chosen.connect(self.chosen)
        self._pages = QStackedWidget(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._navigation)
        row.addWidget(self._pages, 1)

    def __contains__(self, family_id: object) -> bool:
        return family_id in self._families

    def __iter__(self) -> Iterator[str]:
        """Yield the ids of the families in their order."""
        return iter(self._families)

    @property
    def current_id(self) -> str:
        """The family that is chosen, empty if there is none at all."""
        return list(self._families)[self._navigation.row] if self._families else ""

    @property
    def current(self) -> FamilyTab | BrokenTab | None:
        """The tab of the chosen family."""
        return self.get(self.current_id)

    def get(self, family_id: str) -> FamilyTab | BrokenTab | None:
        """Return a family's tab, which is made now if it was not before; None if there is no such family."""
        family = self._families.get(family_id)
        if family is None or family_id in self._tabs:
            return self._tabs.get(family_id)
        tab = BrokenTab(family) if family.error else FamilyTab(family)
        self._tabs[family_id] = tab
        self._pages.addWidget(tab)
        if isinstance(tab, FamilyTab):
            self.made.emit(tab)
        return tab

    def opened(self) -> list[FamilyTab]:
        """Return the tabs that have been made, without those of families that cannot be loaded."""
        return [tab for tab in self._tabs.values() if isinstance(tab, FamilyTab)]

    def choose(self, family_id: str) -> None:
        """Mark a known family as the chosen one; `show_current` shows it."""
        self._navigation.choose(list(self._families).index(family_id))

    def show_current(self) -> None:
        """Show the tab of the chosen family."""
        if (tab := self.current) is not None:
            self._pages.setCurrentWidget(tab)

    def cover(self, page: QWidget) -> None:
        """Show a page in place of the tabs until it is taken away by `uncover`."""
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)

    @property
    def seen(self) -> QWidget | None:
        """What is seen: a tab, or the page that covers them."""
        return self._pages.currentWidget()

    def uncover(self, page: QWidget) -> None:
        """Take a page away that covers the tabs, and go back to the one of the chosen family."""
        self._pages.removeWidget(page)
        page.deleteLater()
        self.show_current()
