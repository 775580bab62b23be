"""Writing by hand: a person picks every token among those that the model finds likeliest, or lets it pick some."""

from typing import Any

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gendesk.engine.text.picking import AutoPick, Look, auto_pick, look_ahead
from gendesk.widgets.panels import Panels
from gendesk.widgets.text_tools.spelling import visible
from gendesk.widgets.text_tools.tinted import TintedText
from gendesk.widgets.undo import StateHistory

from .on_text import WIDE, TextStudio, surprise, tints
from .pick_panels import DistributionPanel, LogPanel, PickPanel
from .pick_state import By, PickedText

_TEXT_HEIGHT, _TALL = 104, 200  # of the text in a low and in a high panel


class PickStudio(TextStudio):
    """The text above, and below it what may come next; every pick can be taken back."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Pick"))
        self.text = PickedText()
        self._by: By = "you"
        self._history = StateHistory(self, self.text)
        self._history.restored.connect(self._restore)
        self.view = TintedText()
        self.view.setPlaceholderText(self.tr("The text that you pick will appear here."))
        self.pick = PickPanel(self._history.undo, self._history.redo)
        self.distribution, self.log = DistributionPanel(), LogPanel()
        self.pick.picked.connect(self._pick)
        self.pick.typed.connect(self._type)
        self.pick.auto_wanted.connect(self._auto_pick)
        self.distribution.changed.connect(self._look)
        self.panels = Panels(3, WIDE)
        self.panels.add(self.tr("Pick"), self.tr("Choose what comes next"), self.pick)
        self.panels.add(
            self.tr("Distribution"), self.tr("How likely everything is, at two temperatures"), self.distribution
        )
        self.panels.add(self.tr("Log"), self.tr("What was picked so far"), self.log)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(self._make_head())
        column.addWidget(self.view)
        column.addWidget(self.panels, 1)
        self.box.addLayout(column)

    def _make_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.prompt = QLineEdit()
        self.prompt.setAccessibleName(self.tr("Beginning"))
        self.prompt.setPlaceholderText(self.tr("How the text begins"))
        self.prompt.setToolTip(self.tr("What the model reads first; Return begins anew with it"))
        self.prompt.returnPressed.connect(self._begin_anew)
        self.anew = QPushButton(self.tr("Begin Anew"))
        self.anew.setToolTip(self.tr("Forget the picks, and start from the beginning on the left"))
        self.anew.clicked.connect(self._begin_anew)
        row.addWidget(self.prompt, 1)
        row.addWidget(self.anew)
        return row

    def arrange(self, *, wide: bool) -> None:
        self.box.setDirection(QBoxLayout.Direction.TopToBottom)
        self.view.setFixedHeight(_TALL if wide else _TEXT_HEIGHT)

    # The model

    def begin(self) -> None:
        self._look()

    def forget(self) -> None:
        self.text = PickedText(self.prompt.text())
        self._history.forget(self.text)
        self._show_text()
        self.pick.show_ahead(None)
        self.distribution.show_ahead(None)

    def model_trained(self) -> None:
        self._look()

    def answered(self, asker: str, argument: Any, result: Any) -> None:
        if argument.tokens != self._tokens:
            self.pick.set_ready(True)  # the text has been changed since, by undoing; another answer is on its way
            return
        if asker == "pick":
            self.text = self.text.grown(result.added, self._by)
            self._history.push(self.text)
            self._show_text()
        self.pick.show_ahead(result)
        self.distribution.show_ahead(result)

    def on_failure(self, asker: str, sentence: str) -> None:
        self.pick.set_ready(True)
        super().on_failure(asker, sentence)

    @property
    def _tokens(self) -> tuple[int, ...]:
        return self.text.tokens(self.info) if self.info is not None else ()

    def _look(self) -> None:
        if self.info is not None:
            self.ask("look", look_ahead, Look(self._tokens, (), self.distribution.temperature.value()))

    def _add(self, tokens: tuple[int, ...]) -> None:
        self._by = "you"
        self.pick.set_ready(False)
        self.ask("pick", look_ahead, Look(self._tokens, tokens, self.distribution.temperature.value()))

    # What a person does

    def _pick(self, token: int) -> None:
        self._add((token,))

    def _type(self, text: str) -> None:
        if self.tokenizer is None:
            return
        tokens = tuple(self.tokenizer.encode(text).tolist())
        if not tokens:
            self.failed.emit(self.tr("The model does not know {text}.").format(text=visible(text)))
        else:
            self._add(tokens)

    def _auto_pick(self) -> None:
        self._by = "model"
        self.pick.set_ready(False)
        # With the length in the seed, a second round of picks does not throw the same dice as the first.
        seed = self.pick.seed.seed * 1_000_003 + len(self.text.picks)
        wish = AutoPick(self._tokens, self.pick.count.value(), self.distribution.sampling, seed)
        self.ask("pick", auto_pick, wish)

    def _begin_anew(self) -> None:
        self.text = PickedText(self.prompt.text())
        self._history.push(self.text)
        self._show_text()
        self._look()

    def _restore(self, text: PickedText) -> None:
        self.text = text
        self.prompt.setText(text.prompt)
        self._show_text()
        self._look()

    def _show_text(self) -> None:
        pieces = self.text.pieces(self.tokenizer) if self.tokenizer is not None else []
        shares = tints(surprise([pick.picked.chance for pick in self.text.picks]))
        self.view.set_text(self.text.prompt, pieces, shares if pieces else ())
        self.view.verticalScrollBar().setValue(self.view.verticalScrollBar().maximum())
        self.log.show_text(self.text if pieces else PickedText(), pieces)
