"""What every studio is: an interactive panel that a family's manifest names and that opens on a run's model."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gendesk.engine.preview import Preview
from gendesk.studios.session import ModelSession


class Studio(QWidget):
    """An interactive panel. Whoever shows a run gives it the run's session, and the previews as they come.

    A studio that needs no model works from the start; every other says what will appear. Previews of a run come after
    its session, the saved ones first.
    """

    failed = Signal(str)
    new_run_wanted = Signal(dict)  # the settings, by field, that a new run like this one is to have changed
    studio_wanted = Signal(str, object)  # the id of another studio of the family, and what that is to `visit`

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session: ModelSession | None = None

    def set_session(self, session: ModelSession | None) -> None:
        """Open the studio on another model, or close it with None."""
        if self.session is not None:
            self.session.answered.disconnect(self._take_answer)
            self.session.failed.disconnect(self._take_failure)
        self.session = session
        if session is not None:
            session.answered.connect(self._take_answer)
            session.failed.connect(self._take_failure)
        self.on_session()

    def ask(
        self, asker: str, operation: Callable[..., Any], argument: Any, *, data: bool = False, slow: bool = False
    ) -> None:
        """Have `operation(model, argument)` computed for `on_answer`; without a session nothing happens.

        `asker` names the question within this studio: a newer one of the same name takes the older one's place.
        With `data` it is `operation(model, data, argument)`, with a RunData; what takes seconds is `slow`.
        """
        if self.session is not None:
            self.session.ask(f"{self._prefix}{asker}", operation, argument, data=data, slow=slow)

    @property
    def _prefix(self) -> str:
        """What the names of this studio's questions begin with, among those of all studios on the model."""
        return f"{type(self).__qualname__}: "

    def _take_answer(self, asker: str, argument: object, result: object) -> None:
        if asker.startswith(self._prefix):
            self.on_answer(asker.removeprefix(self._prefix), argument, result)

    def _take_failure(self, asker: str, sentence: str) -> None:
        if asker.startswith(self._prefix):
            self.on_failure(asker.removeprefix(self._prefix), sentence)

    def show_preview(self, preview: Preview) -> None:
        """Take a preview of the run: its newest pictures and points are what most studios work on."""

    def visit(self, what: object) -> None:
        """Show something that another studio has pointed out; what it may be is for the two to know."""

    def model_changed(self) -> None:
        """Hear that the model has been trained further, with every set of previews."""

    def on_session(self) -> None:
        """Begin anew: `self.session` is another one, or None."""

    def on_answer(self, asker: str, argument: object, result: object) -> None:
        """Take the newest answer to what this studio has asked."""

    def on_failure(self, _asker: str, sentence: str) -> None:
        """Hear why a question has no answer; what is said here is shown to the person."""
        self.failed.emit(sentence)
