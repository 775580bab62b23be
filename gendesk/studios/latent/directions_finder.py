"""Where the directions of the page Directions come from: attributes, two groups of pictures, and components."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gendesk.engine.latent.directions import Direction, Groups, Kind, between, drawn_pictures, principal
from gendesk.engine.latent.directions_decoder import ComponentsWanted, decoder_components
from gendesk.engine.latent.directions_measuring import Measurement, Trait, measured, traits
from gendesk.engine.latent.planes import Draw
from gendesk.errors import InputError
from gendesk.studios.latent.directions_groups import GroupsDialog
from gendesk.studios.latent.directions_menu import AddButton
from gendesk.studios.latent.directions_reading import AttributeReading
from gendesk.studios.latent.workspace import Ask, Workspace

_SAMPLES = 24  # of one seed, for a group


class DirectionFinder(QObject):
    """Finds what a person asks for with an AddButton; `found` carries the Direction.

    It asks through the page that it is made with; `free_name` turns a name into one that no direction has yet.
    """

    found = Signal(object)

    def __init__(
        self, workspace: Workspace, ask: Ask, add: AddButton, free_name: Callable[[str], str], page: QWidget
    ) -> None:
        super().__init__(page)
        self._workspace, self._ask, self._add, self._free_name, self._page = workspace, ask, add, free_name, page
        self._dialog: GroupsDialog | None = None
        self._traits: tuple[Trait, ...] = ()
        self._names: dict[str, str] = {}  # of directions that are found again, by their source
        self.reading = AttributeReading(ask, self)
        self.reading.ended.connect(self._take_measured)
        add.trait_wanted.connect(self.reading.read)
        add.groups_wanted.connect(self._ask_groups)
        add.component_wanted.connect(self._find_component)

    def begin(self) -> None:
        """Forget what was asked of another model, and fill the menu for this one, if there is one."""
        self.reading.stop()
        self._traits, self._names = (), {}
        survey = self._workspace.survey
        if survey is None:
            if self._dialog is not None:
                self._dialog.close()
            return
        self._add.offer((), survey.latent_size, encodes=survey.encodes)
        if survey.encodes:
            self._ask("traits", traits, None, data=True, slow=True)

    def take(self, asker: str, result: Any) -> None:
        """Take the answer to one of its questions."""
        if asker == AttributeReading.ASKER:
            self.reading.take(result)
        elif asker == "traits" and self._workspace.survey is not None:
            self._traits = result
            self._add.offer(result, self._workspace.survey.latent_size, encodes=True)
        elif asker == "groups":
            self._tell(result)
        elif asker.startswith("decoder"):
            name = self.tr("Decoder component {number}").format(number=result[-1].name)
            self._tell(replace(result[-1], name=name))
        elif asker == "samples" and self._dialog is not None:
            self._dialog.add_samples(*result)

    def fail(self, asker: str) -> None:
        """Hear that one of the page's questions has no answer."""
        if asker == AttributeReading.ASKER:
            self.reading.stop()

    def can_find_again(self, direction: Direction) -> bool:
        """Return whether this model still has what a direction was found from."""
        if direction.kind is Kind.ATTRIBUTE:
            return any(trait.source == direction.source for trait in self._traits)
        return direction.kind is not Kind.GROUPS and direction.source.isdecimal()

    def find_again(self, direction: Direction) -> None:
        """Find a direction anew, on the model as it is now; it keeps its name."""
        self._names[direction.source] = direction.name
        if direction.kind is Kind.ATTRIBUTE:
            self.reading.read(next(trait for trait in self._traits if trait.source == direction.source))
        else:
            self._find_component(int(direction.source) - 1)

    def _tell(self, direction: Direction) -> None:
        survey = self._workspace.survey
        step = survey.step if survey is not None and direction.step < 0 else direction.step
        self.found.emit(replace(direction, step=step, name=self._names.pop(direction.source, direction.name)))

    def _take_measured(self, measurement: Measurement) -> None:
        try:
            self._tell(measured(measurement, self._add.name_of(measurement.trait)))
        except InputError as error:
            self._workspace.failed.emit(str(error))

    def _find_component(self, number: int) -> None:
        survey = self._workspace.survey
        if survey is None:
            return
        if survey.encodes:
            self._tell(principal(survey, number, self.tr("Component {number}").format(number=number + 1)))
        else:
            wanted = ComponentsWanted(number + 1, self._workspace.mix)
            self._ask(f"decoder {number}", decoder_components, wanted, slow=True)

    # Groups

    def _ask_groups(self) -> None:
        if self._workspace.survey is not None and self._dialog is None:
            self._dialog = GroupsDialog(self._workspace.survey, self._page)
            self._dialog.samples_wanted.connect(self._ask_samples)
            self._dialog.made.connect(self._take_groups)
            self._dialog.finished.connect(self._forget_dialog)
            self._dialog.open()

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _ask_samples(self, seed: int) -> None:
        self._ask("samples", drawn_pictures, Draw(_SAMPLES, seed), slow=True)

    def _take_groups(self, groups: Groups) -> None:
        self._ask("groups", between, replace(groups, name=self._free_name(groups.name)), slow=True)
