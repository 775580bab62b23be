"""The scorer on real pictures: what it finds better and worse, what it keeps, and FID's weights from a file."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
import torch

from gendesk.data.dataset import ImageInfo
from gendesk.engine.engine import Engine
from gendesk.engine.features import FeatureNetwork
from gendesk.engine.scores import extractors
from gendesk.engine.scores.extractors import GendeskFeatures, InceptionFeatures, kept_features
from gendesk.engine.scores.inception import FILE_NAME, load_inception
from gendesk.engine.scores.run_scores import ScoreRequest, new_pictures, score_run
from gendesk.engine.scores.scorer import ImageScorer, reference_pictures
from gendesk.engine.scores.scores import Scores, score_specs, score_text
from gendesk.errors import InputError
from gendesk.nn.inception import FEATURES, FidInception
from tests.support.training import families, small_pictures


class Averages(torch.nn.Module):
    """Features that are the mean brightness of cells of 4x4 pixels, and how rough they are."""

    feature_size = 18
    classes = ("one", "two")

    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.ones(()), requires_grad=False)
        self.seen = 0

    def features(self, images):
        self.seen += len(images)
        cells = torch.nn.functional.avg_pool2d(images, 4)
        rough = (cells - torch.nn.functional.avg_pool2d(images.square(), 4).sqrt()).abs()
        return torch.cat([cells.flatten(1), rough.flatten(1)], 1) * self.scale

    def classify(self, images):
        return self.features(images)[:, :2]


def extractor(size=12):
    info = ImageInfo(
        name="bars", title="Bars", fingerprint="", train_count=1, test_count=1, height=size, width=size, channels=1
    )
    model = Averages()
    return GendeskFeatures(FeatureNetwork("0001", 1, "", 1.0, model), info), model


def bars(seed, count):
    """Pictures 12x12 of a bright bar on noise, in one of six places."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 60, (count, 12, 12, 1), dtype=np.uint8)
    for image, place in zip(images, rng.integers(0, 6, count), strict=True):
        image[:, 2 * place : 2 * place + 2] += rng.integers(100, 180, dtype=np.uint8)
    return images


def blurred(images):
    padded = np.pad(images.astype(float), ((0, 0), (1, 1), (1, 1), (0, 0)), mode="edge")
    return np.mean([padded[:, y : y + 12, x : x + 12] for y in range(3) for x in range(3)], 0).astype(np.uint8)


def test_real_pictures_score_best_and_each_fault_shows_where_it_should():
    scorer = ImageScorer(bars(1, 400), extractor()[0])
    real = scorer.score(bars(2, 400))
    assert real.count == real.reference_count == 400
    assert abs(real.kernel) < 4 * real.kernel_error
    assert min(real.precision, real.recall, real.coverage) > 0.8
    for name in ("density", "distance", "sharpness", "diversity", "pixel_diversity"):
        assert getattr(real, name) == pytest.approx(1, abs=0.2)

    faults = {
        "blur": blurred(bars(3, 400)),
        "noise": np.random.default_rng(4).integers(0, 256, (400, 12, 12, 1), dtype=np.uint8),
        "one": np.repeat(bars(5, 1), 400, axis=0),
    }
    scores = {name: scorer.score(pictures) for name, pictures in faults.items()}
    assert all(found.frechet > 5 * real.frechet for found in scores.values())
    assert all(found.kernel > real.kernel for found in scores.values())
    assert scores["blur"].sharpness < 0.5
    assert scores["noise"].precision == scores["noise"].coverage == 0
    assert scores["noise"].distance > 2
    assert scores["one"].diversity == scores["one"].pixel_diversity == 0
    assert scores["one"].coverage < 0.05
    copied = scorer.score(bars(1, 400))
    assert copied.distance == 0
    assert copied.frechet == pytest.approx(0, abs=1e-6)


def test_features_of_real_pictures_are_computed_once(tmp_path):
    looked, model = extractor()
    pictures = bars(1, 60)
    first = ImageScorer(pictures, looked, tmp_path / "kept").score(bars(2, 50))
    assert model.seen == 110
    (kept,) = (tmp_path / "kept").iterdir()
    again, other = extractor()
    assert ImageScorer(pictures, again, tmp_path / "kept").score(bars(2, 50)) == first
    assert other.seen == 50
    for damage in (b"", b"\x80\x04N.", kept.read_bytes()[:-8], kept.read_bytes().replace(b"60, 18", b"30, 36")):
        kept.write_bytes(damage)
        assert ImageScorer(pictures, again, tmp_path / "kept").score(bars(2, 50)) == first
    assert other.seen == 50 + 4 * 110


def test_what_is_kept_belongs_to_its_pictures_and_its_network(tmp_path, monkeypatch):
    looked, model = extractor()
    pictures = bars(1, 30)
    one = kept_features(looked, pictures, tmp_path)
    changed = pictures.copy()
    changed[3, 0, 0] ^= 1
    assert not np.array_equal(kept_features(looked, changed, tmp_path), one)
    model.scale.fill_(2)
    doubled = GendeskFeatures(
        FeatureNetwork("0001", 1, "", 1.0, model), ImageInfo.model_construct(name="bars", width=12, height=12)
    )
    assert np.array_equal(kept_features(doubled, pictures, tmp_path), 2 * one)
    assert len(list(tmp_path.iterdir())) == 3
    monkeypatch.setattr(extractors, "_MOST_KEPT", 2)
    kept_features(doubled, bars(9, 30), tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_what_cannot_be_scored_is_refused_in_words():
    looked, model = extractor()
    scorer = ImageScorer(bars(1, 30), looked)
    with pytest.raises(InputError, match="12x12 with 3 channels, the real ones 12x12 and grey"):
        scorer.score(np.repeat(bars(1, 30), 3, axis=3))
    with pytest.raises(InputError, match="at least 20 generated pictures; there are 19"):
        scorer.score(bars(1, 19))
    with pytest.raises(InputError, match="2x40 and grey are too small"):
        ImageScorer(np.zeros((30, 40, 2, 1), np.uint8), looked)
    model.scale.fill_(torch.nan)
    with pytest.raises(InputError, match="not finite"):
        scorer.score(bars(1, 30))


def test_scores_are_called_what_they_are():
    scorer = ImageScorer(bars(1, 30), extractor()[0])
    scores = scorer.score(bars(2, 25))
    assert scores.features == "gendesk features: bars 12 px"
    titles = [spec.title for spec in score_specs(scores)]
    assert titles[0] == "Fréchet distance (gendesk features)"
    assert not any("FID" in title or "nception" in title for title in titles)
    proper = [spec.title for spec in score_specs(replace(scores, name="Inception"))]
    assert proper[0] == "Fréchet inception distance (FID)"
    for spec in score_specs(scores):
        assert spec.description.endswith(".")
        assert score_text(scores, spec.name)
    few = ImageScorer(bars(1, 30), extractor()[0]).score(bars(2, 20))
    assert few.frechet is not None
    assert score_text(replace(few, frechet=None), "frechet") == "too few pictures"


def test_too_few_pictures_have_no_frechet_distance(monkeypatch):
    monkeypatch.setattr(Averages, "feature_size", 20)
    monkeypatch.setattr(Averages, "features", lambda self, images: images.flatten(1)[:, :20])
    assert ImageScorer(bars(1, 50), extractor()[0]).score(bars(2, 20)).frechet is None
    assert ImageScorer(bars(1, 50), extractor()[0]).score(bars(2, 21)).frechet is not None


# Runs


def test_a_run_is_scored_against_its_own_data(data_dir, tmp_path):
    engine = Engine(data_dir, families())
    path = str(small_pictures(tmp_path))
    job = engine.start(engine.config("tiny", data=path, steps=3), at_once=True)
    assert job.join(60)
    model, data = engine.load_model(job.run.id), engine.run_data(job.run.id)
    with pytest.raises(InputError, match="No feature network has been trained for small"):
        score_run(model, data, ScoreRequest(40))
    network = engine.features.get(path)
    scores = score_run(model, data, ScoreRequest(40))
    assert isinstance(scores, Scores)
    assert (scores.count, scores.reference_count, scores.name) == (40, 40, "gendesk features")
    assert scores.pixel_diversity < 1
    assert score_run(model, data, ScoreRequest(40)) == scores
    assert score_run(model, data, ScoreRequest(40, seed=2)) != scores
    made = new_pictures(model, 300, 7)
    assert made.shape == (300, 12, 12, 1)
    assert np.array_equal(made, new_pictures(model, 300, 7))
    assert not np.array_equal(made[:50], made[250:])
    chosen = reference_pictures(data.images, 30)
    assert np.array_equal(chosen, reference_pictures(data.images, 30))
    assert len(np.unique(chosen.reshape(30, -1), axis=0)) == 30
    assert len(reference_pictures(data.images)) == len(data.images.train)
    assert network.run_id != job.run.id
    engine.close()


# Inception


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A file with random weights, as the published one has them: (path, its SHA-256)."""
    with torch.random.fork_rng():
        torch.manual_seed(3)
        state = FidInception().state_dict()
    for name in [name for name in state if name.endswith("num_batches_tracked")][:40]:
        del state[name]
    path = tmp_path_factory.mktemp("weights") / FILE_NAME
    torch.save(state, path)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def test_inception_is_loaded_from_a_file_and_gives_features(weights):
    path, digest = weights
    before = torch.random.get_rng_state()
    network = load_inception(path, digest)
    assert torch.equal(torch.random.get_rng_state(), before)
    looked = InceptionFeatures(network)
    grey = bars(1, 1)
    features = looked.features(grey)
    assert features.shape == (1, FEATURES)
    assert features.dtype == np.float32
    assert np.isfinite(features).all()
    assert np.array_equal(looked.features(np.repeat(grey, 3, axis=3)), features)
    with pytest.raises(InputError, match="these have 2"):
        looked.features(np.repeat(grey, 2, axis=3))


def test_another_file_than_fids_is_refused_in_words(weights, tmp_path):
    path, digest = weights
    with pytest.raises(InputError, match=f"its SHA-256 begins with {digest[:8]} in place of 6726825d"):
        load_inception(path)
    with pytest.raises(InputError, match=r"is no file; give pt_inception-2015-12-05-6726825d\.pth"):
        load_inception(tmp_path)

    def refused(content, words):
        other = tmp_path / "other.pth"
        if isinstance(content, bytes):
            other.write_bytes(content)
        else:
            torch.save(content, other)
        with pytest.raises(InputError, match=words):
            load_inception(other, hashlib.sha256(other.read_bytes()).hexdigest())

    refused(b"not weights at all", "cannot be read as the weights")
    refused(b"", "cannot be read as the weights")
    refused([1, 2], "Conv2d_1a_3x3.conv.weight is missing or has no fit")
    refused({"Conv2d_1a_3x3.conv.weight": torch.zeros(32, 3, 5, 5)}, "missing or has no fit")
    refused({"Conv2d_1a_3x3.conv.weight": torch.zeros(32, 3, 3, 3)}, "Conv2d_1a_3x3.bn.weight is missing")
