"""Runs beside each other: which settings differ, which curves and pictures belong together, and what is read again."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gendesk.engine.comparison import (
    all_metrics,
    best_of,
    common_metrics,
    config_differences,
    nearest_step,
    read_run,
    read_runs,
    recipe_notes,
    run_names,
    sample_names,
)
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import Run, RunState
from tests.support.training import engine_in, families, small_pictures


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> list[Run]:
    """Three trained runs of the tiny recipe and, never begun, one each of the autoencoder and the VAE."""
    folder = tmp_path_factory.mktemp("compared")
    pictures = str(small_pictures(folder))
    usual = {"steps": 60, "preview_every": 20, "validate_every": 20}
    with engine_in(folder) as engine:
        for values in ({}, {"learning_rate": 0.01, "seed": 7}, {"preview_every": 25, "batch_size": 16}):
            assert engine.start(engine.config("tiny", data=pictures, **{**usual, **values})).join(30)
        layers = [{"filters": 4, "kernel": 3, "stride": 2}, {"filters": 8, "kernel": 3, "stride": 1}]
        for recipe, values in (("ae", {"encoder": layers}), ("vae", {})):
            engine.runs.create(engine.config(recipe, **values), "autoencoder", recipe.upper(), RunState.STOPPED)
        return engine.runs.all()


def always() -> bool:
    return True


def never() -> bool:
    return False


def test_only_what_differs_is_told_under_the_names_of_the_form(runs):
    notes = recipe_notes(families(), ["tiny"])
    found = {row.name: row for row in config_differences(runs[:3], notes)}
    assert set(found) == {"config.learning_rate", "config.batch_size", "settings.seed", "settings.preview_every"}
    seed, batch = found["settings.seed"], found["config.batch_size"]
    assert (seed.title, seed.group, seed.values) == ("Seed", "Run", ("1", "7", "1"))
    assert (batch.title, batch.group, batch.values) == ("Batch size", "Training", ("8", "8", "16"))
    assert found["settings.preview_every"].unit == "steps"


def test_everything_is_told_on_demand_group_by_group(runs):
    rows = config_differences(runs[:3], everything=True)
    groups = [row.group for row in rows]
    assert len(set(groups)) == sum(1 for one, two in zip(["", *groups], groups, strict=False) if one != two)
    values = {row.name: row for row in rows}
    assert values["recipe"].values == ("tiny", "tiny", "tiny")
    assert not values["recipe"].differs
    assert values["data_options.color"].title == "Colours"
    assert values["config.learning_rate"].title == "Learning rate"
    assert len(values["data_fingerprint"].values[0]) == 16


def test_runs_of_different_families_differ_in_settings_that_one_of_them_has_not(runs):
    rows = {row.name: row for row in config_differences([runs[0], runs[4]], recipe_notes(families(), ["tiny", "vae"]))}
    assert rows["recipe"].values == ("tiny", "vae")
    assert rows["config.fail_in"].values == ("none", None)
    assert rows["config.latent_size"].values[0] is None


def test_tables_are_told_row_by_row(runs):
    (encoder,) = [
        row for row in config_differences(runs[3:5], recipe_notes(families(), ["ae"])) if row.name == "config.encoder"
    ]
    assert encoder.values[0] == "Filters 4, Kernel 3, Stride 2\nFilters 8, Kernel 3, Stride 1"


def test_recipes_that_are_gone_have_no_notes():
    assert recipe_notes(families(), ["no-such-recipe"]) == {}


def test_common_metrics_come_first_and_a_run_that_never_began_takes_none_away(runs):
    readings = [read_run(run) for run in runs]
    histories = [one.history for one in readings]
    assert common_metrics(histories) == ["loss", "noise"]
    other = {"kl": histories[0]["loss"], "noise": histories[0]["noise"]}
    assert common_metrics([histories[0], other]) == ["noise"]
    assert all_metrics([histories[0], other]) == ["noise", "loss", "kl"]
    assert common_metrics([]) == []


def test_a_reading_knows_time_steps_and_pictures(runs):
    reading = read_run(runs[2])
    steps, seconds = reading.clock
    assert list(steps) == list(range(1, 61))
    assert (np.diff(seconds) >= 0).all()
    assert reading.step == 60
    assert reading.seconds >= seconds[-1]
    assert reading.sheets == {"samples": (0, 25, 50, 60)}
    assert reading.sheet_titles == {"samples": "Samples"}
    assert reading.latest("loss") == pytest.approx(reading.run.record.metrics["loss"])
    assert reading.latest("no-such-metric") is None
    assert sample_names([reading, read_run(runs[3])]) == ["samples"]


def test_the_pictures_of_the_same_step_are_the_last_ones_before_it():
    assert nearest_step([20, 40, 60], 40) == 40
    assert nearest_step([25, 50, 60], 40) == 25
    assert nearest_step([25, 50, 60], 999) == 60
    assert nearest_step([25, 50, 60], 24) is None
    assert nearest_step([], 24) is None


def test_finished_runs_are_read_once_and_renamed_ones_again(runs):
    first, problems = read_runs(runs[:2], {}, never)
    assert problems == []
    again, _ = read_runs(runs[:2], {one.run.folder: one for one in first}, never)
    assert again[0] is first[0]
    runs[0].label(name="Renamed")
    again, _ = read_runs(runs[:2], {one.run.folder: one for one in first}, never)
    assert again[0].run.title == "Renamed"
    assert again[1] is first[1]
    runs[0].label(name="")
    assert read_runs(runs[:2], {}, always) == ([], [])


def test_a_run_that_is_gone_does_not_hurt_the_others(runs, tmp_path):
    gone = Run(tmp_path / "0099-gone", runs[0].record)
    readings, (problem,) = read_runs([gone, runs[0]], {}, never)
    assert [one.run.id for one in readings] == [runs[0].id]
    assert problem.startswith("The run 0099-gone cannot be read")


def test_damaged_rows_of_a_history_are_passed_over(runs, tmp_path):
    run = RunStore(tmp_path).create(runs[0].record.config, "tiny", "Tiny")
    run.metrics_file.write_text("step,seconds,loss\n1,0.5,3\nx,y,z\n\n2,?,2\n3,1.5,1\n4,2.0", encoding="utf-8")
    steps, seconds = read_run(run).clock
    assert list(steps) == [1, 3]
    assert list(seconds) == [0.5, 1.5]


def test_the_best_is_told_only_where_there_is_a_choice():
    assert best_of([3.0, 1.0, 2.0]) == {1}
    assert best_of([3.0, 1.0, 3.0], "max") == {0, 2}
    assert best_of([3.0, None, float("nan")]) == frozenset()
    assert best_of([2.0, 2.0]) == frozenset()


def test_runs_of_one_title_are_told_apart_by_their_numbers(runs):
    names = run_names(runs)
    assert len(set(names)) == len(runs)
    assert names[:2] == ["Tiny, quick (0001)", "Tiny, quick (0002)"]


def test_a_comparison_needs_neither_torch_nor_qt():
    code = "import sys, gendesk.engine.comparison; print({'torch', 'PySide6'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == "set()"
