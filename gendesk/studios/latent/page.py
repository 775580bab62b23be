"""What every page of the latent studio is."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from gendesk.engine.latent.survey import Survey
from gendesk.engine.preview import Preview
from gendesk.studios.latent.workspace import Ask, Workspace


class LatentPage(QWidget):
    """One thing to do in a latent space. `name` is that of its questions and of its state in the workspace.

    A page listens to the workspace's signals for the shared point, and asks the model with `ask`.
    """

    name: ClassVar[str]

    def __init__(self, workspace: Workspace, ask: Ask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self._ask = ask

    @property
    def title(self) -> str:
        """What the tab is called."""
        raise NotImplementedError

    @property
    def tip(self) -> str:
        """What one can do here, in a sentence without a full stop."""
        raise NotImplementedError

    def suits(self, _survey: Survey) -> bool:
        """Return whether a model offers what the page needs; the tab is hidden otherwise."""
        return True

    def settings(self) -> Mapping[str, object]:
        """Return what the page is set to, in plain values that JSON knows: pictures saved from it tell of it."""
        return {}

    def ask(
        self, asker: str, operation: Callable[..., Any], argument: Any, *, data: bool = False, slow: bool = False
    ) -> None:
        """Have `operation(model, argument)` computed for `on_answer`, see Studio.ask."""
        self._ask(f"{self.name}: {asker}", operation, argument, data=data, slow=slow)

    def on_answer(self, asker: str, argument: Any, result: Any) -> None:
        """Take the newest answer to what this page has asked."""

    def on_failure(self, _asker: str, sentence: str) -> None:
        """Hear why a question has no answer; what is said here is shown to the person."""
        self.workspace.failed.emit(sentence)

    def show_preview(self, preview: Preview) -> None:
        """Take a preview of the run."""

    def model_changed(self) -> None:
        """Hear that the model has been trained further, while this page is seen."""
