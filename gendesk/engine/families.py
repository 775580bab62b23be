"""Finds families and their recipes: manifests are read at once, code is imported when it is first used."""

import importlib
import importlib.metadata
import importlib.util
import tomllib
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gendesk import plugins
from gendesk.data.dataset import DatasetKind
from gendesk.errors import InputError, PluginError
from gendesk.paths import bundled

if TYPE_CHECKING:
    from gendesk.engine.recipe import Recipe

API = 1
ENTRY_POINTS = "gendesk.plugins"


@dataclass(frozen=True)
class RecipeEntry:
    """A recipe as its manifest describes it; `presets` hold what differs from the config's defaults."""

    id: str
    title: str
    summary: str
    family: str
    package: str
    target: str
    data: DatasetKind
    default_data: str
    presets: Mapping[str, Mapping[str, Any]]

    @property
    def default_preset(self) -> str:
        return next(iter(self.presets))

    def load(self) -> "type[Recipe[Any]]":
        """Import the recipe's class; raises PluginError with the cause."""
        module_name, _, class_name = self.target.partition(":")
        try:
            module = importlib.import_module(f"{self.package}.{module_name}")
            recipe: type[Recipe[Any]] = getattr(module, class_name)
        except Exception as error:
            raise PluginError(f"The recipe {self.id} cannot be loaded: {error}.") from error
        return recipe

    def preset(self, name: str) -> Mapping[str, Any]:
        """Return the values of a preset; raises InputError if there is none of that name."""
        if name not in self.presets:
            raise InputError(f"{self.id} has no preset {name}; known are {', '.join(self.presets)}.")
        return self.presets[name]


@dataclass(frozen=True)
class Family:
    """A plugin folder. One that cannot be read has no recipes but an `error` and its traceback in `details`."""

    id: str
    title: str
    summary: str
    order: int
    icon: str
    folder: Path
    recipes: tuple[RecipeEntry, ...] = ()
    studios: tuple[str, ...] = ()
    error: str = ""
    details: str = ""


@dataclass(frozen=True)
class Families:
    """All families in the order of their tabs."""

    families: tuple[Family, ...] = field(default=())

    def __iter__(self) -> Iterator[Family]:
        return iter(self.families)

    @property
    def recipes(self) -> dict[str, RecipeEntry]:
        return {recipe.id: recipe for family in self.families for recipe in family.recipes}

    def recipe(self, recipe_id: str) -> RecipeEntry:
        """Return a recipe by its id; raises InputError that names the known ones."""
        if recipe_id not in self.recipes:
            raise InputError(f"There is no recipe {recipe_id}; known are {', '.join(self.recipes) or 'none'}.")
        return self.recipes[recipe_id]


def find_families(user_folder: Path | None = None) -> Families:
    """Read the manifests of the bundled folder, the person's plugin folder and installed packages."""
    found: list[Family] = []
    taken: set[str] = set()
    for folder, package in _plugin_folders(user_folder):
        family = _read_family(folder, package)
        clash = {family.id, *(recipe.id for recipe in family.recipes)} & taken
        if clash:
            family = _broken(folder, f"{', '.join(sorted(clash))}: another plugin has this id already.")
        taken |= {family.id, *(recipe.id for recipe in family.recipes)}
        found.append(family)
    return Families(tuple(sorted(found, key=lambda family: (family.order, family.id))))


def _plugin_folders(user_folder: Path | None) -> Iterator[tuple[Path, str]]:
    roots = [bundled("plugins")]
    if user_folder is not None and user_folder.is_dir():
        roots.append(user_folder)
        if str(user_folder) not in plugins.__path__:
            plugins.__path__.append(str(user_folder))
    for root in roots:
        for manifest in sorted(root.glob("*/plugin.toml")):
            yield manifest.parent, f"gendesk.plugins.{manifest.parent.name}"
    for entry in importlib.metadata.entry_points(group=ENTRY_POINTS):
        spec = importlib.util.find_spec(entry.module)
        for location in (spec.submodule_search_locations or []) if spec else []:
            yield Path(location), entry.module


def _read_family(folder: Path, package: str) -> Family:
    try:
        manifest = tomllib.loads((folder / "plugin.toml").read_text(encoding="utf-8"))
        family = manifest["family"]
        if family["api"] > API:
            raise PluginError("it was made for a newer gendesk.")
        return Family(
            id=folder.name,
            title=family["title"],
            summary=family["summary"],
            order=family["order"],
            icon=family["icon"],
            folder=folder,
            studios=tuple(family.get("studios", ())),
            recipes=tuple(_read_recipe(folder.name, package, recipe) for recipe in manifest["recipes"]),
        )
    except KeyError as error:
        return _broken(folder, f"plugin.toml lacks {error}.")
    except Exception as error:  # noqa: BLE001 (what a stranger's manifest does wrong stays in its tab)
        return _broken(folder, str(error))


def _read_recipe(family: str, package: str, recipe: Mapping[str, Any]) -> RecipeEntry:
    return RecipeEntry(
        id=recipe["id"],
        title=recipe["title"],
        summary=recipe["summary"],
        family=family,
        package=package,
        target=recipe["class"],
        data=DatasetKind(recipe["data"]),
        default_data=recipe["default_data"],
        presets=recipe["presets"],
    )


def _broken(folder: Path, reason: str) -> Family:
    return Family(
        id=folder.name,
        title=folder.name,
        summary="This plugin cannot be loaded.",
        order=1000,
        icon="warning",
        folder=folder,
        error=f"The plugin in {folder} cannot be loaded: {reason}",
        details=traceback.format_exc(),
    )
