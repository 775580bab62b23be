"""The window that compares runs, with real runs of different settings, used as a person does."""

import shutil

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QSlider

from gendesk.app.runs import compare
from gendesk.app.runs.compare import CompareWindow
from gendesk.app.runs.compare_codes import PointsPane
from gendesk.app.runs.compare_table import run_color
from gendesk.engine.preview import ScatterPreview
from gendesk.engine.run_store import RunStore
from gendesk.engine.samples import save_preview
from gendesk.widgets.latent.geometry import P_WINDOW
from tests.support.training import engine_in, families, small_pictures

WAIT = 20_000


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The store of three trained runs that differ in learning rate, seed and cadence of previews."""
    folder = tmp_path_factory.mktemp("compared")
    pictures = str(small_pictures(folder))
    usual = {"steps": 60, "preview_every": 20, "validate_every": 20}
    with engine_in(folder) as engine:
        for name, values in (
            ("High", {}),
            ("Low", {"learning_rate": 0.001}),
            ("Other seed", {"seed": 7, "preview_every": 25}),
        ):
            assert engine.start(engine.config("tiny", data=pictures, name=name, **{**usual, **values})).join(30)
    return engine.runs


@pytest.fixture
def window(qtbot, trained):
    made = CompareWindow(trained.all(), families())
    made.show()
    qtbot.waitUntil(lambda: len(made.readings) == 3, timeout=WAIT)
    yield made
    made.close()


def entries(plot) -> dict:
    return {name: entry for name, entry in plot.legend.entries.items() if not entry.isHidden()}


def cells(table) -> list[list[str]]:
    model = table.table
    return [[model.text(row, column) for column in range(model.columnCount())] for row in range(model.rowCount())]


def test_the_curves_of_all_runs_lie_in_one_plot_each_in_its_colour(qtbot, window, trained):
    ids = trained.ids()
    window.curves.metrics.setCurrentIndex(window.curves.metrics.findText("All common metrics"))
    loss, noise = window.curves.plots["loss"], window.curves.plots["noise"]
    qtbot.waitUntil(lambda: len(entries(loss)) == 6 and len(entries(noise)) == 3, timeout=WAIT)
    assert [entries(loss)[run_id].text() for run_id in ids] == ["High", "Low", "Other seed"]
    for plot in (loss, noise):
        assert [plot._curves[run_id].color for run_id in ids] == [run_color(index) for index in range(3)]
    window.curves.metrics.setCurrentIndex(0)
    assert (loss.isVisible(), noise.isVisible()) == (True, False)


def test_a_click_in_the_legend_hides_a_run(qtbot, window, trained):
    plot, run_id = window.curves.plots["loss"], trained.ids()[1]
    qtbot.waitUntil(lambda: len(plot.canvas.drawn(run_id)[1][0]) > 0, timeout=WAIT)
    qtbot.mouseClick(plot.legend.entries[run_id], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(plot.canvas.drawn(run_id)[1][0]) == 0, timeout=WAIT)


def test_curves_can_lie_over_time_and_be_those_of_held_out_data_alone(qtbot, window):
    plot = window.curves.plots["loss"]
    qtbot.waitUntil(lambda: plot.navigation.data[1] == 60, timeout=WAIT)
    window.curves.across.setCurrentIndex(1)
    longest = max(one.clock[1][-1] for one in window.readings)
    qtbot.waitUntil(lambda: plot.navigation.data[1] == pytest.approx(longest), timeout=WAIT)
    window.curves.kinds.setCurrentIndex(2)
    qtbot.waitUntil(lambda: len(entries(plot)) == 3, timeout=WAIT)
    assert all(name.startswith("validation/") for name in entries(plot))


def test_a_place_on_the_axis_of_time_is_told_as_time(window):
    plot = window.curves.plots["loss"]
    assert plot.place_text(1240.0) == "Step 1,240"
    plot.over_time = True
    assert (plot.place_text(2.25), plot.place_text(3700.0)) == ("2.2 s", "1:01:40")


def test_settings_that_differ_are_listed_and_all_of_them_on_demand(qtbot, window):
    window.tabs.setCurrentWidget(window.settings)
    rows = cells(window.settings.table)
    assert [row[1] for row in rows] == ["Seed", "Previews every (steps)", "Learning rate"]
    assert rows[0] == ["Run", "Seed", "1", "1", "7"]
    qtbot.keyClick(window.settings.show_all, Qt.Key.Key_Space)
    titles = [row[1] for row in cells(window.settings.table)]
    assert {"Recipe", "Batch size", "Epochs", "Colours"} <= set(titles)
    marked = Qt.ItemDataRole.BackgroundRole
    model, seed = window.settings.table.table, titles.index("Seed")
    assert [model.index(seed, column).data(marked) is not None for column in (2, 3, 4)] == [False, False, True]


def test_tables_are_copied_as_text(qtbot, window):
    window.tabs.setCurrentWidget(window.settings)
    table = window.settings.table
    table.setFocus()
    qtbot.waitUntil(table.hasFocus, timeout=WAIT)
    qtbot.keySequence(table, QKeySequence.StandardKey.Copy)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0].split("\t") == ["Group", "Name", "High", "Low", "Other seed"]
    assert lines[2].split("\t") == ["Run", "Previews every (steps)", "20", "20", "25"]
    table.setCurrentIndex(table.table.index(0, 4))
    qtbot.keySequence(table, QKeySequence.StandardKey.Copy)
    assert QGuiApplication.clipboard().text() == "7"


def test_pictures_of_all_runs_are_shown_at_the_same_step(qtbot, window):
    window.tabs.setCurrentWidget(window.samples)
    panes = window.samples.panes
    qtbot.waitUntil(lambda: all(len(pane.grid.view.images) for pane in panes), timeout=WAIT)
    assert [pane.step.text() for pane in panes] == ["Step 60"] * 3
    slider = window.samples.timeline.findChild(QSlider)
    slider.setValue(window.samples.timeline.steps.index(40))
    assert window.samples.steps_shown() == [40, 40, 25]
    qtbot.waitUntil(lambda: [pane.step.text() for pane in panes] == ["Step 40", "Step 40", "Step 25"], timeout=WAIT)
    first = [pane.grid.view.images.copy() for pane in panes]
    slider.setValue(window.samples.timeline.steps.index(0))
    qtbot.waitUntil(lambda: [pane.step.text() for pane in panes] == ["Step 0"] * 3, timeout=WAIT)
    assert not all(np.array_equal(one, pane.grid.view.images) for one, pane in zip(first, panes, strict=True))


def test_a_fast_scrub_ends_at_the_last_place(qtbot, window):
    window.tabs.setCurrentWidget(window.samples)
    slider = window.samples.timeline.findChild(QSlider)
    for place in [*range(slider.maximum() + 1), 2, 0, 1]:
        slider.setValue(place)
    step = window.samples.timeline.steps[1]
    qtbot.waitUntil(lambda: window.samples.panes[0].step.text() == f"Step {step}", timeout=WAIT)


# Codes


@pytest.fixture
def coded(trained, tmp_path):
    """The runs again, of which the first two have saved codes, and the second one p-values too."""
    shutil.copytree(trained.folder, tmp_path / "runs")
    store = RunStore(tmp_path / "runs")
    wide, narrow = store.all()[:2]
    for step, reach in ((20, 6.0), (40, 20.0)):
        save_points(wide, step, "codes", [[-reach, 0], [reach, 1], [0, reach]])
    save_points(narrow, 30, "codes", [[-1, 0], [1, 0], [np.nan, 0]])
    save_points(narrow, 30, "p-values", [[0.1, 0.5], [0.9, 0.5], [0.5, 0.5]])
    return store


def save_points(run, step: int, name: str, points: list[list[float]]) -> None:
    labels = np.array([0, 1, -1])
    preview = ScatterPreview(name, name.capitalize(), np.array(points, np.float32), labels, ())
    save_preview(run.samples, step, preview, "")


@pytest.fixture
def codes(qtbot, coded):
    window = CompareWindow(coded.all(), families())
    window.show()
    qtbot.waitUntil(lambda: len(window.readings) == 3, timeout=WAIT)
    window.tabs.setCurrentWidget(window.codes)
    qtbot.waitUntil(lambda: window.codes.planes[1].plane.ready, timeout=WAIT)
    yield window.codes
    window.close()


def windows(page) -> set:
    return {pane.plane.window_shown for pane in page.planes}


def test_codes_of_all_runs_lie_on_the_same_axes(qtbot, codes):
    assert [pane.step.text() for pane in codes.planes] == ["Step 40", "Step 30", ""]
    wide, narrow, none = (pane.plane for pane in codes.planes)
    assert (wide.ready, narrow.ready, none.ready) == (True, True, False)
    assert none.empty_text == "This run has saved no such points up to this step."
    assert len(codes.planes[1].points) == 2  # one point is nowhere
    (shared,) = windows(codes)
    assert shared.left < -20 and shared.left + shared.span > 20
    slider = codes.timeline.findChild(QSlider)
    slider.setValue(0)
    qtbot.waitUntil(lambda: codes.planes[0].step.text() == "Step 20", timeout=WAIT)
    assert codes.planes[1].step.text() == ""
    assert windows(codes) == {shared}  # axes that shrank would hide that the codes do


def test_all_planes_are_zoomed_and_reset_together(qtbot, codes):
    (home,) = windows(codes)
    plane = codes.planes[1].plane
    plane.setFocus()
    qtbot.keyClick(plane, Qt.Key.Key_Plus)
    (zoomed,) = windows(codes)
    assert zoomed.span < home.span
    slider = codes.timeline.findChild(QSlider)
    slider.setValue(0)
    qtbot.waitUntil(lambda: codes.planes[0].step.text() == "Step 20", timeout=WAIT)
    assert windows(codes) == {zoomed}
    qtbot.mouseDClick(plane, Qt.MouseButton.LeftButton)
    assert windows(codes) == {home}


def test_p_values_fill_the_unit_square_and_go_again(qtbot, codes):
    (home,) = windows(codes)
    assert [codes.preview.itemText(index) for index in range(2)] == ["Codes", "P-values"]
    codes.preview.setCurrentIndex(1)
    qtbot.waitUntil(lambda: windows(codes) == {P_WINDOW}, timeout=WAIT)
    assert codes.planes[1].plane.prior is None
    assert not codes.planes[0].plane.ready
    codes.preview.setCurrentIndex(0)
    qtbot.waitUntil(lambda: windows(codes) == {home}, timeout=WAIT)
    assert codes.planes[1].plane.prior is not None


def test_one_legend_hides_a_class_in_all_runs(qtbot, codes):
    names = codes._readings[0].run.record.data.classes
    assert codes.legend.isVisible()
    assert codes.legend.accessibleDescription() == ", ".join(names)
    qtbot.mouseClick(codes.legend, Qt.MouseButton.LeftButton, pos=codes.legend.chips(codes.legend.width())[1].center())
    assert {pane.plane.hidden for pane in codes.planes} == {frozenset({1})}


def test_classes_are_matched_by_name(qtbot):
    pane = PointsPane("Run", 0)
    qtbot.addWidget(pane)
    pane.classes = np.array([2, 0])
    assert pane.shared_labels(np.array([0, 1, -1, 7])).tolist() == [2, 0, -1, -1]


def test_a_damaged_file_of_points_is_said_in_its_pane(qtbot, coded):
    (coded.all()[0].samples / "00000040" / "codes.npy").write_bytes(b"none")
    window = CompareWindow(coded.all()[:2])
    window.show()
    qtbot.waitUntil(lambda: len(window.readings) == 2, timeout=WAIT)
    window.tabs.setCurrentWidget(window.codes)
    qtbot.waitUntil(lambda: window.codes.planes[1].plane.ready, timeout=WAIT)
    assert "cannot be read" in window.codes.planes[0].plane.empty_text
    window.close()


def test_without_codes_the_page_says_what_will_be_there(window):
    window.tabs.setCurrentWidget(window.codes)
    assert window.codes.hint.isVisible()
    assert "Codes appear here" in window.codes.hint.text()
    assert not any(pane.isVisible() for pane in window.codes.planes)
    assert not window.codes.legend.isVisible()


def test_the_summary_marks_the_best(window):
    window.tabs.setCurrentWidget(window.summary)
    rows = {row.title: row for row in window.summary.table.table.rows}
    assert rows["State"].texts == ("finished",) * 3
    assert rows["Steps"].texts == ("60 of 60",) * 3
    held_out = [one.latest("validation/loss") for one in window.readings]
    assert rows["Loss (held-out)"].best == {held_out.index(min(held_out))}
    assert rows["Seed"].texts == ("1", "1", "7")
    best = [one.run.record.best_value for one in window.readings]
    assert best.index(min(best)) in rows["Best Loss (held-out)"].best


def test_a_run_in_training_is_followed(qtbot, trained, data_dir, tmp_path, monkeypatch):
    monkeypatch.setattr(compare, "_REFRESH_MS", 50)
    with engine_in(data_dir) as engine:
        config = engine.config("tiny", data=str(small_pictures(tmp_path)), steps=100_000, step_ms=2.0)
        job = engine.start(config)
        qtbot.waitUntil(job.run.metrics_file.exists, timeout=WAIT)
        window = CompareWindow([job.run, trained.all()[0]])
        window.show()
        qtbot.waitUntil(lambda: bool(window.readings), timeout=WAIT)
        step = window.readings[0].step
        plot = window.curves.plots["loss"]
        qtbot.waitUntil(lambda: plot.navigation.data[1] > step + 50, timeout=WAIT)
        assert window.readings[0].in_use
        job.stop()
        assert job.join(30)
        qtbot.waitUntil(lambda: not window.readings[0].in_use, timeout=WAIT)
        window.close()


def test_other_runs_can_take_the_place_of_those_shown(qtbot, window, trained):
    window.set_runs(trained.all()[:2])
    qtbot.waitUntil(lambda: len(window.readings) == 2, timeout=WAIT)
    window.tabs.setCurrentWidget(window.samples)
    assert len(window.samples.panes) == 2
    window.tabs.setCurrentWidget(window.settings)
    assert window.settings.table.table.columnCount() == 4
    assert list(window.curves.plots["loss"].legend.entries) == [
        f"{prefix}{run_id}" for run_id in trained.ids()[:2] for prefix in ("", "validation/")
    ]
    for wrong in (trained.all()[:1], trained.all() * 3):
        with pytest.raises(ValueError, match="2 to 8 runs"):
            window.set_runs(wrong)


def test_a_run_that_goes_away_is_said_and_the_others_stay(qtbot, trained, tmp_path):
    shutil.copytree(trained.folder, tmp_path / "runs")
    store = RunStore(tmp_path / "runs")
    window = CompareWindow(store.all())
    window.show()
    qtbot.waitUntil(lambda: len(window.readings) == 3, timeout=WAIT)
    shutil.rmtree(store.all()[2].folder)
    window.refresh()
    qtbot.waitUntil(lambda: bool(window.message.text), timeout=WAIT)
    window.message.hide()
    window.refresh()
    with qtbot.waitSignal(window._worker.done, timeout=WAIT):
        pass
    assert window.message.text == ""
    assert [one.run.title for one in window.readings] == ["High", "Low"]
    window.tabs.setCurrentWidget(window.samples)
    assert len(window.samples.panes) == 2
    window.close()


def test_a_window_closed_while_it_reads_leaves_nothing_behind(qtbot, trained):
    for _ in range(5):
        window = CompareWindow(trained.all(), families())
        window.show()
        window.close()
