"""The command that plays a MIDI file, or turns it into a sound file."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gendesk.commands.score_files import checked, share_bar
from gendesk.errors import GendeskError, InputError
from gendesk.terminal import output, stop_signals

if TYPE_CHECKING:
    from gendesk.music.fluidsynth import FluidSynth
    from gendesk.music.output import Output
    from gendesk.music.score import Score

_ASKED_EVERY = 0.05


def play(
    file: Annotated[Path, typer.Argument(metavar="FILE.mid", help="A MIDI file.")],
    port: Annotated[str, typer.Option(metavar="NAME", help="A MIDI port, or a part of its name; see: ports.")] = "",
    synth: Annotated[bool, typer.Option("--synth", help="The built-in sound, as without --port.")] = False,
    fluidsynth: Annotated[
        bool, typer.Option("--fluidsynth", help="FluidSynth, with the sound font that SOUNDFONT names, or any.")
    ] = False,
    wav: Annotated[Path | None, typer.Option(metavar="OUT.wav", help="Write this file instead of playing.")] = None,
    musicxml: Annotated[
        Path | None, typer.Option(metavar="OUT.musicxml", help="Write this file to be printed; needs music21.")
    ] = None,
) -> None:
    """Play a MIDI file with the built-in sound, on a MIDI port or with FluidSynth, or write it as another file."""
    from gendesk.music.midi_reading import read_midi

    if sum((bool(port), synth, fluidsynth)) > 1:
        raise InputError("Give one of --port, --synth and --fluidsynth.")
    if wav and port:
        raise InputError("--wav writes what gendesk or FluidSynth sounds like, and cannot hear a --port.")
    if musicxml and (port or synth or fluidsynth or wav):
        raise InputError("--musicxml writes notes and no sound, so it stands alone.")
    score = read_midi(file)
    if not score.note_count:
        raise InputError(f"{file} holds no notes.")
    if musicxml:
        _print(score, musicxml)
        return
    with stop_signals() as signals:
        if wav:
            _write(score, wav, fluidsynth, signals)
        else:
            with _opened(port, fluidsynth) as opened:
                _play(score, opened, signals)


def _print(score: "Score", path: Path) -> None:
    from gendesk.music.musicxml import write_musicxml

    write_musicxml(score, checked(path, (".musicxml", ".xml")))
    output.print(f"{path}: {score.note_count:,} notes.")


def _write(score: "Score", path: Path, fluidsynth: bool, signals: list[int]) -> None:
    from gendesk.music.fluidsynth import write_fluidsynth_wav
    from gendesk.music.rendering import write_wav

    checked(path, (".wav",))
    with share_bar(path.name, signals) as report:
        if fluidsynth:
            write_fluidsynth_wav(score, path, _fluidsynth(), lambda: bool(signals))
        else:
            write_wav(score, path, report=report)
    output.print(f"{path}: {score.note_count:,} notes, {score.seconds:.1f} s.")


@contextlib.contextmanager
def _opened(port: str, fluidsynth: bool) -> Iterator["Output"]:
    """Give the output that was asked for, and close it."""
    if port:
        from gendesk.music.ports import open_output

        opened: Output = open_output(port)
    elif fluidsynth:
        from gendesk.music.fluidsynth import FluidSynthOutput

        opened = FluidSynthOutput(_fluidsynth())
    else:
        from gendesk.music.sound import open_sound

        opened = open_sound()
    try:
        yield opened
    finally:
        opened.close()


def _fluidsynth() -> "FluidSynth":
    from gendesk.music.fluidsynth import find_fluidsynth, missing

    found = find_fluidsynth()
    if found is None:
        raise InputError(missing())
    return found


def _play(score: "Score", opened: "Output", signals: list[int]) -> None:
    from gendesk.music.player import Player

    with Player(opened) as player, share_bar(score.title or "Playing", signals) as report:
        player.set_score(score)
        player.play()
        while not player.wait(_ASKED_EVERY):
            report(player.position.seconds / max(score.seconds, 1e-9))
        problem = player.position.problem
    if problem:
        raise GendeskError(problem)
