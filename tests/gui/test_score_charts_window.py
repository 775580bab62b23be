"""The scores of a run in training, as charts of the window."""

import pytest

from gendesk.app import build_window
from gendesk.engine.scores.keeper_metrics import SCORE_METRICS
from tests.support.training import small_pictures

WAIT = 60_000


@pytest.fixture
def window(qtbot, data_dir):
    made = build_window(data_dir)
    made.open_tab("autoencoder")
    made.show()
    qtbot.waitUntil(lambda: made.bridge is not None, timeout=WAIT)
    yield made
    made.leave()
    qtbot.waitUntil(lambda: not made.isVisible(), timeout=WAIT)
    made.deleteLater()


def titles(tab):
    return [plot.controls.title.accessibleName() for plot in tab.view.charts.plots]


def test_scores_have_charts_of_their_own_that_fill_while_a_run_trains(qtbot, window, tmp_path):
    path = small_pictures(tmp_path, count=240)
    engine, tab = window.engine, window.current_tab
    recipe = next(entry for entry in engine.families.recipes.values() if entry.feature_preset)
    network = engine.start(engine.config(recipe.id, recipe.feature_preset, str(path), steps=10), at_once=True)
    assert network.join(60)
    assert not network.error
    groups = dict.fromkeys(spec.group for spec in SCORE_METRICS if spec.name != "score/fid")

    tab.choices.use_data(path)
    tab.form.set_values({"preview_every": 1000, "epochs": 100_000.0, "score_every": 20, "score_count": 100})
    qtbot.waitUntil(tab.bar.start.isEnabled, timeout=WAIT)
    assert not set(groups) & set(titles(tab))
    tab.bar.start.click()
    qtbot.waitUntil(lambda: "Kernel distance (gendesk features)" in titles(tab), timeout=WAIT)
    assert [title for title in titles(tab) if title in groups] == list(groups)
    by_title = dict(zip(titles(tab), tab.view.charts.plots, strict=True))
    plot = by_title["Precision and recall (gendesk features)"]
    tips = plot.controls.title.toolTip()
    assert "every 20 steps" in tips
    assert "100 samples" in tips
    qtbot.waitUntil(lambda: len(plot._curves["score/recall"].buffer) > 1, timeout=WAIT)
