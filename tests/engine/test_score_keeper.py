"""Scores beside a training: at the step of the copy, without a trace in the weights, and one at a time."""

import shutil

import numpy as np
import pytest
import torch

from gendesk.engine.engine import Engine
from gendesk.engine.events import JobState, Progress, Warned
from gendesk.engine.run_config import RunSettings
from gendesk.engine.runs import RunState
from gendesk.engine.scores.extractors import GendeskFeatures
from gendesk.engine.scores.keeper import real_pictures
from gendesk.engine.scores.keeper_metrics import SCORE_METRICS, score_metrics
from gendesk.engine.scores.run_scores import new_pictures
from gendesk.engine.scores.scorer import ImageScorer
from tests.support.training import Watcher, engine_in, families, small_pictures

NAMES = ["score/frechet", "score/kernel", "score/precision", "score/recall"]


def trained(engine, recipe, **values):
    job = engine.start(engine.config(recipe, **values))
    assert job.join(60)
    assert job.state is JobState.FINISHED, job.error
    return job.run


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A data folder with a feature network for small pictures, and their file."""
    folder = tmp_path_factory.mktemp("prepared")
    path = str(small_pictures(folder, count=240))
    engine = Engine(folder / "data", families())
    recipe = next(entry for entry in engine.families.recipes.values() if entry.feature_preset)
    trained(engine, recipe.id, preset=recipe.feature_preset, data=path, steps=5)
    engine.close()
    return folder / "data", path


@pytest.fixture
def scored(prepared, data_dir):
    """An engine in a fresh copy of that folder, and the values that have a run on those pictures scored."""
    folder, path = prepared
    shutil.copytree(folder, data_dir, dirs_exist_ok=True)
    with engine_in(data_dir) as engine:
        yield engine, {"data": path, "score_every": 10, "score_count": 100, "device": "cpu"}


def test_scores_are_rows_at_the_steps_of_their_copies(scored):
    engine, values = scored
    run = trained(engine, "tiny", steps=35, step_ms=20, **values)
    history = run.history()
    for name in NAMES:
        steps, numbers = history[name]
        assert set(steps.tolist()) <= {10, 20, 30, 35}
        assert steps[-1] == 35  # the last step is always scored
        assert len(steps) >= 2
        assert np.isfinite(numbers).all()
        assert run.record.metrics[name] == pytest.approx(numbers[-1], rel=1e-6)
    assert history["loss"][0].tolist() == list(range(1, 36))


def test_training_is_the_same_to_the_bit_with_and_without_scores(scored):
    engine, values = scored
    runs = [trained(engine, "tiny", **{**values, "steps": 30, "step_ms": 20, "score_every": every}) for every in (3, 0)]
    assert len(runs[0].history()["score/kernel"][0]) >= 2
    assert "score/kernel" not in runs[1].history()
    weights = [engine.load_model(run.id).state_dict() for run in runs]
    for name, tensor in weights[0].items():
        assert torch.equal(tensor, weights[1][name]), name
    # The noise is of the run's own generator and of the global one.
    noises = [run.history()["noise"][1] for run in runs]
    assert np.array_equal(*noises)


def test_the_last_score_is_that_of_the_saved_model(scored):
    engine, values = scored
    run = trained(engine, "tiny", steps=5, **values)
    data = engine.run_data(run.id)
    extractor = GendeskFeatures(data.features(""), data.images.info)
    scorer = ImageScorer(real_pictures(data.images, 100), extractor)
    scores = scorer.score(new_pictures(engine.load_model(run.id), 100, 1))
    assert run.record.metrics["score/kernel"] == pytest.approx(scores.kernel, rel=1e-6)
    assert run.record.metrics["score/frechet"] == pytest.approx(scores.frechet, rel=1e-6)


def test_a_resumed_run_goes_on_with_its_scores(scored):
    engine, values = scored
    run = trained(engine, "tiny", steps=10, **values)
    # Rows of steps that will be done again are cut, those of scores as well.
    lines = run.metrics_file.read_text().splitlines()
    header = lines[0].split(",")
    later = ["30", "9.0", *("5.0" if name in NAMES else "" for name in header[2:])]
    run.metrics_file.write_text("\n".join([*lines, ",".join(later)]) + "\n")
    job = engine.resume(run.id, 6)
    assert job.join(60)
    assert job.run.history()["score/kernel"][0].tolist() == [10, 16]


def test_scores_wait_for_a_feature_network_and_the_run_says_so_once(data_dir, tmp_path):
    path = str(small_pictures(tmp_path))
    with engine_in(data_dir) as engine:
        watcher = Watcher(engine)
        run = trained(engine, "tiny", data=path, steps=12, score_every=3, score_count=50)
        notes = [event for event in watcher.of(Warned) if event.kind == "no-feature-network"]
        assert len(notes) == 1
        assert f"gendesk features {path}" in notes[0].advice
        assert "score/kernel" not in run.history()
        engine.features.get(path)
        job = engine.resume(run.id, 3)
        assert job.join(60)
        assert job.run.history()["score/kernel"][0].tolist() == [15]


def test_fid_without_the_weights_is_one_note_and_the_other_scores_go_on(scored):
    engine, values = scored
    watcher = Watcher(engine)
    run = trained(engine, "tiny", steps=3, score_fid=True, **values)
    assert [event.kind for event in watcher.of(Warned)].count("no-inception") == 1
    assert "score/kernel" in run.history()


def test_a_stop_does_not_wait_for_a_score(scored):
    engine, values = scored
    watcher = Watcher(engine)
    # So many pictures that scoring them takes far longer than the test may.
    job = engine.start(engine.config("tiny", steps=1, **{**values, "score_count": 50_000}))
    watcher.wait_for(lambda: any("Scoring" in event.text for event in watcher.of(Progress)))
    job.stop()
    assert job.join(10)
    assert job.run.state is RunState.FINISHED
    assert "score/kernel" not in job.run.history()


def test_what_makes_no_pictures_is_refused_in_a_sentence(scored):
    engine, values = scored
    recipe = next(entry for entry in engine.families.recipes.values() if entry.feature_preset)
    job = engine.start(engine.config(recipe.id, recipe.feature_preset, **{**values, "steps": 3}))
    assert job.join(30)
    assert "makes no pictures to score" in job.error


def test_metrics_tell_count_and_interval():
    assert score_metrics(RunSettings()) == ()
    specs = score_metrics(RunSettings(score_every=500, score_count=1200))
    assert [spec.name for spec in specs] == NAMES
    for spec in specs:
        assert "500 steps" in spec.description
        assert "1,200 samples" in spec.description
    assert specs[0].title == specs[0].group == "Fréchet distance (gendesk features)"
    assert [spec.name for spec in score_metrics(RunSettings(score_every=1, score_fid=True))] == [
        spec.name for spec in SCORE_METRICS
    ]
