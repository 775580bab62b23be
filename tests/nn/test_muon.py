"""Muon: steps of a known size, of matrices in which no direction is left behind."""

import copy

import pytest
import torch
from torch import nn

from gendesk.nn.muon import Muon, orthogonalized


@pytest.mark.parametrize("shape", [(8, 8), (4, 16), (16, 4)])
def test_singular_values_come_near_one_and_directions_stay(shape: tuple[int, int]) -> None:
    torch.manual_seed(1)
    matrices = torch.randn(3, *shape)
    before, values, after = torch.linalg.svd(matrices, full_matrices=False)
    assert (values.max(1).values > 1.5 * values.min(1).values).all()
    result = orthogonalized(matrices)
    inside = torch.linalg.svdvals(result)
    assert inside.min() > 0.72
    assert inside.max() < 1.28
    turned = before.mT @ result @ after.mT  # diagonal where the directions are still the same
    off = turned - torch.diag_embed(turned.diagonal(dim1=1, dim2=2))
    assert off.abs().max() < 0.02


@pytest.mark.parametrize("shape", [(6, 6), (3, 9), (5, 2, 3)])
def test_the_first_step_is_as_long_as_one_of_adamw_whatever_the_gradient(shape: tuple[int, ...]) -> None:
    torch.manual_seed(1)
    weight = nn.Parameter(torch.zeros(shape))
    weight.grad = torch.randn(shape) * 1_000
    Muon([weight], lr=0.01).step()
    assert weight.square().mean().sqrt().item() == pytest.approx(0.01 * 0.2, rel=0.2)
    assert (weight * weight.grad).sum() < 0


def test_matrices_decay_towards_zero() -> None:
    weight = nn.Parameter(torch.ones(4, 4))
    weight.grad = torch.zeros(4, 4)
    Muon([weight], lr=0.1, weight_decay=0.5).step()
    assert torch.allclose(weight, torch.full((4, 4), 0.95))


def test_it_finds_a_matrix_that_gradients_alone_find_slowly() -> None:
    """Inputs of very different size: plain gradients would need thousands of steps for the small ones."""
    torch.manual_seed(1)
    inputs = torch.randn(256, 8) * torch.logspace(0, -1, 8)
    wanted = torch.randn(8, 8)
    layer = nn.Linear(8, 8, bias=False)
    apart = (layer.weight - wanted).norm().item()
    optimizer = Muon(layer.parameters(), lr=0.1)
    for step in range(300):
        optimizer.param_groups[0]["lr"] = 0.1 * (1 - step / 300)
        optimizer.zero_grad()
        (layer(inputs) - inputs @ wanted.T).square().mean().backward()
        optimizer.step()
    assert (layer.weight - wanted).norm().item() < 0.2 * apart


def test_a_saved_one_goes_on_exactly() -> None:
    torch.manual_seed(1)
    inputs = torch.randn(16, 6)

    def train(layer: nn.Linear, optimizer: Muon) -> None:
        optimizer.zero_grad()
        layer(inputs).square().mean().backward()
        optimizer.step()

    first = nn.Linear(6, 4, bias=False)
    going = Muon(first.parameters(), lr=0.01)
    for _ in range(3):
        train(first, going)
    second = copy.deepcopy(first)
    loaded = Muon(second.parameters(), lr=0.5)
    loaded.load_state_dict(copy.deepcopy(going.state_dict()))
    for layer, optimizer in ((first, going), (second, loaded)):
        train(layer, optimizer)
    assert torch.equal(first.weight, second.weight)


def test_a_closure_is_refused() -> None:
    with pytest.raises(ValueError, match="no closure"):
        Muon([nn.Parameter(torch.zeros(2, 2))], lr=0.1).step(lambda: 0.0)
