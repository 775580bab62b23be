"""Layers, initialisers and optimisers that behave as Keras' do."""

import math

import pytest
import torch
from torch import nn
from torch.nn import functional

from gendesk.nn import keras


@pytest.mark.parametrize("kernel", range(1, 8))
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
def test_same_convolution_equals_an_explicit_pad(kernel: int, stride: int) -> None:
    """TensorFlow's rule: pad to (ceil(size / stride) - 1) * stride + kernel, the odd zero at the bottom and right."""
    layer = keras.SameConv2d(2, 3, kernel, stride)
    images = torch.randn(2, 2, 13, 10)
    made = layer(images)
    sizes = images.shape[-2:]
    assert made.shape == (2, 3, *(math.ceil(size / stride) for size in sizes))
    missing = [max(0, (math.ceil(size / stride) - 1) * stride + kernel - size) for size in sizes]
    (top, left), (bottom, right) = ([half(total) for total in missing] for half in (_smaller, _larger))
    padded = functional.pad(images, (left, right, top, bottom))
    expected = functional.conv2d(padded, layer.weight, layer.bias, stride)
    torch.testing.assert_close(made, expected)


def _smaller(total: int) -> int:
    return total // 2


def _larger(total: int) -> int:
    return total - total // 2


@pytest.mark.parametrize(("kernel", "stride"), [(1, 1), (3, 1), (3, 2), (5, 2), (3, 3), (5, 4), (7, 4)])
def test_transposed_convolution_multiplies_the_size(kernel: int, stride: int) -> None:
    made = keras.SameConvTranspose2d(2, 3, kernel, stride)(torch.zeros(1, 2, 5, 7))
    assert made.shape == (1, 3, 5 * stride, 7 * stride)


@pytest.mark.parametrize(("kernel", "stride"), [(3, 1), (3, 2), (1, 2), (5, 2), (5, 3), (7, 2), (7, 4), (9, 2)])
def test_upsampled_convolution_repeats_pixels_and_then_convolves(kernel: int, stride: int) -> None:
    layer = keras.UpsampledConv2d(2, 3, kernel, stride)
    maps = torch.randn(1, 2, 5, 7)
    repeated = maps.repeat_interleave(stride, 2).repeat_interleave(stride, 3)
    expected = functional.conv2d(repeated, layer.weight, layer.bias, padding=kernel // 2)
    torch.testing.assert_close(layer(maps), expected)


def test_initialised_kernels_lie_within_glorots_bounds_and_fill_them() -> None:
    module = keras.initialized(
        nn.Sequential(nn.Conv2d(8, 16, 3), nn.ConvTranspose2d(16, 8, 3), nn.Linear(200, 100), nn.BatchNorm2d(8))
    )
    fans = [(8 * 9, 16 * 9), (8 * 9, 16 * 9), (200, 100)]
    for layer, (fan_in, fan_out) in zip(module, fans, strict=False):
        limit = math.sqrt(6 / (fan_in + fan_out))
        assert limit * 0.95 < layer.weight.abs().max() <= limit
        assert layer.weight.std().item() == pytest.approx(limit / math.sqrt(3), rel=0.1)
        assert not layer.bias.any()
    assert (module[3].weight == 1).all()


def test_layers_without_a_bias_are_initialised_too() -> None:
    assert keras.initialized(nn.Conv2d(1, 1, 3, bias=False)).bias is None


def test_batch_norm_moves_and_divides_as_in_keras() -> None:
    layer = keras.batch_norm(1)
    values = torch.tensor([1.0, 3.0]).reshape(2, 1, 1, 1)
    made = layer(values)
    torch.testing.assert_close(made.flatten(), torch.tensor([-1.0, 1.0]) / math.sqrt(1 + 1e-3))
    torch.testing.assert_close(layer.running_mean, torch.tensor([0.99 * 0 + 0.01 * 2.0]))


def test_leaky_relu_has_keras_slope() -> None:
    torch.testing.assert_close(keras.leaky_relu()(torch.tensor([-1.0, 2.0])), torch.tensor([-0.3, 2.0]))


def test_adam_has_keras_epsilon() -> None:
    """With a gradient of Keras' epsilon, a step is half as long as with a large one."""
    parameter = nn.Parameter(torch.zeros(2))
    optimizer = keras.adam([parameter], 0.1)
    parameter.grad = torch.tensor([1e-7, 1.0])
    optimizer.step()
    torch.testing.assert_close(parameter.detach(), torch.tensor([-0.05, -0.1]), rtol=1e-4, atol=0)


def test_parameters_are_counted_as_in_keras() -> None:
    """Batch normalisation counts scale, offset and both running statistics, but no counter of batches."""
    assert keras.parameter_count(nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4))) == 4 * 9 + 4 + 4 * 4
