"""Which race is looked at: a list with seed, steps and score, in three orders."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QListView, QToolButton, QWidget

from gendesk.widgets.icons import icon

from ...rollouts import Summary
from .words import number


class RacePicker(QWidget):
    """Tells the seed of the chosen race; the choice stays while races are added."""

    chosen = Signal(object)  # a seed, which may be beyond what Qt's own integers hold

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._races: list[Summary] = []
        self.races = QComboBox(self)
        self.races.setAccessibleName(self.tr("Race"))
        self.races.setToolTip(self.tr("Which race is shown: its seed, its steps and the sum of its rewards"))
        self.races.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.races.setMinimumContentsLength(12)
        # Qt would else measure each of thousands of rows.
        view = QListView(self.races)
        view.setUniformItemSizes(True)
        self.races.setView(view)
        self.races.currentIndexChanged.connect(self._choose)
        self.order = QComboBox(self)
        self.order.setAccessibleName(self.tr("Order"))
        self.order.setToolTip(self.tr("How the races are ordered"))
        for text in (self.tr("By seed"), self.tr("Best first"), self.tr("Worst first")):
            self.order.addItem(text)
        self.order.currentIndexChanged.connect(self._arrange)
        self.before = self._button("left", self.tr("Previous race"), -1)
        self.after = self._button("right", self.tr("Next race"), 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (self.before, self.races, self.after, self.order):
            row.addWidget(widget, 1 if widget is self.races else 0)
        self._refresh()

    def _button(self, name: str, text: str, step: int) -> QToolButton:
        button = QToolButton(self, autoRaise=True)
        button.setIcon(icon(name))
        button.setAccessibleName(text)
        button.setToolTip(text)
        button.clicked.connect(partial(self._step, step))
        return button

    @property
    def seed(self) -> int | None:
        """The seed of the chosen race."""
        index = self.races.currentIndex()
        return self._races[index].seed if 0 <= index < len(self._races) else None

    def set_races(self, races: Sequence[Summary]) -> None:
        """Offer these races; without one that was chosen before, the first of them is."""
        if sorted(self._races, key=_by_seed) != sorted(races, key=_by_seed):
            self._fill(races)

    def _arrange(self) -> None:
        self._fill(self._races)

    def _fill(self, races: Sequence[Summary]) -> None:
        keys = (_by_seed, _best_first, _worst_first)
        before, self._races = self.seed, sorted(races, key=keys[self.order.currentIndex()])
        seeds = [race.seed for race in self._races]
        place = seeds.index(before) if before in seeds else 0
        with QSignalBlocker(self.races):
            self.races.clear()
            self.races.addItems([self._text(race) for race in self._races])
            self.races.setCurrentIndex(place if seeds else -1)
        self._refresh()
        if self.seed != before:
            self.chosen.emit(self.seed)

    def _text(self, race: Summary) -> str:
        text = self.tr("Seed {seed}  \N{MIDDLE DOT}  {steps} steps  \N{MIDDLE DOT}  score {score}").format(
            seed=race.seed, steps=f"{race.steps:,}", score=number(race.score, ".1f")
        )
        return text + self.tr("  \N{MIDDLE DOT}  ended") if race.terminated else text

    def _step(self, step: int) -> None:
        self.races.setCurrentIndex(self.races.currentIndex() + step)

    def _choose(self) -> None:
        self._refresh()
        self.chosen.emit(self.seed)

    def _refresh(self) -> None:
        index, count = self.races.currentIndex(), len(self._races)
        self.races.setEnabled(count > 0)
        self.order.setEnabled(count > 1)
        self.before.setEnabled(index > 0)
        self.after.setEnabled(0 <= index < count - 1)


def _by_seed(race: Summary) -> tuple[float, int]:
    return 0.0, race.seed


def _best_first(race: Summary) -> tuple[float, int]:
    return -race.score, race.seed


def _worst_first(race: Summary) -> tuple[float, int]:
    return race.score, race.seed
