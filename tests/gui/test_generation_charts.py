"""What comes by generations, in the charts of a run, in comparisons, in the bar, and in previews that fill."""

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from gendesk.app.charts import ChartsPanel
from gendesk.app.previews import PreviewsPanel
from gendesk.app.runs.compare_curves import CurvesPage
from gendesk.app.train_bar import TrainBar, progress_text
from gendesk.engine.comparison import RecipeNotes, RunReading
from gendesk.engine.events import PreviewReady, Progress, Scalars, Warned
from gendesk.engine.preview import HeatMapPreview
from gendesk.engine.recipe import MetricSpec
from gendesk.engine.run_config import RunConfig
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import RunState
from gendesk.widgets.charts.heat_map import HeatMap
from gendesk.widgets.charts.history import ChartHistory

SPECS = (
    MetricSpec("score", "Evaluated", "On held-out tracks.", "Score", "max", (900.0, "solved"), drawn="dots"),
    MetricSpec("mean", "Mean", "Of the candidates.", "Score", "max", drawn="pieces"),
    MetricSpec("lowest", "Worst", "Of the candidates.", "Score", "max", band_of="mean"),
    MetricSpec("highest", "Best", "Of the candidates.", "Score", "max", band_of="mean"),
    MetricSpec("sigma", "Sigma", "The step size.", "Sigma", "none"),
)
STEPS = np.arange(1, 21)
HISTORY = {
    "score": (STEPS[4::5], STEPS[4::5] * 20.0),
    "mean": (STEPS, STEPS * 10.0),
    "lowest": (STEPS, STEPS * 10.0 - 40),
    "highest": (STEPS, STEPS * 10.0 + 90),
    "sigma": (STEPS, 0.1 * 0.99**STEPS),
    "validation/score": (STEPS, STEPS * 20.0),
}


@pytest.fixture
def panel(qtbot: QtBot) -> ChartsPanel:
    made = ChartsPanel()
    qtbot.addWidget(made)
    made.resize(900, 260)
    made.set_metrics(SPECS)
    made.show()
    return made


def test_a_chart_of_generations_has_a_band_and_dots_and_nothing_twice(qtbot: QtBot, panel: ChartsPanel) -> None:
    panel.set_history(HISTORY)
    score, sigma = panel.plots
    assert list(score.legend.entries) == ["score", "mean", "validation/mean"]
    assert list(sigma.legend.entries) == ["sigma", "validation/sigma"]
    qtbot.waitUntil(lambda: len(score.canvas.drawn_band("mean")[0]) == 20)
    assert score.canvas.drawn("score")[1][0].tolist() == [5, 10, 15, 20]
    panel.append(
        Scalars(
            run_id="0001",
            steps=np.array([21]),
            values={"mean": np.array([300.0]), "lowest": np.array([200.0]), "highest": np.array([500.0])},
        )
    )
    qtbot.waitUntil(lambda: len(score.canvas.drawn_band("mean")[0]) == 21)
    assert score.legend.entries["mean"].value == "300.0 (200.0 to 500.0)"


def test_a_run_that_is_opened_again_shows_where_it_was_warned(qtbot: QtBot, panel: ChartsPanel) -> None:
    panel.set_history(HISTORY, [Warned(run_id="0001", step=12, text="C has learnt to fool M.")])
    assert [(mark.step, mark.kind, mark.text) for mark in panel.plots[0]._marks] == [
        (12.0, "warning", "C has learnt to fool M.")
    ]
    panel.set_metrics(SPECS)
    assert not panel.plots[0]._marks


@pytest.fixture
def curves(qtbot: QtBot, tmp_path) -> Iterator[CurvesPage]:
    store = RunStore(tmp_path / "runs")
    readings = []
    for factor in (1.0, 2.0):
        run = store.create(RunConfig(recipe="evolving", preset="quick", data="none", config={}), "family", "Evolving")
        run.update(state=RunState.FINISHED, process=None, step=20, total_steps=20)
        history = {name: (steps, values * factor) for name, (steps, values) in HISTORY.items()}
        clock = STEPS, np.cumsum(np.where(STEPS % 5 == 0, 60.0, 2.0))
        readings.append(RunReading(run, RunState.FINISHED, False, history, clock, {}, {}))
    page = CurvesPage()
    qtbot.addWidget(page)
    page.resize(900, 500)
    page.show()
    page.set_readings(readings, {"evolving": RecipeNotes((), SPECS, "score")})
    yield page


def test_runs_are_compared_with_their_bands_and_dots(qtbot: QtBot, curves: CurvesPage) -> None:
    titles = [curves.metrics.itemText(index) for index in range(curves.metrics.count())]
    assert titles == ["Evaluated", "Mean", "Sigma", "All common metrics"]  # edges belong to the mean
    score = curves.plots["score"]
    first = next(iter(score.legend.entries))
    qtbot.waitUntil(lambda: len(score.canvas.drawn(first)[1][0]) == 4)
    assert len(score._curves[f"validation/{first}"].buffer) == 0  # the same values again
    curves.metrics.setCurrentIndex(1)
    mean = curves.plots["mean"]
    qtbot.waitUntil(lambda: len(mean.canvas.drawn_band(first)[0]) == 20)
    curves.across.setCurrentIndex(1)
    qtbot.waitUntil(lambda: mean.navigation.data[1] > 200)
    assert np.isfinite(mean.canvas.drawn_band(first)[1]).all()  # uneven steps of time are no pauses
    qtbot.waitUntil(lambda: mean.legend.step == "4:32")


def told(step: int, **values) -> Progress:
    rates = {"epoch": 1.0, "steps_per_second": 0.03, "samples_per_second": 1.0, "step_seconds": 30.0}
    return Progress(run_id="0001", step=step, total_steps=25, eta=500.0, elapsed=60.0, **{**rates, **values})


def test_the_bar_moves_within_a_long_step_and_says_what_is_done(qtbot: QtBot) -> None:
    bar = TrainBar()
    qtbot.addWidget(bar)
    bar.show_progress(told(12))
    assert bar.text == "12 / 25   epoch 1.0   33 s/step   8:20 left"
    before = bar._bar.value() / bar._bar.maximum()
    bar.show_progress(told(12, within=0.5, text="Generation 13: 48 of 96 races, best so far 612"))
    assert bar.text.startswith("Generation 13: 48 of 96 races, best so far 612   12 / 25")
    assert bar._bar.value() / bar._bar.maximum() == pytest.approx(before + 0.5 / 25)
    assert "52 steps/s" in progress_text(told(12, steps_per_second=52.0))


def test_a_chart_fills_while_a_step_goes_on_and_has_no_place_on_the_timeline(qtbot: QtBot) -> None:
    panel = PreviewsPanel()
    qtbot.addWidget(panel)
    panel.resize(500, 400)
    panel.show()
    full = HeatMapPreview("candidates", "Candidates", np.ones((2, 3), np.float32), ("1", "2"), ("1", "2", "3"))
    part = full.values.copy()
    part[1] = np.nan
    panel.show_live(PreviewReady(run_id="0001", step=5, preview=full))
    going = HeatMapPreview("candidates", "Candidates", part, full.rows, full.columns)
    panel.show_live(PreviewReady(run_id="0001", step=6, preview=going, passing=True))
    (history,) = panel.findChildren(ChartHistory)
    chart = history.chart
    assert isinstance(chart, HeatMap)
    assert np.isnan(chart.values).sum() == 3
    assert history.timeline.step == 5
    assert not chart.grab().isNull()
