"""Is it new? The nearest training pictures of what a model draws, and a verdict on whether it has copied them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.engine.latent.novelty import CLOSE, MEMORISED, Found, Measure, Prepared, Query, prepare, search
from gendesk.studios.latent.novelty_controls import LookBar, MeasureBar
from gendesk.studios.latent.novelty_histogram import NoveltyHistogram
from gendesk.studios.latent.novelty_result import ManySamples, OnePicture
from gendesk.studios.latent.page import LatentPage
from gendesk.studios.latent.paint_dialog import PictureDialog
from gendesk.studios.latent.saving import Result, SaveButton, plain_numbers
from gendesk.studios.latent.workspace import Ask, Workspace
from gendesk.studios.session import ModelSession
from gendesk.studios.studio import Studio

_NEIGHBOURS = 8
_SAMPLES = 64
_SHOWN = 60  # held-out pictures to choose from; more take long to lay out
_WIDE = 760  # pixels from which on the histogram stands beside the pictures
_PREPARE, _SEARCH = "prepare", "search"


class NoveltyPage(LatentPage):
    """Has the training pictures prepared while it is seen, then looks at whatever is chosen."""

    name: ClassVar[str] = "novelty"

    def __init__(self, workspace: Workspace, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(workspace, ask, parent)
        self.prepared: Prepared | None = None
        self.found: Found | None = None
        self._query: Query | None = None
        self._chosen: UInt8Array | None = None  # a picture of the person's
        self._preparing = False
        self._session: ModelSession | None = None
        self._dialog: PictureDialog | None = None
        self.look = LookBar(self)
        self.measures = MeasureBar(self)
        self.one = OnePicture()
        self.many = ManySamples()
        self.histogram = NoveltyHistogram()
        self.save = SaveButton(workspace, self._result)
        self.stack = QStackedWidget()
        for part in (self._make_waiting(), self.one, self.many):
            self.stack.addWidget(part)
        self._arrange()
        self._connect()
        self._begin()

    def _make_waiting(self) -> QWidget:
        self.hint = QLabel()
        self.hint.setProperty("role", "muted")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.progress = QProgressBar(maximum=100)
        self.progress.setAccessibleName(self.tr("Training pictures that are ready to be searched"))
        self.progress.setMaximumWidth(320)
        waiting = QWidget()
        column = QVBoxLayout(waiting)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self.hint)
        column.addWidget(self.progress, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return waiting

    def _arrange(self) -> None:
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._body.setSpacing(8)
        self._body.addWidget(self.stack, 3)
        self._body.addWidget(self.histogram, 1)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.look, 1)
        head.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.measures)
        column.addLayout(self._body, 1)

    def _connect(self) -> None:
        self.look.changed.connect(self._search)
        self.look.picture_wanted.connect(self._open_pictures)
        self.measures.changed.connect(self._prepare_anew)
        self.measures.network_wanted.connect(self._train_network)
        self.measures.network_unwanted.connect(self._stop_network)
        self.many.chosen.connect(self._look_at_sample)
        self.workspace.surveyed.connect(self._begin)
        self.workspace.pictured.connect(self._follow_point)

    @property
    def title(self) -> str:
        return self.tr("Novelty")

    @property
    def tip(self) -> str:
        return self.tr(
            "See which training pictures are nearest to what the model draws, and whether it has copied them"
        )

    def settings(self) -> Mapping[str, object]:
        """Return what was looked at, and how far it is from the nearest training pictures."""
        if self.found is None or self.prepared is None or self._query is None:
            return {"look": self.look.kind}
        seed = {"seed": self._query.seed} if self._query.pictures is None else {}
        distances = plain_numbers(self.found.distances[:, 0])
        measured = {"measure": self._measured.value, "network": self.prepared.network, "distances": distances}
        return {"look": self.look.kind, **seed, **measured}

    # The model and its data

    def _begin(self) -> None:
        """Look at another model, or at none."""
        self._query = self.found = self._chosen = None
        if self._dialog is not None and self.workspace.survey is None:
            self._dialog.close()
        self._hear_of_features()
        self.setEnabled(self.workspace.survey is not None)
        self._prepare_anew()

    def _hear_of_features(self) -> None:
        panel: QWidget | None = self.parentWidget()
        while panel is not None and not isinstance(panel, Studio):
            panel = panel.parentWidget()
        session = panel.session if panel is not None else None
        if session is not None and session is not self._session:
            session.features_progressed.connect(self.measures.show_training)
            session.features_ended.connect(self._take_features)
            self.measures.set_training(training=False)
        self._session = session

    def _train_network(self) -> None:
        if self._session is not None:
            self.measures.set_training(training=True)
            self._session.features_wanted.emit()

    def _stop_network(self) -> None:
        if self._session is not None:
            self._session.features_unwanted.emit()

    def _take_features(self, problem: str) -> None:
        self.measures.set_training(training=False)
        if problem:
            self.workspace.failed.emit(problem)
        else:
            self._prepare_anew()

    def _prepare_anew(self) -> None:
        """Let go of what was measured: the data or the measure are others."""
        self.prepared, self._preparing = None, False
        self.histogram.clear()
        self.measures.show_prepared(None)
        self.progress.hide()
        if self._session is None:
            hint = self.tr("Train a model: the training pictures nearest to what it draws appear here.")
        elif self.workspace.survey is None:
            hint = self.tr("The training pictures nearest to what the model draws appear here in a moment.")
        else:
            hint = self.tr("Getting the training pictures ready to be searched...")
        self.hint.setText(hint)
        self.stack.setCurrentIndex(0)
        self._prepare()

    def _prepare(self) -> None:
        """Ask for the next part of what the search needs, unless nobody would see it."""
        if self.workspace.survey is not None and self.isVisible() and self.prepared is None and not self._preparing:
            self._preparing = True
            self.ask(_PREPARE, prepare, self.measures.measure, data=True, slow=True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.prepared is None:
            self._prepare()
        else:
            self._search()

    def model_changed(self) -> None:
        if self.look.kind in ("sample", "samples"):
            self._search()

    # Questions and answers

    def _follow_point(self) -> None:
        if self.look.kind == "point":
            self._search()

    def _search(self) -> None:
        """Ask for the nearest training pictures of what is chosen, as soon as they can be searched."""
        if self.prepared is None or not self.isVisible() or self.workspace.survey is None:
            return
        query = self._wanted()
        if query is not None:
            self._query = query
            self.ask(_SEARCH, search, query, data=True, slow=True)

    def _wanted(self) -> Query | None:
        query = Query(self.measures.measure, _NEIGHBOURS, seed=self.look.seed)
        kind = self.look.kind
        if kind == "samples":
            return replace(query, neighbours=1, samples=_SAMPLES)
        if kind == "sample":
            return query
        picture = self.workspace.picture if kind == "point" else self._chosen
        return None if picture is None else replace(query, pictures=picture[None])

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if asker == _PREPARE:
            if argument is self.measures.measure:
                self._take_prepared(result)
        elif self._query is not None and argument is self._query and self.prepared is not None:
            self._show(self._query, self.prepared, result)

    def on_failure(self, asker: str, sentence: str) -> None:
        if asker == _PREPARE:
            self._preparing = False
        self.progress.hide()
        self.hint.setText(sentence)
        self.stack.setCurrentIndex(0)
        super().on_failure(asker, sentence)

    def _take_prepared(self, prepared: Prepared) -> None:
        self._preparing = False
        self.measures.show_prepared(prepared)
        self.progress.setValue(int(100 * prepared.share))
        self.progress.show()
        if prepared.share < 1:
            self._prepare()
            return
        self.prepared = prepared
        self._search()

    def _show(self, query: Query, prepared: Prepared, found: Found) -> None:
        usual = prepared.usual
        low, high = np.quantile(usual, (MEMORISED, CLOSE)).tolist()
        if query.pictures is None and query.samples > 1:
            found = found.sorted()
            self.many.show_found(found, prepared)
            self.histogram.show_distances(usual, (low, high), samples=found.distances[:, 0])
        else:
            self.one.show_found(found, prepared, self._measured)
            self.histogram.show_distances(usual, (low, high), distance=float(found.distances[0, 0]))
        self.found = found
        self.stack.setCurrentWidget(self.many if query.samples > 1 else self.one)

    @property
    def _measured(self) -> Measure:
        """By what distances are measured in the end: by pixels where there is no network."""
        return Measure.FEATURES if self.prepared is not None and self.prepared.network else Measure.PIXELS

    def _look_at_sample(self, index: int) -> None:
        if self.found is not None:
            self._take_picture(self.found.pictures[index])

    # A picture of the person's

    def _open_pictures(self) -> None:
        survey = self.workspace.survey
        if survey is None or self._dialog is not None:
            return
        labels = survey.labels[: len(survey.pictures)][:_SHOWN].tolist()
        captions = [survey.names[label] if 0 <= label < len(survey.names) else "" for label in labels]
        self._dialog = PictureDialog(self.tr("Picture to Look At"), survey.pictures[:_SHOWN], captions, self)
        self._dialog.taken.connect(self._take_picture)
        self._dialog.finished.connect(self._forget_dialog)
        self._dialog.open()

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _take_picture(self, picture: UInt8Array) -> None:
        self._chosen = picture
        self.look.choose("picture")
        self._search()

    # The rest

    def _result(self) -> Result | None:
        if self.found is None or self.prepared is None:
            return None
        settings = self.settings()
        if len(self.found.pictures) > 1:
            return Result(self.found.pictures, self.name, settings, below=self.found.neighbours[:, 0])
        return Result(np.concatenate([self.found.pictures, self.found.neighbours[0]]), self.name, settings)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _WIDE
        self._body.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._body.setStretch(1, 2 if wide else 1)
        super().resizeEvent(event)
