"""A JACK server without a sound card, and FluidSynth on it: what Debian's jackd2, fluidsynth and a sound font give."""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from gendesk.music.fluidsynth import find_fluidsynth

PROGRAMS = ("jackd", "jack_rec", "jack_lsp", "fluidsynth")
RATE = 44_100
PERIOD = 256


def absent() -> list[str]:
    """Return what is not installed."""
    lacking = [program for program in PROGRAMS if not shutil.which(program)]
    return lacking + ([] if find_fluidsynth() else ["a sound font"])


def waited_for(true: Callable[[], bool], what: str, seconds: float = 10.0) -> None:
    """Ask ten times a second until something is true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what} did not come"
        time.sleep(0.1)


@contextlib.contextmanager
def process(folder: Path, *command: str) -> Iterator[subprocess.Popen]:
    """Run a program for as long as it is needed; what it says goes to a file named after it."""
    with (folder / f"{command[0]}.log").open("wb") as log:
        running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield running
        finally:
            running.stdin.close()
            running.terminate()
            try:
                running.wait(1)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def jack_ports() -> str:
    found = subprocess.run(["jack_lsp"], check=False, capture_output=True, text=True)
    return found.stdout if found.returncode == 0 else ""


@contextlib.contextmanager
def jack_server(folder: Path) -> Iterator[str]:
    """Run a server of its own name, and make it the one that everybody asks.

    It asks for real-time scheduling, because a busy machine would make it lose periods, which shortens what is heard.
    """
    name = f"gendesk-test-{os.getpid()}"
    before = os.environ.get("JACK_DEFAULT_SERVER")
    os.environ["JACK_DEFAULT_SERVER"] = name
    try:
        options = ("--realtime", "-P", "20", "--silent", "-n", name, "-d", "dummy", "-r", str(RATE), "-p", str(PERIOD))
        with process(folder, "jackd", *options):
            waited_for(lambda: "system:" in jack_ports(), "the JACK server")
            yield name
    finally:
        if before is None:
            del os.environ["JACK_DEFAULT_SERVER"]
        else:
            os.environ["JACK_DEFAULT_SERVER"] = before


@contextlib.contextmanager
def fluidsynth_on_jack(folder: Path) -> Iterator[str]:
    """Run FluidSynth with its MIDI and its sound on JACK, and give the name of its MIDI port."""
    found = find_fluidsynth()
    assert found
    options = ("-q", "-s", "-a", "jack", "-m", "jack", "-j", "-r", str(RATE), "-o", "synth.reverb.active=0")
    with process(folder, "fluidsynth", *options, str(found.font)):
        waited_for(lambda: "fluidsynth-midi:midi" in jack_ports(), "FluidSynth")
        yield "fluidsynth-midi"
