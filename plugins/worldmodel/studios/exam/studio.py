"""The exam: the driver of a run on 100 tracks that it was never trained on."""

import time
from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSpinBox, QVBoxLayout, QWidget

from gendesk.engine.exams import ExamReport, TrackScore
from gendesk.studios.studio import Studio

from ..labour import Labour, sentence_of
from .asking import Known, Plan, known, planned, sat
from .results import ExamResults

_TRACKS = 100


class ExamStudio(Studio):
    """Shows what exams the run has kept, and does new ones with processes of its own, which end with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Exam"))
        self.exams: list[ExamReport] = []
        self._plan: Plan | None = None
        self._scores: list[TrackScore] = []
        self._drives = False
        self._began = 0.0
        self.labour = Labour(self)
        self.labour.told.connect(self._take_score)
        self.labour.ended.connect(self._take_end)
        self._make_controls()
        self.results = ExamResults(self)
        self.results.watch_wanted.connect(self._watch)
        self._arrange()
        self.on_session()

    def _make_controls(self) -> None:
        self.tracks = QSpinBox(self, minimum=1, maximum=_TRACKS, value=_TRACKS)
        self.tracks.setAccessibleName(self.tr("Tracks"))
        self.tracks.setToolTip(self.tr("On how many of the held-out tracks, from the first on"))
        self.tracks.valueChanged.connect(self._name_button)
        self.button = QPushButton(self)
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self._press)
        self.bar = QProgressBar(self, textVisible=False)
        self.bar.setAccessibleName(self.tr("Progress of the exam"))
        self.status = QLabel(self, wordWrap=True)
        self.status.setProperty("role", "muted")
        self.kept = QComboBox(self)
        self.kept.setAccessibleName(self.tr("Exams"))
        self.kept.setToolTip(self.tr("The exams that this run has kept, the newest first"))
        self.kept.currentIndexChanged.connect(self._choose)

    def _arrange(self) -> None:
        label = QLabel(self.tr("Tracks"), self)
        label.setBuddy(self.tracks)
        head = QHBoxLayout()
        head.setSpacing(8)
        for part in (label, self.tracks, self.button):
            head.addWidget(part)
        head.addStretch(1)
        head.addWidget(self.kept)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self.status)
        column.addWidget(self.results, 1)

    # The run

    def on_session(self) -> None:
        self.labour.drop()
        self._plan = None
        self._drives = False
        self._set_exams([])
        self._show_idle(self.tr("Train a controller, or choose a run with one.") if self.session is None else "")
        self.ask("known", known, None, data=True)

    def model_changed(self) -> None:
        if not self._drives:
            self.ask("known", known, None, data=True)

    def on_answer(self, asker: str, argument: object, result: Any) -> None:  # noqa: ARG002
        if asker == "known" and isinstance(result, Known):
            self._drives = result.drives
            if not self.labour.is_busy and self._plan is None:
                self._set_exams(list(result.exams))
                without = self.tr("This run has no controller yet: stage 5 evolves one.")
                self._show_idle(result.problem if result.drives else without)
        elif asker == "plan" and isinstance(result, Plan):
            self._begin(result)

    def on_failure(self, asker: str, sentence: str) -> None:
        self._show_idle(sentence)
        if asker == "plan":
            super().on_failure(asker, sentence)

    # The exam

    def _press(self) -> None:
        if self.labour.is_busy:
            self.labour.stop()
            self.status.setText(self.tr("Stopping ..."))
            self.button.setEnabled(False)
        else:
            self.button.setEnabled(False)
            self.status.setText(self.tr("Copying the model ..."))
            self.status.show()
            self.ask("plan", planned, self.tracks.value(), data=True, slow=True)

    def _begin(self, plan: Plan) -> None:
        self._plan, self._scores, self._began = plan, [], time.perf_counter()
        self.bar.setRange(0, plan.tracks)
        self.bar.setValue(0)
        self.bar.show()
        self.status.show()
        self.status.setText(self.tr("The first races are under way ..."))
        self.results.show_report(None)
        self.labour.start(partial(sat, plan))
        self._name_button()

    def _take_score(self, score: TrackScore) -> None:
        assert self._plan is not None
        self._scores.append(score)
        self.bar.setValue(len(self._scores))
        seconds = time.perf_counter() - self._began
        left = seconds / len(self._scores) * (self._plan.tracks - len(self._scores))
        text = self.tr("{done} of {all} tracks, about {left} s left")
        self.status.setText(text.format(done=len(self._scores), all=self._plan.tracks, left=round(left)))
        partial_report = ExamReport(step=self._plan.step, tracks=tuple(self._scores), seconds=seconds, made=time.time())
        self.results.show_report(partial_report)

    def _take_end(self, result: object) -> None:
        self._plan = None
        if isinstance(result, ExamReport):
            same = (result.step, len(result.tracks))
            others = [one for one in self.exams if (one.step, len(one.tracks)) != same]
            self._set_exams([result, *others])
            self._show_idle("")
            return
        self._choose()
        if isinstance(result, Exception):
            self._show_idle(sentence_of(result))
            self.failed.emit(sentence_of(result))
        else:
            self._show_idle(self.tr("The exam was stopped; nothing of it was kept."))

    # What is shown

    def _set_exams(self, exams: list[ExamReport]) -> None:
        self.exams = exams
        self.kept.blockSignals(True)
        self.kept.clear()
        for one in exams:
            self.kept.addItem(self.tr("step {0}, {1} tracks").format(f"{one.step:,}", len(one.tracks)))
        self.kept.blockSignals(False)
        self.kept.setVisible(len(exams) > 1)
        self._choose()

    def _watch(self, track: int) -> None:
        self.studio_wanted.emit("drive", track)

    def _choose(self) -> None:
        """Show the exam that is chosen among those that are kept, unless one goes on."""
        if not self.labour.is_busy:
            place = self.kept.currentIndex()
            self.results.show_report(self.exams[place] if 0 <= place < len(self.exams) else None)

    def _show_idle(self, text: str) -> None:
        self.bar.hide()
        self.status.setText(text)
        self.status.setVisible(bool(text))
        self._name_button()

    def _name_button(self) -> None:
        busy = self.labour.is_busy
        one = self.tr("Examine on 1 Track")
        many = self.tr("Examine on {0} Tracks").format(self.tracks.value())
        self.button.setText(self.tr("Stop") if busy else one if self.tracks.value() == 1 else many)
        self.button.setEnabled(busy or (self.session is not None and self._drives))
        tip = self.tr("Let the driver race on tracks that it was never trained on; the result stays with the run")
        self.button.setToolTip(self.tr("End the exam; nothing of it is kept") if busy else tip)
        self.tracks.setEnabled(not busy)
        self.kept.setEnabled(not busy)
