"""The calculator of shapes and parameters: a table of layers to edit, and a quiz beside it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from gendesk.errors import InputError
from gendesk.studios.studio import Studio
from gendesk.widgets.icons import icon
from gendesk.widgets.panels import Panels
from gendesk.widgets.undo import StateHistory

from ..layer_reading import layers_of
from ..quiz import Question
from ..shapes import (
    EXAMPLES,
    Layer,
    Shape,
    Summary,
    output_formula,
    parameter_formula,
    parsed_shape,
    shape_text,
    summarised,
)
from .controls import muted, set_role
from .layer_table import LayerModel, LayerTable
from .quiz_panel import QuizPanel

_WIDE = 860
_MOST_LAYERS = 200
Stack = tuple[Shape, tuple[Layer, ...]]


class CalculatorStudio(Studio):
    """Needs no model; with one, its layers can be put into the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Shapes and parameters"))
        self.stack: Stack = EXAMPLES["two-convolutions"]
        self._history = StateHistory(self, self.stack)
        self._history.restored.connect(self._restore)
        self.model = LayerModel(self)
        self.model.edited.connect(self._edit)
        self.table = LayerTable(self.model)
        self.table.selectionModel().currentChanged.connect(self._show_formula)
        self.quiz = QuizPanel()
        self.quiz.shown.connect(self._take_question)
        self.panels = Panels(2, _WIDE)
        self.panels.add(self.tr("Calculator"), self.tr("Shapes and parameters of layers"), self._make_calculator())
        self.panels.add(self.tr("Quiz"), self.tr("Work them out by hand, and be marked"), self.quiz)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panels)
        self._show()

    @property
    def summary(self) -> Summary:
        """What follows from the table."""
        return summarised(*self.stack)

    def on_session(self) -> None:
        self._from_run.setEnabled(self.session is not None)

    def on_answer(self, _asker: str, _argument: object, result: Any) -> None:
        self._take(result)

    # The parts

    def _make_calculator(self) -> QWidget:
        panel = QWidget()
        self._input = QLineEdit()
        self._input.setAccessibleName(self.tr("Input shape"))
        self._input.setToolTip(self.tr("What goes in: height, width and channels, such as 32x32x3, or one number"))
        self._input.setMaxLength(40)
        self._input.setMaximumWidth(120)
        self._input.editingFinished.connect(self._take_input)
        self._total, self._formula, self._advice = QLabel(), muted(), QLabel(wordWrap=True)
        self._total.setWordWrap(True)
        self._total.setProperty("role", "title")
        self._advice.setProperty("role", "muted")
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(QLabel(self.tr("Input")))
        row.addSpacing(6)
        row.addWidget(self._input, 1)
        row.addStretch(1)
        self._make_actions(row)
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._make_examples())
        column.addLayout(row)
        column.addWidget(self.table, 1)
        for label in (self._total, self._advice, self._formula):
            column.addWidget(label)
        return panel

    def _make_examples(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(4)
        tips = {
            "two-convolutions": (self.tr("Plain"), self.tr("Two convolutions and a dense layer: 15,120 parameters")),
            "mlp": (self.tr("MLP"), self.tr("The book's dense network: 646,260 parameters")),
            "cnn": (self.tr("CNN"), self.tr("The book's convolutional network: 592,554 parameters")),
        }
        for name, (title, tip) in tips.items():
            button = QPushButton(title)
            button.setToolTip(tip)
            button.setAccessibleName(self.tr("Example: {name}").format(name=title))
            button.clicked.connect(partial(self._take, EXAMPLES[name]))
            row.addWidget(button)
        self._from_run = QPushButton(self.tr("From the Run"))
        self._from_run.setToolTip(self.tr("Put the layers of the run's network into the table; needs a run"))
        self._from_run.setEnabled(False)
        self._from_run.clicked.connect(self._ask_run)
        row.addWidget(self._from_run)
        return row

    def _make_actions(self, row: QHBoxLayout) -> None:
        self._add = self._action(row, "plus", self.tr("Add a layer"), "Ins", self._add_layer)
        self._remove = self._action(row, "minus", self.tr("Remove the layer"), "Del", self._remove_layer)
        self._up = self._action(row, "up", self.tr("Move the layer up"), "Alt+Up", partial(self._move_layer, -1))
        self._down = self._action(row, "down", self.tr("Move the layer down"), "Alt+Down", partial(self._move_layer, 1))

    def _action(self, row: QHBoxLayout, name: str, text: str, key: str, act: Callable[[], None]) -> QAction:
        action = QAction(icon(name), text, self.table)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(f"{text} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
        action.triggered.connect(act)
        self.table.addAction(action)
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setAccessibleName(text)
        row.addWidget(button)
        return action

    # Changes

    def _take(self, stack: Stack) -> None:
        """Put another stack of layers into the table; it can be undone."""
        self.stack = stack
        self._history.push(stack)
        self._show()

    def _restore(self, stack: Stack) -> None:
        self.stack = stack
        self._show()

    def _edit(self, row: int, layer: Layer) -> None:
        inputs, layers = self.stack
        self._take((inputs, (*layers[:row], layer, *layers[row + 1 :])))

    def _take_input(self) -> None:
        try:
            self._take((parsed_shape(self._input.text()), self.stack[1]))
        except InputError as error:
            self.failed.emit(str(error))
            self._input.setText(shape_text(self.stack[0]))

    def _take_question(self, question: Question) -> None:
        self._take((question.inputs, question.layers))
        self.panels.choose(0)

    def _ask_run(self) -> None:
        self.ask("layers", layers_of, None)

    @property
    def _row(self) -> int:
        """The current row, else the last one; -1 where there is none."""
        row = self.table.currentIndex().row()
        return row if row >= 0 else len(self.stack[1]) - 1

    def _add_layer(self) -> None:
        inputs, layers = self.stack
        if len(layers) < _MOST_LAYERS:
            row = self._row
            # A new row resembles the one before it, as the layers of a network do.
            new = replace(layers[row]) if row >= 0 else Layer("conv")
            self._put((inputs, (*layers[: row + 1], new, *layers[row + 1 :])), row + 1)

    def _remove_layer(self) -> None:
        inputs, layers = self.stack
        if layers:
            row = self._row
            self._put((inputs, layers[:row] + layers[row + 1 :]), min(row, len(layers) - 2))

    def _move_layer(self, by: int) -> None:
        inputs, layers = self.stack
        row, other = self._row, self._row + by
        if 0 <= other < len(layers):
            moved = list(layers)
            moved[row], moved[other] = moved[other], moved[row]
            self._put((inputs, tuple(moved)), other)

    def _put(self, stack: Stack, row: int) -> None:
        column = max(0, self.table.currentIndex().column())
        self._take(stack)
        self.table.setCurrentIndex(self.model.index(row, column))

    # What is seen

    def _show(self) -> None:
        inputs, layers = self.stack
        summary = self.summary
        current = self.table.currentIndex()
        place = current.row(), current.column()
        self.model.show_layers(layers, summary)
        if place[0] >= 0:
            self.table.setCurrentIndex(self.model.index(min(place[0], len(layers) - 1), place[1]))
        self.table.fit()
        self._input.setText(shape_text(inputs))
        text = (
            self.tr("{all} parameters, {fixed} of them not trained") if summary.fixed else self.tr("{all} parameters")
        )
        total = text.format(all=f"{summary.parameters:,}", fixed=f"{summary.fixed:,}")
        work = self.tr("{count} multiply-adds").format(count=f"{summary.multiply_adds:,}")
        fits = not summary.problem
        self._total.setText(f"{total}, {work}" if fits else self.tr("No sum: the layers do not fit together"))
        self._advise(summary)
        self._show_formula()

    def _advise(self, summary: Summary) -> None:
        """Say which layers do not fit, or which one holds nearly all parameters."""
        if summary.problem:
            self._set_advice(summary.problem, "error")
        elif summary.heavy >= 0:
            text = self.tr(
                "Layer {number} ({kind}) holds {share} of all parameters: to get a smaller network, begin there."
            )
            row = summary.heavy
            name = self.model.names[self.stack[1][row].kind]
            self._set_advice(text.format(number=row + 1, kind=name, share=f"{100 * summary.share(row):.0f} %"), "muted")
        else:
            self._set_advice("", "muted")

    def _set_advice(self, text: str, role: str) -> None:
        self._advice.setText(text)
        self._advice.setVisible(bool(text))
        set_role(self._advice, role)

    def _show_formula(self) -> None:
        """Show how the numbers of the current layer come about."""
        row, layers = self._row, self.stack[1]
        result = self.summary.results[row] if row >= 0 else None
        if result is None or not result.outputs:
            self._formula.setText(self.tr("Add layers that fit together, and the way to their numbers appears here."))
            return
        output, parameters = output_formula(layers[row], result), parameter_formula(layers[row], result)
        text = self.tr("Layer {number}: output {output}\nParameters {parameters}")
        if result.fixed:
            text = self.tr("Layer {number}: output {output}\nParameters {parameters}, half of them not trained")
        self._formula.setText(text.format(number=row + 1, output=output, parameters=parameters))
        for action, possible in ((self._up, row > 0), (self._down, row < len(layers) - 1), (self._remove, True)):
            action.setEnabled(possible)
