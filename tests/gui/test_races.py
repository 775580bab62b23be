"""Races in the window: in the list of data sets, in the bar, on a recipe's page, among runs and beside each other."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gendesk.app.data.browser import DatasetBrowser
from gendesk.app.data.check_dialog import CheckDialog
from gendesk.app.data.facts import fact_lines
from gendesk.app.explain.inspector import InspectorPanel
from gendesk.app.explain.recipe_page import RecipePage
from gendesk.app.runs.browser import RunBrowser
from gendesk.app.runs.compare import CompareWindow
from gendesk.app.train_bar import TrainBar
from gendesk.data.check import check
from gendesk.data.dataset import DatasetKind
from gendesk.data.library import DataLibrary
from gendesk.data.options import RaceOptions
from gendesk.engine.engine import Engine
from tests.support.training import engine_in, families

WAIT = 30_000


@pytest.fixture
def engine(data_dir: Path):
    with engine_in(data_dir) as made:
        yield made


@pytest.fixture
def library(tmp_path: Path) -> DataLibrary:
    return DataLibrary(tmp_path / "datasets")


def test_the_browser_tells_of_races_and_offers_nothing_to_prepare(qtbot: QtBot, library: DataLibrary) -> None:
    browser = DatasetBrowser(library)
    qtbot.addWidget(browser)
    with qtbot.waitSignal(browser.listed, timeout=WAIT):
        browser.show()
    (item,) = browser.list.findItems("Car racing", Qt.MatchFlag.MatchStartsWith)
    browser.list.setCurrentItem(item)
    assert "one for each seed" in browser.facts.text()
    assert not browser.get.isEnabled()
    assert not browser.classes.isVisible()
    with qtbot.waitSignal(browser.use_wanted) as used:
        browser.use.click()
    assert used.args == ["car-racing"]


def test_a_check_of_races_tells_their_tracks(qtbot: QtBot, library: DataLibrary) -> None:
    facts = dict(fact_lines(check(library, "car-racing", RaceOptions())))
    assert facts["Held out"] == "tracks 0 to 99"
    assert facts["On the disk"].startswith("nothing")
    dialog = CheckDialog(library, "car-racing", None, DatasetKind.RACES)
    with qtbot.waitSignal(dialog.checked, timeout=WAIT):
        dialog.show()
    assert dialog.report is not None
    assert dialog.use.isEnabled()
    dialog.reject()


def test_the_bar_offers_no_own_files_for_races(qtbot: QtBot) -> None:
    bar = TrainBar()
    qtbot.addWidget(bar)
    bar.set_own_data(DatasetKind.RACES, offered=False)
    assert "need no files" in bar.own_data.toolTip()
    assert not bar.own_data.isEnabled()


def test_the_page_and_the_inspector_count_work_by_the_frame(qtbot: QtBot, engine: Engine) -> None:
    page = RecipePage(families(), "chain-first")
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: "Multiply-adds per frame" in page.text.toPlainText(), timeout=WAIT)
    inspector = InspectorPanel(families())
    qtbot.addWidget(inspector)
    inspector.set_config("world-vae", engine.config("world-vae"))
    qtbot.waitUntil(lambda: inspector.model.rowCount() > 0, timeout=WAIT)
    assert "for a frame of a race" in inspector.summary.text()
    assert "assumed" not in inspector.summary.text()


def test_runs_on_races_are_listed_and_compared(qtbot: QtBot, engine: Engine) -> None:
    jobs = [engine.start(engine.config("chain-first", preset)) for preset in ("quick", "book")]
    assert all(job.join(30) for job in jobs)
    browser = RunBrowser(engine.runs, [("chained", "Chained")], ["chain-first"])
    qtbot.addWidget(browser)
    with qtbot.waitSignal(browser.refreshed, timeout=WAIT):
        browser.show()
    assert browser.runs.rowCount() == 2
    failures: list[str] = []
    browser.failed.connect(failures.append)
    browser.select(jobs[0].run.id)
    browser.details.show()
    window = CompareWindow(engine.runs.all(), families())
    qtbot.addWidget(window)
    window.samples.failed.connect(failures.append)
    window.show()
    qtbot.waitUntil(lambda: len(window.readings) == 2, timeout=WAIT)
    for place in range(window.tabs.count()):
        window.tabs.setCurrentIndex(place)
    assert failures == []
    window.close()
