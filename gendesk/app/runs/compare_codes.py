"""The latent codes of several runs side by side, on the same axes: an autoencoder beside a variational one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from gendesk.app.runs.compare_steps import PageWords, RunPane, StepsPage
from gendesk.app.runs.compare_table import headers
from gendesk.engine.comparison import RunReading
from gendesk.engine.preview import P_VALUES, ScatterPreview
from gendesk.engine.samples import load_scatter_preview, preview_title, sample_path
from gendesk.widgets.latent.class_legend import ClassLegend
from gendesk.widgets.latent.framed_plane import FramedPlane
from gendesk.widgets.latent.geometry import P_WINDOW, FloatArray, Window, fitting_window


@dataclass(frozen=True)
class SavedPoints:
    """The rising steps at which a run has saved points of a plane, by the name of the preview, and their titles."""

    steps: Mapping[str, tuple[int, ...]]
    titles: Mapping[str, str]


def saved_points(samples: Path) -> SavedPoints:
    """Look up in the samples of a run where it has saved points."""
    found: dict[str, list[int]] = {}
    for path in samples.glob("*/*.npy"):
        if path.parent.name.isdecimal():
            found.setdefault(path.stem, []).append(int(path.parent.name))
    steps = {name: tuple(sorted(found[name])) for name in sorted(found)}
    newest = {name: sample_path(samples, rising[-1], name) for name, rising in steps.items()}
    return SavedPoints(steps, {name: preview_title(path) if path else name for name, path in newest.items()})


def load_points(path: Path) -> ScatterPreview:
    """Read the points of a run without the names of their classes; raises StoredDataError."""
    return load_scatter_preview(path, "", ())


class PointsPane(RunPane):
    """The points of one run. `classes` maps its labels (classes,) to those of all runs together."""

    def __init__(self, name: str, index: int, parent: QWidget | None = None) -> None:
        self.plane = FramedPlane()
        super().__init__(name, index, self.plane, parent)
        self.classes: NDArray[np.int64] = np.empty(0, np.int64)
        self.points: FloatArray = np.empty((0, 2))
        self.plane.setAccessibleName(self.tr("Points of {run}").format(run=name))
        self.plane.setToolTip(
            self.tr(
                "Each point is the code of a picture. Wheel zooms all runs, right or middle button drags them, a "
                "double click resets them."
            )
        )
        self.setAccessibleName(self.plane.accessibleName())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave no empty paper below a square plot."""
        super().resizeEvent(event)
        self.setMaximumHeight(self.height() - self.plane.height() + self.plane.square_height(self.width()))

    def show_saved(self, saved: Any) -> None:
        if not isinstance(saved, ScatterPreview):
            self.points = np.empty((0, 2))
            self.plane.empty_text = saved or self.tr("This run has saved no such points up to this step.")
            self.plane.clear()
            return
        finite = np.isfinite(saved.points).all(axis=1)
        self.points = saved.points[finite].astype(np.float64)
        self.plane.prior = None if saved.name == P_VALUES else np.zeros(2)  # it is even in the unit square
        self.plane.set_codes(self.points, self.shared_labels(saved.labels[finite]))

    def shared_labels(self, labels: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return labels (count,) as those of all runs; those of classes without a name have none."""
        table = np.append(self.classes, -1)
        return table[np.where((labels < 0) | (labels >= len(self.classes)), len(self.classes), labels)]


class CodesPage(StepsPage):
    """A plane for each run, all with the same axes and the same colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._points: Mapping[Path, SavedPoints] = {}
        self._named = False
        self._fitted: tuple[Any, ...] = ()
        self._window = fitting_window(np.empty((0, 2)))
        words = PageWords(
            self.tr("Points"),
            self.tr("Which of the saved points are shown: codes, or the share of the normal distribution below them"),
            self.tr(
                "Codes appear here when one of the runs has saved some, as autoencoders do whose code has two numbers "
                "or more."
            ),
        )
        super().__init__(words, parent)
        self.legend = ClassLegend()
        self.legend.setAccessibleName(self.tr("Classes"))
        self.legend.setToolTip(self.tr("A click on a class hides or shows its points in all runs"))
        self.legend.hidden_changed.connect(self._hide_classes)
        self.column.insertWidget(self.column.indexOf(self.timeline), self.legend)

    def set_readings(self, readings: Sequence[RunReading], points: Mapping[Path, SavedPoints]) -> None:
        """Show these runs, given where each has saved points; the chosen step stays, or the newest is followed."""
        self._points = points
        self.show_readings(readings)

    def make_pane(self, name: str, index: int, reading: RunReading) -> RunPane:  # noqa: ARG002 (for other pages)
        pane = PointsPane(name, index)
        pane.plane.window_changed.connect(partial(self._follow, pane.plane))
        return pane

    def saved_names(self, readings: Sequence[RunReading]) -> list[str]:
        names = {name for one in readings for name in self.saved_steps(one)}
        return sorted(names, key=lambda name: (name != "codes", name))

    def saved_steps(self, reading: RunReading) -> Mapping[str, Sequence[int]]:
        return self._of(reading).steps

    def saved_titles(self, reading: RunReading) -> Mapping[str, str]:
        return self._of(reading).titles

    def reader(self) -> Callable[[Path], Any]:
        return load_points

    @property
    def planes(self) -> list[PointsPane]:
        return [pane for pane in self.panes if isinstance(pane, PointsPane)]

    def _of(self, reading: RunReading) -> SavedPoints:
        return self._points.get(reading.run.folder, SavedPoints({}, {}))

    def prepare(self, readings: Sequence[RunReading]) -> None:
        """Give classes of the same name the same colour in all runs."""
        own = [tuple(getattr(one.run.record.data, "classes", ())) for one in readings]
        names = tuple(dict.fromkeys(name for classes in own for name in classes))
        for pane, classes in zip(self.planes, own, strict=True):
            pane.classes = np.array([names.index(name) for name in classes], np.int64)
        self._named = bool(names)
        self.legend.set_names(names)

    def _hide_classes(self, hidden: frozenset[int]) -> None:
        for pane in self.planes:
            pane.plane.hidden = hidden
            pane.plane.repaint_all()

    def _show(self) -> None:
        super()._show()
        self.legend.setVisible(self._named and bool(self.timeline.steps))
        if not self.missing():
            self._share_axes()

    def _share_axes(self) -> None:
        """Let all planes show what holds the points of every run; for the same choice it only ever grows."""
        choice = (self.preview.currentData(), *headers(self._readings))
        first, self._fitted = choice != self._fitted, choice
        everywhere = np.concatenate([np.empty((0, 2)), *(pane.points for pane in self.planes)])
        window = P_WINDOW if choice[0] == P_VALUES else fitting_window(everywhere)
        self._window = window if first else _around(window, self._window)
        for pane in self.planes:
            pane.plane.set_frame(self._window, reset=first)

    def _follow(self, plane: FramedPlane) -> None:
        """Take all planes where the person has taken one."""
        for pane in self.planes:
            pane.plane.show_window(plane.window_shown)


def _around(one: Window, other: Window) -> Window:
    """Return the least square that holds two, which is one of them where that holds the other."""
    left, bottom = min(one.left, other.left), min(one.bottom, other.bottom)
    right = max(one.left + one.span, other.left + other.span)
    top = max(one.bottom + one.span, other.bottom + other.span)
    return Window(left, bottom, max(right - left, top - bottom))
