"""The classifiers are the book's, every setting has its effect, and pictures without classes can be learnt from."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gendesk.plugins.classifier import questions
from gendesk.plugins.classifier.augment import augmented
from gendesk.plugins.classifier.optimiser import share_of_rate
from gendesk.plugins.classifier.previews import Evaluation, previews_of
from gendesk.plugins.classifier.recipes import CnnRecipe, MlpRecipe
from gendesk.plugins.classifier.targets import find_target, turn_at_random, turned_in_order, with_labels
from torch import nn
from torch.nn import functional

from gendesk.config import checked
from gendesk.data.dataset import Attribute, ImageDataset, ImageInfo, ImageSplit
from gendesk.data.library import DataLibrary
from gendesk.engine.batches import ImageBatches, to_tensor
from gendesk.engine.capabilities import Classifies, ExtractsFeatures
from gendesk.engine.events import JobState
from gendesk.engine.preview import BarsPreview, HeatMapPreview, ImagePreview
from gendesk.engine.recipe import Context
from gendesk.errors import InputError
from gendesk.nn import keras
from tests.support.training import engine_in, small_pictures

RECIPES: dict[str, Any] = {"mlp": MlpRecipe, "cnn": CnnRecipe}
PLAIN = {
    "convolutions": [{"filters": 10, "kernel": 4, "stride": 2}, {"filters": 20, "kernel": 3, "stride": 2}],
    "dense": [],
    "activation": "none",
    "batch_norm": False,
    "dropout": 0.0,
}
SMALL = {
    "convolutions": [{"filters": 8, "kernel": 3, "stride": 1}, {"filters": 8, "kernel": 3, "stride": 2}],
    "dense": [{"units": 12}],
}
SIZE = ("disc", "square", "star")
both = pytest.mark.parametrize("name", RECIPES)


def info(height: int = 32, width: int = 32, channels: int = 3, **more: Any) -> ImageInfo:
    facts = {"name": "small", "title": "Small", "fingerprint": "", "train_count": 24, "test_count": 12}
    facts |= {"classes": tuple("0123456789")} | more
    return ImageInfo(height=height, width=width, channels=channels, **facts)


def pictures_like(shape: ImageInfo, count: int = 24) -> ImageDataset:
    """Return pictures whose brightness tells their class."""
    rng = np.random.default_rng(2)
    labels = np.arange(count + 12) % max(1, len(shape.classes))
    images = rng.integers(0, 60, (count + 12, shape.height, shape.width, shape.channels), dtype=np.uint8)
    images += (labels * 190 // max(1, len(shape.classes) - 1)).astype(np.uint8)[:, None, None, None]
    return ImageDataset(shape, ImageSplit(images[:count], labels[:count]), ImageSplit(images[count:], labels[count:]))


def recipe_for(name: str, data: ImageDataset, **values: Any) -> Any:
    recipe = RECIPES[name]
    torch.manual_seed(1)
    return recipe(checked(recipe.Config, values), data, Context(torch.device("cpu"), 1))


def build(name: str, shape: ImageInfo, **values: Any) -> Any:
    recipe = RECIPES[name]
    with torch.device("meta"):
        return recipe.build(checked(recipe.Config, values), shape)


def steps(recipe: Any, count: int) -> list[float]:
    return [float(recipe.step()["loss"]) for _ in range(count)]


# The architecture


@pytest.mark.parametrize(
    ("name", "values", "counts", "total"),
    [
        ("mlp", {}, [614_600, 30_150, 1_510], 646_260),
        ("cnn", {}, [896, 128, 9_248, 128, 18_496, 256, 36_928, 256, 524_416, 512, 1_290], 592_554),
        ("cnn", PLAIN, [490, 1_820, 12_810], 15_120),
    ],
)
def test_the_book_s_networks_have_the_printed_parameters(name: str, values: Any, counts: list[int], total: int) -> None:
    model = build(name, info(), **values)
    layers = [keras.parameter_count(layer) for layer in (*model.trunk, model.head)]
    assert [count for count in layers if count] == counts
    assert keras.parameter_count(model) == sum(counts) == total


def test_the_book_s_convolutions_make_the_printed_shapes() -> None:
    model = build("cnn", info()).eval()
    shapes = {name: tuple(made.shape[1:]) for name, made in model.layers(torch.empty(1, 3, 32, 32, device="meta"))}
    assert [shapes[f"conv{number}"] for number in range(1, 5)] == [
        (32, 32, 32),
        (32, 16, 16),
        (64, 16, 16),
        (64, 8, 8),
    ]
    assert [shapes[name] for name in ("flatten", "dense1", "head")] == [(4096,), (128,), (10,)]
    assert {layer.negative_slope for layer in model.modules() if isinstance(layer, nn.LeakyReLU)} == {0.3}
    assert {layer.eps for layer in model.modules() if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d)} == {1e-3}


def layer_names(**values: Any) -> list[str]:
    return [name for name, _ in build("cnn", info(8, 8), **SMALL | values).trunk.named_children()]


def test_ablations_leave_out_or_exchange_what_stands_behind_a_layer() -> None:
    block = ["norm1", "activation1", "dropout1"]
    assert layer_names(conv_dropout=0.1)[:4] == ["conv1", *block]
    assert layer_names(conv_dropout=0.1, order="activation-norm")[:4] == ["conv1", "activation1", "norm1", "dropout1"]
    assert layer_names(batch_norm=False)[:2] == ["conv1", "activation1"]
    assert layer_names(activation="none", batch_norm=False, dropout=0) == ["conv1", "conv2", "flatten", "dense1"]
    assert layer_names()[-4:] == ["dense1", "norm3", "activation3", "dropout3"]
    assert layer_names(pooling="average", dense=[], dropout=0)[-2:] == ["pool", "flatten"]
    assert layer_names(dense=[], dropout=0.5)[-2:] == ["flatten", "dropout3"]


@pytest.mark.parametrize(("activation", "kind"), [("relu", nn.ReLU), ("sigmoid", nn.Sigmoid)])
def test_the_activation_is_the_one_chosen(activation: str, kind: type[nn.Module]) -> None:
    model = build("mlp", info(8, 8), activation=activation)
    assert isinstance(model.trunk.activation1, kind)
    assert isinstance(model.trunk.activation2, kind)


def test_the_model_offers_classes_and_features() -> None:
    model = build("cnn", info(9, 7, 1), **SMALL)
    assert isinstance(model, Classifies)
    assert isinstance(model, ExtractsFeatures)
    images = torch.empty(4, 1, 9, 7, device="meta")
    assert model.features(images).shape == (4, model.feature_size) == (4, 12)
    assert model.classify(images).shape == (4, len(model.classes))


# What is learnt


def test_an_attribute_can_be_learnt_in_place_of_the_classes() -> None:
    kinds = (Attribute(name="size", title="Size"), Attribute(name="shape", title="Shape", values=SIZE))
    shape = info(8, 8, attributes=kinds)
    values = np.array([[0.5, 2], [0.1, 0], [0.2, np.nan]], dtype=np.float32)
    split = ImageSplit(np.zeros((3, 8, 8, 3), np.uint8), np.zeros(3, np.int64), values)
    target = find_target("shape", shape)
    assert target.classes == SIZE
    known = with_labels(split, target)
    assert known.labels.tolist() == [2, 0]
    assert len(known.images) == 2
    with pytest.raises(InputError, match=r"attribute size of small is a number, .*\.$"):
        find_target("size", shape)
    with pytest.raises(InputError, match=r"no attribute colour to learn; .* size, shape, rotation\.$"):
        build("mlp", shape, target="colour")


def test_data_without_classes_are_learnt_by_rotation() -> None:
    assert build("cnn", info(8, 8, classes=()), **SMALL).classes == ("0°", "90°", "180°", "270°")
    assert build("cnn", info(8, 8, classes=("cat",)), **SMALL).classes == ("0°", "90°", "180°", "270°")
    assert build("cnn", info(8, 6), target="rotation", **SMALL).classes == ("0°", "180°")


def test_turned_pictures_are_labelled_with_their_turns() -> None:
    target = find_target("rotation", info(8, 8))
    images = np.random.default_rng(1).integers(0, 256, (40, 8, 8, 3), dtype=np.uint8)
    turned, labels = turn_at_random(to_tensor(images), target, torch.Generator().manual_seed(1))
    assert set(labels.tolist()) == {0, 1, 2, 3}
    for before, after, label in zip(to_tensor(images), turned, labels.tolist(), strict=True):
        assert torch.equal(after, torch.rot90(before, label, (1, 2)))
    fixed, known = turned_in_order(images, target, first=2)
    assert known[:4].tolist() == [2, 3, 0, 1]
    for before, after, label in zip(to_tensor(images), to_tensor(fixed), known.tolist(), strict=True):
        assert torch.equal(after, torch.rot90(before, label, (1, 2)))


def test_rotation_trains_and_shows_itself() -> None:
    recipe = recipe_for("cnn", pictures_like(info(8, 8, classes=())), **SMALL)
    assert all(np.isfinite(steps(recipe, 3)))
    assert 0 <= float(recipe.validate()["accuracy"]) <= 1
    assert {preview.name for preview in recipe.previews()} >= {"predictions", "confusion"}


def test_pictures_without_a_label_are_left_out() -> None:
    data = pictures_like(info(8, 8))
    labels = data.train.labels.copy()
    labels[::2] = -1
    half = ImageDataset(data.info, ImageSplit(data.train.images, labels), data.test)
    recipe = recipe_for("mlp", half, batch_size=4)
    assert recipe.steps_per_epoch == 3
    nobody = ImageSplit(data.train.images, np.full(24, -1))
    with pytest.raises(InputError, match=r"No picture of small says what it shows"):
        recipe_for("mlp", ImageDataset(data.info, nobody, data.test))


# How it is learnt


def test_augmentation_mirrors_about_half_and_moves_within_an_eighth() -> None:
    images = torch.rand(200, 3, 16, 16)
    flipped = augmented(images, "flip", torch.Generator().manual_seed(1))
    same = [torch.equal(a, b) for a, b in zip(images, flipped, strict=True)]
    mirrored = [torch.equal(a.flip(2), b) for a, b in zip(images, flipped, strict=True)]
    assert all(a != b for a, b in zip(same, mirrored, strict=True))
    assert 70 < sum(same) < 130
    ramp = torch.arange(16.0).expand(200, 1, 16, 16)
    moved = augmented(ramp, "crop-and-flip", torch.Generator().manual_seed(1))
    middle = moved[:, 0, 8, 7]  # 7 as it was, 8 mirrored, each up to 2 pixels off
    assert {float(value) for value in middle.unique()} == {5.0, 6.0, 7.0, 8.0, 9.0, 10.0}
    again = augmented(ramp, "crop-and-flip", torch.Generator().manual_seed(1))
    assert torch.equal(moved, again)
    assert augmented(images, "none", torch.Generator()) is images


def test_the_one_cycle_rises_and_falls_and_stays_small() -> None:
    shares = [share_of_rate("one-cycle", progress) for progress in (0, 0.1, 0.2, 0.6, 1, 3)]
    assert shares == pytest.approx([0.001, 0.5005, 1, 0.5005, 0.001, 0.001])
    assert share_of_rate("constant", 0.7) == 1


def test_weight_decay_shrinks_kernels_and_nothing_else() -> None:
    data = pictures_like(info(8, 8))
    after = {}
    for decay in (0.0, 10.0):
        recipe = recipe_for("mlp", data, weight_decay=decay, learning_rate=0.001, optimizer="sgd")
        before = recipe.model().head.weight.detach().clone()
        recipe.step()
        after[decay] = recipe.model().head
    torch.testing.assert_close(after[0.0].weight - after[10.0].weight, 0.01 * before)
    torch.testing.assert_close(after[0.0].bias, after[10.0].bias)


def test_label_smoothing_and_optimiser_have_their_effect() -> None:
    data = pictures_like(info(8, 8))
    plain, smooth = (recipe_for("mlp", data, label_smoothing=value) for value in (0.0, 0.5))
    assert steps(plain, 1) != steps(smooth, 1)
    assert steps(recipe_for("mlp", data, optimizer="sgd"), 3)[2] != steps(recipe_for("mlp", data), 3)[2]


def test_a_last_batch_of_one_picture_can_be_learnt_with_batch_norm() -> None:
    recipe = recipe_for("cnn", pictures_like(info(8, 8), count=25), batch_size=24, **SMALL)
    assert all(np.isfinite(steps(recipe, 2)))


def test_everything_at_once_is_resumed_to_the_bit() -> None:
    data = pictures_like(info(8, 8))
    values = {
        "target": "rotation",
        "augmentation": "crop-and-flip",
        "optimizer": "sgd",
        "schedule": "one-cycle",
        "schedule_epochs": 3.0,
        "weight_decay": 0.1,
        "batch_size": 7,
        "conv_dropout": 0.2,
    } | SMALL
    whole, first, second = (recipe_for("cnn", data, **values) for _ in range(3))
    torch.manual_seed(4)
    expected = steps(whole, 10)
    torch.manual_seed(4)
    losses = steps(first, 5)
    second.model().load_state_dict(first.model().state_dict())
    second.load_state(first.state())
    second.context.generator.set_state(first.context.generator.get_state())
    assert losses + steps(second, 5) == expected


@both
def test_the_engine_trains_exactly_as_a_bare_loop(data_dir: Path, tmp_path: Path, name: str) -> None:
    pictures = str(small_pictures(tmp_path))
    values: dict[str, Any] = {"batch_size": 16} | (SMALL if name == "cnn" else {})
    with engine_in(data_dir) as engine:
        rhythm = {"steps": 10, "preview_every": 3, "validate_every": 4, "checkpoint_seconds": 0.0}
        job = engine.start(
            engine.config(name, "book", data=pictures, device="cpu", threads=1, seed=3, **rhythm, **values)
        )
        assert job.join(60)
        assert job.state is JobState.FINISHED, job.error
        trained = engine.load_model(job.run.id).state_dict()
        losses = job.run.history()["loss"][1]
    data = DataLibrary(data_dir / "datasets").open(pictures)
    torch.manual_seed(3)
    model = RECIPES[name].build(checked(RECIPES[name].Config, values), data.info).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.0005, eps=1e-7, fused=True)
    batches = ImageBatches(data.train, 16, 3, torch.device("cpu"))
    bare = []
    for _ in range(10):
        images, labels = batches.next()
        loss = functional.cross_entropy(model.classify(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        bare.append(loss.item())
    np.testing.assert_allclose(losses, bare, rtol=1e-8)
    for key, tensor in model.state_dict().items():
        assert torch.equal(tensor, trained[key]), key


def test_a_short_training_tells_bright_from_dark() -> None:
    data = pictures_like(info(8, 8, classes=SIZE), count=240)
    recipe = recipe_for("cnn", data, learning_rate=0.003, batch_size=24, batch_norm=False, **SMALL)
    steps(recipe, 100)
    assert float(recipe.validate()["accuracy"]) > 0.9


def test_a_rising_loss_is_told_with_a_remedy() -> None:
    (check,) = recipe_for("mlp", pictures_like(info(8, 8))).health_checks()
    findings = [
        check.look(step, {"loss": 2.0 - 0.1 * step, "validation/loss": 1.0 + abs(0.2 * (step - 4))})
        for step in range(1, 14)
    ]
    (finding,) = filter(None, findings)
    assert finding.kind == "overfitting"
    assert finding.changes == {"dropout": 0.25}


# What is shown


def previews(**values: Any) -> dict[str, Any]:
    recipe = recipe_for("cnn", pictures_like(info(16, 16)), **SMALL | values)
    return {preview.name: preview for preview in recipe.previews()}


def test_predictions_say_guess_probability_and_truth() -> None:
    recipe = recipe_for("mlp", pictures_like(info(8, 8, classes=SIZE)))
    images = np.zeros((2, 8, 8, 3), np.uint8)
    model = recipe.model().eval()
    with torch.inference_mode():
        guess = int(questions.predict(model, images)[0].argmax())
        shown = {p.name: p for p in previews_of(model, Evaluation(images, np.array([guess, (guess + 1) % 3])))}
    right, wrong = shown["predictions"].captions
    assert right.startswith(f"{SIZE[guess]} ")
    assert right.endswith("%")
    assert wrong == f"{right} ({SIZE[(guess + 1) % 3]})"
    assert shown["mistakes"].captions == (wrong,)
    assert "maps" not in shown
    assert shown["confusion"].values[guess, guess] == 1


def test_rows_of_the_confusion_matrix_are_shares() -> None:
    confusion = previews()["confusion"]
    assert isinstance(confusion, HeatMapPreview)
    np.testing.assert_allclose(confusion.values.sum(1), 1, rtol=1e-6)


def test_filters_and_maps_are_pictures() -> None:
    shown = previews()
    filters, maps = shown["filters"], shown["maps"]
    assert isinstance(filters, ImagePreview)
    assert filters.images.shape == (8, 24, 24, 3)
    assert maps.images.shape == (2 * 9, 16, 16, 3)
    assert maps.row_titles == ("conv1", "conv2")
    dense = {p.name: p for p in recipe_for("mlp", pictures_like(info(8, 9, 1))).previews()}["filters"]
    assert dense.images.shape == (40, 24, 27, 1)


def test_histograms_show_what_batch_norm_does() -> None:
    shown = previews()
    with_norm, without = shown["histograms"], previews(batch_norm=False)["histograms"]
    assert isinstance(with_norm, BarsPreview)
    assert [chart.title for chart in with_norm.charts] == ["conv1", "conv2", "dense1", "head"]
    assert [len(chart.values) for chart in with_norm.charts] == [2, 2, 2, 1]
    assert {len(chart.values) for chart in without.charts} == {1}


def test_dead_units_are_counted_and_leaky_ones_never_die() -> None:
    recipe = recipe_for("cnn", pictures_like(info(8, 8)), activation="relu", batch_norm=False, **SMALL)
    with torch.no_grad():
        recipe.model().trunk.conv1.bias[:2] = -100.0
    dead = {p.name: p for p in recipe.previews()}["dead"].charts[0]
    assert dead.labels == ("conv1", "conv2", "dense1")
    assert dead.values[0, 0] == pytest.approx(0.25)
    assert previews(batch_norm=False)["dead"].charts[0].values.max() == 0
    assert "dead" not in previews(activation="none")


# What studios ask


@torch.inference_mode()
def test_questions_are_answered_with_plain_values() -> None:
    data = pictures_like(info(8, 6))
    model = recipe_for("cnn", data, **SMALL).model().eval()
    images = data.test.images
    probabilities = questions.predict(model, images)
    assert probabilities.shape == (12, 10)
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-5)
    assert questions.predict(model, images[:0]).shape == (0, 10)
    layers = dict(questions.activations(model, images[0]))
    assert layers["conv2"].shape == (8, 4, 3)
    assert layers["dense1"].shape == (12,)
    logits = layers["head"]
    np.testing.assert_allclose(np.exp(logits) / np.exp(logits).sum(), probabilities[0], rtol=1e-4)
    facts = questions.describe(model)
    assert (facts.classes, facts.image_shape, facts.target) == (tuple("0123456789"), (3, 8, 6), "")
    assert [layer.name for layer in facts.layers] == [*layers]
    kinds = {layer.name: layer for layer in facts.layers}
    assert kinds["activation1"].function == "leaky-relu"
    assert kinds["dropout3"].rate == 0.5
    norm = kinds["norm1"].norm
    assert norm is not None
    assert norm.mean.tolist() == [0.0] * 8
    assert norm.variance.tolist() == [1.0] * 8
    with pytest.raises(InputError, match="6x8 pixels"):
        questions.predict(model, np.zeros((1, 9, 9, 3), np.uint8))
