"""Prints what is in a text."""

from rich.text import Text

from gendesk.data.text.report import TextReport
from gendesk.terminal import output

_TOKENS, _SHOWN = 20, 240


def print_text(report: TextReport) -> None:
    """Say what was read, what it was cut into, and what was left out."""
    info = report.info
    _say(f"{info.title}: {report.characters:,} characters, {report.words:,} words.")
    _say(f"Cut into {report.found:,} {info.unit}, {info.train_count:,} to train on, {info.test_count:,} held out.")
    _say(f"Vocabulary: {len(info.vocabulary):,} different ones.")
    if report.unknown_train or report.unknown_test:
        _say(
            f"Unknown: {report.unknown_train:.2%} of the training part, {report.unknown_test:.2%} of the held-out one."
        )
    _say("Most frequent: " + ", ".join(f"{token!r} ({count:,})" for token, count in report.tokens[:_TOKENS]) + ".")
    _say(f"Begins: {report.beginning[:_SHOWN]!r}")
    *before, (last, _) = report.window
    _say(f"A network sees: {' '.join(repr(token) for token, _ in before)} and guesses {last!r}.")
    if report.encodings:
        _say("Encodings: " + ", ".join(f"{name} ({count:,} files)" for name, count in report.encodings) + ".")
    for group in report.skipped:
        _say(f"Left out: {group.count:,} that {group.reason}, such as {', '.join(group.examples)}.")
    for warning in report.warnings:
        _say(f"Note: {warning}")
    _say(f"Fingerprint: {info.fingerprint}")


def _say(line: str) -> None:
    """Print as it is: texts of strangers are no markup."""
    output.print(Text(line))
