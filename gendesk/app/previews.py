"""What a run shows of itself: a page for each preview, live during training and from the run's folder afterwards.

Which widget shows a preview follows from its kind, through `VIEWS`; recipes never choose widgets.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedLayout, QTabWidget, QWidget

from gendesk.app.chart_previews import ChartView, TextView, bars_view, heat_map_view, table_view
from gendesk.app.explain.explanation import explain_preview
from gendesk.engine.events import PreviewReady
from gendesk.engine.preview import (
    P_VALUES,
    BarsPreview,
    HeatMapPreview,
    ImagePreview,
    Preview,
    ScatterPreview,
    ScorePreview,
    TablePreview,
    TextPreview,
)
from gendesk.engine.runs import Run
from gendesk.engine.samples import (
    is_preview,
    load_chart_preview,
    load_image_preview,
    load_scatter_preview,
    preview_kind,
    preview_title,
    preview_words,
    sample_path,
    sample_steps,
)
from gendesk.errors import StoredDataError
from gendesk.widgets.explanation import ExplanationButton, rich_text
from gendesk.widgets.latent.scatter import Scatter
from gendesk.widgets.pictures.history import Frame, ImageHistory
from gendesk.widgets.translation import translated


class PreviewView(Protocol):
    """A page of the panel."""

    def widget(self) -> QWidget: ...

    def show_live(self, step: int, preview: Preview) -> None: ...

    def show_run(self, run: Run, name: str) -> None: ...


class SavedFrames:
    """The saved mosaics of one preview of a run, for the timeline."""

    def __init__(self, samples: Path, name: str) -> None:
        self._samples = samples
        self._name = name

    def steps(self) -> Sequence[int]:
        return sample_steps(self._samples, self._name)

    def frame(self, step: int) -> Frame | None:
        path = sample_path(self._samples, step, self._name)
        return None if path is None else frame_of(load_image_preview(path))


def frame_of(preview: ImagePreview) -> Frame:
    return Frame(preview.images, preview.columns, preview.captions, preview.row_titles)


class ImageView:
    """Image grids with their timeline."""

    def __init__(self, failed: Callable[[str], None]) -> None:
        self._history = ImageHistory()
        self._history.failed.connect(failed)

    def widget(self) -> QWidget:
        return self._history

    def show_live(self, step: int, preview: Preview) -> None:
        if isinstance(preview, ImagePreview):
            self._history.show_live(frame_of(preview), step)

    def show_run(self, run: Run, name: str) -> None:
        self._history.grid.set_metadata({"gendesk run": run.record.config.model_dump_json()})
        self._history.set_source(SavedFrames(run.samples, name))


class ScatterView:
    """Points of a plane; the newest ones."""

    def __init__(self, _failed: Callable[[str], None]) -> None:
        self._scatter = Scatter()

    def widget(self) -> QWidget:
        return self._scatter

    def show_live(self, _step: int, preview: Preview) -> None:
        if isinstance(preview, ScatterPreview):
            shares = preview.name == P_VALUES
            self._scatter.set_points(
                preview.points,
                preview.labels,
                preview.classes,
                unit_square=shares,
                prior=preview.prior,
                marked=preview.marked,
            )

    def show_run(self, run: Run, name: str) -> None:
        saved = newest_preview(run, name)
        if saved is not None:
            self.show_live(0, saved)


def score_view(failed: Callable[[str], None]) -> PreviewView:
    # Only here, so that a window opens without waiting for the player and the roll.
    from gendesk.app.music.score_view import ScoreView

    return ScoreView(failed)


VIEWS: dict[type, Callable[[Callable[[str], None]], PreviewView]] = {
    ImagePreview: ImageView,
    ScatterPreview: ScatterView,
    HeatMapPreview: heat_map_view,
    BarsPreview: bars_view,
    TablePreview: table_view,
    TextPreview: TextView,
    ScorePreview: score_view,
}


def load_preview(run: Run, path: Path) -> Preview:
    """Read a preview that a run has saved; raises StoredDataError."""
    match path.suffix:
        case ".png":
            return load_image_preview(path)
        case ".npy":
            classes = getattr(run.record.data, "classes", ())
            return load_scatter_preview(path, preview_title(path), classes)
        case _:
            return load_chart_preview(path)


def newest_preview(run: Run, name: str) -> Preview | None:
    """Return the newest preview of a name that a run has saved, or None."""
    steps = sample_steps(run.samples, name)
    path = sample_path(run.samples, steps[-1], name) if steps else None
    return None if path is None else load_preview(run, path)


def newest_previews(run: Run) -> Iterator[Preview]:
    """Yield what a run has saved at its newest step, in the order of the writing; raises StoredDataError."""
    for path in _newest_files(run):
        yield load_preview(run, path)


class PreviewsPanel(QWidget):
    """Tabs of previews; empty until a run shows something."""

    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views: dict[str, PreviewView] = {}
        self._descriptions: dict[str, str] = {}
        self._tabs = QTabWidget(documentMode=True)
        self._tabs.setAccessibleName(self.tr("Previews"))
        self.explanation = ExplanationButton()
        self._tabs.setCornerWidget(self.explanation)
        self._tabs.currentChanged.connect(self._explain_current)
        hint = QLabel(self.tr("Pictures of the model at work appear here. Press Start to train it."))
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setProperty("role", "muted")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(hint)
        self._stack.addWidget(self._tabs)

    @property
    def names(self) -> Sequence[str]:
        return tuple(self._views)

    def show_live(self, event: PreviewReady) -> None:
        preview = event.preview
        view = self._view(preview.name, preview.title, type(preview))
        self._describe(preview.name, preview.description)
        if not event.passing:
            view.show_live(event.step, preview)
        elif isinstance(view, ChartView):
            view.show_passing(preview)

    def show_run(self, run: Run | None) -> None:
        """Show what a run has saved; None empties the panel."""
        current = self._tabs.tabText(self._tabs.currentIndex())
        with QSignalBlocker(self._tabs):
            self._tabs.clear()
        for view in self._views.values():
            view.widget().deleteLater()
        self._views.clear()
        self._descriptions.clear()
        self._stack.setCurrentIndex(0)
        self._explain_current()
        if run is None:
            return
        for path in _newest_files(run):
            self._show_saved(run, path)
        for index in range(self._tabs.count()):
            if self._tabs.tabText(index) == current:
                self._tabs.setCurrentIndex(index)

    def _show_saved(self, run: Run, path: Path) -> None:
        """Open the page of a saved preview; a damaged one is told, and keeps no other from being shown."""
        try:
            kind, (title, description) = preview_kind(path), preview_words(path)
        except StoredDataError as error:
            self.failed.emit(str(error))
            return
        self._view(path.stem, title, kind).show_run(run, path.stem)
        self._describe(path.stem, description)

    def _view(self, name: str, title: str, kind: type) -> PreviewView:
        if name not in self._views:
            view = VIEWS[kind](self.failed.emit)
            self._views[name] = view
            self._tabs.addTab(view.widget(), translated(title))
            self._stack.setCurrentIndex(1)
        return self._views[name]

    def _describe(self, name: str, description: str) -> None:
        """Keep what a preview says of itself, and show it on its tab; it is the same at every step."""
        if self._descriptions.get(name) != description:
            self._descriptions[name] = description
            tip = rich_text(explain_preview(description)[:1])
            self._tabs.setTabToolTip(self._tabs.indexOf(self._views[name].widget()), tip)
            self._explain_current()

    def _explain_current(self, _index: int = 0) -> None:
        index = self._tabs.currentIndex()
        name = list(self._views)[index] if 0 <= index < len(self._views) else ""
        paragraphs = explain_preview(self._descriptions.get(name, ""))
        self.explanation.set_explanation(self._tabs.tabText(index), paragraphs)


def _newest_files(run: Run) -> list[Path]:
    steps = sorted(path for path in run.samples.glob("*") if path.name.isdigit())
    files = filter(is_preview, steps[-1].iterdir()) if steps else ()
    return sorted(files, key=lambda path: path.stat().st_mtime_ns)
