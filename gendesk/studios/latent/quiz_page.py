"""Real or generated? A quiz about the run's pictures, and the scores over its training."""

from collections.abc import Mapping
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from gendesk.engine.latent.quiz import (
    IN_COLUMN,
    Questions,
    Score,
    Series,
    Way,
    ask_questions,
    by_step,
    keep_score,
    read_scores,
)
from gendesk.studios.latent.page import LatentPage
from gendesk.studios.latent.quiz_curve import QuizCurve
from gendesk.studios.latent.quiz_game import Answer, Game, Key
from gendesk.studios.latent.quiz_marks import ColumnsPanel, MarkPanel
from gendesk.studios.latent.quiz_panels import QuestionPanel, ResultPanel, WelcomePanel
from gendesk.studios.latent.workspace import Ask, Workspace
from gendesk.widgets.seed_box import SeedBox

_LENGTH, _SHEET, _COLUMNS = 20, 16, 4
_FEW = 5  # pictures left, when a quiz without end asks for more
_NEXT_SEED = 10_000  # beyond all that the seed box knows
_QUESTIONS, _SCORES, _KEEP = "questions", "scores", "keep"


class QuizPage(LatentPage):
    """Takes a person through a series, and keeps the score with the run."""

    name: ClassVar[str] = "quiz"

    def __init__(self, workspace: Workspace, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(workspace, ask, parent)
        self.game: Game | None = None
        self._scores: tuple[Score, ...] = ()
        self._series: Series | None = None  # that was asked for and has not come
        self.welcome = WelcomePanel()
        self.question = QuestionPanel()
        self.marking = MarkPanel()
        self.columns = ColumnsPanel()
        self.result = ResultPanel()
        self.curve = QuizCurve()
        self.stack = QStackedWidget()
        for panel in (self.welcome, self.question, self.marking, self.columns, self.result):
            self.stack.addWidget(panel)
        self.ways = self._make_ways()
        self.seed_box = SeedBox()
        self._arrange()
        self._connect()
        self._begin()

    def _make_ways(self) -> QComboBox:
        ways = QComboBox()
        ways.setAccessibleName(self.tr("Kind of series"))
        ways.setToolTip(self.tr("How many pictures, and whether one after the other or all at once"))
        for text, kind in (
            (self.tr("20 pictures"), "series"),
            (self.tr("Without end"), "endless"),
            (self.tr("Sheet of 16"), "sheet"),
            (self.tr("4 columns"), "columns"),
        ):
            ways.addItem(text, kind)
        return ways

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.ways)
        head.addWidget(self.seed_box)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.stack, 3)
        column.addWidget(self.curve, 1)

    def _connect(self) -> None:
        self.welcome.start.clicked.connect(self.start)
        self.question.answered.connect(self._answer)
        self.question.finish.clicked.connect(self._end_early)
        self.marking.check.clicked.connect(self._check)
        self.columns.check.clicked.connect(self._check_columns)
        self.ways.currentIndexChanged.connect(self._show_curve)
        self.result.again.clicked.connect(self._play_again)
        self._keys = []
        for key, slot in (("R", self.question.real.click), ("G", self.question.generated.click)):
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)
            self._keys.append(shortcut)
        self.workspace.surveyed.connect(self._begin)

    @property
    def title(self) -> str:
        return self.tr("Quiz")

    @property
    def tip(self) -> str:
        return self.tr("Tell real pictures from generated ones, and see how that changes over the training")

    def settings(self) -> Mapping[str, object]:
        """Return which series is chosen."""
        return {"series": self.ways.currentData(), "seed": self.seed_box.seed}

    # The series

    def _begin(self) -> None:
        """Look at another model, or at none."""
        known = self.workspace.survey is not None
        if not known:
            self.game = None
            self._scores = ()
            self._show_curve()
        else:
            self.ask(_SCORES, read_scores, None, data=True, slow=True)
        if self.game is None:
            self._welcome(
                self.tr("Half of the pictures are held-out data, half are the model's. Can you tell which is which?")
                if known
                else self.tr("Train a model, and see here whether you can tell its pictures from real ones.")
            )

    def _welcome(self, text: str) -> None:
        self._series = None
        self.welcome.text.setText(text)
        self.welcome.start.setEnabled(self.workspace.survey is not None)
        self._show(self.welcome)

    def _show(self, panel: QWidget) -> None:
        playing = panel in (self.question, self.marking, self.columns)
        self.curve.setVisible(not playing)
        for part in (self.ways, self.seed_box):
            part.setEnabled(not playing and self.workspace.survey is not None)
        self.stack.setCurrentWidget(panel)

    def start(self) -> None:
        """Ask for the pictures of a new series."""
        self.game = None
        self.welcome.start.setEnabled(False)
        seed, way = self.seed_box.seed, self._way
        if way is Way.COLUMNS:
            self._request(Series(seed, IN_COLUMN * _COLUMNS, _COLUMNS))
        else:
            self._request(Series(seed, _SHEET if way is Way.SHEET else _LENGTH))

    @property
    def _way(self) -> Way:
        kind = self.ways.currentData()
        return Way(kind) if kind in (Way.SHEET, Way.COLUMNS) else Way.SINGLY

    def _show_curve(self) -> None:
        """Show the scores of what is as easy to guess as the chosen kind of series."""
        guessing = self._way.guessing
        self.curve.set_scores(by_step(self._scores, guessing), guessing)

    def _request(self, series: Series) -> None:
        self._series = series
        self.ask(_QUESTIONS, ask_questions, series, data=True, slow=True)

    def _play_again(self) -> None:
        self.seed_box.button.click()
        self.start()

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if asker == _QUESTIONS:
            if self._series is not None and argument is self._series:
                self._take_questions(self._series, result)
        else:
            self._scores = result
            self._show_curve()

    def on_failure(self, asker: str, sentence: str) -> None:
        if asker == _QUESTIONS and self.game is None:
            self._welcome(sentence)
        super().on_failure(asker, sentence)

    def _take_questions(self, series: Series, questions: Questions) -> None:
        first, self._series = self.game is None, None
        game = self.game = self.game or Game(series.seed, self._way)
        game.add(questions)
        if game.way is not Way.SINGLY:
            panel = self.marking if game.way is Way.SHEET else self.columns
            panel.sheet.set_pictures(game.pictures)
            self._show(panel)
            panel.sheet.setFocus()
            return
        self.question.show_game(game, None if first else game.answers[-1])
        if first:
            self._show(self.question)
            self.question.picture.setFocus()

    def _answer(self, real: bool) -> None:
        game = self.game
        if game is None or not game.left or self.stack.currentWidget() is not self.question:
            return
        given: Answer = game.answer(real=real)
        endless = self.ways.currentData() == "endless"
        if endless and game.left <= _FEW and self._series is None:
            self._request(Series(self.seed_box.seed + _NEXT_SEED * (game.total // _LENGTH), _LENGTH))
        if game.left or endless:
            self.question.show_game(game, given)
            self.question.picture.setFocus()
        else:
            self._finish()

    def _end_early(self) -> None:
        self._finish()

    def _check(self) -> None:
        if self.game is not None:
            for index in range(self.game.left):
                self.game.answer(real=index not in self.marking.sheet.marked)
            self._finish()

    def _check_columns(self) -> None:
        if self.game is not None and self.game.left:
            self._finish(self.game.choose(self.columns.sheet.marked))

    def _finish(self, key: Key | None = None) -> None:
        """Show what came of the series, and keep its score; in columns, `key` is what was right."""
        game, self.game, self._series = self.game, None, None
        if game is None or not game.answers:
            return
        for number, score in enumerate(game.scores()):  # by names of their own, so that none replaces another
            self.ask(f"{_KEEP} {number}", keep_score, score, data=True, slow=True)
        self.result.show_game(game, key)
        self._show(self.result)
        self.result.again.setFocus()
