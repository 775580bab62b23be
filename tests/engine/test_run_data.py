"""What operations on a run's model get beside it, also where its data are gone."""

from pathlib import Path

import numpy as np
import pytest

from gendesk.engine.engine import Engine
from gendesk.engine.latent.survey import survey
from gendesk.errors import InputError
from tests.support.training import engine_in, small_pictures


@pytest.fixture
def trained(tmp_path: Path):
    """An engine, the id of a run on a small file of pictures, and the file."""
    path = small_pictures(tmp_path)
    with engine_in(tmp_path / "data") as engine:
        job = engine.start(engine.config("ae", data=str(path), steps=2), at_once=True)
        assert job.join(60) and not job.error
        yield engine, job.run.id, path


def test_a_survey_knows_the_codes_of_held_out_pictures(trained: tuple[Engine, str, Path]) -> None:
    engine, run, _ = trained
    data = engine.run_data(run)
    assert (data.folder / "run.json").is_file()
    found = survey(engine.load_model(run), data)
    assert found.codes.shape == (24, 2)
    np.testing.assert_array_equal(found.pictures, data.images.test.images)
    assert found.labels.tolist() == data.images.test.labels.tolist()
    np.testing.assert_allclose(found.components @ found.components.T, np.eye(2), atol=1e-5)
    assert found.variances[0] >= found.variances[1] >= 0
    spread = ((found.codes - found.mean) @ found.components.T).var(0, ddof=1)
    np.testing.assert_allclose(spread, found.variances, rtol=1e-3, atol=1e-8)


@pytest.mark.parametrize("change", ["gone", "others"])
def test_without_its_data_a_run_is_surveyed_by_its_prior(trained: tuple[Engine, str, Path], change: str) -> None:
    engine, run, path = trained
    if change == "gone":
        path.unlink()
    else:
        small_pictures(path.parent, count=60)
    data = engine.run_data(run)
    with pytest.raises(InputError, match=r"^/.*small\.npz (does not exist|has changed since .*)\.$"):
        _ = data.images
    found = survey(engine.load_model(run), data)
    assert found.codes.shape == (1000, 2)
    assert found.pictures.shape[1:] == (12, 12, 1)
    assert set(found.labels.tolist()) == {-1}
