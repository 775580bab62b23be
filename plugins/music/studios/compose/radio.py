"""The buttons of the radio: on and off, the next piece, and what has been played, to hear again or to save."""

import re
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from gendesk.music.score import Score
from gendesk.widgets.export import Export, Report
from gendesk.widgets.icons import icon
from gendesk.widgets.plot.options import tool_button

from .endless import Radio
from .takes import Take


class RadioBar(QWidget):
    """Drives a Radio, and saves its pieces into a folder that is asked for once.

    `toggled` tells that a person turned it on or off, `again` carries a Take that is to be played once more.
    """

    toggled = Signal(bool)
    again = Signal(object)
    saved = Signal(str)  # the path
    failed = Signal(str)  # one sentence

    def __init__(self, radio: Radio, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Radio"))
        self._radio = radio
        self._waiting: Take | None = None  # the piece that is saved once a folder is chosen
        self.folder: Path | None = None
        self.files = Export(self)
        self.files.saved.connect(self.saved)
        self.files.failed.connect(self.failed)
        self.switch = QPushButton(icon("music"), self.tr("Radio"))
        self.switch.setCheckable(True)
        self.switch.setToolTip(
            self.tr(
                "Compose piece after piece from nothing and play them, until you turn it off; Undo brings back the roll"
            )
        )
        self.switch.toggled.connect(self.toggled)
        self.next = tool_button(self.tr("Next Piece"), self.tr("Skip the rest of this piece"), "right")
        self.save = tool_button(self.tr("Keep This Piece"), self.tr("Save the piece that plays as a MIDI file"), "save")
        self.save.clicked.connect(self._save_current)
        self.recent = tool_button(
            self.tr("Last Pieces"), self.tr("The last ten pieces, to play again or to save"), "runs"
        )
        self.recent.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.recent)
        self.menu.aboutToShow.connect(self._fill)
        self.recent.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for part in (self.switch, self.next, self.save, self.recent):
            row.addWidget(part)
        self.refresh()

    def refresh(self) -> None:
        """Show what can be done now."""
        on, current = self._radio.is_on, self._radio.current
        self.next.setVisible(on)
        self.save.setVisible(on)
        self.save.setEnabled(current is not None and current.over)
        self.recent.setVisible(bool(self._radio.past) or on)
        self.recent.setEnabled(bool(self._radio.past))

    def _fill(self) -> None:
        self.menu.clear()
        for take in reversed(self._radio.past):
            entry = self.menu.addMenu(self.name(take))
            entry.addAction(icon("play"), self.tr("Play Again"), partial(self.again.emit, take))
            entry.addAction(icon("save"), self.tr("Save as MIDI"), partial(self.keep, take))

    def name(self, take: Take) -> str:
        """Return what a piece is called."""
        return self.tr("Piece {number} of seed {seed}").format(number=take.task.number + 1, seed=take.task.seed)

    # Files

    def _save_current(self) -> None:
        if self._radio.current is not None:
            self.keep(self._radio.current)

    def keep(self, take: Take) -> None:
        """Save a piece in the folder of this radio; the first time a person chooses it."""
        if self.folder is None:
            self._waiting = take
            dialog = QFileDialog(self, self.tr("Save Pieces of the Radio in This Folder"))
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.fileSelected.connect(self.set_folder)
            dialog.open()
            return
        self.files.start(_free(self.folder, self.name(take)), partial(_write, take.score))

    def set_folder(self, folder: str) -> None:
        """Save into this folder from now on, first of all what waits for it."""
        self.folder = Path(folder)
        take, self._waiting = self._waiting, None
        if take is not None:
            self.keep(take)


def _free(folder: Path, name: str) -> Path:
    """Return the path of a file that is not there yet."""
    stem = re.sub(r"[^\w -]", "-", name)
    paths = [folder / f"{stem}.mid", *(folder / f"{stem} ({number}).mid" for number in range(2, 1_000))]
    return next((path for path in paths if not path.exists()), paths[-1])


def _write(score: Score, path: Path, _report: Report) -> None:
    from gendesk.music.midi_writing import write_midi  # with mido, which nobody else needs here

    write_midi(score, path)
