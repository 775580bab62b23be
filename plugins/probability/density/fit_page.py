"""The page of the map studio on which a density is chosen and fitted, with its numbers."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from .config import Kind
from .controls import NumberSlider, button
from .operations import KINDS, Wanted

_FACTS = 10


class FitPage(QWidget):
    """`kind_chosen` carries a kind; `changed` tells that a slider was moved, see `wanted`."""

    kind_chosen = Signal(str)
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = Wanted("rectangle", 8, 8.0, 24, 0.0, 1)
        self.titles: dict[Kind, str] = {
            "rectangle": self.tr("Rectangle"),
            "rectangles": self.tr("Mixture of rectangles"),
            "gaussians": self.tr("Gaussian mixture"),
            "kernel": self.tr("Kernel density"),
            "histogram": self.tr("Histogram"),
        }
        self.chooser = QComboBox()
        self.chooser.setAccessibleName(self.tr("Density"))
        self.chooser.setToolTip(self.tr("Which density is on the map; all are fitted to the same points"))
        self.chooser.activated.connect(self._choose)
        self._make_sliders()
        self._make_buttons()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.chooser)
        for slider in self._sliders:
            column.addWidget(slider)
        column.addLayout(self._buttons)
        column.addLayout(self._make_facts())
        column.addStretch(1)
        self.show_kind("rectangle")

    def _make_sliders(self) -> None:
        self.components = NumberSlider(
            self.tr("Components"),
            self.tr("How many rectangles or Gaussians are mixed. More follow the points more closely"),
            1,
            40,
        )
        self.bandwidth = NumberSlider(
            self.tr("Bandwidth"),
            self.tr("Width of the hill on each point, in degrees. Small copies the points, large washes the map out"),
            0.5,
            40,
            parts=2,
            unit="°",
        )
        self.bins = NumberSlider(
            self.tr("Bins"),
            self.tr("Cells from west to east. More show finer shapes, and leave more cells empty"),
            1,
            90,
        )
        self.pseudo_count = NumberSlider(
            self.tr("Pseudo-count"),
            self.tr("Points added to every cell, so that none is impossible. More flatten the map"),
            0,
            10,
            parts=10,
        )
        self._sliders: dict[NumberSlider, tuple[Kind, ...]] = {
            self.components: ("rectangles", "gaussians"),
            self.bandwidth: ("kernel",),
            self.bins: ("histogram",),
            self.pseudo_count: ("histogram",),
        }
        for slider in self._sliders:
            slider.moved.connect(self.changed)

    def _make_buttons(self) -> None:
        self.climb = button(
            self.tr("Hill Climb"), self.tr("Let the rectangle find its best place by random moves; again to stop it")
        )
        self.climb.setCheckable(True)
        self.best = button(self.tr("Best Fit"), self.tr("Jump to the rectangle of the largest likelihood"))
        self.undo = button(self.tr("Undo"), self.tr("Take the last change of the rectangle back (Ctrl+Z)"))
        self.as_trained = button(self.tr("As Trained"), self.tr("Go back to the density of the run"))
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        for one in (self.climb, self.best, self.undo, self.as_trained):
            one.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            self._buttons.addWidget(one)
        self._buttons.addStretch(1)

    def _make_facts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        self._facts: list[tuple[QLabel, QLabel]] = []
        for index in range(_FACTS):
            name, value = QLabel(), QLabel()
            name.setProperty("role", "muted")
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            row, side = divmod(index, 2)
            grid.addWidget(name, row, 3 * side)
            grid.addWidget(value, row, 3 * side + 1)
            self._facts.append((name, value))
        grid.setColumnMinimumWidth(2, 8)
        grid.setColumnStretch(5, 1)
        return grid

    @property
    def kind(self) -> Kind:
        kind: Kind = self.chooser.currentData() or "rectangle"
        return kind

    @property
    def wanted(self) -> Wanted:
        """The chosen density with the settings of the sliders."""
        return replace(
            self._settings,
            kind=self.kind,
            components=round(self.components.value),
            bandwidth=self.bandwidth.value,
            bins=round(self.bins.value),
            pseudo_count=self.pseudo_count.value,
        )

    def offer(self, settings: Wanted) -> None:
        """Begin with the settings of a run: its own density is the first of the list and is chosen."""
        self._settings = settings
        self.chooser.clear()
        for kind in sorted(KINDS, key=lambda kind: kind != settings.kind):
            own = self.tr("{density}, as trained") if kind == settings.kind else "{density}"
            self.chooser.addItem(own.format(density=self.titles[kind]), kind)
        self.show_settings()

    def show_settings(self) -> None:
        """Set the sliders to the settings of the run."""
        self.components.show_value(self._settings.components)
        self.bandwidth.show_value(self._settings.bandwidth)
        self.bins.show_value(self._settings.bins)
        self.pseudo_count.show_value(self._settings.pseudo_count)
        self.show_kind(self._settings.kind)

    def show_kind(self, kind: Kind) -> None:
        """Show the controls of a density, and tell nobody."""
        self.chooser.setCurrentIndex(self.chooser.findData(kind))
        for slider, kinds in self._sliders.items():
            slider.setVisible(kind in kinds)
        for one in (self.climb, self.best, self.undo):
            one.setVisible(kind == "rectangle")

    def show_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        """Show up to ten names with their values."""
        for index, (name, value) in enumerate(self._facts):
            texts = facts[index] if index < len(facts) else ("", "")
            name.setText(texts[0])
            value.setText(texts[1])
            name.setVisible(bool(texts[0]))
            value.setVisible(bool(texts[0]))

    def fact(self, name: str) -> str:
        """Return the value that is shown under a name, or nothing."""
        return next((value.text() for title, value in self._facts if title.text() == name), "")

    def _choose(self) -> None:
        self.show_kind(self.kind)
        self.kind_chosen.emit(self.kind)
