"""The studio of M: what it foresees of a recorded race, told the truth after each step or running free."""

from typing import Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gendesk.engine.recipe import Model
from gendesk.studios.studio import Studio

from ...foreseeing import Foreseen, Recorded, Wish, can_drive, foresee, recorded
from ..filmstrip.picker import RacePicker
from ..filmstrip.source import RaceList, list_races
from .charts import DensityChart, RewardChart, TraceChart
from .controls import Controls
from .strip import Strip


class ForeseeStudio(Studio):
    """Frames real and foreseen, one number of the code with its mixture, and the rewards foreseen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Foresee"))
        self.race: Recorded | None = None
        self.found: Foreseen | None = None
        self.place = 0
        self.picker = RacePicker(self)
        self.picker.chosen.connect(self._read)
        self.controls = Controls(self)
        self.controls.asked.connect(self._ask)
        self.controls.shown.connect(self._show)
        self.strip = Strip(self)
        self.strip.moved.connect(self._move)
        self.trace, self.density, self.reward = TraceChart(self), DensityChart(self), RewardChart(self)
        for chart in (self.trace, self.reward):
            chart.moved.connect(self._move)
        self.note = QLabel(self, wordWrap=True)
        self.note.setProperty("role", "muted")
        self.setFocusProxy(self.strip)
        self._arrange()
        self.on_session()

    def _arrange(self) -> None:
        charts = QHBoxLayout()
        charts.setSpacing(6)
        charts.addWidget(self.trace, 3)
        charts.addWidget(self.density, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.picker)
        column.addWidget(self.controls)
        column.addWidget(self.strip, 2)
        column.addWidget(self.note)
        column.addLayout(charts, 2)
        column.addWidget(self.reward, 1)

    # The run

    def on_session(self) -> None:
        self.picker.set_races(())
        self._forget()
        none = self.session is None
        self._say(self.tr("Train M, or choose a run with one.") if none else self.tr("The race is being seen ..."))
        self._list()

    def model_changed(self) -> None:
        """See the race with the newest V and foresee it with the newest M."""
        if self.isVisible():
            self._list()
            self._read(self.picker.seed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._list()

    def _list(self) -> None:
        self.ask("list", list_races, None, data=True, slow=True)
        self.ask("drives", _drives, None)

    def _read(self, seed: int | None) -> None:
        if seed is None:
            self._forget()
        else:
            self.ask("race", recorded, seed, data=True, slow=True)

    def _ask(self) -> None:
        """Ask what is foreseen as the controls say; a newer question takes the place of one that is open."""
        if self.race is not None:
            controls = self.controls
            wish = Wish(
                self.race,
                controls.start.value(),
                controls.steps.value(),
                controls.acting,
                controls.fixed_action,
                controls.told.isChecked(),
                controls.temperature,
                controls.seed.seed,
            )
            self.ask("foresee", foresee, wish, slow=True)

    def on_answer(self, asker: str, argument: object, result: Any) -> None:
        if asker == "list":
            self._take_list(result)
        elif asker == "drives":
            self.controls.offer_controller(bool(result))
        elif asker == "race" and argument == self.picker.seed:
            self._take_race(result)
        elif asker == "foresee" and isinstance(argument, Wish) and argument.race is self.race:
            self.found = result
            self.place = min(self.place, len(result.codes) - 1)
            self._tell_wish(argument)
            self._show()

    def on_failure(self, asker: str, sentence: str) -> None:
        if asker in ("race", "foresee"):
            self._forget() if asker == "race" else self._show_nothing()
            self._say(sentence)
        super().on_failure(asker, sentence)

    def _take_list(self, found: RaceList) -> None:
        self.picker.set_races(found.races)
        if not found.races:
            self._say(self.tr("This run has no races to foresee; they are gone, or were never driven."))

    def _take_race(self, race: Recorded) -> None:
        again = self.race is not None and self.race.seed == race.seed
        number = self.controls.number.value() if again else int(race.mu.std(0).argmax())
        self.race = race
        self.controls.set_race(len(race.rewards), race.mu.shape[1], number)
        self._ask()

    # What is shown

    def _forget(self) -> None:
        self.race = None
        self._show_nothing()

    def _show_nothing(self) -> None:
        self.found = None
        self._show()

    def _say(self, text: str) -> None:
        self.strip.set_empty_text(text)
        self.note.setText("")
        self.note.hide()

    def _tell_wish(self, wish: Wish) -> None:
        """Say where what is real is no measure of what was foreseen."""
        other = wish.source != "recorded"
        text = self.tr("The race went on with other actions than these, so it need not come out alike.")
        self.note.setText(text if other else "")
        self.note.setVisible(other)

    def _show(self) -> None:
        self.strip.show_foreseen(self.race, self.found, self.controls.every.value())
        for chart in (self.trace, self.density, self.reward):
            chart.show_foreseen(self.race, self.found)
        self._move(self.place)

    def _move(self, place: int) -> None:
        """Go to a step, counted from 0."""
        self.place = place
        self.strip.show_place(place)
        for chart in (self.trace, self.density, self.reward):
            chart.show_place(place, self.controls.number.value())


def _drives(model: Model, _: object = None) -> bool:
    """Tell whether a model can be asked for its own actions."""
    return can_drive(model)
