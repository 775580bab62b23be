"""The main window as a person uses it: real clicks, a real engine, real files."""

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from gendesk.app import build_window
from gendesk.app.broken_tab import BrokenTab
from gendesk.app.closing import CloseQuestion
from gendesk.app.data.check_dialog import CheckDialog
from gendesk.engine.events import JobState
from gendesk.engine.exchange import ExportKind, export_run
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import RunState
from tests.support.training import PLUGINS, small_pictures

PREVIEWS = {"reconstructions", "samples", "manifold", "codes", "p-values", "kl-dimensions"}
WAIT = 60_000
UNSEEN = [
    "torch",
    "PIL",
    "gendesk.app.explain.inspector",
    "gendesk.app.health_centre",
    "gendesk.app.previews",
    "gendesk.app.runs.compare",
    "gendesk.app.runs.queue_panel",
    "gendesk.studios.studio",
]


@pytest.fixture
def window(qtbot, data_dir):
    made = build_window(data_dir)
    made.open_tab("autoencoder")
    made.show()
    yield made
    made.leave()
    qtbot.waitUntil(lambda: not made.isVisible(), timeout=WAIT)
    made.deleteLater()


@pytest.fixture
def ready(qtbot, window, tmp_path):
    """A window whose engine is loaded, with small pictures chosen, so that steps are quick."""
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    window.current_tab.choices.use_data(small_pictures(tmp_path))
    window.current_tab.form.set_values({"preview_every": 20, "epochs": 100_000.0})
    return window


def button(window, name: str) -> QPushButton:
    found = [one for one in window.current_tab.findChildren(QPushButton) if one.accessibleName() == name]
    assert len(found) == 1
    return found[0]


def click(qtbot, window, name: str) -> None:
    qtbot.waitUntil(button(window, name).isEnabled, timeout=WAIT)
    qtbot.mouseClick(button(window, name), Qt.MouseButton.LeftButton)


def start(qtbot, window) -> str:
    """Click Start, wait until curves and pictures are there, and return the run's id."""
    click(qtbot, window, "Start")
    tab = window.current_tab
    qtbot.waitUntil(lambda: "samples" in tab.view.previews.names, timeout=WAIT)
    qtbot.waitUntil(lambda: window.engine.job(tab.run_id).run.samples.joinpath("00000020").exists(), timeout=WAIT)
    return tab.run_id


def stop(qtbot, window) -> None:
    click(qtbot, window, "Stop")
    qtbot.waitUntil(lambda: not window.engine.active_jobs, timeout=WAIT)
    qtbot.waitUntil(button(window, "Start").isEnabled, timeout=WAIT)


def answer_close(qtbot, window, answer: str) -> None:
    """Close the window, and click a button of the question that it asks."""
    window.close()
    assert window.isVisible()
    question = window.findChild(CloseQuestion)
    qtbot.waitUntil(question.isVisible, timeout=WAIT)
    (wanted,) = [one for one in question.buttons() if one.text() == answer]
    qtbot.mouseClick(wanted, Qt.MouseButton.LeftButton)


def test_the_window_is_painted_before_torch_is_loaded(qtbot, window):
    qtbot.waitExposed(window)
    assert window.windowTitle() == "gendesk"
    assert "autoencoder" in window.tabs
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    assert window.current_tab.form.values()["latent_size"] == 2


def test_nothing_that_is_not_seen_is_loaded_before_the_first_paint(tmp_path):
    code = (
        "import os, sys\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from gendesk.app import build_window\n"
        "app = QApplication([])\n"
        f"window = build_window({str(tmp_path)!r})\n"
        "window.show()\n"
        "app.processEvents()\n"
        f"print([name for name in {UNSEEN} if name in sys.modules], flush=True)\n"
        "os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_tabs_are_made_when_they_are_opened(qtbot, window):
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    shown = [tab.family.id for tab in window.tabs.opened()]
    assert shown == [window.current_tab.family.id]
    family = next(family for family in window.tabs if family not in shown)
    window.open_tab(family)
    assert window.current_tab.family.id == family
    assert window.current_tab.form.values()


def test_start_may_be_clicked_before_the_engine_is_there(qtbot, window, tmp_path):
    window.current_tab.choices.use_data(small_pictures(tmp_path))
    click(qtbot, window, "Start")
    assert window.bridge is None
    qtbot.waitUntil(lambda: bool(window.current_tab.run_id), timeout=WAIT)
    stop(qtbot, window)


def test_train_watch_pause_step_stop_and_start_again(qtbot, ready):
    run_id = start(qtbot, ready)
    tab = ready.current_tab
    assert button(ready, "Start").text() == "Queue"
    click(qtbot, ready, "Pause")
    qtbot.waitUntil(lambda: ready.engine.job(run_id).state is JobState.PAUSED, timeout=WAIT)
    click(qtbot, ready, "Step")
    click(qtbot, ready, "Pause")
    qtbot.waitUntil(lambda: ready.engine.job(run_id).state is JobState.RUNNING, timeout=WAIT)
    stop(qtbot, ready)
    assert ready.engine.runs.open(run_id).state is RunState.STOPPED
    qtbot.waitUntil(lambda: ready.browser.table.rowCount() == 1, timeout=WAIT)
    assert start(qtbot, ready) != run_id
    stop(qtbot, ready)
    qtbot.waitUntil(lambda: ready.browser.table.rowCount() == 2, timeout=WAIT)
    assert set(tab.view.previews.names) == PREVIEWS


def test_a_pause_that_waits_for_its_step_says_so_and_can_be_taken_back(qtbot, ready):
    run_id = start(qtbot, ready)
    job = ready.engine.job(run_id)
    inside, gate = threading.Event(), threading.Event()

    def long_step(_model) -> None:
        inside.set()
        gate.wait(60)

    try:
        job.at_boundary(long_step)
        qtbot.waitUntil(inside.is_set, timeout=WAIT)
        pause = button(ready, "Pause")
        click(qtbot, ready, "Pause")
        qtbot.waitUntil(lambda: ready.current_tab.bar.text == "Pausing after this step...", timeout=WAIT)
        assert pause.isChecked()
        assert job.state is JobState.PAUSING
        click(qtbot, ready, "Pause")
        qtbot.waitUntil(lambda: not ready.current_tab.bar.text, timeout=WAIT)
        assert not pause.isChecked()
        assert job.state is JobState.RUNNING
        click(qtbot, ready, "Pause")
    finally:
        gate.set()
    qtbot.waitUntil(lambda: ready.current_tab.bar.text.startswith("Paused   "), timeout=WAIT)
    assert pause.isChecked()
    assert job.state is JobState.PAUSED
    click(qtbot, ready, "Pause")
    step = job.steps_done
    qtbot.waitUntil(lambda: job.steps_done > step + 5, timeout=WAIT)
    stop(qtbot, ready)


def test_the_phases_of_a_step_can_be_done_alone_while_paused(qtbot, data_dir, tmp_path):
    data_dir.mkdir()
    (data_dir / "plugins").symlink_to(PLUGINS)
    window = build_window(data_dir)
    window.show()
    window.open_tab("tiny")
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    window.current_tab.choices.use_data(small_pictures(tmp_path))
    window.current_tab.form.set_values({"epochs": 100_000.0, "step_ms": 1.0})
    click(qtbot, window, "Start")
    qtbot.waitUntil(button(window, "Pause").isEnabled, timeout=WAIT)
    tab = window.current_tab
    click(qtbot, window, "Pause")
    job = window.engine.job(tab.run_id)
    qtbot.waitUntil(lambda: job.state is JobState.PAUSED and len(tab.bar.more.menu().actions()) == 4, timeout=WAIT)
    level = tab.bar.more.menu().actions()[2]
    assert level.text() == "Step Level Alone"

    def steps_done() -> int:
        history = job.run.history()
        return len(history["loss"][0]) if "loss" in history else 0

    before = steps_done()
    level.trigger()
    qtbot.waitUntil(lambda: steps_done() == before + 1, timeout=WAIT)
    stop(qtbot, window)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    window.deleteLater()


def test_resume_goes_on_and_shows_the_whole_history(qtbot, ready):
    run_id = start(qtbot, ready)
    stop(qtbot, ready)
    step = ready.engine.runs.open(run_id).record.step
    click(qtbot, ready, "Resume")
    qtbot.waitUntil(lambda: ready.engine.runs.open(run_id).state is RunState.RUNNING, timeout=WAIT)
    qtbot.waitUntil(lambda: len(ready.engine.runs.open(run_id).history()["total"][0]) > step + 5, timeout=WAIT)
    stop(qtbot, ready)
    steps = ready.engine.runs.open(run_id).history()["total"][0]
    assert steps.tolist() == list(range(1, len(steps) + 1))


@pytest.mark.parametrize("while_training", [True, False])
def test_dragging_in_the_latent_plane_draws_pictures(qtbot, ready, while_training):
    start(qtbot, ready)
    if not while_training:
        stop(qtbot, ready)
    pad = ready.current_tab.view.studio.page("map").pad
    qtbot.waitUntil(lambda: pad.plane.ready, timeout=WAIT)
    middle = pad.plane.plot_rect().center().toPoint()
    answers = []
    ready.bridge.replied.connect(lambda reply: answers.append(reply) if reply.asker.endswith("point") else None)
    qtbot.mousePress(pad.plane, Qt.MouseButton.LeftButton, pos=middle)
    for number in range(1, 6):
        QTest.mouseMove(pad.plane, middle + QPoint(6 * number, 3 * number))
    qtbot.mouseRelease(pad.plane, Qt.MouseButton.LeftButton, pos=middle + QPoint(30, 15))
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT)
    assert answers[-1].error == ""
    picture = answers[-1].result
    assert picture.shape == (1, 12, 12, 1)
    assert picture.dtype == np.uint8
    if while_training:
        stop(qtbot, ready)


def test_a_bad_value_is_one_sentence_and_no_run(qtbot, ready):
    ready.current_tab.form.set_values({"decoder": [{"filters": 1, "kernel": 3, "stride": 1}]})
    click(qtbot, ready, "Start")
    qtbot.waitUntil(lambda: bool(ready.current_tab.message.text), timeout=WAIT)
    assert "decoder" in ready.current_tab.message.text
    qtbot.waitUntil(button(ready, "Start").isEnabled, timeout=WAIT)


def drop(window, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    action, button_, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.current_tab.dropEvent(QDropEvent(QPointF(50, 50), action, data, button_, none))


def test_dropped_pictures_are_checked_and_become_the_data(qtbot, ready, tmp_path):
    (tmp_path / "more").mkdir()
    path = small_pictures(tmp_path / "more")
    drop(ready, path)
    dialog = ready.findChild(CheckDialog)
    qtbot.waitUntil(lambda: dialog.report is not None, timeout=WAIT)
    dialog.options.set_values({"image_size": 16})
    dialog.options.changed.emit(dialog.options.values())
    qtbot.waitUntil(lambda: dialog.report is not None and dialog.report.info.width == 16, timeout=WAIT)
    qtbot.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    tab = ready.current_tab
    assert tab.bar.data.currentData() == str(path)
    assert tab.form.values()["image_size"] == 16


def test_a_dropped_archive_is_taken_in_and_a_picture_brings_its_settings(qtbot, ready, tmp_path):
    ready.current_tab.form.set_values({"batch_size": 17})
    run_id = start(qtbot, ready)
    stop(qtbot, ready)
    out = tmp_path / "run.zip"
    export_run(ready.store.open(run_id), ExportKind.ZIP, out, ready.families)
    drop(ready, out)
    qtbot.waitUntil(lambda: len(ready.store.ids()) == 2 and ready.current_tab.run_id != run_id, timeout=WAIT)
    taken_in = ready.store.open(ready.current_tab.run_id)
    assert taken_in.record.config == ready.store.open(run_id).record.config
    ready.current_tab.form.set_values({"batch_size": 32})
    drop(ready, next(taken_in.samples.glob("*/samples.png")))
    qtbot.waitUntil(lambda: ready.current_tab.form.values()["batch_size"] == 17, timeout=WAIT)


def test_closing_while_training_saves_the_run(qtbot, data_dir, tmp_path):
    window = build_window(data_dir)
    window.open_tab("autoencoder")
    window.show()
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    window.current_tab.choices.use_data(small_pictures(tmp_path))
    window.current_tab.form.set_values({"preview_every": 20, "epochs": 100_000.0})
    run_id = start(qtbot, window)
    runs = window.engine.runs
    answer_close(qtbot, window, "Stop and Save")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    run = runs.open(run_id)
    assert run.state is RunState.STOPPED
    assert run.steps_saved()[-1] == run.record.step
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("train", "live"))]
    window.deleteLater()


def test_runs_of_yesterday_are_listed_and_open_by_double_click(qtbot, ready, data_dir):
    run_id = start(qtbot, ready)
    stop(qtbot, ready)
    ready.close()
    qtbot.waitUntil(lambda: not ready.isVisible(), timeout=WAIT)
    again = build_window(data_dir)
    again.show()
    qtbot.waitUntil(lambda: again.browser.table.rowCount() == 1, timeout=WAIT)
    view = again.browser.view
    place = view.visualRect(again.browser.table.index(0, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: again.current_tab.run_id == run_id, timeout=WAIT)
    assert set(again.current_tab.view.previews.names) == PREVIEWS
    assert button(again, "Resume").isEnabled()
    again.close()
    qtbot.waitUntil(lambda: not again.isVisible(), timeout=WAIT)
    again.deleteLater()


def test_a_broken_plugin_gets_a_tab_that_says_why(qtbot, data_dir):
    folder = data_dir / "plugins" / "broken"
    folder.mkdir(parents=True)
    (folder / "plugin.toml").write_text("[family]\ntitle = 3 +\n")
    window = build_window(data_dir)
    window.show()
    window.open_tab("broken")
    assert isinstance(window.current_tab, BrokenTab)
    window.open_tab("autoencoder")
    qtbot.waitUntil(lambda: button(window, "Start").isEnabled(), timeout=WAIT)
    window.close()
    window.deleteLater()


def test_escape_closes_nothing_and_about_does_not_block(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.isVisible()
    window.desk.show_about()
    box = window.findChild(QMessageBox)
    qtbot.waitUntil(box.isVisible, timeout=WAIT)
    assert "MIT" in box.text()
    box.close()


def test_theme_and_size_are_remembered(qtbot, data_dir):
    window = build_window(data_dir)
    window.show()
    window.set_theme("dark")
    window.resize(1100, 700)
    window.close()
    window.deleteLater()
    again = build_window(data_dir)
    again.show()
    assert again.size().height() == 700
    assert QApplication.palette().window().color().lightness() < 128
    again.set_theme("light")
    again.close()
    again.deleteLater()


def test_what_music_is_played_on_is_remembered(qtbot, data_dir):
    from gendesk.studios.music.transport import transport_of

    window = build_window(data_dir)
    qtbot.addWidget(window)
    assert transport_of(window.tabs).output == "built-in"
    transport_of(window.tabs).set_output("port:A synthesizer that is not there today")
    window.close()
    again = build_window(data_dir)
    qtbot.addWidget(again)
    assert transport_of(again.tabs).output == "port:A synthesizer that is not there today"
    again.close()


def test_every_control_has_an_accessible_name(qtbot, ready):
    from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider

    kinds = (QAbstractButton, QComboBox, QSlider)
    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for kind in kinds
        for widget in ready.findChildren(kind)
        if widget.isVisible()
        and not (widget.accessibleName() or getattr(widget, "text", lambda: "")())
        and not isinstance(widget.parent(), QAbstractSpinBox | QLineEdit)
    ]
    assert nameless == []


def test_nothing_is_written_outside_the_data_folder(qtbot, ready, data_dir):
    start(qtbot, ready)
    stop(qtbot, ready)
    names = {path.name for path in Path(data_dir).iterdir() if not path.name.startswith(".")}
    assert names == {"datasets", "queue.json", "queue.lock", "queue.turn", "runs", "window.ini"}


def test_runs_wait_in_the_queue_and_the_window_follows_them(qtbot, ready):
    first = start(qtbot, ready)
    ready.current_tab.form.set_values({"epochs": 0.5})
    click(qtbot, ready, "Start")
    qtbot.waitUntil(lambda: len(ready.engine.queue.entries()) == 2, timeout=WAIT)
    assert ready.current_tab.run_id == first
    second = ready.engine.queue.entries()[1].run
    assert second in ready.current_tab.message.text
    click(qtbot, ready, "Stop")
    qtbot.waitUntil(lambda: ready.engine.runs.open(second).state is RunState.FINISHED, timeout=WAIT)
    qtbot.waitUntil(lambda: ready.current_tab.run_id == second, timeout=WAIT)


def test_staying_leaves_the_run_in_training(qtbot, ready):
    run_id = start(qtbot, ready)
    answer_close(qtbot, ready, "Cancel")
    assert ready.isVisible()
    assert ready.engine.job(run_id).state is JobState.RUNNING


def test_a_run_goes_on_without_the_window_and_comes_back_into_the_next_one(qtbot, data_dir, tmp_path):
    window = build_window(data_dir)
    window.open_tab("autoencoder")
    window.show()
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    window.current_tab.choices.use_data(small_pictures(tmp_path))
    window.current_tab.form.set_values({"preview_every": 20, "epochs": 100_000.0, "checkpoint_seconds": 0.0})
    run_id = start(qtbot, window)
    answer_close(qtbot, window, "Keep Training in the Background")
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    window.deleteLater()
    store = RunStore(data_dir / "runs")
    left_at = store.open(run_id).record.step
    qtbot.waitUntil(lambda: store.open(run_id).in_use and store.open(run_id).record.step > left_at, timeout=WAIT)
    again = build_window(data_dir)
    again.show()
    qtbot.waitUntil(lambda: again.current_tab.run_id == run_id, timeout=WAIT)
    qtbot.waitUntil(lambda: again.engine.job(run_id) is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: again.engine.job(run_id).state is JobState.RUNNING, timeout=WAIT)
    stop(qtbot, again)
    steps = store.open(run_id).history()["total"][0]
    assert steps.tolist() == list(range(1, len(steps) + 1))
    again.close()
    qtbot.waitUntil(lambda: not again.isVisible(), timeout=WAIT)
    again.deleteLater()


def test_the_window_shows_again_what_it_showed(qtbot, data_dir, tmp_path):
    window = build_window(data_dir)
    window.open_tab("autoencoder")
    window.show()
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    pictures = small_pictures(tmp_path)
    window.current_tab.choices.use_recipe("ae", "book")
    window.current_tab.choices.use_data(pictures)
    window.current_tab.form.set_values({"batch_size": 17})
    window.close()
    window.deleteLater()
    again = build_window(data_dir)
    again.show()
    qtbot.waitUntil(lambda: again.bridge is not None, timeout=WAIT)
    session = again.current_tab.session()
    assert (session.recipe, session.preset, session.data) == ("ae", "book", str(pictures))
    assert session.values["batch_size"] == 17
    again.close()
    again.deleteLater()


def test_data_follow_the_recipe_unless_a_person_has_chosen_some(qtbot, window):
    window.open_tab("probability")
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    choices, bar = window.current_tab.choices, window.current_tab.bar
    choices.use_recipe("density-map")
    assert choices.data == "land"
    assert not bar.own_data.isEnabled()
    choices.use_recipe("outfits-naive-bayes")
    assert choices.data == "outfits"
    assert bar.own_data.isEnabled()
    choices.use_data("avatars")
    choices.use_recipe("outfits-multinomial")
    assert choices.data == "avatars"
    choices.use_recipe("density-map")
    assert choices.data == "land"
