"""The parts of the studio that looks inside: one unit over the text, its gates, attention, and the tokens' places."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from gendesk.engine.text.inside import PROPERTIES, Inside, TokenPlaces
from gendesk.widgets.charts.heat_map import HeatMap
from gendesk.widgets.text_tools.attention_lines import AttentionLines
from gendesk.widgets.text_tools.spelling import visible
from gendesk.widgets.text_tools.tinted import TintedText
from gendesk.widgets.text_tools.token_map import TokenMap

from .on_text import note

COLUMNS = 40
"""Tokens in the tables, the last ones of a text: more could not be read."""
_LINES = 28  # tokens with lines
_GATES = "ifogcrznh"
_FEWEST = 6  # letters in a chooser before it is cut


def chooser(name: str, tip: str, parent: QWidget | None = None) -> QComboBox:
    """Return an empty chooser that may become narrow."""
    box = QComboBox(parent)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(_FEWEST)
    return box


def _fill(box: QComboBox, entries: Sequence[tuple[str, object]]) -> None:
    """Offer other entries; the one that is chosen stays if it is among them. Nobody is told."""
    before = box.currentData()
    box.blockSignals(True)
    box.clear()
    for title, data in entries:
        box.addItem(title, data)
    box.setCurrentIndex(max(0, box.findData(before)) if entries else -1)
    box.blockSignals(False)


class UnitsPanel(QWidget):
    """The text, tinted by what one unit says at each token; the units that follow a property best come first."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside: Inside | None = None
        self.layer = chooser(self.tr("Numbers"), self.tr("Which layer, and which of its numbers"))
        self.follows = chooser(self.tr("Sorted by"), self.tr("The units whose numbers follow this best come first"))
        self.unit = chooser(self.tr("Unit"), self.tr("One unit of the layer, with its correlation: 1 follows exactly"))
        _fill(self.follows, list(self._properties().items()))
        self.layer.currentIndexChanged.connect(self._list_units)
        self.follows.currentIndexChanged.connect(self._list_best)
        self.unit.currentIndexChanged.connect(self._show)
        self.text = TintedText()
        self.text.setPlaceholderText(self.tr("A text appears here, coloured by what one unit of the network says."))
        self.words = note()
        row = QHBoxLayout()
        row.setSpacing(8)
        for box in (self.layer, self.follows, self.unit):
            row.addWidget(box, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.text, 1)
        column.addWidget(self.words)

    def _properties(self) -> dict[str, str]:
        """Return what units may follow, in words, by the titles in the chooser."""
        return {
            self.tr("Quotes"): "quotes",
            self.tr("Brackets"): "brackets",
            self.tr("Line ends"): "line ends",
            self.tr("Spaces"): "spaces",
            self.tr("Digits"): "digits",
            self.tr("Upper case"): "upper case",
            self.tr("Place"): "place",
        }

    @property
    def place(self) -> tuple[str, int]:
        """The chosen numbers by name, and the chosen unit, -1 for none."""
        unit = self.unit.currentData()
        return self.layer.currentData() or "", -1 if unit is None else unit

    def show_inside(self, inside: Inside | None) -> None:
        """Show another text or another model, or nothing."""
        self._inside = inside
        names = list(inside.values) if inside else []
        _fill(self.layer, [(self._title(name), name) for name in names])
        self.text.set_text("", inside.pieces if inside else ())
        self._list_units()

    def _title(self, name: str) -> str:
        kind, _, layer = name.partition(" ")
        kinds = {
            "h": self.tr("output"),
            "c": self.tr("memory"),
            "i": self.tr("input gate"),
            "f": self.tr("forget gate"),
            "o": self.tr("output gate"),
            "g": self.tr("candidate"),
            "r": self.tr("reset gate"),
            "z": self.tr("update gate"),
            "n": self.tr("candidate"),
        }
        return self.tr("Layer {layer}: {kind}").format(layer=layer, kind=kinds[kind]) if kind in kinds else name

    def _list_units(self) -> None:
        self._list()

    def _list_best(self) -> None:
        self._list(best=True)

    def _list(self, *, best: bool = False) -> None:
        """Sort the units; with `best` the first of them is chosen, else the same one as before."""
        name, _ = self.place
        if self._inside is None or name not in self._inside.values:
            _fill(self.unit, [])
            self._show()
            return
        scores = self._inside.follows[name][self._property]
        order = np.argsort(-np.nan_to_num(np.abs(scores)), kind="stable").tolist()
        _fill(self.unit, [(f"{unit + 1}  ({_signed(scores[unit])})", unit) for unit in order])
        if best:
            self.unit.blockSignals(True)
            self.unit.setCurrentIndex(0)
            self.unit.blockSignals(False)
        self._show()

    @property
    def _property(self) -> int:
        return PROPERTIES.index(self.follows.currentData())

    def _show(self) -> None:
        name, unit = self.place
        if self._inside is None or unit < 0:
            self.words.clear()
        else:
            values = self._inside.values[name][:, unit]
            limit = float(np.abs(values).max()) or 1.0
            tips = [f"{visible(piece)}  {value:+.2f}" for piece, value in zip(self._inside.pieces, values, strict=True)]
            self.text.set_shares((values / limit).tolist(), tips)
            score = self._inside.follows[name][self._property, unit]
            self.words.setText(self._sentence(unit, float(score), limit))
        self.changed.emit()

    def _sentence(self, unit: int, score: float, limit: float) -> str:
        what = self.follows.currentText().lower()
        if not np.isfinite(score):
            return self.tr("Nothing to follow: {what} do not vary in this text.").format(what=what)
        text = self.tr(
            "Unit {unit} and {what} have a correlation of {score}. Blue: up to {high}, orange: down to {low}."
        )
        return text.format(
            unit=unit + 1,
            what=what,
            score=_signed(score),
            high=f"+{limit:.2f}",
            low=f"\N{MINUS SIGN}{limit:.2f}",
        )


class GatesPanel(QWidget):
    """The gates, the memory and the output of one unit, token by token, as a table of colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.map = HeatMap()
        self.map.setAccessibleName(self.tr("Gates of the unit"))
        self.map.set_empty_text(self.tr("The gates of the chosen unit appear here, for networks that have gates."))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.map)

    def show_unit(self, inside: Inside | None, name: str, unit: int) -> None:
        """Show what belongs to one unit of a layer, for the last tokens."""
        layer = name.partition(" ")[2]
        rows = [f"{gate} {layer}" for gate in _GATES if inside is not None and f"{gate} {layer}" in inside.values]
        if inside is None or len(rows) < 2 or unit < 0:
            self.map.clear()
            return
        values = np.stack([inside.values[row][-COLUMNS:, unit] for row in rows])
        columns = _names(inside.pieces[-COLUMNS:])
        self.map.set_values(values, [row.partition(" ")[0] for row in rows], columns, self.tr("gate"), self.tr("token"))


class AttentionPanel(QWidget):
    """One head of one layer: where each of the last tokens looks, as lines and as a table of colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside: Inside | None = None
        self.layer = chooser(self.tr("Layer"), self.tr("Which layer of the transformer"))
        self.head = chooser(self.tr("Head"), self.tr("Which of the layer's heads; each looks at something else"))
        for box in (self.layer, self.head):
            box.currentIndexChanged.connect(self._show)
        self.lines, self.map = AttentionLines(), HeatMap()
        nothing = self.tr("Where each token looks appears here, for a transformer.")
        self.lines.empty_text = nothing
        self.map.set_empty_text(nothing)
        self.map.setAccessibleName(self.tr("Attention as a table"))
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.setAccessibleName(self.tr("How attention is drawn"))
        self.tabs.addTab(self.lines, self.tr("Lines"))
        self.tabs.addTab(self.map, self.tr("Table"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.layer, 1)
        row.addWidget(self.head, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.tabs, 1)

    def show_inside(self, inside: Inside | None) -> None:
        """Show another text or another model, or nothing."""
        self._inside = inside
        layers, heads = (0, 0) if inside is None or inside.attention is None else inside.attention.shape[:2]
        _fill(self.layer, [(self.tr("Layer {number}").format(number=number + 1), number) for number in range(layers)])
        _fill(self.head, [(self.tr("Head {number}").format(number=number + 1), number) for number in range(heads)])
        for box in (self.layer, self.head):
            box.setEnabled(bool(layers))
        self._show()

    def _show(self) -> None:
        inside = self._inside
        if inside is None or inside.attention is None:
            self.lines.set_weights((), np.zeros((0, 0), np.float32))
            self.map.clear()
            return
        pieces = inside.pieces[-COLUMNS:]
        weights: NDArray[np.float32] = inside.attention[self.layer.currentData(), self.head.currentData()]
        part = weights[-len(pieces) :, -len(pieces) :]
        self.lines.set_weights(pieces[-_LINES:], part[-_LINES:, -_LINES:])
        names = _names(pieces)
        # What lies ahead cannot be seen: it has no colour, unlike what is seen and not looked at.
        ahead = np.triu(np.ones(part.shape, np.bool_), 1)
        self.map.set_values(np.where(ahead, np.nan, part), names, names, self.tr("looks"), self.tr("is looked at"))


class TokensPanel(QWidget):
    """The tokens of the vocabulary in the two directions in which the network's picture of them differs most."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method = chooser(
            self.tr("Method"),
            self.tr(
                "PCA keeps the largest distances; t-SNE keeps neighbours, takes seconds, and waits for Look Inside"
            ),
        )
        _fill(self.method, [(self.tr("Largest differences (PCA)"), "pca"), (self.tr("Neighbours (t-SNE)"), "tsne")])
        self.method.currentIndexChanged.connect(self.changed)
        self.map = TokenMap()
        self.map.empty_text = self.tr(
            "Where the network puts each token appears here: what it treats alike lies close."
        )
        self.words = note()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.method)
        column.addWidget(self.map, 1)
        column.addWidget(self.words)

    def show_tokens(self, tokens: TokenPlaces | None) -> None:
        """Show the map, or nothing."""
        if tokens is None:
            self.map.set_tokens((), np.zeros((0, 2), np.float32))
            self.words.clear()
            return
        self.map.set_tokens(tokens.texts, tokens.places)
        text = self.tr("{count} tokens; the two directions hold {first} % and {second} % of their differences.")
        if self.method.currentData() == "tsne":
            text = self.tr("{count} tokens: neighbours are alike, but distances between groups mean little.")
        first, second = (f"{100 * share:.0f}" for share in tokens.shares)
        self.words.setText(text.format(count=len(tokens.texts), first=first, second=second))


def _names(pieces: Sequence[str]) -> list[str]:
    """Return pieces as headings, without the spaces that words bring with them."""
    return [visible(piece.strip(" ") or piece) for piece in pieces]


def _signed(number: float) -> str:
    if not np.isfinite(number):
        return "\N{EN DASH}"
    return f"{number:+.2f}".replace("-", "\N{MINUS SIGN}")
