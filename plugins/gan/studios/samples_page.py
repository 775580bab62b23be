"""The page of samples: another sheet from every seed, with the critic's verdict below each picture."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from gendesk.data.dataset import UInt8Array
from gendesk.studios.saving import Result
from gendesk.widgets.pictures.mosaic import MosaicLayout, compose
from gendesk.widgets.pictures.mosaic_view import MosaicView
from gendesk.widgets.seed_box import SeedBox

from .judging import JudgeFacts
from .sampling import IN_TURN, MOST, SAME_CODE, Sheet, SheetQuestion, sheet

_GROUND = 128  # grey between the pictures of a file
_ROOMY = 640  # width in logical pixels from which on as many samples as there are have room for their verdicts
_FEW = 20


class SamplesPage(QWidget):
    """`chosen` carries a picture uint8 (height, width, channels) that a person has clicked."""

    chosen = Signal(object)

    def __init__(self, ask: Callable[..., None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self.facts: JudgeFacts | None = None
        self.sheet: Sheet | None = None
        self._question: SheetQuestion | None = None  # what `sheet` answers
        self._order = np.zeros(0, np.int64)
        self.view = MosaicView()
        self.view.setAccessibleName(self.tr("Samples"))
        self.view.setToolTip(self.tr("Generated pictures with the critic's verdict; click one to judge and improve it"))
        self.view.empty_text = self.tr("Train a model, and its samples appear here.")
        self.view.activated.connect(self._choose)
        self._make_controls()
        self._arrange()
        self.forget()

    def _make_controls(self) -> None:
        self.seed_box = SeedBox()
        self.seed_box.changed.connect(self.resample)
        self.truncation = QSlider(Qt.Orientation.Horizontal)
        self.truncation.setRange(0, 150)
        self.truncation.setValue(100)
        self.truncation.setAccessibleName(self.tr("Truncation"))
        self.truncation.setToolTip(
            self.tr(
                "What the random numbers are multiplied by: below 1 pictures become more alike and often better, above "
                "1 more varied and often worse; at 0 all are the same"
            )
        )
        self.truncation.valueChanged.connect(self.resample)
        self._truncated = QLabel()
        self._truncated.setMinimumWidth(self._truncated.fontMetrics().horizontalAdvance("0.00"))
        self.wanted = self._chooser(
            self.tr("Class"),
            self.tr("Which class the generator is asked for; Same numbers draws each code in all classes"),
        )
        self.wanted.activated.connect(self.resample)
        self.order = self._chooser(self.tr("Order"), self.tr("How the samples are sorted"))
        for text in (self.tr("As drawn"), self.tr("Most real first"), self.tr("Least real first")):
            self.order.addItem(text)
        self.order.activated.connect(self._show)
        self.reading = QLabel(wordWrap=True)
        self.reading.setProperty("role", "muted")

    def _chooser(self, name: str, tip: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(tip)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return box

    def _arrange(self) -> None:
        choosers = QHBoxLayout()
        choosers.setSpacing(8)
        for chooser in (self.order, self.wanted):
            choosers.addWidget(chooser)
        choosers.addStretch(1)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.addWidget(self.seed_box, 0, 0, 1, 3, Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(QLabel(self.tr("Truncation")), 1, 0)
        self._grid.addWidget(self.truncation, 1, 1)
        self._grid.addWidget(self._truncated, 1, 2)
        self._grid.addLayout(choosers, 2, 0, 1, 3)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(self._grid)
        column.addWidget(self.view, 1)
        column.addWidget(self.reading)

    @property
    def _is_roomy(self) -> bool:
        return self.width() >= _ROOMY

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._question is not None and (self._question.count == MOST) != self._is_roomy:
            self.resample()

    # The model

    def forget(self) -> None:
        """Begin anew, on another model or none."""
        self.facts = self.sheet = self._question = None
        self.view.set_tiles(np.empty((0, 1, 1, 1), np.uint8), None, (), ())
        for control in (self.seed_box, self.truncation, self.order, self.wanted):
            control.setEnabled(False)
        self.wanted.hide()
        self._tell()

    def show_facts(self, facts: JudgeFacts) -> None:
        """Open on a model, or take what it has become."""
        if self.facts is None:
            for control in (self.seed_box, self.truncation, self.order, self.wanted):
                control.setEnabled(True)
            with QSignalBlocker(self.wanted):
                self.wanted.clear()
                self.wanted.addItem(self.tr("All classes"), IN_TURN)
                self.wanted.addItem(self.tr("Same numbers"), SAME_CODE)
                for number, name in enumerate(facts.classes):
                    self.wanted.addItem(name, number)
            self.wanted.setVisible(bool(facts.classes))
        self.facts = facts
        self.resample()

    def resample(self) -> None:
        """Draw the sheet, by the model as it is now."""
        self._tell()
        if self.facts is not None:
            wanted = self.wanted.currentData() if self.facts.classes else IN_TURN
            count = MOST if self._is_roomy else _FEW
            question = SheetQuestion(self.seed_box.seed, self.truncation.value() / 100, wanted, count)
            self._ask("sheet", sheet, question, slow=True)

    def on_answer(self, _asker: str, argument: Any, result: Any) -> None:
        if self.facts is not None:
            self.sheet, self._question = result, argument
            self._show()

    # Showing

    def _show(self) -> None:
        found, facts = self.sheet, self.facts
        if found is None or facts is None:
            return
        order = {0: np.arange(len(found.scores)), 1: np.argsort(-found.scores, kind="stable")}
        self._order = order.get(self.order.currentIndex(), np.argsort(found.scores, kind="stable"))
        columns = found.columns if self.order.currentIndex() == 0 else None
        captions = tuple(self._caption(found, facts, row) for row in self._order.tolist())
        self.view.set_tiles(found.pictures[self._order], columns, captions, ())
        self._tell()

    def _caption(self, found: Sheet, facts: JudgeFacts, row: int) -> str:
        """Return the verdict, and the class that is read where it is not the one that was asked for."""
        score, read = f"{found.scores[row]:.2f}".replace("-", "\N{MINUS SIGN}"), int(found.read[row])
        return score if read == found.asked[row] else f"{score} {facts.classes[read]}"

    def _tell(self) -> None:
        self._truncated.setText(f"{self.truncation.value() / 100:.2f}")
        if self.sheet is None:
            self.reading.setText(self.tr("The number below a sample is the critic's verdict on it."))
            return
        mean = f"{self.sheet.scores.mean():.2f}".replace("-", "\N{MINUS SIGN}")
        words = [self.tr("Mean verdict {mean}.").format(mean=mean)]
        if (self.sheet.asked >= 0).any():
            share = f"{(self.sheet.asked == self.sheet.read).mean() * 100:.0f}"
            words.append(self.tr("The critic reads the wanted class in {share} % of them.").format(share=share))
        self.reading.setText(" ".join(words))

    def _choose(self, place: int) -> None:
        if self.sheet is not None and place < len(self._order):
            picture: UInt8Array = self.sheet.pictures[self._order[place]]
            self.chosen.emit(picture)

    def result(self) -> Result | None:
        """Return the sheet as one picture, with what made it, for a file."""
        found, question = self.sheet, self._question
        if found is None or question is None:
            return None
        count, height, width, _ = found.pictures.shape
        columns = self.view.layout_shown.columns
        picture = compose(found.pictures[self._order], MosaicLayout(count, columns, width, height, gap=1), _GROUND)
        scores = [round(float(score), 4) for score in found.scores[self._order]]
        settings = {"seed": question.seed, "truncation": question.truncation, "class": question.wanted}
        return Result(picture[None], "samples", {**settings, "order": self.order.currentText(), "scores": scores})
