"""The map to play on: drag the rectangle, guess points, draw samples, and try five densities on the same points."""

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.studios.studio import Studio
from gendesk.widgets.map.painting import MarkStyle

from ...density import fitting, operations
from ...density.config import Kind
from ...density.densities import FloatArray, Rectangles
from ...density.operations import Drawn, Fitted, Scene, Wanted
from ...density.verdicts import verdicts
from .arrangement import Pages
from .compare_page import ComparePage
from .controls import place_text
from .fit_page import FitPage
from .map_panel import MapPanel
from .rectangle import RectangleTool
from .sample_page import SamplePage

_SETTLED_MS = 300


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
        self.panel = MapPanel(self.styles, self)
        self.map = self.panel.map
        self.fit_page = FitPage()
        self.sample_page = SamplePage(self.styles)
        self.compare_page = ComparePage()
        self.pages = Pages(
            (
                (self.tr("Fit"), self.fit_page, 4),
                (self.tr("Samples"), self.sample_page, 4),
                (self.tr("Compare"), self.compare_page, 6),
            ),
            self,
        )
        self.rectangle = RectangleTool(self)
        self._settled = QTimer(self, interval=_SETTLED_MS, singleShot=True)
        self._make_layout()
        self._connect()
        self.on_session()

    def _make_layout(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addLayout(self.panel, 1000)
        column.addWidget(self.pages, 1)

    def _connect(self) -> None:
        self.map.box_changed.connect(self._box_dragged)
        self.map.clicked.connect(self._guess)
        page = self.fit_page
        page.kind_chosen.connect(self._choose_kind)
        page.changed.connect(self._ask_fit)
        page.climb.toggled.connect(self._climb_or_stop)
        page.best.clicked.connect(self._jump_to_best)
        page.as_trained.clicked.connect(self._go_back)
        self.sample_page.wanted.connect(self._sample)
        self.sample_page.cleared.connect(self._clear)
        self.pages.looked_at.connect(self._compare_soon)
        page.undo.clicked.connect(self.rectangle.undo)
        self.rectangle.climbed.connect(self._box_climbed)
        self.rectangle.stopped.connect(self._climb_stopped)
        self.rectangle.restored.connect(self._restore_box)
        self.rectangle.undoable.connect(page.undo.setEnabled)
        self._settled.timeout.connect(self._ask_comparison)

    # The session

    def on_session(self) -> None:
        self.rectangle.stop()
        self._settled.stop()
        self._scene = self._fitted = None
        self._own = False
        self.map.set_map(None)
        self.panel.set_density(None, self.panel.map.projection.size)
        self.fit_page.clear()
        self.compare_page.show_rows(())
        self._clear()
        for page in (self.fit_page, self.sample_page, self.compare_page):
            page.setEnabled(False)
        self._ask_scene()

    def model_changed(self) -> None:
        self._ask_scene()

    def _ask_scene(self) -> None:
        self.ask("scene", operations.look, None)

    def on_answer(self, asker: str, _argument: object, result: Any) -> None:
        if asker == "scene":
            self._show_scene(result)
        elif asker == "fit" and self._own and result.kind == self.fit_page.kind:
            self._show_fitted(result)
        elif asker == "samples":
            self._show_samples(result)
        elif asker == "comparison":
            self.compare_page.show_rows(result)

    def _show_scene(self, scene: Scene) -> None:
        first, self._scene = self._scene is None, scene
        if first:
            self.map.smallest = scene.smallest
            self.map.set_map(scene.size, scene.region)
            self.map.set_points(scene.points)
            self.fit_page.offer(scene.settings)
            for page in (self.fit_page, self.sample_page, self.compare_page):
                page.setEnabled(True)
            self.panel.arrange(self.width())
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
        if self._scene is not None:
            self.panel.set_density(fitted.density, self._scene.size)
            self.fit_page.show_fitted(fitted, len(self._scene.points), self._scene.size)
        self._refresh_samples()

    def _choose_kind(self, kind: Kind) -> None:
        self.rectangle.stop()
        if self._scene is not None and kind == self._scene.settings.kind:
            self._go_back()
        else:
            self._ask_fit()

    def _ask_fit(self) -> None:
        """Fit the chosen density to the points of the run, with the settings of the sliders."""
        self._own = True
        self.ask("fit", operations.refit, self._wanted())
        self._compare_soon()

    def _wanted(self) -> Wanted:
        return replace(self.fit_page.wanted, seed=self.sample_page.seed)

    def _go_back(self) -> None:
        """Show the density of the run again."""
        self.rectangle.stop()
        if self._scene is not None:
            self._own = False
            self.fit_page.show_settings()
            self._show_fitted(self._scene.trained)
            self._compare_soon()

    # The rectangle

    def _box_dragged(self, box: FloatArray, key: str) -> None:
        self.rectangle.stop()
        self._take_box(box, key)

    def _box_climbed(self, box: FloatArray) -> None:
        self._take_box(box, "climb")

    def _take_box(self, box: FloatArray, key: str = "") -> None:
        """Put a rectangle of the person's on the map, and remember it."""
        fitted = self._fitted
        if fitted is not None and fitted.kind == "rectangle" and isinstance(fitted.density, Rectangles):
            self.rectangle.remember(fitted.density.boxes[0], box, key)
        self._put_box(box)

    def _put_box(self, box: FloatArray) -> None:
        """Show a rectangle with its numbers; no fit is needed for it."""
        scene = self._scene
        if scene is None:
            return
        density = fitting.one_rectangle(box)
        seen, unseen = (operations.score(density, points) for points in (scene.points, scene.held_out))
        self._own = True
        self._show_fitted(Fitted("rectangle", density, seen, unseen, scene.trained.shading))

    def _restore_box(self, box: FloatArray) -> None:
        self.rectangle.stop()
        self.fit_page.show_kind("rectangle")
        self._put_box(box)

    def _jump_to_best(self) -> None:
        self.rectangle.stop()
        if self._scene is not None:
            self._take_box(fitting.best_box(self._scene.points, self._scene.smallest))

    def _climb_or_stop(self, climbing: bool) -> None:
        scene, box = self._scene, self.map.box
        if climbing and box is not None and scene is not None:
            self.rectangle.start(box, scene.points, scene.size, scene.smallest, self.sample_page.seed)
        else:
            self.rectangle.stop()

    def _climb_stopped(self) -> None:
        self.fit_page.climb.setChecked(False)

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
        self.sample_page.show_guess(guess.format(place=place_text(place, scene.size), verdict=words[found]))
        self.pages.open(self.sample_page)

    def _sample(self) -> None:
        self._sampling = True
        self._refresh_samples()

    def _refresh_samples(self) -> None:
        """Draw the samples again, from the same seed, so that one sees what a change of the density does to them."""
        if self._sampling and self._fitted is not None:
            wanted = operations.Draw(self._fitted.density, self.sample_page.count, self.sample_page.seed)
            self.ask("samples", operations.draw, wanted)

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

    # The comparison

    def _compare_soon(self) -> None:
        """Fit all five when the sliders have come to rest, if anybody looks."""
        if self._scene is not None and self.pages.in_view(self.compare_page):
            self._settled.start()

    def _ask_comparison(self) -> None:
        self.ask("comparison", operations.compare, self._wanted())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.pages.arrange(event.size().width())
        self.panel.arrange(event.size().width())
        super().resizeEvent(event)
