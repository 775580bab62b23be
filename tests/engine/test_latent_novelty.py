"""The nearest training pictures, the verdict on them, and the quiz, on real runs with small pictures."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gendesk.engine.engine import Engine
from gendesk.engine.latent import novelty, novelty_search
from gendesk.engine.latent.novelty import Measure, Prepared, Query, Verdict, prepare, search, share_nearer, verdict
from gendesk.engine.latent.novelty_search import FeatureIndex, PixelIndex, pixel_distances
from gendesk.engine.latent.quiz import (
    SCORES_FILE,
    Score,
    Series,
    Way,
    ask_questions,
    by_step,
    chance,
    interval,
    keep_score,
    read_scores,
)
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError, StoredDataError
from tests.support.training import engine_in, small_pictures


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A run that decodes, and after it a classifier on the same pictures."""
    folder = tmp_path_factory.mktemp("novelty")
    path = str(small_pictures(folder, count=240))
    with engine_in(folder / "data") as engine:
        assert engine.start(engine.config("tiny", data=path, steps=12), at_once=True).join(60)
        recipe = next(entry for entry in engine.families.recipes.values() if entry.feature_preset)
        config = engine.config(recipe.id, recipe.feature_preset, path, steps=3)
        assert engine.start(config, at_once=True).join(60)
        yield engine


@pytest.fixture
def run(engine: Engine) -> tuple[Model, RunData]:
    found = engine.runs.find("0001")
    (found.folder / SCORES_FILE).unlink(missing_ok=True)
    return engine.load_model(found.id), engine.run_data(found.id)


def prepared(run: tuple[Model, RunData], measure: Measure) -> Prepared:
    while (found := prepare(*run, measure)).share < 1:
        assert not len(found.usual)
    return found


# The search


def in_order(distances: np.ndarray, wanted: int) -> tuple[np.ndarray, np.ndarray]:
    order = distances.argsort(1, kind="stable")[:, :wanted]
    return np.take_along_axis(distances, order, 1), order


@pytest.mark.parametrize("shape", [(28, 28, 1), (7, 30, 3)])
def test_the_search_by_pixels_finds_what_a_look_at_all_pictures_finds(shape: tuple[int, int, int]) -> None:
    rng = np.random.default_rng(1)
    train = rng.integers(0, 256, (700, *shape), dtype=np.uint8) // rng.integers(1, 9, (700, 1, 1, 1), dtype=np.uint8)
    queries = np.concatenate([train[5:6], train[40:70] ^ 3, rng.integers(0, 256, (3, *shape), dtype=np.uint8)])
    index = PixelIndex(shape, len(train))
    for at in range(0, len(train), 300):
        index.add(train[at : at + 300])
    distances, numbers = index.nearest(queries, 8, train)
    away = np.abs(queries[:, None].astype(int) - train[None]).reshape(len(queries), len(train), -1).mean(2)
    expected, order = in_order(away, 8)
    np.testing.assert_allclose(distances, expected, rtol=1e-5)
    np.testing.assert_array_equal(numbers, order)
    assert distances[0, 0] == 0


@pytest.mark.parametrize("narrow", [False, True])
def test_the_search_by_features_does_so_too(engine: Engine, monkeypatch: pytest.MonkeyPatch, narrow: bool) -> None:
    if narrow:  # as for a training set so large that its features are kept in 16 bits
        monkeypatch.setattr(novelty_search, "_WIDE_BYTES", 0)
    data = engine.run_data(engine.runs.ids()[0])
    network = data.features("")
    assert network is not None
    train = np.asarray(data.images.train.images)
    index = FeatureIndex(network, len(train))
    index.add(train[:100])
    index.add(train[100:])
    distances, numbers = index.nearest(train[:30], 5, train)
    features = network.features(train)
    expected, _ = in_order(np.linalg.norm(features[:30, None] - features, axis=2), 5)
    np.testing.assert_allclose(distances, expected, atol=0.01 * expected.max())
    assert (distances[:, 0] == 0).all()
    np.testing.assert_array_equal(numbers[:, 0], np.arange(30))


def test_the_memory_of_an_index_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(novelty_search, "_MOST_BYTES", 4 * 144 * 50)
    index = PixelIndex((12, 12, 1), 1000)
    assert index.wanted == 50 and index.nbytes <= 4 * 144 * 50


# The page's questions


@pytest.mark.parametrize("measure", Measure)
def test_a_copy_is_memorised_and_what_is_usual_is_not(run: tuple[Model, RunData], measure: Measure) -> None:
    usual = prepared(run, measure)
    known = run[1].images
    assert (usual.searched, usual.total) == (216, 216)
    assert bool(usual.network) is (measure is Measure.FEATURES)
    assert len(usual.usual) == 24 and (np.diff(usual.usual) >= 0).all()
    copies = search(*run, Query(measure, 3, np.array(known.train.images[[7, 11]])))
    assert copies.numbers[:, 0].tolist() == [7, 11]
    assert copies.pixels[:, 0].tolist() == [0, 0]
    np.testing.assert_allclose(copies.distances[:, 0], 0, atol=1e-5)  # batches of other sizes round otherwise
    np.testing.assert_array_equal(copies.neighbours[:, 0], copies.pictures)
    assert verdict(0.0, usual.usual) is Verdict.MEMORISED and share_nearer(0.0, usual.usual) == 0
    held_out = search(*run, Query(measure, 1, np.array(known.test.images)))
    np.testing.assert_allclose(np.sort(held_out.distances[:, 0]), usual.usual, rtol=1e-4)
    verdicts = [verdict(distance, usual.usual) for distance in held_out.distances[:, 0].tolist()]
    assert verdicts.count(Verdict.NEW) >= 21 and verdicts.count(Verdict.MEMORISED) <= 1
    np.testing.assert_allclose(
        held_out.pixels[3], pixel_distances(held_out.pictures[3], held_out.neighbours[3]), rtol=1e-6
    )


def test_preparing_goes_on_in_small_parts(run: tuple[Model, RunData], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(novelty, "_SLICE_SECONDS", 0.0)
    novelty._spaces.clear()
    shares = [prepare(*run, Measure.PIXELS).share]
    while shares[-1] < 1:
        shares.append(prepare(*run, Measure.PIXELS).share)
    assert len(shares) >= 3 and shares == sorted(shares)
    assert prepare(*run, Measure.PIXELS).share == 1  # and is kept


def test_samples_are_sorted_and_the_same_for_the_same_seed(run: tuple[Model, RunData]) -> None:
    found = search(*run, Query(Measure.PIXELS, 1, samples=9, seed=4)).sorted()
    again = search(*run, Query(Measure.PIXELS, 1, samples=9, seed=4)).sorted()
    np.testing.assert_array_equal(found.pictures, again.pictures)
    assert (np.diff(found.distances[:, 0]) >= 0).all()
    assert search(*run, Query(Measure.PIXELS, 1, samples=9, seed=5)).pictures.tolist() != found.pictures.tolist()


def test_pictures_of_another_size_are_refused(run: tuple[Model, RunData]) -> None:
    with pytest.raises(InputError, match="are 9x8 with 3 channels, those of the training are 12x12 and grey"):
        search(*run, Query(Measure.PIXELS, 1, np.zeros((1, 8, 9, 3), np.uint8)))


# The quiz


def test_half_of_a_series_is_held_out_and_the_seed_tells_which(run: tuple[Model, RunData]) -> None:
    asked = ask_questions(*run, Series(3, 20))
    assert asked.real.sum() == 10 and asked.step == 12
    held_out = {picture.tobytes() for picture in np.asarray(run[1].images.test.images)}
    assert [picture.tobytes() in held_out for picture in asked.pictures] == asked.real.tolist()
    again, other = ask_questions(*run, Series(3, 20)), ask_questions(*run, Series(4, 20))
    np.testing.assert_array_equal(asked.pictures, again.pictures)
    assert asked.real.tolist() != other.real.tolist()
    assert len(ask_questions(*run, Series(3, 60)).pictures) == 48  # no more than 24 are held out


def score(step: int = 12, right: int = 15, count: int = 20) -> Score:
    return Score(step=step, way=Way.SINGLY, seed=1, count=count, right=right, when=1.0)


def test_scores_are_kept_with_the_run_and_put_together_by_step(run: tuple[Model, RunData]) -> None:
    assert read_scores(*run) == ()
    keep_score(*run, score())
    keep_score(*run, score(step=3, right=20))
    kept = keep_score(*run, score(right=11))
    assert read_scores(*run) == kept and len(kept) == 3
    first, second = by_step(kept)
    assert (first.step, first.share) == (3, 1.0) and (second.step, second.share) == (12, 26 / 40)
    assert first.low < 1 == first.high and second.low < 0.65 < second.high


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[" * 100_000,
        '{"scores": []}',
        json.dumps([{**score().model_dump(mode="json"), "right": 21}]),
        json.dumps([{**score().model_dump(mode="json"), "when": "now"}]),
        json.dumps([{**score().model_dump(mode="json"), "step": -1}]),
        "[" + " " * (1 << 20) + "]",
        '[{"count": 1e999}]',
    ],
)
def test_foreign_scores_are_refused_and_left_alone(run: tuple[Model, RunData], content: str) -> None:
    path = run[1].folder / SCORES_FILE
    path.write_text(content)
    for question in (lambda: read_scores(*run), lambda: keep_score(*run, score())):
        with pytest.raises(StoredDataError, match="is not what gendesk writes; remove it"):
            question()
    assert path.read_text() == content


def test_a_folder_in_the_place_of_the_scores_is_refused(run: tuple[Model, RunData]) -> None:
    path: Path = run[1].folder / SCORES_FILE
    path.mkdir()
    with pytest.raises(StoredDataError, match="is no ordinary file"):
        read_scores(*run)
    path.rmdir()


def test_intervals_and_chances_are_those_of_the_tables() -> None:
    np.testing.assert_allclose(interval(15, 20), (0.5313, 0.8881), atol=1e-4)
    np.testing.assert_allclose(interval(0, 10), (0.0, 0.2775), atol=1e-4)
    assert chance(15, 20) == pytest.approx(0.02069, abs=1e-5)
    assert chance(0, 7) == 1
