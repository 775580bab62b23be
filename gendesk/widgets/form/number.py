"""A spin box for numbers as people write them: 128, 0.0005, 5e-4, with a unit behind them."""

import math
import re
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

_CHARACTERS = re.compile(r"[-+0-9.,eE]*")


def number_text(value: float) -> str:
    """Write a number with no more digits than it needs: 0.0005, 5e-5, 3, 1e16."""
    text = repr(value).removesuffix(".0")
    mantissa, has_exponent, exponent = text.partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}" if has_exponent else text


def stepped(value: float, steps: int) -> float:
    """Count a number up or down in its first digit: 0.0005 to 0.0006, 0.001 to 0.0009, 20 to 30; from 0 to 0.1."""
    number = Decimal(repr(value))
    for _ in range(abs(steps)):
        exponent = number.adjusted() if number else -1
        # Towards zero, 0.001 steps to 0.0009 and not to 0.
        if number and (number > 0) != (steps > 0) and abs(number) == Decimal(1).scaleb(exponent):
            exponent -= 1
        number += Decimal(1 if steps > 0 else -1).scaleb(exponent)
    return float(number)


class NumberSpin(QAbstractSpinBox):
    """Edits one number between `minimum` and `maximum`; integers have no upper limit of 32 bits.

    `edited` follows a change by the person (on Enter, on leaving the field, on each step); `refused` carries a sentence
    when what was typed lay outside the range and was moved to its edge.
    """

    edited = Signal()
    refused = Signal(str)

    def __init__(
        self,
        minimum: float | None = None,
        maximum: float | None = None,
        *,
        unit: str = "",
        whole: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._minimum = -math.inf if minimum is None else minimum
        self._maximum = math.inf if maximum is None else maximum
        self._unit = unit
        self._whole = whole
        self._value: float = 0
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.editingFinished.connect(self._commit)
        self.set_value(self._nearest(0))

    def value(self) -> int | float:
        """Return the number, also while it is being typed; the last good one where the text is none in the range."""
        number = self._parsed(self.text())
        return number if number is not None and number == self._nearest(number) else self._value

    def set_value(self, value: float) -> None:
        self._value = int(value) if self._whole else float(value)
        text = self._shown()
        if text != self.text():
            self.lineEdit().setText(text)
            self.lineEdit().setCursorPosition(0)

    def _shown(self) -> str:
        text = number_text(self._value)
        return f"{text} {self._unit}" if self._unit else text

    def _parsed(self, text: str) -> int | float | None:
        try:
            number = float(self._bare(text).replace(",", "."))
        except ValueError:
            return None
        if not math.isfinite(number):
            return None
        if not self._whole:
            return number
        digits = self._bare(text)
        return int(digits) if re.fullmatch(r"[-+]?\d+", digits) else int(number) if number.is_integer() else None

    def _bare(self, text: str) -> str:
        return text.removesuffix(self._unit).strip()

    def _nearest(self, number: float) -> float:
        nearest = min(max(number, self._minimum), self._maximum)
        return int(nearest) if self._whole else nearest

    def _commit(self) -> None:
        number = self._parsed(self.text())
        wanted = self._value if number is None else number
        nearest = self._nearest(wanted)
        changed = nearest != self._value
        self.set_value(nearest)
        if changed:
            self.edited.emit()
        if nearest != wanted:
            limit = f"{number_text(nearest)} {self._unit}".strip()
            sentence = self.tr("At most {limit}.") if wanted > nearest else self.tr("At least {limit}.")
            self.refused.emit(sentence.format(limit=limit))

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        bare = self._bare(text)
        if not _CHARACTERS.fullmatch(bare):
            return QValidator.State.Invalid, text, position
        number = self._parsed(text)
        good = number is not None and number == self._nearest(number)
        return (QValidator.State.Acceptable if good else QValidator.State.Intermediate), text, position

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:  # noqa: N802 (Qt's name)
        flags = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self.value() > self._minimum:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        if self.value() < self._maximum:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        return flags

    def stepBy(self, steps: int) -> None:  # noqa: N802 (Qt's name)
        value = self.value()
        before, self._value = self._value, value
        self.set_value(self._nearest(value + steps if self._whole else stepped(value, steps)))
        if self._value != before:
            self.edited.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A form is scrolled with the wheel: what passes under the mouse must not change.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
