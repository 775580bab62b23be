"""Dropout on the live network: which units fall out, what that does to the classes, and why the rest counts more."""

from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gendesk.widgets.icons import icon
from gendesk.widgets.network.class_bars import ClassBars
from gendesk.widgets.network.unit_dots import UnitDots
from gendesk.widgets.plot.ticks import value_text

from ..explaining import DropoutQuestion, Dropped, DroppedLayer, drop
from .on_model import PictureStudio

_PASSES = 30
_PLAY_MS = 250
_RATE_STEPS = 20  # to 1; the slider ends at 0.9


class DropoutStudio(PictureStudio):
    """Asks the network about one picture many times, each time with other units switched off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Dropout"))
        self._dropped: Dropped | None = None
        self._clock = QTimer(self, interval=_PLAY_MS)
        self._clock.timeout.connect(self._next_pass)
        self.units = UnitDots()
        self.units.setAccessibleName(self.tr("Units of the layer"))
        self.units.setToolTip(self.tr("The units of the layer: orange is positive, blue negative, a cross is dropped"))
        self.units.empty_text = self.tr(
            "Train a network and choose or draw a picture: the units that fall out appear here."
        )
        self.units.pointed.connect(self._tell)
        self.bars = ClassBars()
        self.bars.setToolTip(
            self.tr(
                "Bar: without dropout. Dots: single passes with dropout, with their mean and one standard deviation"
            )
        )
        self._numbers = QLabel(wordWrap=True)
        self._spread = QLabel(wordWrap=True)
        for label in (self._numbers, self._spread):
            label.setProperty("role", "muted")
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(8)
        left.addLayout(self._make_controls())
        left.addWidget(self._numbers)
        left.addWidget(self.units, 1)
        right.addWidget(self._spread)
        right.addWidget(self.bars, 1)
        self._content = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._content.setSpacing(8)
        self._content.addLayout(left, 1)
        self._content.addLayout(right, 1)
        self.box.addLayout(self._content, 1)
        self._tell()

    def _make_controls(self) -> QGridLayout:
        self.rate = _slider(self.tr("Rate"), self.tr("Share of the units that each pass drops, here only"))
        self.rate.setRange(0, round(0.9 * _RATE_STEPS))
        self.rate.setValue(_RATE_STEPS // 2)
        self.rate.valueChanged.connect(self._changed)
        self.shown = _slider(self.tr("Pass"), self.tr("Which pass the units belong to; the classes show all up to it"))
        self.shown.setRange(1, _PASSES)
        self.shown.setValue(_PASSES)
        self.shown.valueChanged.connect(self._show)
        self.layer = QComboBox()
        self.layer.setAccessibleName(self.tr("Layer"))
        self.layer.setToolTip(self.tr("The layer whose units are drawn"))
        self.layer.currentIndexChanged.connect(self._show)
        self._rate_text, self._pass_text = QLabel(), QLabel()
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        rows = ((self.tr("Rate"), self.rate, self._rate_text), (self.tr("Pass"), self.shown, self._pass_text))
        for row, (name, slider, text) in enumerate(rows):
            grid.addWidget(QLabel(name), row, 0)
            grid.addWidget(slider, row, 1)
            text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            text.setMinimumWidth(text.fontMetrics().horizontalAdvance("200 of 200"))
            grid.addWidget(text, row, 2)
        grid.addLayout(self._make_buttons(), 2, 0, 1, 3)
        grid.addWidget(self.layer, 3, 0, 1, 3)
        return grid

    def _make_buttons(self) -> QHBoxLayout:
        self.passes = QSpinBox()
        self.passes.setRange(2, 200)
        self.passes.setValue(_PASSES)
        self.passes.setSuffix(self.tr(" passes"))
        self.passes.setAccessibleName(self.tr("Passes"))
        self.passes.setToolTip(self.tr("How often the network is asked; more passes make a surer mean"))
        self.passes.valueChanged.connect(self._passes_changed)
        self.seed = QSpinBox()
        self.seed.setRange(0, 9999)
        self.seed.setPrefix(self.tr("Seed "))
        self.seed.setAccessibleName(self.tr("Seed"))
        self.seed.setToolTip(self.tr("The same seed drops the same units"))
        self.seed.valueChanged.connect(self._changed)
        self.again = QPushButton(self.tr("Again"))
        self.again.setToolTip(self.tr("Drop other units, with the next seed"))
        self.again.clicked.connect(self.seed.stepUp)
        self.play = QPushButton(icon("play"), self.tr("Play"))
        self.play.setCheckable(True)
        self.play.setToolTip(self.tr("Go through the passes one after the other"))
        self.play.toggled.connect(self._play)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget, least in ((self.play, 64), (self.again, 56), (self.seed, 80), (self.passes, 92)):
            widget.setMinimumWidth(least)
            row.addWidget(widget, 1)
        return row

    def arrange(self, *, wide: bool) -> None:
        super().arrange(wide=wide)
        self._content.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    @property
    def chosen_rate(self) -> float:
        """The share of units to drop, 0..0.9."""
        return self.rate.value() / _RATE_STEPS

    def forget(self) -> None:
        self._dropped = None
        self.bars.clear()
        self.layer.clear()
        self.units.set_units(np.zeros(0, np.float32), np.zeros(0, bool), 1.0)
        self._show()

    def ask_model(self) -> None:
        picture = self.own.picture()
        if picture is None:
            self.forget()
        else:
            question = DropoutQuestion(picture, self.chosen_rate, self.passes.value(), self.seed.value())
            self.ask("dropout", drop, question)

    def _changed(self) -> None:
        self._tell()
        if self.facts is not None:
            self.ask_model()

    def _passes_changed(self, count: int) -> None:
        at_end = self.shown.value() == self.shown.maximum()
        self.shown.setMaximum(count)
        if at_end:
            self.shown.setValue(count)
        self._changed()

    def _play(self, on: bool) -> None:
        self.play.setIcon(icon("pause" if on else "play"))
        if on:
            if self.shown.value() == self.shown.maximum():
                self.shown.setValue(1)
            self._clock.start()
        else:
            self._clock.stop()

    def _next_pass(self) -> None:
        if self.shown.value() == self.shown.maximum():
            self.play.setChecked(False)
        else:
            self.shown.setValue(self.shown.value() + 1)

    def hideEvent(self, event: QHideEvent) -> None:
        self.play.setChecked(False)
        super().hideEvent(event)

    def answered(self, _asker: str, _argument: Any, result: Any) -> None:
        if self.own.picture() is None:
            return
        self._dropped = result
        names = [layer.name for layer in result.layers]
        if [self.layer.itemText(row) for row in range(self.layer.count())] != names:
            self.layer.blockSignals(True)
            self.layer.clear()
            self.layer.addItems(names)
            self.layer.setCurrentIndex(len(names) - 1)
            self.layer.blockSignals(False)
        self._show()

    @property
    def dropped_layer(self) -> DroppedLayer | None:
        """The layer whose units are drawn."""
        return self._dropped.layers[max(0, self.layer.currentIndex())] if self._dropped else None

    def _show(self) -> None:
        layer = self.dropped_layer
        self.layer.setVisible(self.layer.count() > 1)
        if self._dropped is not None and layer is not None and self.facts is not None:
            number = min(self.shown.value(), len(layer.kept))
            values = layer.values.ravel()
            self.units.set_units(values, layer.kept[number - 1].ravel(), max(1e-6, float(abs(values).max())))
            self.bars.set_values(self.facts.classes, self._dropped.plain, self._dropped.passes[:number])
        self._tell()

    def _tell(self, unit: int = -1) -> None:
        """Say what is dropped in numbers."""
        self._rate_text.setText(f"{self.chosen_rate:.2f}")
        number, count = self.shown.value(), self.shown.maximum()
        self._pass_text.setText(self.tr("{number} of {count}").format(number=number, count=count))
        layer = self.dropped_layer
        if layer is None or self._dropped is None or self.facts is None:
            self._numbers.setText(
                self.tr("Each pass drops a random part of the units; what is left counts more, so that the sum stays.")
            )
            self._spread.clear()
            return
        number = min(number, len(layer.kept))
        self._numbers.setText(self._unit_text(layer, number, unit) if unit >= 0 else self._sum_text(layer, number))
        self._spread.setText(self._spread_text(number))

    def _sum_text(self, layer: DroppedLayer, number: int) -> str:
        kept = layer.kept[number - 1]
        text = self.tr(
            "{kept} of {all} units are left; each counts 1 / (1 \N{MINUS SIGN} {rate}) = {factor} times. "
            "Sum: {plain} without dropout, {here} in this pass, {mean} on average."
        )
        words = text.format(
            kept=f"{kept.sum():,}",
            all=f"{kept.size:,}",
            rate=f"{self.chosen_rate:.2f}",
            factor=f"{1 / (1 - self.chosen_rate):.2f}",
            plain=value_text(float(layer.values.sum())),
            here=value_text(float(layer.sums[number - 1])),
            mean=value_text(float(layer.sums.mean())),
        )
        if self._dropped is not None and self._dropped.added:
            return self.tr("This network has no dropout; here it is put before the head.") + " " + words
        return words

    def _unit_text(self, layer: DroppedLayer, number: int, unit: int) -> str:
        value = float(layer.values.ravel()[unit])
        if not layer.kept[number - 1].ravel()[unit]:
            text = self.tr("Unit {number} answers {value}; in this pass it is dropped and counts 0.")
            return text.format(number=f"{unit + 1:,}", value=value_text(value))
        text = self.tr("Unit {number} answers {value}; in this pass it is kept and counts {more}.")
        more = value_text(value / (1 - self.chosen_rate))
        return text.format(number=f"{unit + 1:,}", value=value_text(value), more=more)

    def _spread_text(self, number: int) -> str:
        assert self._dropped is not None and self.facts is not None
        passes, winner = self._dropped.passes[:number], int(self._dropped.plain.argmax())
        agree = int((passes.argmax(1) == winner).sum())
        text = self.tr("Without dropout {name}, {plain} %; {agree} of {count} passes agree.")
        name, plain = self.facts.classes[winner], f"{self._dropped.plain[winner] * 100:.1f}"
        return text.format(name=name, plain=plain, agree=agree, count=len(passes))


def _slider(name: str, tip: str) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setAccessibleName(name)
    slider.setToolTip(tip)
    return slider
