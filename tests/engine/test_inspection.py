"""Looking into networks: the book's numbers, shapes for any picture, and no trace left in a training beside it."""

from typing import Any

import pytest
import torch
from torch import nn

from gendesk.data.dataset import ImageInfo
from gendesk.data.options import ImageOptions
from gendesk.engine.families import find_families
from gendesk.engine.inspection import Inspection, LayerInfo, assumed_info, inspect
from gendesk.engine.recipe import Model
from gendesk.errors import InputError
from tests.support.training import families

RECIPES = find_families().recipes


def book(recipe: str, data: str = "glyphs", **values: Any) -> Inspection:
    return inspect(RECIPES[recipe], values, assumed_info(data))


def layers_with_weights(inspection: Inspection) -> list[LayerInfo]:
    return [layer for layer in inspection.layers if layer.parameters]


@pytest.mark.parametrize(("recipe", "count"), [("ae", 200_963), ("vae", 207_237)])
def test_the_book_s_networks_have_the_printed_number_of_parameters(recipe: str, count: int) -> None:
    found = book(recipe)
    assert found.parameters == count
    assert sum(layer.share for layer in found.layers) == pytest.approx(1)
    assert found.problem == ""
    assert found.shape == (1, 28, 28)


def test_layers_come_in_the_order_of_the_data_with_their_shapes() -> None:
    layers = layers_with_weights(book("ae"))
    assert [(layer.network, layer.kind) for layer in layers] == [
        *[("encoder", "Convolution")] * 4,
        *[("encoder", "Dense"), ("decoder", "Dense")],
        *[("decoder", "Transposed convolution")] * 4,
    ]
    assert [layer.inputs for layer in layers[:5]] == [(1, 28, 28), (32, 28, 28), (64, 14, 14), (64, 7, 7), (3136,)]
    assert [layer.outputs for layer in layers[-4:]] == [(64, 7, 7), (64, 14, 14), (32, 28, 28), (1, 28, 28)]
    assert (layers[1].kernel, layers[1].stride) == ((3, 3), (2, 2))
    assert layers[1].parameters == 32 * 64 * 9 + 64


def test_work_and_memory_are_those_of_one_picture() -> None:
    found = book("ae")
    first, second = layers_with_weights(found)[:2]
    assert first.multiply_adds == 28 * 28 * 9 * 32
    assert second.multiply_adds == 14 * 14 * 9 * 32 * 64
    assert layers_with_weights(found)[-2].multiply_adds == 14 * 14 * 9 * 64 * 32
    assert first.activation_bytes == 28 * 28 * 32 * 4
    assert found.multiply_adds == sum(layer.multiply_adds for layer in found.layers)
    assert found.activation_bytes > first.activation_bytes


def test_batch_normalisation_counts_with_its_statistics() -> None:
    added = 4 * (32 + 64 + 64 + 64) + 4 * (64 + 64 + 32)
    assert book("vae", batch_norm=True).parameters == 207_237 + added


@pytest.mark.parametrize(
    ("data", "options", "shape"),
    [
        ("glyphs", {}, (1, 28, 28)),
        ("cifar10", {}, (3, 32, 32)),
        ("quickdraw-strokes:cat", {}, (1, 32, 32)),
        ("/home/me/pictures", {"image_size": 64, "color": "rgb"}, (3, 64, 64)),
        ("cifar10", {"color": "grey"}, (1, 32, 32)),
    ],
)
def test_data_that_have_not_been_opened_have_a_shape(data: str, options: dict[str, Any], shape: tuple[int]) -> None:
    assert assumed_info(data, ImageOptions(**options)).item_shape == shape


def test_settings_that_do_not_fit_are_refused_in_one_sentence() -> None:
    flat = [{"filters": 1, "kernel": 3, "stride": 1}]
    with pytest.raises(InputError, match=r"^The decoder makes pictures of 7x7 pixels.*\.$"):
        book("vae", decoder=flat)
    with pytest.raises(InputError, match="latent_size"):
        book("vae", latent_size=0)


def test_networks_larger_than_any_memory_are_counted_without_it() -> None:
    found = book("vae", latent_size=1024, dense=8192, encoder=[{"filters": 1024, "kernel": 3, "stride": 1}] * 8)
    assert found.parameters > 6_000_000_000


def test_a_look_takes_no_random_number_and_leaves_the_device_as_it_was() -> None:
    before = torch.get_rng_state()
    book("vae", dropout=0.5)
    assert torch.equal(before, torch.get_rng_state())
    assert torch.empty(1).device.type == "cpu"


def test_parameters_outside_of_any_layer_are_counted_too() -> None:
    found = inspect(families().recipe("tiny"), {}, assumed_info("glyphs"))
    assert [(layer.network, layer.kind, layer.parameters) for layer in found.layers] == [("model", "TinyModel", 2)]


class Stubborn(Model):
    """Looks at values, which cannot be done where there are none."""

    latent_size = 2

    def __init__(self) -> None:
        super().__init__()
        self.decoder = nn.Linear(2, 3)

    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        return self.decoder(codes) * codes.sum().item()


class StubbornRecipe(families().recipe("tiny").load()):  # type: ignore[misc]  # a base that is found at run time
    """Makes a model that cannot be followed to its end."""

    @classmethod
    def build(cls, config: Any, info: ImageInfo) -> Stubborn:
        return Stubborn()


def test_a_model_that_cannot_be_followed_is_counted_all_the_same() -> None:
    found = inspect(StubbornRecipe, {}, assumed_info("glyphs"))
    assert found.parameters == 9
    assert found.problem.endswith(".")
