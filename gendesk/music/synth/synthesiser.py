"""The built-in synthesiser: voices that read tones, a volume and a place for each channel, a room, and a limiter.

Voices only copy samples that were made before; the sum of all is one product of matrices. That is what makes sixty-four
voices cheap enough for numpy.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gendesk.music.output import (
    ALL_NOTES_OFF,
    ALL_SOUND_OFF,
    CHANNELS,
    DEFAULT_VOLUME,
    EXPRESSION,
    PAN,
    PEDAL,
    RESET_CONTROLLERS,
    VOLUME,
)
from gendesk.music.score import DRUMS
from gendesk.music.synth.drums import HI_HATS, drum
from gendesk.music.synth.room import LONGEST, Room
from gendesk.music.synth.timbres import RATE, timbre_of
from gendesk.music.synth.tones import STEPS, Tone, tone

POLYPHONY = 64
"""Voices that sound at once; when one more begins, the quietest ends."""

_STOLEN = 0.004
_CHOKED = 0.03
"""Seconds in which a stolen voice and a choked cymbal fade, so that they do not click."""

_SILENT = 1e-4
_MASTER = 0.42
_WET = 0.22
_KNEE = 0.7


@dataclass(slots=True, eq=False)
class _Voice:
    channel: int
    pitch: int
    tone: Tone
    gain: float
    at: int = 0
    held: bool = True
    pedalled: bool = False
    fading: float = 0.0  # nepers a sample, once it is let go
    left: float = 1.0  # what the fading has left of it

    def level(self) -> float:
        """Return about how loud it is at the moment."""
        place = _wrapped(self.at, self.tone)
        return float(np.abs(self.tone.samples[place : place + 128]).max(initial=0.0)) * self.gain * self.left

    def fade(self, seconds: float) -> None:
        """Let it fall to silence in about these seconds, which are those of 60 dB."""
        self.fading = max(self.fading, float(np.log(1000)) / (seconds * RATE))


@dataclass(slots=True)
class _Channel:
    program: int = 0
    controls: dict[int, int] = field(default_factory=lambda: {VOLUME: DEFAULT_VOLUME, PAN: 64, EXPRESSION: 127})

    def gains(self) -> tuple[float, float]:
        """Return the factors of left and right: the square law of volumes in General MIDI Level 1's guidelines, and the
        curve for equal power in MIDI's recommended practice RP-036."""
        loud = (self.controls[VOLUME] / 127) ** 2 * (self.controls[EXPRESSION] / 127) ** 2
        angle = np.pi / 2 * max(0, self.controls[PAN] - 1) / 126
        return float(loud * np.cos(angle)), float(loud * np.sin(angle))


class Synthesiser:
    """An `Output` that makes sound; `render` returns it, a block at a time. Not for several threads at once."""

    def __init__(self) -> None:
        self._channels = [_Channel() for _ in range(CHANNELS)]
        self._voices: list[_Voice] = []
        self._room = Room()
        self._quiet = 0.0

    @property
    def voices(self) -> int:
        """How many voices sound, without those that only fade after they were stolen."""
        return len([voice for voice in self._voices if voice.left > 0 and not self._stolen(voice)])

    def note_on(self, channel: int, pitch: int, velocity: int) -> None:
        drums = channel == DRUMS
        if drums:
            sound = drum(pitch)
            if pitch in HI_HATS:
                self._choke(HI_HATS)
        else:
            sound = tone(timbre_of(self._channels[channel].program), pitch, min(STEPS - 1, velocity * STEPS // 128))
            self.note_off(channel, pitch)
        if self.voices >= POLYPHONY:
            quietest = min((v for v in self._voices if not self._stolen(v)), key=_Voice.level)
            quietest.fade(_STOLEN)
        # The same square law as for volumes.
        self._voices.append(_Voice(channel, pitch, sound, (velocity / 127) ** 2, held=not drums))

    def note_off(self, channel: int, pitch: int) -> None:
        pedal = self._channels[channel].controls.get(PEDAL, 0) >= 64
        for voice in self._voices:
            if voice.held and (voice.channel, voice.pitch) == (channel, pitch):
                voice.held = False
                voice.pedalled = pedal
                if not pedal:
                    voice.fade(voice.tone.release)

    def program(self, channel: int, program: int) -> None:
        self._channels[channel].program = program

    def control(self, channel: int, number: int, value: int) -> None:
        if number in (ALL_NOTES_OFF, ALL_SOUND_OFF):
            self._end(channel, _CHOKED if number == ALL_SOUND_OFF else 0.0)
        elif number == RESET_CONTROLLERS:
            self._channels[channel].controls |= {EXPRESSION: 127, PEDAL: 0}
            self._lift_pedal(channel)
        else:
            self._channels[channel].controls[number] = value
            if number == PEDAL and value < 64:
                self._lift_pedal(channel)

    def all_off(self) -> None:
        for channel in range(CHANNELS):
            self._channels[channel].controls[PEDAL] = 0
            self._end(channel, 0.0)

    def close(self) -> None:
        self._voices.clear()
        self._room = Room()

    @property
    def silent(self) -> bool:
        """Whether nothing sounds any more, not even in the room."""
        return not self._voices and self._quiet > 0.5

    def render(self, frames: int) -> NDArray[np.float32]:
        """Return the next frames of sound, float32 (frames, 2) within -1 and 1, at `RATE`."""
        blocks = [self._block(min(LONGEST, frames - at)) for at in range(0, frames, LONGEST)]
        return np.concatenate(blocks, 1).T if blocks else np.zeros((0, 2), np.float32)

    def _block(self, frames: int) -> NDArray[np.float32]:
        sounds = np.empty((len(self._voices), frames), np.float32)
        for row, voice in zip(sounds, self._voices, strict=True):
            _read(voice, row)
        gains = [channel.gains() for channel in self._channels]
        pairs = [(gains[v.channel][0] * v.gain, gains[v.channel][1] * v.gain) for v in self._voices]
        dry = np.array(pairs, np.float32).reshape(-1, 2).T @ sounds * np.float32(_MASTER)
        self._voices = [voice for voice in self._voices if not _over(voice)]
        mixed = dry + np.float32(_WET) * self._room.echo(dry)
        loudest = float(np.abs(mixed).max(initial=0.0))
        self._quiet = self._quiet + frames / RATE if loudest < _SILENT else 0.0
        return _limited(mixed) if loudest > _KNEE else mixed

    def _stolen(self, voice: _Voice) -> bool:
        return voice.fading * _STOLEN * RATE > 6.9

    def _choke(self, pitches: frozenset[int]) -> None:
        for voice in self._voices:
            if voice.channel == DRUMS and voice.pitch in pitches:
                voice.fade(_CHOKED)

    def _end(self, channel: int, seconds: float) -> None:
        for voice in self._voices:
            if voice.channel == channel:
                voice.held = voice.pedalled = False
                voice.fade(seconds or voice.tone.release)

    def _lift_pedal(self, channel: int) -> None:
        for voice in self._voices:
            if voice.channel == channel and voice.pedalled:
                voice.pedalled = False
                voice.fade(voice.tone.release)


def _wrapped(at: int, sound: Tone) -> int:
    """Return the place in the samples that is reached after `at` of them."""
    if sound.loop is None or at < len(sound.samples):
        return at
    return sound.loop + (at - sound.loop) % (len(sound.samples) - sound.loop)


def _read(voice: _Voice, row: NDArray[np.float32]) -> None:
    """Write the voice's next samples into a row, and move on."""
    samples = voice.tone.samples
    done = 0
    while done < len(row):
        place = _wrapped(voice.at + done, voice.tone)
        part = samples[place : place + len(row) - done]
        if not len(part):
            row[done:] = 0
            break
        row[done : done + len(part)] = part
        done += len(part)
    voice.at += len(row)
    if voice.fading:
        row *= voice.left * np.exp(-voice.fading * np.arange(1, len(row) + 1, dtype=np.float32))
        voice.left *= float(np.exp(-voice.fading * len(row)))


def _over(voice: _Voice) -> bool:
    ended = voice.tone.loop is None and voice.at >= len(voice.tone.samples)
    return ended or voice.left < _SILENT


def _limited(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Bend what is louder than the knee, so that it stays below 1 and no edge is heard."""
    loud = np.abs(sound)
    bent = _KNEE + (1 - _KNEE) * np.tanh((loud - _KNEE) / (1 - _KNEE))
    return np.where(loud > _KNEE, np.copysign(bent, sound), sound).astype(np.float32)
