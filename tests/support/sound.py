"""Listening: which pitches begin when, in samples that a synthesiser has made."""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_WINDOW = 4096
_HOP = 220
_HARMONICS = 5


@dataclass(frozen=True)
class Sound:
    """Samples of one channel, and how many make a second."""

    samples: NDArray[np.float64]
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate

    def spectrum(self, seconds: float, window: int = _WINDOW) -> NDArray[np.float64]:
        """Return the amplitudes of the frequencies in a window that begins at a time."""
        first = round(seconds * self.rate)
        part = self.samples[first : first + window]
        part = np.pad(part, (0, window - len(part)))
        return np.abs(np.fft.rfft(part * np.hanning(window)))

    def harmonics(self, hertz: float, seconds: float) -> NDArray[np.float64]:
        """Return the amplitudes of a tone's first partials in decibels above the middle of the spectrum there."""
        amplitudes = self.spectrum(seconds)
        floor = np.median(amplitudes) + 1e-9
        width = self.rate / _WINDOW
        found = []
        for number in range(1, _HARMONICS + 1):
            if number * hertz < self.rate / 2.2:
                bins = slice(round(number * hertz / width) - 1, round(number * hertz / width) + 2)
                found.append(20 * np.log10(amplitudes[bins].max() / floor + 1e-9))
        return np.array(found)

    def fundamental(self, seconds: float, low: float = 60.0, high: float = 1200.0) -> float:
        """Return the pitch, as a fraction of MIDI's numbers, of the tone that begins at a time.

        It is the one whose first partials together are strongest, by the product of the spectra of all of them: A. M.
        Noll, "Pitch determination of human speech by the harmonic product spectrum" (1969).
        """
        window = 4 * _WINDOW  # zeros behind the tone make the bins of the spectrum finer
        first = round((seconds + 0.03) * self.rate)
        part = self.samples[first : first + _WINDOW]
        amplitudes = np.log(
            np.abs(np.fft.rfft(part * np.hanning(len(part)), window)) + 1e-4 * np.abs(part).sum() + 1e-9
        )
        bins = np.arange(int(low * window / self.rate), int(high * window / self.rate))
        product = sum(amplitudes[bins * number] for number in range(1, 4))
        return float(69 + 12 * np.log2(bins[np.argmax(product)] * self.rate / window / 440))

    def onset(self, near: float, reach: float = 0.08) -> float:
        """Return when, near a time, the sound grows most: its envelope's steepest rise, in decibels."""
        places = np.arange(near - reach, near + reach, _HOP / self.rate)
        window = 2 * _HOP
        levels = []
        for place in places:
            first = max(0, round(place * self.rate))
            part = self.samples[first : first + window]
            levels.append(10 * np.log10(np.mean(part**2) + 1e-7) if len(part) else -70.0)
        rises = np.array(levels[2:]) - np.array(levels[:-2])
        # The window that is loud first reaches from its place to its end; the sound begins in it.
        return float(places[1 + int(np.argmax(rises))] + window / 2 / self.rate)

    def begins(self) -> float:
        """Return when anything is heard for the first time."""
        loud = np.abs(self.samples) > 0.05 * np.abs(self.samples).max()
        return float(np.argmax(loud) / self.rate)


def read_sound(path: Path) -> Sound:
    """Read a WAV file of 16 or 32 bits, or of floats of 32 bits, as one channel within -1 and 1."""
    content = path.read_bytes()
    if content[20:22] == b"\x03\x00":  # floats, which the standard library does not read
        channels, rate = int.from_bytes(content[22:24], "little"), int.from_bytes(content[24:28], "little")
        samples = np.frombuffer(content[content.index(b"data") + 8 :], "<f4").astype(np.float64)
    else:
        with wave.open(str(path)) as file:
            channels, rate = file.getnchannels(), file.getframerate()
            kind, scale = {2: ("<i2", 2.0**15), 4: ("<i4", 2.0**31)}[file.getsampwidth()]
            samples = np.frombuffer(file.readframes(file.getnframes()), kind) / scale
    return Sound(samples[: len(samples) // channels * channels].reshape(-1, channels).mean(1), rate)
