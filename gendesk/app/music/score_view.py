"""The page for previews that are pieces of music."""

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtWidgets import QWidget

from gendesk.app.chart_previews import SavedCharts
from gendesk.engine.preview import Preview, ScorePreview
from gendesk.engine.runs import Run
from gendesk.studios.music.score_player import Piece, ScorePlayer
from gendesk.widgets.charts.history import ChartHistory


def pieces_of(preview: ScorePreview) -> tuple[Piece, ...]:
    """Return what a player shows of a preview; its captions are data."""
    count = len(preview.scores)
    captions = (*preview.captions, *[""] * count)[:count]
    chances = (*preview.chances, *[()] * count)[:count]
    return tuple(Piece(*parts) for parts in zip(preview.scores, captions, chances, strict=True))


class ScoreView:
    """Pieces of music with their timeline. A piece that plays is heard to its end before live ones take its place."""

    def __init__(self, failed: Callable[[str], None]) -> None:
        self._player = ScorePlayer()
        self._live = False
        # A player has all that a history asks of a chart, and is none.
        self._history = ChartHistory(cast(Any, self._player), self._show)
        self._history.failed.connect(failed)

    def widget(self) -> QWidget:
        return self._history

    def show_live(self, step: int, preview: Preview) -> None:
        if isinstance(preview, ScorePreview):
            self._live = True
            self._history.show_live(preview, step)
            self._live = False

    def show_run(self, run: Run, name: str) -> None:
        self._history.set_source(SavedCharts(run.samples, name))

    def _show(self, preview: Preview) -> None:
        if isinstance(preview, ScorePreview):
            self._player.set_pieces(pieces_of(preview), when_over=self._live)
