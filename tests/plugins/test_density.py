"""The density map: the book's rectangle in numbers, how the others are fitted, and what is said of samples."""

from dataclasses import replace

import numpy as np
import pytest
from gendesk.plugins.probability.density import fitting, operations
from gendesk.plugins.probability.density.densities import FLOOR, Density, Kernel, lattice
from gendesk.plugins.probability.density.models import DensityModel, resampled
from gendesk.plugins.probability.density.recipe import DensityMapRecipe
from gendesk.plugins.probability.density.verdicts import COPY, IN_THE_SEA, SUCCESS, verdicts

from gendesk.data.dataset import PointDataset
from gendesk.engine.preview import ImagePreview, TablePreview
from gendesk.nn.keras import parameter_count
from tests.support.probability import island_data, trained_map

SIZE = (360.0, 180.0)
KINDS = operations.KINDS
WANTED = operations.Wanted("rectangle", components=6, bandwidth=6.0, bins=20, pseudo_count=0.5, seed=1)


data = pytest.fixture(scope="module")(island_data)


def fit(kind: str, points: np.ndarray) -> Density:
    match kind:
        case "rectangles":
            return fitting.fit_rectangles(points, 6, 2.0)
        case "gaussians":
            return fitting.fit_gaussians(points, 6, 2.0, np.random.default_rng(1))
        case "kernel":
            return fitting.fit_kernel(points, 6.0)
        case "histogram":
            return fitting.fit_histogram(points, 20, 0.5, SIZE)
        case _:
            return fitting.one_rectangle(fitting.best_box(points, 2.0))


# The book's rectangle


def test_the_best_rectangle_is_the_bounding_box_and_its_log_likelihood_is_minus_n_ln_area(data: PointDataset) -> None:
    points = data.train.astype(np.float64)
    box = fitting.best_box(points, 2.0)
    np.testing.assert_array_equal(box, [*points.min(axis=0), *points.max(axis=0)])
    area = (box[2] - box[0]) * (box[3] - box[1])
    best, outside = fitting.log_likelihood(points, box)
    assert (best, outside) == (pytest.approx(-300 * np.log(area)), 0)
    density = fitting.one_rectangle(box)
    assert density.parameters == 4
    assert density.log_density(points).sum() == pytest.approx(best)
    for edge, outwards in enumerate((-1, -1, 1, 1)):
        for move in (-0.5, 0.5):
            other = box.copy()
            other[edge] += move * outwards
            assert fitting.log_likelihood(points, other)[0] < best


def test_a_rectangle_over_the_left_half_has_likelihood_zero(data: PointDataset) -> None:
    points = data.train.astype(np.float64)
    left_half = np.array([0.0, 0.0, 180.0, 180.0])
    value, outside = fitting.log_likelihood(points, left_half)
    assert value == -np.inf
    assert outside == (points[:, 0] > 180).sum() > 0
    found = operations.score(fitting.one_rectangle(left_half), points)
    assert (found.outside, found.text) == (outside, "\N{MINUS SIGN}\N{INFINITY}")
    inside = len(points) - outside
    assert found.finite == pytest.approx((inside * -np.log(180 * 180) + outside * FLOOR) / len(points))


def test_the_book_preset_finds_the_answer_in_one_step(data: PointDataset) -> None:
    recipe = trained_map(data, 1, method="closed form")
    box = fitting.best_box(data.train[:100].astype(np.float64), 2.0)
    np.testing.assert_allclose(recipe.model().numbers[:4], box, rtol=1e-6)


@pytest.mark.parametrize("points", [2, 100])
def test_hill_climbing_reaches_the_same_rectangle_from_a_random_start(data: PointDataset, points: int) -> None:
    recipe = trained_map(data, 0, points=points)
    box = fitting.best_box(data.train[:points].astype(np.float64), 2.0)
    first = recipe.step()["log_likelihood"]
    for _ in range(99):
        last = recipe.step()["log_likelihood"]
    np.testing.assert_allclose(recipe.model().numbers[:4], box, atol=fitting.CLOSE)
    assert first < last == pytest.approx(-np.log((box[2] - box[0]) * (box[3] - box[1])), abs=1e-3)


# The other densities


@pytest.mark.parametrize("kind", KINDS)
def test_a_density_sums_to_one_and_draws_what_it_says(data: PointDataset, kind: str) -> None:
    density = fit(kind, data.train.astype(np.float64))
    cells = lattice(density, (360.0, 180.0), (180, 360))
    assert cells.sum() == pytest.approx(1, abs=0.02)
    samples = density.draw(20_000, np.random.default_rng(3))
    shares, _, _ = np.histogram2d(samples[:, 1], samples[:, 0], bins=(6, 12), range=((0, 180), (0, 360)))
    expected = cells[::-1].reshape(6, 30, 12, 30).sum(axis=(1, 3))
    np.testing.assert_allclose(shares / 20_000, expected, atol=0.02)
    np.testing.assert_array_equal(samples, density.draw(20_000, np.random.default_rng(3)))


def test_em_never_lets_the_likelihood_fall(data: PointDataset) -> None:
    points = data.train.astype(np.float64)
    mixture = fitting.em_start(points, 8, 12.0, np.random.default_rng(4))
    values = []
    for _ in range(40):
        mixture, value = fitting.em_step(points, mixture, 12.0)
        values.append(value)
    assert np.diff(values).min() > -1e-9
    assert values[-1] > values[0] + 0.1
    assert np.linalg.eigvalsh(mixture.covariances).min() >= 12.0**2 - 1e-6


def test_cutting_rectangles_raises_the_likelihood_and_counts_parameters(data: PointDataset) -> None:
    points = data.train.astype(np.float64)
    mixture = fitting.split_start(points, 4, 2.0)
    values = [mixture.log_density(points).sum()]
    for parts in (2, 3, 4, 4):
        mixture = fitting.split_step(points, mixture, 2.0)
        values.append(mixture.log_density(points).sum())
        assert mixture.parameters == 5 * parts - 1
        assert mixture.weights.sum() == pytest.approx(1)
    assert (np.diff(values[:-1]) > 0).all()
    assert values[-1] == values[-2]
    first, second = mixture.boxes[:, 0] < 180, mixture.boxes[:, 2] > 180
    assert not (first & second).any()  # the first cut goes between the islands


def test_points_on_one_spot_do_not_make_an_endless_likelihood() -> None:
    points = np.full((50, 2), 40.0)
    for kind in KINDS:
        values = fit(kind, points).log_density(points)
        assert np.isfinite(values).all(), kind


def test_a_histogram_thinks_empty_cells_impossible_until_it_gets_a_pseudo_count(data: PointDataset) -> None:
    points, nowhere = data.train.astype(np.float64), np.array([[5.0, 175.0]])
    assert fitting.fit_histogram(points, 20, 0.0, SIZE).log_density(nowhere) == -np.inf
    smoothed = fitting.fit_histogram(points, 20, 1.0, SIZE)
    assert smoothed.log_density(nowhere) == pytest.approx(np.log(1 / (300 + 200) / (18 * 18)))
    assert smoothed.parameters == 199


def test_a_tiny_bandwidth_copies_and_fares_worse_on_held_out_points(data: PointDataset) -> None:
    points, held_out = data.train.astype(np.float64), data.test.astype(np.float64)
    sharp, soft = Kernel(points, 0.3), Kernel(points, 6.0)
    assert sharp.log_density(points).mean() > soft.log_density(points).mean()
    assert operations.score(sharp, held_out).finite < operations.score(soft, held_out).finite


# Verdicts


def test_a_sample_is_in_the_sea_a_copy_or_a_success() -> None:
    region = np.zeros((2, 4), dtype=bool)
    region[0, 1] = True  # the north-west: x from 90 to 180, y from 90 to 180
    training = np.array([[100.0, 100.0]])
    samples = np.array([[100.5, 100.5], [150.0, 150.0], [10.0, 10.0], [100.0, 89.9], [120.0, 181.0]])
    found = verdicts(samples, training, region, SIZE, copy_distance=1.0)
    assert found.tolist() == [COPY, SUCCESS, IN_THE_SEA, IN_THE_SEA, IN_THE_SEA]


def test_a_region_keeps_its_shape_at_another_resolution(data: PointDataset) -> None:
    assert data.region is not None
    finer = resampled(data.region, (360, 720))
    np.testing.assert_array_equal(finer, data.region.repeat(4, 0).repeat(4, 1))
    np.testing.assert_array_equal(resampled(finer, data.region.shape), data.region)


# Runs


@pytest.mark.parametrize("kind", KINDS)
def test_every_density_trains_to_finite_metrics_and_comes_back(data: PointDataset, kind: str) -> None:
    recipe = trained_map(data, 5, density=kind, components=3, points=60)
    metrics = {**recipe.step(), **{f"validation/{name}": value for name, value in recipe.validate().items()}}
    assert all(np.isfinite(value) for value in metrics.values())
    assert metrics["sea"] + metrics["copies"] + metrics["successes"] == pytest.approx(1)
    previews = {preview.name: preview for preview in recipe.previews()}
    picture = previews["map"]
    assert isinstance(picture, ImagePreview)
    assert picture.images.shape == (1, 360, 720, 3)
    copy = DensityMapRecipe.build(recipe.config, data.info)
    copy.load_state_dict(recipe.model().state_dict())
    points = data.test.astype(np.float64)
    np.testing.assert_array_equal(copy.density.log_density(points), recipe.model().density.log_density(points))
    assert parameter_count(copy) == 0  # nothing here is learnt by gradients; the metric counts what was fitted


def test_the_numbers_preview_shows_the_corners_in_degrees(data: PointDataset) -> None:
    table = list(trained_map(data, 1, method="closed form", points=300).previews())[2]
    assert isinstance(table, TablePreview)
    rows = dict(table.rows)
    assert rows["θ1, west (°)"] == f"{data.train[:, 0].min() - 180:.2f}"
    assert rows["θ4, north (°)"] == f"{data.train[:, 1].max() - 90:.2f}"


def test_a_data_set_without_a_region_has_no_sea(data: PointDataset) -> None:
    recipe = trained_map(replace(data, region=None), 0, density="rectangle", method="closed form")
    assert recipe.step()["sea"] == 0


# What the studio asks


def test_the_studio_looks_refits_samples_and_compares(data: PointDataset) -> None:
    model: DensityModel = trained_map(data, 1, method="closed form").model()
    scene = operations.look(model)
    assert (scene.points.shape, scene.held_out.shape, scene.region.shape) == ((100, 2), (200, 2), (360, 720))
    assert scene.trained.kind == "rectangle"
    assert scene.trained.shading.shape == operations.SHADING_SHAPE
    fitted = operations.refit(model, replace(WANTED, kind="gaussians"))
    assert fitted.density.parameters == 35
    drawn = operations.draw(model, operations.Draw(fitted.density, 50, seed=3))
    assert drawn.samples.shape == (50, 2)
    assert set(drawn.found.tolist()) <= {IN_THE_SEA, COPY, SUCCESS}
    rows = operations.compare(model, WANTED)
    assert [row.kind for row in rows] == list(KINDS)
    assert rows[0].seen.finite == pytest.approx(scene.trained.seen.finite, abs=1e-5)
    assert all(sum(row.shares) == pytest.approx(1) for row in rows)
