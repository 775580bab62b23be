"""The faces of the quiz: before it begins, a single picture to judge, and what came of it."""

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gendesk.engine.latent.quiz import chance, interval
from gendesk.studios.latent.quiz_columns import captions, place_words
from gendesk.studios.latent.quiz_game import Answer, Game, Key
from gendesk.studios.latent.shares import percent
from gendesk.studios.latent.tone_label import ToneLabel
from gendesk.widgets.pictures.mosaic_view import MosaicView
from gendesk.widgets.pictures.view import PictureView

_THUMBNAIL = 56
_SURE = 0.05  # what guessing reaches less often than this is better than guessing


class WelcomePanel(QWidget):
    """Says what the quiz is, and begins it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLabel()
        self.text.setProperty("role", "muted")
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.start = QPushButton(self.tr("Start Quiz"))
        self.start.setProperty("role", "primary")
        self.start.setToolTip(self.tr("Get a series of pictures, half of them real, in an order that nobody knows"))
        column = QVBoxLayout(self)
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(self.text)
        column.addWidget(self.start, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)


class QuestionPanel(QWidget):
    """One picture and two buttons; `answered` says whether the person takes it for real."""

    answered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = PictureView()
        self.picture.setAccessibleName(self.tr("Is this picture real?"))
        self.picture.setToolTip(self.tr("Real or generated? Press R or G"))
        self.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.picture.set_empty_text(self.tr("The next pictures are on their way."))
        self.real = QPushButton(self.tr("Real (R)"))
        self.real.setAccessibleName(self.tr("Real"))
        self.real.setToolTip(self.tr("A picture of the data that the model has never seen"))
        self.real.clicked.connect(self.say_real)
        self.generated = QPushButton(self.tr("Generated (G)"))
        self.generated.setAccessibleName(self.tr("Generated"))
        self.generated.setToolTip(self.tr("A picture that the model has made"))
        self.generated.clicked.connect(self.say_generated)
        self.last = PictureView()
        self.last.setFixedSize(_THUMBNAIL, _THUMBNAIL)
        self.last.setMinimumSize(_THUMBNAIL, _THUMBNAIL)
        self.last.setAccessibleName(self.tr("The picture before"))
        self.verdict = ToneLabel()
        self.verdict.setProperty("role", "title")
        self.critic = QLabel()
        self.critic.setProperty("role", "muted")
        self.critic.setWordWrap(True)
        self.critic.setToolTip(
            self.tr(
                "What the network says that was trained to tell this model's pictures from real ones. Per cents are "
                "how sure it is that a picture is real; scores have no bounds, and those in the upper half of the "
                "series count as real."
            )
        )
        self.score = QLabel()
        self.score.setWordWrap(True)
        self.finish = QPushButton(self.tr("Finish"))
        self.finish.setToolTip(self.tr("End the series here, and keep the score of what has been answered"))
        self._arrange()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.real, self.generated):
            button.setMinimumHeight(40)
            buttons.addWidget(button)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.verdict)
        words.addWidget(self.critic)
        words.addWidget(self.score)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.last)
        foot.addLayout(words, 1)
        foot.addWidget(self.finish, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.picture, 1)
        column.addLayout(buttons)
        column.addLayout(foot)

    def say_real(self) -> None:
        self.answered.emit(True)

    def say_generated(self) -> None:
        self.answered.emit(False)

    def show_game(self, game: Game, given: Answer | None) -> None:
        """Show the next picture, and what the answer before was worth."""
        self.picture.set_picture(game.pictures[0] if game.left else None)
        for button in (self.real, self.generated):
            button.setEnabled(game.left > 0)
        self.finish.setEnabled(bool(game.answers))
        self.last.set_picture(None if given is None else given.picture)
        if given is None:
            self.verdict.say(self.tr("Real or generated?"))
        else:
            right = self.tr("Right: it was real.") if given.real else self.tr("Right: it was generated.")
            wrong = self.tr("No: it was real.") if given.real else self.tr("No: it was generated.")
            self.verdict.say(right if given.right else wrong, "good" if given.right else "bad")
        self.critic.setText("" if given is None else self._critic_words(given, probabilities=game.probabilities))
        self.critic.setVisible(bool(self.critic.text()))
        self.score.setText(
            self.tr("Picture {number} of {total} \N{MIDDLE DOT} {right} right \N{MIDDLE DOT} streak {streak}").format(
                number=min(len(game.answers) + 1, game.total), total=game.total, right=game.right, streak=game.streak
            )
        )

    def _critic_words(self, given: Answer, *, probabilities: bool) -> str:
        """Return what the model's critic said of the picture before, nothing where it has none."""
        if given.critic is None:
            return ""
        value = percent(given.critic) if probabilities else self.tr("score {0}").format(f"{given.critic:.2g}")
        real = self.tr("The critic took it for real ({value}).")
        generated = self.tr("The critic took it for generated ({value}).")
        return (real if given.critic_real else generated).format(value=value)


class ResultPanel(QWidget):
    """The score of a series, what it says, and what fooled the person."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ToneLabel()
        self.title.setProperty("role", "title")
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setToolTip(
            self.tr(
                "The interval is Wilson's; guessing gets every answer right with a probability of 1/2, in columns 1/3"
            )
        )
        self.heading = QLabel()
        self.heading.setProperty("role", "muted")
        self.heading.setWordWrap(True)
        self.sheet = MosaicView()
        self.sheet.setAccessibleName(self.tr("What fooled you"))
        self.sheet.setMinimumHeight(96)
        self.again = QPushButton(self.tr("Play Again"))
        self.again.setProperty("role", "primary")
        self.again.setToolTip(self.tr("Start another series, with a new seed"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.title, self.facts, self.heading):
            column.addWidget(widget)
        column.addWidget(self.sheet, 1)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_game(self, game: Game, key: Key | None = None) -> None:
        """Show what has been answered; in columns, `key` is what was right."""
        right, count = game.right, len(game.answers)
        low, high = interval(right, count)
        luck = chance(right, count, game.way.guessing)
        better = luck < _SURE
        self.title.say(
            self.tr("{right} of {count} right: {share}").format(right=right, count=count, share=percent(right / count)),
            "good" if better else "text",
        )
        lines = [
            self.tr("95 % interval: {low} to {high}.").format(low=percent(low), high=percent(high)),
            self.tr("Guessing gets as many right in {luck} of all series.").format(luck=percent(luck)),
            self.tr("You can tell this model's pictures from real ones.")
            if better
            else self.tr("That could well be guessing; more pictures would tell more."),
        ]
        if game.critic_right is not None:
            told = self.tr("The model's critic got {right} of {count} right.")
            lines.append(told.format(right=game.critic_right, count=count))
        if key is not None:
            lines.append(self.tr("The real ones were: {places}.").format(places=place_words(key, key.real)))
            lines.append(self.tr("You chose: {places}.").format(places=place_words(key, key.chosen)))
        if key is not None and key.favourites:
            lines.append(self.tr("The critic chose: {places}.").format(places=place_words(key, key.favourites)))
        self.facts.setText("\n".join(lines))
        if key is None:
            self._show_fooled(game.fooled)
        else:
            self._show_key(key)

    def _show_key(self, key: Key) -> None:
        self.sheet.show()
        self.heading.setText(
            self.tr("What was real, what you chose, and what the critic would have chosen:")
            if key.favourites
            else self.tr("What was real, and what you chose:")
        )
        self.sheet.set_tiles(key.pictures, key.columns, captions(key), ())

    def _show_fooled(self, fooled: list[Answer]) -> None:
        self.sheet.setVisible(bool(fooled))
        self.heading.setText(
            self.tr("What fooled you, with what it was:") if fooled else self.tr("Nothing has fooled you.")
        )
        if fooled:
            names = tuple(self.tr("real") if answer.real else self.tr("generated") for answer in fooled)
            self.sheet.set_tiles(np.stack([answer.picture for answer in fooled]), None, names, ())
