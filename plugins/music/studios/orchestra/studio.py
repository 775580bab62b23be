"""The orchestra console: chords, style, melodies and grooves of MuseGAN, each to be turned alone."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QLayout, QSplitter, QTabWidget, QVBoxLayout, QWidget

from gendesk.engine.music.chaining import Plan, Way, chained
from gendesk.engine.music.comparing import NearestReal, nearest_real
from gendesk.engine.music.console import Console, Performance, perform, size_of
from gendesk.music.midi_writing import midi_bytes
from gendesk.music.score import Note, Score
from gendesk.music.tokens.grid_view import Int8Array
from gendesk.studios.music.score_export import ScoreExport
from gendesk.studios.studio import Studio
from gendesk.widgets.piano_roll.clipboard import MIME_TYPE, packed

from .channel import Channels
from .head import ConsoleHead
from .piece import PieceMaker
from .player import ConsolePlayer
from .rolls import ConsoleRolls
from .shown import MIX, PIECE, A, B, Pieces
from .trials import Trials
from .vectors import Vectors

MIDI_TYPE = "audio/midi"
WIDE, HIGH = 900, 640  # logical pixels from which the parts stand side by side, and two rolls one below the other
_LEAST = 360
_LEFT = 380  # logical pixels of the vectors where they stand beside the rolls


class ConsoleStudio(Studio):
    """Ten vectors of noise between A and B, the pieces that come of them, and the nearest real one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Orchestra"))
        self.pieces = Pieces()
        self._trial: tuple[int, Console] | None = None  # the part of the last experiment, and what it has made
        self._hearing = False  # whether a person waits to hear a change
        self._asked = self._again = False  # whether a piece has been asked for, and another one is wanted since
        self._flipped = MIX  # where the way back from A leads
        self._wide: bool | None = None
        self.vectors = Vectors(self)
        self.head = ConsoleHead(self.vectors.history, self)
        self.channels, self.trials, self.maker = Channels(), Trials(), PieceMaker()
        self.rolls = ConsoleRolls()
        self.pane, self.beside = self.rolls.pane, self.rolls.beside
        self.player = ConsolePlayer()
        self.export = ScoreExport(self, self._to_save)
        self.export.fill_menu(self.head.menu)
        self._arrange_parts()
        self._connect()
        self._show()

    @property
    def console(self) -> Console | None:
        """The vectors as they stand."""
        return self.vectors.console

    def _arrange_parts(self) -> None:
        self.pages = QTabWidget(documentMode=True)
        self.pages.setAccessibleName(self.tr("Console"))
        self.pages.addTab(self.channels, self.tr("Vectors"))
        self.pages.addTab(self.trials, self.tr("Experiments"))
        self.pages.addTab(self.maker, self.tr("Make a piece"))
        music = QWidget()
        below = QVBoxLayout(music)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(4)
        below.addWidget(self.rolls, 1)
        below.addWidget(self.player)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.pages)
        self.split.addWidget(music)
        self.split.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # see `minimumSizeHint`
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.head)
        column.addWidget(self.split, 1)

    def _connect(self) -> None:
        for channel in (self.channels.every, *self.channels.channels):
            channel.moved.connect(self.vectors.move)
            channel.settled.connect(self.vectors.history.end_step)
            channel.rerolled.connect(self.vectors.reroll)
            channel.fives.connect(self.vectors.set_fives)
            channel.locked.connect(self.vectors.lock)
        self.vectors.meant.connect(self._mean)
        self.vectors.changed.connect(self._take_console)
        self.head.seed.changed.connect(self.vectors.draw)
        self.head.kept.connect(self.vectors.keep)
        self.head.flipped.connect(self._flip)
        self.head.copied.connect(self._copy)
        self.head.mark.toggled.connect(self._show_pieces)
        self.trials.tried.connect(self._try)
        self.maker.wanted.connect(self._make_piece)
        self.export.failed.connect(self.failed)
        self.pane.turned.connect(self._turn)
        self.beside.wanted.connect(self._hear_beside)
        self.player.moved.connect(self.rolls.follow)
        self.player.attach(self.pane.roll)
        self.player.attach(self.beside.roll)

    def minimumSizeHint(self) -> QSize:
        """Return what the narrow arrangement needs: the wide one would never let its panel become narrow again."""
        return QSize(_LEAST, _LEAST)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide, high = self.width() >= WIDE, self.height() >= HIGH
        if self._wide != wide:
            self._wide = wide
            self.split.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
            self.split.setSizes([_LEFT, self.width() - _LEFT] if wide else [180, self.height() - 260])
            self.head.set_wide(wide)
        self.beside.setVisible(wide and high)
        super().resizeEvent(event)

    # The model

    def on_session(self) -> None:
        self.vectors.forget()
        self.pieces = Pieces()
        self._asked = self._again = False
        self.trials.clear()
        self.maker.clear()
        self.rolls.show_piece_tab(shown=False)
        self.model_changed()
        self._show()

    def model_changed(self) -> None:
        if self.console is None:
            self.ask("size", size_of, None)
        else:
            self._perform()

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        match asker:
            case "size":
                if self.console is None:
                    self.vectors.begin(self.head.seed.seed, result)
            case "nearest":
                self._take_nearest(result, "")
            case "chain":
                self._take_chain(result)
            case _:
                self._be_answered()
                self._take_performance(argument, result)

    def on_failure(self, asker: str, sentence: str) -> None:
        if asker == "nearest":
            self._take_nearest(None, sentence)
        else:
            if asker == "piece":
                self._be_answered()
            super().on_failure(asker, sentence)

    def _perform(self) -> None:
        """Have the newest vectors played. There is one question at a time, so that a slider can be followed."""
        self._again = self._asked
        if not self._asked and self.console is not None:
            self._asked = True
            self.ask("piece", perform, self.console)

    def _be_answered(self) -> None:
        self._asked = False
        if self._again:
            self._perform()

    def _take_performance(self, console: Console, performance: Performance) -> None:
        self.pieces.performance = performance
        if self._trial is not None and self._trial[1] is console:
            self.trials.show_result(self._trial[0], performance)
        self.maker.set_bars(len(performance.mix))
        self._show()
        self._search()
        if self._hearing:
            self._hearing = False
            self.player.begin()

    def _search(self) -> None:
        """Look for what is nearest to the piece that is shown, or else to the mix."""
        key = self.pane.key if self.pane.key in (A, B) else MIX
        grid = self.pieces.grid(key)
        if grid is not None and grid is not self.pieces.searched:
            self.pieces.searched, self.pieces.searched_key = grid, key
            self.ask("nearest", nearest_real, grid, data=True, slow=True)

    def _take_nearest(self, nearest: NearestReal | None, sentence: str) -> None:
        self.pieces.nearest, self.pieces.problem = nearest, sentence
        self._show_pieces()

    # What a person does

    def _mean(self) -> None:
        """Show the mix, which a person has changed, and have it heard where that is wished."""
        self._hearing = self.head.hear.isChecked()
        self.pane.choose(MIX)

    def _take_console(self, console: Console) -> None:
        self.channels.show_console(console)
        self.head.seed.set_seed(console.seed)
        self.trials.clear()
        self._perform()

    def _try(self, part: int, fives: bool) -> None:
        if self.console is None:
            return
        if part in self.console.locked:
            self.trials.show_locked(part)
            return
        self.vectors.attempt(part, fives=fives)
        self._trial = part, self.console

    def _make_piece(self, way: Way, count: int) -> None:
        if self.console is not None:
            self.ask("chain", chained, Plan.made(self.console, way, count, self.vectors.next_seed()), slow=True)

    def _take_chain(self, grid: Int8Array) -> None:
        self.pieces.chain = grid
        self.rolls.show_piece_tab(shown=True)
        self._show_pieces()
        self.pane.choose(PIECE)
        self.maker.tell(len(grid), self.pane.shown.score.seconds)
        if self.head.hear.isChecked():
            self.player.begin()

    def _turn(self) -> None:
        if self.pane.key != A:
            self._flipped = self.pane.key
        self.player.set_score(self.pane.shown.score)
        self._search()

    def _flip(self) -> None:
        """Go to A, or back to what was shown before."""
        self.pane.choose(self._flipped if self.pane.key == A else A)

    def _hear_beside(self, key: str) -> None:
        self.pane.choose(key)
        self.player.begin()

    def piece(self) -> Score:
        """The piece whose tab is chosen, as it sounds; without notes where there is none yet."""
        return self.pane.shown.score

    def _copy(self) -> None:
        score = self.piece()
        data = QMimeData()
        data.setData(MIME_TYPE, packed(tuple(note for _, note in score.notes())))
        data.setData(MIDI_TYPE, midi_bytes(score))
        QGuiApplication.clipboard().setMimeData(data)

    def _to_save(self) -> tuple[Score, str, Mapping[Note, float] | None]:
        return self.piece(), f"orchestra-{self.pane.key}", None

    # What is seen

    def _show(self) -> None:
        ready = self.pieces.performance is not None
        self.head.set_ready(ready)
        self.pages.setEnabled(ready)
        self._show_pieces()

    def _show_pieces(self) -> None:
        self.rolls.set_pieces(partial(self.pieces.shown, marks=self.head.mark.isChecked()))
        self.player.set_score(self.pane.shown.score)
