"""The studio of rollouts: races as filmstrips and as films, with what was done and what it brought."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from gendesk.studios.studio import Studio

from ...racing.episodes import Played
from .bar import FilmBar
from .chart import RaceChart
from .picker import RacePicker
from .screen import Screen
from .source import RaceList, list_races, read_race
from .strip import FilmStrip

_WIDE = 820  # pixels: from here on film and chart stand beside the strip
_SIDE = 320  # pixels of them then
_BELOW = 128  # pixels of them otherwise: twice those of a frame
_LARGEST = 16_777_215


class FilmstripStudio(Studio):
    """Shows the races of its run, or of the run that this one was built on; new ones are listed as they are driven."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Rollouts"))
        self.race: Played | None = None
        self.picker = RacePicker(self)
        self.picker.chosen.connect(self._read)
        self.strip = FilmStrip(self)
        self.strip.moved.connect(self._move)
        self.bar = FilmBar(self)
        self.bar.chosen.connect(self._begin_at)
        self.bar.played.connect(self._move)
        self.film = Screen(self)
        self.chart = RaceChart(self)
        self.chart.moved.connect(self._move)
        self.setFocusProxy(self.strip)
        self._arrange()
        self._show(None)
        self._say_empty()

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(self.picker)
        left.addWidget(self.strip, 1)
        left.addWidget(self.bar)
        self._right = QWidget(self)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._right)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.setSpacing(6)
        self._beside.addWidget(self.film)
        self._beside.addWidget(self.chart, 1)
        self._outer = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._outer.setContentsMargins(8, 8, 8, 8)
        self._outer.setSpacing(8)
        self._outer.addLayout(left, 1)
        self._outer.addWidget(self._right)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _WIDE
        direction = QBoxLayout.Direction
        self._outer.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self._beside.setDirection(direction.TopToBottom if wide else direction.LeftToRight)
        self._right.setFixedSize(_SIDE, _LARGEST) if wide else self._right.setFixedSize(_LARGEST, _BELOW)
        self._right.setMinimumSize(_SIDE if wide else 0, 0 if wide else _BELOW)
        self.film.setFixedSize(_SIDE, _SIDE) if wide else self.film.setFixedSize(_BELOW, _BELOW)
        super().resizeEvent(event)

    # What the run has

    def on_session(self) -> None:
        self.picker.set_races(())
        self._show(None)
        self._say_empty()
        self._list()

    def model_changed(self) -> None:
        if self.isVisible():
            self._list()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._list()

    def _list(self) -> None:
        self.ask("list", list_races, None, data=True, slow=True)

    def _read(self, seed: int | None) -> None:
        if seed is None:
            self._show(None)
        else:
            self.ask("race", read_race, seed, data=True)

    def on_answer(self, asker: str, argument: object, result: Any) -> None:
        if asker == "race" and argument == self.picker.seed:
            self._show(result)
        elif asker == "list":
            self._take_list(result)

    def on_failure(self, asker: str, sentence: str) -> None:
        if asker == "race":
            self._show(None)
        super().on_failure(asker, sentence)

    def _take_list(self, found: RaceList) -> None:
        self.picker.set_races(found.races)
        if found.damaged and not found.races:
            self.strip.set_empty_text(
                self.tr("No race can be read: {count} damaged files.").format(count=found.damaged)
            )
        elif not found.races:
            self.strip.set_empty_text(self.tr("This run has no rollouts; drive some with the first stage."))

    def _say_empty(self) -> None:
        self.strip.set_empty_text(self.tr("The races of a run appear here, frame by frame, with actions and rewards."))

    # What is shown

    def _show(self, played: Played | None) -> None:
        self.race = played
        self.strip.set_race(played)
        self.chart.set_race(played)
        self.bar.set_count(self.strip.count)
        self._show_current()

    def _begin_at(self, frame: int) -> None:
        """Let the strip begin with a frame, as the slider says."""
        self.strip.show_from(frame)
        self._show_current()

    def _move(self, frame: int) -> None:
        """Go to a frame; the strip stays where it is as long as that is on it."""
        self.strip.show_frame(frame)
        self._show_current()

    def _show_current(self) -> None:
        frame = self.strip.current
        self.bar.show_frame(frame)
        self.chart.show_frame(frame)
        self.film.show_picture(None if self.race is None else self.race.observations[frame])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self.bar.toggle()
        else:
            super().keyPressEvent(event)
