"""What the rooms may know of each other, and what a built wheel must carry."""

import ast
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("docs", "plugins", "resources")
LONGEST_MODULE = 450
QT = {"PySide6", "shiboken6", "qtpy"}
PLUGINS = sorted(path.parent for path in ROOT.glob("plugins/*/plugin.toml"))


def python(*arguments: str, cwd: Path = ROOT) -> str:
    """Run Python in a process of its own and return what it printed; its errors are the test's."""
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_imports_only_go_down() -> None:
    python("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache")


@pytest.mark.parametrize("module", ["gendesk.config", "gendesk.paths", "gendesk.errors", "gendesk.__main__"])
def test_neither_torch_nor_qt_is_loaded_before_it_is_needed(module: str) -> None:
    code = f"import sys, {module}; print([name for name in ('torch', 'PySide6') if name in sys.modules])"
    assert python("-c", code).strip() == "[]"


@pytest.mark.parametrize("folder", ["gendesk", "plugins"])
def test_no_module_grows_too_long(folder: str) -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in ROOT.joinpath(folder).rglob("*.py")}
    assert {str(path): length for path, length in lengths.items() if length > LONGEST_MODULE} == {}


# import-linter does not see the plugins, which become part of gendesk only when it runs.


def imported(path: Path) -> Iterator[str]:
    """Yield the full names that a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_there_are_plugins() -> None:
    assert PLUGINS


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_only_studios_know_qt(plugin: Path) -> None:
    rooms_with_qt = ("gendesk.app.", "gendesk.studios.", "gendesk.widgets.")
    for path in plugin.rglob("*.py"):
        if any(part.startswith("studio") for part in path.relative_to(plugin).parts):
            continue
        names = set(imported(path))
        assert {name for name in names if name.split(".")[0] in QT} == set(), path
        assert {name for name in names if f"{name}.".startswith(rooms_with_qt)} == set(), path


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_plugins_know_neither_the_app_nor_each_other(plugin: Path) -> None:
    own = f"gendesk.plugins.{plugin.name}."
    for path in plugin.rglob("*.py"):
        names = [f"{name}." for name in imported(path)]
        assert [name for name in names if name.startswith("gendesk.app.")] == [], path
        assert [name for name in names if name.startswith("gendesk.plugins.") and not name.startswith(own)] == [], path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The contents of the wheel made from the source distribution: the long way, which needs every step to be right."""
    pytest.importorskip("hatchling", reason="hatchling builds the wheel; the extra `test` brings it")
    folder = tmp_path_factory.mktemp("wheel")
    python("-m", "hatchling", "build", "--target", "sdist", "--directory", str(folder))
    with tarfile.open(next(folder.glob("*.tar.gz"))) as sdist:
        # Python before 3.11.4 knows no filters, and from 3.12 on it warns where none is named.
        sdist.extractall(folder / "sdist", **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    source = next((folder / "sdist").iterdir())
    python("-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=source)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


@pytest.mark.parametrize("room", ROOMS)
def test_the_wheel_carries_every_file_of_a_room(site: Path, room: str) -> None:
    tracked = subprocess.run(["git", "ls-files", "-z", room], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [name for name in tracked.stdout.split("\0") if name]
    assert files
    assert [name for name in files if not (site / "gendesk" / name).is_file()] == []


def test_the_wheel_carries_nothing_else(site: Path) -> None:
    assert sorted(path.name for path in site.iterdir() if not path.name.endswith(".dist-info")) == ["gendesk"]
    assert list(site.rglob("__pycache__")) == []


def test_an_installed_gendesk_finds_its_plugins_and_resources(site: Path, tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r})\n"
        "import importlib\n"
        "from gendesk.paths import bundled\n"
        f"for room in {ROOMS}: print(bundled(room))\n"
        "from gendesk.engine.families import find_families\n"
        "for recipe in find_families().recipes.values():\n"
        "    print(sys.modules[recipe.load().__module__].__file__)"
    )
    found = [Path(line) for line in python("-B", "-c", code, cwd=tmp_path).splitlines()]
    assert found[: len(ROOMS)] == [site / "gendesk" / room for room in ROOMS]
    modules = found[len(ROOMS) :]
    assert {path.relative_to(site / "gendesk" / "plugins").parts[0] for path in modules} == {
        one.name for one in PLUGINS
    }
