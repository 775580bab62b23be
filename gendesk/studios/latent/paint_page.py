"""The page to paint on: a stroke says what the picture should be, and the code follows."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.decoding import decode_points
from gendesk.engine.latent.painting import Descent, Found, Moved, Prior, Start, descend, find_prior, find_start
from gendesk.studios.latent.page import LatentPage
from gendesk.studios.latent.paint_descent import RunningDescent
from gendesk.studios.latent.paint_dialog import offer
from gendesk.studios.latent.paint_origin import Origin
from gendesk.studios.latent.paint_panel import PaintPanel
from gendesk.studios.latent.paint_tools import Brush, Scene, Tool, projection, wish_of
from gendesk.studios.latent.saving import Result
from gendesk.studios.latent.workspace import Ask, Workspace
from gendesk.widgets.latent_paint.canvas import PaintCanvas

_SIDE_PANEL = 376  # logical pixels of the controls beside the canvas
_ANY_SIZE = (1 << 24) - 1  # Qt's greatest length
_NEUTRAL = "#808080"  # veil of a stroke that has no colour of its own


class PaintPage(LatentPage):
    """Joins canvas and controls to the workspace. Its state there is the Origin, so that undo brings it back."""

    name: ClassVar[str] = "paint"

    def __init__(self, workspace: Workspace, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(workspace, ask, parent)
        self._prior: Prior | None = None
        self._picture: UInt8Array | None = None  # as the model draws the point
        self._base: UInt8Array | None = None  # as it draws the origin
        self._pattern: UInt8Array | None = None
        self._scene: Scene | None = None  # of the newest stroke, as its brush
        self._brush: Brush | None = None
        self._mask: NDArray[np.float32] | None = None
        self._opening: UInt8Array | None = None  # a picture whose code is being looked for
        self._strokes = 0
        self._moving = False
        self.descent = RunningDescent(partial(self.ask, "step", descend), self)
        self.descent.moved.connect(self._follow)
        self.descent.settled.connect(self._settle)
        self._make_parts()
        self._arrange()
        workspace.surveyed.connect(self._begin)
        workspace.moved.connect(self._heed_move)
        workspace.pictured.connect(self._take_picture)
        workspace.restored.connect(self._restore)
        self._begin()

    def _make_parts(self) -> None:
        self.canvas = PaintCanvas()
        self.canvas.set_empty_text(
            self.tr("Train a model that draws pictures, and one appears here: paint on it, and the model follows.")
        )
        self.panel = PaintPanel(self.workspace, self._result)
        self.controls = self.panel.controls
        self.canvas.stroke_began.connect(self._begin_stroke)
        self.canvas.stroke_grew.connect(self._grow_stroke)
        self.canvas.color_picked.connect(self.controls.set_color)
        self.canvas.size_stepped.connect(self.controls.step_size)
        self.controls.size_changed.connect(self.canvas.set_diameter)
        self.controls.brush_changed.connect(self._show_brush)
        self.controls.weights_changed.connect(self._change_weights)
        self.controls.detail_changed.connect(self._show)
        self.controls.pattern_wanted.connect(self._ask_pattern)
        self.panel.open_button.clicked.connect(self._ask_photo)

    def _arrange(self) -> None:
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self.canvas, 1)
        self._box.addWidget(self.panel, 0, Qt.AlignmentFlag.AlignTop)

    def minimumSizeHint(self) -> QSize:
        """Return that of the tall arrangement: the wide one must not keep the page from getting narrow again."""
        panel, canvas = self.panel.minimumSizeHint(), self.canvas.minimumSize()
        return QSize(max(panel.width(), canvas.width()), panel.height() + canvas.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = self.width() > self.height() and self.width() >= 2 * _SIDE_PANEL
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if way != self._box.direction():
            self._box.setDirection(way)
            self.panel.setMaximumWidth(_SIDE_PANEL if wide else _ANY_SIZE)
        super().resizeEvent(event)

    @property
    def title(self) -> str:
        return self.tr("Paint")

    @property
    def tip(self) -> str:
        return self.tr("Paint on a picture, and the model finds one that agrees")

    def settings(self) -> Mapping[str, object]:
        """Return the brush, and whether the detail of an opened picture is kept."""
        brush = self.controls.brush()
        weights = {"strength": brush.strength, "outside": brush.outside, "plausible": brush.plausible}
        detail = self._photo() is not None and self.controls.detail.isChecked()
        return {"tool": brush.tool.value, **weights, "keep detail": detail, "softness": self.controls.softness.value()}

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if asker == "step":
            self.descent.take(argument, result)
        elif asker == "prior":
            self._prior = result
        elif asker == "base":
            self._base = result[0]
            self._show()
        elif asker == "code":
            self._approach(argument, result)

    def on_failure(self, asker: str, sentence: str) -> None:
        self._stop()
        super().on_failure(asker, sentence)

    def model_changed(self) -> None:
        self._ask_base()

    # The shared point

    def _begin(self) -> None:
        survey = self.workspace.survey
        self.panel.open_button.setEnabled(survey is not None)
        self.controls.setEnabled(survey is not None)
        if survey is None:
            self._stop()
            self._picture = self._base = self._pattern = None
            self.controls.set_pattern(None)
            self.panel.say_hint()
        else:
            self._prior = Prior(survey.mean, np.maximum(survey.deviation, np.float32(1e-3)))  # until the model answers
            self.ask("prior", find_prior, self._prior)
            self.controls.set_side(max(survey.shape[:2]))
        self._show_brush()
        self._show()

    @property
    def _origin(self) -> Origin | None:
        origin = self.workspace.page_state(self.name)
        return origin if isinstance(origin, Origin) else None

    @property
    def _mix(self) -> tuple[float, ...]:
        mix = self.workspace.mix
        return () if mix is None else tuple(mix.tolist())

    def _photo(self) -> UInt8Array | None:
        origin, survey = self._origin, self.workspace.survey
        return None if origin is None or survey is None else origin.picture(survey.shape)

    def _heed_move(self) -> None:
        """Leave the point alone when somebody else moves it."""
        if not self._moving:
            self._stop()

    def _take_picture(self) -> None:
        if not self.descent.running:
            self._picture = self.workspace.picture
            self._show()

    def _restore(self) -> None:
        self._stop()
        self._ask_base()

    def _ask_base(self) -> None:
        origin = self._origin
        if origin is not None:
            self.ask("base", decode_points, origin.points)

    def _stop(self) -> None:
        self.descent.stop()
        self._opening = self._scene = None

    def _show(self) -> None:
        picture, origin = self._picture, self._origin
        self.controls.offer_detail(offered=self._photo() is not None)
        detailed = self.controls.detail.isChecked() and self._opening is None
        if picture is not None and origin is not None and self._base is not None and detailed:
            picture = origin.detailed(picture, self._base, self.controls.softness.value())
        self.canvas.set_picture(picture)

    # A stroke

    def _begin_stroke(self) -> None:
        self._stop()
        if self._picture is None or self._prior is None:
            return
        brush = self.controls.brush()
        if brush.tool is Tool.PATTERN and self._pattern is None:
            self._ask_pattern()
            return
        self._start_step()
        state, origin = self.workspace.state, self._origin
        if origin is None or (origin.photo is None and origin.painted != state.code):
            self._base = self._picture
            self.workspace.keep(self.name, Origin(state.code, self._mix, painted=state.code), self._step)
        photo, self._brush, self._mask = self._photo(), brush, None
        self._scene = Scene(self._picture, self._base if photo is None else photo, self._pattern)

    def _grow_stroke(self, mask: NDArray[np.float32]) -> None:
        if self._scene is None or self._brush is None or self._prior is None:
            return
        first, self._mask, wish = self._mask is None, mask, wish_of(self._brush, mask, self._scene)
        if first:
            self.descent.begin(Descent(self.workspace.code, self.workspace.mix, self._prior, wish))
        else:
            self.descent.wish(wish)

    def _change_weights(self) -> None:
        """Let the newest stroke follow the sliders, as long as nothing else has moved the point."""
        if self._scene is not None and self._brush is not None and self._mask is not None:
            self._brush = replace(self.controls.brush(), tool=self._brush.tool, color=self._brush.color)
            self.descent.wish(wish_of(self._brush, self._mask, self._scene))

    def _follow(self, moved: Moved) -> None:
        """Bring the shared point where a few steps have brought the code."""
        self._moving = True
        self.workspace.move_to(moved.descent.code, self._step)
        origin, mask = self._origin, self._mask
        if origin is not None and mask is not None and self._brush is not None and self._opening is None:
            restored = self._brush.tool is Tool.RESTORE
            self.workspace.keep(self.name, origin.after(self.workspace.state.code, mask, restored=restored), self._step)
        self._moving = False
        self._picture = moved.picture
        self.panel.tell(moved, whole=self._opening is not None)
        self._show()

    def _settle(self) -> None:
        if self._opening is not None and self._picture is not None:
            state, photo = self.workspace.state, self._opening.tobytes()
            self.workspace.keep(self.name, Origin(state.code, self._mix, photo, state.code), self._step)
            self._base, self._opening = self._picture, None
            self._show()
        if not self.canvas.painting:
            self.workspace.end_step()

    def _start_step(self) -> None:
        self.workspace.end_step()
        self._strokes += 1

    @property
    def _step(self) -> str:
        return f"paint {self._strokes}"

    # What is painted on, and with

    def open_photo(self, picture: UInt8Array) -> None:
        """Paint on a picture, uint8 (height, width, channels), from here on: the nearest code is looked for."""
        self._stop()
        self._start_step()
        self._opening = picture
        self.panel.status.setText(self.tr("Looking for the picture's code ..."))
        self.ask("code", find_start, Start(picture, self.workspace.mix), slow=True)

    def _approach(self, start: Start, found: Found) -> None:
        """Go on from where the encoder, or the best of random codes, has pointed to what the decoder can do best."""
        if start.picture is self._opening and self._prior is not None:
            self._moving = True
            if found.mix is not None:
                self.workspace.set_mix(found.mix, self._step)
            self._moving = False
            wish = projection(start.picture)
            self.descent.begin(Descent(found.code, found.mix, self._prior, wish, most=found.most))

    def set_pattern(self, picture: UInt8Array) -> None:
        """Paint with the pixels of a picture, uint8 (height, width, channels)."""
        self._pattern = picture
        self.controls.set_pattern(picture)

    def _ask_photo(self) -> None:
        survey = self.workspace.survey
        if survey is not None:
            offer(self.tr("Picture to Paint On"), survey.openable, (), self.open_photo, self)

    def _ask_pattern(self) -> None:
        survey, present = self.workspace.survey, self._picture
        if survey is not None and present is not None:
            pictures = np.concatenate([present[None], survey.pictures])
            offer(self.tr("Picture to Paint With"), pictures, (self.tr("Present"),), self.set_pattern, self)

    def _show_brush(self) -> None:
        self.canvas.color = self.controls.color if self.controls.tool is Tool.COLOR else _NEUTRAL
        self.canvas.set_diameter(self.controls.diameter.value())

    def _result(self) -> Result | None:
        """Return the picture as it is shown, for a file."""
        picture = self.canvas.picture
        return None if picture is None else Result(picture[None], self.name, self.settings())
