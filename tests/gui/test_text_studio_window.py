"""The studios of texts in the window, on a run that is training and then pauses."""

import pytest
from gendesk.plugins.text.studios.pick_studio import PickStudio
from gendesk.plugins.text.studios.write_studio import WriteStudio
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gendesk.app import build_window
from gendesk.engine.events import JobState
from tests.support.text_models import SENTENCES

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 60_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot, tmp_path):
    """A window in which a small recurrent network learns a text without end."""
    text = tmp_path / "small.txt"
    text.write_text("".join(SENTENCES) * 30, encoding="utf-8")
    made = build_window(tmp_path / "data")
    made.resize(1500, 900)
    made.show()
    made.open_tab("text")
    qtbot.waitUntil(lambda: made.bridge is not None, timeout=WAIT)
    tab = made.current_tab
    tab.choices.use_recipe("char-lstm")
    tab.choices.use_data(text)
    tab.form.set_values({"steps": 1_000_000, "preview_every": 1000, "layers": [{"units": 16}], "batch_size": 8})
    tab.bar.start.click()
    qtbot.waitUntil(lambda: tab.run_id and made.engine.job(tab.run_id).steps_done > 2, timeout=WAIT)
    yield made
    made.leave()
    qtbot.waitUntil(lambda: not made.isVisible(), timeout=WAIT)
    made.deleteLater()


def test_a_model_in_training_writes_and_a_paused_one_is_written_with_by_hand(qtbot, window) -> None:
    tab = window.current_tab
    job = window.engine.job(tab.run_id)
    studios = tab.view.studios
    studios.choose("write")
    studio = studios.current
    assert isinstance(studio, WriteStudio)
    qtbot.waitUntil(studio.write.isEnabled, timeout=WAIT)
    QTest.keyClicks(studio.settings.prompt, "The fox")
    studio.settings.length.setValue(50)
    steps = job.steps_done
    qtbot.mouseClick(studio.write, LEFT)
    qtbot.waitUntil(lambda: not studio.is_writing, timeout=WAIT)
    assert len(studio.pages.views[0].pieces) == 50
    assert studio.pages.views[0].toPlainText().startswith("The fox")
    qtbot.waitUntil(lambda: job.steps_done > steps, timeout=WAIT)
    qtbot.waitUntil(lambda: "training text" in studio.known_by_heart.text(), timeout=WAIT)

    tab.bar.pause.click()
    qtbot.waitUntil(lambda: job.state is JobState.PAUSED, timeout=WAIT)
    studios.choose("pick")
    picker = studios.current
    assert isinstance(picker, PickStudio)
    bars = picker.pick.bars
    qtbot.waitUntil(lambda: len(bars.tokens) == 10 and bars.isEnabled(), timeout=WAIT)
    first = bars.tokens[0]
    qtbot.mouseClick(bars, LEFT, pos=bars.row_rect(0).center().toPoint())
    qtbot.waitUntil(lambda: picker.view.toPlainText() == first and bars.isEnabled(), timeout=WAIT)
    qtbot.keyClick(picker.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: picker.view.toPlainText() == "", timeout=WAIT)
    for name in ("inside", "guess"):
        studios.choose(name)
        assert studios.current_id == name
    qtbot.waitUntil(lambda: studios.current.round is not None, timeout=WAIT)
