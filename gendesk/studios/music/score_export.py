"""Saves a piece of music as a MIDI file, as sound, as a picture of the roll or as MusicXML."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from gendesk.music.musicxml import why_no_musicxml, write_musicxml
from gendesk.music.score import Note, Score
from gendesk.widgets.export import Export, Report, choose_file
from gendesk.widgets.icons import icon
from gendesk.widgets.piano_roll.picture import roll_picture
from gendesk.widgets.piano_roll.sheet import picture_size
from gendesk.widgets.plot.export import write_png
from gendesk.widgets.theme import Colors, current_colors


class ScoreExport(QObject):
    """Writes on a worker thread; `piece` gives what is shown, with its file name and the numbers of its notes."""

    saved = Signal(str)  # the path
    failed = Signal(str)  # one sentence

    def __init__(self, parent: QWidget, piece: Callable[[], tuple[Score, str, Mapping[Note, float] | None]]) -> None:
        super().__init__(parent)
        self._parent = parent
        self._piece = piece
        self.files = Export(self)
        self.files.saved.connect(self.saved)
        self.files.failed.connect(self.failed)

    def fill_menu(self, menu: QMenu) -> None:
        """Add the entries to a menu."""
        for symbol, text, suffix in (
            ("music", self.tr("Save as MIDI..."), "mid"),
            ("save", self.tr("Save as Sound (WAV)..."), "wav"),
            ("image", self.tr("Save as Picture (PNG)..."), "png"),
        ):
            menu.addAction(icon(symbol), text, partial(self._ask, suffix))
        problem = why_no_musicxml()
        printed = menu.addAction(icon("text"), self.tr("Save as MusicXML..."), partial(self._ask, "musicxml"))
        printed.setEnabled(not problem)
        printed.setToolTip(problem or self.tr("For programs that print music"))
        menu.setToolTipsVisible(True)

    def _ask(self, suffix: str) -> None:
        stem = "".join(letter if letter.isalnum() or letter in " .-_" else "-" for letter in self._piece()[1]).strip()
        choose_file(self._parent, self.tr("Save Piece"), f"{stem or self.tr('Piece')}.{suffix}", self.save)

    def save(self, path: str | Path) -> None:
        """Write a .mid, .wav, .png or .musicxml file; ends with `saved` or `failed`."""
        target = Path(path)
        score, _, values = self._piece()
        match target.suffix.lower():
            case ".wav":
                self.files.start(target, partial(_write_sound, score))
            case ".png":
                self.files.start(target, partial(_write_picture, score, values, current_colors()))
            case ".musicxml" | ".xml":
                self.files.start(target, partial(_write_musicxml, score))
            case _:
                self.files.start(target, partial(_write_midi, score))


def _write_midi(score: Score, path: Path, _report: Report) -> None:
    from gendesk.music.midi_writing import write_midi  # with mido, which nobody else needs here

    write_midi(score, path)


def _write_musicxml(score: Score, path: Path, _report: Report) -> None:
    write_musicxml(score, path)


def _write_sound(score: Score, path: Path, report: Report) -> None:
    from gendesk.music.rendering import write_wav

    write_wav(score, path, report=partial(_tell_share, report))


def _tell_share(report: Report, share: float) -> None:
    report(round(1000 * share))


def _write_picture(
    score: Score, values: Mapping[Note, float] | None, colors: Colors, path: Path, _report: Report
) -> None:
    write_png(roll_picture(score, picture_size(score), values=values, colors=colors), path)
