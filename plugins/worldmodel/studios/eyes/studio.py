"""The studio of V: a frame and its code, the numbers in use, planes of two of them, and imagined tracks."""

from functools import partial
from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from gendesk.engine.latent.decoding import Points, decode_points
from gendesk.studios.studio import Studio

from ...foreseeing import recorded
from ...seeing import Floats, Glance, Use, look, use
from ..filmstrip.source import RaceList, list_races
from .frame_tab import FrameTab
from .mosaics import GridTab, ImagineTab, Mosaic
from .numbers_tab import NumbersTab


class SeeStudio(Studio):
    """Four tabs; a picture that is clicked in one of them is put into the sliders of the second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("See"))
        self.use: Use | None = None
        self.frame, self.numbers = FrameTab(self), NumbersTab(self)
        self.grid, self.imagine = GridTab(self), ImagineTab(self)
        self.tabs = QTabWidget(self, documentMode=True)
        self.tabs.setAccessibleName(self.tr("What to look at"))
        for tab, title, tip in (
            (self.frame, self.tr("Frame"), self.tr("A frame beside what V makes of it")),
            (self.numbers, self.tr("Dimensions"), self.tr("Which numbers of the code are in use, with a slider each")),
            (self.grid, self.tr("Grid"), self.tr("The plane of any two numbers of the code")),
            (self.imagine, self.tr("Imagine"), self.tr("Tracks from nothing, and the way between two frames")),
        ):
            self.tabs.setTabToolTip(self.tabs.addTab(tab, title), tip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        self.setFocusProxy(self.tabs)
        self._connect()
        self.on_session()

    def _connect(self) -> None:
        self.frame.picker.chosen.connect(self._read)
        self.frame.looked.connect(self._look)
        self.numbers.changed.connect(self._follow)
        self.grid.wanted.connect(partial(self._decode, "grid"))
        self.imagine.tracks_wanted.connect(partial(self._decode, "tracks"))
        self.imagine.way_wanted.connect(partial(self._decode, "way"))
        for source in (self.frame, self.grid.mosaic, self.imagine.tracks, self.imagine.way):
            source.taken.connect(self._take)

    @property
    def _mosaics(self) -> dict[str, Mosaic]:
        return {"grid": self.grid.mosaic, "tracks": self.imagine.tracks, "way": self.imagine.way}

    # The run

    def on_session(self) -> None:
        self.frame.picker.set_races(())
        self._forget_race()
        self._set_use(None)
        none = self.session is None
        self.frame.say(self.tr("Train V, or choose a run with one.") if none else self.tr("V is looking ..."))
        self._list()

    def model_changed(self) -> None:
        """Look again with the newest V."""
        if self.isVisible():
            self._list()
            self._read(self.frame.picker.seed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._list()

    def _list(self) -> None:
        self.ask("list", list_races, None, data=True, slow=True)
        self.ask("use", use, None, data=True, slow=True)

    def _read(self, seed: int | None) -> None:
        if seed is None:
            self._forget_race()
        else:
            self.ask("race", recorded, seed, data=True, slow=True)

    def _look(self, glance: Glance) -> None:
        self.ask("look", look, glance)

    def _decode(self, asker: str, codes: Floats) -> None:
        self.ask(asker, decode_points, Points(codes), slow=asker != "sliders")

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if asker == "list":
            self._take_list(result)
        elif asker == "use":
            self._set_use(result)
        elif asker == "race" and argument == self.frame.picker.seed:
            self.frame.set_race(result)
            self.imagine.set_race(result)
        elif asker == "look":
            self.frame.show_look(argument, result)
        elif asker == "sliders":
            self.numbers.show_picture(result[0])
        elif asker in self._mosaics:
            self._mosaics[asker].show_pictures(argument.codes, result)

    def on_failure(self, asker: str, sentence: str) -> None:
        if asker in ("race", "use"):
            self._forget_race() if asker == "race" else self._set_use(None)
            self.frame.say(sentence)
        super().on_failure(asker, sentence)

    def _take_list(self, found: RaceList) -> None:
        self.frame.picker.set_races(found.races)
        if not found.races:
            self.frame.say(self.tr("This run has no races to look at; they are gone, or were never driven."))

    # What is shown

    def _forget_race(self) -> None:
        self.frame.set_race(None)
        self.imagine.set_race(None)

    def _set_use(self, found: Use | None) -> None:
        self.use = found
        self.numbers.set_use(found)
        self.grid.set_use(found)
        self.imagine.set_size(0 if found is None else len(found.strength))
        if found is not None:
            self._follow(self.numbers.code)

    def _follow(self, code: Floats) -> None:
        """Decode what the sliders stand for, at once."""
        self._decode("sliders", code[None])
        self.grid.set_code(code)

    def _take(self, code: Floats) -> None:
        """Put a code into the sliders, and show them."""
        if self.use is not None and len(code) == len(self.use.strength):
            self.numbers.set_code(code)
            self.tabs.setCurrentWidget(self.numbers)
