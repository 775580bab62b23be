"""What a press and a drag of the mouse do to notes, as long as the button is held."""

from dataclasses import dataclass, replace
from typing import Protocol

from gendesk.music.score import Note
from gendesk.widgets.piano_roll import editing
from gendesk.widgets.piano_roll.document import RollDocument
from gendesk.widgets.piano_roll.grid import floored, snapped


@dataclass(frozen=True)
class Place:
    """Where the mouse is; `free` means that the grid does not count, `slack` is a few pixels, in beats."""

    beat: float
    pitch: int
    free: bool = False
    slack: float = 0.0


class Gesture(Protocol):
    """A drag that has begun. `sounding` is the pitch that is to be heard, if any."""

    sounding: int | None

    def move(self, place: Place) -> None:
        """Follow the mouse."""

    def finish(self) -> None:
        """The button was let go: what was shown becomes true."""


class MoveNotes:
    """Moves the selected notes; the one that was grabbed stays on the grid."""

    def __init__(self, document: RollDocument, grabbed: Note, place: Place) -> None:
        self._document, self._grabbed, self._start = document, grabbed, place
        self._changes: editing.Changes = {}
        self.sounding: int | None = grabbed.pitch

    def move(self, place: Place) -> None:
        document, grabbed = self._document, self._grabbed
        target = grabbed.start + place.beat - self._start.beat
        by = (target if place.free else snapped(target, document.step)) - grabbed.start
        if abs(place.beat - self._start.beat) <= place.slack:
            by = 0.0
        self._changes = editing.moved(document.selection, by, place.pitch - self._start.pitch)
        document.preview(self._changes)
        self.sounding = self._changes[grabbed].pitch

    def finish(self) -> None:
        self._document.change(self._changes)


class ResizeNotes:
    """Moves the ends of the selected notes, or their beginnings."""

    def __init__(self, document: RollDocument, grabbed: Note, place: Place, *, beginnings: bool) -> None:
        self._document, self._grabbed, self._start, self._beginnings = document, grabbed, place, beginnings
        self._changes: editing.Changes = {}
        self.sounding: int | None = None

    def move(self, place: Place) -> None:
        document, grabbed = self._document, self._grabbed
        edge = grabbed.start if self._beginnings else grabbed.end
        target = edge + place.beat - self._start.beat
        by = (target if place.free else snapped(target, document.step)) - edge
        change = editing.begun if self._beginnings else editing.lengthened
        self._changes = change(document.selection, by, 1 / document.score.resolution if place.free else document.least)
        document.preview(self._changes)

    def finish(self) -> None:
        if self._grabbed in self._changes:
            self._document.length = self._changes[self._grabbed].length
        self._document.change(self._changes)


class DrawNote:
    """Draws a note, whose end follows the mouse once it has been dragged."""

    def __init__(self, document: RollDocument, place: Place) -> None:
        start = max(0.0, place.beat if place.free else floored(place.beat, document.step))
        self._document, self._start = document, place
        self._note = Note(start, place.pitch, document.length, document.velocity)
        self.sounding: int | None = place.pitch
        document.preview({}, (self._note,))

    def move(self, place: Place) -> None:
        document, note = self._document, self._note
        if abs(place.beat - self._start.beat) > place.slack:
            end = place.beat if place.free else floored(place.beat, document.step) + document.step
            note = replace(note, length=max(document.least, end - note.start))
        self._note = replace(note, pitch=place.pitch)
        self.sounding = place.pitch
        document.preview({}, (self._note,))

    def finish(self) -> None:
        self._document.length = self._note.length
        self._document.add((self._note,))


class SelectNotes:
    """Selects what touches a rectangle; with `added` in addition to what was selected before."""

    def __init__(self, document: RollDocument, place: Place, *, added: bool) -> None:
        self._document, self._start = document, place
        self._before = document.selection if added else frozenset()
        self.corners: tuple[Place, Place] = (place, place)
        self.sounding: int | None = None
        document.select(self._before)

    def move(self, place: Place) -> None:
        start = self._start
        self.corners = (start, place)
        first, last = sorted((start.beat, place.beat))
        low, high = sorted((start.pitch, place.pitch))
        found = {
            index.notes[number]
            for index in self._document.reachable
            for number in index.within(first, last, low, high).tolist()
        }
        self._document.select(self._before | found)

    def finish(self) -> None:
        """Nothing is left to do: the selection has followed the mouse."""


class EraseNotes:
    """Deletes what the mouse passes over."""

    def __init__(self, document: RollDocument, place: Place) -> None:
        self._document = document
        self._last = place
        self._gone: set[Note] = set()
        self.sounding: int | None = None
        self.move(place)

    def move(self, place: Place) -> None:
        document, last = self._document, self._last
        # A fast mouse skips pixels: everything on the way counts.
        steps = max(1, abs(place.pitch - last.pitch), round(abs(place.beat - last.beat) / max(place.slack, 1e-3)))
        for step in range(min(steps, 500) + 1):
            share = step / min(steps, 500)
            pitch = round(last.pitch + (place.pitch - last.pitch) * share)
            note = document.index.at(last.beat + (place.beat - last.beat) * share, pitch, place.slack / 2)
            if note is not None:
                self._gone.add(note)
        self._last = place
        document.preview({}, gone=self._gone)

    def finish(self) -> None:
        self._document.remove(self._gone)
