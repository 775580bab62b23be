"""The page Novelty: near training pictures of points, samples and own pictures, and a feature network from a window."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from gendesk.app import build_window
from gendesk.engine.engine import Engine
from gendesk.engine.latent.novelty import Measure
from gendesk.studios.latent.studio import LatentStudio
from tests.support.studio_desk import StudioDesk
from tests.support.training import engine_in, small_pictures

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 30_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("novelty")
    with engine_in(folder / "data") as engine:
        config = engine.config("ae", data=str(small_pictures(folder)), steps=12)
        assert engine.start(config, at_once=True).join(60)
        yield engine


@pytest.fixture
def page(qtbot, engine: Engine) -> Iterator[Any]:
    run = engine.runs.find("0001")
    desk = StudioDesk(engine.load_model(run.id), engine.run_data(run.id))
    studio = LatentStudio()
    qtbot.addWidget(studio)
    page = studio.page("novelty")
    studio.tabs.setCurrentWidget(page)
    studio.resize(420, 640)
    studio.show()
    studio.set_session(desk.session)
    qtbot.waitUntil(lambda: page.found is not None, timeout=WAIT)
    yield page
    desk.close()


def choose(qtbot, page, kind: str) -> Any:
    """Choose what is looked at, and wait for what is found."""
    before = page.found
    page.look.kinds.setCurrentIndex(page.look.kinds.findData(kind))
    qtbot.waitUntil(lambda: page.found is not before, timeout=WAIT)
    return page.found


def test_before_there_is_a_model_the_page_says_what_will_come(qtbot) -> None:
    studio = LatentStudio()
    qtbot.addWidget(studio)
    page = studio.page("novelty")
    assert "Train a model" in page.hint.text()
    assert page.histogram.is_empty and not page.isEnabled()


def test_the_point_is_followed_and_judged(qtbot, page) -> None:
    assert page.stack.currentWidget() is page.one and page.measures.train.isVisible()
    assert "Searched: 72 of 72" in page.measures.note.text()
    assert page.found.neighbours.shape == (1, 8, 12, 12, 1)
    assert page.histogram.distance == page.found.distances[0, 0]
    assert page.one.word.text() in ("Memorised", "Close to a training picture", "New")
    before = page.found
    page.workspace.move_to(np.array([3.0, -3.0]))
    qtbot.waitUntil(lambda: page.found is not before, timeout=WAIT)
    qtbot.waitUntil(lambda: np.array_equal(page.found.pictures[0], page.workspace.picture), timeout=WAIT)


def test_a_training_picture_from_a_file_is_memorised(qtbot, page, engine: Engine, tmp_path: Path) -> None:
    train = np.asarray(engine.run_data(engine.runs.ids()[0]).images.train.images)
    page.look.kinds.setCurrentIndex(page.look.kinds.findData("picture"))
    before = page.found
    page._dialog.taken.emit(np.array(train[5]))
    page._dialog.reject()
    qtbot.waitUntil(lambda: page.found is not before, timeout=WAIT)
    assert page.one.word.text() == "Memorised"
    assert page.found.numbers[0, 0] == 5 and page.found.distances[0, 0] == 0
    page.measures.measures.setCurrentIndex(page.measures.measures.findData(Measure.PIXELS))
    qtbot.waitUntil(lambda: page.prepared is not None, timeout=WAIT)
    assert not page.measures.train.isVisible()


def test_samples_are_sorted_and_a_click_looks_at_one(qtbot, page) -> None:
    found = choose(qtbot, page, "samples")
    assert len(found.pictures) == 64 and (np.diff(found.distances[:, 0]) >= 0).all()
    assert page.many.facts.text().startswith("64 samples: mean distance ")
    sheet = page.many.sheet
    place = sheet.tile_rect(3).center() / sheet.devicePixelRatioF()
    qtbot.mouseClick(sheet.viewport(), LEFT, pos=QPoint(place))
    qtbot.waitUntil(lambda: len(page.found.pictures) == 1, timeout=WAIT)
    np.testing.assert_array_equal(page.found.pictures[0], found.pictures[3])
    assert page.look.kind == "picture"
    again = choose(qtbot, page, "samples")
    np.testing.assert_array_equal(again.pictures, found.pictures)


def test_what_was_found_can_be_saved(qtbot, page, tmp_path: Path) -> None:
    path = tmp_path / "near.png"
    qtbot.waitUntil(page.save.isEnabled, timeout=WAIT)
    with qtbot.waitSignal(page.save.saved, timeout=WAIT):
        page.save.save("strip", path)
    assert path.stat().st_size > 0


@pytest.fixture
def opened(qtbot, data_dir: Path, tmp_path: Path) -> Iterator[Any]:
    """Opens a window on a run with so many pictures, and returns the window and its page."""
    windows = []

    def open_(count: int) -> tuple[Any, Any]:
        with engine_in(data_dir) as engine:
            job = engine.start(engine.config("ae", data=str(small_pictures(tmp_path, count)), steps=4), at_once=True)
            assert job.join(60)
        window = build_window(data_dir)
        windows.append(window)
        window.open_tab("autoencoder")
        window.show()
        qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
        window.current_tab.show_run(job.run.id)
        studios = window.current_tab.view.studios
        studios.choose("latent")
        page: Any = studios.current.page("novelty")
        studios.current.tabs.setCurrentWidget(page)
        qtbot.waitUntil(lambda: page.found is not None, timeout=WAIT)
        return window, page

    yield open_
    for window in windows:
        window.leave()
        qtbot.waitUntil(lambda window=window: not window.isVisible(), timeout=WAIT)
        window.deleteLater()


def test_a_feature_network_is_trained_from_the_window_and_taken_up(qtbot, opened) -> None:
    _, page = opened(96)
    qtbot.mouseClick(page.measures.train, LEFT)
    assert not page.measures.train.isEnabled()
    qtbot.waitUntil(lambda: page.prepared is not None and bool(page.prepared.network), timeout=WAIT)
    assert page.measures.note.text().startswith("Features of 0002-")
    assert page.measures.train.isEnabled() and not page.measures.train.isVisible()


def test_the_training_of_a_feature_network_shows_how_far_it_is_and_can_be_cancelled(qtbot, opened) -> None:
    _, page = opened(20_000)
    bar = page.measures
    qtbot.mouseClick(bar.train, LEFT)
    qtbot.waitUntil(lambda: bar.progress.value() > 0, timeout=WAIT)
    assert bar.progress.isVisible() and not bar.train.isEnabled()
    qtbot.mouseClick(bar.cancel, LEFT)
    assert not bar.cancel.isEnabled()
    qtbot.waitUntil(lambda: bar.train.isEnabled() and bar.train.isVisible(), timeout=WAIT)
    assert not bar.progress.isVisible()
    assert not page.window().bridge.engine.training_jobs


def test_a_window_can_be_closed_while_a_feature_network_is_trained(qtbot, opened) -> None:
    window, page = opened(20_000)
    qtbot.mouseClick(page.measures.train, LEFT)
    engine = window.bridge.engine
    qtbot.waitUntil(lambda: any(job.started and job.run.record.step == 0 for job in engine.training_jobs), timeout=WAIT)
    window.leave()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert not engine.training_jobs
