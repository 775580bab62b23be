"""Which plane of the latent space the map shows; the choice is undone like everything else."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gendesk.engine.latent.decoding import decode_points
from gendesk.engine.latent.planes import Plane, anchor_plane, dimensions_plane, principal_plane
from gendesk.engine.latent.sliders import active_first
from gendesk.engine.latent.survey import Survey
from gendesk.errors import InputError
from gendesk.studios.latent.workspace import Workspace
from gendesk.widgets.latent.picture_picker import PicturePicker
from gendesk.widgets.latent.plane_bar import ANCHORS, PlaneBar

_PICKED = 200  # pictures to choose an anchor from


@dataclass(frozen=True)
class PlaneChoice:
    """A kind of PlaneBar's, two dimensions, and the codes of three anchors."""

    kind: str
    across: int
    up: int
    anchors: tuple[tuple[float, ...], ...]


def default_choice(survey: Survey) -> PlaneChoice:
    """Return the plane to begin with: two dimensions are all there is, or the principal plane.

    Beside it, the two most active dimensions and the first three codes are offered.
    """
    anchors = tuple(tuple(code.tolist()) for code in survey.codes[:3])
    if survey.latent_size == 2:
        return PlaneChoice("dimensions", 0, 1, anchors)
    active, idle = active_first(survey.deviation)
    across, up = (active + idle)[:2]
    return PlaneChoice("principal", across, up, anchors)


def chosen_plane(choice: PlaneChoice, survey: Survey) -> Plane:
    """Make the plane; raises InputError where the choice makes none."""
    if choice.kind == "anchors":
        return anchor_plane(np.array(choice.anchors))
    if choice.kind == "dimensions":
        return dimensions_plane(survey.latent_size, choice.across, choice.up)
    return principal_plane(survey.components)


class PlaneChooser(PlaneBar):
    """The bar of planes on the workspace; `changed` tells that `plane` is another one."""

    changed = Signal()

    def __init__(self, workspace: Workspace, ask: Callable[..., None], name: str, parent: QWidget) -> None:
        """Keep the choice under `name` in the workspace, and ask for the pictures of anchors as "anchors"."""
        super().__init__(parent)
        self._workspace, self._ask, self._name = workspace, ask, name
        self._wanted_anchor = 0
        self.chosen.connect(self._choose)
        self.anchor_here.connect(self._anchor_here)
        self.anchor_wanted.connect(self._pick_anchor)

    @property
    def choice(self) -> PlaneChoice:
        """What is chosen; there must be a survey."""
        kept, survey = self._workspace.page_state(self._name), self._workspace.survey
        assert survey is not None
        return kept if isinstance(kept, PlaneChoice) else default_choice(survey)

    @property
    def plane(self) -> Plane:
        """The plane that is chosen; there must be a survey."""
        assert self._workspace.survey is not None
        return chosen_plane(self.choice, self._workspace.survey)

    @property
    def marks(self) -> NDArray[np.float64]:
        """Where the anchors of a plane of anchors lie on it, (3, 2), else (0, 2)."""
        return self.plane.places_of(np.array(self.choice.anchors)) if self._anchored else np.empty((0, 2))

    @property
    def axes_name(self) -> str:
        """What the coordinates on the plane are called."""
        choice, survey = self.choice, self._workspace.survey
        if survey is not None and survey.latent_size == 2:
            return "z"
        if choice.kind == "dimensions":
            return f"z[{choice.across}, {choice.up}]"
        return self.tr("plane") if self._anchored else "PC"

    @property
    def _anchored(self) -> bool:
        return self.choice.kind == "anchors"

    def begin(self) -> None:
        """Take the workspace's model."""
        survey = self._workspace.survey
        self.setVisible(survey is not None and survey.latent_size > 2)
        if survey is not None:
            self.set_size(survey.latent_size)
            self.show_kept()

    def show_kept(self) -> None:
        """Show the choice as the workspace knows it."""
        choice = self.choice
        self.show_choice(choice.kind, choice.across, choice.up)
        if self._anchored:
            self._ask("anchors", decode_points, self._workspace.points(np.array(choice.anchors, np.float32)))

    def take_anchors(self, pictures: Any) -> None:
        """Take the answer to "anchors", pictures uint8 (3, height, width, channels)."""
        self.show_anchors(list(pictures))

    def _choose(self) -> None:
        before, across, up = self.choice, self.across, self.up
        if across == up:  # a plane needs two, so they change places
            across, up = (before.up, up) if up != before.up else (across, before.across)
        self._keep(replace(before, kind=self.kind, across=across, up=up))

    def _keep(self, choice: PlaneChoice) -> None:
        """Choose another plane, unless it is none; one of anchors takes the point to its middle."""
        survey = self._workspace.survey
        if survey is None:
            return
        try:
            chosen_plane(choice, survey)
        except InputError as error:
            self._workspace.failed.emit(str(error))
            self.show_kept()
            return
        self._workspace.end_step()
        self._workspace.keep(self._name, choice, "plane")
        if choice.kind == "anchors":
            self._workspace.move_to(np.array(choice.anchors, np.float32).mean(0), "plane")
        self._workspace.end_step()
        self.show_kept()
        self.changed.emit()

    def _anchor_here(self, index: int) -> None:
        self._set_anchor(index, self._workspace.code)

    def _pick_anchor(self, index: int) -> None:
        survey = self._workspace.survey
        if survey is not None:
            self._wanted_anchor = index
            title = self.tr("Anchor {name}").format(name=ANCHORS[index])
            picker = PicturePicker(title, survey.pictures[:_PICKED], self)
            picker.picked.connect(self._picked)
            picker.open()

    def _picked(self, number: int) -> None:
        survey = self._workspace.survey
        if survey is not None:
            self._set_anchor(self._wanted_anchor, survey.codes[number])

    def _set_anchor(self, index: int, code: NDArray[np.floating]) -> None:
        anchors = list(self.choice.anchors)
        anchors[index] = tuple(np.asarray(code, np.float32).tolist())
        self._keep(replace(self.choice, kind="anchors", anchors=tuple(anchors)))
