"""A convolution as a product of matrices is the convolution, with its first and second derivatives."""

import pytest
import torch
from torch.nn import functional

from gendesk.nn import keras, windows


def _parts(height: int, width: int) -> tuple[torch.Tensor, ...]:
    generator = torch.Generator().manual_seed(1)
    shapes = (2, 3, height, width), (4, 3, 3, 3), (4,)
    return tuple(
        torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_(requires_grad=True)
        for shape in shapes
    )


@pytest.mark.parametrize(("height", "width", "stride"), [(3, 3, 1), (7, 5, 2), (8, 6, 2), (9, 9, 4)])
def test_product_equals_the_convolution(height: int, width: int, stride: int) -> None:
    """Also where the last rows and columns belong to no window."""
    pictures, weight, bias = _parts(height, width)
    made = windows.convolution(pictures, weight, bias, stride)
    expected = functional.conv2d(pictures, weight, bias, stride)
    torch.testing.assert_close(made, expected)
    share = torch.randn_like(expected)
    mine, theirs = (torch.autograd.grad((y * share).sum(), (pictures, weight, bias)) for y in (made, expected))
    torch.testing.assert_close(mine, theirs)


def test_second_derivatives_are_right() -> None:
    def product(*parts: torch.Tensor) -> torch.Tensor:
        return windows.convolution(parts[0], parts[1], parts[2], 2)

    assert torch.autograd.gradgradcheck(product, _parts(6, 5))


def test_layer_trains_on_the_product_as_on_the_convolution() -> None:
    """512 filters over 256 channels at 4x4 places are worth the product, which only training takes."""
    layer = keras.SameConv2d(256, 512, 5, 2)
    pictures = torch.randn(2, 256, 8, 8, generator=torch.Generator().manual_seed(1))
    assert windows.pays(layer.weight, 16)
    gradients = []
    for training in (True, False):
        made = layer.train(training)(pictures)
        layer.zero_grad()
        made.square().sum().backward()
        assert layer.weight.grad is not None
        gradients.append((made.detach(), layer.weight.grad.clone()))
    torch.testing.assert_close(*gradients, rtol=1e-3, atol=1e-3)


def test_many_places_or_few_weights_are_left_to_the_convolution() -> None:
    many, few = torch.zeros(512, 256, 5, 5, device="meta"), torch.zeros(64, 32, 5, 5)
    assert not windows.pays(many, 16)  # not computed on this machine's processor
    assert not windows.pays(few, 16)
    assert not windows.pays(torch.zeros(512, 256, 5, 5), 64)
