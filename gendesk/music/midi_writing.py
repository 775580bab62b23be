"""Writes scores as MIDI files of type 1: a track of title, tempo, metre and key, and one for each of the score."""

import io
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import mido

from gendesk.errors import InputError
from gendesk.files import write_atomically
from gendesk.music.keys import tonic_name
from gendesk.music.midi_events import MOST_BYTES, MOST_EVENTS
from gendesk.music.midi_reading import (
    BEND_REST,
    MARK,
    MOST_BEATS,
    MOST_LETTERS,
    MOST_NOTES,
    MOST_TRACKS,
    MOST_UNIT,
    OWN,
)
from gendesk.music.score import Score, Track

_LONGEST_BEAT = 0xFFFFFF
_LONGEST_WAIT = 0x0FFFFFFF
_MOST_RESOLUTION = 0x7FFF
_MOST_MARKED = 0x3FFF

# What comes first of a tick: ends of notes, then controls, such as a choice of bank, then the program, then notes.
_OFF, _CONTROL, _BEND, _PROGRAM, _LYRIC, _NOTE = range(6)


def write_midi(score: Score, path: Path) -> None:
    """Write a score, so that `read_midi` gives it back; the file is whole or not there at all.

    It comes back exactly if its places and lengths are whole ticks (n / resolution), its notes, controls, bends and
    lyrics are in order, its names and syllables have at most 1,000 letters, and its tempos are of those that `bpm_of`
    returns, which are all with up to three decimals below 240.
    Raises InputError with a sentence if it cannot be written, or holds what a MIDI file cannot.
    """
    data = midi_bytes(score)
    try:
        write_atomically(path, data)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error


def midi_bytes(score: Score) -> bytes:
    """Return the MIDI file of a score; raises InputError as `write_midi` does."""
    _check(score)
    several = _channels_of_several_programs(score)
    tracks = [_conductor(score)]
    tracks += [_track(track, score.resolution, often=track.channel in several) for track in score.tracks]
    buffer = io.BytesIO()
    mido.MidiFile(type=1, ticks_per_beat=score.resolution, tracks=tracks).save(file=buffer)
    data = buffer.getvalue()
    if len(data) > MOST_BYTES or sum(map(len, tracks)) > MOST_EVENTS:
        raise InputError(f"The piece is too long for a MIDI file of {MOST_BYTES // 1_000_000} MB.")
    return data


def _check(score: Score) -> None:
    """Raise InputError for what a file cannot hold, or `read_midi` would refuse."""
    if score.resolution > _MOST_RESOLUTION:
        raise InputError(f"A beat of a MIDI file has at most {_MOST_RESOLUTION:,} ticks, not {score.resolution:,}.")
    if score.note_count > MOST_NOTES or len(score.tracks) > MOST_TRACKS:
        raise InputError(f"A MIDI file has at most {MOST_TRACKS} tracks and {MOST_NOTES:,} notes here.")
    for tempo in score.tempos:
        _hold(tempo, tempo.beat, 1 <= _microseconds(tempo.bpm) <= _LONGEST_BEAT)
    for meter in score.meters:
        countable = 1 <= meter.unit <= MOST_UNIT and not meter.unit & (meter.unit - 1)
        _hold(meter, meter.beat, countable and 1 <= meter.count <= 255)
    for key in score.keys:
        _hold(key, key.beat, abs(key.sharps) <= 7)
    for track in score.tracks:
        if not 0 <= track.program <= 127 or not 0 <= track.channel <= 15:
            raise InputError(f"A MIDI file cannot hold channel {track.channel} with program {track.program}.")
        for control in track.controls:
            _hold(control, control.beat, 0 <= control.number <= 127 and 0 <= control.value <= 127)
        for bend in track.bends:
            _hold(bend, bend.beat, -BEND_REST <= bend.value < BEND_REST)
        for lyric in track.lyrics:
            _hold(lyric, lyric.beat, True)
        for note in track.notes:
            playable = 0 <= note.pitch <= 127 and 1 <= note.velocity <= 127 and note.length >= 0
            _hold(note, note.start, playable and note.end <= MOST_BEATS)


def _hold(what: object, beat: float, possible: bool) -> None:
    if not possible or not 0 <= beat <= MOST_BEATS:
        raise InputError(f"A MIDI file cannot hold this: {what}.")


def _channels_of_several_programs(score: Score) -> set[int]:
    """Return the channels that tracks share, each with a program of its own."""
    programs = defaultdict(set)
    for track in score.tracks:
        programs[track.channel].add(track.program)
    return {channel for channel, found in programs.items() if len(found) > 1}


def _conductor(score: Score) -> mido.MidiTrack:
    """Return the first track: the name of the piece, and what holds for all tracks."""
    timed: list[tuple[int, mido.MetaMessage]] = []
    for tempo in score.tempos:
        message = mido.MetaMessage("set_tempo", tempo=_microseconds(tempo.bpm))
        timed.append((round(tempo.beat * score.resolution), message))
    for meter in score.meters:
        message = mido.MetaMessage("time_signature", numerator=meter.count, denominator=meter.unit)
        timed.append((round(meter.beat * score.resolution), message))
    for key in score.keys:
        message = mido.MetaMessage("key_signature", key=tonic_name(key, flat="b", sharp="#") + "m" * key.minor)
        timed.append((round(key.beat * score.resolution), message))
    return _following([*_named(score.title), *sorted(timed, key=lambda pair: pair[0])])


def _track(track: Track, resolution: int, *, often: bool) -> mido.MidiTrack:
    """Return the track of a file; `often` chooses the program before all notes, as others may change it between."""
    return _following([*_named(track.name), *_messages(track, resolution, often=often)])


def _named(name: str) -> list[tuple[int, mido.MetaMessage]]:
    """Return the event of a name."""
    return [(0, mido.MetaMessage("track_name", name=_coded(name)))] if name else []


def _coded(text: str) -> str:
    """Return letters that mido writes as the bytes of a text in UTF-8.

    It keeps the encoding of all files in one place for all threads, so that is left at Latin-1.
    """
    return text[:MOST_LETTERS].encode("utf-8", "replace").decode("latin-1")


def _messages(track: Track, resolution: int, *, often: bool) -> Iterator[tuple[int, mido.Message]]:
    """Yield what is played, with its ticks from the beginning."""
    waiting: defaultdict[int, list[int]] = defaultdict(list)
    channel = track.channel
    for tick, order, index, ends in sorted(_order(track, resolution, often=often)):
        if order == _CONTROL:
            control = track.controls[index]
            yield tick, mido.Message("control_change", channel=channel, control=control.number, value=control.value)
        elif order == _BEND:
            yield tick, mido.Message("pitchwheel", channel=channel, pitch=track.bends[index].value)
        elif order == _LYRIC:
            yield tick, mido.MetaMessage("lyrics", text=_coded(track.lyrics[index].text))
        elif order == _PROGRAM:
            yield tick, mido.Message("program_change", channel=channel, program=track.program)
        else:
            note = track.notes[index]
            sounding = waiting[note.pitch]
            if ends:
                place = sounding.index(index)
                del sounding[place]
                if 0 < place <= _MOST_MARKED:
                    yield tick, mido.UnknownMetaMessage(OWN, data=(*MARK, place >> 7, place & 0x7F))
            else:
                sounding.append(index)
            velocity = 0 if ends else note.velocity
            yield tick, mido.Message("note_on", channel=channel, note=note.pitch, velocity=velocity)


def _order(track: Track, resolution: int, *, often: bool) -> Iterator[tuple[int, int, int, bool]]:
    """Yield when all happens: the tick, what it is, its index in the track, and whether a note ends.

    A note of no length ends right where it begins, before the next one of its tick.
    """
    yield 0, _PROGRAM, 0, False
    for index, control in enumerate(track.controls):
        yield round(control.beat * resolution), _CONTROL, index, False
    for index, bend in enumerate(track.bends):
        yield round(bend.beat * resolution), _BEND, index, False
    for index, lyric in enumerate(track.lyrics):
        yield round(lyric.beat * resolution), _LYRIC, index, False
    for index, note in enumerate(track.notes):
        start = round(note.start * resolution)
        end = start + round(note.length * resolution)
        yield start, _NOTE, index, False
        yield (end, _OFF, index, True) if end > start else (end, _NOTE, index, True)
        if often and start:
            yield start, _PROGRAM, 0, False


def _following(timed: list[tuple[int, mido.Message]]) -> mido.MidiTrack:
    """Give each message the ticks since the one before it; empty texts stand in between that are too far apart."""
    track, before = mido.MidiTrack(), 0
    for tick, message in timed:
        while tick - before > _LONGEST_WAIT:
            track.append(mido.MetaMessage("text", time=_LONGEST_WAIT))
            before += _LONGEST_WAIT
        message.time, before = tick - before, tick
        track.append(message)
    return track


def _microseconds(bpm: float) -> int:
    """Return how long a beat lasts; 0 for a tempo that is none."""
    return round(60e6 / bpm) if bpm > 0 else 0
