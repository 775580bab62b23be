"""A window that is closed while a world model comes about: whatever the stage, everything has ended within seconds."""

import threading
import time

import psutil
import pytest
from PySide6.QtCore import Qt

from gendesk.app import build_window
from gendesk.app.closing import CloseQuestion
from gendesk.engine.runs import RunState

WAIT = 60_000
SECONDS = 15.0
"""At most; on a quiet machine it takes less than five, and a stage would go on for minutes."""
SHORT = {
    "races": 2,
    "rollout_frames": 60,
    "vision_steps": 2,
    "frames_per_batch": 8,
    "memory_steps": 2,
    "window": 10,
    "episodes_per_batch": 2,
    "processes": 2,
    "population": 8,
    "steps": 1_000_000,
}
LONG = {
    1: {"races": 100_000, "rollout_frames": 1000},
    2: {"vision_steps": 900_000, "frames_per_batch": 64},
    3: {"races": 40, "rollout_frames": 1000},
    4: {"memory_steps": 900_000, "episodes_per_batch": 24, "window": 70},
    5: {"population": 256, "episodes": 16, "race_frames": 3000, "patience": 0},
}
"""What makes a stage go on for longer than the test, by its number."""
BEGINS = {1: 0, 2: 2, 3: 4, 4: 6, 5: 8}
"""After how many steps a stage begins; the third has forty races before it."""


def racing() -> list[psutil.Process]:
    """Return the processes that drive races for this one."""
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            if "spawn_main" in " ".join(child.cmdline()):
                found.append(child)
        except psutil.NoSuchProcess:
            continue
    return found


@pytest.mark.parametrize("stage", sorted(LONG))
def test_closing_ends_everything(qtbot, data_dir, stage):
    window = build_window(data_dir)
    window.open_tab("worldmodel")
    window.show()
    qtbot.waitUntil(lambda: window.bridge is not None, timeout=WAIT)
    tab = window.current_tab
    tab.choices.use_recipe("world-model", "quick")
    tab.form.set_values({**SHORT, **LONG[stage]})
    qtbot.waitUntil(tab.bar.start.isEnabled, timeout=WAIT)
    tab.bar.start.click()
    qtbot.waitUntil(lambda: bool(window.engine.training_jobs), timeout=WAIT)
    (job,) = window.engine.training_jobs
    begins = LONG[3]["races"] + 2 if stage == 3 else BEGINS[stage]
    qtbot.waitUntil(lambda: job.steps_done >= begins and (stage not in (1, 5) or bool(racing())), timeout=WAIT)
    window.close()
    question = window.findChild(CloseQuestion)
    qtbot.waitUntil(question.isVisible, timeout=WAIT)
    (stop,) = [one for one in question.buttons() if one.text() == "Stop and Save"]
    began = time.monotonic()
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=WAIT)
    assert time.monotonic() - began < SECONDS
    assert not racing()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith(("train", "live"))]
    run = window.engine.runs.open(job.run.id)
    assert run.state is RunState.STOPPED
    assert run.record.step >= begins
    window.deleteLater()
