"""The sample sheets of several runs side by side, all at the same step of training."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from gendesk.app.runs.compare_steps import PageWords, RunPane, StepsPage
from gendesk.engine.comparison import RunReading, sample_names
from gendesk.engine.preview import ImagePreview
from gendesk.engine.samples import load_image_preview
from gendesk.widgets.pictures.image_grid import ImageGrid


class SheetPane(RunPane):
    """The pictures of one run."""

    def __init__(self, name: str, index: int, metadata: Mapping[str, str], parent: QWidget | None = None) -> None:
        self.grid = ImageGrid()
        super().__init__(name, index, self.grid, parent)
        self.grid.set_metadata(metadata)
        self.setAccessibleName(self.tr("Pictures of {run}").format(run=name))

    def show_saved(self, saved: Any) -> None:
        if isinstance(saved, ImagePreview):
            self.grid.set_images(saved.images, saved.columns, saved.captions, saved.row_titles)
            return
        self.grid.set_empty_text(saved or self.tr("This run has saved no such pictures up to this step."))
        self.grid.set_images(self.grid.view.images[:0])


class SamplesPage(StepsPage):
    """A sheet of pictures for each run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        words = PageWords(
            self.tr("Pictures"),
            self.tr("Which of the saved pictures are shown"),
            self.tr("Pictures appear here when one of the runs has saved some."),
        )
        super().__init__(words, parent)

    def set_readings(self, readings: Sequence[RunReading]) -> None:
        """Show these runs; the chosen step stays, or the newest is followed."""
        self.show_readings(readings)

    def make_pane(self, name: str, index: int, reading: RunReading) -> RunPane:
        pane = SheetPane(name, index, {"gendesk run": reading.run.record.config.model_dump_json()})
        pane.grid.failed.connect(self.failed)
        return pane

    def saved_names(self, readings: Sequence[RunReading]) -> list[str]:
        return sample_names(readings)

    def saved_steps(self, reading: RunReading) -> Mapping[str, Sequence[int]]:
        return reading.sheets

    def saved_titles(self, reading: RunReading) -> Mapping[str, str]:
        return reading.sheet_titles

    def reader(self) -> Callable[[Path], Any]:
        return load_image_preview
