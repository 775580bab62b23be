"""The commands of a roll: menu entries with their keys."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from gendesk.errors import InputError
from gendesk.music.score import Note
from gendesk.widgets.piano_roll import editing
from gendesk.widgets.piano_roll.clipboard import MIME_TYPE, packed, unpacked
from gendesk.widgets.piano_roll.cursor import RollCursor
from gendesk.widgets.piano_roll.document import RollDocument
from gendesk.widgets.piano_roll.grid import floored
from gendesk.widgets.piano_roll.view import Viewport

_VELOCITIES = (16, 32, 48, 64, 80, 96, 112, 127)
_Keys = QKeySequence.StandardKey
_ZOOM = 1.25
_EMPTY = 16.0  # beats that are shown where there is no music yet


class RollActions(QObject):
    """Actions of a roll, which are added to it. `told` carries a sentence about something that could not be done.

    `loop_wanted` carries the beats of the selected notes, `seek_wanted` that of the cursor, `tool_wanted` a name,
    `track_wanted` the number of another track.
    """

    told = Signal(str)
    loop_wanted = Signal(float, float)
    seek_wanted = Signal(float)
    tool_wanted = Signal(str)
    track_wanted = Signal(int)

    def __init__(self, panel: QWidget, document: RollDocument, viewport: Viewport, cursor: RollCursor) -> None:
        super().__init__(panel)
        self._panel, self._document, self._viewport, self._cursor = panel, document, viewport, cursor
        tr = self.tr
        self.cut = self._add(tr("Cut"), self._cut, _Keys.Cut)
        self.copy = self._add(tr("Copy"), self._copy, _Keys.Copy)
        self.paste = self._add(tr("Paste"), self._paste, _Keys.Paste)
        self.duplicate = self._add(tr("Duplicate"), self._duplicate, "Ctrl+D")
        self.delete = self._add(tr("Delete"), self._delete, "Del", "Backspace")
        self.select_all = self._add(tr("Select All"), self._select_all, _Keys.SelectAll)
        self.octave_up = self._add(tr("Octave Up"), partial(self._transpose, 12))
        self.octave_down = self._add(tr("Octave Down"), partial(self._transpose, -12))
        self.loop = self._add(tr("Loop Selection"), self._loop, "Ctrl+L")
        self.seek = self._add(tr("Move Playhead to Cursor"), self._seek, "Ctrl+G")
        self.zoom_in = self._add(tr("Zoom In"), partial(self._zoom, _ZOOM), "+", "=")
        self.zoom_out = self._add(tr("Zoom Out"), partial(self._zoom, 1 / _ZOOM), "-")
        self.rows_in = self._add(tr("Higher Rows"), partial(self._zoom_rows, _ZOOM), "Ctrl++", "Ctrl+=")
        self.rows_out = self._add(tr("Lower Rows"), partial(self._zoom_rows, 1 / _ZOOM), "Ctrl+-")
        self.fit = self._add(tr("Show Everything"), self.show_everything, "F")
        for name, text, key in (
            ("select", tr("Select Notes"), "1"),
            ("draw", tr("Draw Notes"), "2"),
            ("erase", tr("Erase Notes"), "3"),
        ):
            self._add(text, partial(self.tool_wanted.emit, name), key)
        for signal in (document.changed, document.selected):
            signal.connect(self.refresh)
        self.refresh()

    def _add(self, text: str, run: Callable[[], None], *keys: _Keys | str) -> QAction:
        action = QAction(text, self._panel)
        sequences: list[QKeySequence] = []
        for key in keys:
            if isinstance(key, str):
                sequences.append(QKeySequence(key))
            else:
                sequences += QKeySequence.keyBindings(key)
        action.setShortcuts(sequences)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(run)
        self._panel.addAction(action)
        return action

    def refresh(self) -> None:
        """Enable what can be done."""
        chosen, writable = bool(self._document.selection), not self._document.read_only
        for action in (self.cut, self.duplicate, self.delete, self.octave_up, self.octave_down):
            action.setEnabled(chosen and writable)
        self.copy.setEnabled(chosen)
        self.loop.setEnabled(chosen)
        self.paste.setEnabled(writable)
        self.select_all.setEnabled(any(map(len, self._document.reachable)))

    def open_menu(self, place: QPoint) -> None:
        """Open the context menu at a place on the screen."""
        menu = QMenu(self._panel)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        history = self._document.history
        menu.addActions([history.undo, history.redo])
        menu.addSeparator()
        menu.addActions([self.cut, self.copy, self.paste, self.duplicate, self.delete, self.select_all])
        menu.addSeparator()
        menu.addActions([self.octave_up, self.octave_down])
        velocities = menu.addMenu(self.tr("Velocity"))
        velocities.setEnabled(self.delete.isEnabled())
        for velocity in _VELOCITIES:
            velocities.addAction(str(velocity), partial(self._strike, velocity))
        menu.addSeparator()
        menu.addActions([self.loop, self.seek, self.fit])
        if len(self._document.score.tracks) > 1:
            self._add_tracks(menu.addMenu(self.tr("Edit Track")))
        menu.popup(place)

    def _add_tracks(self, menu: QMenu) -> None:
        for number, track in enumerate(self._document.score.tracks):
            name = track.name or self.tr("Track {number}").format(number=number + 1)
            action = menu.addAction(name, partial(self.track_wanted.emit, number))
            action.setCheckable(True)
            action.setChecked(number == self._document.track)

    def show_everything(self) -> None:
        """Zoom so that all notes of all tracks are in view."""
        pitches = [index.pitch for index in self._document.indexes if len(index)]
        low = min((int(part.min()) for part in pitches), default=48)
        high = max((int(part.max()) for part in pitches), default=72)
        self._viewport.fit(0.0, self._document.end or _EMPTY, low, high)

    def _copy(self) -> None:
        data = QMimeData()
        data.setData(MIME_TYPE, packed(tuple(self._document.selection)))
        QGuiApplication.clipboard().setMimeData(data)

    def _cut(self) -> None:
        self._copy()
        self._delete()

    def _paste(self) -> None:
        data = QGuiApplication.clipboard().mimeData()
        try:
            if data is None or not data.hasFormat(MIME_TYPE):
                raise InputError(self.tr("There are no notes on the clipboard; copy some from a piano roll first."))
            self._put(unpacked(bytes(data.data(MIME_TYPE).data())), self._cursor.beat)
        except InputError as error:
            self.told.emit(str(error))

    def _duplicate(self) -> None:
        notes = self._document.selection
        start = min(note.start for note in notes)
        length = max(note.end for note in notes) - start
        # The copy begins on the next beat, so that a phrase keeps its place in the bar.
        self._put(tuple(notes), start + max(1.0, -floored(-length + 1e-6, 1.0)))

    def _put(self, notes: tuple[Note, ...], beat: float) -> None:
        """Add notes so that the first begins at a beat; the cursor goes behind them, for the next ones."""
        if notes:
            by = beat - min(note.start for note in notes)
            self._document.add(editing.moved(notes, by, 0).values())
            end = max(note.end for note in notes) + by
            self._cursor.put(-floored(-end, self._cursor.step), self._cursor.pitch)
            self._viewport.reveal(beat, end, min(n.pitch for n in notes), max(n.pitch for n in notes))

    def _delete(self) -> None:
        self._document.remove(self._document.selection)

    def _select_all(self) -> None:
        self._document.select(note for index in self._document.reachable for note in index.notes)

    def _transpose(self, by: int) -> None:
        self._document.change(editing.moved(self._document.selection, 0.0, by))

    def _strike(self, velocity: int) -> None:
        self._document.velocity = velocity
        self._document.change(editing.struck(self._document.selection, velocity))

    def _loop(self) -> None:
        notes = self._document.selection
        self.loop_wanted.emit(min(note.start for note in notes), max(note.end for note in notes))

    def _seek(self) -> None:
        self.seek_wanted.emit(self._cursor.beat)

    def _zoom(self, factor: float) -> None:
        self._viewport.zoom(factor)

    def _zoom_rows(self, factor: float) -> None:
        self._viewport.zoom_rows(factor)
