"""The page of the map studio on which a density is chosen and fitted, with its numbers."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ...density.config import Kind
from ...density.densities import Rectangles
from ...density.operations import KINDS, Fitted, Score, Wanted
from .controls import NumberSlider, button, signed

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
        self.undo.setEnabled(False)
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

    def show_fitted(self, fitted: Fitted, count: int, size: tuple[float, float]) -> None:
        """Show the numbers of a density on `count` points of a map of `size` (width, height) in degrees."""
        facts = [
            (self.tr("Log-likelihood"), self._sum_text(fitted.seen, count)),
            (self.tr("Per point"), fitted.seen.text),
            (self.tr("Parameters"), f"{fitted.density.parameters:,}"),
            (self.tr("Per held-out"), fitted.unseen.text),
            (self.tr("Points"), f"{count:,}"),
        ]
        if fitted.kind == "rectangle" and isinstance(fitted.density, Rectangles):
            box = fitted.density.boxes[0]
            facts.append((self.tr("Area"), f"{np.prod(box[2:] - box[:2]):,.0f} deg²"))
            names = (self.tr("θ1 west"), self.tr("θ2 south"), self.tr("θ3 east"), self.tr("θ4 north"))
            edges = (box - np.tile(size, 2) / 2).tolist()
            facts += [(name, f"{signed(edge, 1)}°") for name, edge in zip(names, edges, strict=True)]
        self._show_facts(facts)

    def _sum_text(self, score: Score, count: int) -> str:
        """Return the log-likelihood of all points; minus infinity says how many are to blame."""
        if score.outside:
            return self.tr("{value} ({count} outside)").format(value=score.text, count=f"{score.outside:,}")
        return signed(score.finite * count, 1)

    def clear(self) -> None:
        """Show no numbers."""
        self._show_facts([])

    def _show_facts(self, facts: list[tuple[str, str]]) -> None:
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
