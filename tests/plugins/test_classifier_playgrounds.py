"""The arithmetic behind the playgrounds of the classifier family, held against torch and the book's numbers."""

import math
import time

import numpy as np
import pytest
import torch
from gendesk.plugins.classifier.activating import (
    FUNCTIONS,
    Unit,
    activated,
    batch_of_inputs,
    derivative,
    softmax,
)
from gendesk.plugins.classifier.config import CnnConfig, MlpConfig
from gendesk.plugins.classifier.convolving import (
    PRESETS,
    Convolution,
    output_size,
    padding_of,
    preset_kernel,
    preset_of,
    rectified,
    resized_kernel,
)
from gendesk.plugins.classifier.layer_reading import layers_of
from gendesk.plugins.classifier.models import build_cnn, build_mlp
from gendesk.plugins.classifier.quiz import LEVELS, Score, parsed_count, question
from gendesk.plugins.classifier.shapes import (
    EXAMPLES,
    Layer,
    output_formula,
    parameter_formula,
    parsed_shape,
    shape_text,
    summarised,
)
from gendesk.plugins.classifier.still_life import grey, still_life
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from gendesk.data.dataset import ImageInfo
from gendesk.errors import InputError
from gendesk.nn import keras

TEN = tuple("0123456789")
CIFAR = ImageInfo(
    name="x", title="x", fingerprint="", train_count=1, test_count=1, height=32, width=32, channels=3, classes=TEN
)


def by_torch(picture: np.ndarray, kernel: np.ndarray, stride: int, padding: str) -> np.ndarray:
    values = torch.from_numpy(picture.astype(np.float64) / 255).permute(2, 0, 1)[None]
    if padding == "same":
        (top, bottom), (left, right) = (padding_of(size, len(kernel), stride, "same") for size in picture.shape[:2])
        values = functional.pad(values, (left, right, top, bottom))
    weight = torch.from_numpy(kernel).expand(1, picture.shape[2], -1, -1)
    return functional.conv2d(values, weight, stride=stride)[0, 0].numpy()


# Convolution


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("stride", [1, 2, 3, 4])
@pytest.mark.parametrize("side", [3, 5, 7])
def test_a_feature_map_is_that_of_torch(side: int, stride: int, padding: str, channels: int) -> None:
    rng = np.random.default_rng(side)
    picture = rng.integers(0, 256, (23, 20, channels), dtype=np.uint8)
    kernel = rng.normal(size=(side, side))
    convolution = Convolution(picture, kernel, stride, padding)
    expected = by_torch(picture, kernel, stride, padding)
    np.testing.assert_allclose(convolution.output, expected, atol=1e-10)
    sizes = tuple(output_size(size, side, stride, padding) for size in (23, 20))
    assert convolution.output.shape == sizes == expected.shape
    if padding == "same":
        assert sizes == (math.ceil(23 / stride), math.ceil(20 / stride))


def test_same_padding_is_that_of_the_networks() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (10, 10, 1), dtype=np.uint8)
    kernel = np.random.default_rng(1).normal(size=(3, 3))
    layer = keras.SameConv2d(1, 1, 3, 2)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(kernel)[None, None])
        layer.bias.zero_()
        made = layer(torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 255)[0, 0].numpy()
    assert padding_of(10, 3, 2, "same") == (0, 1)  # the odd zero goes to the bottom and right
    np.testing.assert_allclose(Convolution(picture, kernel, 2, "same").output, made, atol=1e-5)


def test_every_step_adds_up_to_its_pixel() -> None:
    picture = still_life(colour=True)
    convolution = Convolution(picture, preset_kernel("emboss", 5, np.random.default_rng(0)), 2, "same")
    for row, column in ((0, 0), (31, 31), (7, 20)):
        step = convolution.step(row, column)
        assert step.patch.shape == step.products.shape == (3, 5, 5)
        assert step.total == pytest.approx(convolution.output[row, column])
    step = convolution.step(7, 20)
    inside = picture[step.top : step.top + 5, step.left : step.left + 5].transpose(2, 0, 1) / 255
    np.testing.assert_allclose(step.patch, inside)


def test_the_book_s_two_filters() -> None:
    rng = np.random.default_rng(0)
    assert preset_kernel("horizontal", 3, rng).tolist() == [[1, 1, 1], [0, 0, 0], [-1, -1, -1]]
    assert preset_kernel("vertical", 3, rng).tolist() == [[-1, 0, 1]] * 3
    picture = still_life()
    assert picture.shape == (64, 64, 1)
    assert Convolution(picture, preset_kernel("vertical", 3, rng), 1, "same").output.shape == (64, 64)
    assert Convolution(picture, preset_kernel("vertical", 3, rng), 2, "same").output.shape == (32, 32)
    assert Convolution(picture[:5, :5], preset_kernel("blur", 3, rng), 1, "valid").output.shape == (3, 3)


@pytest.mark.parametrize("side", [3, 5, 7])
def test_presets_do_what_they_are_called(side: int) -> None:
    rng, picture = np.random.default_rng(3), still_life()
    made = {name: Convolution(picture, preset_kernel(name, side, rng), 1, "same").output for name in PRESETS}
    np.testing.assert_allclose(made["identity"], picture[..., 0] / 255, atol=1e-12)
    inner = (slice(4, -4), slice(4, -4))
    assert made["blur"][inner].std() < made["identity"][inner].std() < made["sharpen"][inner].std()
    even = Convolution(np.full((16, 16, 1), 200, np.uint8), preset_kernel("laplace", side, rng), 1, "valid").output
    np.testing.assert_allclose(even, 0, atol=1e-12)
    assert rectified(made["vertical"]).min() == 0
    for name in set(PRESETS) - {"random"}:
        assert preset_of(preset_kernel(name, side, rng)) == name
    assert preset_of(preset_kernel("random", side, rng)) == ""
    same = (preset_kernel("random", side, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(*same)


def test_a_kernel_keeps_its_middle_when_it_grows_and_shrinks() -> None:
    kernel = np.arange(9.0).reshape(3, 3)
    grown = resized_kernel(kernel, 7)
    assert grown.sum() == kernel.sum() and grown[3, 3] == kernel[1, 1]
    np.testing.assert_array_equal(resized_kernel(grown, 3), kernel)


def test_a_kernel_that_does_not_fit_is_told_in_a_sentence() -> None:
    with pytest.raises(InputError, match="7x7 does not fit into a picture of 6x5"):
        Convolution(np.zeros((5, 6, 1), np.uint8), np.ones((7, 7)), 1, "valid")


def test_a_convolution_takes_less_than_five_milliseconds() -> None:
    picture, kernel = still_life(colour=True), np.random.default_rng(0).normal(size=(7, 7))
    times = []
    for _ in range(9):
        start = time.perf_counter()
        Convolution(picture, kernel, 1, "same")
        times.append(time.perf_counter() - start)
    assert min(times) < 0.005


def test_grey_is_the_luminance_of_the_colours() -> None:
    np.testing.assert_array_equal(still_life(), grey(still_life(colour=True)))
    assert still_life().std() > 30


# Shapes and parameters


def test_the_book_s_examples() -> None:
    small = summarised(*EXAMPLES["two-convolutions"])
    assert [result.parameters for result in small.results] == [490, 1820, 0, 12_810]
    assert [result.outputs for result in small.results] == [(16, 16, 10), (8, 8, 20), (1280,), (10,)]
    assert small.parameters == 15_120 and small.heavy == 3
    mlp, cnn = summarised(*EXAMPLES["mlp"]), summarised(*EXAMPLES["cnn"])
    assert mlp.parameters == 646_260
    assert (cnn.parameters, cnn.trainable, cnn.fixed) == (592_554, 591_914, 640)
    counts = [result.parameters for result in cnn.results if result.parameters]
    assert counts == [896, 128, 9248, 128, 18_496, 256, 36_928, 256, 524_416, 512, 1290]
    assert cnn.share(cnn.heavy) == pytest.approx(0.885, abs=0.001)


LAYERS = st.builds(
    Layer,
    kind=st.sampled_from(["conv", "pool", "batch-norm", "activation", "dropout"]),
    size=st.integers(1, 8),
    kernel=st.integers(1, 5),
    stride=st.integers(1, 3),
    padding=st.sampled_from(["same", "valid"]),
)


def as_torch(layer: Layer, channels: int) -> nn.Module:
    match layer.kind:
        case "conv" if layer.padding == "same":
            return keras.SameConv2d(channels, layer.size, layer.kernel, layer.stride)
        case "conv":
            return nn.Conv2d(channels, layer.size, layer.kernel, layer.stride)
        case "pool":
            zeros = layer.kernel if layer.padding == "same" else 0
            pool = nn.MaxPool2d(layer.kernel, layer.stride)
            return nn.Sequential(_Padded(layer), pool) if zeros else pool
        case "batch-norm":
            return nn.BatchNorm2d(channels)
    return nn.ReLU()


class _Padded(nn.Module):
    def __init__(self, layer: Layer) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        zeros = [padding_of(size, self.layer.kernel, self.layer.stride, "same") for size in values.shape[2:]]
        return functional.pad(values, (*zeros[1], *zeros[0]))


@given(stack=st.lists(LAYERS, min_size=1, max_size=4), side=st.integers(6, 20), units=st.integers(1, 9))
def test_any_stack_has_the_shapes_and_parameters_of_torch(stack: list[Layer], side: int, units: int) -> None:
    layers = (*stack, Layer("flatten"), Layer("dense", units))
    summary = summarised((side, side, 2), layers)
    if summary.problem:
        return
    values, modules = torch.zeros(1, 2, side, side), nn.Sequential()
    for layer, result in zip(stack, summary.results, strict=False):
        modules.append(as_torch(layer, values.shape[1]).eval())
        values = modules[-1](values)
        assert (values.shape[2], values.shape[3], values.shape[1]) == result.outputs
    modules.append(nn.Linear(values.numel(), units))
    assert summary.parameters == keras.parameter_count(modules)
    assert summary.trainable == sum(weights.numel() for weights in modules.parameters())
    assert summary.results[-1].outputs == (units,)


@pytest.mark.parametrize(
    ("inputs", "layer", "words"),
    [
        ((100,), Layer("conv"), "Layer 1: a convolution slides over a picture, but 100 is a row"),
        ((8, 8, 3), Layer("dense"), "put Flatten before it"),
        ((4, 4, 3), Layer("conv", kernel=5, padding="valid"), "does not fit into"),
    ],
)
def test_layers_that_do_not_fit_are_told_in_words(inputs: tuple[int, ...], layer: Layer, words: str) -> None:
    summary = summarised(inputs, (layer, Layer("flatten")))
    assert words in summary.problem and not summary.results[1].outputs


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("32x32x3", (32, 32, 3)),
        (" 32 \N{MULTIPLICATION SIGN} 32 \N{MULTIPLICATION SIGN} 3", (32, 32, 3)),
        ("(None, 16, 16, 10)", (16, 16, 10)),
        ("1,280", (1280,)),
        ("1280", (1280,)),
        ("[8 8 20]", (8, 8, 20)),
    ],
)
def test_shapes_are_read_as_people_type_them(text: str, shape: tuple[int, ...]) -> None:
    assert parsed_shape(text) == shape
    assert parsed_shape(shape_text(shape)) == shape


@given(st.text(max_size=50))
def test_whatever_is_typed_is_a_shape_or_a_sentence(text: str) -> None:
    for parse in (parsed_shape, parsed_count):
        try:
            parse(text)
        except InputError as error:
            assert str(error).endswith(".")


@pytest.mark.parametrize("text", ["", "32x32", "0x1x1", "1x2x3x4", "-3", "1e9", "99999999999", "70000x1x1", "a"])
def test_what_is_no_shape_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="Write a shape"):
        parsed_shape(text)


def test_the_layers_of_the_book_s_networks_can_be_read_from_their_models() -> None:
    mlp = layers_of(build_mlp(MlpConfig(), CIFAR))
    cnn = layers_of(build_cnn(CnnConfig(), CIFAR))
    assert summarised(*mlp).parameters == 646_260
    assert cnn == EXAMPLES["cnn"] or summarised(*cnn).parameters == 592_554
    # Each kernel once for every pixel of its maps, each dense weight once, batch norm once for every value.
    assert summarised(*cnn).multiply_adds == 10_909_056
    pooled = layers_of(build_cnn(CnnConfig(pooling="average", dense=()), CIFAR))
    assert summarised(*pooled).results[-1].outputs == (10,)
    with pytest.raises(InputError, match="cannot be put into the table"):
        layers_of(nn.Linear(1, 1))


def test_formulas_have_the_numbers_put_in() -> None:
    layers = EXAMPLES["two-convolutions"][1]
    results = summarised(*EXAMPLES["two-convolutions"]).results
    assert parameter_formula(layers[0], results[0]) == "(4 · 4 · 3 + 1) · 10 = 490"
    assert "32 / 2" in output_formula(layers[0], results[0]) and "16" in output_formula(layers[0], results[0])
    assert output_formula(layers[2], results[2]) == "8 · 8 · 20 = 1,280"
    assert parameter_formula(layers[3], results[3]) == "(1,280 + 1) · 10 = 12,810"


# The quiz


@pytest.mark.parametrize("level", LEVELS)
def test_every_question_has_an_answer_and_a_way_to_it(level: int) -> None:
    kinds = set()
    for number in range(150):
        asked = question(level, 4, number)
        assert not asked.summary.problem
        kinds.update(layer.kind for layer in asked.layers)
        outputs, counts = zip(*asked.solution(), strict=True)
        assert outputs[-1].endswith(shape_text(asked.shape)) and len(counts) == len(asked.layers)
        totals = [int(count.split("= ")[-1].replace(",", "")) for count in counts]
        assert sum(totals) == asked.parameters
        assert parsed_shape(shape_text(asked.shape)) == asked.shape
    assert len(kinds) >= 2
    assert question(level, 4, 17) == question(level, 4, 17)
    assert [question(level, 4, n) for n in range(9)] != [question(level, 5, n) for n in range(9)]


def test_harder_levels_ask_more() -> None:
    assert all(len(question(1, 0, n).layers) == 1 and question(1, 0, n).layers[0].stride == 1 for n in range(40))
    assert any(question(2, 0, n).layers[0].stride > 1 for n in range(40))
    assert all(len(question(3, 0, n).layers) >= 2 for n in range(40))


def test_a_score_counts_streaks() -> None:
    score = Score()
    for right in (True, True, False, True):
        score = score.marked(right)
    assert (score.right, score.asked, score.streak, score.best) == (3, 4, 1, 2)
    assert parsed_count(" 1 820") == parsed_count("1,820") == 1820


# Activation functions

TORCH = {
    "relu": functional.relu,
    "leaky-relu": lambda x: functional.leaky_relu(x, 0.3),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "gelu": functional.gelu,
    "silu": functional.silu,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_and_slopes_are_those_of_torch(name: str) -> None:
    x = torch.linspace(-8, 8, 401, dtype=torch.float64, requires_grad=True)
    y = TORCH[name](x)
    y.sum().backward()
    places = x.detach().numpy()
    np.testing.assert_allclose(activated(name, places), y.detach().numpy(), atol=1e-9)
    np.testing.assert_allclose(derivative(name, places), x.grad.numpy(), atol=1e-9)


def test_nothing_overflows_far_from_zero() -> None:
    far = np.array([-1e4, 1e4])
    assert all(
        np.isfinite(activated(name, far)).all() and np.isfinite(derivative(name, far)).all() for name in FUNCTIONS
    )


def test_softmax_is_that_of_torch_and_sums_to_one() -> None:
    logits = np.array([2.0, -1.0, 900.0, 3.0])
    for temperature in (0.1, 1.0, 5.0):
        expected = torch.softmax(torch.from_numpy(logits) / temperature, 0).numpy()
        np.testing.assert_allclose(softmax(logits, temperature), expected, atol=1e-12)
        assert softmax(logits, temperature).sum() == pytest.approx(1)


def test_a_dead_unit_stays_dead_and_a_leaky_one_comes_back() -> None:
    x = batch_of_inputs(seed=7)
    targets = np.maximum(x, 0)
    dead = Unit(1.0, -4.0)
    assert not dead.gradients(x).any() and dead.trained(x, targets, 100) == dead
    leaky = Unit(1.0, -4.0, "leaky-relu").trained(x, targets, 200)
    assert leaky.bias > -0.5 and np.mean((leaky.outputs(x) - targets) ** 2) < 0.05


def test_a_unit_learns_as_torch_does() -> None:
    x = batch_of_inputs(seed=1)
    targets = np.maximum(x, 0)
    weight, bias = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (0.4, 0.2))
    optimiser = torch.optim.SGD([weight, bias], lr=0.1)
    for _ in range(5):
        optimiser.zero_grad()
        made = functional.leaky_relu(weight * torch.from_numpy(x) + bias, 0.3)
        functional.mse_loss(made, torch.from_numpy(targets)).backward()
        optimiser.step()
    mine = Unit(0.4, 0.2, "leaky-relu").trained(x, targets, 5)
    assert (mine.weight, mine.bias) == pytest.approx((weight.item(), bias.item()))
