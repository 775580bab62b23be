"""The map to play on: drag the rectangle, guess points, draw samples, and try five densities on the same points."""

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gendesk.studios.studio import Studio
from gendesk.widgets.map.legend import MarkLegend
from gendesk.widgets.map.painting import MarkStyle
from gendesk.widgets.map.view import MapView
from gendesk.widgets.undo import StateHistory

from . import fitting, operations
from .arrangement import Pages
from .compare_page import ComparePage
from .config import Kind
from .controls import degrees, signed
from .densities import FloatArray, Rectangles
from .fit_page import FitPage
from .operations import Compared, Drawn, Fitted, Scene
from .sample_page import SamplePage
from .verdicts import verdicts

_CLIMB_MS, _PROPOSALS, _REACH = 33, 6, 15.0
_SETTLED_MS = 300
_ONE_ROW = 520  # pixels: switches and legend fit beside each other


class DensityStudio(Studio):
    """Joins the map to a session. What is quick for one rectangle is computed here; all fits are the worker's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Density map"))
        self.styles = (
            MarkStyle(self.tr("In the sea"), "bad", "cross"),
            MarkStyle(self.tr("Copy"), "warning", "diamond"),
            MarkStyle(self.tr("Success"), "good", "disc"),
        )
        self._scene: Scene | None = None
        self._fitted: Fitted | None = None
        self._own = False  # the person has left the density of the run
        self._sampling = False
        self._history: StateHistory | None = None
        self._climber: fitting.Climber | None = None
        self._rng = np.random.default_rng(0)
        self.map = MapView(self.styles, self)
        self.map.empty_text = self.tr("Train a density map, and its points appear here, with a rectangle to drag.")
        self.fit_page = FitPage()
        self.sample_page = SamplePage(self.styles)
        self.compare_page = ComparePage()
        self.pages = Pages(
            (
                (self.tr("Fit"), self.fit_page),
                (self.tr("Samples"), self.sample_page),
                (self.tr("Compare"), self.compare_page),
            ),
            self,
        )
        self._climb_timer = QTimer(self, interval=_CLIMB_MS)
        self._settled = QTimer(self, interval=_SETTLED_MS, singleShot=True)
        self._make_layout()
        self._connect()
        self.on_session()

    def _make_layout(self) -> None:
        self.show_land = QCheckBox(self.tr("Show the Land"))
        self.show_land.setToolTip(
            self.tr("The hidden rule: points lie on land, each place alike. Guess before you look")
        )
        self.show_points = QCheckBox(self.tr("Show the Points"))
        self.show_points.setChecked(True)
        self.show_points.setToolTip(self.tr("The points of the training"))
        self.readout = QLabel()
        self.readout.setProperty("role", "muted")
        self.readout.setAccessibleName(self.tr("Under the mouse"))
        self.legend = MarkLegend(self.styles, self)
        self._switches, self._foot = QHBoxLayout(), QHBoxLayout()
        for row, parts in ((self._switches, (self.show_land, self.show_points)), (self._foot, (self.readout,))):
            row.setContentsMargins(8, 0, 8, 0)
            row.setSpacing(16)
            for part in parts:
                row.addWidget(part)
            row.addStretch(1)
        self._own_row = QHBoxLayout()
        self._own_row.setContentsMargins(8, 0, 8, 0)
        self._own_row.addWidget(self.legend)
        self._own_row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._switches)
        column.addWidget(self.map, 1000)
        column.addLayout(self._foot)
        column.addLayout(self._own_row)
        column.addWidget(self.pages, 1)

    def _connect(self) -> None:
        self.show_land.toggled.connect(self.map.set_land_shown)
        self.show_points.toggled.connect(self.map.set_points_shown)
        self.map.box_changed.connect(self._box_dragged)
        self.map.clicked.connect(self._guess)
        self.map.hovered.connect(self._show_place)
        page = self.fit_page
        page.kind_chosen.connect(self._choose_kind)
        page.changed.connect(self._ask_fit)
        page.climb.toggled.connect(self._climb_or_stop)
        page.best.clicked.connect(self._jump_to_best)
        page.as_trained.clicked.connect(self._go_back)
        self.sample_page.wanted.connect(self._sample)
        self.sample_page.cleared.connect(self._clear)
        self.pages.looked_at.connect(self._compare_soon)
        self._climb_timer.timeout.connect(self._climb)
        self._settled.timeout.connect(self._ask_comparison)

    # The session

    def on_session(self) -> None:
        self._stop_climbing()
        self._settled.stop()
        self._scene = self._fitted = None
        self._own = False
        self.map.set_map(None)
        self.fit_page.show_facts(())
        self.compare_page.show_rows(())
        self._clear()
        for page in (self.fit_page, self.sample_page, self.compare_page):
            page.setEnabled(False)
        self._ask_scene()

    def model_changed(self) -> None:
        self._ask_scene()

    def _ask_scene(self) -> None:
        if self.session is not None:
            self.session.ask("scene", operations.look, None)

    def on_answer(self, asker: str, _argument: object, result: Any) -> None:
        if asker == "scene":
            self._show_scene(result)
        elif asker == "fit" and result.kind == self.fit_page.kind:
            self._show_fitted(result)
        elif asker == "samples":
            self._show_samples(result)
        elif asker == "comparison":
            self._show_comparison(result)

    def on_failure(self, asker: str, sentence: str) -> None:
        if asker != "scene":  # a model that has not been built yet will be looked at again with its first preview
            self.failed.emit(sentence)

    def _show_scene(self, scene: Scene) -> None:
        first, self._scene = self._scene is None, scene
        if first:
            self.map.smallest = scene.smallest
            self.map.set_map(scene.size, scene.region)
            self.map.set_points(scene.points)
            self.fit_page.offer(scene.settings)
            for page in (self.fit_page, self.sample_page, self.compare_page):
                page.setEnabled(True)
            self._fit_heights()
            self._compare_soon()
        if not self._own:
            self._show_fitted(scene.trained)

    # The density on the map

    def _show_fitted(self, fitted: Fitted) -> None:
        self._fitted = fitted
        self.fit_page.as_trained.setEnabled(self._own)
        editable = fitted.kind == "rectangle"
        boxes = fitted.density.boxes if isinstance(fitted.density, Rectangles) else np.empty((0, 4))
        self.map.set_shading(None if editable else fitted.shading, smooth=fitted.kind in ("gaussians", "kernel"))
        self.map.set_outlines(np.empty((0, 4)) if editable else boxes)
        self.map.set_box(boxes[0] if editable else None)
        if editable:
            self._remember(boxes[0], "trained")
        self._show_facts()
        self._refresh_samples()

    def _choose_kind(self, kind: Kind) -> None:
        self._stop_climbing()
        if self._scene is not None and kind == self._scene.settings.kind:
            self._go_back()
        else:
            self._ask_fit()

    def _ask_fit(self) -> None:
        """Fit the chosen density to the points of the run, with the settings of the sliders."""
        self._own = True
        if self.session is not None:
            self.session.ask("fit", operations.refit, self.fit_page.wanted)
        self._compare_soon()

    def _go_back(self) -> None:
        """Show the density of the run again."""
        self._stop_climbing()
        if self._scene is not None:
            self._own = False
            self.fit_page.show_settings()
            self._show_fitted(self._scene.trained)
            self._compare_soon()

    # The rectangle

    def _box_dragged(self, box: FloatArray, key: str) -> None:
        self._stop_climbing()
        self._take_box(box, key)

    def _take_box(self, box: FloatArray, key: str) -> None:
        """Put a rectangle on the map, with its numbers; no fit is needed for it."""
        if self._scene is None:
            return
        density = fitting.one_rectangle(box)
        seen, unseen = (operations.score(density, points) for points in (self._scene.points, self._scene.held_out))
        self._own = True
        self.fit_page.as_trained.setEnabled(True)
        self._fitted = Fitted("rectangle", density, seen, unseen, self._scene.trained.shading)
        self.map.set_box(box)
        self._remember(box, key)
        self._show_facts()
        self._refresh_samples()

    def _remember(self, box: FloatArray, key: str) -> None:
        if self._history is None:
            self._history = StateHistory(self, tuple(box.tolist()))
            self._history.restored.connect(self._restore_box)
            self.fit_page.undo.clicked.connect(self._history.undo.trigger)
            self._history.undo.changed.connect(self._show_undo)
        self._history.push(tuple(box.tolist()), key)
        self._show_undo()

    def _show_undo(self) -> None:
        self.fit_page.undo.setEnabled(self._history is not None and self._history.undo.isEnabled())

    def _restore_box(self, box: tuple[float, ...]) -> None:
        self._stop_climbing()
        if self.fit_page.kind != "rectangle":
            self.map.set_shading(None)
            self.map.set_outlines(np.empty((0, 4)))
            self.fit_page.show_kind("rectangle")
        self._take_box(np.array(box), "")

    def _jump_to_best(self) -> None:
        self._stop_climbing()
        if self._scene is not None:
            self._take_box(fitting.best_box(self._scene.points, self._scene.smallest), "")

    def _climb_or_stop(self, climbing: bool) -> None:
        if not climbing or self.map.box is None or self._scene is None:
            self._stop_climbing()
            return
        self._climber = fitting.Climber(self.map.box.copy(), np.full(4, _REACH), self._scene.size, self._scene.smallest)
        self._rng = np.random.default_rng(self.sample_page.seed)
        if self._history is not None:
            self._history.end_step()
        self._climb_timer.start()

    def _climb(self) -> None:
        if self._climber is None or self._scene is None:
            return
        self._climber.climb(self._scene.points, _PROPOSALS, self._rng)
        self._take_box(self._climber.box, "climb")
        if self._climber.arrived(self._scene.points):
            self._stop_climbing()

    def _stop_climbing(self) -> None:
        self._climb_timer.stop()
        self._climber = None
        self.fit_page.climb.setChecked(False)

    # Numbers

    def _show_facts(self) -> None:
        if self._fitted is None or self._scene is None:
            return
        seen, unseen, points = self._fitted.seen, self._fitted.unseen, self._scene.points
        facts = [
            (self.tr("Log-likelihood"), self._sum_text(seen, len(points))),
            (self.tr("Per point"), seen.text),
            (self.tr("Parameters"), f"{self._fitted.density.parameters:,}"),
            (self.tr("Per held-out"), unseen.text),
            (self.tr("Points"), f"{len(points):,}"),
        ]
        box = self.map.box
        if box is not None:
            facts.append((self.tr("Area"), f"{np.prod(box[2:] - box[:2]):,.0f} deg²"))
            names = (self.tr("θ1 west"), self.tr("θ2 south"), self.tr("θ3 east"), self.tr("θ4 north"))
            middle = np.tile(self._scene.size, 2) / 2
            facts += [(name, f"{signed(edge, 1)}°") for name, edge in zip(names, (box - middle).tolist(), strict=True)]
        self.fit_page.show_facts(tuple(facts))

    def _sum_text(self, score: operations.Score, count: int) -> str:
        """Return the log-likelihood of all points; minus infinity says how many are to blame."""
        if score.outside:
            return self.tr("{value} ({count} outside)").format(value=score.text, count=f"{score.outside:,}")
        return signed(score.finite * count, 1)

    def _show_place(self, place: FloatArray | None) -> None:
        scene = self._scene
        if place is None or scene is None or self._fitted is None:
            self.readout.setText(self.tr("Move over the map to read its density."))
            return
        density = float(np.exp(self._fitted.density.log_density(place[None])[0]))
        written = f"{density:.1e}".replace("e-0", "e-").replace("-", "\N{MINUS SIGN}") if density else "0"
        text = self.tr("{place}, density {density} per square degree")
        self.readout.setText(text.format(place=self._place_text(place, scene), density=written))

    @staticmethod
    def _place_text(place: FloatArray, scene: Scene) -> str:
        wide, high = scene.size
        return f"{degrees(place[1], high / 2, 'SN')}, {degrees(place[0], wide / 2, 'WE')}"

    # Guesses and samples

    def _guess(self, place: FloatArray) -> None:
        if self._scene is None:
            return
        scene = self._scene
        found = int(verdicts(place[None], scene.points, scene.region, scene.size, scene.copy_distance)[0])
        words = (
            self.tr("in the sea. It breaks the first rule: points lie on land."),
            self.tr("a copy. It breaks the second rule: it lies almost on a point that was seen."),
            self.tr("a success. It lies on land, and is no copy."),
        )
        self.map.set_guess(place, found)
        guess = self.tr("Your guess at {place} is {verdict}")
        self.sample_page.show_guess(guess.format(place=self._place_text(place, scene), verdict=words[found]))
        self.pages.open(self.sample_page)

    def _sample(self) -> None:
        self._sampling = True
        self._refresh_samples()

    def _refresh_samples(self) -> None:
        """Draw the samples again, from the same seed, so that one sees what a change of the density does to them."""
        if self._sampling and self._fitted is not None and self.session is not None:
            wanted = operations.Draw(self._fitted.density, self.sample_page.count, self.sample_page.seed)
            self.session.ask("samples", operations.draw, wanted)

    def _show_samples(self, drawn: Drawn) -> None:
        if self._sampling:
            self.map.set_samples(drawn.samples, drawn.found)
            self.sample_page.show_counts(drawn.found)

    def _clear(self) -> None:
        self._sampling = False
        self.map.set_samples(np.empty((0, 2)), np.empty(0, np.int64))
        self.map.set_guess(None)
        self.sample_page.show_counts(None)
        self.sample_page.show_guess("")
        self._show_place(None)

    # The comparison

    def _compare_soon(self) -> None:
        """Fit all five when the sliders have come to rest, if anybody looks."""
        if self._scene is not None and self.pages.in_view(self.compare_page):
            self._settled.start()

    def _ask_comparison(self) -> None:
        if self.session is not None:
            wanted = replace(self.fit_page.wanted, seed=self.sample_page.seed)
            self.session.ask("comparison", operations.compare, wanted)

    def _show_comparison(self, rows: tuple[Compared, ...]) -> None:
        self.compare_page.show_rows(rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        width = event.size().width()
        self.pages.arrange(width)
        if width >= _ONE_ROW:
            self._switches.addWidget(self.legend)
        else:
            self._own_row.insertWidget(0, self.legend)
        self._fit_heights()
        super().resizeEvent(event)

    def _fit_heights(self) -> None:
        """Let the map be no higher than it can fill; what is left goes to the pages."""
        self.map.setMaximumHeight(max(self.map.minimumHeight(), self.map.height_for(self.width())))
