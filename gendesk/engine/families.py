"""Finds families and their recipes: manifests are read at once, code is imported when it is first used."""

import importlib
import importlib.metadata
import importlib.util
import sys
import tomllib
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field, ValidationError

from gendesk import plugins
from gendesk.config import checked
from gendesk.data.dataset import DatasetKind
from gendesk.errors import InputError, PluginError
from gendesk.paths import bundled

if TYPE_CHECKING:
    from gendesk.engine.recipe import MetricSpec, Recipe

API = 1
ENTRY_POINTS = "gendesk.plugins"


@dataclass(frozen=True)
class RecipeEntry:
    """A recipe as its manifest describes it; `presets` hold what differs from the config's defaults.

    `page` is the Markdown file pages/ID.md beside the manifest, which explains the recipe; it need not be there.
    `feature_preset` is the preset that trains a feature network for other models, "" if the recipe trains none.
    `after` are the recipes whose runs it can build on; see `gendesk.engine.upstream`.
    """

    id: str
    title: str
    summary: str
    family: str
    package: str
    target: str
    data: DatasetKind
    default_data: str
    presets: Mapping[str, Mapping[str, Any]]
    page: Path
    feature_preset: str = ""
    after: tuple[str, ...] = ()

    @property
    def default_preset(self) -> str:
        return next(iter(self.presets))

    def load(self) -> "type[Recipe[Any, Any]]":
        """Import the recipe's class; raises PluginError with the cause."""
        from gendesk.engine.recipe import Recipe  # here, because it needs torch and manifests do not

        module_name, _, class_name = self.target.partition(":")
        try:
            recipe = getattr(importlib.import_module(f"{self.package}.{module_name}"), class_name)
        except Exception as error:
            reason = str(error).partition("\n")[0].rstrip(".")
            raise PluginError(f"The recipe {self.id} cannot be loaded ({type(error).__name__}): {reason}.") from error
        if not (isinstance(recipe, type) and issubclass(recipe, Recipe)):
            raise PluginError(f"The recipe {self.id} cannot be loaded: {class_name} is no subclass of Recipe.")
        return recipe

    def metrics(self, config: Mapping[str, Any]) -> "tuple[MetricSpec, ...]":
        """Return what a run with these settings of the recipe reports; all there is where they are no longer valid."""
        recipe = self.load()
        try:
            return recipe.metrics_of(checked(recipe.Config, config))
        except InputError:
            return recipe.metrics

    def preset(self, name: str) -> Mapping[str, Any]:
        """Return the values of a preset; raises InputError if there is none of that name."""
        if name not in self.presets:
            raise InputError(f"{self.id} has no preset {name}; known are {', '.join(self.presets)}.")
        return self.presets[name]


@dataclass(frozen=True)
class StudioEntry:
    """A studio as a manifest describes it, for the recipes named, or for all of the family if there are none.

    `target` is a class in a module of the plugin's package, "studio:Class", or in gendesk, by the module's full name.
    `width` is how much room it wants, in pixels.
    """

    id: str
    title: str
    summary: str
    package: str
    target: str
    recipes: tuple[str, ...]
    width: int

    def load(self) -> Any:
        """Import the studio's class, which needs Qt; raises PluginError with the cause."""
        module_name, _, class_name = self.target.partition(":")
        try:
            own = not module_name.startswith("gendesk.")
            full_name = f"{self.package}.{module_name}" if own else module_name
            return getattr(importlib.import_module(full_name), class_name)
        except Exception as error:
            reason = str(error).partition("\n")[0].rstrip(".")
            raise PluginError(f"The studio {self.id} cannot be loaded ({type(error).__name__}): {reason}.") from error


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
    studios: tuple[StudioEntry, ...] = ()
    error: str = ""
    details: str = ""

    def studios_for(self, recipe_id: str) -> tuple[StudioEntry, ...]:
        return tuple(studio for studio in self.studios if not studio.recipes or recipe_id in studio.recipes)


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
    for read in _plugins(user_folder):
        family = read()
        ids = [family.id, *(recipe.id for recipe in family.recipes if recipe.id != family.id)]
        clash = sorted({name for name in ids if name in taken or ids.count(name) > 1})
        if clash:
            reason = f"the id {clash[0]} is given away already."
            # Its folder tells it from the plugin that has the name, whose tab stays as it is.
            family = replace(_broken(family.folder, reason), id=str(family.folder))
            ids = [family.id]
        taken.update(ids)
        found.append(family)
    return Families(tuple(sorted(found, key=lambda family: (family.order, family.id))))


def _plugins(user_folder: Path | None) -> Iterator[Callable[[], Family]]:
    roots = [bundled("plugins")]
    if user_folder is not None and user_folder.is_dir():
        roots.append(user_folder)
        if str(user_folder) not in plugins.__path__:
            plugins.__path__.append(str(user_folder))
    for root in roots:
        for manifest in sorted(root.glob("*/plugin.toml")):
            yield partial(_read_family, manifest.parent, f"gendesk.plugins.{manifest.parent.name}")
    for entry in importlib.metadata.entry_points(group=ENTRY_POINTS):
        yield partial(_read_package, entry)


def _read_package(entry: importlib.metadata.EntryPoint) -> Family:
    try:
        spec = importlib.util.find_spec(entry.module)
    except Exception as error:  # noqa: BLE001 (finding a module imports the packages around it, which may do anything)
        return _broken(Path(entry.name), f"{entry.module} cannot be found: {error}.")
    locations = list(spec.submodule_search_locations or ()) if spec else []
    if not locations:
        return _broken(Path(entry.name), f"{entry.module} is no installed package.")
    return _read_family(Path(locations[0]), entry.module)


class _RecipeManifest(BaseModel):
    """A `[[recipes]]` table of plugin.toml."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    summary: str
    target: str = Field(alias="class", pattern=r"^[\w.]+:\w+$")
    data: DatasetKind
    default_data: str
    presets: dict[str, dict[str, Any]] = Field(min_length=1)
    feature_preset: str = ""
    after: tuple[str, ...] = ()


class _StudioManifest(BaseModel):
    """A `[[studios]]` table of plugin.toml."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    summary: str
    target: str = Field(alias="class", pattern=r"^[\w.]+:\w+$")
    recipes: tuple[str, ...] = ()
    width: int = Field(300, ge=200, le=1000)


class _FamilyManifest(BaseModel):
    """The `[family]` table of plugin.toml."""

    api: int
    title: str
    summary: str
    order: int
    icon: str


class _Manifest(BaseModel):
    """What plugin.toml must hold."""

    family: _FamilyManifest
    recipes: tuple[_RecipeManifest, ...] = Field(min_length=1)
    studios: tuple[_StudioManifest, ...] = ()


def _read_family(folder: Path, package: str) -> Family:
    try:
        manifest = _Manifest.model_validate(tomllib.loads((folder / "plugin.toml").read_text(encoding="utf-8")))
        family = manifest.family
        if family.api > API:
            raise PluginError("it was made for a newer gendesk.")
    except ValidationError as error:
        first = error.errors()[0]
        return _broken(folder, f"plugin.toml, {'.'.join(map(str, first['loc']))}: {first['msg']}.")
    except Exception as error:  # noqa: BLE001 (what a stranger's manifest does wrong stays in its tab)
        return _broken(folder, str(error))
    return Family(
        id=folder.name,
        title=family.title,
        summary=family.summary,
        order=family.order,
        icon=family.icon,
        folder=folder,
        recipes=tuple(
            RecipeEntry(
                family=folder.name,
                package=package,
                page=folder / "pages" / f"{recipe.id}.md",
                **recipe.model_dump(),
            )
            for recipe in manifest.recipes
        ),
        studios=tuple(StudioEntry(package=package, **studio.model_dump()) for studio in manifest.studios),
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
        details=traceback.format_exc() if sys.exc_info()[0] else "",
    )
