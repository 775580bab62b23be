"""What goes on inside a network while it reads: units, gates, attention, and the map of its tokens."""

from typing import Any

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from gendesk.engine.text.inside import MapWish, embedding_map, held_out_text, look_inside
from gendesk.widgets.panels import Panels

from .inside_panels import AttentionPanel, GatesPanel, TokensPanel, UnitsPanel
from .on_text import WIDE, TextStudio, UnknownNote

_LINES = 3
_MOST_TOKENS = 400
_EXAMPLE = (
    'A fox met 2 crows (one old, one young) by the river. "Good day," said the fox. "Who sings best?"\n'
    'The OLD crow thought for 10 minutes. "Nobody," it said, and flew away.\n'
)


class InsideStudio(TextStudio):
    """A text above, and below it what the network does with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Inside"))
        self._seed = 0
        self.units, self.gates = UnitsPanel(), GatesPanel()
        self.attention, self.tokens = AttentionPanel(), TokensPanel()
        self.units.changed.connect(self._show_unit)
        self.tokens.changed.connect(self._map)
        self._inside: Any = None
        self.panels = Panels(2, WIDE)
        for panel, title, tip in (
            (self.units, self.tr("Units"), self.tr("What one unit says at each token")),
            (self.attention, self.tr("Attention"), self.tr("Where each token looks, in a transformer")),
            (self.gates, self.tr("Gates"), self.tr("The gates of the chosen unit, in an LSTM or a GRU")),
            (self.tokens, self.tr("Tokens"), self.tr("Which tokens the network treats alike")),
        ):
            self.panels.add(title, tip, panel)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addLayout(self._make_head())
        self.unknown = UnknownNote()
        column.addWidget(self.unknown)
        column.addWidget(self.panels, 1)
        self.box.addLayout(column)

    def _make_head(self) -> QHBoxLayout:
        self.text = QPlainTextEdit(_EXAMPLE)
        self.text.setAccessibleName(self.tr("Text to read"))
        self.text.setToolTip(self.tr("What the network reads; of a long text the last 400 tokens count"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(_LINES * self.text.fontMetrics().lineSpacing() + 16)
        self.look = QPushButton(self.tr("Look Inside"))
        self.look.setToolTip(self.tr("Let the network read the text"))
        self.look.clicked.connect(self._look)
        self.held_out = QPushButton(self.tr("Held-Out Text"))
        self.held_out.setToolTip(self.tr("Take another passage that the network has not been trained on"))
        self.held_out.clicked.connect(self._take_held_out)
        buttons = QVBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.look)
        buttons.addWidget(self.held_out)
        buttons.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addLayout(buttons)
        return row

    def arrange(self, *, wide: bool) -> None:  # noqa: ARG002 (the panels see to it)
        self.box.setDirection(QBoxLayout.Direction.TopToBottom)

    # The model

    def begin(self) -> None:
        self._look()

    def model_trained(self) -> None:
        self._read()
        if self.tokens.method.currentData() == "pca":
            self._map()  # the other method takes seconds, which the training would feel

    def forget(self) -> None:
        self._inside = None
        self.unknown.hide()
        self.units.show_inside(None)
        self.attention.show_inside(None)
        self.tokens.show_tokens(None)

    def answered(self, asker: str, _argument: Any, result: Any) -> None:
        if asker == "inside":
            self._inside = result
            self.units.show_inside(result)
            self.attention.show_inside(result)
        elif asker == "tokens":
            self.tokens.show_tokens(result)
        else:
            self.text.setPlainText(result)
            self._read()

    def _look(self) -> None:
        self._read()
        self._map()

    def _read(self) -> None:
        self.unknown.check(self.tokenizer, self.text.toPlainText())
        if self.info is not None:
            self.ask("inside", look_inside, self.text.toPlainText(), slow=True)

    def _map(self) -> None:
        if self.info is not None:
            wish = MapWish(_MOST_TOKENS, self.tokens.method.currentData())
            self.ask("tokens", embedding_map, wish, slow=True)

    def _take_held_out(self) -> None:
        self._seed += 1
        self.ask("text", held_out_text, self._seed, data=True, slow=True)

    def _show_unit(self) -> None:
        self.gates.show_unit(self._inside, *self.units.place)
