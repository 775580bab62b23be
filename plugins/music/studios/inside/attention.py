"""Where the network looked at each step: a table of steps and steps, for all heads together or one of them."""

import numpy as np
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gendesk.engine.music.looking import Float32Array, Looked
from gendesk.music.score import Note
from gendesk.widgets.charts.chart import Place
from gendesk.widgets.charts.heat_map import HeatMap

from .paged import PagedMap

_COLUMN = 19  # logical pixels


class LooksMap(HeatMap):
    """Shares of attention; what has not been played yet has no colour.

    The first row, which is no step, often holds so much that beside it nothing else would be seen: it does not count
    for the strongest colour.
    """

    @property
    def limit(self) -> float:
        steps = self.values[1:][np.isfinite(self.values[1:])]
        return float(steps.max()) if steps.size and steps.max() > 0 else 1.0

    def words_of(self, place: Place) -> str:
        row, column = place
        share = float(self.values[row, column])
        if not np.isfinite(share):
            return self.tr("{one} cannot look at what comes later").format(one=self.columns[column])
        return self.tr("{one} looks at {other}: {share:.0f} %").format(
            one=self.columns[column], other=self.rows[row], share=100 * share
        )


class AttentionPanel(QWidget):
    """Columns are steps, rows what came before; `looks_at` says what one step looked at, note by note.

    `table` is what is shown, of the whole piece: float32 (steps, steps) as in `Looked`, or None.
    """

    pointed = Signal(object)  # a step, or None
    chosen = Signal(int)  # a step
    changed = Signal()  # another layer or head

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._looked: Looked | None = None
        self._step: int | None = None
        self.table: Float32Array | None = None
        self.layer = _chooser(self.tr("Layer"), self.tr("Which layer of the transformer, or the mean of all heads"))
        self.head = _chooser(self.tr("Head"), self.tr("Which head of the layer, or the mean of them"))
        self.layer.activated.connect(self._change)
        self.head.activated.connect(self._change)
        self._heads = QWidget()
        row = QHBoxLayout(self._heads)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for box in (self.layer, self.head):
            row.addWidget(box, 1)
        self._heads.hide()
        chart = LooksMap()
        chart.setAccessibleName(self.tr("Attention of steps to steps"))
        self.paged = PagedMap(chart, _COLUMN)
        self.paged.turned.connect(self._fill)
        self.paged.pointed.connect(self.pointed)
        self.paged.chosen.connect(self.chosen)
        self.words = QLabel()
        self.words.setProperty("role", "muted")
        self.words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._heads)
        column.addWidget(self.paged, 1)
        column.addWidget(self.words)
        self.show_looked(None)

    def show_looked(self, looked: Looked | None) -> None:
        """Show another piece, or the same one as another network sees it; None shows nothing."""
        self._looked = looked
        layers, heads = (0, 0) if looked is None or looked.heads is None else looked.heads.shape[:2]
        _fill(self.layer, [self.tr("All layers"), *(self.tr("Layer {0}").format(one + 1) for one in range(layers))])
        _fill(self.head, [self.tr("All heads"), *(self.tr("Head {0}").format(one + 1) for one in range(heads))])
        self._heads.setVisible(layers > 0)
        self.table = self._choose_table()
        none = looked is not None and looked.looks is None
        self.paged.map.set_empty_text(
            self.tr("This network has no attention. Train one with attention switched on to see where it looks.")
            if none
            else self.tr("Where the network looked at each step of a piece appears here.")
        )
        self.paged.set_count(0 if looked is None or none else len(looked.names))
        self.show_step(self._step)

    def show_step(self, step: int | None) -> None:
        """Let a step stand out, and say where it looked; None lets none."""
        table = self.table
        self._step = step if table is not None and step is not None and step < table.shape[1] else None
        self.paged.show_step(self._step)
        self.words.setText("" if table is None or self._step is None else self._sentence(table, self._step))

    def looks_at(self, step: int) -> dict[Note, float]:
        """Return how much a step looked at notes before it, as shares of the strongest look."""
        table, looked = self.table, self._looked
        if table is None or looked is None or step >= table.shape[1]:
            return {}
        shares = table[1 : step + 1, step]
        most = max(float(shares.max(initial=0.0)), 1e-9)
        return {
            note: float(share) / most
            for notes, share in zip(looked.notes[:step], shares, strict=True)
            for note in notes
        }

    def _choose_table(self) -> Float32Array | None:
        looked, layer, head = self._looked, self.layer.currentIndex() - 1, self.head.currentIndex() - 1
        if looked is None or looked.heads is None:
            return looked.looks if looked is not None else None
        chosen = looked.heads[layer : layer + 1] if layer >= 0 else looked.heads
        mean: Float32Array = (chosen[:, head : head + 1] if head >= 0 else chosen).mean((0, 1))
        return mean

    def _sentence(self, table: Float32Array, step: int) -> str:
        looked = self._looked
        assert looked is not None
        shares = table[1 : step + 1, step]
        best = [int(one) for one in np.argsort(-shares, kind="stable")[:3]]
        said = [
            self.tr("{name} (step {step}) {share:.0f} %").format(
                name=looked.names[one], step=one + 1, share=100 * float(shares[one])
            )
            for one in best
        ]
        if not said:
            return self.tr("{name} is the first: there is nothing to look at.").format(name=looked.names[step])
        return self.tr("{name} (step {step}) looks at {places}.").format(
            name=looked.names[step], step=step + 1, places=", ".join(said)
        )

    def _change(self, _index: int) -> None:
        self.table = self._choose_table()
        self._fill()
        self.show_step(self._step)
        self.changed.emit()

    def _fill(self) -> None:
        """Show the steps of this page, and what lies before the page as far as there is room."""
        looked, table = self._looked, self.table
        if looked is None or table is None:
            self.paged.map.clear()
            return
        first, last = self.paged.first, self.paged.last
        start = max(0, first - (last - first) // 2)
        stop = max(start, min(last, len(looked.names)) - 1)  # the last step is looked at by none
        shown = np.concatenate([table[: start + 1].sum(0, keepdims=True), table[start + 1 : stop + 1]])[:, first:last]
        rows, columns = np.arange(start, stop), np.arange(first, last)
        shown[1:][rows[:, None] >= columns[None]] = np.nan
        before = self.tr("before") if start else self.tr("none")
        self.paged.map.set_values(
            shown,
            [before, *looked.names[start:stop]],
            looked.names[first:last],
            self.tr("Looked at"),
            self.tr("Step (voice and note)") if len(looked.score.tracks) > 1 else self.tr("Step"),
        )
        self.paged.show_step(self._step if self._step is not None and first <= self._step < last else None)


def _chooser(name: str, tip: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box


def _fill(box: QComboBox, entries: list[str]) -> None:
    """Offer other entries; the one that is chosen stays if there are as many."""
    if [box.itemText(row) for row in range(box.count())] != entries:
        with QSignalBlocker(box):
            box.clear()
            box.addItems(entries)
