"""Writes scores as MusicXML, the format of programs that print music, where a person has installed music21."""

import importlib
import importlib.util
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gendesk.errors import GendeskError, InputError
from gendesk.files import write_atomically
from gendesk.music.keys import NO_KEY, note_name
from gendesk.music.quantising import steps_of
from gendesk.music.schedule import end_of_bars
from gendesk.music.score import Key, Score, Track

MOST_NOTES = 20_000
"""More would take music21 minutes and hundreds of pages."""

_GRIDS = {
    8: (32, 24, 16, 12, 8, 6, 4, 3, 2, 1),
    12: (48, 36, 24, 18, 16, 12, 9, 8, 6, 4, 3, 2, 1),
}
"""Steps of a beat, and how many of them a single note with or without a dot lasts: thirty-seconds, or triplets, too."""

_BASS_BELOW = 57
"""The mean pitch, A3, below which a staff gets the bass clef."""

_SPELT = re.compile(r"(\D+?)(\N{MINUS SIGN}?\d+)")


@dataclass(frozen=True, slots=True, order=True)
class _Chord:
    """Keys that go down and up together, in steps from the beginning."""

    start: int
    end: int
    pitches: tuple[int, ...]


def why_no_musicxml() -> str:
    """Return a sentence that says why MusicXML cannot be written here, or ""."""
    found = importlib.util.find_spec("music21")
    if found is None or found.origin is None:  # any folder of that name has a specification, too
        return "MusicXML is written by music21, which is not installed; add it with: pip install music21."
    return ""


def write_musicxml(score: Score, path: Path) -> None:
    """Write a score with bars, voices, rests, ties, keys, time signatures and tempos; a part for each track.

    Notes are put on thirty-seconds or, where that fits better, on triplets of sixteenths.
    Raises InputError if music21 is not installed, there are more than MOST_NOTES notes, or the file cannot be written.
    """
    problem = why_no_musicxml()
    if problem:
        raise InputError(problem)
    if score.note_count > MOST_NOTES:
        raise InputError(
            f"MusicXML is written of at most {MOST_NOTES:,} notes, and the piece has {score.note_count:,}."
        )
    defaults: Any = importlib.import_module("music21.defaults")
    defaults.author = ""  # or it would name itself as the composer
    exporter = importlib.import_module("music21.musicxml.m21ToXml").GeneralObjectExporter
    try:
        data: bytes = exporter(_Printed(score).written()).parse()
    except Exception as error:  # music21 has many kinds of its own, and all mean the same
        raise GendeskError(f"music21 cannot write this piece ({type(error).__name__}: {error}).") from error
    try:
        write_atomically(path, data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error


class _Printed:
    """A score on a grid, as objects of music21."""

    def __init__(self, score: Score) -> None:
        self._music21: Any = importlib.import_module("music21")
        self._score = score
        self._steps = min(_GRIDS, key=lambda steps: _error(score, steps))
        end = max(end_of_bars(score), score.meter_at(0).bar)
        self._bars = [round(beat * self._steps) for beat in (*score.bars(end), end)]

    def written(self) -> Any:
        """Return the whole score of music21."""
        music21 = self._music21
        score = music21.stream.Score()
        score.metadata = music21.metadata.Metadata()
        score.metadata.movementName = self._score.title or "Untitled"
        for number, track in enumerate(self._score.tracks or (Track(),)):
            score.insert(0, self._part(track, number))
        return score

    def _part(self, track: Track, number: int) -> Any:
        music21 = self._music21
        part = music21.stream.Part(id=f"P{number + 1}")
        instrument = music21.instrument.instrumentFromMidiProgram(track.program)
        if track.is_drums:
            instrument = music21.instrument.Percussion()
        part.insert(0, instrument)
        part.partName = track.name or f"Track {number + 1}"
        voices = _voices(track, self._steps)
        for place, (start, end) in enumerate(zip(self._bars, self._bars[1:], strict=False)):
            measure = music21.stream.Measure(number=place + 1)
            if place == 0:
                measure.insert(0, self._clef(track))
            self._add_signs(measure, start, end, with_tempo=number == 0)
            self._fill(measure, [_within(voice, start, end) for voice in voices], start, end)
            part.append(measure)
        part[music21.stream.Measure].last().rightBarline = "final"
        return part

    def _clef(self, track: Track) -> Any:
        clef = self._music21.clef
        if track.is_drums:
            return clef.PercussionClef()
        mean = sum(note.pitch for note in track.notes) / max(1, len(track.notes))
        return clef.BassClef() if track.notes and mean < _BASS_BELOW else clef.TrebleClef()

    def _add_signs(self, measure: Any, start: int, end: int, *, with_tempo: bool) -> None:
        """Put keys, time signatures and tempos that begin in a bar into it."""
        music21 = self._music21
        first = start == 0
        if first and not any(round(meter.beat * self._steps) == 0 for meter in self._score.meters):
            measure.insert(0, music21.meter.TimeSignature("4/4"))
        for at, meter in self._inside(self._score.meters, start, end):
            measure.insert(at, music21.meter.TimeSignature(f"{meter.count}/{meter.unit}"))
        for at, key in self._inside(self._score.keys, start, end):
            signature = music21.key.KeySignature(key.sharps)
            measure.insert(at, signature.asKey("minor" if key.minor else "major"))
        for at, tempo in self._inside(self._score.tempos if with_tempo else (), start, end):
            measure.insert(at, music21.tempo.MetronomeMark(number=round(tempo.bpm, 2)))

    def _inside(self, signs: Any, start: int, end: int) -> Iterator[tuple[float, Any]]:
        for sign in signs:
            if start <= round(sign.beat * self._steps) < end:
                yield round(sign.beat * self._steps - start) / self._steps, sign

    def _fill(self, measure: Any, voices: list[list[_Chord]], start: int, end: int) -> None:
        """Put the first voice into a bar, and the others that sound in it; gaps become rests."""
        sounding = [voice for number, voice in enumerate(voices) if voice or number == 0] or [[]]
        for number, chords in enumerate(sounding):
            target = measure
            if len(sounding) > 1:
                target = self._music21.stream.Voice(id=str(number + 1))
                measure.insert(0, target)
            place = start
            for chord in chords:
                self._add(target, start, (place, chord.start), (), (False, False))
                place = min(chord.end, end)
                tied = chord.start < start, chord.end > end
                self._add(target, start, (max(chord.start, start), place), chord.pitches, tied)
            self._add(target, start, (place, end), (), (False, False))

    def _add(
        self, target: Any, bar: int, span: tuple[int, int], pitches: tuple[int, ...], tied: tuple[bool, bool]
    ) -> None:
        """Add a chord or, without pitches, a rest, in as many notes as it takes; `tied` to before and after."""
        at, end = span
        while at < end:
            length = next(value for value in _GRIDS[self._steps] if value <= end - at)
            sound = self._sound(pitches, at / self._steps) if pitches else self._music21.note.Rest()
            sound.duration = self._music21.duration.Duration(self._quarters(length))
            before, after = at > span[0] or tied[0], at + length < end or tied[1]
            if pitches and (before or after):
                sound.tie = self._music21.tie.Tie("continue" if before and after else "start" if after else "stop")
            target.insert(self._quarters(at - bar), sound)
            at += length

    def _quarters(self, steps: int) -> Any:
        """Return steps in beats, exactly, also for thirds."""
        return self._music21.common.opFrac(steps / self._steps)

    def _sound(self, pitches: tuple[int, ...], beat: float) -> Any:
        spelt = [self._pitch(pitch, self._key_at(beat)) for pitch in pitches]
        return self._music21.note.Note(spelt[0]) if len(spelt) == 1 else self._music21.chord.Chord(spelt)

    def _key_at(self, beat: float) -> Key:
        place = bisect_right([key.beat for key in self._score.keys], beat)
        return self._score.keys[place - 1] if place else NO_KEY

    def _pitch(self, number: int, key: Key) -> Any:
        found = _SPELT.fullmatch(note_name(number, key))
        assert found
        pitch = self._music21.pitch.Pitch(found[1])
        pitch.octave = int(found[2].replace("\N{MINUS SIGN}", "-"))
        return pitch


def _error(score: Score, steps: int) -> float:
    """Return how far the notes of a score are from a grid, in beats, all together."""
    places = [place * steps for _, note in score.notes() for place in (note.start, note.end)]
    return round(sum(abs(place - round(place)) for place in places) / steps, 6)


def _voices(track: Track, steps: int) -> list[list[_Chord]]:
    """Share out the notes of a track, so that in each voice one chord follows the other."""
    together: dict[tuple[int, int], set[int]] = {}
    for note in track.notes:
        together.setdefault(steps_of(note, steps), set()).add(note.pitch)
    chords = [_Chord(start, end, tuple(sorted(pitches))) for (start, end), pitches in together.items()]
    voices: list[list[_Chord]] = []
    for chord in sorted(chords, key=lambda chord: (chord.start, -chord.pitches[-1])):
        free = next((voice for voice in voices if voice[-1].end <= chord.start), None)
        if free is None:
            voices.append(free := [])
        free.append(chord)
    return voices


def _within(voice: list[_Chord], start: int, end: int) -> list[_Chord]:
    return [chord for chord in voice if chord.start < end and chord.end > start]
