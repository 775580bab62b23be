"""The table and the sheet of a comparison: what compares, what is best, and pictures of several sizes."""

import dataclasses

import numpy as np
import pytest

from gendesk.engine.comparison import read_run
from gendesk.engine.comparison_scores import PixelFeatures, SampleWish, ScoreWish, measure, new_samples
from gendesk.engine.comparison_table import as_csv, comparable, compared_numbers, of_one_size
from gendesk.errors import InputError
from tests.support.training import engine_in, small_pictures


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Two readings, what was measured of both, and a way to measure them again."""
    folder = tmp_path_factory.mktemp("measured")
    with engine_in(folder / "data") as engine:
        for steps in (3, 40):
            config = engine.config("tiny", data=str(small_pictures(folder)), steps=steps)
            assert engine.start(config, at_once=True).join(60)
        runs = engine.runs.all()
        parts = [(engine.load_model(run.id), engine.run_data(run.id)) for run in runs]
        yield [read_run(run) for run in runs], [measure(*part, ScoreWish(60, 1)) for part in parts], parts


def test_the_same_seed_gives_the_same_numbers(measured):
    _, found, parts = measured
    assert [measure(*part, ScoreWish(60, 1)) for part in parts] == found
    assert measure(*parts[1], ScoreWish(60, 2)) != found[1]
    assert found[1].step == 40 and found[1].parameters > 0 and not found[1].by_features
    first, again = (new_samples(*parts[1], SampleWish(5, 1)) for _ in range(2))
    np.testing.assert_array_equal(first.pictures, again.pictures)
    assert first.real.shape == first.pictures.shape and first.step == 40


def test_work_that_nobody_wants_any_more_ends(measured):
    def stop(share):
        assert 0 < share < 1
        raise InputError("stopped")

    with pytest.raises(InputError, match="stopped"):
        measure(*measured[2][0], ScoreWish(60, 1, stop))


def test_the_best_of_a_row_is_marked_where_runs_compare(measured):
    readings, found, _ = measured
    rows = {row.name: row for row in compared_numbers(readings, found)}
    assert {"sharpness", "distance", "pixel_diversity", "seconds", "step", "parameters"} == rows.keys()
    nearest = min((0, 1), key=lambda index: abs(rows["distance"].values[index] - 1))
    assert rows["distance"].best == {nearest}
    assert rows["step"].texts == ("3", "40") and not rows["step"].best
    other = dataclasses.replace(found[1], data="other")
    assert comparable(found) and not comparable([found[0], other])
    assert not any(row.best for row in compared_numbers(readings, [found[0], other]))
    assert [row.name for row in compared_numbers(readings, [None, None])] == ["seconds", "step"]
    half = {row.name: row for row in compared_numbers(readings, [None, found[1]])}
    assert half["distance"].texts[0] == "\N{EN DASH}"
    assert as_csv(["a", "b"], [half["distance"]]).splitlines()[1].startswith("Samples,Distance to the data,,")


def test_pixels_are_shrunk_and_not_enlarged(measured):
    info = measured[2][0][1].images.info
    assert PixelFeatures(info).size == 12 * 12
    wide = PixelFeatures(info.model_copy(update={"height": 32, "width": 64}))
    half = np.zeros((2, 32, 64, 1), np.uint8)
    half[:, :, 32:] = 255
    assert wide.size == 8 * 16
    np.testing.assert_array_equal(wide.features(half)[0].reshape(8, 16).mean(0), [0.0] * 8 + [1.0] * 8)


def test_pictures_of_several_sizes_lie_on_one_sheet():
    grey, coloured = np.full((2, 4, 4, 1), 7, np.uint8), np.full((3, 9, 9, 3), 9, np.uint8)
    sheet = of_one_size([grey, coloured])
    assert sheet.shape == (5, 9, 9, 3)
    assert (sheet[0, :8, :8] == 7).all() and (sheet[0, 8] == 128).all() and (sheet[2:] == 9).all()
