"""Families come from three places, and one that is broken says why and hurts nobody else."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gendesk import plugins
from gendesk.engine.engine import Engine
from gendesk.engine.families import Families, find_families
from gendesk.errors import InputError, PluginError

MANIFEST = """
[family]
api = 1
title = "Mine"
summary = "My own."
order = 5
icon = "settings"

[[recipes]]
id = "mine"
title = "Mine"
summary = "My own."
class = "recipes:Mine"
data = "images"
default_data = "glyphs"
presets.quick = {}
presets.book = { steps = 3 }
"""
RECIPES = "from gendesk.engine.recipe import Recipe\n\nclass Mine(Recipe):\n    pass\n"
Write = Callable[..., Families]


@pytest.fixture(autouse=True)
def fresh_imports(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget the plugins that a test has brought."""
    before = set(sys.modules)
    monkeypatch.setattr(plugins, "__path__", list(plugins.__path__))
    yield
    for name in set(sys.modules) - before:
        if name.startswith(("gendesk.plugins.", "mine_package")):
            del sys.modules[name]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a plugin into the person's folder and find all families."""

    def write(name: str = "mine", manifest: str = MANIFEST, recipes: str = RECIPES) -> Families:
        folder = tmp_path / "plugins" / name
        folder.mkdir(parents=True)
        (folder / "plugin.toml").write_text(manifest)
        (folder / "recipes.py").write_text(recipes)
        return find_families(tmp_path / "plugins")

    return write


def assert_only_this_is_broken(families: Families, name: str, reason: str) -> None:
    broken = [family for family in families if family.error]
    assert [family.folder.name for family in broken] == [name]
    assert reason in broken[0].error
    assert "\n" not in broken[0].error
    assert broken[0].recipes == ()
    assert families.recipe("vae").load().Config.model_fields
    assert len({family.id for family in families}) == len(list(families))


def test_the_bundled_families_are_whole_and_in_order() -> None:
    families = find_families()
    assert [family.error for family in families if family.error] == []
    assert "autoencoder" in [family.id for family in families]
    orders = [family.order for family in families]
    assert orders == sorted(orders)


def test_a_folder_of_the_person_is_a_family_like_any_other(write: Write) -> None:
    families = write()
    mine = next(iter(families))
    assert (mine.id, mine.title, mine.order, mine.error) == ("mine", "Mine", 5, "")
    entry = families.recipe("mine")
    assert entry.load().__name__ == "Mine"
    assert entry.default_preset == "quick"
    assert entry.preset("book") == {"steps": 3}


def test_unknown_recipes_and_presets_name_the_known_ones(write: Write) -> None:
    families = write()
    with pytest.raises(InputError, match=r"no recipe wae; known are mine, .*vae"):
        families.recipe("wae")
    with pytest.raises(InputError, match="mine has no preset slow; known are quick, book"):
        families.recipe("mine").preset("slow")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[family]", "[family", "line 2"),
        ('title = "Mine"\nsummary = "My own."\norder', 'summary = "My own."\norder', "family.title: Field required"),
        ("order = 5", 'order = "first"', "family.order"),
        ("presets.quick = {}\npresets.book = { steps = 3 }", "", "recipes.0.presets: Field required"),
        ("presets.quick = {}\npresets.book = { steps = 3 }", "presets = {}", "recipes.0.presets"),
        ('class = "recipes:Mine"', 'class = "recipes"', "recipes.0.class"),
        ('data = "images"', 'data = "dreams"', "recipes.0.data"),
        ("api = 1", "api = 2", "newer gendesk"),
    ],
)
def test_a_broken_manifest_says_what_is_wrong(write: Write, old: str, new: str, reason: str) -> None:
    assert old in MANIFEST
    families = write(manifest=MANIFEST.replace(old, new))
    assert_only_this_is_broken(families, "mine", reason)
    assert "Traceback" in next(family for family in families if family.error).details


def test_a_manifest_that_is_no_text_is_broken(write: Write, tmp_path: Path) -> None:
    write()
    (tmp_path / "plugins" / "mine" / "plugin.toml").write_bytes(b"\xff\xfe\x00")
    assert_only_this_is_broken(find_families(tmp_path / "plugins"), "mine", "codec")


def test_an_id_is_given_once(write: Write) -> None:
    taken = MANIFEST.replace('id = "mine"', 'id = "vae"')
    assert_only_this_is_broken(write(manifest=taken), "mine", "the id vae is given away already")


def test_a_plugin_cannot_take_the_place_of_a_bundled_one(write: Write) -> None:
    families = write("autoencoder")
    assert_only_this_is_broken(families, "autoencoder", "the id autoencoder is given away already")
    assert next(family for family in families if family.id == "autoencoder").error == ""


def test_two_recipes_of_one_name_are_broken(write: Write) -> None:
    recipe = MANIFEST[MANIFEST.index("[[recipes]]") :]
    assert_only_this_is_broken(write(manifest=MANIFEST + recipe.replace("mine", "same") * 2), "mine", "the id same")


@pytest.mark.parametrize(
    ("recipes", "reason"),
    [
        ("import no_such_module", "(ModuleNotFoundError): No module named 'no_such_module'"),
        ("1 / 0", "(ZeroDivisionError): division by zero"),
        ("def", "(SyntaxError)"),
        ("", "(AttributeError)"),
        ("Mine = 5", "Mine is no subclass of Recipe"),
        ("raise ValueError('one\\ntwo')", "(ValueError): one."),
    ],
)
def test_code_that_fails_is_told_when_it_is_first_used(write: Write, recipes: str, reason: str) -> None:
    families = write(recipes=recipes)
    assert [family.error for family in families if family.error] == []
    with pytest.raises(PluginError) as caught:
        families.recipe("mine").load()
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert families.recipe("vae").load()


def test_an_engine_starts_whatever_is_broken(write: Write, data_dir: Path) -> None:
    families = write(manifest="nonsense", recipes="1 / 0")
    engine = Engine(data_dir, families)
    assert engine.config("vae").recipe == "vae"
    engine.close()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of installed packages."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return folder


def install(site: Path, entry: str) -> None:
    info = site / "mine-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[gendesk.plugins]\n{entry}\n")


def test_an_installed_package_brings_a_family(site: Path) -> None:
    package = site / "mine_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "plugin.toml").write_text(MANIFEST)
    (package / "recipes.py").write_text(RECIPES)
    install(site, "mine = mine_package")
    families = find_families()
    assert families.recipe("mine").load().__module__ == "mine_package.recipes"
    assert [family.error for family in families if family.error] == []


@pytest.mark.parametrize("module", ["mine_package", "mine_package.inner", "json", "mine_package_that_fails.inner"])
def test_an_installed_package_that_is_broken_says_why(site: Path, module: str) -> None:
    (site / "mine_package_that_fails").mkdir()
    (site / "mine_package_that_fails" / "__init__.py").write_text("1 / 0")
    install(site, f"mine = {module}")
    families = find_families()
    (broken,) = [family for family in families if family.error]
    assert broken.folder.name in ("mine", "json")
    assert families.recipe("vae").load()
