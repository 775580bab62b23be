"""The drum kit: noise and falling sines for the pitches of General MIDI's percussion map."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gendesk.music.synth.timbres import RATE
from gendesk.music.synth.tones import Tone, sines

_RELEASE = 0.3

HI_HATS = frozenset({42, 44, 46})
"""One pair of cymbals: each of these sounds ends the others."""

_NOISES = {
    # Hertz from and to, seconds to fall by 60 dB, level.
    37: (1500, 5000, 0.07, 0.5),
    38: (900, 9000, 0.25, 0.55),
    39: (800, 3500, 0.22, 0.6),
    40: (1200, 9000, 0.2, 0.55),
    42: (6500, 15000, 0.09, 0.3),
    44: (6000, 14000, 0.12, 0.25),
    46: (6000, 15000, 0.7, 0.3),
    49: (3500, 15000, 2.2, 0.35),
    51: (5000, 12000, 1.4, 0.16),
    52: (2500, 12000, 1.8, 0.35),
    53: (4000, 9000, 0.9, 0.12),
    54: (6500, 14000, 0.25, 0.35),
    55: (4500, 15000, 1.2, 0.35),
    57: (3000, 14000, 2.4, 0.35),
    59: (4500, 12000, 1.5, 0.18),
    69: (5500, 12000, 0.12, 0.3),
    70: (6000, 14000, 0.08, 0.3),
}
_SKINS = {
    # Hertz, by how many times higher it begins, seconds to fall by 60 dB, level.
    35: (48, 3.5, 0.55, 1.0),
    36: (55, 3.0, 0.45, 1.0),
    38: (185, 1.3, 0.2, 0.45),
    40: (210, 1.3, 0.18, 0.45),
    41: (80, 1.5, 0.8, 0.8),
    43: (95, 1.5, 0.75, 0.8),
    45: (115, 1.5, 0.7, 0.75),
    47: (140, 1.45, 0.6, 0.75),
    48: (170, 1.45, 0.55, 0.7),
    50: (205, 1.4, 0.5, 0.7),
}
_BARS = {
    # Hertz of the modes, seconds to fall by 60 dB, level.
    51: ((3150, 4320, 5870), 1.6, 0.06),
    53: ((2100, 3300, 4900), 1.4, 0.15),
    56: ((562, 845, 1350), 0.35, 0.4),
    75: ((2500, 3900), 0.09, 0.45),
    76: ((1050, 2650), 0.1, 0.5),
    77: ((780, 1980), 0.1, 0.5),
    80: ((4200, 6100), 0.12, 0.25),
    81: ((4200, 6100, 8800), 1.8, 0.2),
}


@lru_cache(maxsize=128)
def drum(pitch: int) -> Tone:
    """Return the sound of a key of the kit; a key that has none of its own sounds like a small skin."""
    parts = []
    if pitch in _NOISES:
        parts.append(_noise(pitch, *_NOISES[pitch]))
    if pitch in _BARS:
        hertz, ring, level = _BARS[pitch]
        count = len(hertz)
        parts.append(
            sines(np.array(hertz, float), np.full(count, np.log(1000) / ring), _level(level, count), int(ring * RATE))
        )
    if pitch in _SKINS or not parts:
        parts.append(_skin(*_SKINS.get(pitch, (160 + 6 * (pitch % 24), 1.2, 0.3, 0.5))))
    wave = np.zeros(max(len(part) for part in parts), np.float32)
    for part in parts:
        wave[: len(part)] += part
    return Tone(wave, None, _RELEASE)


def _level(level: float, count: int) -> NDArray[np.complex128]:
    return np.full(count, level / count, np.complex128)


def _skin(hertz: float, higher: float, ring: float, level: float) -> NDArray[np.float32]:
    """Return a sine whose pitch falls quickly, as that of a slack skin does after a stroke."""
    seconds = np.arange(int(ring * RATE)) / RATE
    phase = 2 * np.pi * hertz * (seconds + (higher - 1) * 0.03 * (1 - np.exp(-seconds / 0.03)))
    return (level * np.sin(phase) * _fall(len(seconds), ring)).astype(np.float32)


def _noise(pitch: int, low: float, high: float, ring: float, level: float) -> NDArray[np.float32]:
    """Return noise between two frequencies that fades; always the same."""
    count = int(ring * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(pitch).standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= 1 / (1 + (low / np.maximum(hertz, 1)) ** 6) * 1 / (1 + (hertz / high) ** 6)
    wave = np.fft.irfft(spectrum, count)
    return np.asarray(level * 0.4 * wave / wave.std() * _fall(count, ring), np.float32)


def _fall(count: int, ring: float) -> NDArray[np.float64]:
    begin = np.minimum(1, np.arange(count) / 20)
    return np.asarray(begin * np.exp(-np.log(1000) * np.arange(count) / (ring * RATE)))
