"""Pieces of music to look at and to hear: one of them at a time in a roll, with the buttons that play it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from gendesk.music.player import State
from gendesk.music.score import Note, Score
from gendesk.studios.music.roll_deck import RollDeck
from gendesk.studios.music.score_export import ScoreExport
from gendesk.widgets.piano_roll.names import Scale
from gendesk.widgets.plot.options import tool_button

_CHOICE = 200  # logical pixels


@dataclass(frozen=True, eq=False)
class Piece:
    """A score under its caption; `chances` (0..1) are those of its notes in the order of `Score.notes`, if known."""

    score: Score
    caption: str = ""
    chances: tuple[float, ...] = ()

    @property
    def values(self) -> Mapping[Note, float] | None:
        """The chance of each note, or None."""
        if not self.chances:
            return None
        return {note: chance for (_, note), chance in zip(self.score.notes(), self.chances, strict=False)}


class ScorePlayer(RollDeck):
    """A chooser of pieces, a roll that only shows, and a player's bar."""

    chosen = Signal(int)  # the number of another piece
    saved = Signal(str)  # the path of a file that was written
    failed = Signal(str)  # one sentence: a file could not be written

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Pieces of music"))
        self._pieces: Sequence[Piece] = ()
        self._waiting: Sequence[Piece] | None = None
        self.roll.set_read_only(True)
        self.roll.set_velocities_shown(False)
        self.export = ScoreExport(self, self._to_save)
        self.export.saved.connect(self.saved)
        self.export.failed.connect(self.failed)
        self.add_before_bar(self._make_choice())
        self.state_changed.connect(self._take_waiting)
        self.set_empty_text(self.tr("Pieces of music will appear here."))
        self.set_pieces(())

    def _make_choice(self) -> QWidget:
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(self.tr("Piece"))
        self.chooser.setToolTip(self.tr("Which of the pieces is shown and played"))
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.chooser.setMinimumContentsLength(12)
        self.back = tool_button(self.tr("Previous"), self.tr("The piece before this one"), "left")
        self.forward = tool_button(self.tr("Next"), self.tr("The piece after this one"), "right")
        self.place = QLabel()
        self.place.setProperty("role", "muted")
        self._choice = QWidget()
        self._choice.setMinimumWidth(_CHOICE)
        row = QHBoxLayout(self._choice)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        row.addWidget(self.back)
        row.addWidget(self.chooser, 1)
        row.addWidget(self.forward)
        row.addWidget(self.place)
        self.chooser.activated.connect(self.choose)
        self.back.clicked.connect(partial(self._turn, -1))
        self.forward.clicked.connect(partial(self._turn, 1))
        return self._choice

    @property
    def is_empty(self) -> bool:
        return not self._pieces

    @property
    def pieces(self) -> Sequence[Piece]:
        return self._pieces

    @property
    def piece(self) -> Piece | None:
        """The piece that is shown."""
        return self._pieces[self.chooser.currentIndex()] if self._pieces else None

    def set_pieces(self, pieces: Sequence[Piece], *, when_over: bool = False) -> None:
        """Show other pieces: the one in the same place if there are as many.

        With `when_over`, what plays is heard to its end first.
        """
        if when_over and self.state is not State.STOPPED:
            self._waiting = tuple(pieces)
            return
        self._waiting = None
        self.stop()
        number = self.chooser.currentIndex() if len(pieces) == len(self._pieces) else 0
        self._pieces = tuple(pieces)
        with QSignalBlocker(self.chooser):
            self.chooser.clear()
            for place, piece in enumerate(pieces, 1):
                self.chooser.addItem(piece.caption or piece.score.title or self.tr("Piece {0}").format(place))
        self._choice.setVisible(len(pieces) > 1 or any(piece.caption for piece in pieces))
        for button in (self.back, self.forward, self.place):
            button.setVisible(len(pieces) > 1)
        self.choose(number)

    def clear(self) -> None:
        """Forget all pieces: the empty state returns."""
        self.set_pieces(())

    def set_empty_text(self, text: str) -> None:
        """Set the sentence that is shown while there are no pieces."""
        self.roll.set_empty_text(text)

    def choose(self, number: int) -> None:
        """Show one of the pieces; if another one plays, this one plays instead."""
        playing = self.is_playing
        self.stop()
        number = max(0, min(number, len(self._pieces) - 1))  # newer pieces may have waited for the end
        with QSignalBlocker(self.chooser):
            self.chooser.setCurrentIndex(number if self._pieces else -1)
        piece = self.piece
        score = piece.score if piece else Score()
        self.set_score(score)
        self.roll.set_values(piece.values if piece else None)
        self.roll.set_scale(Scale.of_key(score.keys[0]) if score.keys else None)
        self.back.setEnabled(number > 0)
        self.forward.setEnabled(number < len(self._pieces) - 1)
        self.place.setText(self.tr("{0} of {1}").format(number + 1, len(self._pieces)))
        self.chosen.emit(number)
        if playing:
            self.toggle()

    def _turn(self, by: int, _checked: bool = False) -> None:
        self.choose(self.chooser.currentIndex() + by)

    def _take_waiting(self) -> None:
        if self.state is State.STOPPED and self._waiting is not None:
            self.set_pieces(self._waiting)

    def _to_save(self) -> tuple[Score, str, Mapping[Note, float] | None]:
        piece = self.piece or Piece(Score())
        return piece.score, piece.caption or piece.score.title, piece.values
