"""How a model copies a picture: the code between original and copy to play with, and pictures with similar codes."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.studios.own_picture import OwnPicture
from gendesk.studios.saving import Result, RunFolder, SavingButton
from gendesk.studios.studio import Studio
from gendesk.widgets.undo import StateHistory

from ..copying import (
    CLEAN,
    CodeIndex,
    Copied,
    CopyFacts,
    CopyQuestion,
    NearestQuestion,
    Treatment,
    code_index,
    copied,
    describe,
    nearest,
)
from .code_part import CodePart
from .nearest_part import NearestPart
from .picture_row import PictureRow
from .treatment_controls import TreatmentControls

_WIDE = 760  # logical pixels from which the parts stand side by side
_OWN_WIDTH, _OWN_HEIGHT = 340, 164  # at most, in a wide and in a narrow panel
_UNLIMITED = 16_777_215  # Qt's QWIDGETSIZE_MAX
_BLINKS = 1.0  # pictures per second of a film, to compare them at one place
_QUIET_MS = 100  # similar pictures wait until the hand rests, so that a drag gets all there is of the worker


class CopyStudio(Studio):
    """Copies a held-out picture, a drawing or a file, live, also while one draws and while the model is trained."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Copy"))
        self.facts: CopyFacts | None = None
        self.treatment = Treatment()
        self.copied: Copied | None = None
        self._copied_of: CopyQuestion | None = None
        self._index: CodeIndex | None = None
        self._picture: UInt8Array | None = None
        self._wait = QTimer(self, interval=_QUIET_MS, singleShot=True)
        self._wait.timeout.connect(self._ask_similar)
        self.own = OwnPicture()
        self.own.chosen.connect(self._picture_chosen)
        self.own.failed.connect(self.failed)
        self.pictures = PictureRow()
        self.controls = TreatmentControls()
        self.controls.changed.connect(self._treatment_changed)
        self.controls.contrast_changed.connect(self._set_contrast)
        self.code = CodePart()
        self.code.changed.connect(self._set_number)
        self.code.restored.connect(self._restore_number)
        self.code.cleared.connect(self._restore_numbers)
        self.similar = NearestPart()
        self.similar.chosen.connect(self._take_over)
        self._folder = RunFolder(self.ask, self)
        self.save = SavingButton(self._result, self._run_folder)
        self.save.setToolTip(self.tr("Save the copy, or picture and copy side by side, with all that is set here"))
        self.save.failed.connect(self.failed)
        self._make_history()
        self._make_body()

    def _make_history(self) -> None:
        """Undo where nothing is drawn: the drawing pad takes back its own strokes."""
        self.history = StateHistory(self.code, self.treatment)
        self.history.restored.connect(self._go_to)
        self.code.settled.connect(self.history.end_step)
        self.code.offer(self.history.undo, self.history.redo)
        self.code.add_button(self.save)
        for part in (self.pictures, self.controls, self.similar):
            part.addActions([self.history.undo, self.history.redo])

    def _make_body(self) -> None:
        body = QWidget()
        self._grid = QGridLayout(body)
        self._grid.setContentsMargins(4, 4, 4, 4)
        self._grid.setSpacing(8)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        column.addWidget(self.save.line)
        self._is_wide: bool | None = None
        self._arrange(wide=False)

    def _arrange(self, *, wide: bool) -> None:
        """Place the parts for a wide or for a narrow panel."""
        if wide == self._is_wide:
            return
        self._is_wide = wide
        parts: tuple[QWidget, ...] = (self.own, self.pictures, self.code, self.controls, self.similar)
        for part in parts:
            self._grid.removeWidget(part)
        places = ((0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 2, 1), (2, 0, 1, 1), (3, 0, 1, 2))
        stretches = (4, 3, 0, 2, 0) if wide else (0, 3, 3, 0, 2)
        for row, part in enumerate(parts):
            self._grid.addWidget(part, *(places[row] if wide else (row, 0, 1, 1)))
            self._grid.setRowStretch(row, stretches[row])
        self._grid.setColumnStretch(1, 1 if wide else 0)
        for part in (self.own, self.controls):
            part.setMaximumWidth(_OWN_WIDTH if wide else _UNLIMITED)
        self.own.setMaximumHeight(_UNLIMITED if wide else _OWN_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(wide=self.width() >= _WIDE)
        super().resizeEvent(event)

    # The model

    def on_session(self) -> None:
        if self.facts is not None:
            self.own.set_pictures(self.facts.pictures[:0])
        self.facts = self._index = None
        self.controls.offer(None)
        self._folder.forget()
        self._forget_copy()
        self.ask("facts", describe, None, data=True, slow=True)

    def model_changed(self) -> None:
        if self.facts is None:
            self.ask("facts", describe, None, data=True, slow=True)
        else:
            self._ask_copy()
            self._ask_index()

    def _ask_copy(self) -> None:
        if self.facts is not None and self._picture is not None:
            self.ask("copy", copied, CopyQuestion(self._picture, self.treatment))

    def _ask_index(self) -> None:
        """Have the codes of many pictures computed anew: they hold until the weights change."""
        self.ask("index", code_index, None, data=True, slow=True)

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if self._folder.take(asker, result):
            return
        if asker == "facts":
            self._take_facts(result)
        elif asker == "index":
            self._index = result
            self._ask_similar()
        elif self._picture is None:
            return  # it was taken away meanwhile
        elif asker == "similar":
            self.similar.show_found(argument.index, result)
        else:
            self.copied, self._copied_of = result, argument
            spoilt = argument.treatment.noise != CLEAN
            self.pictures.show_copy(argument.picture, result.given, result.copy, spoilt=spoilt)
            self.code.show_code(result, argument.treatment)
            self._wait.start()

    def _take_facts(self, facts: CopyFacts) -> None:
        self.facts = facts
        self._folder.look()
        self.treatment = Treatment(noise=facts.noise, amount=facts.amount)
        self.history.forget(self.treatment)
        self.controls.offer(facts)
        self.controls.show_treatment(self.treatment)
        self.code.open(facts)
        self.own.set_format(*facts.picture_shape)
        self.own.set_pictures(facts.pictures, facts.captions if any(facts.captions) else ())
        self._ask_index()
        self._picture_chosen(self.own.picture())

    def _forget_copy(self) -> None:
        self._picture = self.copied = None
        self.pictures.forget()
        self.code.forget()
        self.similar.forget()

    # The person

    def _picture_chosen(self, picture: UInt8Array | None) -> None:
        """Begin anew with another picture: changed numbers were those of the last one."""
        if self.facts is None or (picture is not None and picture.shape != self.facts.picture_shape):
            return
        if picture is None:
            self._forget_copy()
            return
        self._picture = picture
        self.treatment = replace(self.treatment, edits=())
        self.history.forget(self.treatment)
        self._ask_copy()

    def _treatment_changed(self, key: str) -> None:
        self._change(self.controls.treatment(self.treatment), key)

    def _set_number(self, index: int, value: float) -> None:
        edits = {**dict(self.treatment.edits), index: value}
        self._change(replace(self.treatment, edits=tuple(sorted(edits.items()))), f"number {index}")

    def _restore_number(self, index: int) -> None:
        edits = tuple(edit for edit in self.treatment.edits if edit[0] != index)
        self._change(replace(self.treatment, edits=edits), "")

    def _restore_numbers(self) -> None:
        self._change(replace(self.treatment, edits=()), "")

    def _change(self, treatment: Treatment, key: str) -> None:
        self.treatment = treatment
        self.history.push(treatment, key)
        self._ask_copy()

    def _go_to(self, treatment: Treatment) -> None:
        self.treatment = treatment
        self.controls.show_treatment(treatment)
        self._ask_copy()

    def _set_contrast(self, contrast: float) -> None:
        self.pictures.contrast = contrast
        self.pictures.refresh()

    def _ask_similar(self) -> None:
        if self._index is not None and self.copied is not None and self._picture is not None:
            # Not the code as drawn: chance in every number that carries little would outweigh what is alike.
            code = self.copied.mean.copy()
            for number, value in self.treatment.edits:
                code[number] = value
            self.ask("similar", nearest, NearestQuestion(self._index, code, self._picture))

    def _take_over(self, picture: UInt8Array, caption: str) -> None:
        """Offer a similar picture before all others, and choose it."""
        assert self.facts is not None
        captions = (caption, *self.facts.captions) if any(self.facts.captions) else ()
        self.own.strip.setCurrentRow(0)
        self.own.set_pictures(np.concatenate([picture[None], self.facts.pictures]), captions)
        ways = self.own.findChild(QTabWidget)
        assert isinstance(ways, QTabWidget)
        ways.setCurrentWidget(self.own.strip)

    # Saving

    def _run_folder(self) -> Path | None:
        return self._folder.path

    def _result(self) -> Result | None:
        """Return the copy, after the picture and what was made of it before it was copied."""
        if self.copied is None or self._copied_of is None:
            return None
        picture, treatment = self._copied_of.picture, self._copied_of.treatment
        row = (
            [picture, self.copied.copy] if treatment.noise == CLEAN else [picture, self.copied.given, self.copied.copy]
        )
        settings = asdict(treatment)
        return Result(np.stack(row), "copy", settings, self.copied.code, len(row) - 1, per_second=_BLINKS)
