"""Frames of stored races as pictures: held-out ones apart, the same every time, without labels."""

from pathlib import Path

import numpy as np
import pytest
from gendesk.plugins.worldmodel.frames import frames_among, held_out
from gendesk.plugins.worldmodel.rollouts import Rollouts, episode_path

from gendesk.engine.engine import Engine
from gendesk.errors import InputError
from tests.support.world_runs import race, run_data, run_folder


def test_frames_are_spread_over_the_races_and_held_out_ones_are_apart(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, tuple(range(20)), steps=9)
    found = frames_among([tmp_path / "nothing", folder / "products"])
    assert found is not None
    assert (len(found.train), len(found.test)) == (180, 20)  # two of twenty races, ten frames each
    assert found.info.item_shape == (3, 64, 64)
    assert set(found.test.labels.tolist()) == {-1}
    test = np.concatenate([race(seed, 9).observations for seed in (0, 1)])
    assert {frame.tobytes() for frame in found.test.images} == {frame.tobytes() for frame in test}
    learnt, kept = held_out(Rollouts(folder / "products" / "rollouts"))
    assert (len(learnt), len(kept)) == (18, 2)


def test_more_races_are_other_pictures_and_the_same_races_the_same(tmp_path: Path) -> None:
    first = frames_among([run_folder(tmp_path, (1, 2)) / "products"])
    again = frames_among([tmp_path / "products"])
    more = frames_among([run_folder(tmp_path, (4,)) / "products"])
    assert first is not None
    assert again is not None
    assert more is not None
    assert first.info.fingerprint == again.info.fingerprint != more.info.fingerprint


def test_a_damaged_race_is_left_out_and_no_race_is_no_picture(tmp_path: Path) -> None:
    folder = run_folder(tmp_path, (1, 2, 3), steps=5)
    episode_path(folder / "products" / "rollouts", 2).write_bytes(b"no race")
    found = frames_among([folder / "products"])
    assert found is not None
    assert (len(found.train), len(found.test)) == (6, 6)
    assert frames_among([tmp_path / "elsewhere"]) is None
    (tmp_path / "empty" / "rollouts").mkdir(parents=True)
    assert frames_among([tmp_path / "empty"]) is None
    with pytest.raises(InputError, match="are no pictures"):
        _ = run_data(tmp_path / "elsewhere").images


def test_a_run_that_was_built_on_races_has_their_frames_for_pictures(tmp_path: Path) -> None:
    engine = Engine(tmp_path)
    try:
        values = {"device": "cpu", "threads": 1}
        races = {**values, "steps": 3, "rollout_frames": 24, "action_repeat": 4, "processes": 1}
        vision = {**values, "steps": 1, "frames_per_batch": 4}
        for recipe, given in (("world-rollouts", races), ("world-vae", vision)):
            job = engine.start(engine.config(recipe, **given), at_once=True)
            assert job.join(120)
            assert not job.error
        data = engine.run_data(job.run.id)
        assert data.known is None
        assert data.images.train.images.shape == (14, 64, 64, 3)
        assert len(data.images.test) == 7
    finally:
        engine.close()
