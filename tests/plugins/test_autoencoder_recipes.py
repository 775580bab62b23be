"""The recipes beside ae and vae: their printed parameter counts, and what makes each of them itself."""

import math

import numpy as np
import pytest
import torch
from gendesk.plugins.autoencoder.conditional import ConditionalAutoencoder, ConditionalRecipe
from gendesk.plugins.autoencoder.conv_vae import ConvVaeConfig, ConvVaeRecipe, draw_as_printed
from gendesk.plugins.autoencoder.denoising import DenoisingConfig, DenoisingRecipe, spoilt
from gendesk.plugins.autoencoder.dense import DenseConfig, DenseRecipe, FashionRecipe
from gendesk.plugins.autoencoder.faces import FacesConfig, FacesRecipe
from gendesk.plugins.autoencoder.objective import draw
from gendesk.plugins.autoencoder.sketch import SketchConfig, SketchRecipe

from gendesk.data.dataset import ImageDataset, ImageInfo, ImageSplit
from gendesk.engine.capabilities import DecodesClasses
from gendesk.engine.preview import BarsPreview, ImagePreview
from gendesk.engine.recipe import Context
from gendesk.errors import InputError
from gendesk.nn.keras import parameter_count

SMALL = DenseConfig(hidden=({"units": 16},), batch_size=8, learning_rate=0.01)
DIGITS = tuple("0123456789")


def data_of(shape: tuple[int, int, int], classes: tuple[str, ...] = ()) -> ImageDataset:
    """Ten pictures of each class, a bar at a height of its own, on noise; half of all are held out."""
    rng = np.random.default_rng(5)
    count = 20 * max(1, len(classes))
    labels = np.arange(count) % len(classes) if classes else np.full(count, -1)
    images = rng.integers(0, 60, (count, *shape), dtype=np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[max(label, 0) : max(label, 0) + 2] = 255
    info = ImageInfo(
        name="small",
        title="Small",
        fingerprint="",
        train_count=count // 2,
        test_count=count // 2,
        height=shape[0],
        width=shape[1],
        channels=shape[2],
        classes=classes,
    )
    half = count // 2
    return ImageDataset(info, ImageSplit(images[:half], labels[:half]), ImageSplit(images[half:], labels[half:]))


def count_of(recipe, config, shape: tuple[int, int, int], classes: tuple[str, ...] = ()) -> int:
    with torch.device("meta"):
        return parameter_count(recipe.build(config, data_of(shape, classes).info))


def test_the_printed_numbers_of_parameters() -> None:
    assert count_of(FacesRecipe, FacesConfig(), (128, 128, 3)) == 2_650_067
    assert count_of(DenseRecipe, DenseConfig(), (28, 28, 1)) == 807_700
    assert count_of(FashionRecipe, FashionRecipe.Config(), (28, 28, 1)) == 807_700
    assert count_of(ConvVaeRecipe, ConvVaeConfig(), (28, 28, 1)) == 550_629
    assert count_of(SketchRecipe, SketchConfig(), (32, 32, 1)) == 35_085
    assert count_of(ConditionalRecipe, DenseConfig(), (28, 28, 1), DIGITS) == 817_940


def made(recipe, config, data: ImageDataset, steps: int = 0):
    trained = recipe(config, data, Context(torch.device("cpu"), 1))
    for _ in range(steps):
        trained.step()
    return trained


def previews_of(recipe) -> dict[str, ImagePreview | BarsPreview]:
    return {preview.name: preview for preview in recipe.previews()}


# Faces


def test_faces_show_thirty_samples_and_a_histogram_for_each_of_fifty_numbers() -> None:
    layers = tuple({"filters": 4, "kernel": 3, "stride": 2} for _ in range(3))
    config = FacesConfig(encoder=layers, decoder=layers, latent_size=60, batch_size=8)
    shown = previews_of(made(FacesRecipe, config, data_of((16, 16, 3)), 2))
    assert shown["samples"].images.shape == (30, 16, 16, 3)
    histograms = shown["histograms"]
    assert len(histograms.charts) == 50
    for chart in histograms.charts:
        assert chart.values.sum(1) == pytest.approx([1, 1], abs=1e-5)
    assert shown["kl-dimensions"].charts[0].values.shape == (1, 60)


# Dense


def test_an_untrained_dense_network_pays_ln_2_a_pixel() -> None:
    """Logits near zero are greys of one half, which cost ln 2 whatever the picture; the sum counts all pixels."""
    data = data_of((28, 28, 1))
    losses = made(DenseRecipe, SMALL, data).validate()
    assert float(losses["reconstruction"]) == pytest.approx(784 * math.log(2), rel=0.05)


def test_the_origin_is_one_picture_and_fashion_has_a_wide_lattice() -> None:
    data = data_of((12, 12, 1))
    shown = previews_of(made(FashionRecipe, FashionRecipe.Config(hidden=({"units": 8},)), data))
    assert shown["origin"].images.shape == (1, 12, 12, 1)
    assert shown["manifold"].images.shape[0] == 900
    codes = made(FashionRecipe, FashionRecipe.Config(hidden=({"units": 8},)), data).manifold_codes()
    assert codes[0].tolist() == [-4, 4]
    assert codes[-1].tolist() == [4, -4]


def kl_share(recipe) -> float:
    """Do a step, and return how much of the KL divergence counts."""
    losses = {name: float(value.detach()) for name, value in recipe.step().items()}
    return losses["kl_term"] / losses["kl"]


def test_a_warm_up_leaves_the_kl_divergence_out_at_first() -> None:
    recipe = made(DenseRecipe, SMALL.model_copy(update={"warm_up": 5.0}), data_of((12, 12, 1)))
    assert kl_share(recipe) == 0
    shares = [kl_share(recipe) for _ in range(6 * recipe.steps_per_epoch)]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    losses = recipe.validate()
    assert float(losses["kl_term"]) == pytest.approx(float(losses["kl"]))


def test_a_resumed_warm_up_goes_on_where_it_was() -> None:
    data = data_of((12, 12, 1))
    config = SMALL.model_copy(update={"warm_up": 50.0})
    straight = made(DenseRecipe, config, data, 10)
    resumed = made(DenseRecipe, config, data)
    resumed.load_state(straight.state())
    assert kl_share(resumed) == pytest.approx(kl_share(straight))
    assert kl_share(resumed) == pytest.approx(11 / (50 * resumed.steps_per_epoch))


# Conditional


@pytest.fixture(scope="module")
def conditional() -> ConditionalRecipe:
    return made(ConditionalRecipe, SMALL, data_of((12, 12, 1), DIGITS), 400)


def test_it_draws_the_class_that_it_is_asked_for(conditional: ConditionalRecipe) -> None:
    model = conditional.model().eval()
    assert isinstance(model, DecodesClasses)
    codes = torch.zeros(10, 2)
    with torch.inference_mode():
        pictures = model.decode_classes(codes, torch.eye(10))[:, 0]
    for digit, picture in enumerate(pictures):
        assert picture[digit].mean() > 0.6
        assert picture[(digit + 6) % 12].mean() < 0.4


def test_sheets_show_classes_styles_and_blends(conditional: ConditionalRecipe) -> None:
    shown = previews_of(conditional)
    assert {"samples", "styles", "blend", "codes", "kl-dimensions"} <= shown.keys()
    assert shown["styles"].images.shape[0] == 100
    corners = shown["blend"].images[[0, 9, 90, 99], ..., 0]
    for digit, corner in zip((3, 0, 8, 9), corners, strict=True):
        assert corner[digit].mean() > 140


def test_pictures_without_a_class_belong_a_little_to_all(conditional: ConditionalRecipe) -> None:
    model = conditional.model()
    assert isinstance(model, ConditionalAutoencoder)
    shares = model.shares(torch.tensor([-1, 4]))
    assert shares[0].tolist() == pytest.approx([0.1] * 10)
    assert shares[1].argmax() == 4
    images = torch.zeros(3, 1, 12, 12)
    assert model.encode(images).shape == (3, 2)
    assert model.sample(25, torch.Generator().manual_seed(1)).shape == (25, 1, 12, 12)


def test_data_without_classes_are_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match=r"^Small cannot be used here: the class of every picture must be known\.$"):
        ConditionalRecipe.build(SMALL, data_of((12, 12, 1)).info)


# Lightly drawn


def test_codes_are_drawn_with_the_right_deviation_unless_printed() -> None:
    mu, log_var = torch.zeros(20_000, 1), torch.full((20_000, 1), math.log(4.0))
    assert draw(mu, log_var, torch.Generator().manual_seed(1)).std().item() == pytest.approx(2, rel=0.05)
    assert draw_as_printed(mu, log_var, torch.Generator().manual_seed(1)).std().item() == pytest.approx(4, rel=0.05)


def test_the_lattice_has_the_printed_quantiles() -> None:
    config = ConvVaeConfig(first_filters=4, filters=4, dense=4)
    codes = made(ConvVaeRecipe, config, data_of((8, 8, 1))).manifold_codes()
    assert codes.shape == (225, 2)
    across = codes[:15, 0].tolist()
    assert across[0] == pytest.approx(-1.645, abs=1e-3)
    assert across[7] == pytest.approx(0, abs=1e-6)
    assert across[8:] == pytest.approx([0.162, 0.328, 0.504, 0.697, 0.921, 1.204, 1.645], abs=1e-3)


def test_the_kl_divergence_counts_for_a_two_thousandth() -> None:
    recipe = made(ConvVaeRecipe, ConvVaeConfig(first_filters=4, filters=4, dense=4), data_of((8, 8, 1)))
    assert kl_share(recipe) == pytest.approx(0.0005)


# Denoising


@pytest.mark.parametrize("noise", ["gaussian", "salt-and-pepper", "hidden", "grey"])
def test_spoilt_pictures_are_pictures(noise: str) -> None:
    images = torch.rand(6, 3, 10, 14, generator=torch.Generator().manual_seed(2))
    given = spoilt(images, noise, 0.5, torch.Generator().manual_seed(1))
    assert given.shape == images.shape
    assert given.amin() >= 0 and given.amax() <= 1
    assert not torch.equal(given, images)
    assert torch.equal(given, spoilt(images, noise, 0.5, torch.Generator().manual_seed(1)))
    torch.testing.assert_close(spoilt(images, noise, 0.0, torch.Generator()), images, atol=0.01, rtol=0)


def test_each_noise_spoils_what_it_says() -> None:
    images = torch.full((200, 3, 20, 20), 0.5)
    images[:, 0] = 0.9
    peppered = spoilt(images, "salt-and-pepper", 0.3, torch.Generator().manual_seed(1))
    assert ((peppered == 0) | (peppered == 1)).all(1).float().mean().item() == pytest.approx(0.3, abs=0.01)
    hidden = spoilt(images, "hidden", 0.8, torch.Generator().manual_seed(1))
    assert (hidden == 0).all(1).sum((1, 2)).tolist() == [64] * 200  # a square of 8 x 8
    grey = spoilt(images, "grey", 1.0, torch.Generator())
    torch.testing.assert_close(grey[:, 0], grey[:, 2])
    assert grey[0, 0, 0, 0].item() == pytest.approx(0.299 * 0.9 + 0.701 * 0.5, abs=1e-4)


def test_restoring_is_judged_against_the_clean_picture() -> None:
    layers = ({"filters": 8, "kernel": 3, "stride": 2}, {"filters": 8, "kernel": 3, "stride": 2})
    config = DenoisingConfig(encoder=layers, decoder=layers, dense=32, batch_size=10, learning_rate=0.005, amount=0.4)
    recipe = made(DenoisingRecipe, config, data_of((12, 12, 1), DIGITS), 300)
    strip = previews_of(recipe)["restored"]
    assert strip.row_titles == ("Clean", "Spoilt", "Restored")
    clean, given, restored = strip.images.reshape(3, -1).astype(float)
    assert np.abs(restored - clean).mean() < 0.8 * np.abs(given - clean).mean()


def test_grey_data_have_no_colours_to_restore() -> None:
    with pytest.raises(InputError, match=r"^Small has no colours to restore; .*\.$"):
        DenoisingRecipe.build(DenoisingConfig(noise="grey"), data_of((12, 12, 1)).info)


# Sketches


def test_the_hourglass_narrows_to_two_by_two() -> None:
    model = made(SketchRecipe, SketchConfig(), data_of((32, 32, 1))).model().eval()
    with torch.inference_mode():
        codes = model.encode(torch.rand(2, 1, 32, 32))
        assert codes.shape == (2, 128)
        assert model.decode(codes).shape == (2, 1, 32, 32)
    odd = made(SketchRecipe, SketchConfig(stages=3), data_of((28, 21, 3))).model().eval()
    with torch.inference_mode():
        assert odd.reconstruct(torch.rand(2, 3, 28, 21)).shape == (2, 3, 28, 21)


def test_the_hourglass_learns_to_copy() -> None:
    config = SketchConfig(channels=8, stages=2, optimizer="adam", learning_rate=0.01, batch_size=16)
    recipe = made(SketchRecipe, config, data_of((12, 12, 1), DIGITS))
    before = float(recipe.validate()["total"])
    for _ in range(150):
        recipe.step()
    assert float(recipe.validate()["total"]) < 0.7 * before
