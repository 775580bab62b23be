"""What the family's studios on a live model share: they learn what its tokens are, and stand beside or below."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QDoubleSpinBox, QFormLayout, QLabel, QSpinBox, QWidget

from gendesk.data.dataset import TextInfo
from gendesk.data.text.tokens import Tokenizer, tokenizer_of
from gendesk.engine.text.writing import describe
from gendesk.studios.studio import Studio
from gendesk.widgets.text_tools.spelling import visible

_MOST_UNKNOWN = 12
_STRONGEST = 8.0  # bits of surprise with the strongest colour: a chance of 1 in 256
WIDE = 760  # logical pixels from which the parts stand side by side


class TextStudio(Studio):
    """Learns what a model's tokens are (`info`, `tokenizer`) and calls `begin` with it; `forget` empties the studio.

    The parts lie in `box`, one below the other, or side by side where there is room.
    """

    info: TextInfo | None = None
    tokenizer: Tokenizer | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self.box.setContentsMargins(4, 4, 4, 4)
        self.box.setSpacing(8)

    def begin(self) -> None:
        """Hear that `info` and `tokenizer` are there, of a model that is opened now."""

    def forget(self) -> None:
        """Empty what the last model said."""

    def model_trained(self) -> None:
        """Hear that the model has been trained further."""

    def answered(self, asker: str, argument: Any, result: Any) -> None:
        """Take an answer to what the studio has asked."""

    def arrange(self, *, wide: bool) -> None:
        """Place the parts for a wide or for a narrow panel."""
        self.box.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self.box.setSpacing(16 if wide else 8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.arrange(wide=self.width() >= WIDE)
        super().resizeEvent(event)

    def on_session(self) -> None:
        self.info = self.tokenizer = None
        self.forget()
        self.ask("facts", describe, None)

    def model_changed(self) -> None:
        if self.info is None:
            self.ask("facts", describe, None)
        else:
            self.model_trained()

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        if asker == "facts":
            if result != self.info:
                self.info, self.tokenizer = result, tokenizer_of(result)
                self.begin()
        elif self.info is not None:
            self.answered(asker, argument, result)


class UnknownNote(QLabel):
    """Points out what of a text a model has no tokens for; hidden where it knows all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "error")
        self.setWordWrap(True)
        self.hide()

    def check(self, tokenizer: Tokenizer | None, text: str) -> None:
        """Look a text through with the model's tokenizer."""
        unknown = tokenizer.unknown(text) if tokenizer is not None else ()
        shown = ", ".join(visible(one) for one in unknown[:_MOST_UNKNOWN])
        more = self.tr(" and {count} more").format(count=len(unknown) - _MOST_UNKNOWN)
        said = self.tr("The model does not know: {symbols}").format(symbols=shown)
        self.setText(said + (more if len(unknown) > _MOST_UNKNOWN else ""))
        self.setVisible(bool(unknown))


def tints(bits: NDArray[np.float64]) -> list[float]:
    """Return how strongly pieces are tinted that surprised the model by so many bits (pieces,): from 0 to -1."""
    return [float(share) for share in -np.minimum(bits / _STRONGEST, 1)]


def surprise(chances: ArrayLike) -> NDArray[np.float64]:
    """Return the surprise in bits at tokens that had such probabilities."""
    return np.asarray(-np.log2(np.maximum(chances, 1e-12)))


def whole(name: str, tip: str, low: int, high: int, value: int) -> QSpinBox:
    """Return a field for a whole number."""
    box = QSpinBox(minimum=low, maximum=high, value=value)
    _tell(box, name, tip)
    return box


def decimal(name: str, tip: str, low: float, high: float, value: float, step: float = 0.1) -> QDoubleSpinBox:
    """Return a field for a number with two digits behind the point."""
    box = QDoubleSpinBox(minimum=low, maximum=high, value=value, singleStep=step, decimals=2)
    _tell(box, name, tip)
    return box


def _tell(box: QSpinBox | QDoubleSpinBox, name: str, tip: str) -> None:
    box.setAccessibleName(name)
    box.setToolTip(tip)
    box.setKeyboardTracking(False)


def labelled(form: QFormLayout, field: QWidget) -> None:
    """Add a field under its accessible name."""
    label = QLabel(field.accessibleName())
    label.setBuddy(field)
    form.addRow(label, field)


def note(parent: QWidget | None = None, role: str = "muted") -> QLabel:
    """Return a label of words beside the matter, which wraps."""
    label = QLabel(parent)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label
