"""What the classifier's studios ask of a live network, held against torch's own layers and functions."""

import copy

import numpy as np
import pytest
import torch
from gendesk.plugins.classifier.config import CnnConfig, MlpConfig
from gendesk.plugins.classifier.explaining import (
    DropoutQuestion,
    OcclusionQuestion,
    drop,
    look_inside,
    occlusion,
    probabilities,
)
from gendesk.plugins.classifier.normalising import FOLLOWED, NormQuestion, normalise
from gendesk.plugins.classifier.recipes import CnnRecipe, MlpRecipe
from torch.nn import functional

from gendesk.data.dataset import ImageInfo
from gendesk.engine.batches import to_tensor
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

INFO = ImageInfo(
    name="small",
    title="Small",
    fingerprint="1",
    train_count=40,
    test_count=10,
    height=12,
    width=12,
    channels=3,
    classes=("a", "b", "c"),
)
LAYERS = ({"filters": 4, "kernel": 3, "stride": 1}, {"filters": 6, "kernel": 3, "stride": 2})


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(3).integers(0, 256, (8, 12, 12, 3), np.uint8)


@pytest.fixture(scope="module")
def cnn(pictures):
    """A small convolutional network whose running statistics, gamma and beta are not those of a fresh one."""
    config = CnnConfig(convolutions=LAYERS, dense=({"units": 16},), conv_dropout=0.1)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = CnnRecipe.build(config, INFO)
        for layer in model.trunk.children():
            if isinstance(layer, torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
                torch.nn.init.normal_(layer.weight, 1.0, 0.2)
                torch.nn.init.normal_(layer.bias, 0.0, 0.2)
        model.train()
        for _ in range(5):
            model.classify(to_tensor(pictures))
    return model.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def mlp():
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = MlpRecipe.build(MlpConfig(dense=({"units": 10},)), INFO)
    return model.eval().requires_grad_(False)


def question(pictures, **changes) -> NormQuestion:
    values = {"layer": "norm2", "channel": 3, "training": True, "batch_size": 5, "momentum": 0.99, "seed": 7}
    return NormQuestion(pictures, **(values | changes))


def test_a_picture_of_another_size_and_another_model_are_refused(cnn, pictures):
    with pytest.raises(InputError):
        drop(cnn, DropoutQuestion(pictures[0, :6], 0.5, 2, 0))
    with pytest.raises(InputError):
        look_inside(Model(), pictures[0])


def test_a_covered_pixel_loses_what_the_squares_over_it_cost(cnn, pictures):
    falls = occlusion(cnn, OcclusionQuestion(pictures[0], 4))
    assert falls.shape == (3, 12, 12)
    assert np.abs(falls.sum(0)).max() < 1e-5  # what one class loses, others gain
    corner = pictures[0].copy()
    corner[:4, :4] = 128
    expected = probabilities(cnn, pictures[0]) - probabilities(cnn, corner)
    np.testing.assert_allclose(falls[:, 0, 0], expected, atol=1e-6)  # one square alone reaches the corner


def test_a_square_larger_than_the_picture_covers_all_of_it(cnn, pictures):
    falls = occlusion(cnn, OcclusionQuestion(pictures[0], 50))
    grey = probabilities(cnn, np.full_like(pictures[0], 128))
    np.testing.assert_allclose(falls[:, 5, 5], probabilities(cnn, pictures[0]) - grey, atol=1e-6)


def test_inside_shows_every_layer_and_which_maps_the_first_filters_make(cnn, mlp, pictures):
    inside = look_inside(cnn, pictures[0])
    assert [layer.name for layer in inside.layers] == [*dict(cnn.trunk.named_children()), "head"]
    assert [layer.name for layer in inside.layers if layer.filtered] == ["conv1", "norm1", "activation1", "dropout1"]
    assert inside.filters.shape == (4, 3, 3, 3)
    made = cnn.trunk.conv1(to_tensor(pictures[:1]))[0]
    np.testing.assert_allclose(inside.layers[0].values, made.numpy(), atol=1e-6)
    assert look_inside(mlp, pictures[0]).filters is None


def test_dropout_keeps_and_scales_as_torch_does(cnn, pictures):
    rate = 0.4
    dropped = drop(cnn, DropoutQuestion(pictures[0], rate, 50, 5))
    assert [layer.name for layer in dropped.layers] == ["dropout1", "dropout2", "dropout3"]
    assert not dropped.added
    np.testing.assert_allclose(dropped.plain, probabilities(cnn, pictures[0]), atol=1e-6)
    last = dropped.layers[-1]
    scaled = functional.dropout(torch.from_numpy(last.values), rate)
    factor = (scaled[scaled != 0] / torch.from_numpy(last.values)[scaled != 0]).mean()
    assert factor == pytest.approx(1 / (1 - rate), rel=1e-4)
    assert last.kept.mean() == pytest.approx(1 - rate, abs=0.06)
    assert {mask.tobytes() for mask in last.kept} != {last.kept[0].tobytes()}


def test_one_dropout_alone_can_be_done_by_hand(mlp, pictures):
    """Without dropout of its own, a network gets it before the last layer, and what follows is that layer."""
    dropped = drop(mlp, DropoutQuestion(pictures[0], 0.5, 6, 2))
    (layer,) = dropped.layers
    assert dropped.added
    scaled = torch.from_numpy(layer.values * layer.kept * 2).float()
    np.testing.assert_allclose(dropped.passes, mlp.head(scaled).softmax(1).numpy(), atol=1e-6)
    np.testing.assert_allclose(layer.sums, scaled.sum(1).numpy(), rtol=1e-5)


def test_the_same_seed_drops_the_same_units_and_a_rate_of_zero_none(cnn, pictures):
    first, second, third = (drop(cnn, DropoutQuestion(pictures[0], 0.5, 4, seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.passes, second.passes)
    assert not np.array_equal(first.passes, third.passes)
    none = drop(cnn, DropoutQuestion(pictures[0], 0.0, 4, 1))
    np.testing.assert_allclose(none.passes, np.tile(none.plain, (4, 1)), atol=1e-6)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("layer", ["norm2", "norm3"])
def test_batch_norm_by_hand_equals_the_module_in_both_modes(cnn, pictures, training, layer):
    made = normalise(cnn, question(pictures, layer=layer, training=training))
    batch = to_tensor(pictures[made.chosen])
    for name, step in cnn.trunk.named_children():
        if name == layer:
            break
        batch = step(batch)
    module = copy.deepcopy(step).train(training)
    np.testing.assert_allclose(made.before, batch[:, 3].ravel().numpy(), atol=1e-6)
    np.testing.assert_allclose(made.after, module(batch)[:, 3].ravel().numpy(), atol=1e-4)
    assert made.running.mean == pytest.approx(float(step.running_mean[3]))
    assert made.running.deviation == pytest.approx(float(step.running_var[3]) ** 0.5)
    assert not made.added


def test_the_running_statistics_follow_as_torch_updates_them(cnn, pictures):
    """The first batch is the one that is shown; a fresh layer that sees it ends where the followed numbers begin."""
    made = normalise(cnn, question(pictures, layer="norm1", momentum=0.9))
    values = torch.from_numpy(made.before).reshape(5, 1, 12, 12)
    fresh = torch.nn.BatchNorm2d(1, momentum=0.1)
    fresh(values)
    assert made.followed_means[0] == pytest.approx(float(fresh.running_mean), rel=1e-4)
    assert made.followed_deviations[0] == pytest.approx(float(fresh.running_var) ** 0.5, rel=1e-4)
    assert len(made.means) == FOLLOWED


def test_small_batches_are_noisier(cnn, pictures):
    small, large = (normalise(cnn, question(pictures, batch_size=size)).means.std() for size in (2, 128))
    assert small > 4 * large


def test_a_network_without_batch_norm_gets_one_that_takes_out_all_of_mean_and_deviation(mlp, pictures):
    made = normalise(mlp, question(pictures, layer="norm2", channel=99, training=False, batch_size=64))
    assert made.added
    assert made.layers == (("dense1", 10),)
    assert (made.layer, made.channel, made.gamma, made.beta) == ("dense1", 9, 1.0, 0.0)
    assert abs(float(made.after.mean())) < 0.5


def test_no_question_changes_the_network(cnn, pictures):
    before = copy.deepcopy(cnn.state_dict())
    drop(cnn, DropoutQuestion(pictures[0], 0.5, 4, 1))
    normalise(cnn, question(pictures))
    occlusion(cnn, OcclusionQuestion(pictures[0], 6))
    look_inside(cnn, pictures[0])
    assert not cnn.training
    assert all(torch.equal(value, before[name]) for name, value in cnn.state_dict().items())
