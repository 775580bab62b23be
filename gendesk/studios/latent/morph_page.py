"""The morph: a way through chosen pictures in the latent space, to scrub and to play, beside the plain cross-fade."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gendesk.engine.latent.paths import Way, sampled_code
from gendesk.studios.latent.morph_adding import MorphAdding
from gendesk.studios.latent.morph_controls import MorphSources, MorphStage, MorphWayBar
from gendesk.studios.latent.morph_film import MorphFilm
from gendesk.studios.latent.morph_frames import MorphFrames
from gendesk.studios.latent.morph_player import MorphPlayer
from gendesk.studios.latent.morph_state import MOST_STOPS, Morph, Stop
from gendesk.studios.latent.page import LatentPage
from gendesk.studios.latent.saving import Result, SaveButton, plain_numbers
from gendesk.studios.latent.workspace import Ask, Workspace
from gendesk.widgets.pictures.view import PictureView

_SAMPLE = "sample"


class MorphPage(LatentPage):
    """Keeps the Morph in the workspace, and shows what MorphFrames brings."""

    name: ClassVar[str] = "morph"

    def __init__(self, workspace: Workspace, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(workspace, ask, parent)
        self.frames = MorphFrames(self)
        self.frames.changed.connect(self._show_frames)
        self._mix: bytes = b""
        self._outdated = False
        self.adding = MorphAdding(self)
        self.adding.added.connect(self._insert)
        self.sources = MorphSources(self)
        self.stage = MorphStage(self)
        self.strip = self.stage.strip
        self.going = MorphWayBar(self.strip, self)
        self.player = MorphPlayer(self._is_ready)
        self.player.moved.connect(self._show_position)
        self.film = MorphFilm(self.frames.picture, self.frames.fade)
        self.film.chosen.connect(self.player.go_to)
        self.morph_view = _view(self.tr("What the model draws at this place of the way"))
        self.morph_view.set_empty_text(
            self.tr("Choose two or more pictures, and the way between them appears here, drawn by the model.")
        )
        self.fade_view = _view(self.tr("The same shares of both pictures mixed pixel by pixel, without a model"))
        self.fade_view.set_empty_text(self.tr("Their plain cross-fade appears here, to compare."))
        self.to_point = QPushButton(self.tr("Take as Point"))
        self.to_point.setToolTip(self.tr("Move the point that all pages share to this place of the way"))
        self.save = SaveButton(workspace, self._result)
        self._connect()
        self._arrange()
        self._begin()

    def _connect(self) -> None:
        self.sources.pictures_wanted.connect(self.adding.open)
        self.sources.sample_wanted.connect(self._ask_sample)
        self.sources.point_wanted.connect(self._add_point)
        self.stage.example_wanted.connect(self._add_example)
        self.to_point.clicked.connect(self._take_to_point)
        self.going.way_chosen.connect(self._choose_way)
        self.going.steps_chosen.connect(self._choose_steps)
        self.strip.chosen.connect(self._go_to_stop)
        self.strip.moved.connect(self._move)
        self.strip.removed.connect(self._remove)
        self.strip.duplicated.connect(self._duplicate)
        self.workspace.surveyed.connect(self._begin)
        self.workspace.restored.connect(self._show_morph)
        self.workspace.renewed.connect(self._note_renewal)
        self.workspace.moved.connect(self._follow_mix)

    def _arrange(self) -> None:
        pictures = QGridLayout()
        pictures.setSpacing(4)
        self._place = QLabel()
        for column, (title, label, view) in enumerate(
            (
                (self.title, self._place, self.morph_view),
                (self.tr("Cross-fade"), QLabel(self.tr("Cross-fade")), self.fade_view),
            )
        ):
            view.setAccessibleName(title)
            pictures.addWidget(label, 0, column, Qt.AlignmentFlag.AlignHCenter)
            pictures.addWidget(view, 1, column)
            pictures.setColumnStretch(column, 1)
        pictures.setHorizontalSpacing(8)
        pictures.setRowStretch(1, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.to_point)
        foot.addStretch(1)
        foot.addWidget(self.save)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(8, 8, 8, 8)
        lines.setSpacing(8)
        for widget in (self.sources, self.stage, self.going):
            lines.addWidget(widget)
        lines.addLayout(pictures, 1)
        lines.addWidget(self.player)
        lines.addWidget(self.film)
        lines.addLayout(foot)

    @property
    def title(self) -> str:
        return self.tr("Morph")

    @property
    def tip(self) -> str:
        return self.tr("Let one picture turn into another, through pictures that the model draws")

    @property
    def morph(self) -> Morph:
        """What the page shows, from the workspace."""
        kept = self.workspace.page_state(self.name)
        return kept if isinstance(kept, Morph) else Morph()

    def settings(self) -> Mapping[str, object]:
        """Return the way, and where on it one is."""
        morph, codes = self.frames.morph, self.frames.codes
        stops: list[dict[str, object]] = [{"title": stop.title} for stop in morph.stops]
        for stop, code in zip(stops, codes[:: morph.steps], strict=False):  # none while pictures are being encoded
            stop["code"] = plain_numbers(code)
        return {"way": morph.way.value, "steps": morph.steps, "stops": stops, "position": self.player.position}

    # The model

    def model_changed(self) -> None:
        self.frames.weights_changed()

    def showEvent(self, event: QShowEvent) -> None:
        if self._outdated:
            self._outdated = False
            self.frames.weights_changed()
        super().showEvent(event)

    def _note_renewal(self) -> None:
        """Remember that there are new weights: `model_changed` is only for a page that is seen."""
        self._outdated = not self.isVisible()

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if asker == _SAMPLE:
            self._insert(Stop.of_code(self.tr("Sample {seed}").format(seed=argument), result))
        elif not self.adding.projection.take(asker, argument, result):
            self.frames.take(asker, argument, result)

    def on_failure(self, asker: str, sentence: str) -> None:
        self.frames.fail()
        self.adding.projection.fail(asker)
        super().on_failure(asker, sentence)

    def _begin(self) -> None:
        survey = self.workspace.survey
        if survey is None:
            self.frames.forget()
            self.adding.close()
        self.sources.set_model(known=survey is not None)
        self.stage.example.setEnabled(survey is not None)
        self._show_morph()

    def _follow_mix(self) -> None:
        mix = self.workspace.mix
        if mix is not None and mix.tobytes() != self._mix:
            self._mix = mix.tobytes()
            self.frames.set_morph(self.morph)

    # What a person changes

    def _change(self, morph: Morph, key: str = "") -> None:
        self.workspace.keep(self.name, morph, key)
        self._show_morph()

    def _insert(self, stop: Stop) -> None:
        at = self.strip.current + 1
        self._change(self.morph.with_stop(stop, at))
        self._select(at)

    def _select(self, index: int) -> None:
        """Choose a stop, and go there."""
        self.strip.choose(min(index, len(self.morph.stops) - 1))

    def _ask_sample(self, seed: int) -> None:
        self.ask(_SAMPLE, sampled_code, seed)

    def _add_point(self) -> None:
        if self.workspace.survey is not None:
            self._insert(Stop.of_code(self.tr("Point"), self.workspace.code))

    def _add_example(self) -> None:
        """Begin with two held-out pictures that differ: of two classes where there are any."""
        survey = self.workspace.survey
        if survey is None:
            return
        labels = survey.labels[: len(survey.pictures)]
        others = np.flatnonzero(labels != labels[0])
        second = int(others[0]) if len(others) else min(1, len(survey.pictures) - 1)
        if survey.encodes:
            stops = tuple(Stop.of_picture(self.tr("Picture"), survey.pictures[index]) for index in (0, second))
        else:
            stops = tuple(Stop.of_code(self.tr("Sample"), survey.codes[index]) for index in (0, second))
        self._change(replace(self.morph, stops=stops))
        self.strip.mark(len(stops) - 1)  # so that the next picture comes at the end
        self.player.go_to((len(stops) - 1) * self.morph.steps // 2)

    def _take_to_point(self) -> None:
        if len(self.frames):
            self.workspace.move_to(self.frames.codes[self.player.position])

    def _choose_way(self, way: Way) -> None:
        self._change(replace(self.morph, way=way))

    def _choose_steps(self, steps: int) -> None:
        place = self.player.position / self.morph.steps
        self._change(replace(self.morph, steps=steps), "morph steps")
        self.player.go_to(round(place * steps))

    def _go_to_stop(self, index: int) -> None:
        self.player.go_to(index * self.morph.steps)
        self.stage.show_stop(index)

    def _move(self, origin: int, to: int) -> None:
        self._change(self.morph.moved(origin, to))
        self.player.go_to(to * self.morph.steps)

    def _remove(self, index: int) -> None:
        self._change(self.morph.without(index))

    def _duplicate(self, index: int) -> None:
        self._change(self.morph.with_stop(self.morph.stops[index], index + 1))
        self._select(index + 1)

    # Showing

    def _show_morph(self) -> None:
        morph = self.morph
        self.player.set_count(morph.count, morph.steps)
        self.frames.position = self.player.position
        self.frames.set_morph(morph)
        self._show_frames()
        self.stage.show_strip(filled=bool(morph.stops))
        self.going.show_morph(morph)
        if self.workspace.survey is not None:
            self.sources.set_full(full=len(morph.stops) >= MOST_STOPS)

    def _show_frames(self) -> None:
        stops = self.frames.morph.stops
        titles = [stop.title for stop in stops]
        self.strip.set_stops([self.frames.stop_picture(number) for number in range(len(stops))], titles)
        self.film.set_count(len(self.frames))
        self._show_position(self.player.position)

    def _show_position(self, position: int) -> None:
        self.frames.position = position
        known = position < len(self.frames)
        self.morph_view.set_picture(self.frames.picture(position) if known else None)
        self.fade_view.set_picture(self.frames.fade(position) if known else None)
        self.strip.set_place(position / self.frames.morph.steps)
        self._place.setText(self._place_text(position) if known else self.title)
        self.film.go_to(position)
        self.to_point.setEnabled(known)
        self.save.setEnabled(known)

    def _place_text(self, position: int) -> str:
        """Say between which pictures of the strip a frame is, and how near to the second."""
        leg, step = divmod(position, self.frames.morph.steps)
        if not step:
            return self.tr("Morph: picture {number}").format(number=leg + 1)
        share = f"{step / self.frames.morph.steps:.0%}"
        return self.tr("Morph: {first} to {second}, {share}").format(first=leg + 1, second=leg + 2, share=share)

    def _is_ready(self, position: int) -> bool:
        return self.frames.picture(position) is not None

    def _result(self) -> Result | None:
        """Return the frames to save, once all are there."""
        if not self.frames.complete:
            return None
        count = len(self.frames)
        pictures = [self.frames.picture(index) for index in range(count)]
        fades = [self.frames.fade(index) for index in range(count)]
        return Result(
            np.stack([one for one in pictures if one is not None]),
            self.name,
            self.settings(),
            self.frames.codes[self.player.position],
            self.player.position,
            np.stack([one for one in fades if one is not None]),
            self.player.per_second,
            self.player.loop.isChecked(),
        )


def _view(tip: str) -> PictureView:
    view = PictureView()
    view.setToolTip(tip)
    return view
