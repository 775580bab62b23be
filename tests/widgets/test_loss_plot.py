import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QSlider, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from gendesk.widgets.plot.curve_buffer import CurveBuffer
from gendesk.widgets.plot.loss_plot import LossPlot
from gendesk.widgets.plot.ticks import axis_ticks, step_text, value_text
from gendesk.widgets.theme import DARK, apply_theme

STEPS = np.arange(1.0, 5001)


@pytest.fixture
def plot(qtbot: QtBot) -> LossPlot:
    """A shown plot with the curve "total" over steps 1 to 5,000, falling from 9 to about 1."""
    plot = LossPlot("Loss", "nats")
    qtbot.addWidget(plot)
    plot.resize(700, 300)
    plot.add_curve("total", "Total")
    plot.set_history("total", STEPS, 1 + 8 * np.exp(-STEPS / 500))
    plot.show()
    qtbot.waitExposed(plot)
    settle(qtbot, plot)
    return plot


def settle(qtbot: QtBot, plot: LossPlot) -> None:
    """Wait until everything that was asked for is drawn."""
    qtbot.waitUntil(lambda: not plot._timer.isActive(), timeout=5000)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not plot._timer.isActive(), timeout=5000)


def area(plot: LossPlot) -> QWidget:
    return plot.canvas.mouse.area


def pixel(plot: LossPlot, across: float, down: float) -> QPoint:
    """A place in the drawing area, as shares of its width and height."""
    box = plot.canvas.box_area()
    return QPointF(box.left() + across * box.width(), box.top() + down * box.height()).toPoint()


def drag(qtbot: QtBot, plot: LossPlot, start: QPoint, end: QPoint) -> None:
    qtbot.mousePress(area(plot), Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(area(plot), (start + end) / 2)
    qtbot.mouseMove(area(plot), end)
    qtbot.mouseRelease(area(plot), Qt.MouseButton.LeftButton, pos=end)
    settle(qtbot, plot)


def wheel(plot: LossPlot, place: QPoint, notches: int, keys: Qt.KeyboardModifier) -> None:
    screen = QPointF(area(plot).mapToGlobal(place))
    turn = QPoint(0, 120 * notches)
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(QPointF(place), screen, QPoint(), turn, Qt.MouseButton.NoButton, keys, phase, False)
    QApplication.sendEvent(area(plot), event)


def x_range(plot: LossPlot) -> tuple[float, float]:
    return plot.canvas.shown_range()[0]


def y_range(plot: LossPlot) -> tuple[float, float]:
    return plot.canvas.shown_range()[1]


def raw_values(plot: LossPlot, name: str = "total") -> NDArray[np.floating]:
    return plot.canvas.drawn(name)[0][1]


def bold_values(plot: LossPlot, name: str = "total") -> NDArray[np.floating]:
    return plot.canvas.drawn(name)[1][1]


def caught_up(values: NDArray[np.floating], weight: float = 0.0) -> CurveBuffer:
    buffer = CurveBuffer(weight)
    buffer.append(np.arange(float(len(values))), values)
    while not buffer.catch_up(7_000):
        pass
    return buffer


@pytest.mark.parametrize("place", [0, 1, 49_999, 77_777, 99_998, 99_999])
@pytest.mark.parametrize("log", [False, True])
def test_no_extreme_is_lost_between_a_hundred_thousand_values(place: int, log: bool) -> None:
    values = np.random.default_rng(0).normal(size=100_000)
    values[place], values[99_999 - place] = 50, -60
    edges = np.geomspace(0.5, 1e5, 301) if log else np.linspace(-1000, 101_000, 301)
    [(steps, drawn)] = caught_up(values).lines(edges, averaged=False)
    assert len(drawn) <= 4 * 301
    assert drawn.max() == 50
    assert drawn.min() == -60
    assert abs(steps[drawn.argmax()] - place) <= np.diff(edges).max()
    assert (np.diff(steps) >= 0).all()


def test_every_column_holds_its_own_extremes() -> None:
    values = np.random.default_rng(1).normal(size=40_000).astype(np.float32)
    cuts = np.array([0, 3, 40, 41, 1000, 20_000, 20_001, 39_999, 40_000])
    low, high = caught_up(values)._raw.envelope(cuts)
    for number, (start, stop) in enumerate(pairwise(cuts.tolist())):
        margin = (stop - start) // 4
        around = values[max(start - margin, 0) : stop + margin]
        assert around.min() <= low[number] <= values[start:stop].min()
        assert around.max() >= high[number] >= values[start:stop].max()


def test_appending_in_pieces_draws_what_the_whole_draws() -> None:
    values = np.random.default_rng(2).normal(size=30_000)
    pieces = CurveBuffer(0.9)
    for start in range(0, 30_000, 1_250):
        pieces.append(np.arange(start, start + 1250), values[start : start + 1250])
        pieces.catch_up(500)
    while not pieces.catch_up(10_000):
        pass
    edges = np.linspace(0, 30_000, 200)
    whole = caught_up(values, 0.9)
    for mine, other in zip(pieces.lines(edges, averaged=True), whole.lines(edges, averaged=True), strict=True):
        assert np.allclose(mine, other)


def test_memory_per_value_is_bounded() -> None:
    for count in (4096, 4097, 100_000, 131_073):
        assert caught_up(np.zeros(count)).nbytes / count < 44


def test_values_after_a_resume_replace_the_tail(plot: LossPlot, qtbot: QtBot, tmp_path: Path) -> None:
    plot.append("total", [4001.0, 4002.0, 4001.5], [5.0, 6.0, 7.0])
    settle(qtbot, plot)
    with qtbot.waitSignal(plot.saved):
        plot.save_csv(tmp_path / "values.csv")
    rows = list(csv.reader((tmp_path / "values.csv").read_text().splitlines()))
    assert len(rows) == 1 + 4002
    assert rows[-3][0] == "4000"
    assert rows[-2:] == [["4001", "5.0"], ["4001.5", "7.0"]]
    assert plot.legend.step == "Step 4,001.5"
    fresh = caught_up(np.append(1 + 8 * np.exp(-STEPS[:4000] / 500), [5.0, 7.0]), plot.controls.options.smoothing)
    assert np.allclose(plot._curves["total"].buffer.averages, fresh.averages)


def test_arrays_that_do_not_fit_are_refused(plot: LossPlot) -> None:
    with pytest.raises(ValueError, match="length"):
        plot.append("total", [6000.0, 6001.0], [1.0])
    with pytest.raises(ValueError, match="finite"):
        plot.append("total", [np.nan], [1.0])
    with pytest.raises(KeyError):
        plot.append("unknown", [6000.0], [1.0])
    with pytest.raises(ValueError, match="total"):
        plot.add_curve("total", "Again")


def test_a_constant_series_is_drawn_constant(plot: LossPlot, qtbot: QtBot) -> None:
    plot.set_history("total", STEPS, np.full(5000, 0.1))
    settle(qtbot, plot)
    assert (bold_values(plot) == np.float32(0.1)).all()
    low, high = y_range(plot)
    assert low < 0.1 < high


def test_nan_and_infinity_are_gaps(plot: LossPlot, qtbot: QtBot) -> None:
    plot.set_history("total", [1, 2, 3, 4, 5], [2.0, np.nan, np.inf, 1e300, 4.0])
    settle(qtbot, plot)
    assert np.array_equal(np.isnan(raw_values(plot)), [False, True, True, True, False])
    assert 2 <= bold_values(plot)[-1] <= 4
    assert y_range(plot)[1] < 5


def test_smoothing_off_leaves_the_raw_line(plot: LossPlot, qtbot: QtBot) -> None:
    slider = plot.findChild(QSlider)
    assert slider is not None
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    settle(qtbot, plot)
    assert plot.controls.options.smoothing == 0
    assert len(raw_values(plot)) == 0
    assert bold_values(plot)[0] == pytest.approx(1 + 8 * np.exp(-1 / 500))
    qtbot.keyClick(slider, Qt.Key.Key_End)
    settle(qtbot, plot)
    assert plot.controls.options.smoothing == 0.999
    assert bold_values(plot)[-1] > 1.04 > raw_values(plot)[-1]


def test_a_hidden_plot_does_no_work_and_catches_up(plot: LossPlot, qtbot: QtBot) -> None:
    plot.hide()
    plot.append("total", np.arange(5001.0, 6001), np.full(1000, 2.0))
    plot._smooth(0.5)
    assert not plot._timer.isActive()
    assert plot._curves["total"].buffer._indexed == 5000
    assert plot.legend.step == "Step 5,000"
    plot.show()
    qtbot.waitUntil(lambda: plot.legend.step == "Step 6,000")
    settle(qtbot, plot)
    assert x_range(plot)[1] >= 6000


def test_appending_repaints_later_and_once(plot: LossPlot, qtbot: QtBot) -> None:
    for step in range(5001, 5051):
        plot.append("total", [float(step)], [1.0])
    assert plot.legend.step == "Step 5,000"
    with qtbot.waitSignal(plot._timer.timeout, timeout=1000):
        pass
    assert plot.legend.step == "Step 5,050"


def test_before_the_first_value_it_says_what_will_appear(qtbot: QtBot) -> None:
    plot = LossPlot("Loss")
    qtbot.addWidget(plot)
    plot.add_curve("total", "Total")
    plot.show()
    settle(qtbot, plot)
    assert plot._empty.isVisible()
    assert not plot.canvas.isVisible()
    plot.append("total", [0.0], [1.0])
    settle(qtbot, plot)
    assert plot.canvas.isVisible()
    plot.clear()
    settle(qtbot, plot)
    assert plot._empty.isVisible()


def test_dragging_zooms_to_the_rectangle_and_double_click_shows_everything(plot: LossPlot, qtbot: QtBot) -> None:
    before = x_range(plot), y_range(plot)
    drag(qtbot, plot, pixel(plot, 0.25, 0.5), pixel(plot, 0.5, 0.9))
    low, high = x_range(plot)
    assert low == pytest.approx(before[0][0] + 0.25 * (before[0][1] - before[0][0]), rel=0.02)
    assert high == pytest.approx(before[0][0] + 0.5 * (before[0][1] - before[0][0]), rel=0.02)
    assert y_range(plot)[1] == pytest.approx(sum(before[1]) / 2, rel=0.05)
    assert not plot.navigation.view.follow
    plot.append("total", [5001.0], [1.0])
    settle(qtbot, plot)
    assert x_range(plot) == (low, high)
    qtbot.mouseDClick(area(plot), Qt.MouseButton.LeftButton, pos=pixel(plot, 0.5, 0.5))
    settle(qtbot, plot)
    assert x_range(plot)[0] <= 1
    assert x_range(plot)[1] >= 5001
    assert plot.navigation.view.follow


def test_a_flat_drag_zooms_the_steps_and_a_click_nothing(plot: LossPlot, qtbot: QtBot) -> None:
    drag(qtbot, plot, pixel(plot, 0.5, 0.5), pixel(plot, 0.5, 0.5) + QPoint(2, 2))
    assert plot.navigation.view.x is None
    drag(qtbot, plot, pixel(plot, 0.5, 0.5), pixel(plot, 0.75, 0.5) + QPoint(0, 2))
    assert plot.navigation.view.x is not None
    assert plot.navigation.view.y is None
    assert y_range(plot)[1] < 2


def test_the_wheel_zooms_around_the_mouse(plot: LossPlot, qtbot: QtBot) -> None:
    place = pixel(plot, 0.3, 0.5)
    step = plot.canvas.to_view(QPointF(place)).x()
    wheel(plot, place, 3, Qt.KeyboardModifier.NoModifier)
    settle(qtbot, plot)
    assert plot.canvas.to_view(QPointF(place)).x() == pytest.approx(step, rel=0.02)
    assert x_range(plot)[1] - x_range(plot)[0] < 3000
    wheel(plot, place, -8, Qt.KeyboardModifier.NoModifier)
    settle(qtbot, plot)
    assert plot.navigation.view.x is None
    wheel(plot, place, 2, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, plot)
    assert plot.navigation.view.x is None
    assert plot.navigation.view.y is not None


def test_keys_pan_zoom_follow_and_switch(plot: LossPlot, qtbot: QtBot) -> None:
    plot.setFocus()
    for _ in range(4):
        qtbot.keyClick(plot, Qt.Key.Key_Plus)
        settle(qtbot, plot)
    width = x_range(plot)[1] - x_range(plot)[0]
    assert width == pytest.approx(0.41 * 5000, rel=0.1)
    assert plot.navigation.view.follow
    plot.append("total", [7000.0], [1.0])
    settle(qtbot, plot)
    assert x_range(plot)[0] > 4000
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    settle(qtbot, plot)
    assert x_range(plot)[1] < 7000
    assert not plot.navigation.view.follow
    qtbot.keyClick(plot, Qt.Key.Key_F)
    settle(qtbot, plot)
    assert x_range(plot)[1] >= 7000
    qtbot.keyClick(plot, Qt.Key.Key_L)
    settle(qtbot, plot)
    assert plot.controls.options.log_y
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    settle(qtbot, plot)
    assert x_range(plot)[0] <= 1
    assert plot.isVisible()


def test_logarithmic_axes_leave_out_what_has_no_logarithm(plot: LossPlot, qtbot: QtBot) -> None:
    plot.set_history("total", [0, 1, 10, 100, 1000], [5.0, 10.0, -1.0, 0.0, 1000.0])
    plot.controls.options._log_x.click()
    plot.controls.options._log_y.click()
    settle(qtbot, plot)
    steps, values = plot.canvas.drawn("total")[0]
    drawn = np.isfinite(steps) & np.isfinite(values)
    assert np.allclose(steps[drawn], [0, 3])
    assert np.allclose(values[drawn], [1, 3])
    assert x_range(plot)[0] == pytest.approx(0, abs=0.1)


def test_hovering_shows_every_value_at_the_nearest_step(plot: LossPlot, qtbot: QtBot) -> None:
    plot.add_curve("validation/total", "Validation", "validation")
    plot.append("validation/total", [1000.0, 2000.0, 3000.0], [3.25, 2.5, 2.25])
    settle(qtbot, plot)
    place = QPoint(round(plot.canvas.pixel_x(2100)), pixel(plot, 0, 0.5).y())
    qtbot.mouseMove(area(plot), place)
    qtbot.waitUntil(lambda: plot.legend.entries["validation/total"].value == "2.500")
    step = int(plot.legend.step.removeprefix("Step ").replace(",", ""))
    assert step == pytest.approx(2100, abs=10)
    described = plot.legend.entries["total"].accessibleDescription()
    assert described.startswith(f"Total: {value_text(1 + 8 * np.exp(-step / 500))} nats at step {step:,}")
    plot.canvas.mouse.left.emit()
    assert plot.legend.step == "Step 5,000"


def test_a_level_stays_in_view_and_is_drawn_across(plot: LossPlot, qtbot: QtBot) -> None:
    assert y_range(plot)[0] > 0.5
    plot.set_level(0.2, "As good as it gets")
    settle(qtbot, plot)
    low, high = y_range(plot)
    assert low < 0.2 < high
    box = plot.canvas.box_area()
    row = round(box.bottom() - (0.2 - low) / (high - low) * box.height())
    picture = plot.canvas.grab().toImage()
    changes = [
        sum(a != b for a, b in pairwise(picture.pixel(x, row + shift) for x in range(60, 360)))
        for shift in range(-3, 4)
    ]
    assert max(changes) > 40 > sorted(changes)[-2]  # one row is dashed; the others cross the grid


def test_legend_entries_switch_curves_and_the_range_follows(plot: LossPlot, qtbot: QtBot) -> None:
    plot.add_curve("big", "Big")
    plot.append("big", STEPS, np.full(5000, 1e6))
    settle(qtbot, plot)
    assert y_range(plot)[1] > 1e6
    qtbot.mouseClick(plot.legend.entries["big"], Qt.MouseButton.LeftButton)
    settle(qtbot, plot)
    assert len(bold_values(plot, "big")) == 0
    assert y_range(plot)[1] < 10


def test_validation_has_the_colour_of_its_training_curve(plot: LossPlot, qtbot: QtBot, qapp: QApplication) -> None:
    plot.add_curve("kl", "KL")
    plot.add_curve("validation/kl", "KL, validation", "validation")
    plot.add_curve("validation/other", "Other", "validation")
    colors = {name: curve.color for name, curve in plot._curves.items()}
    assert colors["validation/kl"] == colors["kl"]
    assert len(set(colors.values())) == 3
    before = qapp.palette()
    try:
        apply_theme(qapp, "dark")
        QApplication.processEvents()
        assert plot._curves["kl"].color == DARK.curves[1]
    finally:
        apply_theme(qapp, "light")
        qapp.setPalette(before)


@pytest.mark.qt_log_ignore("does not support raise")  # what the platform without a screen says of tool tips
def test_marks_explain_themselves_under_the_mouse(plot: LossPlot, qtbot: QtBot) -> None:
    plot.mark(2500, "checkpoint", "Checkpoint at step 2,500")
    settle(qtbot, plot)
    place = QPoint(round(plot.canvas.pixel_x(2500)) + 2, 60)
    plot.canvas.mouse.help_asked.emit(place, area(plot).mapToGlobal(place))
    assert QToolTip.text() == "Checkpoint at step 2,500"
    QToolTip.hideText()
    with pytest.raises(ValueError, match="party"):
        plot.mark(1, "party", "")  # type: ignore[arg-type]


def test_the_table_reads_back_exactly_with_blanks(plot: LossPlot, qtbot: QtBot, tmp_path: Path) -> None:
    values = np.random.default_rng(5).lognormal(size=5000).astype(np.float32)
    plot.set_history("total", STEPS, values)
    plot.add_curve("validation/total", "Validation", "validation")
    plot.append("validation/total", [2.0, 2.5], [np.nan, 7.0])
    with qtbot.waitSignal(plot.saved):
        plot.save_csv(tmp_path / "values.csv")
    rows = list(csv.reader((tmp_path / "values.csv").read_text().splitlines()))
    assert rows[0] == ["step", "total", "validation/total"]
    assert [row[0] for row in rows[1:5]] == ["1", "2", "2.5", "3"]
    assert [row[2] for row in rows[1:5]] == ["", "nan", "7.0", ""]
    assert rows[3][1] == ""
    assert np.array_equal(np.float32([row[1] for row in rows[1:] if row[1]]), values)


def test_the_picture_has_twice_the_size(plot: LossPlot, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(plot.saved):
        plot.save_png(tmp_path / "plot.png")
    picture = QImage(str(tmp_path / "plot.png"))
    assert (picture.width(), picture.height()) == (1400, 600)
    colors = {picture.pixelColor(x, y).name() for x in range(100, 1300, 7) for y in range(100, 560, 3)}
    assert plot._curves["total"].color.lower() in colors


@pytest.mark.parametrize("save", ["save_png", "save_csv"])
def test_a_file_that_cannot_be_written_is_one_sentence(plot: LossPlot, qtbot: QtBot, tmp_path: Path, save: str) -> None:
    with qtbot.waitSignal(plot.failed) as caught:
        getattr(plot, save)(tmp_path / "missing" / "file")
    [sentence] = caught.args
    assert str(tmp_path / "missing") in sentence
    assert sentence.endswith(".")


def add_pair(plot: LossPlot, name: str, title: str) -> None:
    plot.add_curve(name, title)
    plot.add_curve(f"validation/{name}", f"{title} (held-out)", "validation")
    plot.append(name, [1.0, 2.0], [100.0, 90.0])
    plot.append(f"validation/{name}", [2.0], [91.0])


@pytest.fixture
def narrow(qtbot: QtBot) -> LossPlot:
    plot = LossPlot("KL divergence", "nats")
    qtbot.addWidget(plot)
    plot.resize(290, 230)
    plot.show()
    qtbot.waitExposed(plot)
    return plot


@pytest.mark.qt_log_ignore("does not support")  # what the platform without a screen says of popups
def test_a_narrow_plot_keeps_its_title_and_drops_its_options_down(narrow: LossPlot, qtbot: QtBot) -> None:
    title, options, button = narrow.controls.title, narrow.controls.options, narrow.controls._open
    assert title.width() >= title.sizeHint().width()
    assert not options.isVisible()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert options.isVisible()
    slider = options.findChild(QSlider)
    qtbot.waitUntil(slider.hasFocus)
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert options.smoothing == 0
    qtbot.keyClick(slider, Qt.Key.Key_Escape)
    assert not options.isVisible()
    qtbot.keyClick(narrow, Qt.Key.Key_L)
    assert options.log_y
    narrow.resize(700, 230)
    QApplication.processEvents()
    assert options.isVisible() and options.window() is narrow and not button.isVisible()


def test_a_narrow_legend_keeps_names_and_values_in_two_lines(narrow: LossPlot, qtbot: QtBot) -> None:
    add_pair(narrow, "total", "Total loss")
    settle(qtbot, narrow)
    entries = narrow.legend.entries
    assert [entry.label for entry in entries.values()] == ["Total loss", "Total loss (held-out)"]
    add_pair(narrow, "reconstruction", "Reconstruction")
    settle(qtbot, narrow)
    assert [entry.label for entry in entries.values()] == ["Total loss", "", "Reconstruction", ""]
    assert len({entry.y() for entry in entries.values()}) == 2
    assert all(entry.geometry().right() < narrow.legend.width() for entry in entries.values())
    assert [entry.value for entry in entries.values()] == ["94.74", "91.00"] * 2
    assert entries["validation/total"].toolTip().startswith("Total loss (held-out): 91.00")
    assert narrow.controls.title.note == "Step 2"


def test_curves_without_values_take_no_room_in_the_legend(plot: LossPlot, qtbot: QtBot) -> None:
    plot.add_curve("validation/total", "Total (held-out)", "validation")
    settle(qtbot, plot)
    assert not plot.legend.entries["validation/total"].isVisible()
    plot.append("validation/total", [1.0], [5.0])
    settle(qtbot, plot)
    assert plot.legend.entries["validation/total"].isVisible()


def test_a_plot_that_goes_away_leaves_no_half_of_a_table(qtbot: QtBot, tmp_path: Path) -> None:
    plot = LossPlot("Loss")
    plot.add_curve("total", "Total")
    plot.set_history("total", np.arange(300_000.0), np.ones(300_000))
    plot.save_csv(tmp_path / "values.csv")
    gone: list[bool] = []
    plot.destroyed.connect(lambda: gone.append(True))
    plot.deleteLater()
    qtbot.waitUntil(lambda: bool(gone))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("low", "high", "log", "texts"),
    [
        (0, 24_000, False, ["0", "5,000", "10,000", "15,000", "20,000"]),
        (0, 1_000_000, False, ["0", "200k", "400k", "600k", "800k", "1,000k"]),
        (0, 0.0009, False, ["0", "0.0002", "0.0004", "0.0006", "0.0008"]),
        (-1.5, 1.5, False, ["\N{MINUS SIGN}1", "0", "1"]),
        (0, 4, True, ["1", "10", "100", "1,000", "10,000"]),
        (-7, -5, True, ["1e\N{MINUS SIGN}7", "1e\N{MINUS SIGN}6", "1e\N{MINUS SIGN}5"]),
        (2.0, 2.3, True, ["100", "120", "140", "160", "180"]),
    ],
)
def test_axes_show_round_numbers(low: float, high: float, log: bool, texts: list[str]) -> None:
    count = 3 if high == 1.5 else 5
    assert [text for _, text in axis_ticks(low, high, count, log=log).major] == texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.12344, "0.1234"),
        (12.344, "12.34"),
        (1234.4, "1,234"),
        (0.99996, "1.000"),
        (-0.5, "\N{MINUS SIGN}0.5000"),
        (1.5e-7, "1.500e\N{MINUS SIGN}7"),
        (2.5e9, "2.500e9"),
        (0.0, "0"),
        (np.nan, "n/a"),
    ],
)
def test_values_have_four_digits(value: float, text: str) -> None:
    assert value_text(value) == text
    assert step_text(1240.0) == "1,240"
