"""The scores of a run as charts, filled from its history and while it trains."""

import numpy as np
import pytest

from gendesk.app.charts import ChartsPanel
from gendesk.engine.events import Scalars
from gendesk.engine.recipe import MetricSpec
from gendesk.engine.run_config import RunSettings
from gendesk.engine.scores.keeper_metrics import score_metrics

LOSS = MetricSpec("loss", "Loss", "Squared error.", "Loss")


@pytest.fixture
def panel(qtbot):
    made = ChartsPanel()
    qtbot.addWidget(made)
    made.resize(1200, 300)
    made.show()
    return made


def titles(panel):
    return [plot.controls.title.accessibleName() for plot in panel.plots]


def test_scores_have_charts_of_their_own_that_tell_count_and_interval(panel):
    panel.set_metrics((LOSS, *score_metrics(RunSettings(score_every=20, score_count=1500))))
    assert titles(panel) == [
        "Loss",
        "Fréchet distance (gendesk features)",
        "Kernel distance (gendesk features)",
        "Precision and recall (gendesk features)",
    ]
    for plot in panel.plots[1:]:
        assert "every 20 steps" in plot.controls.title.toolTip()
        assert "1,500 samples" in plot.controls.title.toolTip()
    # They are measured on held-out pictures, so none of them is drawn twice.
    assert [list(plot.legend.entries) for plot in panel.plots] == [
        ["loss", "validation/loss"],
        ["score/frechet"],
        ["score/kernel"],
        ["score/precision", "score/recall"],
    ]


def test_scores_come_from_the_history_and_late_beside_newer_steps(panel):
    panel.set_metrics((LOSS, *score_metrics(RunSettings(score_every=20))))
    panel.set_history({"score/recall": (np.array([20, 40]), np.array([0.1, 0.2]))})
    panel.append(Scalars(run_id="0001", steps=np.array([75]), values={"loss": np.array([1.0])}))
    panel.append(Scalars(run_id="0001", steps=np.array([60]), values={"score/recall": np.array([0.4])}))
    recall = panel.plots[-1]._curves["score/recall"].buffer
    assert recall.steps.tolist() == [20, 40, 60]
    assert panel.plots[0]._curves["loss"].buffer.steps.tolist() == [75]


def test_another_interval_is_told_with_the_next_run(panel):
    for every in (20, 50):
        panel.set_metrics((LOSS, *score_metrics(RunSettings(score_every=every))))
    assert "every 50 steps" in panel.plots[-1].controls.title.toolTip()
