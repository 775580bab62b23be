"""The cards of a family's stages in the real window, with stages that count: states, buttons, and the whole chain."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from gendesk.app import build_window
from gendesk.engine.events import JobState
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import RunState
from gendesk.widgets.stage_cards import SLIM, TALL
from tests.support.training import PLUGINS

FIRST, MIDDLE, LAST = "chain-first", "chain-middle", "chain-last"
WAIT = 60_000


@pytest.fixture
def window(qtbot, data_dir):
    data_dir.mkdir(parents=True)
    (data_dir / "plugins").symlink_to(PLUGINS)
    made = build_window(data_dir)
    made.resize(1280, 800)
    made.show()
    made.leave_first_steps()
    made.open_tab("chained")
    qtbot.waitUntil(lambda: made.bridge is not None, timeout=WAIT)
    yield made
    made.leave()
    qtbot.waitUntil(lambda: not made.isVisible(), timeout=WAIT)
    made.deleteLater()


@pytest.fixture
def cards(window):
    return window.current_tab.stages.cards


def words(cards) -> list[str]:
    return [card.state for card in cards.contents()]


def wait_for_words(qtbot, cards, *expected: str) -> None:
    qtbot.waitUntil(lambda: words(cards) == list(expected), timeout=WAIT)


def press(qtbot, button: QToolButton) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def train(qtbot, cards, key: str) -> None:
    press(qtbot, cards.button(key))
    place = [card.key for card in cards.contents()].index(key)
    qtbot.waitUntil(lambda: words(cards)[place] == "Done", timeout=WAIT)


def test_a_family_with_stages_has_a_row_of_cards_that_leaves_room_for_charts(qtbot, window, cards):
    assert words(cards) == ["Ready", "Not ready", "Not ready"]
    assert [card.title for card in cards.contents()] == ["1. First", "2. Middle", "3. Last"]
    assert cards.height() == TALL
    assert cards.width() <= 1280
    view = window.current_tab.view
    assert view.mapTo(window, view.rect().bottomLeft()).y() < 800
    assert view.height() > 300
    for key in (MIDDLE, LAST):
        assert not cards.button(key).isEnabled()
    assert "1. First has to be trained first." in cards.card(MIDDLE).toolTip()


def test_other_families_have_none(window):
    window.open_tab("tiny")
    assert not window.current_tab.stages.cards.isVisible()


def test_each_stage_is_trained_by_its_button_and_opens_by_a_click(qtbot, window, cards):
    tab = window.current_tab
    train(qtbot, cards, FIRST)
    first = tab.run_id
    assert words(cards) == ["Done", "Ready", "Not ready"]
    assert cards.contents()[0].run == f"{first[:4]}  quick"
    assert cards.button(FIRST).text() == "Train Again"
    train(qtbot, cards, MIDDLE)
    assert tab.choices.entry.id == MIDDLE
    qtbot.waitUntil(lambda: tab.view.run.record.config.recipe == MIDDLE, timeout=WAIT)
    assert tab.view.run.record.upstream.run == first
    # A click shows the run of a stage, with its recipe in the form.
    qtbot.mouseClick(cards.card(FIRST), Qt.MouseButton.LeftButton)
    assert (tab.run_id, tab.choices.entry.id) == (first, FIRST)
    qtbot.mouseClick(cards.card(LAST), Qt.MouseButton.LeftButton)
    assert tab.choices.entry.id == LAST


def test_training_the_first_anew_makes_the_rest_stale_and_the_menu_goes_on_from_there(qtbot, window, cards):
    press(qtbot, cards.run_all)
    wait_for_words(qtbot, cards, "Done", "Done", "Done")
    runs = window.store.ids()
    assert len(runs) == 3
    train(qtbot, cards, FIRST)
    wait_for_words(qtbot, cards, "Done", "Stale", "Stale")
    assert "has been trained anew since" in cards.card(MIDDLE).toolTip()
    (rest,) = [action for action in cards.menu.actions() if action.text() == "Only What Is Not Done"]
    rest.trigger()
    wait_for_words(qtbot, cards, "Done", "Done", "Done")
    built = [window.store.open(run_id).record for run_id in window.store.ids()[3:]]
    assert [record.config.recipe for record in built] == [FIRST, MIDDLE, LAST]
    assert built[1].upstream.run == built[0].id


def test_run_all_takes_the_preset_where_a_stage_has_it(qtbot, window, cards):
    texts = [action.text() for action in cards.menu.actions() if action.text()]
    assert texts == ["All Stages, quick", "All Stages, book", "Only What Is Not Done"]
    cards.menu.actions()[1].trigger()
    wait_for_words(qtbot, cards, "Done", "Done", "Done")
    assert [run.record.total_steps for run in window.store.all()] == [6, 5, 2]
    # The tab has followed the chain to its last run.
    assert window.current_tab.view.run.record.config.recipe == LAST


def test_progress_pause_and_the_end_of_everything(qtbot, window, cards):
    tab = window.current_tab
    tab.choices.use_recipe(FIRST)
    tab.form.set_values({"steps": 100_000, "step_ms": 2.0, "preview_every": 100_000})
    press(qtbot, cards.button(FIRST))
    qtbot.waitUntil(lambda: (cards.contents()[0].progress or 0) > 0, timeout=WAIT)
    assert words(cards)[0] == "Running"
    assert cards.run_all.text() == "Stop All"
    job = window.engine.job(tab.run_id)
    job.pause()
    qtbot.waitUntil(lambda: words(cards)[0] == "Paused", timeout=WAIT)
    job.resume()
    qtbot.waitUntil(lambda: words(cards)[0] == "Running", timeout=WAIT)
    # A chain that waits behind it is taken out of the queue, too.
    cards.all_wanted.emit("")
    qtbot.waitUntil(lambda: words(cards)[1:] == ["Queued", "Queued"], timeout=WAIT)
    press(qtbot, cards.run_all)
    assert job.join(30)
    qtbot.waitUntil(lambda: cards.run_all.text() == "Run All", timeout=WAIT)
    assert words(cards) == ["Stopped"] * 3
    assert window.engine.queue.entries() == ()
    assert cards.button(FIRST).text() == "Resume"
    assert {run.state for run in window.store.all()} == {RunState.STOPPED}


def test_resume_goes_on_with_the_run(qtbot, window, cards):
    tab = window.current_tab
    tab.choices.use_recipe(FIRST)
    tab.form.set_values({"steps": 50, "step_ms": 60.0})
    press(qtbot, cards.button(FIRST))
    qtbot.waitUntil(lambda: bool(tab.run_id) and window.engine.job(tab.run_id).steps_done > 2, timeout=WAIT)
    run_id = tab.run_id
    job = window.engine.job(run_id)
    job.stop()
    assert job.join(30)
    wait_for_words(qtbot, cards, "Stopped", "Not ready", "Not ready")
    train(qtbot, cards, FIRST)
    assert window.store.ids() == [run_id]
    assert window.store.open(run_id).record.step == 50


def test_a_failed_stage_says_so_and_those_after_it_cannot_begin(qtbot, window, cards):
    tab = window.current_tab
    tab.choices.use_recipe(FIRST)
    tab.form.set_values({"fail_at": 2})
    press(qtbot, cards.button(FIRST))
    wait_for_words(qtbot, cards, "Failed", "Not ready", "Not ready")
    assert "was told to fail" in cards.card(FIRST).toolTip()


def test_what_another_process_trains_comes_with_a_refresh_of_the_runs(qtbot, window, cards):
    config = window.engine.config(FIRST)
    run = RunStore(window.engine.runs.folder).create(config, "chained", "1. First")
    run.update(state=RunState.FINISHED, process=None, step=4, total_steps=4)
    window.browser.refresh()
    wait_for_words(qtbot, cards, "Done", "Ready", "Not ready")


def test_the_runs_are_never_read_by_the_window_itself(qtbot, window, cards, monkeypatch):
    from gendesk.app import stages

    threads = set()
    read = stages.stages_of

    def noted(chain, runs):
        threads.add(threading.current_thread())
        return read(chain, runs)

    monkeypatch.setattr(stages, "stages_of", noted)
    with qtbot.waitSignal(window.current_tab.stages.refreshed, timeout=WAIT):
        window.current_tab.stages.refresh()
    assert threads
    assert threading.main_thread() not in threads


def test_the_row_can_be_folded_and_used_by_keys(qtbot, window, cards):
    press(qtbot, cards.fold)
    assert cards.collapsed
    assert cards.height() == SLIM
    assert not cards.button(FIRST).isVisible()
    press(qtbot, cards.fold)
    assert cards.button(FIRST).isVisible()
    cards.card(FIRST).setFocus()
    qtbot.keyClick(cards.card(FIRST), Qt.Key.Key_Right)
    assert cards.card(MIDDLE).hasFocus()
    qtbot.keyClick(cards.card(MIDDLE), Qt.Key.Key_Return)
    assert window.current_tab.choices.entry.id == MIDDLE
    for button in cards.findChildren(QToolButton):
        assert button.accessibleName()
        assert button.toolTip()


def test_the_marked_card_is_that_of_the_run_that_is_shown(qtbot, window, cards):
    train(qtbot, cards, FIRST)
    marked = [key for key in (FIRST, MIDDLE, LAST) if cards.card(key)._marked]
    assert marked == [FIRST]
    job = window.engine.job(window.current_tab.run_id)
    assert job.join(30)
    assert job.state is JobState.FINISHED
