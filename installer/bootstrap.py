#!/usr/bin/env python3
"""Sets gendesk up on a fresh machine and starts it: `run [ARGS]` opens the window or, with ARGS, the command line;
`test [PYTEST ARGS]` runs the test suite.

The first start makes a virtual environment `.venv` in the checkout, installs gendesk there as an editable package with
the versions of constraints.txt, and on Debian and Ubuntu adds the system libraries that Qt's windows need. A stamp file
in the environment says what was installed; it is taken away before an installation and written after it, so that an
interrupted one is repaired by the next start, and a finished one costs the next start nothing.

Needs only the standard library. The syntax stays readable for Python 3.6, so that an old one answers with a sentence.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the very check that needs an older Python to be of use
    sys.exit(
        "gendesk needs Python 3.11 or newer and this is Python {}.{}; start it with a newer one, for example: "
        "python3.12 installer/bootstrap.py run".format(*sys.version_info)
    )

import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "gendesk-stamp.json"
PYPROJECT = ROOT / "pyproject.toml"
CONSTRAINTS = ROOT / "installer" / "constraints.txt"

USAGE = """usage: python3 installer/bootstrap.py run [ARGS]          open the window, or run `gendesk ARGS`
       python3 installer/bootstrap.py test [PYTEST ARGS]  run the test suite"""

# A folder page of torch builds that need no CUDA: 200 MB to fetch instead of several GB.
TORCH_FOR_CPU = "https://download.pytorch.org/whl/cpu/torch/"

# What Qt's libraries and its xcb platform load, with the Debian package that holds it.
QT_LIBRARIES = {
    "libdbus-1.so.3": "libdbus-1-3",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libbrotlidec.so.1": "libbrotli1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


class SetupError(Exception):
    """The set-up cannot go on; its text is the sentence for the person in front of it."""


def main(words: list[str]) -> int:
    """Carry out `run ...` or `test ...` and return the exit code; on POSIX this process becomes gendesk or pytest."""
    if words[:1] in (["-h"], ["--help"]):
        print(USAGE)
        return 0
    if words[:1] not in (["run"], ["test"]):
        say(USAGE)
        return 2
    try:
        return run(words[1:]) if words[0] == "run" else test(words[1:])
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Interrupted; the next start goes on from here.")
        return 130


def run(arguments: list[str]) -> int:
    """Open the window or, with arguments, run the command line; without a display the window becomes a training."""
    display = has_display(os.environ)
    if not arguments and not display:
        say("There is no display here, so gendesk trains its default recipe without a window.")
        arguments = ["train"]
    # The options of the window and of all commands stand before the command.
    window = display and (not arguments or arguments[0].startswith("-"))
    prepare(extras=set(), qt_libraries=window)
    return become(["-m", "gendesk", *arguments])


def test(arguments: list[str]) -> int:
    """Run pytest on the checkout, with Qt's offscreen platform unless the environment names another."""
    prepare(extras={"lint", "test"}, qt_libraries=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.chdir(ROOT)
    return become(["-m", "pytest", *arguments])


def has_display(environment: Mapping[str, str]) -> bool:
    """Return whether a window can be shown; only Linux can lack a display, or be told of another Qt platform."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(environment.get(name) for name in names)


def become(arguments: list[str]) -> int:
    """Go on as the environment's Python; where a process cannot be replaced (Windows), wait for it as a child."""
    sys.stdout.flush()
    command = [str(environment_python()), *arguments]
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


def say(line: str) -> None:
    """Print a line of progress where it cannot mix with the output of the command line."""
    print(line, file=sys.stderr, flush=True)


# The environment and its stamp


def prepare(extras: set[str], qt_libraries: bool) -> None:
    """Bring the environment up to date; a second call with the same wishes installs nothing."""
    if qt_libraries and sys.platform.startswith("linux"):
        install_qt_libraries()
    stamp = read_stamp()
    if stamp.get("place", place()) != place() or not (stamp or environment_works()):
        stamp = {}
        make_environment()
    known = stamp.get("extras", [])
    wanted = sorted(extras.union(known if isinstance(known, list) else []))
    if stamp != new_stamp(wanted):
        STAMP.unlink(missing_ok=True)
        install_packages(wanted)
        STAMP.write_text(json.dumps(new_stamp(wanted)), encoding="utf-8")


def environment_python() -> Path:
    """Return the environment's Python, which may not be there yet."""
    return ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def place() -> str:
    """Return what an environment is made for: it is made anew for another Python or when the checkout has moved."""
    return f"Python {sys.version_info[0]}.{sys.version_info[1]} in {ROOT}"


def new_stamp(extras: list[str]) -> dict[str, object]:
    """Return what the stamp says after an installation from the checkout as it is now."""
    packages = hashlib.sha256(PYPROJECT.read_bytes() + CONSTRAINTS.read_bytes()).hexdigest()
    return {"place": place(), "packages": packages, "extras": extras}


def read_stamp() -> dict[str, object]:
    """Return what the last finished installation wrote, or nothing where none was finished or Python has gone."""
    if not environment_python().exists():
        return {}
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def environment_works() -> bool:
    """Return whether there is an environment that can be installed into, and not one left half-made."""
    check = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return finish([str(environment_python()), "-c", check]) == (0, "")
    except OSError:
        return False


def make_environment() -> None:
    """Make the virtual environment anew; raises SetupError where Python came without the modules for it."""
    if not all(importlib.util.find_spec(module) for module in ("venv", "ensurepip")):
        raise SetupError(
            "This Python came without its module venv; install it and start again "
            f"(on Debian and Ubuntu: apt-get install python3.{sys.version_info[1]}-venv)."
        )
    say(f"Making a virtual environment in {ENVIRONMENT} ...")
    # The base interpreter, so that an environment can also be made anew from its own Python.
    python = getattr(sys, "_base_executable", None) or sys.executable
    code, output = finish([python, "-m", "venv", "--clear", str(ENVIRONMENT)])
    if code:
        raise SetupError(f"{last_lines(output)}\nThe virtual environment in {ENVIRONMENT} could not be made.")


def finish(command: list[str]) -> tuple[int, str]:
    """Run a command to its end without input and return its exit code and what it printed."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    return done.returncode, done.stdout.decode(errors="replace")


def last_lines(output: str) -> str:
    """Return the lines of a failed command's output that usually say why."""
    return "\n".join(output.splitlines()[-15:])


# Packages


def install_packages(extras: list[str]) -> None:
    """Install gendesk as an editable package with the pinned versions, and with a small torch where that will do."""
    say("Installing gendesk and the packages it needs; the first time this fetches several hundred MB ...")
    editable = f".[{','.join(extras)}]" if extras else "."
    arguments = ["install", "--editable", editable, "--constraint", str(CONSTRAINTS)]
    if needs_torch_for_cpu() and answers(TORCH_FOR_CPU):
        try:
            return pip([*arguments, "--find-links", TORCH_FOR_CPU])
        except SetupError:
            say("That did not work with the build of torch for CPUs only; trying the usual one ...")
    return pip(arguments)


def needs_torch_for_cpu() -> bool:
    """Return whether torch is still to be installed on a machine that could not use the CUDA in Linux' usual build."""
    installed = any(ENVIRONMENT.glob("lib/python3*/site-packages/torch/__init__.py"))
    nvidia = Path("/dev/nvidia0").exists() or shutil.which("nvidia-smi")
    return sys.platform.startswith("linux") and not installed and not nvidia


def answers(address: str) -> bool:
    """Return whether a page can be reached, without waiting long for it."""
    try:
        with urllib.request.urlopen(address, timeout=3):
            return True
    except OSError:
        return False


def pip(arguments: list[str]) -> None:
    """Run the environment's pip, which follows the machine's own configuration; shows only the large downloads."""
    command = [str(environment_python()), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    lines = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            if line.strip().startswith("Downloading ") and " MB)" in line:
                say("  " + line.strip().rpartition("/")[2].removeprefix("Downloading "))
    if process.returncode:
        output = "".join(lines)
        raise SetupError(f"{last_lines(output)}\n{reason(output)}")


def reason(output: str) -> str:
    """Return the sentence for what stopped pip."""
    offline = ("Failed to establish a new connection", "name resolution", "NameResolutionError", "timed out")
    if "No space left on device" in output:
        return "The disk is full; make room for about 2 GB and start again."
    if any(sign in output for sign in offline):
        return "The packages could not be fetched; connect this machine to the network and start again."
    return "The packages could not be installed, for the reason that pip gives above."


# System libraries


def install_qt_libraries() -> None:
    """Install the libraries that Qt's windows need and this machine lacks, or say how to; never stops the start."""
    packages = missing_qt_packages()
    if not packages:
        return
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    prefix = root_prefix()
    if prefix is not None:
        say(f"Installing the system libraries that Qt needs: {', '.join(packages)} ...")
        for command in (["apt-get", "update"], install):
            code, output = finish([*prefix, "env", "DEBIAN_FRONTEND=noninteractive", *command])
            if code:
                say(last_lines(output))
        packages = missing_qt_packages()
    if packages:
        say(f"Qt lacks system libraries here; on Debian and Ubuntu they come with: sudo {' '.join(install)}")


def missing_qt_packages() -> list[str]:
    """Return the Debian packages of the libraries that cannot be loaded."""
    return [package for library, package in QT_LIBRARIES.items() if not loads(library)]


def loads(library: str) -> bool:
    """Return whether the system finds a shared library and all that this one needs."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def root_prefix() -> list[str] | None:
    """Return the words that make apt-get run as root without asking for a password; None where nothing does."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    return sudo if shutil.which("sudo") and finish([*sudo, "true"])[0] == 0 else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
