"""The set-up script, started the way people start it, on a small checkout with an environment of its own."""

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
BOOTSTRAP = ROOT / "installer" / "bootstrap.py"

# Stands in for the program, to see what reaches it.
PROGRAM = "import json, os, sys; print(json.dumps(sys.argv[1:])); sys.exit(int(os.environ.get('EXIT_CODE', '0')))"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in a folder with a space, with a program that prints its arguments, and no environment yet."""
    root = tmp_path / "my checkout"
    (root / "installer").mkdir(parents=True)
    (root / "gendesk").mkdir()
    (root / "gendesk" / "__main__.py").write_text(PROGRAM)
    for name in ("installer/bootstrap.py", "installer/constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, root / name)
    return root


@pytest.fixture
def installed(checkout: Path) -> Path:
    """The same checkout after an installation: an environment and its stamp."""
    venv.create(checkout / ".venv", with_pip=False, symlinks=os.name == "posix")
    module = load(checkout)
    module.STAMP.write_text(json.dumps(module.new_stamp(["lint", "test"])))
    return checkout


def load(checkout: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", checkout / "installer" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def start(checkout: Path, *words: str, before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Start bootstrap.py in a machine without display and tools; `before` is Python that runs ahead of it."""
    script = checkout / "installer" / "bootstrap.py"
    command = [sys.executable, str(script), *words]
    if before:
        code = f"import runpy, sys; {before}; sys.argv.pop(0); runpy.run_path(sys.argv[0], run_name='__main__')"
        command = [sys.executable, "-c", code, str(script), *words]
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        command,
        cwd=checkout,
        env={**inherited, "PATH": "", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_a_known_word_it_says_how_to_use_it() -> None:
    assert start(ROOT).returncode == 2
    unknown = start(ROOT, "install")
    assert unknown.returncode == 2
    assert "bootstrap.py run [ARGS]" in unknown.stderr
    asked = start(ROOT, "--help")
    assert asked.returncode == 0
    assert "bootstrap.py test [PYTEST ARGS]" in asked.stdout


def test_an_old_python_can_read_it_and_is_told_so_before_anything_else() -> None:
    tree = ast.parse(BOOTSTRAP.read_text(encoding="utf-8"), feature_version=(3, 6))
    assert [type(node) for node in tree.body[:3]] == [ast.Expr, ast.Import, ast.If]

    answer = start(ROOT, "run", before="sys.version_info = (3, 8, 0, 'final', 0)")
    assert answer.returncode == 1
    assert answer.stderr.startswith("gendesk needs Python 3.11 or newer and this is Python 3.8;")
    assert answer.stderr.count("\n") == 1


def test_a_python_without_venv_is_answered_with_the_command_that_helps(checkout: Path) -> None:
    answer = start(checkout, "run", before="sys.modules['ensurepip'] = None")
    assert answer.returncode == 1
    assert f"apt-get install python3.{sys.version_info[1]}-venv" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_arguments_and_exit_code_pass_through_and_nothing_is_installed(installed: Path) -> None:
    answer = start(installed, "run", "train", "vae", "--set", "epochs=1", EXIT_CODE="7")
    assert json.loads(answer.stdout) == ["train", "vae", "--set", "epochs=1"]
    assert answer.returncode == 7
    assert answer.stderr == ""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a display")
def test_without_a_display_the_window_becomes_a_training(installed: Path) -> None:
    answer = start(installed, "run")
    assert json.loads(answer.stdout) == ["train"]
    assert "There is no display" in answer.stderr


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_with_a_display_the_window_opens(installed: Path, name: str) -> None:
    answer = start(installed, "run", **{name: "offscreen"})
    assert json.loads(answer.stdout) == []
    assert "no display" not in answer.stderr


def test_the_stamp_follows_the_packages_the_extras_and_the_place(checkout: Path) -> None:
    module = load(checkout)
    first = module.new_stamp(["test"])
    assert module.new_stamp(["test"]) == first
    assert module.new_stamp([]) != first

    constraints = checkout / "installer" / "constraints.txt"
    constraints.write_text(constraints.read_text() + "one-more==1.0\n")
    assert module.new_stamp(["test"])["packages"] != first["packages"]

    moved = checkout.rename(checkout.with_name("moved"))
    assert load(moved).new_stamp(["test"])["place"] != first["place"]


@pytest.mark.parametrize("damage", ["no stamp", "unreadable stamp", "moved", "no python"])
def test_a_half_made_or_foreign_environment_is_made_anew(installed: Path, damage: str) -> None:
    stamp = installed / ".venv" / "gendesk-stamp.json"
    if damage == "no stamp":
        stamp.unlink()
    elif damage == "unreadable stamp":
        stamp.write_text("{")
    elif damage == "moved":
        installed = installed.rename(installed.with_name("moved"))
    else:
        shutil.rmtree(installed / ".venv" / ("Scripts" if os.name == "nt" else "bin"))
    # That it begins anew shows in its asking for the module venv.
    answer = start(installed, "run", "--version", before="sys.modules['ensurepip'] = None")
    assert "-venv" in answer.stderr
    assert answer.stdout == ""


def test_an_installation_that_fails_ends_in_a_sentence_and_leaves_no_stamp(installed: Path) -> None:
    constraints = installed / "installer" / "constraints.txt"
    constraints.write_text(constraints.read_text() + "one-more==1.0\n")
    answer = start(installed, "run", "--version")  # this environment has no pip
    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1].startswith("The packages could not be installed")
    assert not (installed / ".venv" / "gendesk-stamp.json").exists()


@pytest.mark.parametrize(
    ("output", "beginning"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("NewConnectionError: Failed to establish a new connection: [Errno 101]", "The packages could not be fetched"),
        ("ERROR: ResolutionImpossible", "The packages could not be installed"),
    ],
)
def test_the_reason_of_a_failure_is_one_sentence(checkout: Path, output: str, beginning: str) -> None:
    sentence = load(checkout).reason(output)
    assert sentence.startswith(beginning)
    assert sentence.count(".") == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="shared libraries by their Linux names")
def test_a_library_is_missing_when_it_cannot_be_loaded(checkout: Path) -> None:
    module = load(checkout)
    assert module.loads("libc.so.6")
    assert not module.loads("libno-such-thing.so.1")


@pytest.mark.installs
def test_a_fresh_clone_starts_and_starts_again_at_once(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    command = [sys.executable, str(clone / "installer" / "bootstrap.py"), "run", "--version"]
    try:
        first = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "Installing" in first.stderr
        began = time.monotonic()
        second = subprocess.run(command, capture_output=True, text=True, check=True)
        assert time.monotonic() - began < 3
        assert second.stdout == first.stdout != ""
        assert second.stderr == ""
    finally:
        shutil.rmtree(clone)  # more than a GB
