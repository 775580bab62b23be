"""What to train: recipe, preset and data in the bar, all values in the form, and the config that they amount to."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gendesk.app.config_fields import flat_values, form_fields
from gendesk.app.session import TabSession
from gendesk.app.train_bar import TrainBar
from gendesk.data.catalogue import catalogue, find_entry
from gendesk.data.dataset import DatasetKind
from gendesk.engine.families import Family, RecipeEntry
from gendesk.errors import GendeskError
from gendesk.widgets.form.config_form import ConfigForm
from gendesk.widgets.translation import translated

if TYPE_CHECKING:
    from gendesk.engine.engine import Engine
    from gendesk.engine.run_config import RunConfig


OWN_DATA = (DatasetKind.IMAGES, DatasetKind.TEXT, DatasetKind.SCORES)
"""The kinds of data that a person can bring along."""


class Choices(QObject):
    """Joins a bar and a form. Until `connect_engine`, only the bar can be filled, from the family's manifest."""

    recipe_changed = Signal()
    failed = Signal(str)

    def __init__(self, family: Family, bar: TrainBar, form: ConfigForm, parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self._form = form
        self._entries = {entry.id: entry for entry in family.recipes}
        self._engine: Engine | None = None
        self._base: RunConfig | None = None
        self._own_data: dict[DatasetKind, str] = {}
        self._default_data = ""
        bar.recipe_chosen.connect(self._choose_recipe)
        bar.preset_chosen.connect(self._load_preset)
        bar.data_chosen.connect(self._choose_data)
        bar.set_recipes([(entry.id, translated(entry.title)) for entry in family.recipes])
        self._offer_for_recipe()

    @property
    def entry(self) -> RecipeEntry:
        """The chosen recipe."""
        return self._entries[self._bar.recipe.currentData()]

    @property
    def data(self) -> str:
        """The chosen data set's name or path."""
        return str(self._bar.data.currentData())

    @property
    def takes_own_data(self) -> bool:
        """Whether the chosen recipe learns from files of the person's own."""
        return self.entry.data in OWN_DATA

    def connect_engine(self, engine: "Engine") -> None:
        self._engine = engine
        self._load_preset()

    def config(self) -> "RunConfig":
        """Return the config that a run started now would have; raises GendeskError."""
        if self._base is None:
            raise GendeskError(self.tr("The recipe cannot be used; see the message above."))
        config = self._base.with_values(self.entry.load().Config, self._form.values())
        return config.model_copy(update={"data": self.data})

    def use_recipe(self, recipe: str, preset: str = "") -> None:
        """Choose a recipe and one of its presets, the default if none is named; unknown names change nothing."""
        if recipe not in self._entries:
            return
        self._bar.recipe.setCurrentIndex(self._bar.recipe.findData(recipe))
        self._offer_for_recipe()
        self._bar.preset.setCurrentIndex(max(0, self._bar.preset.findData(preset)))
        self._load_preset()

    def use_data(self, reference: str | Path, options: Mapping[str, Any] = MappingProxyType({})) -> None:
        """Choose a data set of the catalogue or a folder or file, with some of its options."""
        if self.takes_own_data and all(entry.name != str(reference) for entry in catalogue()):
            self._own_data[self.entry.data] = str(reference)
        self._offer_data(str(reference))
        self._form.set_values(dict(options))

    def use_config(self, config: "RunConfig") -> None:
        """Take over the recipe, preset, data and values of a run."""
        if config.recipe not in self._entries:
            return
        self.use_recipe(config.recipe, config.preset)
        self.use_data(config.data)
        self.use_values(flat_values(config))

    def use_values(self, values: Mapping[str, Any]) -> None:
        """Put values into the form; fields that the recipe does not have are left out."""
        known = self._form.values()
        self._form.set_values({name: value for name, value in values.items() if name in known})

    def session(self, run: str) -> TabSession:
        """Return the choices for the next start of the window."""
        return TabSession(
            run=run,
            recipe=self.entry.id,
            preset=str(self._bar.preset.currentData()),
            data=self.data,
            values=self._form.values(),
        )

    def restore(self, session: TabSession) -> None:
        """Take over what `session` returned, as far as it still exists."""
        self.use_recipe(session.recipe, session.preset)
        if session.data:
            self.use_data(session.data)
        self.use_values(session.values)

    def _choose_recipe(self, _recipe_id: str) -> None:
        self._offer_for_recipe()
        self._load_preset()

    def _choose_data(self, reference: str) -> None:
        """Let the chooser say what the data are: the catalogue's sentence, or where own data lie."""
        entry = find_entry(reference)
        self._bar.data.setToolTip(translated(entry.summary) if entry else reference)

    def _offer_for_recipe(self) -> None:
        """Offer the recipe's presets and the data of its kind; data that a person has chosen stay if they suit it."""
        self._bar.set_presets(list(self.entry.presets))
        kind = self.entry.data
        suiting = {entry.name for entry in catalogue() if entry.kind is kind}
        suiting.add(self._own_data.get(kind, ""))
        chosen = "" if self._bar.data.currentData() == self._default_data else self.data
        self._default_data = self.entry.default_data
        self._bar.set_own_data(kind, offered=self.takes_own_data)
        self._offer_data(chosen if chosen and chosen in suiting else self._default_data)

    def _offer_data(self, chosen: str) -> None:
        kind = self.entry.data
        entries = [(entry.name, translated(entry.title)) for entry in catalogue() if entry.kind is kind]
        if own := self._own_data.get(kind, ""):
            entries.append((own, Path(own).name))
        self._bar.set_data(entries, chosen)
        self._choose_data(chosen)

    def _load_preset(self, _name: str = "") -> None:
        if self._engine is None:
            return
        try:
            recipe = self.entry.load()
            self._base = self._engine.config(self.entry.id, self._bar.preset.currentData())
        except GendeskError as error:
            self.failed.emit(str(error))
            return
        values = flat_values(self._base)
        self._form.set_fields(form_fields(recipe.Config, self.entry.data), values, values)
        self.recipe_changed.emit()
