"""One card of the failure gallery: what happens, what it looks like, and a button that provokes it."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gendesk.widgets.translation import translated

from ..doctor.failures import SHORT, Failure
from .failures_sketch import SketchView


class FailureCard(QFrame):
    """`provoked` carries the settings that are to be changed in a new run."""

    provoked = Signal(dict)

    def __init__(self, failure: Failure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = failure.kind
        self._changes: Mapping[str, Any] = {}
        title = translated(failure.title)
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self.button = QPushButton(self.tr("Provoke in a New Run"))
        self.button.setAccessibleName(self.tr("Provoke: {title}").format(title=title))
        self.button.clicked.connect(self._provoke)
        buttons = QHBoxLayout()
        buttons.addWidget(self.button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(_words(title, "title"))
        column.addWidget(_words(translated(failure.happens)))
        column.addWidget(SketchView(failure.sketch, translated(failure.look_for)))
        column.addWidget(_words(self.tr("Look for: {signs}").format(signs=translated(failure.look_for)), "muted"))
        column.addWidget(_words(self.tr("How: {deed}").format(deed=translated(failure.deed)), "muted"))
        column.addStretch(1)
        column.addLayout(buttons)
        self.offer(None)

    def offer(self, changes: Mapping[str, Any] | None) -> None:
        """Let the failure be provoked by changes of settings; without any there is no run to change."""
        self._changes = changes or {}
        self.button.setEnabled(bool(self._changes))
        if not self._changes:
            self.button.setToolTip(self.tr("Train a run first: its settings are what is changed"))
            return
        start = self.tr("Train a new run with the settings of this one, and these changed:")
        own = [line for name, value in self._changes.items() if name not in SHORT and (line := _change(name, value))]
        length = self.tr("It lasts {steps} steps, and is looked at often.").format(steps=f"{self._changes['steps']:,}")
        self.button.setToolTip("\n".join([start, *own, length]))

    def _provoke(self) -> None:
        self.provoked.emit(dict(self._changes))


def _change(name: str, value: Any) -> str:
    title = translated(name.replace("_", " ").capitalize())
    return title if isinstance(value, list) else f"{title}: {value}"


def _words(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
