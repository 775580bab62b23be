"""The sample sheets of several runs side by side, all at the same step of training."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from gendesk.app.chart_previews import texts_of
from gendesk.app.music.score_view import pieces_of
from gendesk.app.runs.compare_steps import PageWords, RunPane, StepsPage
from gendesk.engine.comparison import RunReading, sample_names
from gendesk.engine.preview import ChartPreview, ImagePreview, ScorePreview, TextPreview
from gendesk.engine.samples import load_chart_preview, load_image_preview
from gendesk.studios.music.score_player import Piece, ScorePlayer
from gendesk.widgets.pictures.image_grid import ImageGrid
from gendesk.widgets.text.sheet import TextSheet


class SheetPane(RunPane):
    """The pictures, texts or pieces of music of one run."""

    def __init__(self, name: str, index: int, metadata: Mapping[str, str], parent: QWidget | None = None) -> None:
        self.grid = ImageGrid()
        self.texts = TextSheet()
        self.music = ScorePlayer()
        self._stack = QStackedWidget()
        for page in (self.grid, self.texts, self.music):
            self._stack.addWidget(page)
        super().__init__(name, index, self._stack, parent)
        self.grid.set_metadata(metadata)
        self.setAccessibleName(self.tr("Samples of {run}").format(run=name))

    def show_saved(self, saved: Any) -> None:
        if isinstance(saved, TextPreview):
            self.texts.set_texts(texts_of(saved))
            self._stack.setCurrentWidget(self.texts)
            return
        if isinstance(saved, ScorePreview):
            self._show_pieces(pieces_of(saved))
            return
        self._stack.setCurrentWidget(self.grid)
        if isinstance(saved, ImagePreview):
            self.grid.set_images(saved.images, saved.columns, saved.captions, saved.row_titles)
            return
        self.grid.set_empty_text(saved or self.tr("This run has saved no such samples up to this step."))
        self.grid.set_images(self.grid.view.images[:0])

    def _show_pieces(self, pieces: Sequence[Piece]) -> None:
        """Show pieces; those that are shown already go on playing when the runs are read again."""
        if [piece.score for piece in pieces] != [piece.score for piece in self.music.pieces]:
            self.music.set_pieces(pieces)
        self._stack.setCurrentWidget(self.music)


class SamplesPage(StepsPage):
    """A sheet of pictures, texts or pieces of music for each run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        words = PageWords(
            self.tr("Samples"),
            self.tr("Which of the saved pictures, texts or pieces of music are shown"),
            self.tr("Pictures, texts and music appear here when one of the runs has saved some."),
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
        return load_sheet


def load_sheet(path: Path) -> ImagePreview | ChartPreview:
    """Read the pictures, texts or pieces of a run; raises StoredDataError."""
    return load_image_preview(path) if path.suffix == ".png" else load_chart_preview(path)
