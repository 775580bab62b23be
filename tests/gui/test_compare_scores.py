"""The page of a comparison that asks the models themselves, with a real engine behind it."""

import csv
import json
import shutil

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from gendesk.app.bridge import EngineBridge
from gendesk.app.runs import compare
from gendesk.app.runs.compare import CompareWindow
from gendesk.engine.comparison_table import UNKNOWN
from tests.support.training import engine_in, families, small_pictures

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 30_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A data folder with two runs of a model on the same pictures, and a classifier's on others."""
    folder = tmp_path_factory.mktemp("scored")
    pictures = str(small_pictures(folder))
    with engine_in(folder / "data") as engine:
        for name, recipe, values in (("Short", "tiny", {"steps": 4}), ("Long", "tiny", {"steps": 40, "seed": 7})):
            assert engine.start(engine.config(recipe, data=pictures, name=name, **values), at_once=True).join(60)
        (folder / "other").mkdir()  # a classifier of the same pictures would serve as their feature network
        other = str(small_pictures(folder / "other", size=16))
        config = engine.config("cnn", data=other, name="Classifier", steps=1)
        assert engine.start(config, at_once=True).join(60)
    return folder / "data"


@pytest.fixture
def engine(trained, data_dir):
    shutil.copytree(trained, data_dir, dirs_exist_ok=True)
    with engine_in(data_dir) as engine:
        yield engine


@pytest.fixture
def open_window(qtbot, engine):
    bridge = EngineBridge(engine)
    windows = []

    def open_(count=2):
        window = CompareWindow(engine.runs.all()[:count], families(), find_bridge=lambda: bridge)
        windows.append(window)
        window.show()
        window.tabs.setCurrentWidget(window.scores)
        page = window.scores
        qtbot.waitUntil(lambda: len(page.samples) + len(page.problems) == count, timeout=WAIT)
        return window, page

    yield open_
    for window in windows:
        window.close()
    bridge.close()


def rows(page) -> dict:
    return {row.title: row.texts for row in page.table.table.rows}


def score(qtbot, page) -> None:
    page.bar.counts.setCurrentIndex(0)
    qtbot.mouseClick(page.bar.score, LEFT)
    qtbot.waitUntil(lambda: not page.questions.scoring and all(page.measured()), timeout=WAIT)


def test_every_run_draws_from_the_same_seed_below_real_pictures(qtbot, open_window):
    _, page = open_window()
    first = page.grid.view.images.copy()
    assert len(first) == 3 * 16 and page.grid.view._row_titles == ("Real", "Short", "Long")
    assert "Score Runs" in page.bar.note.text() and rows(page)["Steps"] == ("4", "40")
    assert not page.bar.save.isEnabled() and page.bar.train.isHidden()
    qtbot.mouseClick(page.bar.seed_box.button, LEFT)
    qtbot.waitUntil(lambda: not np.array_equal(page.grid.view.images, first), timeout=WAIT)
    np.testing.assert_array_equal(page.grid.view.images[:16], first[:16])


def test_scores_by_pixels_then_by_a_feature_network(qtbot, open_window, tmp_path):
    _, page = open_window()
    score(qtbot, page)
    table = rows(page)
    assert {"Sharpness", "Distance to the data", "Diversity of pixels", "Time", "Steps", "Parameters"} <= table.keys()
    assert "Precision" not in table and "by pixels" in page.bar.note.text()
    assert any(row.best for row in page.table.table.rows)
    qtbot.mouseClick(page.bar.train, LEFT)
    qtbot.waitUntil(lambda: all(one is not None and one.by_features for one in page.measured()), timeout=60_000)
    table = rows(page)
    assert {"Precision", "Recall", "Kernel distance (gendesk features)"} <= table.keys()
    assert page.bar.train.isHidden() and not page.questions.training_features
    page.save_csv(tmp_path / "table.csv")
    qtbot.waitUntil((tmp_path / "table.csv").exists, timeout=WAIT)
    lines = list(csv.reader((tmp_path / "table.csv").read_text().splitlines()))
    assert [name.split(" [")[0] for name in lines[0][2:]] == ["Short", "Long"]
    saved = {line[1]: line[2:] for line in lines}
    assert float(saved["Sharpness"][0]) == pytest.approx(page.measured()[0].scores.sharpness, rel=1e-5)
    page.grid._save(page.grid.mosaic(), tmp_path / "sheet.png")
    qtbot.waitUntil((tmp_path / "sheet.png").exists, timeout=WAIT)
    told = json.loads(Image.open(tmp_path / "sheet.png").text["gendesk comparison"])
    assert (told["rows"], told["seed"], told["steps"]) == (["Real", "Short", "Long"], 1, [4, 40])


def test_scores_of_a_count_and_seed_are_kept(qtbot, open_window):
    _, page = open_window()
    score(qtbot, page)
    first = page.measured()
    assert not page.bar.score.isEnabled()
    page.bar.counts.setCurrentIndex(1)
    assert page.measured() == [None, None] and page.bar.score.isEnabled()
    page.bar.counts.setCurrentIndex(0)
    assert page.measured() == first


def test_the_work_is_cancelled_and_begun_again(qtbot, open_window):
    _, page = open_window()
    page.bar.counts.setCurrentIndex(page.bar.counts.count() - 1)
    qtbot.mouseClick(page.bar.score, LEFT)
    assert page.questions.scoring and page.bar.cancel.isVisible() and not page.bar.score.isEnabled()
    qtbot.mouseClick(page.bar.cancel, LEFT)
    assert not page.questions.scoring and not page.bar.cancel.isVisible()
    assert page.bar.score.isEnabled() and None in page.measured()
    score(qtbot, page)


def test_a_run_without_samples_says_why_and_the_others_go_on(qtbot, open_window):
    _, page = open_window(3)
    assert rows(page)["Problem"] == (UNKNOWN, UNKNOWN, "This model cannot make samples.")
    assert page.grid.view._row_titles == ("Real", "Short", "Long")
    page.bar.counts.setCurrentIndex(0)
    qtbot.mouseClick(page.bar.score, LEFT)
    qtbot.waitUntil(lambda: not page.questions.scoring, timeout=WAIT)
    assert [one is not None for one in page.measured()] == [True, True, False]


def test_a_window_closed_at_work_leaves_nothing_behind(qtbot, open_window):
    _, page = open_window()
    page.bar.counts.setCurrentIndex(page.bar.counts.count() - 1)
    qtbot.mouseClick(page.bar.score, LEFT)  # what opened the window closes it
    assert page.questions.scoring


def test_before_the_engine_is_there_the_page_says_so(qtbot, engine):
    window = CompareWindow(engine.runs.all()[:2])
    window.show()
    window.tabs.setCurrentWidget(window.scores)
    qtbot.waitUntil(lambda: len(window.readings) == 2, timeout=WAIT)
    assert "has been loaded" in window.scores.hint.text()
    window.close()


def test_a_run_in_training_is_asked_as_it_is_now(qtbot, engine, open_window, tmp_path, monkeypatch):
    monkeypatch.setattr(compare, "_REFRESH_MS", 50)
    config = engine.config("tiny", data=str(small_pictures(tmp_path)), steps=100_000, step_ms=2.0)
    job = engine.start(config, at_once=True)
    _, page = open_window(4)
    run_id = job.run.id
    qtbot.waitUntil(lambda: run_id in page.samples, timeout=WAIT)  # at first there may be no model yet
    first = page.samples[run_id].step
    qtbot.waitUntil(lambda: page.samples[run_id].step > first + 20, timeout=WAIT)
    page.bar.counts.setCurrentIndex(0)
    qtbot.mouseClick(page.bar.score, LEFT)
    qtbot.waitUntil(lambda: page.measured()[3] is not None, timeout=WAIT)
    step = page.measured()[3].step
    assert step > first
    qtbot.waitUntil(lambda: page.samples[run_id].step > step, timeout=WAIT)
    assert page.measured()[3].step == step and page.bar.score.isEnabled()  # the score stays, and may be made anew
    job.stop()
    assert job.join(30)
