"""A game in the real window: slow motion, steps of one network alone, and verdicts that follow the training."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from gendesk.app import build_window
from gendesk.engine.control import PACE
from gendesk.engine.events import JobState
from tests.support.training import small_pictures

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 40_000


@pytest.fixture
def window(qtbot: Any, tmp_path: Any) -> Iterator[Any]:
    """Return a window whose GAN trains on small pictures without end."""
    made = build_window(tmp_path / "data")
    made.show()
    made.open_tab("gan")
    qtbot.waitUntil(lambda: made.bridge is not None, timeout=WAIT)
    tab = made.current_tab
    tab.choices.use_data(small_pictures(tmp_path))
    tab.form.set_values({"steps": 100_000, "preview_every": 10, "batch_size": 8})
    tab.bar.start.click()
    qtbot.waitUntil(lambda: tab.run_id and made.engine.job(tab.run_id).steps_done > 2, timeout=WAIT)
    yield made
    PACE.limit = None
    made.leave()
    qtbot.waitUntil(lambda: not made.isVisible(), timeout=WAIT)
    made.deleteLater()


def slow(window: Any, title: str) -> QAction:
    menus = (menu for menu in window.menuBar().findChildren(QMenu) if menu.title() == "Slow &Motion")
    return next(action for action in next(menus).actions() if action.text() == title)


def test_a_game_in_slow_motion_and_by_single_steps(qtbot: Any, window: Any) -> None:
    tab = window.current_tab
    job = window.engine.job(tab.run_id)
    assert slow(window, "Slow Motion Off").isChecked()
    slow(window, "Slow Motion: 2 Steps a Second").trigger()
    first, began = job.steps_done, time.monotonic()
    qtbot.waitUntil(lambda: job.steps_done >= first + 4, timeout=WAIT)
    assert time.monotonic() - began > 1
    assert slow(window, "Slow Motion: 2 Steps a Second").isChecked()
    tab.bar.pause.click()
    qtbot.waitUntil(lambda: job.state is JobState.PAUSED and len(tab.bar.more.menu().actions()) == 4, timeout=WAIT)
    critic, generator = tab.bar.more.menu().actions()[2:4]
    assert (critic.text(), generator.text()) == ("Step Critic Alone", "Step Generator Alone")
    model = job._trainer.model()

    def weights() -> tuple[float, float]:
        sides = (model.critic, model.generator)
        return tuple(sum(float(one.detach().double().sum()) for one in side.parameters()) for side in sides)

    before, done = weights(), job.steps_done
    critic.trigger()
    qtbot.waitUntil(lambda: job.steps_done == done + 1, timeout=WAIT)
    after = weights()
    assert after[0] != before[0] and after[1] == before[1]
    generator.trigger()
    qtbot.waitUntil(lambda: job.steps_done == done + 2, timeout=WAIT)
    assert weights()[0] == after[0] and weights()[1] != after[1]


def test_verdicts_follow_the_training(qtbot: Any, window: Any) -> None:
    tab = window.current_tab
    tab.view.studios.choose("judge")
    studio = tab.view.studio
    qtbot.waitUntil(lambda: studio.judge.verdict is not None, timeout=WAIT)
    first, picture = studio.judge.verdict.score, studio.judge.picture
    qtbot.waitUntil(lambda: abs(studio.judge.verdict.score - first) > 1e-6, timeout=WAIT)
    assert studio.judge.picture is picture


def test_a_card_of_the_failure_gallery_starts_a_spoilt_run(qtbot: Any, window: Any) -> None:
    tab, first = window.current_tab, window.current_tab.run_id
    rate = tab.view.run.record.config.config["critic_learning_rate"]
    tab.view.studios.choose("failures")
    card = next(card for card in tab.view.studio.cards if card.kind == "oscillation")
    qtbot.waitUntil(card.button.isEnabled, timeout=WAIT)
    qtbot.mouseClick(card.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.engine.runs.all()) == 2, timeout=WAIT)
    spoilt = next(run for run in window.engine.runs.all() if run.id != first)
    assert spoilt.record.config.config["critic_learning_rate"] == pytest.approx(20 * rate)
    job = window.engine.job(spoilt.id)
    job.stop()
    qtbot.waitUntil(lambda: job.state.over, timeout=WAIT)
    assert [entry.run for entry in window.engine.queue.entries()] == [first]
