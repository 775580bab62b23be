"""Prints what is in a set of pieces of music."""

from rich.text import Text

from gendesk.data.scores.report import ScoreReport
from gendesk.music.keys import note_name
from gendesk.music.tokens.chord_view import chord_events
from gendesk.terminal import output

_KEYS, _CHORDS = 12, 16


def print_scores(report: ScoreReport) -> None:
    """Say what was read, what a network will see, and what was left out."""
    info = report.info
    count = info.train_count + info.test_count
    _say(f"{info.title}: {count:,} pieces, {info.train_count:,} to train on, {info.test_count:,} held out.")
    _say(f"Notes: {info.notes:,} in at most {info.voices} voices, on {info.steps_per_beat} steps per beat.")
    _say(f"Vocabulary: {len(info.chords):,} different chords and single notes, {len(info.durations)} durations.")
    _say("Keys: " + ", ".join(f"{name} ({number:,})" for name, number in report.keys[:_KEYS]) + ".")
    _say("Metres: " + ", ".join(f"{name} ({number:,})" for name, number in report.meters[:_KEYS]) + ".")
    if report.ranges:
        ranges = (f"{note_name(low)} to {note_name(high)}" for low, high in report.ranges)
        _say(f"Ranges, from the top voice: {', '.join(ranges)}.")
    shortest, longest = report.lengths[0][0], report.lengths[-1][1]
    _say(f"Lengths: {shortest:g} to {longest:g} beats.")
    for score in report.pieces[:1]:
        chords = [name for name, _ in chord_events(score, info.steps_per_beat)]
        _say(f"{score.title or 'The first'} begins: {' '.join(chords[:_CHORDS])}")
    for group in report.skipped:
        _say(f"Left out: {group.count:,} that {group.reason}, such as {', '.join(group.examples)}.")
    for warning in report.warnings:
        _say(f"Note: {warning}")
    _say(f"Fingerprint: {info.fingerprint}")


def _say(line: str) -> None:
    """Print as it is: titles of strangers are no markup."""
    output.print(Text(line))
