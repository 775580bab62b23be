"""The games compute what their sources write, in every combination that is allowed, and refuse the others in words."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
import torch
from gendesk.plugins.gan.acgan import AcganRecipe, ClassConfig, ClassGan
from gendesk.plugins.gan.config import CROSS_ENTROPY, GanConfig
from gendesk.plugins.gan.dcgan import DcganRecipe
from gendesk.plugins.gan.measures import Memorisation, batch_diversity, relative_diversity, sliced_distance
from gendesk.plugins.gan.models import Gan
from gendesk.plugins.gan.networks import clip_weights
from gendesk.plugins.gan.objectives import boundary, fake_loss, generator_loss, labels, probability, real_loss
from gendesk.plugins.gan.recipes import DrawingsRecipe, WganGpRecipe, WganRecipe
from gendesk.plugins.gan.training import GanRecipe
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from gendesk.config import checked
from gendesk.data.dataset import ImageDataset, ImageInfo, ImageSplit
from gendesk.engine.recipe import Context
from gendesk.errors import InputError
from gendesk.nn import keras
from gendesk.nn.regularisers import gradient_norms, gradient_penalty, mixed, r1

RECIPES: dict[str, type[GanRecipe[Any]]] = {
    "gan": DrawingsRecipe,
    "wgan": WganRecipe,
    "wgan-gp": WganGpRecipe,
    "acgan": AcganRecipe,
    "dcgan": DcganRecipe,
}
CLASSES = ("dark", "grey", "bright")
TINY: dict[str, Any] = {
    "critic_layers": [{"filters": 3, "kernel": 3, "stride": 4}, {"filters": 4, "kernel": 3, "stride": 2}],
    "first_filters": 4,
    "generator_layers": [{"filters": 3, "kernel": 3, "stride": 4}, {"filters": 1, "kernel": 3, "stride": 2}],
    "latent_size": 5,
    "batch_size": 4,
}
OBJECTIVES = ("bce", "non-saturating", "least-squares", "hinge", "wasserstein")
REGULARISERS = ("none", "clip", "gradient-penalty", "r1", "spectral-norm")
ALLOWED = [game for game in itertools.product(OBJECTIVES, REGULARISERS) if game != ("wasserstein", "none")]
SCORES = st.lists(st.floats(-30, 30), min_size=1, max_size=8)


def info(height: int = 28, width: int = 28, channels: int = 1, classes: tuple[str, ...] = CLASSES) -> ImageInfo:
    return ImageInfo(
        name="small",
        title="Small",
        fingerprint="",
        train_count=12,
        test_count=6,
        height=height,
        width=width,
        channels=channels,
        classes=classes,
    )


def pictures_like(shape: ImageInfo) -> ImageDataset:
    size = (18, shape.height, shape.width, shape.channels)
    of_class = np.arange(18) % 3
    noise = np.random.default_rng(2).integers(0, 80, size)
    images = (noise + 80 * of_class[:, None, None, None]).astype(np.uint8)
    train, test = (ImageSplit(images[part], of_class[part]) for part in (slice(12), slice(12, None)))
    return ImageDataset(shape, train, test)


def recipe_for(name: str = "gan", shape: ImageInfo | None = None, seed: int = 1, **values: Any) -> Any:
    """Return a recipe with small networks."""
    recipe = RECIPES[name]
    config = checked(recipe.Config, TINY | values)
    return recipe(config, pictures_like(shape or info()), Context(torch.device("cpu"), seed))


def build(name: str, shape: ImageInfo, **values: Any) -> Any:
    recipe = RECIPES[name]
    with torch.device("meta"):
        return recipe.build(checked(recipe.Config, values), shape)


def weights_of(network: nn.Module) -> list[Tensor]:
    return [weight.detach().clone() for weight in network.parameters()]


def same(before: list[Tensor], after: list[Tensor]) -> bool:
    return all(torch.equal(one, other) for one, other in zip(before, after, strict=True))


def layers_with_weights(network: nn.Module) -> list[Any]:
    return [layer for layer in network.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]


# The networks


@pytest.mark.parametrize(
    ("name", "shape", "critic", "generator"),
    [
        ("gan", (28, 28, 1), 720_833, 844_161),
        ("wgan", (32, 32, 3), 670_401, 884_163),
        ("wgan-gp", (64, 64, 3), 4_314_753, 5_168_003),
        ("acgan", (28, 28, 1), 525_835, 2_657_897),
        ("dcgan", (32, 32, 3), 790_913, 6_264_579),
    ],
)
def test_the_sources_networks_have_the_printed_number_of_parameters(
    name: str, shape: tuple[int, int, int], critic: int, generator: int
) -> None:
    model = build(name, info(*shape, classes=tuple("0123456789")))
    assert keras.parameter_count(model.critic) == critic
    assert keras.parameter_count(model.generator) == generator


@pytest.mark.parametrize("shape", [(30, 22, 3), (29, 31, 1), (48, 128, 3)])
@pytest.mark.parametrize("name", RECIPES)
def test_pictures_of_any_size_and_colour_are_made(name: str, shape: tuple[int, int, int]) -> None:
    recipe = recipe_for(name, info(*shape))
    height, width, channels = shape
    pictures = recipe.model().eval().sample(3, torch.Generator().manual_seed(1))
    assert pictures.shape == (3, channels, height, width)
    assert pictures.min() >= 0
    assert pictures.max() <= 1
    assert recipe.model().judge(pictures).shape == (3,)


def test_too_many_layers_for_a_picture_are_refused_in_words() -> None:
    valid = [{"filters": 2, "kernel": 5, "stride": 4, "padding": "valid"}] * 3
    with pytest.raises(InputError, match="Layer 3 of the critic leaves nothing of the 28x28 pixels"):
        recipe_for(critic_layers=valid)
    rim = [{"filters": 2, "kernel": 11, "stride": 1, "upsampling": False, "padding": "valid"}] * 3
    with pytest.raises(InputError, match="make larger pictures than the 28x28 pixels"):
        recipe_for(generator_layers=rim)


# What makes no sense is refused


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"objective": "wasserstein"}, "A Wasserstein critic without bounds says nothing about distances"),
        ({"critic_norm": True, "regulariser": "r1"}, "Batch normalisation mixes the pictures of a batch"),
        ({"critic_norm": True, "updates": "together"}, "Batch normalisation would tell real from generated pictures"),
        (
            {"critic_norm": True, "regulariser": "gradient-penalty", "updates": "together"},
            "Batch normalisation mixes the pictures of a batch",
        ),
        ({"critic_norm": True, "regulariser": "spectral-norm"}, "stretches again what spectral normalisation"),
        ({"objective": "hinge", "real_label": 0.9}, "The objective hinge has no labels"),
        ({"objective": "least-squares", "label_noise": 0.1}, "The objective least-squares has no labels"),
        (
            {"objective": "wasserstein", "regulariser": "clip", "label_noise": 0.1, "inverted_labels": True},
            "The objective wasserstein has no labels",
        ),
        ({"inverted_labels": True}, "Inverted labels change nothing without label noise"),
        ({"regulariser": "gradient-penalty"}, "lies between real and generated pictures"),
        ({"generator_layers": [{"kernel": 4}]}, "Layer 1 of the generator repeats pixels"),
        ({"generator_layers": [{"padding": "valid"}]}, "Layer 1 of the generator repeats pixels"),
        ({"generator_layers": [{}, {"upsampling": False, "kernel": 2, "stride": 3}]}, "make it 3 or more"),
    ],
)
def test_combinations_that_make_no_sense_are_refused_in_words(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as refused:
        checked(GanConfig, values)
    assert str(refused.value).endswith(".")


def test_a_game_with_classes_asks_for_classes_and_one_update_on_both() -> None:
    with pytest.raises(InputError, match="the class of every picture must be known"):
        recipe_for("acgan", info(classes=()))
    with pytest.raises(InputError, match="set critic updates to together"):
        recipe_for("acgan", updates="separate")


# What is allowed can be played


@pytest.mark.parametrize("size", [28, 32, 64, 128])
@pytest.mark.parametrize(("objective", "regulariser"), ALLOWED)
def test_every_allowed_game_is_played_at_every_size(objective: str, regulariser: str, size: int) -> None:
    updates = "separate" if regulariser in ("none", "clip") else "together"
    recipe = recipe_for(
        shape=info(size, size, 3), objective=objective, regulariser=regulariser, updates=updates, average=0.9
    )
    metrics = recipe.step()
    reported = {spec.name for spec in recipe.metrics_of(recipe.config)}
    assert set(metrics) <= reported
    metrics |= recipe.validate() if size == 28 else recipe.step()
    assert all(torch.as_tensor(value).isfinite() for value in metrics.values())


@pytest.mark.parametrize(("objective", "regulariser"), ALLOWED)
def test_classes_go_with_every_allowed_game(objective: str, regulariser: str) -> None:
    label = 1.0 if objective not in CROSS_ENTROPY else 0.95
    recipe = recipe_for("acgan", objective=objective, regulariser=regulariser, real_label=label)
    metrics = recipe.step()
    assert all(torch.as_tensor(value).isfinite() for value in metrics.values())
    assert {"class_real", "class_fake", "class_accuracy", "class_hits"} <= set(metrics)


@pytest.mark.parametrize("updates", ["separate", "together"])
def test_an_iteration_makes_as_many_steps_as_the_config_says(updates: str) -> None:
    recipe = recipe_for(updates=updates, critic_steps=3, generator_steps=2)
    recipe.step()
    assert recipe.state()["steps"] == {"critic": 6 if updates == "separate" else 3, "generator": 2}
    assert recipe.samples_per_step == 12
    assert recipe.steps_per_epoch == 1


def test_a_game_comes_closer_to_its_pictures() -> None:
    data = pictures_like(info(8, 8))
    bright = ImageSplit(data.train.images[2::3], data.train.labels[2::3])
    learning = {"critic_learning_rate": 0.003, "generator_learning_rate": 0.003, "generator_norm": "none"}
    config = checked(WganGpRecipe.Config, TINY | learning | {"weights": "glorot"})
    recipe = WganGpRecipe(config, ImageDataset(data.info, bright, bright), Context(torch.device("cpu"), 1))

    def brightness() -> float:
        recipe.model().eval()
        return recipe.model().sample(50, torch.Generator().manual_seed(1)).mean().item()

    wanted = bright.images.mean() / 255
    before = abs(brightness() - wanted)
    for _ in range(60):
        recipe.step()
    assert abs(brightness() - wanted) < before / 2


# Objectives


def softplus(value: float) -> float:
    return max(value, 0) + math.log1p(math.exp(-abs(value)))


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


@given(SCORES, st.floats(0, 1))
def test_cross_entropy_is_what_goodfellow_writes(scores: list[float], label: float) -> None:
    given_scores, target = torch.tensor(scores), torch.full((len(scores),), label)
    expected = mean([label * softplus(-score) + (1 - label) * softplus(score) for score in scores])
    for objective in CROSS_ENTROPY:
        assert real_loss(objective, given_scores, target).item() == pytest.approx(expected, abs=1e-4)
        assert fake_loss(objective, given_scores, target).item() == pytest.approx(expected, abs=1e-4)
    saturating = generator_loss("bce", given_scores).item()
    assert saturating == pytest.approx(-mean([softplus(score) for score in scores]), abs=1e-4)
    asked = generator_loss("non-saturating", given_scores, real_label=label).item()
    assert asked == pytest.approx(expected, abs=1e-4)


@given(SCORES)
def test_the_other_objectives_are_what_their_papers_write(scores: list[float]) -> None:
    judged, unused = torch.tensor(scores), torch.zeros(len(scores))

    def losses(objective: Any) -> tuple[float, float, float]:
        real, fake = real_loss(objective, judged, unused), fake_loss(objective, judged, unused)
        return real.item(), fake.item(), generator_loss(objective, judged).item()

    near, average = mean([(score - 1) ** 2 for score in scores]), mean(scores)
    squares = (near, mean([score**2 for score in scores]), near)
    hinged = (mean([max(0, 1 - score) for score in scores]), mean([max(0, 1 + score) for score in scores]), -average)
    assert losses("least-squares") == pytest.approx(squares, abs=1e-3)
    assert losses("hinge") == pytest.approx(hinged, abs=1e-4)
    assert losses("wasserstein") == pytest.approx((-average, average, -average), abs=1e-4)


def test_a_sure_critic_silences_the_first_game_and_not_the_second() -> None:
    gradients = {}
    for objective in CROSS_ENTROPY:
        scores = torch.full((4,), -12.0, requires_grad=True)
        generator_loss(objective, scores).backward()
        assert scores.grad is not None
        gradients[objective] = scores.grad.sum().item()
    assert -1e-4 < gradients["bce"] < 0
    assert gradients["non-saturating"] == pytest.approx(-1, abs=1e-4)


def test_verdicts_are_probabilities_where_scores_are_logits() -> None:
    scores = torch.tensor([-1.0, 0.0, 2.0])
    assert torch.equal(probability("bce", scores), scores.sigmoid())
    assert torch.equal(probability("hinge", scores), scores)
    assert [boundary(objective) for objective in OBJECTIVES] == [0.0, 0.0, 0.5, 0.0, None]


# Labels


@given(st.floats(0.01, 1), st.booleans(), st.integers(0, 2**31))
def test_noise_softens_one_kind_of_label_and_stays_within_0_and_1(noise: float, inverted: bool, seed: int) -> None:
    config = checked(GanConfig, {"label_noise": noise, "inverted_labels": inverted})
    real, fake = labels(config, 50, torch.Generator().manual_seed(seed))
    if inverted:
        assert real.min() >= 1 - noise - 1e-6
        assert len(real.unique()) > 1
        assert (fake == 0).all()
    else:
        assert (real == 1).all()
        assert fake.max() <= noise + 1e-6
        assert len(fake.unique()) > 1
    for target in (real, fake):
        assert target.min() >= 0
        assert target.max() <= 1
    again = labels(config, 50, torch.Generator().manual_seed(seed))
    assert torch.equal(real, again[0])
    assert torch.equal(fake, again[1])


def test_labels_without_noise_are_what_the_config_says() -> None:
    real, fake = labels(checked(GanConfig, {"real_label": 0.75}), 3, torch.Generator())
    assert real.tolist() == [0.75] * 3
    assert fake.tolist() == [0.0] * 3


# Regularisers


@given(st.lists(st.floats(-3, 3), min_size=12, max_size=12), st.integers(0, 1000))
@settings(max_examples=30)
def test_penalties_of_a_critic_with_a_known_gradient(slopes: list[float], seed: int) -> None:
    weight = torch.tensor(slopes, requires_grad=True)
    pictures = torch.randn(4, 3, 2, 2, generator=torch.Generator().manual_seed(seed))
    norms = gradient_norms(lambda given_pictures: given_pictures.flatten(1) @ weight, pictures, differentiable=True)
    length = math.sqrt(sum(slope**2 for slope in slopes))
    assert norms.tolist() == pytest.approx([length] * 4, abs=1e-4)
    assert gradient_penalty(norms).item() == pytest.approx((length - 1) ** 2, abs=1e-3)
    assert r1(norms).item() == pytest.approx(length**2 / 2, abs=1e-3)
    if length > 0.1:
        (slope,) = torch.autograd.grad(gradient_penalty(norms), weight)
        assert torch.allclose(slope, 2 * (length - 1) * weight.detach() / length, atol=1e-3)


def test_norms_for_people_keep_nothing_and_work_without_gradients() -> None:
    with torch.no_grad():
        norms = gradient_norms(
            lambda pictures: pictures.square().flatten(1).sum(1), torch.ones(2, 1, 2, 2), differentiable=False
        )
    assert norms.tolist() == [4.0, 4.0]
    assert not norms.requires_grad


def test_mixed_pictures_lie_between_a_generated_and_a_real_one() -> None:
    real, fake = torch.full((20, 1, 3, 3), 2.0), torch.zeros(20, 1, 3, 3)
    between = mixed(real, fake, torch.Generator().manual_seed(3))
    assert (between.flatten(1).std(1) == 0).all()
    shares = between[:, 0, 0, 0] / 2
    assert shares.min() >= 0
    assert shares.max() <= 1
    assert len(shares.unique()) == 20


@pytest.mark.parametrize(("regulariser", "target"), [("gradient-penalty", 1.0), ("r1", 0.0)])
def test_a_heavy_penalty_draws_gradients_to_where_it_wants_them(regulariser: str, target: float) -> None:
    far = {"regulariser": regulariser, "penalty": 100.0, "critic_slope": 0.9, "critic_steps": 1}
    recipe = recipe_for("wgan-gp", info(8, 8), critic_learning_rate=0.01, **far)
    with torch.no_grad():
        for weight in recipe.model().critic.parameters():
            weight.mul_(20)
    critic_phase = recipe.phases()["critic"]
    first = critic_phase()["gradient_norm"]
    for _ in range(60):
        last = critic_phase()["gradient_norm"]
    assert abs(last - target) < abs(first - target) / 2
    assert recipe_for("wgan-gp", info(8, 8), penalty=0.0).step()["penalty"] == 0


def test_clipping_bounds_every_weight_and_no_statistics() -> None:
    recipe = recipe_for("wgan", clip=0.003, critic_norm=True, critic_learning_rate=0.01)
    recipe.step()
    critic = recipe.model().critic
    assert max(weight.abs().max() for weight in critic.parameters()) <= np.float32(0.003)
    statistics = [buffer for name, buffer in critic.named_buffers() if "running" in name]
    assert statistics
    assert max(buffer.abs().max() for buffer in statistics) > 0.003
    before = [buffer.clone() for buffer in statistics]
    clip_weights(critic, 0.0001)
    assert same(before, statistics)


def test_the_share_of_clipped_weights_is_told() -> None:
    # All weights begin beyond so narrow a bound; the second step of the iteration takes about half of them off it.
    assert recipe_for("wgan", clip=0.0001).step()["clipped"] > 0.3
    assert recipe_for("wgan", clip=100.0).step()["clipped"] == 0


def test_spectral_norm_bounds_what_a_layer_can_stretch() -> None:
    recipe = recipe_for(objective="hinge", regulariser="spectral-norm", critic_learning_rate=0.003, optimizer="adam")
    for _ in range(20):
        recipe.step()
    layers = layers_with_weights(recipe.model().critic.eval())
    assert len(layers) == 3
    for layer in layers:
        largest = torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item()
        assert largest == pytest.approx(1, abs=0.1)


def test_gradients_are_cut_and_learning_rates_decay() -> None:
    recipe = recipe_for(gradient_clip=0.00001, decay=0.5, critic_learning_rate=0.1)
    recipe.step()
    recipe.step()
    model = recipe.model()
    grown = [weight.grad for network in (model.critic, model.generator) for weight in network.parameters()]
    assert max(gradient.abs().max() for gradient in grown if gradient is not None) <= np.float32(0.00001)
    # Two updates of the critic in a step: the fourth is made after three.
    assert recipe.state()["critic_optimizer"]["param_groups"][0]["lr"] == pytest.approx(0.1 / 2.5)


# The average


def test_the_average_follows_the_generator_and_makes_what_people_see() -> None:
    recipe = recipe_for(average=0.5)
    model: Gan = recipe.model().eval()
    codes = torch.randn(2, 5, generator=torch.Generator().manual_seed(1))
    weight = next(model.generator.parameters())
    first, shown = weight.detach().clone(), model.decode(codes)
    with torch.no_grad():
        weight.add_(1.0)
    assert torch.equal(model.decode(codes), shown)
    model.follow(0.5, 100)
    assert torch.allclose(averages_of(model)[0], first + 0.5)
    assert not torch.equal(model.decode(codes), shown)
    model.follow(0.5, 0)  # in the first step nine tenths are new
    assert torch.allclose(averages_of(model)[0], first + 0.5 + 0.9 * 0.5)


def averages_of(model: Gan) -> list[Tensor]:
    return [buffer for name, buffer in model.named_buffers() if name.endswith("_average")]


def test_without_an_average_people_see_the_generator_itself() -> None:
    model = recipe_for().model().eval()
    assert not averages_of(model)
    codes = torch.randn(2, 5, generator=torch.Generator().manual_seed(1))
    shown = model.decode(codes)
    with torch.no_grad():
        next(model.generator.parameters()).add_(1.0)
    assert not torch.equal(model.decode(codes), shown)


def test_the_average_is_kept_with_the_weights() -> None:
    recipe, other = recipe_for(average=0.9), recipe_for(average=0.9, seed=2)
    recipe.step()
    codes = torch.randn(2, 5, generator=torch.Generator().manual_seed(1))
    other.model().load_state_dict(recipe.model().state_dict())
    assert torch.equal(other.model().eval().decode(codes), recipe.model().eval().decode(codes))


# The two sides


@pytest.mark.parametrize("name", RECIPES)
def test_each_phase_changes_its_own_network_alone(name: str) -> None:
    recipe = recipe_for(name, critic_steps=1)
    model = recipe.model()
    phases = recipe.phases()
    assert list(phases) == ["critic", "generator"]
    critic, generator = weights_of(model.critic), weights_of(model.generator)
    statistics = [buffer.clone() for buffer in model.generator.buffers()]
    assert "g" not in phases["critic"]()
    assert not same(critic, weights_of(model.critic))
    assert same(generator, weights_of(model.generator))
    assert same(statistics, list(model.generator.buffers()))
    critic = weights_of(model.critic)
    assert set(phases["generator"]()) == {"g"}
    assert same(critic, weights_of(model.critic))
    assert not same(generator, weights_of(model.generator))
    assert all(weight.requires_grad for weight in model.critic.parameters())


# Classes


@pytest.fixture
def classed() -> ClassGan:
    model = recipe_for("acgan", average=0.9).model().eval()
    assert isinstance(model, ClassGan)
    return model


def test_samples_are_of_the_classes_in_turn(classed: ClassGan) -> None:
    made = classed.sample(5, torch.Generator().manual_seed(4))
    codes = classed.random_codes(5, torch.Generator().manual_seed(4))
    assert codes.abs().max() <= 1
    asked = classed.decode_classes(codes, classed.shares(torch.tensor([0, 1, 2, 0, 1])))
    assert torch.equal(made, asked)
    assert not torch.allclose(asked, classed.decode_classes(codes, classed.shares(torch.tensor([1, 2, 0, 1, 2]))))
    assert classed.classify(made).shape == (5, 3)


def test_shares_of_classes_mix_their_vectors(classed: ClassGan) -> None:
    assert classed.shares(torch.tensor([2, 0])).tolist() == [[0, 0, 1], [1, 0, 0]]
    vectors = classed.generator.classes(torch.eye(3))
    half = classed.generator.classes(torch.tensor([[0.5, 0.5, 0.0]]))
    assert torch.allclose(half[0], (vectors[0] + vectors[1]) / 2)
    codes = torch.randn(2, 5, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(classed.decode(codes), classed.decode_classes(codes, torch.full((2, 3), 1 / 3)))


def test_a_generator_learns_to_make_what_it_is_asked_for() -> None:
    recipe = recipe_for(
        "acgan",
        info(8, 8),
        critic_learning_rate=0.003,
        generator_learning_rate=0.003,
        generator_norm="none",
        critic_dropout=0.0,
        batch_size=12,
    )
    hits = [float(recipe.step()["class_hits"]) for _ in range(200)]
    assert mean(hits[-50:]) > 0.6  # a third is chance


def test_a_class_that_is_not_known_is_not_read() -> None:
    config = checked(ClassConfig, TINY | {"updates": "together"})
    data = pictures_like(info())
    unknown = ImageSplit(data.train.images, np.full(12, -1))
    recipe = AcganRecipe(config, ImageDataset(data.info, unknown, data.test), Context(torch.device("cpu"), 1))
    metrics = recipe.step()
    assert metrics["class_real"] == 0
    assert metrics["class_fake"] > 0


# Measures


@given(st.floats(0, 1), st.integers(0, 1000))
@settings(max_examples=30)
def test_the_sliced_distance_of_a_shift_is_the_shift(shift: float, seed: int) -> None:
    real = torch.rand(40, 1, 4, 4, generator=torch.Generator().manual_seed(seed))
    moved = real.clone()
    moved[:, 0, 0, 0] += shift
    found = sliced_distance(moved, real, torch.Generator().manual_seed(seed)).item()
    # One of 16 pixels: in a random direction a sixteenth of its square is seen.
    assert found == pytest.approx(255 * shift / 4, rel=0.2, abs=0.001)


def test_diversity_is_that_of_real_pictures_or_none() -> None:
    real = torch.rand(20, 1, 4, 4, generator=torch.Generator().manual_seed(1))
    for measured in (relative_diversity, batch_diversity):
        assert measured(real, real).item() == pytest.approx(1, abs=1e-5)
        assert measured(real[:1].expand(20, -1, -1, -1), real).item() == pytest.approx(0, abs=1e-5)
        assert measured(real / 2, real).item() == pytest.approx(0.5, abs=1e-5)


def test_copies_of_training_pictures_are_counted() -> None:
    data = pictures_like(info())
    measured = Memorisation(data, torch.device("cpu"))
    copies = torch.from_numpy(data.train.images).permute(0, 3, 1, 2).float() / 255
    assert measured.share(copies).item() == 1
    assert measured.share(torch.rand(8, 1, 28, 28, generator=torch.Generator().manual_seed(1))).item() == 0
