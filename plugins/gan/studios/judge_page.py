"""The page to hand the critic a picture on: its verdict, where it looks, and what it would like better."""

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gendesk.data.dataset import UInt8Array
from gendesk.studios.own_picture import OwnPicture
from gendesk.studios.saving import Result
from gendesk.widgets.network.class_bars import ClassBars
from gendesk.widgets.network.colors import tinted
from gendesk.widgets.network.value_picture import ValuePicture
from gendesk.widgets.theme import changes_look

from .judge_controls import JudgeControls
from .judging import Ascent, Improved, JudgeFacts, Question, Verdict, improved, judged
from .verdict_scale import VerdictScale

_WIDE = 760  # logical pixels from which the parts stand side by side
_OWN_HEIGHT = 176  # at most, in a narrow panel
_UNLIMITED = 16_777_215  # Qt's QWIDGETSIZE_MAX
_BARS_WIDTH = 260
_STEPS = 40  # of one improvement
_AT_ONCE = 2  # of one request, so that a person sees the picture change


class JudgePage(QWidget):
    """`failed` tells in one sentence why a file cannot be used."""

    failed = Signal(str)

    def __init__(self, ask: Callable[..., None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ask = ask
        self.facts: JudgeFacts | None = None
        self.verdict: Verdict | None = None
        self.picture: UInt8Array | None = None
        self.first_score: float | None = None  # of the picture as it was before it was improved
        self._ascent: Ascent | None = None
        self._judged: UInt8Array | None = None  # what `verdict` is about
        self._guest: UInt8Array | None = None  # a picture from elsewhere, the first of those at hand
        self.steps = 0
        self.own = OwnPicture()
        self.own.chosen.connect(self._choose)
        self.own.failed.connect(self.failed)
        self.scale = VerdictScale()
        self.classes = ClassBars()
        self.classes.setMaximumWidth(_BARS_WIDTH)
        self.classes.setAccessibleName(self.tr("Classes"))
        self.classes.setToolTip(self.tr("What the critic takes the picture for: the probability of each class"))
        self._make_pictures()
        self._controls = JudgeControls()
        self.look, self.improve = self._controls.look, self._controls.improve
        self.back, self.reading = self._controls.back, self._controls.reading
        self.look.toggled.connect(self._explain)
        self.improve.clicked.connect(self._improve)
        self.back.clicked.connect(self._take_back)
        self._make_body()
        self._refresh()

    def _make_pictures(self) -> None:
        self.view, self.stepped = ValuePicture(), ValuePicture()
        self.view.empty_text = self.tr(
            "Train a model, then draw or choose a picture: the critic's verdict appears here."
        )
        self.view.setAccessibleName(self.tr("Judged picture"))
        self.view.setToolTip(self.tr("The picture that the critic judges"))
        self.stepped.setAccessibleName(self.tr("More real"))
        self.stepped.setToolTip(
            self.tr("The picture with every pixel a little lighter or darker, whichever the critic takes for more real")
        )
        self._title, self._stepped_title = QLabel(self.tr("Judged")), QLabel(self.tr("One step more real"))
        self._pictures = QWidget()
        grid = self._grid = QGridLayout(self._pictures)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        for column, (title, view) in enumerate(((self._title, self.view), (self._stepped_title, self.stepped))):
            title.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(title, 0, column)
            grid.addWidget(view, 1, column)
        grid.addWidget(self.classes, 1, 2)
        grid.setRowStretch(1, 1)
        self._pictures.setMinimumHeight(160)

    def _make_body(self) -> None:
        body = QWidget()
        self._parts = QGridLayout(body)
        self._parts.setContentsMargins(8, 8, 8, 8)
        self._parts.setSpacing(8)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        self._is_wide: bool | None = None
        self._arrange(wide=False)

    def _arrange(self, *, wide: bool) -> None:
        """Place the parts for a wide or for a narrow panel."""
        if wide == self._is_wide:
            return
        self._is_wide = wide
        parts = (self.own, self._pictures, self.scale, self._controls)
        for part in parts:
            self._parts.removeWidget(part)
        places = ((0, 0, 3, 1), (0, 1, 1, 1), (1, 1, 1, 1), (2, 1, 1, 1))
        for row, part in enumerate(parts):
            self._parts.addWidget(part, *(places[row] if wide else (row, 0, 1, 1)))
            self._parts.setRowStretch(row, int(row == (0 if wide else 1)))
        self._parts.setColumnStretch(0, 1)
        self._parts.setColumnStretch(1, 2 if wide else 0)
        self.own.setMaximumHeight(_UNLIMITED if wide else _OWN_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(wide=self.width() >= _WIDE)
        super().resizeEvent(event)

    # The model

    def forget(self) -> None:
        """Begin anew, on another model or none."""
        if self.facts is not None:
            self.own.set_pictures(self.facts.pictures[:0])
        self.facts = self._guest = None
        self._let_go()
        self._refresh()

    def show_facts(self, facts: JudgeFacts) -> None:
        """Open on a model, or take what it has become; a picture that is being improved stays."""
        self.facts = facts
        self.scale.set_known(facts.real, facts.generated, probabilities=facts.probabilities)
        self.own.set_format(*facts.picture_shape)
        if not self.steps and self._ascent is None:
            self._offer_pictures()
        if self.picture is None:
            self._choose(self.own.picture())
        else:
            self.judge()

    def judge(self) -> None:
        """Have the picture judged, by the model as it is now."""
        if self.facts is not None and self.picture is not None:
            self._ask("verdict", judged, Question(self.picture, self.look.isChecked()))

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if self.picture is None:
            return  # it was taken away meanwhile
        if asker == "verdict" and argument.picture is self.picture:
            self._show(result)
        elif asker == "improve" and argument is self._ascent:
            self._go_on(result)

    # The person

    def take(self, picture: UInt8Array) -> None:
        """Judge a picture that comes from elsewhere, before all others at hand."""
        if self.facts is None:
            return
        self._guest = picture
        self.own.strip.setCurrentRow(0)
        self._offer_pictures()
        ways = self.own.findChild(QTabWidget)
        assert isinstance(ways, QTabWidget)
        ways.setCurrentWidget(self.own.strip)

    def _offer_pictures(self) -> None:
        assert self.facts is not None
        real = self.facts.real_shown
        captions = [self.tr("Real")] * real + [self.tr("Generated")] * (len(self.facts.pictures) - real)
        if self._guest is None:
            self.own.set_pictures(self.facts.pictures, captions)
        else:
            pictures = np.concatenate([self._guest[None], self.facts.pictures])
            self.own.set_pictures(pictures, [self.tr("Sample"), *captions])

    def _choose(self, picture: UInt8Array | None) -> None:
        if self.facts is None or (picture is not None and picture.shape != self.facts.picture_shape):
            return
        self._let_go()
        self.picture = picture
        self._refresh()
        self.judge()

    def _let_go(self) -> None:
        """Forget the picture and all that was done to it."""
        self.picture = self.verdict = self._judged = self._ascent = self.first_score = None
        self.steps = 0

    def _explain(self, _wanted: bool) -> None:
        self.judge()
        self._refresh()

    def _improve(self) -> None:
        """Begin to go up, or stop; more steps can be added again and again."""
        if self._ascent is not None:
            self._ascent = None
        elif self.picture is not None and self.verdict is not None:
            if self.first_score is None:
                self.first_score = self.verdict.score
            self._climb(Ascent(self.picture.astype(np.float32) / np.float32(255), _AT_ONCE))
        self._refresh()

    def _climb(self, ascent: Ascent) -> None:
        self._ascent = ascent
        self._ask("improve", improved, ascent)

    def _go_on(self, result: Improved) -> None:
        self.steps += result.ascent.steps
        self.picture = result.picture
        if self.steps % _STEPS:
            self._climb(result.ascent)
        else:
            self._ascent = None
        self._show(result.verdict)

    def _take_back(self) -> None:
        self._choose(self.own.picture())

    # Showing

    def _show(self, verdict: Verdict) -> None:
        self.verdict, self._judged = verdict, self.picture
        self._refresh()

    def _refresh(self) -> None:
        verdict, picture, facts = self.verdict, self.picture, self.facts
        explained = self.look.isChecked() and verdict is not None and verdict.gradient is not None
        self.view.set_picture(self._explained(verdict) if explained and verdict is not None else picture)
        self.stepped.set_picture(verdict.stepped if explained and verdict is not None else None)
        for part in (self.stepped, self._stepped_title):
            part.setVisible(explained)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if explained else 0)
        self.scale.set_score(None if verdict is None else verdict.score)
        self._title.setVisible(picture is not None)
        self._title.setText(
            self.tr("Judged, after {steps} steps").format(steps=self.steps) if self.steps else self.tr("Judged")
        )
        classes = None if verdict is None else verdict.classes
        self.classes.setVisible(classes is not None)
        self._grid.setColumnStretch(2, int(classes is not None))
        if classes is not None and facts is not None:
            self.classes.set_values(facts.classes, classes)
        self.improve.setEnabled(verdict is not None)
        self.improve.setText(self.tr("Stop") if self._ascent is not None else self.tr("Improve"))
        self.back.setEnabled(self.steps > 0 and self._ascent is None)
        self.look.setEnabled(facts is not None)
        self.reading.setText(self._words())

    def _explained(self, verdict: Verdict) -> UInt8Array:
        """Return the judged picture with the gradient over it."""
        assert self._judged is not None
        assert verdict.gradient is not None
        return tinted(self._judged, verdict.gradient, float(np.abs(verdict.gradient).max()))

    def _words(self) -> str:
        if self.facts is None:
            return self.tr("The critic of a trained model tells here how real a picture looks to it.")
        if self.verdict is None:
            return self.tr("Draw something, or choose a picture: the verdict follows every stroke.")
        now = self.scale.words(self.verdict.score)
        if self.first_score is not None and self.steps:
            text = self.tr("After {steps} steps: {now}; before: {before}.")
            return text.format(before=self.scale.words(self.first_score), steps=self.steps, now=now)
        if self.facts.probabilities:
            return self.tr("{now}, says this critic; it knows only what tells its own generator from the data.").format(
                now=now
            )
        return self.tr("{now}; scores have no unit, so compare it with those of real and generated pictures.").format(
            now=now
        )

    def result(self) -> Result | None:
        """Return the judged picture as it is shown, for a file; the picture itself where nothing is explained."""
        if self.picture is None or self.verdict is None:
            return None
        settings = {"score": self.verdict.score, "improvement steps": self.steps}
        return Result(self.picture[None], "judge", settings)

    def changeEvent(self, event: QEvent) -> None:
        if changes_look(event):
            self._refresh()
        super().changeEvent(event)
