"""Foreseeing a recorded race: told the truth it is M's own forecast, running free it goes on from what it drew."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from gendesk.plugins.worldmodel.foreseeing import MOST_STEPS, Recorded, Wish, can_drive, foresee, recorded
from gendesk.plugins.worldmodel.mind import Mind
from gendesk.plugins.worldmodel.models import WorldModel
from gendesk.plugins.worldmodel.networks.controller import Order

from gendesk.errors import InputError
from tests.support.world_runs import LATENT, MIXTURES, dreaming, driving, race, run_data, run_folder, seeing


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_folder(tmp_path_factory.mktemp("run"), (4,), steps=20)


@pytest.fixture(scope="module")
def known(folder: Path) -> Recorded:
    return recorded(dreaming(), run_data(folder), 4)


def test_a_race_is_seen_frame_by_frame(known: Recorded) -> None:
    assert known.seed == 4
    assert known.mu.shape == known.log_var.shape == (21, LATENT)
    assert known.actions.shape == (20, 3)
    assert known.rewards.tolist() == [step % 3 == 0 for step in range(20)]
    assert np.array_equal(known.frames, race(4, 20).observations)


def test_told_the_truth_every_step_is_what_m_says_of_the_whole_race(known: Recorded) -> None:
    model = dreaming()
    found = foresee(model, Wish(known, 5, 8, told=True))
    gained = torch.tensor([0.0, *known.rewards[:-1].tolist()])
    forecast, _ = model.foresee(
        torch.from_numpy(known.mu[None, :-1]), torch.from_numpy(known.actions[None].copy()), gained[None]
    )
    part = slice(5, 13)
    assert np.allclose(found.logits, forecast.reward[0, part].numpy(), atol=1e-5)
    assert np.allclose(found.weights, forecast.log_pi.exp()[0, part].numpy(), atol=1e-5)
    assert np.allclose(found.means, forecast.mu[0, part].numpy(), atol=1e-5)
    assert np.allclose(found.sigmas, forecast.log_sigma.exp()[0, part].numpy(), atol=1e-5)
    assert np.array_equal(found.actions, known.actions[part])
    assert found.pictures.shape == (8, 64, 64, 3)


def test_running_free_it_agrees_in_the_first_step_only(known: Recorded) -> None:
    model = dreaming()
    told, free = (foresee(model, Wish(known, 3, 6, told=told)) for told in (True, False))
    assert np.allclose(told.mean[0], free.mean[0])
    assert np.array_equal(told.codes[0], free.codes[0])
    assert not np.allclose(told.mean[1:], free.mean[1:])


def test_the_same_seed_draws_the_same_and_no_temperature_leaves_no_chance(known: Recorded) -> None:
    model, wish = dreaming(), Wish(known, 0, 6)
    first, again, other = (foresee(model, replace(wish, seed=seed)).codes for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    cold = replace(wish, temperature=0.0)
    first, other = (foresee(model, replace(cold, seed=seed)).codes for seed in (1, 2))
    assert np.array_equal(first, other)


def test_heat_widens_the_mixtures(known: Recorded) -> None:
    model = dreaming()
    cool, hot = (foresee(model, Wish(known, 2, 4, told=True, temperature=heat)) for heat in (0.5, 2.0))
    assert np.allclose(hot.sigmas, cool.sigmas * 2, rtol=1e-5)
    assert (hot.weights.max(-1) < cool.weights.max(-1)).all()
    assert cool.weights.shape == (4, LATENT, MIXTURES)
    assert np.allclose(hot.weights.sum(-1), 1, atol=1e-5)


def test_mean_and_deviation_are_those_of_what_can_be_drawn(known: Recorded) -> None:
    found = foresee(dreaming(), Wish(known, 2, 1))
    random = np.random.default_rng(0)
    chosen = random.choice(MIXTURES, 100_000, p=found.weights[0, 0] / found.weights[0, 0].sum())
    drawn = found.means[0, 0][chosen] + found.sigmas[0, 0][chosen] * random.standard_normal(len(chosen))
    assert found.mean[0, 0] == pytest.approx(drawn.mean(), abs=0.03)
    assert found.deviation[0, 0] == pytest.approx(drawn.std(), rel=0.02)


def test_who_acts(known: Recorded) -> None:
    model = driving()
    fixed = foresee(model, Wish(known, 2, 5, source="fixed", fixed=(-0.5, 1.0, 0.25)))
    assert np.allclose(fixed.actions, [[-0.5, 1.0, 0.25]] * 5)
    own = foresee(model, Wish(known, 2, 5, source="controller"))
    # C's first action is on what V sees there, with what M remembers of two steps.
    gained = torch.tensor([0.0, 1.0])
    _, remembered = model.foresee(
        torch.from_numpy(known.mu[None, :2]), torch.from_numpy(known.actions[None, :2].copy()), gained[None]
    )
    expected = model.drive(torch.from_numpy(known.mu[2:3]), remembered)
    assert np.allclose(own.actions[0], expected[0].numpy(), atol=1e-6)
    assert not np.allclose(own.actions[1], own.actions[0])


@pytest.mark.parametrize("order", ["paper", "book"])
def test_c_acts_in_its_own_order_as_at_the_wheel(folder: Path, order: Order) -> None:
    model = driving(order, sees="mean")
    known = recorded(model, run_data(folder), 4)
    found = foresee(model, Wish(known, 3, 6, source="controller", told=True))
    mind, rewards = Mind(model, 0), [0.0, *known.rewards.astype(float)]
    for step in range(9):
        mind.see(known.frames[step], rewards[step])
        acted = mind.act(known.actions[step] if step < 3 else None)
        if step >= 3:
            assert np.allclose(found.actions[step - 3], acted, atol=1e-5), step


def test_it_ends_where_the_race_ends(known: Recorded) -> None:
    assert len(foresee(dreaming(), Wish(known, 15, MOST_STEPS)).codes) == 5
    for start in (20, -1):
        with pytest.raises(InputError, match="is not one of the 20 steps"):
            foresee(dreaming(), Wish(known, start, 5))


def test_what_a_run_cannot_do_is_told(known: Recorded, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="stage 2"):
        recorded(WorldModel(), run_data(folder), 4)
    with pytest.raises(InputError, match="are gone"):
        recorded(seeing(), run_data(tmp_path), 4)
    with pytest.raises(InputError, match="0000000009"):
        recorded(seeing(), run_data(folder), 9)
    with pytest.raises(InputError, match="stage 4"):
        foresee(seeing(), Wish(known, 0, 5))
    with pytest.raises(InputError, match="stage 5"):
        foresee(dreaming(), Wish(known, 0, 5, source="controller"))
    with pytest.raises(InputError, match="another length"):
        foresee(dreaming(), Wish(replace(known, mu=known.mu[:, :3]), 0, 5))
    assert can_drive(driving())
    assert not can_drive(dreaming())
