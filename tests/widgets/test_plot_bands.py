"""Bands, dots and lines in pieces: how a plot shows what comes by generations."""

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gendesk.widgets.plot.bands import area_between, pauses, range_at
from gendesk.widgets.plot.curve_buffer import CurveBuffer
from gendesk.widgets.plot.loss_plot import LossPlot
from gendesk.widgets.plot.ticks import axis_ticks
from gendesk.widgets.theme import apply_theme, current_colors

STEPS = np.arange(1.0, 41)
MEANS = 10 * STEPS


@pytest.fixture
def plot(qtbot: QtBot) -> LossPlot:
    """A shown plot of scores: dots every fifth step, and means with a band from 50 below to 100 above."""
    plot = LossPlot("Score")
    qtbot.addWidget(plot)
    plot.resize(700, 300)
    plot.add_curve("score", "Evaluated", "dots")
    plot.add_curve("mean", "Mean", "pieces")
    plot.add_edge("lowest", "Worst", "mean")
    plot.add_edge("highest", "Best", "mean")
    plot.set_history("score", STEPS[4::5], MEANS[4::5] - 30)
    fill(plot, STEPS, MEANS)
    plot.show()
    qtbot.waitExposed(plot)
    settle(qtbot, plot)
    return plot


def fill(plot: LossPlot, steps: NDArray[np.float64], means: NDArray[np.float64]) -> None:
    for name, shift in (("mean", 0), ("lowest", -50), ("highest", 100)):
        plot.set_history(name, steps, means + shift)


def settle(qtbot: QtBot, plot: LossPlot) -> None:
    for _ in range(2):
        qtbot.waitUntil(lambda: not plot._timer.isActive(), timeout=5000)
        QApplication.processEvents()


def buffer_of(steps: NDArray[np.float64], values: NDArray[np.float64]) -> CurveBuffer:
    buffer = CurveBuffer()
    buffer.append(steps, values)
    while not buffer.catch_up(10_000):
        pass
    return buffer


def color_at(plot: LossPlot, step: float, value: float) -> QColor:
    picture = plot.canvas.grab().toImage()
    box, ((left, right), (low, high)) = plot.canvas.box_area(), plot.canvas.shown_range()
    x = box.left() + (step - left) / (right - left) * box.width()
    y = box.bottom() - (value - low) / (high - low) * box.height()
    ratio = picture.devicePixelRatio()
    return picture.pixelColor(round(x * ratio), round(y * ratio))


def test_a_band_reaches_from_one_edge_to_the_other_and_is_kept_in_view(plot: LossPlot) -> None:
    steps, low, high = plot.canvas.drawn_band("mean")
    assert steps.tolist() == STEPS.tolist()
    assert (low.tolist(), high.tolist()) == ((MEANS - 50).tolist(), (MEANS + 100).tolist())
    bottom, top = plot.canvas.shown_range()[1]
    assert bottom < MEANS[0] - 50 < MEANS[-1] + 100 < top
    assert plot.canvas.drawn("mean")[0][0].size == 0  # a mean of many is not averaged again


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_band_is_painted_in_the_colour_of_its_curve(plot: LossPlot, qtbot: QtBot, scheme: str) -> None:
    apply_theme(QApplication.instance(), scheme)  # type: ignore[arg-type]
    settle(qtbot, plot)
    inside, outside = color_at(plot, 22.5, 225 + 60), color_at(plot, 22.5, 225 + 130)
    assert outside == QColor(current_colors().surface)
    curve = QColor(plot._curves["mean"].color)
    assert inside != outside
    assert abs(inside.hslHue() - curve.hslHue()) < 12
    apply_theme(QApplication.instance(), "light")  # type: ignore[arg-type]


def test_the_legend_tells_the_band_and_has_no_entries_for_its_edges(plot: LossPlot, qtbot: QtBot) -> None:
    assert list(plot.legend.entries) == ["score", "mean"]
    entry = plot.legend.entries["mean"]
    assert entry.value == "400.0 (350.0 to 500.0)"
    assert entry.toolTip() == "Mean: 400.0 at step 40; the band reaches from 350.0 to 500.0"
    box = plot.canvas.box_area()
    plot.canvas.mouse.hovered.emit(QPointF(box.left() + box.width() / 2, box.center().y()))
    step = float(plot.legend.step.removeprefix("Step "))
    assert entry.value.startswith(f"{10 * step:.1f} ({10 * step - 50:.1f} to")
    qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)
    settle(qtbot, plot)
    assert plot.canvas.drawn_band("mean")[0].size == 0


def test_single_measurements_are_big_dots(plot: LossPlot, qtbot: QtBot) -> None:
    color = QColor(plot._curves["score"].color)
    for step in (5, 20, 40):
        assert color_at(plot, step, 10 * step - 30) == color
    assert color_at(plot, 22.5, 225 - 30) != color  # only a faint line joins them
    assert plot.legend.entries["score"].value == "370.0"


def test_a_line_breaks_where_its_metric_pauses(plot: LossPlot, qtbot: QtBot) -> None:
    real = np.array([step for step in STEPS if (step - 1) // 5 % 2 == 0])
    fill(plot, real, 10 * real)
    settle(qtbot, plot)
    steps, values = plot.canvas.drawn("mean")[1]
    assert np.isnan(values).sum() == 3
    assert np.isnan(plot.canvas.drawn_band("mean")[1]).sum() == 3
    assert steps[np.isfinite(values)].tolist() == real.tolist()
    surface = QColor(current_colors().surface)
    assert color_at(plot, 8, 80 + 60) == surface
    assert color_at(plot, 13, 130 + 60) != surface


def test_a_metric_of_every_second_step_does_not_pause() -> None:
    edges = np.linspace(0, 40, 401)
    for every in (1, 2, 5):
        steps = STEPS[::every]
        assert pauses(buffer_of(steps, steps), steps, edges).size == 0
    uneven = np.array([1.0, 2, 5, 6, 9, 10])
    assert pauses(buffer_of(uneven, uneven), uneven, edges).tolist() == [2, 4]
    # In columns as wide as the pause nobody could see it.
    assert pauses(buffer_of(uneven, uneven), uneven, np.linspace(0, 2000, 401)).size == 0


def test_a_band_lies_where_both_edges_have_values() -> None:
    lower, upper = buffer_of(STEPS, MEANS), buffer_of(STEPS[:20], MEANS[:20] + 5)
    edges = np.linspace(0, 41, 301)
    steps, low, high = area_between([upper, lower], edges)
    assert steps.tolist() == STEPS[:20].tolist()
    assert ((high - low) == 5).all()
    found = range_at([upper, lower], 10.0)
    assert found is not None
    assert (found.low, found.high) == (100.0, 105.0)
    assert range_at([upper, lower], 30.0) is None
    assert area_between([lower], edges)[0].size == 0


def test_the_band_of_many_values_keeps_the_extremes_of_each_column() -> None:
    steps = np.arange(50_000.0)
    noise = np.random.default_rng(3).random(50_000)
    noise[31_234] = 9
    _, low, high = area_between([buffer_of(steps, -noise), buffer_of(steps, noise)], np.linspace(0, 50_000, 301))
    assert len(low) <= 303
    assert (low.min(), high.max()) == (-9, 9)


def test_edges_are_saved_with_the_curves(plot: LossPlot, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(plot.saved):
        plot.save_csv(tmp_path / "values.csv")
    rows = list(csv.reader((tmp_path / "values.csv").read_text().splitlines()))
    assert rows[0] == ["step", "score", "mean", "lowest", "highest"]
    assert rows[1] == ["1", "", "10.0", "-40.0", "110.0"]
    assert rows[5] == ["5", "20.0", "50.0", "0.0", "150.0"]
    with qtbot.waitSignal(plot.saved):
        plot.save_png(tmp_path / "plot.png")
    assert (tmp_path / "plot.png").stat().st_size > 5_000


def test_a_curve_has_two_edges_at_most(plot: LossPlot) -> None:
    with pytest.raises(ValueError, match="two edges"):
        plot.add_edge("middle", "Middle", "mean")
    with pytest.raises(ValueError, match="already"):
        plot.add_edge("mean", "Mean", "score")
    with pytest.raises(KeyError):
        plot.add_edge("edge", "Edge", "nothing")


def test_a_far_level_leaves_the_curves_their_room_until_they_come_near(plot: LossPlot, qtbot: QtBot) -> None:
    before = plot.canvas.shown_range()
    plot.set_level(3000.0, "solved")
    settle(qtbot, plot)
    assert plot.canvas.shown_range() == before
    assert plot.canvas._level is not None
    assert plot.canvas._level[1] == "solved: 3,000"
    fill(plot, STEPS, MEANS * 4)
    settle(qtbot, plot)
    assert plot.canvas.shown_range()[1][1] > 3000
    assert plot.canvas._level[1] == "solved"


def test_an_axis_has_more_than_one_number() -> None:
    assert [text for _, text in axis_ticks(0.1, 63.0, 3, log=False).major] == ["20", "40", "60"]
