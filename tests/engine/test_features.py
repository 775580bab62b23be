"""Feature networks: found by what they were trained on, trained once, and good enough to tell pictures apart."""

import json

import numpy as np
import pytest

from gendesk.cli import run as cli
from gendesk.data.progress import Cancelled
from gendesk.engine.engine import Engine
from gendesk.engine.features import TAG
from gendesk.engine.runs import RunState
from gendesk.errors import InputError
from tests.support.training import families, small_pictures


@pytest.fixture
def engine(data_dir):
    made = Engine(data_dir)
    yield made
    made.close()


@pytest.fixture
def bars(tmp_path):
    """Pictures 12x12 of a bright bar in one of three places, on noise: (path, pictures, labels) of the test part."""
    rng = np.random.default_rng(3)
    labels = np.arange(330) % 3
    images = rng.integers(0, 90, size=(330, 12, 12), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[:, 4 * label : 4 * label + 2] += 140
    path = tmp_path / "bars.npz"
    np.savez(path, x_train=images[:300], y_train=labels[:300], x_test=images[300:], y_test=labels[300:])
    return str(path), images[300:, ..., None], labels[300:]


def test_a_network_is_trained_once_and_found_ever_after(engine, bars, data_dir):
    path, pictures, labels = bars
    fingerprint = engine.library.open(path).info.fingerprint
    assert engine.features.find(fingerprint) is None
    told = []
    network = engine.features.get(path, told=told.append)
    assert len(told) == 1
    assert network.run_id in told[0]
    assert TAG in engine.runs.open(network.run_id).labels.tags
    again = engine.features.get(path, told=told.append)
    assert (again.run_id, again.step) == (network.run_id, network.step)
    assert len(engine.runs.ids()) == len(told) == 1
    elsewhere = Engine(data_dir)
    assert elsewhere.features.find(fingerprint).run_id == network.run_id
    elsewhere.close()

    assert network.accuracy > 0.9
    assert network.probabilities(pictures).argmax(1).tolist() == labels.tolist()
    features = network.features(pictures)
    assert features.shape == (30, network.model.feature_size)
    # What the features are for: pictures of one class lie closer together than pictures of two.
    distances = np.linalg.norm(features[:, None] - features[None], axis=2)
    same = labels[:, None] == labels[None]
    assert distances[same].mean() < 0.7 * distances[~same].mean()


def test_the_most_accurate_complete_run_serves_whoever_trained_it(engine, bars):
    path, _, _ = bars
    recipe = next(entry for entry in engine.families.recipes.values() if entry.feature_preset)

    def train(**values):
        job = engine.start(engine.config(recipe.id, recipe.feature_preset, path, **values), at_once=True)
        assert job.join(120)
        assert not job.error
        return job.run.id

    train(steps=1)
    good = train(steps=400)  # batch normalisation's running statistics take a few hundred steps to arrive
    fingerprint = engine.library.open(path).info.fingerprint
    assert engine.features.find(fingerprint).run_id == good
    (engine.runs.folder / good / "run.json").write_text("{")
    assert engine.features.find(fingerprint).run_id != good


def test_other_data_and_other_targets_need_other_networks(engine, bars, tmp_path):
    engine.features.get(bars[0])
    other = engine.library.open(str(small_pictures(tmp_path))).info.fingerprint
    assert engine.features.find(other) is None
    assert engine.features.find(engine.library.open(bars[0]).info.fingerprint, target="rotation") is None


def test_a_cancelled_training_serves_nobody(engine, bars):
    with pytest.raises(Cancelled):
        engine.features.get(bars[0], cancelled=lambda: bool(engine.training_jobs))
    fingerprint = engine.library.open(bars[0]).info.fingerprint
    assert engine.features.find(fingerprint) is None
    assert [run.record.state for run in engine.runs.all()] in ([], [RunState.STOPPED])


def test_without_a_classifier_plugin_it_is_one_sentence(data_dir, bars):
    tiny = tuple(family for family in families() if family.id == "tiny")
    engine = Engine(data_dir, type(families())(tiny))
    with pytest.raises(InputError, match=r"^No plugin offers a recipe for feature networks.*\.$"):
        engine.features.get(bars[0])
    engine.close()


def test_the_command_line_finds_or_trains_it(data_dir, bars, capsys):
    for _ in range(2):
        assert cli(["--data-dir", str(data_dir), "features", bars[0], "--json"]) == 0
        facts = json.loads(capsys.readouterr().out)
        assert facts["accuracy"] > 0.9
        assert facts["classes"] == ["0", "1", "2"]
    assert len(list((data_dir / "runs").iterdir())) == 1
