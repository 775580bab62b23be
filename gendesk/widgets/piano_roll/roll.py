"""A piano roll: keyboard, ruler, notes and velocities of a score, to look at, to follow and to edit."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from gendesk.music.score import Note, Score
from gendesk.widgets.piano_roll.actions import RollActions
from gendesk.widgets.piano_roll.canvas import RollCanvas
from gendesk.widgets.piano_roll.document import RollDocument, Tool
from gendesk.widgets.piano_roll.keyboard import RollKeyboard
from gendesk.widgets.piano_roll.legend import ValueLegend
from gendesk.widgets.piano_roll.names import Scale
from gendesk.widgets.piano_roll.picture import roll_picture
from gendesk.widgets.piano_roll.ruler import RollRuler
from gendesk.widgets.piano_roll.scrolling import RollScrollBars
from gendesk.widgets.piano_roll.status import RollStatus
from gendesk.widgets.piano_roll.velocity import VelocityLane
from gendesk.widgets.piano_roll.view import Viewport


class PianoRoll(QWidget):
    """Shows a score and edits one of its tracks; the others are shown faintly behind it.

    `edited` carries the Score after every change that a person made, undone and redone ones, too. `pitch_pressed` and
    `pitch_released` carry the pitch of a key or note that is held down. `sought` carries a beat, `loop_changed` the
    beats of a loop (equal ones: none), `tool_changed` "select", "draw" or "erase", `track_changed` the number of the
    track that is edited when it is another one.
    """

    edited = Signal(object)
    pitch_pressed = Signal(int)
    pitch_released = Signal(int)
    sought = Signal(float)
    loop_changed = Signal(float, float)
    tool_changed = Signal(str)
    track_changed = Signal(int)
    options_changed = Signal()  # snap, scale, ghosts, follow or whether it is read-only

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Piano roll"))
        self.document = RollDocument(self)
        self.viewport = Viewport(self)
        self.canvas = RollCanvas(self.document, self.viewport, self)
        self.keyboard = RollKeyboard(self.document, self.viewport, self)
        self.ruler = RollRuler(self.document, self.viewport, self)
        self.lane = VelocityLane(self.document, self.viewport, self)
        self.commands = RollActions(self, self.document, self.viewport, self.canvas.cursor_mark)
        self.follow = True
        self.status = RollStatus(self.document, self.canvas, self.keyboard, self)
        self._scroll_bars = RollScrollBars(self.viewport, self)
        self._track = 0
        self._legend = ValueLegend(self)
        self._heard: int | None = None
        self._fit_first = True
        self._make_layout()
        self._connect()
        self.set_empty_text(self.tr("Notes will appear here. Choose the pencil and draw, or double click."))
        self._document_changed()

    def _make_layout(self) -> None:
        self._velocity_title = QLabel(self.tr("Velocity"), self)
        self._velocity_title.setProperty("role", "muted")
        self._velocity_title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 2, 8, 2)
        foot.setSpacing(16)
        foot.addWidget(self.status, 1)
        foot.addWidget(self._legend)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.ruler, 0, 1)
        grid.addWidget(self.keyboard, 1, 0)
        grid.addWidget(self.canvas, 1, 1)
        grid.addWidget(self._scroll_bars.down, 1, 2)
        grid.addWidget(self._velocity_title, 2, 0)
        grid.addWidget(self.lane, 2, 1)
        grid.addWidget(self._scroll_bars.across, 3, 1)
        grid.addLayout(foot, 4, 0, 1, 3)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(1, 1)

    def _connect(self) -> None:
        document, commands = self.document, self.commands
        document.edited.connect(self.edited)
        document.changed.connect(self._document_changed)
        self.canvas.sounded.connect(self._sound)
        self.canvas.menu_asked.connect(commands.open_menu)
        self.canvas.track_wanted.connect(self.set_track)
        self.keyboard.pressed.connect(self.pitch_pressed)
        self.keyboard.released.connect(self.pitch_released)
        self.ruler.sought.connect(self.sought)
        self.ruler.loop_changed.connect(self.loop_changed)
        commands.told.connect(self.status.setText)
        commands.track_wanted.connect(self.set_track)
        commands.loop_wanted.connect(self._loop)
        commands.seek_wanted.connect(self.sought)
        commands.tool_wanted.connect(self.set_tool)

    def sizeHint(self) -> QSize:
        return QSize(800, 480)

    # What is shown

    @property
    def score(self) -> Score:
        return self.document.score

    @property
    def track(self) -> int:
        """The number of the track that is edited."""
        return self.document.track

    @property
    def selection(self) -> frozenset[Note]:
        return self.document.selection

    def set_score(self, score: Score) -> None:
        """Show another score, all of it; nobody is told, and there is no way back to the one before."""
        self.canvas.cancel()
        self.document.set_score(score)
        self._fit_first = not self.isVisible()
        if self.isVisible():
            self.show_everything()

    def replace_score(self, score: Score) -> None:
        """Take a score that was made elsewhere, such as a quantised one, as an edit that can be undone."""
        self.document.replace(score)

    def set_track(self, number: int) -> None:
        """Edit another track; raises IndexError if the score has no such track."""
        if number != self.document.track:
            self.document.set_track(number)

    def select(self, notes: Sequence[Note]) -> None:
        """Select these notes of the track."""
        self.document.select(notes)

    def set_read_only(self, read_only: bool) -> None:
        """Show all tracks alike, with nothing to edit; notes still sound, and can be selected and copied."""
        self.canvas.cancel()
        self.document.read_only = read_only
        self._look(full=read_only)
        self.commands.refresh()
        self.status.show_counts()
        self.document.history.undo.setVisible(not read_only)
        self.document.history.redo.setVisible(not read_only)
        self.options_changed.emit()

    def set_values(self, values: Mapping[Note, float] | None, title: str = "") -> None:
        """Colour notes by numbers in [0, 1], such as the network's probability of each; None: by their tracks again.

        `title` says in the legend what the numbers are. Equal notes of two tracks have one number.
        """
        title = (title or self.tr("Probability")) if values is not None else ""
        self._legend.set_title(title)
        self._look(values=dict(values or {}), title=title)

    def set_scale(self, scale: Scale | None) -> None:
        """Shade the rows that do not belong to a scale."""
        self._look(scale=scale)
        self.keyboard.set_flats(scale is not None and scale.flats)
        self.options_changed.emit()

    @property
    def scale(self) -> Scale | None:
        return self.canvas.look.scale

    def set_ghosts(self, shown: bool) -> None:
        """Show the other tracks behind the one that is edited, or hide them."""
        self._look(ghosts=shown)
        self.options_changed.emit()

    @property
    def ghosts(self) -> bool:
        return self.canvas.look.ghosts

    def set_velocities_shown(self, shown: bool) -> None:
        """Show the lane of velocities, or hide it."""
        self.lane.setVisible(shown)
        self._velocity_title.setVisible(shown)

    def set_empty_text(self, text: str) -> None:
        """Set the sentence shown while there are no notes."""
        self.canvas.set_empty_text(text)

    def _look(self, **changes: object) -> None:
        self.canvas.set_look(replace(self.canvas.look, **changes))  # type: ignore[arg-type]

    # Tools

    @property
    def tool(self) -> Tool:
        return self.canvas.tool

    def set_tool(self, tool: Tool) -> None:
        """Choose what the mouse does: "select", "draw" or "erase"."""
        if tool != self.canvas.tool:
            self.canvas.tool = tool
            self.tool_changed.emit(tool)

    @property
    def snap(self) -> float:
        """The step of the grid in beats, 0 for none."""
        return self.document.step

    def set_snap(self, step: float) -> None:
        """Choose the step of the grid in beats, 0 for none."""
        if step != self.document.step:
            self.document.step = step
            self.canvas.redraw()
            self.options_changed.emit()

    def set_follow(self, follow: bool) -> None:
        """Turn the pages as the playhead leaves the view, or leave the view alone."""
        self.follow = follow
        self.options_changed.emit()

    def set_position(self, beat: float | None) -> None:
        """Move the playhead; None hides it. Called at every frame while music plays."""
        if beat is not None and self.follow and not self.canvas.dragging:
            view = self.viewport
            if not view.view.left <= beat < view.last:
                view.scroll(left=beat - 0.05 * (view.last - view.view.left))
        self.canvas.set_position(beat)
        self.ruler.set_position(beat)

    def set_sounding(self, pitches: Sequence[int]) -> None:
        """Show keys as held down, as of the notes that play."""
        self.keyboard.set_sounding(frozenset(pitches))

    def set_loop(self, start: float, stop: float) -> None:
        """Show a loop in beats, none if both are equal; nobody is told."""
        self.ruler.set_loop(start, stop)

    @property
    def loop(self) -> tuple[float, float]:
        return self.ruler.loop

    def show_everything(self) -> None:
        """Zoom so that all notes are in view."""
        self.commands.show_everything()

    def picture(self, size: QSize) -> QImage:
        """Return a picture of the whole score of a size in pixels, in the colours of the theme."""
        look = self.canvas.look
        return roll_picture(self.score, size, scale=look.scale, values=look.values if look.by_value else None)

    # Reactions

    def _document_changed(self) -> None:
        self.viewport.set_end(self.document.end)
        self._scroll_bars.refresh()
        if self._track != self.document.track:
            self._track = self.document.track
            self.track_changed.emit(self._track)

    def _sound(self, pitch: int | None) -> None:
        if self._heard is not None:
            self.pitch_released.emit(self._heard)
        self._heard = pitch
        if pitch is not None:
            self.pitch_pressed.emit(pitch)

    def _loop(self, start: float, stop: float) -> None:
        self.ruler.set_loop(start, stop)
        self.loop_changed.emit(start, stop)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._fit_first:
            self._fit_first = False
            # Only now the layout has told the parts their sizes.
            self.show_everything()
