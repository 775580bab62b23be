"""A real run of a text recipe in the window: its samples, its model, its page, and its place in the lists of runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from gendesk.app.bridge import EngineBridge
from gendesk.app.explain.inspector import InspectorPanel
from gendesk.app.explain.recipe_page import RecipePage
from gendesk.app.previews import PreviewsPanel, newest_previews
from gendesk.app.runs.browser import RunBrowser
from gendesk.app.runs.compare import CompareWindow
from gendesk.app.runs.compare_samples import SheetPane
from gendesk.app.runs.rows import PICTURE_ROLE
from gendesk.engine.engine import Engine
from gendesk.engine.preview import TextPreview
from gendesk.engine.runs import Run
from gendesk.widgets.text.history import TextHistory
from tests.support.texts import RHYME
from tests.support.training import engine_in, families

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 20_000
# Samples of words are the shortest, and large steps make them differ.
SMALL = {"unit": "words", "layers": 1, "heads": 2, "width": 16, "window": 16, "learning_rate": 0.1, "warm_up": 0}


@pytest.fixture
def engine(data_dir: Path) -> Iterator[Engine]:
    with engine_in(data_dir) as made:
        yield made


@pytest.fixture
def rhyme(tmp_path: Path) -> Path:
    path = tmp_path / "rhyme.txt"
    path.write_text(RHYME * 40, encoding="utf-8")
    return path


def trained(engine: Engine, rhyme: Path, steps: int) -> Run:
    job = engine.start(engine.config("gpt", data=str(rhyme), steps=steps, preview_every=2, **SMALL))
    assert job.join(60)
    return engine.runs.open(job.run.id)


def samples(panel: PreviewsPanel) -> TextHistory:
    (found,) = panel.findChildren(TextHistory)
    return found


def test_samples_are_followed_live_and_shown_afterwards_step_by_step_and_all_at_once(
    qtbot: QtBot, engine: Engine, rhyme: Path
) -> None:
    live, panel = PreviewsPanel(), PreviewsPanel()
    for one in (live, panel):
        qtbot.addWidget(one)
        one.resize(700, 420)
        one.show()
    bridge = EngineBridge(engine)
    bridge.previewed.connect(live.show_live)
    run = trained(engine, rhyme, 4)
    qtbot.waitUntil(lambda: "samples" in live.names and samples(live).timeline.step == 4, timeout=WAIT)
    saved = next(one for one in newest_previews(run) if isinstance(one, TextPreview))
    assert samples(live).sheet.texts.texts == saved.texts

    panel.show_run(run)
    history = samples(panel)
    qtbot.waitUntil(lambda: history.sheet.texts.texts == saved.texts, timeout=WAIT)
    assert history.sheet.texts.captions == saved.captions
    assert list(history.timeline.steps) == [0, 2, 4]
    history.all_steps.click()
    first = history.table.model().index(2, 0)
    qtbot.waitUntil(lambda: len(first.data() or "") > 1, timeout=WAIT)
    assert first.data() != history.table.model().index(0, 0).data()
    bridge.close()
    bridge.deleteLater()


def test_the_model_and_the_page_of_a_text_recipe_can_be_looked_at(qtbot: QtBot, engine: Engine, rhyme: Path) -> None:
    inspector = InspectorPanel(families())
    qtbot.addWidget(inspector)
    config = engine.config("gpt", data=str(rhyme), **SMALL)
    inspector.set_config("gpt", config)
    qtbot.waitUntil(lambda: inspector.model.rowCount() > 0, timeout=WAIT)
    assert not inspector.message.text()
    assert "for a token" in inspector.summary.text()
    assert "assumed" in inspector.summary.text()
    assert inspector.diagram.blocks[0].title == "Tokens"
    page = RecipePage(families(), "gpt")
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: "Pitfalls" in page.text.toPlainText(), timeout=WAIT)


def test_texts_of_several_runs_are_compared_at_the_same_step(qtbot: QtBot, engine: Engine, rhyme: Path) -> None:
    runs = [trained(engine, rhyme, steps) for steps in (1, 2)]
    failures: list[str] = []
    window = CompareWindow(runs, families())
    qtbot.addWidget(window)
    window.samples.failed.connect(failures.append)
    window.show()
    qtbot.waitUntil(lambda: len(window.readings) == 2, timeout=WAIT)
    for page in range(window.tabs.count()):
        window.tabs.setCurrentIndex(page)
    window.tabs.setCurrentWidget(window.samples)
    panes = [pane for pane in window.samples.panes if isinstance(pane, SheetPane)]
    saved = [next(one for one in newest_previews(run) if isinstance(one, TextPreview)) for run in runs]
    qtbot.waitUntil(lambda: [pane.texts.texts.texts for pane in panes] == [one.texts for one in saved], timeout=WAIT)
    assert all(pane.texts.isVisible() for pane in panes)
    assert [window.samples.preview.itemText(index) for index in range(window.samples.preview.count())] == ["Samples"]
    slider = window.samples.timeline.findChild(QSlider)
    assert isinstance(slider, QSlider)
    slider.setValue(0)
    qtbot.waitUntil(lambda: [pane.step.text() for pane in panes] == ["Step 0", "Step 0"], timeout=WAIT)
    assert failures == []
    window.close()


def test_the_first_words_of_a_text_run_are_its_picture_in_the_list(qtbot: QtBot, engine: Engine, rhyme: Path) -> None:
    run = trained(engine, rhyme, 2)
    browser = RunBrowser(engine.runs, [("text", "Text")], ["gpt"])
    qtbot.addWidget(browser)
    browser.resize(900, 300)
    browser.show()

    def picture() -> QImage | None:
        found = browser.runs.index_of(run.id).data(PICTURE_ROLE)
        return None if found is None else found.toImage()

    qtbot.waitUntil(lambda: picture() is not None, timeout=WAIT)
    slip = picture()
    assert slip is not None
    colours = {slip.pixelColor(x, y).rgb() for x in range(slip.width()) for y in range(slip.height())}
    assert len(colours) > 2, "nothing is written on it"
