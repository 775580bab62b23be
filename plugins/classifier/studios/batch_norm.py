"""Batch normalisation on the live network: one channel before, between and after, and the statistics that it keeps."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gendesk.data.dataset import UInt8Array
from gendesk.widgets.network.distributions import Distributions, Stage
from gendesk.widgets.network.following import Following
from gendesk.widgets.plot.ticks import value_text

from ..normalising import Normalised, NormQuestion, normalise
from .on_model import ModelStudio

_MOMENTA = (0.9, 0.99, 0.999)
_SIZES = (2, 4, 8, 16, 32, 64, 128)


class BatchNormStudio(ModelStudio):
    """One channel of one layer: histograms of its numbers, all statistics, and how the running ones come about."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Batch normalisation"))
        self._pictures: UInt8Array | None = None
        self._made: Normalised | None = None
        self.stages = Distributions()
        self.stages.setAccessibleName(self.tr("Histograms of the channel"))
        self.stages.setToolTip(self.tr("Line: mean. Band: one standard deviation to both sides."))
        self.stages.empty_text = self.tr(
            "Train a network: what batch normalisation does to the numbers of one channel appears here."
        )
        self.means = Following(self.tr("Mean of each batch"))
        self.deviations = Following(self.tr("Deviation of each batch"))
        for plot in (self.means, self.deviations):
            plot.setToolTip(
                self.tr(
                    "Dots: one batch after another. Line: what follows them. Dashed: where the network's own stands."
                )
            )
        self._note = QLabel(wordWrap=True)
        self._follow_text = QLabel(wordWrap=True)
        for label in (self._note, self._follow_text):
            label.setProperty("role", "muted")
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(8)
        left.addLayout(self._make_controls())
        left.addWidget(self.stages, 1)
        right.addLayout(self._make_numbers())
        right.addWidget(self._note)
        self._plots = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._plots.setSpacing(8)
        self._plots.addWidget(self.means)
        self._plots.addWidget(self.deviations)
        right.addLayout(self._plots, 1)
        right.addWidget(self._follow_text)
        self.box.addLayout(left, 3)
        self.box.addLayout(right, 2)
        self._tell()

    def _make_controls(self) -> QVBoxLayout:
        self.layer = QComboBox()
        self.layer.setAccessibleName(self.tr("Layer"))
        self.layer.setToolTip(self.tr("The layer whose numbers are shown"))
        self.layer.currentIndexChanged.connect(self._layer_chosen)
        self.channel = QSpinBox()
        self.channel.setMinimum(1)
        self.channel.setPrefix(self.tr("Channel "))
        self.channel.setAccessibleName(self.tr("Channel"))
        self.channel.setToolTip(self.tr("Which of the layer's maps or units; each is normalised by itself"))
        self.channel.valueChanged.connect(self._ask)
        self.training, self.evaluation = QRadioButton(self.tr("Training")), QRadioButton(self.tr("Evaluation"))
        self.training.setToolTip(self.tr("Normalise with mean and deviation of this batch, as while training"))
        self.evaluation.setToolTip(self.tr("Normalise with the running statistics, as when the network is used"))
        self.training.setChecked(True)
        self.training.toggled.connect(self._ask)
        which, mode, batch = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        column = QVBoxLayout()
        column.setSpacing(4)
        for row in (which, mode, batch):
            row.setSpacing(8)
            column.addLayout(row)
        which.addWidget(self.layer, 1)
        which.addWidget(self.channel)
        mode.addWidget(self.training)
        mode.addWidget(self.evaluation)
        mode.addStretch(1)
        self._fill_batch_row(batch)
        mode.addWidget(self.momentum)
        return column

    def _fill_batch_row(self, row: QHBoxLayout) -> None:
        self.batch = QSlider(Qt.Orientation.Horizontal)
        self.batch.setRange(0, len(_SIZES) - 1)
        self.batch.setValue(_SIZES.index(32))
        self.batch.setPageStep(1)
        self.batch.setAccessibleName(self.tr("Batch size"))
        self.batch.setToolTip(self.tr("Pictures in a batch: the fewer, the more its mean and deviation jump about"))
        self.batch.valueChanged.connect(self._ask)
        self._size_text = QLabel()
        self._size_text.setMinimumWidth(self._size_text.fontMetrics().horizontalAdvance("000"))
        self.momentum = QComboBox()
        self.momentum.setAccessibleName(self.tr("Momentum"))
        self.momentum.setToolTip(
            self.tr("Weight of the old running value; the larger, the calmer and the later the running statistics are")
        )
        for momentum in _MOMENTA:
            self.momentum.addItem(self.tr("momentum {value}").format(value=momentum), momentum)
        self.momentum.setCurrentIndex(_MOMENTA.index(0.99))
        self.momentum.currentIndexChanged.connect(self._ask)
        self.again = QPushButton(self.tr("Again"))
        self.again.setToolTip(self.tr("Draw other batches"))
        self.again.clicked.connect(self._draw_again)
        self._seed = 0
        for widget in (QLabel(self.tr("Batch")), self.batch, self._size_text, self.again):
            row.addWidget(widget, 1 if widget is self.batch else 0)

    def _make_numbers(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        heads = "", self.tr("Mean"), self.tr("Deviation")
        rows = self.tr("This batch"), self.tr("Running"), self.tr("Beta, gamma")
        self._cells: list[list[QLabel]] = []
        for column, text in enumerate(heads):
            head = QLabel(text)
            head.setProperty("role", "muted")
            grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft)
            grid.setColumnStretch(column, 1)
        for row, text in enumerate(rows, 1):
            grid.addWidget(QLabel(text), row, 0)
            cells = [QLabel("\N{EN DASH}"), QLabel("\N{EN DASH}")]
            for column, cell in enumerate(cells, 1):
                grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignRight)
            self._cells.append(cells)
        return grid

    def arrange(self, *, wide: bool) -> None:
        super().arrange(wide=wide)
        self._plots.setDirection(QBoxLayout.Direction.TopToBottom if wide else QBoxLayout.Direction.LeftToRight)

    def forget(self) -> None:
        self._pictures = self._made = None
        self.stages.set_stages(())
        empty = np.zeros(0, np.float32)
        for plot in (self.means, self.deviations):
            plot.set_series(empty, empty, 0.0)
        self._tell()

    def take_pictures(self, pictures: UInt8Array) -> None:
        self._pictures = pictures
        self.ask_model()

    def ask_model(self) -> None:
        if self._pictures is None or self.session is None:
            return
        question = NormQuestion(
            self._pictures,
            self.layer.currentData() or "",
            self.channel.value() - 1,
            self.training.isChecked(),
            self.batch_size,
            self.momentum.currentData(),
            self._seed,
        )
        self.ask("norm", normalise, question)

    @property
    def batch_size(self) -> int:
        """How many pictures a batch has."""
        return _SIZES[self.batch.value()]

    def _ask(self) -> None:
        self._size_text.setText(str(self.batch_size))
        if self.facts is not None:
            self.ask_model()

    def _layer_chosen(self) -> None:
        self.channel.blockSignals(True)
        self.channel.setValue(1)
        self.channel.blockSignals(False)
        self._ask()

    def _draw_again(self) -> None:
        self._seed += 1
        self._ask()

    def answered(self, _asker: str, _argument: Any, result: Any) -> None:
        self._made = result
        self._list_layers(result)
        self._show(result)

    def _list_layers(self, made: Normalised) -> None:
        if [self.layer.itemData(row) for row in range(self.layer.count())] != [name for name, _ in made.layers]:
            self.layer.blockSignals(True)
            self.layer.clear()
            for name, _ in made.layers:
                self.layer.addItem(name, name)
            self.layer.setCurrentIndex(self.layer.findData(made.layer))
            self.layer.blockSignals(False)
        self.channel.blockSignals(True)
        self.channel.setMaximum(dict(made.layers)[made.layer])
        self.channel.blockSignals(False)

    def _show(self, made: Normalised) -> None:
        stages = (
            (self.tr("Before"), made.before),
            (self.tr("Normalised"), made.normalised),
            (self.tr("After gamma and beta"), made.after),
        )
        self.stages.set_stages(
            [Stage(title, values, float(values.mean()), float(values.std())) for title, values in stages]
        )
        self.means.set_series(made.means, made.followed_means, made.running.mean)
        self.deviations.set_series(made.deviations, made.followed_deviations, made.running.deviation)
        numbers = (
            (made.batch.mean, made.batch.deviation),
            (made.running.mean, made.running.deviation),
            (made.beta, made.gamma),
        )
        for cells, pair in zip(self._cells, numbers, strict=True):
            for cell, number in zip(cells, pair, strict=True):
                cell.setText(value_text(number))
        self._tell()

    def _tell(self) -> None:
        """Say in words what happens."""
        self._size_text.setText(str(self.batch_size))
        made = self._made
        if made is None:
            self._note.setText(self.tr("Each channel is moved to mean 0 and deviation 1, then scaled and shifted."))
            self._follow_text.clear()
            return
        used = self.tr("this batch") if self.training.isChecked() else self.tr("the running statistics")
        text = self.tr("Mean and deviation of {used} are taken out; gamma scales and beta shifts what is left.")
        note = text.format(used=used)
        if made.added:
            none = self.tr("This network has no batch normalisation: these are the numbers of one put behind {layer}.")
            note = none.format(layer=made.layer) + " " + note
        self._note.setText(note)
        text = self.tr(
            "New running value = {old} \N{MULTIPLICATION SIGN} old + {new} \N{MULTIPLICATION SIGN} that of the batch. "
            "The means of batches of {size} differ by \N{PLUS-MINUS SIGN}{spread}."
        )
        momentum = self.momentum.currentData()
        spread = f"{made.means.std():.2g}"
        self._follow_text.setText(
            text.format(old=momentum, new=round(1 - momentum, 6), size=len(made.chosen), spread=spread)
        )
