"""The map: a plane of the latent space to walk in with the mouse, also while the model is being trained."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gendesk.engine.latent.decoding import decode_points
from gendesk.engine.latent.planes import Draw, Plane, draw
from gendesk.engine.latent.survey import Survey
from gendesk.studios.latent.map_plane import PlaneChooser
from gendesk.studios.latent.map_walk import Walker
from gendesk.studios.latent.page import LatentPage
from gendesk.studios.latent.workspace import Ask, Workspace
from gendesk.widgets.latent.pad import LatentPad
from gendesk.widgets.latent.plane_bar import ANCHORS
from gendesk.widgets.latent.trail import Trail
from gendesk.widgets.latent.walk_bar import WalkBar

_QUIET_SECONDS = 0.5
_REFRESH_MS = 1000
_REST_MS = 700  # a point that stays for so long is remembered
_SPREAD = 256  # draws that tell how wide the prior is
_MANIFOLD_PIXELS = 500_000  # in all pictures of a manifold together, see manifold_side
_SIDES = (5, 15)


def manifold_side(height: int, width: int) -> int:
    """Return how many pictures a manifold has in each direction, so that it comes within about a second."""
    low, high = _SIDES
    return min(high, max(low, int((_MANIFOLD_PIXELS / (height * width)) ** 0.5)))


class MapPage(LatentPage):
    """Joins the plane and its bars to the workspace. Codes come from the survey, pictures from the model."""

    name: ClassVar[str] = "map"

    def __init__(self, workspace: Workspace, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(workspace, ask, parent)
        self._plane: Plane | None = None
        self._places: NDArray[np.float32] = np.empty((0, 2), np.float32)  # of the manifold that was asked for
        self._slice: tuple[Any, ...] = ()  # what it was asked for beside its places
        self._moved = 0.0
        self._refresh = QTimer(self, interval=_REFRESH_MS, singleShot=True)
        self._refresh.timeout.connect(self._refresh_manifold)
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self._remember)
        self.plane_bar = PlaneChooser(workspace, self.ask, self.name, self)
        self.pad = LatentPad(self)
        self.pad.add_bar(self.plane_bar)
        self.walk_bar = WalkBar(self)
        self.walker = Walker(self)
        self.trail = Trail(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        for part, stretch in ((self.pad, 1), (self.walk_bar, 0), (self.trail, 0)):
            column.addWidget(part, stretch)
        self._connect()
        self._begin()

    def _connect(self) -> None:
        self.pad.set_empty_text(
            self.tr("Train a model, and a plane of its latent space appears here: drag in it to draw pictures.")
        )
        self.pad.point_moved.connect(self._move)
        self.pad.manifold_requested.connect(self._ask_manifold)
        self.pad.chosen.connect(self._jump)
        self.pad.settled.connect(self.workspace.end_step)
        self.pad.home_wanted.connect(self._go_home)
        self.pad.random_wanted.connect(self.walk_bar.seed_box.button.click)
        self.plane_bar.changed.connect(self._apply_plane)
        self.walk_bar.seeded.connect(self._draw)
        self.walk_bar.snap_wanted.connect(self._snap)
        self.walk_bar.home_wanted.connect(self._go_home)
        self.walk_bar.animated.connect(self._animate)
        self.walker.went.connect(self._walk)
        self.trail.went.connect(self._go_back)
        self.workspace.surveyed.connect(self._begin)
        self.workspace.renewed.connect(self._renew)
        self.workspace.moved.connect(self._show_point)
        self.workspace.pictured.connect(self._show_picture)
        self.workspace.restored.connect(self._restore)

    @property
    def title(self) -> str:
        return self.tr("Map")

    @property
    def tip(self) -> str:
        return self.tr("Walk in the latent space, and see what the decoder draws")

    def settings(self) -> Mapping[str, object]:
        """Return the plane that the map shows."""
        return {} if self.workspace.survey is None else {"plane": asdict(self.plane_bar.choice)}

    def suits(self, survey: Survey) -> bool:
        return survey.latent_size >= 2

    def model_changed(self) -> None:
        """Draw the manifold anew, soon and not during a drag."""
        if not self._refresh.isActive():
            self._refresh.start()

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if asker == "manifold":
            self.pad.set_manifold(result, self._places)
        elif asker == "anchors":
            self.plane_bar.take_anchors(result)
        elif asker == "draw":
            self._go(result[0])
        elif asker == "spread" and self.walk_bar.animate.isChecked():
            self.walker.wander(self.workspace.code, result, argument.seed)

    # The plane

    def _begin(self) -> None:
        survey = self.workspace.survey
        self.walk_bar.stop()
        self.walk_bar.setEnabled(survey is not None)
        self.trail.clear()
        self.plane_bar.begin()
        self._plane = None
        if survey is None or not self.suits(survey):
            self.pad.clear()
        else:
            self.pad.set_manifold_side(manifold_side(*survey.shape[:2]))
            self._apply_plane()

    def _renew(self) -> None:
        """Look at the codes of a model that has been trained further."""
        if self._is_quiet:
            self._apply_plane()

    def _apply_plane(self) -> None:
        """Show the plane that is chosen, with the codes of real pictures as they lie on it."""
        survey = self.workspace.survey
        if survey is None or not self.suits(survey):
            return
        before, plane, pad, marks = self._plane, self.plane_bar.plane, self.pad, self.plane_bar.marks
        self._plane = plane
        pad.plane.set_marks(marks, ANCHORS[: len(marks)])
        names = survey.names if (survey.labels >= 0).any() else ()  # drawn codes are of no class
        pad.set_codes(plane.places_of(survey.codes).astype(np.float32), survey.labels, names, survey.pictures)
        if before is None or not before.equals(plane):
            prior = plane.places_of(np.zeros((1, survey.latent_size)))[0]
            pad.set_axes(self.plane_bar.axes_name, prior, quantiles=survey.latent_size == 2)
        self._show_point()

    def _restore(self) -> None:
        """Show what somebody went back to."""
        self.walk_bar.stop()
        if self.workspace.survey is not None:
            self.plane_bar.show_kept()
            self._apply_plane()

    # The manifold

    def _ask_manifold(self, places: NDArray[np.float32]) -> None:
        if self._plane is not None:
            self._places, self._slice = places, self._present_slice()
            codes = self._plane.moved(self.workspace.code, places)
            self.ask("manifold", decode_points, self.workspace.points(codes), slow=True)

    def _present_slice(self) -> tuple[Any, ...]:
        """Return what a manifold depends on beside the plane: the rest of the code, and the mixture of classes."""
        assert self._plane is not None
        return tuple(np.round(self._plane.rest(self.workspace.code), 3).tolist()), self.workspace.state.mix

    def _refresh_manifold(self) -> None:
        if self._is_quiet:
            self.pad.request_manifold()
        else:
            self._refresh.start()

    @property
    def _is_quiet(self) -> bool:
        return time.monotonic() - self._moved >= _QUIET_SECONDS

    # The point

    def _show_point(self) -> None:
        if self._plane is None:
            return
        self._moved = time.monotonic()
        self.pad.set_point(self._plane.places_of(self.workspace.code[None])[0])
        self._rest.start()
        if self.pad.shows_manifold and self._present_slice() != self._slice and not self._refresh.isActive():
            self._refresh.start()

    def _show_picture(self) -> None:
        if self.workspace.picture is not None and self._plane is not None:
            self.pad.show_picture(self.workspace.picture, self._plane.places_of(self.workspace.code[None])[0])
        if not self._rest.isActive():
            self._remember()  # the picture was longer in coming than the point has rested

    def _move(self, place: NDArray[np.float32]) -> None:
        """Follow the person's hand."""
        self.walk_bar.stop()
        if self._plane is not None:
            self.workspace.move_to(self._plane.moved(self.workspace.code, place[None])[0], "drag")

    def _jump(self, number: int) -> None:
        if self.workspace.survey is not None:
            self.workspace.move_to(self.workspace.survey.codes[number], "drag")

    def _go(self, code: NDArray[np.floating]) -> None:
        """Go to a code in a step of its own."""
        self.walk_bar.stop()
        self.workspace.end_step()
        self.workspace.move_to(code)

    def _go_home(self) -> None:
        self._go(np.zeros_like(self.workspace.code))

    def _draw(self, seed: int) -> None:
        self.ask("draw", draw, Draw(1, seed))

    def _snap(self) -> None:
        survey = self.workspace.survey
        if survey is not None:
            distances = np.linalg.norm(survey.codes - self.workspace.code, axis=1)
            self._go(survey.codes[int(distances.argmin())])

    def _remember(self) -> None:
        """Keep a place where the point has stayed, once it is known how it looks."""
        state, picture = self.workspace.state, self.workspace.picture
        place = state.code, state.mix
        if picture is not None and place != self.trail.current and not self.walk_bar.animate.isChecked():
            self.trail.add(place, picture)

    def _go_back(self, place: tuple[tuple[float, ...], tuple[float, ...]]) -> None:
        code, mix = place
        if mix:
            self.workspace.set_mix(np.array(mix), "trail")
        self.walk_bar.stop()
        self.workspace.move_to(np.array(code), "trail")
        self.workspace.end_step()

    # The animation

    def _animate(self, animated: bool) -> None:
        self.walker.stop()
        self.workspace.end_step()
        if not animated or self._plane is None:
            self._rest.start()
        elif self.walk_bar.path.currentData() == "circle":
            self.walker.circle(self.workspace.code, self._plane)
        else:
            self.ask("spread", draw, Draw(_SPREAD, self.walk_bar.seed_box.seed))

    def _walk(self, code: NDArray[np.float32]) -> None:
        self.walker.speed = self.walk_bar.speed
        self.workspace.move_to(code, "walk")

    def hideEvent(self, event: QHideEvent) -> None:
        self.walk_bar.stop()
        super().hideEvent(event)
