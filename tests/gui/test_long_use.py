"""Long use leaves nothing behind: fifty runs, and every tab ten times."""

import gc
import threading

import psutil
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication

from gendesk.app import build_window
from tests.support.training import PLUGINS, small_pictures

WAIT = 60_000
RUNS = 50
TIMES = 10


@pytest.fixture
def window(qtbot, data_dir, tmp_path):
    data_dir.mkdir()
    (data_dir / "plugins").symlink_to(PLUGINS)
    made = build_window(data_dir)
    made.open_tab("autoencoder")
    made.show()
    made.open_tab("tiny")
    qtbot.waitUntil(lambda: made.bridge is not None, timeout=WAIT)
    made.current_tab.choices.use_data(small_pictures(tmp_path))
    made.current_tab.form.set_values({"epochs": 1000.0, "preview_every": 5})
    yield made
    made.leave()
    qtbot.waitUntil(lambda: not made.isVisible(), timeout=WAIT)
    made.deleteLater()


def things() -> dict[str, int]:
    """Count what could leak, after everything that waits for its deletion is gone."""
    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()
        gc.collect()
    process = psutil.Process()
    return {
        "widgets": len(QApplication.allWidgets()),
        "timers": sum(timer.isActive() for timer in QApplication.instance().findChildren(QTimer)),
        "threads": threading.active_count(),
        "files": process.num_fds() if hasattr(process, "num_fds") else process.num_handles(),
    }


def memory() -> float:
    return psutil.Process().memory_info().rss / 2**20


def start_and_stop(qtbot, window) -> None:
    tab = window.current_tab
    before = tab.run_id
    tab.bar.start.click()
    qtbot.waitUntil(lambda: tab.run_id != before and bool(tab.view.previews.names), timeout=WAIT)
    tab.bar.stop.click()
    qtbot.waitUntil(lambda: window.engine.runner.idle and not window.engine.active_jobs, timeout=WAIT)


@pytest.mark.slow
def test_fifty_runs_leave_nothing_behind(qtbot, window):
    for _ in range(10):
        start_and_stop(qtbot, window)
    before, used = things(), memory()
    for _ in range(RUNS - 10):
        start_and_stop(qtbot, window)
    after = things()
    assert after["widgets"] <= before["widgets"]
    assert after["timers"] <= before["timers"]
    assert after["threads"] <= before["threads"]
    assert after["files"] <= before["files"] + 2
    assert memory() - used < 40
    assert len(window.engine.runs.ids()) == RUNS


def test_tabs_can_be_changed_for_ever(qtbot, window):
    families = list(window.tabs)
    for family in families:
        window.open_tab(family)
    before = things()
    for _ in range(TIMES):
        for family in families:
            window.open_tab(family)
            QCoreApplication.processEvents()

    def as_few() -> bool:
        """Tell whether no thread and no file is left over; an import in the background takes some for a while."""
        after = things()
        return after["threads"] <= before["threads"] and after["files"] <= before["files"]

    qtbot.waitUntil(as_few, timeout=WAIT)
    after = things()
    assert (after["widgets"], after["timers"]) == (before["widgets"], before["timers"])
