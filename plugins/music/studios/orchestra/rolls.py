"""Pieces of the orchestra console in piano rolls, one beside the other where there is room."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QTabBar, QVBoxLayout, QWidget

from gendesk.music.score import Score
from gendesk.widgets.piano_roll.roll import PianoRoll
from gendesk.widgets.plot.options import tool_button

from .shown import MIX, NEAREST, PIECE, A, B, Shown
from .table import VoiceTable


def _nothing(_key: str) -> Shown:
    return Shown()


class RollPane(QWidget):
    """A read-only roll with a tab for each of some pieces; `shown` is the one whose tab is chosen."""

    turned = Signal()  # another tab has been chosen
    wanted = Signal(str)  # the piece with this key is to be heard

    def __init__(self, name: str, tabs: tuple[tuple[str, str, str], ...], parent: QWidget | None = None) -> None:
        """`tabs` are (key of a piece, title, tip)."""
        super().__init__(parent)
        self._keys = tuple(key for key, _, _ in tabs)
        self._pieces: Callable[[str], Shown] = _nothing
        self.shown = Shown()
        self.tabs = QTabBar(self)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setAccessibleName(name)
        for _, title, tip in tabs:
            self.tabs.setTabToolTip(self.tabs.addTab(title), tip)
        self.tabs.currentChanged.connect(self._turn)
        self.hear = tool_button(self.tr("Hear This"), self.tr("Show this piece above, and play it"), "play")
        self.hear.clicked.connect(self._want)
        self.roll = PianoRoll(self)
        self.roll.setAccessibleName(name)
        self.roll.set_read_only(True)
        self.roll.set_velocities_shown(False)
        self.roll.set_empty_text(self.tr("Music will appear here once MuseGAN has been trained for a step."))
        self.table = VoiceTable(self.tr("Notes that differ"), 3, self)
        self.table.set_rows(())
        self.caption = QLabel(self)
        self.caption.setProperty("role", "muted")
        self.caption.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.tabs)
        row.addWidget(self.hear)
        row.addStretch()
        column.addLayout(row)
        column.addWidget(self.roll, 1)
        column.addWidget(self.table)
        column.addWidget(self.caption)

    def sizeHint(self) -> QSize:
        return QSize(480, 320)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.roll.show_everything()

    @property
    def key(self) -> str:
        """The piece whose tab is chosen."""
        return self._keys[self.tabs.currentIndex()]

    def choose(self, key: str) -> None:
        self.tabs.setCurrentIndex(self._keys.index(key))

    def set_tab_shown(self, key: str, *, shown: bool) -> None:
        self.tabs.setTabVisible(self._keys.index(key), shown)
        self.tabs.updateGeometry()  # which the bar forgets to do, and then scrolls its tabs

    def set_pieces(self, pieces: Callable[[str], Shown]) -> None:
        """Show what there is now: `pieces` makes the piece of a key, and is asked for those that are looked at."""
        self._pieces = pieces
        self._show()

    def follow(self, beat: float | None, pitches: tuple[int, ...]) -> None:
        """Move the playhead, which None hides."""
        self.roll.set_position(beat)
        self.roll.set_sounding(pitches)

    def _want(self) -> None:
        self.wanted.emit(self.key)

    def _turn(self, _tab: int) -> None:
        self._show()
        self.turned.emit()

    def _show(self) -> None:
        before, self.shown = self.shown, self._pieces(self.key)
        self.caption.setText(self.shown.caption)
        self.caption.setVisible(bool(self.shown.caption))
        self.hear.setEnabled(self.shown.score.note_count > 0)
        self.table.set_rows(self._rows(self.shown))
        if self.shown.drawn == before.drawn:
            return
        if self._is_in_view(self.shown.drawn) and self.shown.drawn.end == before.drawn.end:
            self.roll.canvas.cancel()
            self.roll.document.set_score(self.shown.drawn)  # the view stays, so that what has changed can be seen
        else:
            self.roll.set_score(self.shown.drawn)

    def _is_in_view(self, score: Score) -> bool:
        """Tell whether all pitches of a score are in view."""
        view = self.roll.viewport
        pitches = [note.pitch for track in score.tracks for note in track.notes]
        top, bottom = (view.view.y(float(pitch)) for pitch in (max(pitches, default=0), min(pitches, default=127)))
        return top >= 0 and bottom + view.view.row_height <= view.height

    def _rows(self, piece: Shown) -> list[tuple[str, list[object]]]:
        if not piece.differences:
            return []
        voices = piece.differences
        return [
            (self.tr("Notes only here"), [voice.first for voice in voices]),
            (self.tr("Only in {other}").format(other=piece.other), [voice.second for voice in voices]),
            (self.tr("In both"), [voice.both for voice in voices]),
        ]


class ConsoleRolls(QSplitter):
    """The piece that is played, `pane`, and below it, where there is room, one to compare it with, `beside`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        mix = (MIX, self.tr("Mix"), self.tr("The piece of all vectors as their sliders stand"))
        a = (A, self.tr("A"), self.tr("The piece of all vectors A"))
        b = (B, self.tr("B"), self.tr("The piece of all vectors B"))
        near = (NEAREST, self.tr("Nearest real"), self.tr("The training excerpt that is nearest to what is shown"))
        piece = (PIECE, self.tr("Piece"), self.tr("Excerpts in a row, as they were made on the page Make a piece"))
        self.pane = RollPane(self.tr("What is played"), (mix, a, b, near, piece))
        self.beside = RollPane(self.tr("What it is compared with"), (near, a, b))
        self.pane.hear.hide()  # it is what is heard
        self.show_piece_tab(shown=False)
        self.setChildrenCollapsible(False)
        self.addWidget(self.pane)
        self.addWidget(self.beside)
        self.beside.hide()
        self.pane.roll.loop_changed.connect(self.beside.roll.set_loop)
        self.beside.roll.loop_changed.connect(self.pane.roll.set_loop)

    def show_piece_tab(self, *, shown: bool) -> None:
        """Offer the piece of several excerpts, or do not while there is none."""
        self.pane.set_tab_shown(PIECE, shown=shown)

    def set_pieces(self, pieces: Callable[[str], Shown]) -> None:
        """Show what there is now, in both."""
        self.pane.set_pieces(pieces)
        self.beside.set_pieces(pieces)

    def follow(self, beat: float | None, pitches: tuple[int, ...]) -> None:
        """Move both playheads; the longer piece has bars that there are not below."""
        self.pane.follow(beat, pitches)
        self.beside.follow(None if self.pane.key == PIECE else beat, ())
