"""A real run of a text recipe in the window: its samples, its model, its page, and its place in the lists of runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gendesk.app.bridge import EngineBridge
from gendesk.app.explain.inspector import InspectorPanel
from gendesk.app.explain.recipe_page import RecipePage
from gendesk.app.previews import PreviewsPanel, newest_previews
from gendesk.app.runs.browser import RunBrowser
from gendesk.app.runs.compare import CompareWindow
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


def test_text_runs_are_listed_and_compared(qtbot: QtBot, engine: Engine, rhyme: Path) -> None:
    runs = [trained(engine, rhyme, steps) for steps in (1, 2)]
    browser = RunBrowser(engine.runs, [("text", "Text")], ["gpt"])
    qtbot.addWidget(browser)
    browser.resize(900, 300)
    failures: list[str] = []
    browser.failed.connect(failures.append)
    browser.show()
    window = CompareWindow(runs, families())
    qtbot.addWidget(window)
    window.show()
    for page in range(window.tabs.count()):
        window.tabs.setCurrentIndex(page)
        qtbot.wait(50)
    assert failures == []
    window.close()
