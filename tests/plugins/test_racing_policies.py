"""Drivers by chance keep to what a car can do, hold what they do, and are the same for the same seed."""

import numpy as np
import pytest
from gendesk.plugins.worldmodel.racing.policies import HIGHEST, LOWEST, Brownian, Structured, Uniform
from numpy.typing import NDArray

from gendesk.errors import InputError

SEEN = np.zeros((64, 64, 3), np.uint8)
KINDS = [Uniform, Brownian, Structured]
Kind = type[Uniform] | type[Brownian] | type[Structured]


def driven(policy: Uniform | Brownian | Structured, seed: int, steps: int = 220) -> NDArray[np.float32]:
    policy.begin(np.random.default_rng(seed))
    return np.stack([policy.act(SEEN) for _ in range(steps)])


@pytest.mark.parametrize("kind", KINDS)
def test_actions_are_possible_held_and_follow_from_the_seed(kind: Kind) -> None:
    policy = kind(hold=8)
    actions = driven(policy, 1)
    assert (actions >= LOWEST).all() and (actions <= HIGHEST).all()
    assert actions.dtype == np.float32
    blocks = actions[20 if kind is Structured else 0 :][:200].reshape(-1, 8, 3)
    assert (blocks == blocks[:, :1]).all()
    assert len(np.unique(blocks[:, 0], axis=0)) > 10
    np.testing.assert_array_equal(driven(policy, 1), actions)  # also after another race
    assert not np.array_equal(driven(policy, 2), actions)


def test_the_structured_one_runs_up_and_does_one_thing_at_a_time() -> None:
    actions = driven(Structured(hold=1), 3, 5_020)
    assert (actions[:20] == np.array([-0.1, 1, 0], np.float32)).all()
    later = actions[20:]
    assert ((later != 0).sum(1) <= 1).all()
    shares = [(later[:, 1] > 0).mean(), (later[:, 0] < 0).mean(), (later[:, 0] > 0).mean(), (later[:, 2] > 0).mean()]
    assert shares == pytest.approx([0.4, 0.2, 0.2, 0.1], abs=0.03)


def test_the_brownian_one_moves_little_from_action_to_action() -> None:
    wandering, jumping = (np.abs(np.diff(driven(kind(hold=1), 4, 2_000)[:, 0])).mean() for kind in (Brownian, Uniform))
    assert wandering < 0.75 * jumping


def test_nothing_is_held_for_no_step() -> None:
    with pytest.raises(InputError, match="0 steps"):
        Structured(hold=0)
