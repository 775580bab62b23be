"""An optimiser that was saved and loaded goes on as if nothing had happened."""

import copy

import torch
from torch import nn

from gendesk.nn import keras
from gendesk.nn.optimizers import load_optimizer


def _train(layer: nn.Module, optimizer: torch.optim.Optimizer, images: torch.Tensor) -> None:
    optimizer.zero_grad()
    layer(images).square().mean().backward()
    optimizer.step()


def test_channels_last_weights_continue_exactly() -> None:
    """A checkpoint keeps row-major moments; beside channels-last weights a fused step would mix their elements up."""
    torch.manual_seed(3)
    images = torch.randn(4, 3, 6, 6).to(memory_format=torch.channels_last)
    layer = nn.Conv2d(3, 5, 3).to(memory_format=torch.channels_last)
    optimizer = keras.adam(layer.parameters(), 0.01)
    for _ in range(3):
        _train(layer, optimizer, images)

    saved = copy.deepcopy(optimizer.state_dict())
    for values in saved["state"].values():
        for name, value in values.items():
            values[name] = value.contiguous()
    other = nn.Conv2d(3, 5, 3).to(memory_format=torch.channels_last)
    other.load_state_dict({name: value.contiguous() for name, value in layer.state_dict().items()})
    loaded = keras.adam(other.parameters(), 0.01)
    load_optimizer(loaded, saved)

    moments = loaded.state[other.weight]["exp_avg"]
    assert moments.stride() == other.weight.stride() != moments.contiguous().stride()
    for _ in range(3):
        _train(layer, optimizer, images)
        _train(other, loaded, images)
    assert torch.equal(layer.weight, other.weight)
    assert torch.equal(layer.bias, other.bias)


def test_a_fresh_optimiser_can_be_loaded() -> None:
    layer = nn.Linear(2, 2)
    optimizer = keras.adam(layer.parameters(), 0.01)
    load_optimizer(optimizer, optimizer.state_dict())
    assert not optimizer.state
