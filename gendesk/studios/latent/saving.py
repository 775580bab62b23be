"""Saving from the pages of the latent studio: the button of all studios, which adds the point to what files tell.

    save = SaveButton(workspace, self._result)  # Callable[[], Result | None]

    def _result(self) -> Result | None:
        return Result(frames, self.name, self.settings())  # frames uint8 (count, height, width, channels)

A result without a code is that of the workspace's point.
"""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from gendesk.studios.latent.workspace import Workspace
from gendesk.studios.saving import Result, RunFolder, SavingButton, plain_numbers

__all__ = ["LATENT_KEY", "Result", "SaveButton", "plain_numbers"]

LATENT_KEY = "gendesk latent"
"""The text of a PNG that says how it was made in the latent studio, as JSON: also page, code, mix and settings."""


class SaveButton(SavingButton):
    """Saves for a workspace, whose studio has a RunFolder; what goes wrong is told by `workspace.failed`."""

    key: ClassVar[str] = LATENT_KEY

    def __init__(
        self, workspace: Workspace, result: Callable[[], Result | None], parent: QWidget | None = None
    ) -> None:
        self._workspace = workspace
        super().__init__(result, self._run_folder, parent)
        self.failed.connect(workspace.failed)

    def _run_folder(self) -> Path | None:
        found = self._workspace.findChild(RunFolder)
        return found.path if isinstance(found, RunFolder) else None

    def _facts(self, result: Result) -> dict[str, object]:
        mix = self._workspace.mix
        point = {"code": plain_numbers(self._workspace.code), "mix": [] if mix is None else plain_numbers(mix)}
        return {**point, **super()._facts(result)}
