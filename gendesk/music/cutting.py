"""Parts of scores: their first bars, or what they have before a beat."""

from dataclasses import replace

from gendesk.music.score import Score


def first_bars(score: Score, bars: int) -> Score:
    """Return the first bars of a piece, or all of it with 0."""
    starts = list(score.bars(score.end))
    return up_to(score, starts[bars]) if 0 < bars < len(starts) else score


def up_to(score: Score, beat: float) -> Score:
    """Return what a piece has before a beat; notes that last longer end there."""
    tracks = []
    for track in score.tracks:
        notes = (replace(note, length=min(note.length, beat - note.start)) for note in track.notes if note.start < beat)
        tracks.append(
            replace(
                track.with_notes(notes),
                controls=tuple(control for control in track.controls if control.beat < beat),
                bends=tuple(bend for bend in track.bends if bend.beat < beat),
                lyrics=tuple(lyric for lyric in track.lyrics if lyric.beat < beat),
            )
        )
    return replace(
        score,
        tracks=tuple(tracks),
        tempos=tuple(tempo for tempo in score.tempos if tempo.beat < beat),
        meters=tuple(meter for meter in score.meters if meter.beat < beat),
        keys=tuple(key for key in score.keys if key.beat < beat),
    )
