"""The quiz: a layer or a few, and the person says what comes out and how many parameters there are."""

import html

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gendesk.errors import InputError
from gendesk.widgets.form.number import NumberSpin

from ..quiz import Level, Question, Score, parsed_count, question
from ..shapes import Layer, parsed_shape, shape_text
from .controls import choice, muted, set_role

_CHECK, _CROSS = "\N{CHECK MARK}", "\N{BALLOT X}"


class QuizPanel(QWidget):
    """Asks, marks, and shows the way to the answer. `shown` carries a question that the person wants in the table."""

    shown = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.score = Score()
        self._number = 0
        self._marked = False
        self._level = choice(
            self.tr("Level"),
            self.tr("How hard the questions are: from one simple layer to three in a row"),
            (
                (self.tr("1: one layer"), 1),
                (self.tr("2: strides and padding"), 2),
                (self.tr("3: several layers"), 3),
            ),
            self,
        )
        self._level.currentIndexChanged.connect(self.begin)
        self._seed = NumberSpin(0, 999_999, whole=True)
        self._seed.set_value(1)
        self._seed.setAccessibleName(self.tr("Seed"))
        self._seed.setToolTip(self.tr("Begins another row of questions; the same seed asks the same ones"))
        self._seed.edited.connect(self.begin)
        self._asked = QLabel(wordWrap=True)
        self._shape = self._field(
            self.tr("Output shape"), self.tr("Height, width and channels, such as 16x16x10, or one number")
        )
        self._count = self._field(self.tr("Parameters"), self.tr("How many numbers all layers here have together"))
        self._check = QPushButton(self.tr("Check"))
        self._check.setProperty("role", "primary")
        self._check.setToolTip(self.tr("Mark the answer and show how it is worked out (Enter)"))
        self._check.clicked.connect(self.go_on)
        self._table = QPushButton(self.tr("Show in Table"))
        self._table.setToolTip(self.tr("Put the layers of this question into the calculator's table"))
        self._table.clicked.connect(self._show)
        self._verdict, self._solution = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._told = muted()
        self._told.setAccessibleName(self.tr("Score"))
        self._arrange()
        self.begin()

    def _field(self, name: str, tip: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setToolTip(tip)
        field.setMaxLength(40)
        field.returnPressed.connect(self.go_on)
        return field

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._level, 1)
        head.addWidget(QLabel(self.tr("Seed")))
        head.addWidget(self._seed)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(8)
        self._shape.setPlaceholderText(self.tr("such as 16x16x10"))
        self._count.setPlaceholderText(self.tr("such as 490"))
        form.addRow(self.tr("Output shape"), self._shape)
        form.addRow(self.tr("Parameters"), self._count)
        buttons = QHBoxLayout()
        buttons.addWidget(self._check)
        buttons.addWidget(self._table)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._asked)
        column.addLayout(form)
        column.addLayout(buttons)
        column.addWidget(self._verdict)
        column.addWidget(self._solution)
        column.addStretch(1)
        column.addWidget(self._told)

    @property
    def question(self) -> Question:
        """The one that is asked now."""
        level: Level = self._level.currentData()
        return question(level, int(self._seed.value()), self._number)

    def begin(self) -> None:
        """Start anew with the level and the seed that are chosen."""
        self.score, self._number = Score(), 0
        self._ask()

    def go_on(self) -> None:
        """Mark the answer, or ask the next question if that has been done."""
        if self._marked:
            self._number += 1
            self._ask()
            self._shape.setFocus()
            return
        try:
            shape, count = parsed_shape(self._shape.text()), parsed_count(self._count.text())
        except InputError as error:
            self._tell_verdict(str(error), good=False)
            return
        self._mark(shape == self.question.shape, count == self.question.parameters)

    def _ask(self) -> None:
        self._marked = False
        asked = self.question
        rows = "".join(f"<li>{html.escape(self._described(layer))}</li>" for layer in asked.layers)
        text = self.tr("Question {number}. {shape} goes into:")
        begin = text.format(number=self._number + 1, shape=shape_text(asked.inputs))
        self._asked.setText(f"<b>{begin}</b><ul style='margin:4px 0 0 -20px'>{rows}</ul>")
        for field in (self._shape, self._count):
            field.clear()
            field.setReadOnly(False)
        self._solution.clear()
        self._verdict.clear()
        self._check.setText(self.tr("Check"))
        self._tell_score()

    def _mark(self, shape_right: bool, count_right: bool) -> None:
        self._marked = True
        self.score = self.score.marked(shape_right and count_right)
        asked = self.question
        verdicts = ((shape_right, self.tr("Output shape")), (count_right, self.tr("Parameters")))
        words = "   ".join(f"{_CHECK if right else _CROSS} {name}" for right, name in verdicts)
        self._tell_verdict(words, good=shape_right and count_right)
        answer = self.tr("{shape} and {count} parameters")
        lines = [f"<p>{answer.format(shape=shape_text(asked.shape), count=f'{asked.parameters:,}')}</p>"]
        for layer, (output, parameters) in zip(asked.layers, asked.solution(), strict=True):
            way = self.tr("Output {output}\nParameters {parameters}").format(output=output, parameters=parameters)
            steps = html.escape(way).replace("\n", "<br>")
            lines.append(f"<p style='margin-top:6px'><b>{html.escape(self._described(layer))}</b><br>{steps}</p>")
        self._solution.setText("".join(lines))
        for field in (self._shape, self._count):
            field.setReadOnly(True)
        self._check.setText(self.tr("Next"))
        self._tell_score()

    def _described(self, layer: Layer) -> str:
        """Write a layer as a question puts it."""
        window = self.tr("{kernel}, stride {stride}, {padding} padding").format(
            kernel=shape_text((layer.kernel, layer.kernel)),
            stride=layer.stride,
            padding=self.tr("same") if layer.padding == "same" else self.tr("valid"),
        )
        words = {
            "conv": self.tr("Convolution: {size} filters, {window}"),
            "pool": self.tr("Pooling: {window}"),
            "average": self.tr("Global average pooling"),
            "dense": self.tr("Dense: {size} units"),
            "batch-norm": self.tr("Batch normalisation"),
            "flatten": self.tr("Flatten"),
            "activation": self.tr("Activation"),
            "dropout": self.tr("Dropout"),
        }
        return words[layer.kind].format(size=layer.size, window=window)

    def _tell_verdict(self, text: str, *, good: bool) -> None:
        self._verdict.setText(text)
        set_role(self._verdict, "title" if good else "error")

    def _tell_score(self) -> None:
        text = self.tr("{right} of {asked} right, {streak} in a row, best {best}")
        score = self.score
        self._told.setText(text.format(right=score.right, asked=score.asked, streak=score.streak, best=score.best))

    def _show(self) -> None:
        self.shown.emit(self.question)
