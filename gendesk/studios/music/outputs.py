"""What music in the window can sound on and come from: the built-in sound, FluidSynth and MIDI ports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gendesk.music.output import Output
from gendesk.music.port_watcher import PortWatcher
from gendesk.music.ports import Port

BUILT_IN = "built-in"
FLUIDSYNTH = "fluidsynth"
_PORT = "port:"


@dataclass(frozen=True, slots=True)
class OutputChoice:
    """An output by its id; `title` is what people call it."""

    id: str
    title: str


def named(choice: str) -> OutputChoice:
    """Return an output by its id as it is called, also one that is not there now."""
    return OutputChoice(choice, "FluidSynth" if choice == FLUIDSYNTH else choice.removeprefix(_PORT))


BUILT_IN_SOUND = OutputChoice(BUILT_IN, "Built-in sound")


class SilentOutput:
    """Takes all notes and makes no sound: a piece can be followed with the eyes where nothing can be heard."""

    def note_on(self, channel: int, pitch: int, velocity: int) -> None: ...

    def note_off(self, channel: int, pitch: int) -> None: ...

    def program(self, channel: int, program: int) -> None: ...

    def control(self, channel: int, number: int, value: int) -> None: ...

    def all_off(self) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Offer:
    """What is there: outputs, the names of MIDI inputs, and the sentence that says why there can be none, or ""."""

    outputs: Sequence[OutputChoice] = (BUILT_IN_SOUND,)
    inputs: Sequence[str] = ()
    problem: str = ""


def offered() -> Offer:
    """List what is there now; it asks the system, so call it on a worker thread."""
    from gendesk.music.fluidsynth import find_fluidsynth
    from gendesk.music.ports import input_ports, output_ports, why_none

    found = [BUILT_IN_SOUND]
    if find_fluidsynth() is not None:
        found.append(named(FLUIDSYNTH))
    names = dict.fromkeys(port.name for port in output_ports())
    inputs = tuple(dict.fromkeys(port.name for port in input_ports()))
    outputs = (*found, *(named(_PORT + name) for name in names))
    return Offer(outputs, inputs, "" if inputs else why_none())


class PortWatch:
    """Tells, from a thread of its own, when a MIDI port has come or gone."""

    def __init__(self, told: Callable[[], None]) -> None:
        self._told = told
        self._watcher: PortWatcher | None = None

    def begin(self) -> None:
        """Watch from now on; it asks the system, so call it on a worker thread."""
        if self._watcher is None:
            self._watcher = PortWatcher(self._tell)

    def close(self) -> None:
        """Watch no more, until it begins again."""
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.close()

    def _tell(self, _outputs: list[Port], _inputs: list[Port]) -> None:
        self._told()


def open_output(choice: str) -> Output:
    """Open an output by its id, on a worker thread; raises GendeskError."""
    if choice.startswith(_PORT):
        from gendesk.music.ports import open_output as open_port

        return open_port(choice.removeprefix(_PORT))
    if choice == FLUIDSYNTH:
        from gendesk.errors import InputError
        from gendesk.music.fluidsynth import FluidSynthOutput, find_fluidsynth, missing

        found = find_fluidsynth()
        if found is None:
            raise InputError(missing())
        return FluidSynthOutput(found)
    from gendesk.music.sound import open_sound

    return open_sound()
