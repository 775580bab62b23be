"""The playground of evolution strategies: CMA-ES and the plain step of the book, on landscapes that one can see."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gendesk.studios.studio import Studio

from ...playground import LANDSCAPES, METHODS, Landscape, Method, Search, Values
from .best_chart import BestChart
from .controls import SearchSettings, Transport, chooser
from .painting import PHASES, Phase
from .phases import PhaseStrip
from .view import LandscapeView

_WIDE = 820  # pixels: from here on the settings stand beside the landscape
_SIDE = 420  # pixels of them then
_HIGHEST = 260  # pixels of the chart
_BOTH = "both"


class PlaygroundStudio(Studio):
    """Needs no model. All searches start at the same place and go on together, one step of a generation at a time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Evolution playground"))
        self._landscapes = {landscape.id: landscape for landscape in LANDSCAPES}
        self._titles: dict[Method, str] = {"cma": self.tr("CMA-ES"), "plain": self.tr("Plain step")}
        self.searches: dict[Method, Search] = {}
        self.phase: Phase | None = None
        self._start: Values | tuple[float, float] = LANDSCAPES[0].start
        self._make_parts()
        self._arrange()
        self._take_landscape()

    @property
    def landscape(self) -> Landscape:
        return self._landscapes[self.landscapes.currentData()]

    @property
    def methods(self) -> tuple[Method, ...]:
        """The chosen strategies."""
        chosen = self.strategies.currentData()
        return METHODS if chosen == _BOTH else tuple(method for method in METHODS if method == chosen)

    def _make_parts(self) -> None:
        self._make_choosers()
        self.formula = QLabel(self)
        self.formula.setProperty("role", "muted")
        self.readout = QLabel(self)
        self.readout.setProperty("role", "muted")
        self.readout.setAccessibleName(self.tr("Under the mouse"))
        self.views = {method: LandscapeView(title, self) for method, title in self._titles.items()}
        for view in self.views.values():
            view.start_chosen.connect(self._take_start)
            view.hovered.connect(self._read)
        self.strip = PhaseStrip(self)
        self.transport = Transport(self)
        self.transport.stepped.connect(self.step)
        self.transport.reset.connect(self.restart)
        self.settings = SearchSettings(self)
        self.settings.changed.connect(self.restart)
        self.chart = BestChart(self._titles, self)
        self.chart.setMaximumHeight(_HIGHEST)

    def _make_choosers(self) -> None:
        titles = {
            "sphere": self.tr("Sphere"),
            "ellipse": self.tr("Ellipse"),
            "banana": self.tr("Rosenbrock's banana"),
            "rastrigin": self.tr("Rastrigin's egg box"),
            "himmelblau": self.tr("Himmelblau's four valleys"),
            "ridge": self.tr("Narrow ridge"),
        }
        self.landscapes = chooser(self.tr("Landscape"), self.tr("What is searched for its lowest place"), titles, self)
        self.landscapes.currentIndexChanged.connect(self._take_landscape)
        strategies: dict[str, str] = {"cma": self._titles["cma"], "plain": self._titles["plain"]}
        strategies[_BOTH] = self.tr("Side by side")
        tip = self.tr("CMA-ES of the library, the plain step of the book, or both from the same start")
        self.strategies = chooser(self.tr("Strategy"), tip, strategies, self)
        self.strategies.currentIndexChanged.connect(self.restart)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.landscapes, 3)
        head.addWidget(self.strategies, 2)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self.formula, 1)
        words.addWidget(self.readout)
        pictures = QHBoxLayout()
        pictures.setSpacing(8)
        for view in self.views.values():
            pictures.addWidget(view, 1)
        left = QVBoxLayout()
        left.setSpacing(6)
        for row in (head, words):
            left.addLayout(row)
        left.addLayout(pictures, 1)
        self._right = QWidget(self)
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(6)
        for part in (self.strip, self.transport, self.settings):
            right.addWidget(part)
        right.addWidget(self.chart, 1)
        right.addStretch(0)
        self._outer = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._outer.setContentsMargins(8, 8, 8, 8)
        self._outer.setSpacing(8)
        self._outer.addLayout(left, 1)
        self._outer.addWidget(self._right)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _WIDE and event.size().width() > event.size().height()
        self._outer.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._right.setFixedWidth(_SIDE) if wide else self._right.setMaximumWidth(16_777_215)
        if not wide:
            self._right.setMinimumWidth(0)
        super().resizeEvent(event)

    # The search

    def step(self) -> None:
        """Go one step on: to the next of the four, or to the end of the next generation."""
        if not self.transport.slowly.isChecked():
            self._advance("move")
        elif self.phase in (None, "move"):
            self._advance("sample" if self.phase is None else "sample again")
        else:
            self.phase = "choose" if self.phase in ("sample", "sample again") else "move"
        self._show()

    def _advance(self, phase: Phase) -> None:
        for search in self._open():
            search.advance()
        self.phase = phase

    def _open(self) -> list[Search]:
        return [search for search in self.searches.values() if not search.ended]

    def restart(self) -> None:
        """Go back to the start, with what is set now."""
        self.transport.stop()
        self.phase = None
        settings = self.settings
        population, sigma = round(settings.population.value), settings.sigma.value
        self.searches = {
            method: Search(self.landscape, method, self._start, sigma, population, settings.seed.seed)
            for method in self.methods
        }
        for method, view in self.views.items():
            view.setVisible(method in self.searches)
        self._show()

    def _take_landscape(self) -> None:
        landscape = self.landscape
        formula = landscape.formula.replace("-", "\N{MINUS SIGN}")
        self.formula.setText(formula)
        self.formula.setToolTip(landscape.source)
        self._start = landscape.start
        self.settings.sigma.show_value(landscape.sigma)
        self.restart()

    def _take_start(self, place: Values) -> None:
        self._start = place
        self.restart()

    def _show(self) -> None:
        for method, search in self.searches.items():
            self.views[method].show_search(search, self.phase or PHASES[0])
        self.strip.show_phase(self.phase, self.methods, round(self.settings.population.value))
        curves = {
            method: [generation.best for generation in search.generations] for method, search in self.searches.items()
        }
        self.chart.show_curves(curves)
        self.transport.set_ended(not self._open() and self.phase == "move")

    def _read(self, place: Values | None) -> None:
        if place is None:
            self.readout.clear()
            return
        height = float(self.landscape.height(place[None])[0])
        x, y = (f"{number:.2f}".replace("-", "\N{MINUS SIGN}") for number in place.tolist())
        self.readout.setText(self.tr("{x}, {y}: {height}").format(x=x, y=y, height=f"{height:.3g}"))
