"""The autoencoders compute what the book prints, for pictures of any size, and the engine adds nothing to it."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from gendesk.plugins.autoencoder import training
from gendesk.plugins.autoencoder.collapse import PosteriorCollapse
from gendesk.plugins.autoencoder.config import TrainingConfig, VariationalAutoencoderConfig, VariationalConfig
from gendesk.plugins.autoencoder.denoising import DenoisingRecipe
from gendesk.plugins.autoencoder.faces import FacesRecipe
from gendesk.plugins.autoencoder.objective import draw, kl_by_dimension, kl_term, reconstruction_loss
from gendesk.plugins.autoencoder.recipes import ConvAutoencoderRecipe, ConvVariationalRecipe
from torch import nn
from torch.nn import functional

from gendesk.config import checked, field_specs
from gendesk.data.dataset import DatasetKind, ImageDataset, ImageInfo, ImageSplit
from gendesk.data.library import DataLibrary
from gendesk.engine.batches import ImageBatches
from gendesk.engine.events import JobState
from gendesk.engine.recipe import Context
from gendesk.errors import InputError
from gendesk.nn import keras
from gendesk.nn.checkerboard import grid_share
from tests.support.training import engine_in, small_pictures

RECIPES = {"ae": ConvAutoencoderRecipe, "vae": ConvVariationalRecipe}
NARROW = (
    {"filters": 4, "kernel": 3, "stride": 2},
    {"filters": 4, "kernel": 5, "stride": 2},
)
both = pytest.mark.parametrize("name", RECIPES)


def info(height: int = 28, width: int = 28, channels: int = 1) -> ImageInfo:
    return ImageInfo(
        kind=DatasetKind.IMAGES,
        name="small",
        title="Small",
        fingerprint="",
        train_count=6,
        test_count=3,
        height=height,
        width=width,
        channels=channels,
    )


def pictures_like(shape: ImageInfo) -> ImageDataset:
    size = (9, shape.height, shape.width, shape.channels)
    images = np.random.default_rng(2).integers(0, 256, size, dtype=np.uint8)
    labels = np.full(9, -1)
    return ImageDataset(shape, ImageSplit(images[:6], labels[:6]), ImageSplit(images[6:], labels[6:]))


def recipe_for(name: str, shape: ImageInfo, **values: Any) -> Any:
    recipe = RECIPES[name]
    config = checked(recipe.Config, values)
    return recipe(config, pictures_like(shape), Context(torch.device("cpu"), 1))


def build(name: str, shape: ImageInfo, **values: Any) -> Any:
    recipe = RECIPES[name]
    with torch.device("meta"):
        return recipe.build(checked(recipe.Config, values), shape)


def shapes_through(module: nn.Module, value: torch.Tensor, kinds: tuple[type[nn.Module], ...]) -> list[tuple[int, ...]]:
    """Return the shapes, without the batch, that layers of these kinds make."""
    shapes: list[tuple[int, ...]] = []
    layers = [layer for layer in module.modules() if isinstance(layer, kinds)]
    hooks = [
        layer.register_forward_hook(lambda _layer, _given, made: shapes.append(tuple(made.shape[1:])))
        for layer in layers
    ]
    module(value)
    for hook in hooks:
        hook.remove()
    return shapes


# The architecture


@pytest.mark.parametrize(("name", "count"), [("ae", 200_963), ("vae", 207_237)])
def test_the_book_s_networks_have_the_printed_number_of_parameters(name: str, count: int) -> None:
    assert keras.parameter_count(build(name, info())) == count


@both
def test_the_book_s_layers_make_the_printed_shapes(name: str) -> None:
    model = build(name, info())
    images = torch.empty(2, 1, 28, 28, device="meta")
    heads = [(2,)] * (2 if name == "vae" else 1)
    encoder = shapes_through(model.encoder, images, (nn.Conv2d, nn.Linear))
    assert encoder == [(32, 28, 28), (64, 14, 14), (64, 7, 7), (64, 7, 7), *heads]
    decoder = shapes_through(model.decoder, torch.empty(2, 2, device="meta"), (nn.ConvTranspose2d, nn.Linear))
    assert decoder == [(3136,), (64, 7, 7), (64, 14, 14), (32, 28, 28), (1, 28, 28)]
    slopes = {layer.negative_slope for layer in model.modules() if isinstance(layer, nn.LeakyReLU)}
    assert slopes == {0.3}


@both
def test_batch_norm_and_dropout_stand_behind_every_layer_but_the_last(name: str) -> None:
    def kinds(module: nn.Module) -> list[str]:
        return [type(layer).__name__ for layer in module]

    plain = build(name, info())
    assert kinds(plain.encoder.trunk) == ["SameConv2d", "LeakyReLU"] * 4
    assert kinds(plain.decoder.trunk) == ["SameConvTranspose2d", "LeakyReLU"] * 3 + ["SameConvTranspose2d"]
    full = build(name, info(), batch_norm=True, dropout=0.25)
    behind = ["BatchNorm2d", "LeakyReLU", "Dropout"]
    assert kinds(full.encoder.trunk) == ["SameConv2d", *behind] * 4
    assert kinds(full.decoder.trunk) == ["SameConvTranspose2d", *behind] * 3 + ["SameConvTranspose2d"]
    assert {layer.p for layer in full.modules() if isinstance(layer, nn.Dropout)} == {0.25}
    statistics = 4 * (32 + 64 + 64 + 64) + 4 * (64 + 64 + 32)
    assert keras.parameter_count(full) - keras.parameter_count(plain) == statistics


@both
@pytest.mark.parametrize("shape", [(30, 22, 3), (9, 8, 1), (8, 31, 3)])
def test_pictures_of_any_size_and_colour_are_learnt(name: str, shape: tuple[int, int, int]) -> None:
    height, width, channels = shape
    recipe = recipe_for(name, info(*shape), encoder=NARROW, decoder=NARROW, latent_size=3, batch_size=4)
    losses = recipe.step()
    assert all(value.isfinite() for value in losses.values())
    assert all(value.isfinite() for value in recipe.validate().values())
    model = recipe.model().eval()
    assert model.decode(torch.zeros(2, 3)).shape == (2, channels, height, width)
    assert model.encode(torch.zeros(2, channels, height, width)).shape == (2, 3)
    previews = {preview.name: preview for preview in recipe.previews()}
    assert previews["samples"].images.shape[1:] == shape
    assert "manifold" not in previews


@both
def test_a_latent_line_has_samples_but_no_plane(name: str) -> None:
    recipe = recipe_for(name, info(8, 8), encoder=NARROW, decoder=NARROW, latent_size=1)
    assert [preview.name for preview in recipe.previews()] == ["reconstructions", "samples"]


def test_only_the_variational_one_shows_its_codes_as_p_values_too() -> None:
    layers = {"encoder": NARROW, "decoder": NARROW}
    assert "p-values" not in {preview.name for preview in recipe_for("ae", info(8, 8), **layers).previews()}
    shown = {preview.name: preview for preview in recipe_for("vae", info(8, 8), **layers).previews()}
    codes, shares = shown["codes"], shown["p-values"]
    normal = torch.distributions.Normal(0.0, 1.0)
    np.testing.assert_allclose(shares.points, normal.cdf(torch.from_numpy(codes.points)), atol=1e-6)
    assert np.array_equal(shares.labels, codes.labels)
    wide = recipe_for("vae", info(8, 8), **layers, latent_size=3)
    assert {"codes", "p-values"} & {preview.name for preview in wide.previews()} == {"codes"}


@both
def test_a_decoder_that_makes_too_small_pictures_is_refused(name: str) -> None:
    flat = [{"filters": 1, "kernel": 3, "stride": 1}]
    with pytest.raises(InputError, match=r"makes pictures of 6x8 pixels, but those of small have 22x30; .*\.$"):
        build(name, info(30, 22), encoder=NARROW, decoder=flat)


@pytest.mark.parametrize("kernel", [2, 4])
@pytest.mark.parametrize("side", ["encoder", "decoder"])
def test_even_kernels_are_refused(side: str, kernel: int) -> None:
    layers = [{"filters": 4, "kernel": kernel, "stride": 1}]
    with pytest.raises(InputError, match=rf"{side}\.0\.kernel: .* odd number \(given: {kernel}\)\.$"):
        checked(ConvAutoencoderRecipe.Config, {side: layers})


def test_kernels_smaller_than_the_stride_are_refused_in_decoders_only() -> None:
    layers = [{"filters": 4, "kernel": 3, "stride": 2}, {"filters": 4, "kernel": 1, "stride": 2}]
    with pytest.raises(InputError, match="decoder: The kernel of layer 2 is smaller than its stride"):
        checked(ConvAutoencoderRecipe.Config, {"decoder": layers})
    model = build("ae", info(8, 8), encoder=layers, decoder=NARROW)
    assert model.encoder(torch.empty(1, 1, 8, 8, device="meta"))[0].shape == (1, 2)


def upsampled(layers: Any) -> tuple[dict[str, Any], ...]:
    return tuple({**layer, "upsampling": True} for layer in layers)


@both
def test_upsampling_layers_have_the_shapes_and_parameters_of_transposed_ones(name: str) -> None:
    book = build(name, info())
    layers = RECIPES[name].Config().model_dump()["decoder"]
    mixed = (layers[0], *upsampled(layers[1:]))
    model = build(name, info(), decoder=mixed)
    kinds = [type(layer).__name__ for layer in model.decoder.trunk if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)]
    assert kinds == ["SameConvTranspose2d", *["UpsampledConv2d"] * 3]
    convolutions = (nn.Conv2d, nn.ConvTranspose2d)
    shapes = [shapes_through(one.decoder, torch.empty(2, 2, device="meta"), convolutions) for one in (book, model)]
    assert shapes[0] == shapes[1] == [(64, 7, 7), (64, 14, 14), (32, 28, 28), (1, 28, 28)]
    assert keras.parameter_count(model) == keras.parameter_count(book)


@pytest.mark.parametrize("recipe", [*RECIPES.values(), FacesRecipe, DenoisingRecipe])
def test_decoders_choose_by_the_layer_and_settings_of_old_runs_mean_transposed_ones(recipe: Any) -> None:
    columns = {spec.name: [column.name for column in spec.columns] for spec in field_specs(recipe.Config)}
    assert columns["encoder"] == ["filters", "kernel", "stride"]
    assert columns["decoder"] == ["filters", "kernel", "stride", "upsampling"]
    old = recipe.Config().model_dump()
    for layer in old["decoder"]:
        assert not layer.pop("upsampling")
    assert checked(recipe.Config, old) == recipe.Config()


def test_a_kernel_may_be_smaller_than_the_stride_where_pixels_are_repeated() -> None:
    layers = [{"filters": 4, "kernel": 3, "stride": 2}, {"filters": 4, "kernel": 1, "stride": 2, "upsampling": True}]
    model = build("ae", info(8, 8), encoder=NARROW, decoder=layers)
    assert model.decoder(torch.empty(1, 2, device="meta")).shape == (1, 1, 8, 8)


@both
def test_an_upsampling_decoder_draws_no_checkerboard(name: str) -> None:
    """Measured before any training, where it is worst."""
    found = []
    for decoder in (NARROW, upsampled(NARROW)):
        recipe = recipe_for(name, info(16, 16), encoder=NARROW, decoder=decoder, latent_size=8, dense=32)
        assert 0 <= float(recipe.validate()["checkerboard"]) <= 100
        codes = torch.randn(20, 8, generator=torch.Generator().manual_seed(3))
        with torch.inference_mode():
            found.append(float(grid_share(recipe.model().eval().decode(codes))))
    assert found[0] > 1
    assert found[0] > 5 * found[1]


# The losses


def test_kl_is_zero_for_a_standard_normal_and_the_closed_form_elsewhere() -> None:
    assert kl_by_dimension(torch.zeros(3, 2), torch.zeros(3, 2)).tolist() == [0, 0]
    mu, log_var = torch.randn(5, 3, dtype=torch.float64), torch.randn(5, 3, dtype=torch.float64)
    ours = torch.distributions.Normal(mu, (log_var / 2).exp())
    standard = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    expected = torch.distributions.kl_divergence(ours, standard).mean(0)
    torch.testing.assert_close(kl_by_dimension(mu, log_var), expected)
    one = kl_by_dimension(torch.tensor([[1.0]]), torch.tensor([[math.log(4.0)]]))
    assert one.item() == pytest.approx(-0.5 * (1 + math.log(4) - 1 - 4))


def test_codes_are_drawn_from_the_encoder_s_normal() -> None:
    mu, log_var = torch.tensor([[3.0, -1.0]]), torch.tensor([[0.0, math.log(4.0)]])
    codes = draw(mu.expand(20_000, 2), log_var.expand(20_000, 2), torch.Generator().manual_seed(1))
    torch.testing.assert_close(codes.mean(0), mu[0], atol=0.05, rtol=0)
    torch.testing.assert_close(codes.std(0), torch.tensor([1.0, 2.0]), atol=0.05, rtol=0)
    again = draw(mu, log_var, torch.Generator().manual_seed(1))
    assert torch.equal(again, draw(mu, log_var, torch.Generator().manual_seed(1)))


@pytest.mark.parametrize(
    ("loss", "expected"), [("mse", (0.5**2 + 0.25**2) / 2), ("bce", (math.log(2) + math.log(4)) / 2)]
)
def test_the_reconstruction_loss_is_a_mean_over_pixels_times_its_factor(loss: str, expected: float) -> None:
    """Logits of 0 and log(1/3) are pictures of 0.5 and 0.25; they should have been 1 and 0.5, or 1 and 1."""
    config = TrainingConfig(loss=loss, reconstruction_factor=10)
    logits = torch.tensor([0.0, math.log(1 / 3)]).reshape(1, 1, 1, 2)
    images = torch.tensor([1.0, 0.5 if loss == "mse" else 1.0]).reshape(1, 1, 1, 2)
    assert reconstruction_loss(logits, images, config).item() == pytest.approx(10 * expected)
    summed = config.model_copy(update={"reduction": "sum"})
    assert reconstruction_loss(logits, images, summed).item() == pytest.approx(20 * expected)


def test_the_kl_weight_grows_and_free_nats_cost_nothing() -> None:
    kl = torch.tensor([0.01, 2.0])
    assert kl_term(kl, VariationalConfig(beta=3.0), 0.0).item() == pytest.approx(6.03)
    warming = VariationalConfig(beta=3.0, warm_up=10.0)
    terms = [kl_term(kl, warming, epochs).item() for epochs in (0.0, 5.0, 10.0, 99.0, math.inf)]
    assert terms == pytest.approx([0, 3.015, 6.03, 6.03, 6.03])
    mu = torch.tensor([[0.1, 2.0]], requires_grad=True)
    kl_term(kl_by_dimension(mu, torch.zeros(1, 2)), VariationalConfig(free_bits=0.5), 1.0).backward()
    assert mu.grad is not None
    assert mu.grad[0].tolist() == [0, 2]  # the first carries 0.005 nats, which are free


def test_the_vae_s_total_is_reconstruction_and_kl() -> None:
    losses = recipe_for("vae", info(8, 8), encoder=NARROW, decoder=NARROW).step()
    assert losses.keys() == {"total", "reconstruction", "kl_term", "kl", "active"}
    torch.testing.assert_close(losses["total"], losses["reconstruction"] + losses["kl_term"])
    torch.testing.assert_close(losses["kl_term"], losses["kl"])


@both
def test_the_checkerboard_is_measured_on_held_out_data_only(name: str) -> None:
    recipe = recipe_for(name, info(8, 8), encoder=NARROW, decoder=NARROW)
    assert "checkerboard" not in recipe.step()
    assert recipe.validate().keys() == {spec.name for spec in recipe.metrics}


@both
def test_validation_weighs_every_picture_alike_whatever_the_batches(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = recipe_for(name, info(8, 8), encoder=NARROW, decoder=NARROW)
    whole = recipe.validate()["reconstruction"]
    monkeypatch.setattr(training, "_VALIDATION_BATCH", 2)
    tolerance = {"rtol": 1e-3 if name == "ae" else 0.2, "atol": 0}  # other batches of a VAE draw other noise
    torch.testing.assert_close(recipe.validate()["reconstruction"], whole, **tolerance)


# The model


@both
def test_samples_lie_where_codes_do(name: str) -> None:
    model = recipe_for(name, info(8, 8), encoder=NARROW, decoder=NARROW).model()
    model.remember_box(torch.tensor([[2.0, -3.0], [4.0, 5.0]]))
    codes = model.random_codes(500, torch.Generator().manual_seed(1))
    if name == "ae":
        assert (codes.amin(0) >= torch.tensor([2.0, -3.0])).all()
        assert (codes.amax(0) <= torch.tensor([4.0, 5.0])).all()
    else:
        torch.testing.assert_close(codes.mean(0), torch.zeros(2), atol=0.15, rtol=0)
    pictures = model.sample(4, torch.Generator().manual_seed(1))
    assert 0 <= pictures.min() <= pictures.max() <= 1


# Engine and bare loop


@both
def test_the_engine_trains_exactly_as_a_bare_loop(data_dir: Path, tmp_path: Path, name: str) -> None:
    pictures = str(small_pictures(tmp_path))
    values = {"encoder": NARROW, "decoder": NARROW, "batch_size": 16, "dropout": 0.1, "batch_norm": True}
    with engine_in(data_dir) as engine:
        rhythm = {"steps": 10, "preview_every": 3, "validate_every": 4, "checkpoint_seconds": 0.0}
        job = engine.start(engine.config(name, data=pictures, device="cpu", threads=1, seed=3, **rhythm, **values))
        assert job.join(60)
        assert job.state is JobState.FINISHED, job.error
        trained = engine.load_model(job.run.id).state_dict()
        config = RECIPES[name].Config.model_validate(job.run.record.config.config)
        losses = job.run.history()["total"][1]
    weights, bare_losses = bare_loop(name, config, DataLibrary(data_dir / "datasets").open(pictures), seed=3, steps=10)
    np.testing.assert_allclose(losses, bare_losses, rtol=1e-8)
    for key, tensor in weights.items():
        if key not in ("lowest", "highest"):  # where codes lie, which previews look up
            assert torch.equal(tensor, trained[key]), key


def bare_loop(name: str, config: Any, data: ImageDataset, seed: int, steps: int) -> tuple[dict[str, Any], list[float]]:
    """Train as one would in a notebook."""
    torch.manual_seed(seed)
    noise = torch.Generator().manual_seed(seed)
    model: Any = RECIPES[name].build(config, data.info).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate, eps=1e-7, fused=True)
    batches = ImageBatches(data.train, config.batch_size, seed, torch.device("cpu"))
    losses = []
    for _ in range(steps):
        images, _ = batches.next()
        codes, *more = model.encoder(images)
        if name == "vae":
            mu, log_var = codes, more[0]
            codes = mu + (log_var / 2).exp() * torch.randn(mu.shape, generator=noise)
        loss = config.reconstruction_factor * functional.mse_loss(torch.sigmoid(model.decoder(codes)), images)
        if name == "vae":
            loss = loss - 0.5 * (1 + log_var - mu**2 - log_var.exp()).mean(0).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model.state_dict(), losses


def test_a_collapsed_code_is_told_with_a_remedy_but_not_before_anything_was_learnt():
    config = VariationalAutoencoderConfig(reconstruction_factor=10.0)
    check = PosteriorCollapse(config, 2)
    silent = {"validation/kl": 0.001, "validation/active": 0.0}
    assert check.look(2, silent) is None
    assert check.look(500, {"validation/kl": 5.0, "validation/active": 2.0}) is None
    finding = check.look(1000, silent)
    assert finding is not None and finding.kind == "posterior-collapse"
    assert finding.changes == {"reconstruction_factor": 100.0}
    assert check.look(1500, silent) is None  # once is enough
    assert PosteriorCollapse(config, 2, warm_up_steps=2000).look(1000, silent) is None


def test_a_code_that_is_mostly_idle_is_told_too() -> None:
    check = PosteriorCollapse(VariationalAutoencoderConfig(latent_size=20), 20)
    finding = check.look(1000, {"validation/kl": 9.0, "validation/active": 3.0})
    assert finding is not None and finding.kind == "idle-dimensions"
    assert finding.text.startswith("Only 3 of the 20 numbers")
    assert finding.changes == {"free_bits": 0.05}
