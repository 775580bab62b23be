"""A score as sound: samples from the built-in synthesiser, and WAV files."""

import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gendesk.errors import InputError
from gendesk.files import replacing
from gendesk.music.mixing import Mix
from gendesk.music.output import Output
from gendesk.music.schedule import Kind, schedule
from gendesk.music.score import Score
from gendesk.music.synth.synthesiser import Synthesiser
from gendesk.music.synth.timbres import RATE

LONGEST = 3600.0
"""Seconds of a score that is rendered: 600 MB as a WAV file."""

_TAIL = 8.0
_CHUNK = RATE // 4


def _ignore(_: float) -> None:
    pass


def render(score: Score, mix: Mix | None = None) -> NDArray[np.float32]:
    """Return a score as sound, float32 (frames, 2) within -1 and 1 at 44,100 Hz.

    Raises InputError if it is too long.
    """
    return np.concatenate([np.zeros((0, 2), np.float32), *(chunk for chunk, _ in chunks(score, mix))])


def write_wav(score: Score, path: Path, mix: Mix | None = None, report: Callable[[float], None] = _ignore) -> None:
    """Write a score as a WAV file of 16 bits, 44,100 Hz, stereo.

    `report` is told the share that is done; an exception from it ends the work, and leaves no file. Raises InputError
    if the score is too long, and OSError.
    """
    with replacing(path) as part, part.open("wb") as raw, wave.open(raw, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for chunk, share in chunks(score, mix):
            file.writeframesraw(np.rint(chunk * 32767).astype("<i2").tobytes())
            report(share)


def chunks(score: Score, mix: Mix | None = None) -> Iterator[tuple[NDArray[np.float32], float]]:
    """Yield a score as sound, about a quarter of a second at a time, with the share of it that is done.

    Messages take effect at their very sample. Behind the last one, the sound fades, in eight seconds at most.
    """
    if score.seconds > LONGEST:
        raise InputError(
            f"The piece lasts {score.seconds / 60:,.0f} minutes; sound is made of {LONGEST / 60:.0f} at most."
        )
    mix = mix or Mix()
    plan = schedule(score, mix.metronome)
    synthesiser = Synthesiser()
    for message in mix.beginnings(plan, 0):
        _send(synthesiser, message.kind is Kind.NOTE_ON, message.channel, message.first, message.second)
    total = score.seconds * RATE + 1
    frame = 0
    for message in plan.messages:
        for part in _until(synthesiser, frame, round(message.seconds * RATE)):
            frame += len(part)
            yield part, min(1.0, frame / total)
        if message.kind is Kind.CONTROL:
            synthesiser.control(*mix.controlled(message))
        elif message.kind is Kind.NOTE_OFF:
            synthesiser.note_off(message.channel, message.first)
        elif mix.audible(message.track):
            synthesiser.note_on(message.channel, message.first, message.second)
    synthesiser.all_off()
    for _ in range(int(_TAIL * RATE / _CHUNK)):
        yield synthesiser.render(_CHUNK), 1.0
        if synthesiser.silent:
            return


def _send(output: Output, is_program: bool, channel: int, first: int, second: int) -> None:
    if is_program:
        output.program(channel, first)
    else:
        output.control(channel, first, second)


def _until(synthesiser: Synthesiser, frame: int, end: int) -> Iterator[NDArray[np.float32]]:
    while frame < end:
        part = synthesiser.render(min(_CHUNK, end - frame))
        frame += len(part)
        yield part
