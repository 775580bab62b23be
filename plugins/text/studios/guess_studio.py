"""The game of guessing what comes next in a passage that the model has not read, against the model."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gendesk.engine.text.guessing import GIVEN_UP, SHANNON_BITS, Round, bits_of_guesses, new_round, same
from gendesk.widgets.seed_box import SeedBox
from gendesk.widgets.text_tools.bits_curve import BitsCurve
from gendesk.widgets.text_tools.spelling import visible
from gendesk.widgets.text_tools.tinted import TintedText

from .on_text import TextStudio, note, tints


class GuessStudio(TextStudio):
    """Shows a passage that breaks off; each piece is guessed until it is found, and counted for both players."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Guess"))
        self.round: Round | None = None
        self.ranks: list[int] = []
        self._tried: list[str] = []
        self.view = TintedText()
        self.view.setPlaceholderText(
            self.tr("Train a model: a passage that it has not read appears here, and you guess how it goes on.")
        )
        self.verdict, self.hint = note(), note()
        self.curve = BitsCurve()
        self.curve.empty_text = self.tr("Your bits per character and the model's appear here, guess by guess.")
        self.curve.set_level(SHANNON_BITS, self.tr("Shannon's readers, 1.3 bits"))
        self.curve.setToolTip(
            self.tr(
                "How much each character still told you, from how many guesses you needed; less is better. The numbers "
                "mean little before some thirty guesses"
            )
        )
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(8)
        left.addWidget(self.view, 1)
        left.addLayout(self._make_guessing())
        left.addWidget(self.verdict)
        right.addWidget(self.curve, 1)
        right.addWidget(self.hint)
        right.addLayout(self._make_round())
        self.box.addLayout(left, 1)
        self.box.addLayout(right, 1)
        self._show()

    def _make_guessing(self) -> QHBoxLayout:
        self.guess = QLineEdit()
        self.guess.setAccessibleName(self.tr("Your guess"))
        self.guess.setMaxLength(100)
        self.guess.textEdited.connect(self._edited)
        self.guess.returnPressed.connect(self._entered)
        self.reveal = QPushButton(self.tr("Reveal"))
        self.reveal.setToolTip(self.tr("Give this one up; it counts as many bits as a blind choice among all"))
        self.reveal.clicked.connect(self._reveal)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.guess, 1)
        row.addWidget(self.reveal)
        return row

    def _make_round(self) -> QHBoxLayout:
        self.seed = SeedBox()
        self.seed.button.setText(self.tr("New Passage"))
        self.seed.button.setToolTip(self.tr("Begin again, with another passage"))
        self.seed.changed.connect(self._begin_round)
        row = QHBoxLayout()
        row.addWidget(self.seed)
        row.addStretch(1)
        return row

    # The model

    def begin(self) -> None:
        self._begin_round()

    def forget(self) -> None:
        self.round, self.ranks, self._tried = None, [], []
        self._show()

    def answered(self, _asker: str, _argument: Any, result: Round) -> None:
        self.round, self.ranks, self._tried = result, [], []
        self.verdict.setText(self.tr("How does it go on?"))
        self.guess.clear()
        self._show()

    def on_failure(self, _asker: str, sentence: str) -> None:
        self.verdict.setText(sentence)

    def _begin_round(self) -> None:
        if self.info is not None:
            self.ask("round", new_round, self.seed.seed, data=True, slow=True)

    # What a person does

    @property
    def _single(self) -> bool:
        """Whether a guess is one character, so that nobody needs to press Return."""
        return self.info is not None and self.info.unit == "characters"

    def _edited(self, text: str) -> None:
        if self._single and text:
            self.guess.clear()
            self._try(text[-1])

    def _entered(self) -> None:
        text = self.guess.text()
        self.guess.clear()
        if text or self._single:
            self._try(text or "\n")  # Return itself is how a line end is guessed

    def _try(self, guess: str) -> None:
        piece = self._piece
        if piece is None:
            return
        folded = guess.casefold()
        if folded not in self._tried:
            self._tried.append(folded)
        if same(guess, piece):
            self._found(len(self._tried), self.tr("Right: {piece}, at guess {mine}. The model needed {its}."))
        else:
            tried = "  ".join(visible(one) for one in self._tried)
            self.verdict.setText(self.tr("No. Tried so far: {tried}").format(tried=tried))

    def _reveal(self) -> None:
        if self.round is not None and self._piece is not None:
            self._found(
                GIVEN_UP, self.tr("It was {piece}. Giving up counts as a blind choice; the model needed {its}.")
            )

    def _found(self, rank: int, sentence: str) -> None:
        assert self.round is not None
        at = len(self.ranks)
        its = str(self.round.ranks[at])
        text = sentence.format(piece=visible(self.round.pieces[at]), mine=rank, its=its)
        if self.round.ranks[at] > 1:
            first = self.tr(" and began with {guess}").format(guess=visible(self.round.firsts[at]))
            text = f"{text.removesuffix('.')}{first}."
        self.verdict.setText(text)
        self.ranks.append(rank)
        self._tried = []
        self._show()
        self.guess.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _piece(self) -> str | None:
        """What is to be guessed now, None before and after a round."""
        if self.round is None or len(self.ranks) >= len(self.round.pieces):
            return None
        return self.round.pieces[len(self.ranks)]

    # What is seen

    def _show(self) -> None:
        playing = self._piece is not None
        self.guess.setEnabled(playing)
        self.reveal.setEnabled(playing)
        if self._single:
            self.guess.setPlaceholderText(self.tr("type the next character"))
            self.guess.setToolTip(self.tr("One key is one guess; Return stands for the end of a line"))
        else:
            self.guess.setPlaceholderText(self.tr("type the next word or piece, and Return"))
            self.guess.setToolTip(self.tr("Return makes the guess; upper and lower case count as the same"))
        if self.round is None:
            self.view.set_text("")
            self.verdict.clear()
        else:
            self._show_passage(self.round)
        self._show_bits()

    def _show_passage(self, passage: Round) -> None:
        found = passage.pieces[: len(self.ranks)]
        taken = np.array([rank or passage.choices for rank in self.ranks], np.float64)
        strengths = tints(taken - 1) if self.ranks else []
        self.view.set_text(passage.shown, found, strengths)
        self.view.verticalScrollBar().setValue(self.view.verticalScrollBar().maximum())

    def _show_bits(self) -> None:
        """Draw the running bits per character, and say what they are."""
        if self.round is None or not self.ranks:
            self.curve.set_values((), ())
            self.hint.setText(
                self.tr("In 1951, readers who knew a hundred letters needed at most 1.3 bits for the next.")
            )
            return
        passage = self.round
        mine, its, told = [], [], []
        characters, bits = 0, 0.0
        for count in range(1, len(self.ranks) + 1):
            characters += len(passage.pieces[count - 1])
            bits += passage.bits[count - 1]
            mine.append(bits_of_guesses(self.ranks[:count], characters, passage.choices))
            its.append(bits_of_guesses(passage.ranks[:count], characters, passage.choices))
            told.append(bits / max(1, characters))
        self.curve.set_values((self.tr("You"), self.tr("Model"), self.tr("Its surprise")), (mine, its, told))
        text = self.tr(
            "{done} of {all} guessed. You and Model: from the numbers of guesses. Its surprise: from its probabilities."
        )
        self.hint.setText(text.format(done=len(self.ranks), all=len(passage.pieces)))
