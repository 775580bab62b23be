"""Notes as samples: each one is made once, for an instrument, a pitch and a step of velocity, and then kept."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gendesk.music.synth.timbres import RATE, TIMBRES, Timbre

STEPS = 8
"""Steps of velocity in which the brightness changes; loudness follows the velocity itself."""

_HIGHEST = 0.45 * RATE
"""Hertz above which no partial is made, so that nothing folds back below half the rate."""

_LOOP = 1.0
"""Seconds, about, that a sustained sound repeats; tremolo and players out of tune go round in them."""

_LONGEST = 6.0
_KEPT = 400
"""Tones that are kept, of which the longest has a megabyte."""

_BLOCK = 512


@dataclass(frozen=True, slots=True, eq=False)
class Tone:
    """float32 samples of one channel, 1.0 at most; from `loop` on they repeat, or, where it is None, they end."""

    samples: NDArray[np.float32]
    loop: int | None
    release: float


@lru_cache(maxsize=_KEPT)
def tone(name: str, pitch: int, step: int) -> Tone:
    """Return the sound of an instrument at a pitch, 0 to 127, and a step of velocity, 0 to STEPS - 1."""
    timbre = TIMBRES[name]
    hertz = frequency(pitch)
    ratios, amplitudes = _partials(timbre, hertz, (step + 1) / STEPS)
    if timbre.ring is None:
        samples, loop = _sustained(timbre, hertz, ratios, amplitudes)
    else:
        samples, loop = _ringing(timbre, hertz, ratios, amplitudes), None
    _breathe(timbre, pitch, samples)
    return Tone(samples, loop, timbre.release)


def frequency(pitch: float) -> float:
    """Return the hertz of a pitch, with A4, number 69, at 440."""
    return float(440 * 2 ** ((pitch - 69) / 12))


def sines(
    frequencies: NDArray[np.float64], falls: NDArray[np.float64], amplitudes: NDArray[np.complex128], count: int
) -> NDArray[np.float32]:
    """Return the sum of sines that fade, `count` samples: frequencies in hertz, falls in nepers a second.

    A fading sine is a geometric series, z**n; with n = a * block + b it is a product of matrices, z**(a * block) times
    z**b, which is some twenty times as fast as a sine for each sample.
    """
    per_sample = (2j * np.pi * frequencies - falls) / RATE
    rows = -(-count // _BLOCK)
    starts = amplitudes * np.exp(np.arange(rows)[:, None] * _BLOCK * per_sample)
    within = np.exp(np.arange(_BLOCK)[None, :] * per_sample[:, None])
    wave = starts.real.astype(np.float32) @ within.imag.astype(np.float32)
    wave += starts.imag.astype(np.float32) @ within.real.astype(np.float32)
    return wave.reshape(-1)[:count]


def _partials(timbre: Timbre, hertz: float, loudness: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how many times the fundamental's frequency partials have, and their amplitudes, which add up to 1."""
    if timbre.ratios:
        ratios, amplitudes = np.array(timbre.ratios), np.array(timbre.weights)
    else:
        number = np.arange(1.0, timbre.partials + 1)
        # A stiff string's partials: Fletcher, Blackham and Stratton, JASA 34 (1962).
        ratios = number * np.sqrt((1 + timbre.stretch * number**2) / (1 + timbre.stretch))
        amplitudes = number**-timbre.slope * np.where(number % 2 == 1, 1.0, timbre.odd)
        if timbre.pluck:
            amplitudes *= np.abs(np.sin(np.pi * number * timbre.pluck)) + 0.02
    if timbre.formants:
        places = ratios * hertz
        bumps = sum(gain * np.exp(-(((places - at) / (2 * width)) ** 2)) for at, width, gain in timbre.formants)
        amplitudes = amplitudes * (0.08 + bumps)
    amplitudes = amplitudes * ratios ** (-timbre.brightness * (1 - loudness))
    heard = ratios * hertz < _HIGHEST
    ratios, amplitudes = ratios[heard], amplitudes[heard]
    # Equal energy and not equal peaks: what has many partials would otherwise sound far too soft.
    return ratios, amplitudes * timbre.level * 0.35 / np.sqrt(np.sum(amplitudes**2) + 1e-12)


def _phases(count: int) -> NDArray[np.complex128]:
    """Return phases that keep a sum of harmonics from having sharp peaks: Schroeder, IEEE Trans. IT 16 (1970)."""
    number = np.arange(count)
    return np.asarray(np.exp(-1j * np.pi * number * (number + 1) / max(count, 1)))


def _ringing(
    timbre: Timbre, hertz: float, ratios: NDArray[np.float64], amplitudes: NDArray[np.float64]
) -> NDArray[np.float32]:
    assert timbre.ring is not None
    # Low strings ring longer: half the time an octave and a half up.
    ring = min(timbre.ring * (hertz / 261.6) ** -0.6, 4 * timbre.ring)
    falls = np.log(1000) / ring * ratios**timbre.damping
    count = int(min(ring, _LONGEST) * RATE)
    wave = sines(ratios * hertz, falls, amplitudes * _phases(len(ratios)), count)
    _fade_in(wave, timbre.attack)
    tail = min(count, RATE // 20)
    wave[-tail:] *= np.linspace(1, 0, tail, dtype=np.float32)
    return wave


def _sustained(
    timbre: Timbre, hertz: float, ratios: NDArray[np.float64], amplitudes: NDArray[np.float64]
) -> tuple[NDArray[np.float32], int]:
    """Return an attack and, behind it, a loop in which every partial makes a whole number of turns.

    The loop has a whole number of periods, to half a sample in a second: its pitch is right to a hundredth of a cent.
    """
    periods = max(2, 2 * round(_LOOP * hertz / 2))  # even, for an organ's octave below
    length = round(periods * RATE / hertz)
    turns = np.concatenate([np.rint(ratios * periods * 2 ** (cents / 1200)) for cents in (0, *timbre.chorus)])
    players = 1 + len(timbre.chorus)
    weights = np.tile(amplitudes, players) / np.sqrt(players)
    loop = sines(turns * RATE / length, np.zeros(len(turns)), weights * _phases(len(turns)), length)
    speed, depth = timbre.tremolo
    if depth:
        loop *= 1 + depth * np.sin(2 * np.pi * np.rint(speed) * np.arange(length, dtype=np.float32) / length)
    attack = int(3 * timbre.attack * RATE)
    rounds = -(-attack // length)
    samples = np.tile(loop, rounds + 1)
    _fade_in(samples, timbre.attack)
    return samples.astype(np.float32), rounds * length


def _fade_in(wave: NDArray[np.float32], attack: float) -> None:
    """Let a sound grow in `attack` seconds, without a corner at the end, as half a cosine does."""
    count = min(len(wave), max(2, int(attack * RATE)))
    wave[:count] *= (0.5 - 0.5 * np.cos(np.pi * np.arange(count) / count)).astype(np.float32)


def _breathe(timbre: Timbre, pitch: int, wave: NDArray[np.float32]) -> None:
    """Add the noise of a hammer, a finger or a breath; the same for the same pitch."""
    if timbre.breath:
        count = min(len(wave), RATE // 12)
        noise = np.random.default_rng(pitch).standard_normal(count + 15)
        smooth = np.convolve(noise, np.hanning(16), "valid")[:count] / 2.5  # below about 5 kHz
        fall = np.exp(-np.arange(count) / (0.012 * RATE)) * np.minimum(1, np.arange(count) / 60)
        wave[:count] += (timbre.breath * smooth * fall).astype(np.float32)
