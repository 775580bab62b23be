"""The button that adds a direction: attributes of the data, two groups of pictures, components."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from gendesk.engine.latent.directions_measuring import Trait
from gendesk.widgets.icons import icon
from gendesk.widgets.translation import translated

COMPONENTS = 8


class AddButton(QToolButton):
    """Tells what the person wants: a Trait to measure, groups to choose, or the number of a component."""

    trait_wanted = Signal(object)
    groups_wanted = Signal()
    component_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setIcon(icon("plus"))
        self.setText(self.tr("Add Direction"))
        self.setAccessibleName(self.tr("Add direction"))
        self.setToolTip(self.tr("Find a direction: of an attribute of the data, between two groups, or a component"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.directions = QMenu(self)
        self.setMenu(self.directions)

    def offer(self, traits: Sequence[Trait], components: int, *, encodes: bool) -> None:
        """Fill the menu for a model: what is known of its pictures, and how many components it may have."""
        self.directions.clear()
        for child in self.directions.findChildren(QMenu):
            child.deleteLater()
        for title, group in groupby(traits, key=lambda trait: trait.title):
            self._add_attribute(translated(title), list(group))
        if traits:
            self.directions.addSeparator()
        self.directions.addAction(self.tr("Two Groups of Pictures..."), self.groups_wanted.emit)
        self.directions.addSeparator()
        title = self.tr("Principal Component") if encodes else self.tr("Component of the Decoder")
        menu = self.directions.addMenu(title)
        for number in range(min(COMPONENTS, components)):
            menu.addAction(str(number + 1), partial(self.component_wanted.emit, number))

    def _add_attribute(self, title: str, traits: Sequence[Trait]) -> None:
        if len(traits) == 1 and not traits[0].value:
            self.directions.addAction(title, partial(self.trait_wanted.emit, traits[0]))
            return
        menu = self.directions.addMenu(title)
        for trait in traits:
            menu.addAction(self.value_of(trait), partial(self.trait_wanted.emit, trait))

    def value_of(self, trait: Trait) -> str:
        """Return what people call the values of a trait."""
        return self.tr("Any") if trait.any_value else translated(trait.value)

    def name_of(self, trait: Trait) -> str:
        """Return what the direction of a trait is called at first."""
        if not trait.value and not trait.any_value:
            return translated(trait.title)
        return f"{translated(trait.title)}: {self.value_of(trait).lower() if trait.any_value else self.value_of(trait)}"
