"""What a check has found, as texts and small tables for a window."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from gendesk.data.check import AttributeCount, DataReport
from gendesk.data.dataset import PointInfo, RaceInfo
from gendesk.data.scores.arranging import VOICE_NAMES
from gendesk.data.scores.report import ScoreReport
from gendesk.data.text.report import TextReport
from gendesk.widgets.piano_roll.names import pitch_name
from gendesk.widgets.translation import translated

_MB = 1e6
_SHOWN = 6
Report = DataReport | TextReport | ScoreReport


def tr(text: str) -> str:
    return QCoreApplication.translate("DataFacts", text)


def fact_lines(report: Report) -> list[tuple[str, str]]:
    """Return pairs of what and how much, in the interface's language."""
    if isinstance(report, TextReport):
        return _text_lines(report)
    if isinstance(report, ScoreReport):
        return _score_lines(report)
    info = report.info
    if isinstance(info, PointInfo):
        return [
            (tr("Found"), tr("{0:,} points").format(report.found)),
            (tr("To train on"), f"{info.train_count:,}"),
            (tr("Held out"), f"{info.test_count:,}"),
            (tr("Plane"), f"{info.width:g} \N{MULTIPLICATION SIGN} {info.height:g}"),
            (tr("Fingerprint"), info.fingerprint[:16]),
        ]
    if isinstance(info, RaceInfo):
        return _race_lines(info)
    colour = tr("grey") if info.channels == 1 else tr("colour")
    sizes = ", ".join(f"{width} \N{MULTIPLICATION SIGN} {height}" for width, height, _ in report.sizes[:_SHOWN])
    more = tr(" and {0} more").format(len(report.sizes) - _SHOWN) if len(report.sizes) > _SHOWN else ""
    return [
        (tr("Found"), tr("{0:,} pictures").format(report.found)),
        (tr("To train on"), f"{info.train_count:,}"),
        (tr("Held out"), f"{info.test_count:,}"),
        (tr("Training sees"), f"{info.width} \N{MULTIPLICATION SIGN} {info.height}, {colour}"),
        (tr("Sizes"), f"{sizes}{more}"),
        (tr("Kinds"), ", ".join(f"{name} ({count:,})" for name, count in report.modes)),
        (tr("Looked at"), tr("{0:,} of {1:,}").format(report.looked_at, report.found)),
        (tr("On the disk"), tr("{0:.1f} MB prepared").format(report.memory_bytes / _MB)),
        (tr("Fingerprint"), info.fingerprint[:16]),
    ]


def _race_lines(info: RaceInfo) -> list[tuple[str, str]]:
    last = info.train_start + info.train_count - 1
    return [
        (tr("Found"), tr("a track for every seed")),
        (tr("To train on"), tr("tracks {0:,} to {1:,}").format(info.train_start, last)),
        (tr("Held out"), tr("tracks 0 to {0:,}").format(info.test_count - 1)),
        (tr("Frames"), f"{info.size} \N{MULTIPLICATION SIGN} {info.size}, {tr('colour')}"),
        (tr("On the disk"), tr("nothing: tracks are drawn when a race begins")),
        (tr("Fingerprint"), info.fingerprint[:16]),
    ]


def _text_lines(report: TextReport) -> list[tuple[str, str]]:
    info = report.info
    return [
        (tr("Found"), tr("{0:,} characters").format(report.characters)),
        (tr("Words"), f"{report.words:,}"),
        (tr("Tokens"), f"{report.found:,}"),
        (tr("Different tokens"), f"{len(info.vocabulary):,}"),
        (tr("To train on"), tr("{0:,} tokens").format(info.train_count)),
        (tr("Held out"), tr("{0:,} tokens").format(info.test_count)),
        (tr("Unknown"), f"{report.unknown_train:.2%}"),
        (tr("Unknown, held out"), f"{report.unknown_test:.2%}"),
        (tr("Encodings"), ", ".join(f"{name} ({count:,})" for name, count in report.encodings)),
        (tr("On the disk"), tr("{0:.1f} MB prepared").format(report.memory_bytes / _MB)),
        (tr("Fingerprint"), info.fingerprint[:16]),
    ]


def _score_lines(report: ScoreReport) -> list[tuple[str, str]]:
    info = report.info
    return [
        (tr("Found"), tr("{0:,} pieces").format(report.found)),
        (tr("To train on"), tr("{0:,} pieces").format(info.train_count)),
        (tr("Held out"), tr("{0:,} pieces").format(info.test_count)),
        (tr("Notes"), f"{info.notes:,}"),
        (tr("Voices"), f"{info.voices}"),
        (tr("Pitches"), tr("{0} to {1}").format(pitch_name(info.lowest), pitch_name(info.highest))),
        (tr("Longest piece"), tr("{0:,.4g} beats").format(info.longest)),
        (tr("Grid"), tr("{0} steps per beat").format(info.steps_per_beat)),
        (tr("Moved to the grid"), tr("{0:.1%} of the notes").format(report.moved)),
        (tr("Without a voice"), tr("{0:,} notes").format(report.dropped)),
        (tr("Different chords"), f"{len(info.chords):,}"),
        (tr("Different lengths"), f"{len(info.durations):,}"),
        (tr("On the disk"), tr("{0:.1f} MB prepared").format(report.memory_bytes / _MB)),
        (tr("Fingerprint"), info.fingerprint[:16]),
    ]


def voice_lines(report: ScoreReport) -> list[tuple[str, str]]:
    """Return the lowest and highest pitch of each voice, the top one first."""
    count = len(report.ranges)
    names = VOICE_NAMES.get(count, tuple(tr("Voice {0}").format(number + 1) for number in range(count)))
    return [
        (translated(name), tr("{0} to {1}").format(pitch_name(low), pitch_name(high)))
        for name, (low, high) in zip(names, report.ranges, strict=True)
    ]


def length_lines(report: ScoreReport) -> list[tuple[str, str]]:
    """Return how many pieces are how long."""
    return [(tr("{0:.0f} to {1:.0f} beats").format(start, end), f"{count:,}") for start, end, count in report.lengths]


def attribute_line(count: AttributeCount) -> str:
    """Return how often an attribute has each value, or the range of its numbers, in the interface's language."""
    if count.values:
        most = sorted(count.values, key=lambda value: -value[1])
        parts = [f"{name} ({number:,})" for name, number in most[:_SHOWN]]
        parts += [tr("{0} more values").format(len(most) - _SHOWN)] if len(most) > _SHOWN else []
    else:
        parts = [tr("{0:.4g} to {1:.4g}").format(count.low, count.high)]
    parts += [tr("unknown ({0:,})").format(count.unknown)] if count.unknown else []
    return ", ".join(parts)


def _counted(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
    return [(translated(name), f"{count:,}") for name, count in pairs]


class FactsView(QWidget):
    """Numbers, classes, what was left out and why, and notes, from top to bottom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notes = QLabel()
        self.notes.setWordWrap(True)
        self.notes.setTextFormat(Qt.TextFormat.PlainText)  # file names from strangers are no markup
        self.notes.setAccessibleName(self.tr("Notes on the data"))
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.tree = QTreeWidget()
        self.tree.setHeaderHidden(True)
        self.tree.setColumnCount(2)
        self.tree.setAccessibleName(self.tr("What was found"))
        self.tree.setToolTip(self.tr("What was found, in which classes, and what was left out and why"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.tree, 1)
        column.addWidget(self.notes)
        self.notes.hide()

    def show_report(self, report: Report) -> None:
        self.tree.clear()
        if isinstance(report, TextReport):
            self._group(self.tr("Text"), fact_lines(report))
        elif isinstance(report, ScoreReport):
            self._group(self.tr("Music"), fact_lines(report))
            self._show_music(report)
        else:
            self._group(self.tr("Pictures"), fact_lines(report))
            self._show_known(report)
        if report.skipped:
            title = self.tr("Left out ({0:,})").format(report.skipped_count)
            lines = [(f"{group.count:,}", f"{group.reason}: {', '.join(group.examples)}") for group in report.skipped]
            self._group(title, lines)
        self.tree.resizeColumnToContents(0)
        self.notes.setText("\n".join(report.warnings))
        self.notes.setVisible(bool(report.warnings))

    def _show_known(self, report: DataReport) -> None:
        """Show what is known of the pictures beside what is in them."""
        if report.classes:
            title = self.tr("Classes ({0})").format(len(report.classes))
            self._group(
                title, [(name, f"{count:,}") for name, count in report.classes], opened=len(report.classes) <= 20
            )
        if report.attributes:
            title = self.tr("Attributes ({0})").format(len(report.attributes))
            lines = [(count.title, attribute_line(count)) for count in report.attributes]
            self._group(title, lines, opened=len(lines) <= 20)

    def _show_music(self, report: ScoreReport) -> None:
        self._group(
            self.tr("Keys ({0})").format(len(report.keys)), _counted(report.keys), opened=len(report.keys) <= 12
        )
        self._group(self.tr("Metres ({0})").format(len(report.meters)), _counted(report.meters))
        self._group(self.tr("Voices"), voice_lines(report))
        self._group(self.tr("Lengths"), length_lines(report), opened=False)

    def clear(self) -> None:
        self.tree.clear()
        self.notes.hide()

    def _group(self, title: str, lines: list[tuple[str, str]], *, opened: bool = True) -> None:
        top = QTreeWidgetItem(self.tree, [title])
        top.setFirstColumnSpanned(True)
        font = top.font(0)
        font.setBold(True)
        top.setFont(0, font)
        for name, value in lines:
            item = QTreeWidgetItem(top, [name, value])
            item.setToolTip(1, value)
        top.setExpanded(opened)
