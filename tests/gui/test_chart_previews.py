"""Previews that are numbers, of a real run: live, saved, scrubbed, exported, damaged."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QSlider
from pytestqt.qtbot import QtBot

from gendesk.app.bridge import EngineBridge
from gendesk.app.previews import PreviewsPanel, newest_previews
from gendesk.engine.comparison import read_run
from gendesk.engine.engine import Engine
from gendesk.engine.events import PreviewReady
from gendesk.engine.preview import BarsPreview, HeatMapPreview, ImagePreview, TablePreview
from gendesk.engine.runs import Run
from gendesk.widgets.charts.bars import BarCharts
from gendesk.widgets.charts.heat_map import HeatMap
from gendesk.widgets.charts.history import ChartHistory
from gendesk.widgets.charts.table import ChartTable
from tests.support.training import Watcher, engine_in, small_pictures

# The platform "offscreen" says so for every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
WAIT = 20_000


@pytest.fixture
def engine(data_dir: Path, tmp_path: Path) -> Iterator[Engine]:
    with engine_in(data_dir) as made:
        yield made


@pytest.fixture
def panel(qtbot: QtBot) -> PreviewsPanel:
    widget = PreviewsPanel()
    qtbot.addWidget(widget)
    widget.resize(600, 420)
    widget.show()
    return widget


def trained(engine: Engine, tmp_path: Path) -> tuple[Run, list[PreviewReady]]:
    """Train the tiny model for 40 steps, with previews every 10, and return its run and the newest of its previews."""
    watcher = Watcher(engine)
    config = engine.config("tiny", data=str(small_pictures(tmp_path)), charts=True, steps=40, preview_every=10)
    job = engine.start(config)
    assert job.join(30)
    return engine.runs.open(job.run.id), watcher.of(PreviewReady)


def page(panel: PreviewsPanel, chart: type) -> ChartHistory:
    (found,) = [one for one in panel.findChildren(ChartHistory) if isinstance(one.chart, chart)]
    return found


def shown(history: ChartHistory) -> float:
    """Return the count that a chart shows: two phases for each step."""
    match history.chart:
        case HeatMap() as heat:
            return float(heat.values[0, 0]) if not heat.is_empty else -1
        case BarCharts() as bars:
            return float(bars.charts[0].values[0, 0]) if not bars.is_empty else -1
        case ChartTable() as table:
            return float(table.item(0, 1).text()) if table.rowCount() else -1
    raise AssertionError(history.chart)


def test_charts_follow_a_training_live_and_can_be_looked_back_at_meanwhile(
    qtbot: QtBot, engine: Engine, panel: PreviewsPanel, tmp_path: Path
) -> None:
    bridge = EngineBridge(engine)
    bridge.previewed.connect(panel.show_live)
    config = engine.config(
        "tiny", data=str(small_pictures(tmp_path)), charts=True, epochs=100_000.0, step_ms=1.0, preview_every=20
    )
    job = engine.start(config)
    qtbot.waitUntil(lambda: len(panel.names) == 4, timeout=WAIT)
    assert list(panel.names) == ["samples", "map", "bars", "table"]
    pages = [page(panel, kind) for kind in (HeatMap, BarCharts, ChartTable)]
    for history in pages:
        before = shown(history)
        qtbot.waitUntil(lambda history=history, before=before: shown(history) > before, timeout=WAIT)
        assert history.timeline.is_live
    first = pages[0].timeline.steps[0]
    QTest.keyClick(pages[0].timeline.findChild(QSlider), Qt.Key.Key_Home)
    newest = pages[0].timeline.steps[-1]
    qtbot.waitUntil(lambda: pages[0].timeline.steps[-1] > newest, timeout=WAIT)
    assert shown(pages[0]) == 2 * first
    assert pages[0].chart.outlined == ((0, 0),)
    job.stop()
    assert job.join(20)
    bridge.close()
    bridge.deleteLater()


@pytest.mark.parametrize("kind", [HeatMap, BarCharts, ChartTable])
def test_the_saved_steps_can_be_scrubbed_and_live_again(
    qtbot: QtBot, engine: Engine, panel: PreviewsPanel, tmp_path: Path, kind: type
) -> None:
    run, _ = trained(engine, tmp_path)
    panel.show_run(run)
    history = page(panel, kind)
    qtbot.waitUntil(lambda: shown(history) == 80, timeout=WAIT)
    assert list(history.timeline.steps) == [0, 10, 20, 30, 40]
    slider = history.timeline.findChild(QSlider)
    QTest.keyClick(slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: shown(history) == 0, timeout=WAIT)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: shown(history) == 20, timeout=WAIT)
    live = next(one for one in history.timeline.findChildren(QAbstractButton) if one.text() == "Live")
    qtbot.mouseClick(live, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(history) == 80, timeout=WAIT)


def test_a_scrubbed_chart_stays_while_newer_ones_come(
    qtbot: QtBot, engine: Engine, panel: PreviewsPanel, tmp_path: Path
) -> None:
    run, previews = trained(engine, tmp_path)
    panel.show_run(run)
    history = page(panel, HeatMap)
    QTest.keyClick(history.timeline.findChild(QSlider), Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: shown(history) == 0, timeout=WAIT)
    for event in previews:
        panel.show_live(event)
    assert shown(history) == 0
    history.timeline.go_live()
    qtbot.waitUntil(lambda: shown(history) == 80, timeout=WAIT)


def test_a_damaged_chart_is_one_sentence_and_the_others_are_shown(
    qtbot: QtBot, engine: Engine, panel: PreviewsPanel, tmp_path: Path
) -> None:
    run, _ = trained(engine, tmp_path)
    (run.samples / "00000040" / "bars.json").write_text("{", encoding="utf-8")
    (run.samples / "00000020" / "map.json").write_text('{"kind": "heat map"}', encoding="utf-8")
    with qtbot.waitSignal(panel.failed) as told:
        panel.show_run(run)
    assert "bars.json" in told.args[0]
    assert set(panel.names) == {"samples", "map", "table"}
    history = page(panel, HeatMap)
    qtbot.waitUntil(lambda: shown(history) == 80, timeout=WAIT)
    with qtbot.waitSignal(panel.failed) as told:
        history.timeline.findChild(QSlider).setValue(2)
    assert "map.json" in told.args[0]
    assert history.chart.is_empty


def test_numbers_are_exported(qtbot: QtBot, engine: Engine, panel: PreviewsPanel, tmp_path: Path) -> None:
    run, _ = trained(engine, tmp_path)
    panel.show_run(run)
    history = page(panel, HeatMap)
    qtbot.waitUntil(lambda: shown(history) == 80, timeout=WAIT)
    with qtbot.waitSignal(history.exported):
        history.chart.export.save_csv(tmp_path / "map.csv")
    with (tmp_path / "map.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["Row / Column", "done", "nothing"], ["count", "80.0", "0.0"]]
    with qtbot.waitSignal(history.exported):
        history.chart.export.save_png(tmp_path / "map.png")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_studios_and_the_comparison_read_a_run_with_charts(engine: Engine, tmp_path: Path) -> None:
    run, _ = trained(engine, tmp_path)
    kinds = [type(preview) for preview in newest_previews(run)]
    assert kinds == [ImagePreview, HeatMapPreview, BarsPreview, TablePreview]
    # The comparison shows pictures; it offers none of the charts among them.
    assert set(read_run(run).sheets) == {"samples"}
