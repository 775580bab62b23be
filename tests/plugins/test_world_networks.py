"""V, M and C have the printed sizes, and do what their formulas say."""

import math

import pytest
import torch
from gendesk.plugins.worldmodel.dream import Beginnings, dreamt_scores
from gendesk.plugins.worldmodel.networks.controller import ControllerShape, act
from gendesk.plugins.worldmodel.networks.memory import Forecast, Memory, drawn_next, memory_losses
from gendesk.plugins.worldmodel.networks.vision import Vision, drawn_codes, vision_losses

from gendesk.nn.keras import parameter_count


def test_sizes_are_as_printed() -> None:
    with torch.device("meta"):
        vision, memory = Vision(), Memory()
    assert parameter_count(vision) == 2_115_971
    assert parameter_count(vision.decoder) == 1_851_939
    assert parameter_count(memory) == 424_673
    assert ControllerShape().parameters == 867
    assert ControllerShape(reads="code", hidden=40).parameters == 1_443


def test_a_frame_comes_back_as_a_frame() -> None:
    torch.manual_seed(1)
    vision, frames = Vision(), torch.rand(2, 3, 64, 64)
    mu, log_var = vision.encode(frames)
    seen = vision.decode(drawn_codes(mu, log_var, torch.Generator().manual_seed(1)))
    assert mu.shape == log_var.shape == (2, 32)
    assert seen.shape == frames.shape and seen.min() >= 0 and seen.max() <= 1
    assert torch.equal(drawn_codes(mu, torch.full_like(mu, -math.inf)), mu)


def test_some_nats_of_a_code_are_free() -> None:
    frames, zeros = torch.zeros(4, 3, 64, 64), torch.zeros(4, 32)
    reconstruction, divergence = vision_losses(frames, frames + 0.5, zeros, zeros, free=0.5)
    assert float(reconstruction) == pytest.approx(3 * 64 * 64 * 0.25)
    assert float(divergence) == pytest.approx(16.0)  # the prior itself costs what is free
    _, costly = vision_losses(frames, frames, zeros + 2, zeros, free=0.5)
    assert float(costly) == pytest.approx(32 * 2.0)


def test_a_sequence_is_foretold_as_step_by_step() -> None:
    torch.manual_seed(2)
    memory = Memory(latent_size=4, units=8, mixtures=3)
    codes, actions, rewards = torch.randn(2, 5, 4), torch.rand(2, 5, 3), torch.tensor([[0.0, 1, 0, 0, 1]] * 2)
    whole, _ = memory(codes, actions, rewards, memory.empty_state(2))
    assert whole.mu.shape == (2, 5, 4, 3) and whole.reward.shape == (2, 5)
    torch.testing.assert_close(whole.log_pi.exp().sum(-1), torch.ones(2, 5, 4))
    state = memory.empty_state(2)
    for step in range(5):
        one = slice(step, step + 1)
        part, state = memory(codes[:, one], actions[:, one], rewards[:, one], state)
    torch.testing.assert_close(part.mu[:, 0], whole.mu[:, -1])
    torch.testing.assert_close(part.reward[:, 0], whole.reward[:, -1])


def forecast(log_sigma: float = -2.0) -> Forecast:
    """Return two numbers with two mixtures, at -1 (a quarter) and +1 (three quarters)."""
    log_pi = torch.tensor([0.25, 0.75]).log().expand(1, 2, 2)
    mu = torch.tensor([-1.0, 1.0]).expand(1, 2, 2)
    return Forecast(log_pi, mu, torch.full((1, 2, 2), log_sigma), torch.tensor([3.0]))


def test_the_loss_is_that_of_the_mixture_and_never_overflows() -> None:
    codes = torch.tensor([[1.0, -1.0]])
    of_codes, of_reward = memory_losses(forecast(), codes, torch.tensor([1.0]))
    normal = torch.distributions.Normal(torch.tensor([-1.0, 1.0]), math.exp(-2.0))
    weights = torch.tensor([0.25, 0.75])
    expected = [-(normal.log_prob(torch.tensor(value)).exp() * weights).sum().log() for value in (1.0, -1.0)]
    assert float(of_codes) == pytest.approx(float(sum(expected) / 2), rel=1e-5)
    assert float(of_reward) == pytest.approx(math.log1p(math.exp(-3.0)), rel=1e-5)
    far, _ = memory_losses(forecast(-6.0), codes * 1000, torch.tensor([1.0]))
    assert math.isfinite(float(far))


def test_temperature_chooses_mixtures_and_widens_noise() -> None:
    many = Forecast(*(part.expand(20_000, *part.shape[1:]) for part in forecast()))
    generator = torch.Generator().manual_seed(4)
    shares, widths = [], []
    for temperature in (0.5, 1.0, 4.0):
        codes, rewards = drawn_next(many, temperature, generator)
        left = codes < 0
        shares.append(float(left.float().mean()))
        widths.append(float((codes[~left & (codes < 3)] - 1).std()))
        assert bool((rewards == 1).all())
    assert shares[1] == pytest.approx(0.25, abs=0.01)
    assert shares[0] == pytest.approx(0.1, abs=0.01)  # 0.25 ** 2 against 0.75 ** 2
    assert shares[2] == pytest.approx(0.25**0.25 / (0.25**0.25 + 0.75**0.25), abs=0.01)
    assert widths[1] == pytest.approx(math.exp(-2.0), rel=0.05)
    assert widths[0] == pytest.approx(math.exp(-2.0) * math.sqrt(0.5), rel=0.05)
    assert torch.equal(drawn_next(forecast(), 0.0)[0], torch.ones(1, 2))


@pytest.mark.parametrize("reads", ["code", "memory", "code and memory"])
@pytest.mark.parametrize("hidden", [0, 5])
def test_candidates_act_side_by_side_as_alone(reads: str, hidden: int) -> None:
    torch.manual_seed(5)
    shape = ControllerShape(reads, hidden, latent_size=4, units=6)
    candidates = torch.randn(3, shape.parameters)
    codes, memory = torch.randn(3, 2, 4), torch.randn(3, 2, 6)
    actions = act(shape, candidates, codes, memory)
    assert actions.shape == (3, 2, 3)
    assert actions[..., 0].min() < 0 and actions[..., 1:].min() >= 0 and actions.max() <= 1
    alone = act(shape, candidates[1:2], codes[1:2], memory[1:2])
    torch.testing.assert_close(alone[0], actions[1])


def test_a_controller_of_zeros_half_accelerates_and_half_brakes() -> None:
    shape = ControllerShape()
    action = act(shape, torch.zeros(1, shape.parameters), torch.ones(1, 1, 32), torch.ones(1, 1, 256))
    assert action.flatten().tolist() == [0.0, 0.5, 0.5]


def test_dreams_of_many_candidates_are_those_of_each() -> None:
    torch.manual_seed(6)
    memory, shape = Memory(latent_size=4, units=6, mixtures=2), ControllerShape(latent_size=4, units=6)
    beginnings = Beginnings(torch.randn(3, 4), torch.full((3, 4), -math.inf))
    candidates = 3 * torch.randn(5, shape.parameters)
    asked = {"episodes": 4, "steps": 12, "temperature": 0.0}  # nothing is left to chance but the beginning
    scores = dreamt_scores(memory, beginnings, shape, candidates, **asked, generator=torch.Generator().manual_seed(7))
    assert scores.shape == (5, 4)
    assert scores.min() >= 0 and scores.max() <= 12
    alone = dreamt_scores(
        memory, beginnings, shape, candidates[2:3], **asked, generator=torch.Generator().manual_seed(7)
    )
    torch.testing.assert_close(alone[0], scores[2])
    assert len(set(scores.flatten().tolist())) > 1  # what is done changes what is dreamt
