"""Directions on models small enough to know what must come out, and their file in hostile hands."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from gendesk.data.dataset import Attribute, DatasetKind, ImageDataset, ImageInfo, ImageSplit
from gendesk.engine.latent.directions import (
    Direction,
    Groups,
    Kind,
    between,
    cosines,
    leaving_alone,
    principal,
    vectors,
)
from gendesk.engine.latent.directions_decoder import ComponentsWanted, decoder_components
from gendesk.engine.latent.directions_file import (
    DIRECTIONS_FILE,
    LARGEST_FILE,
    load_directions,
    read_directions,
    save_directions,
)
from gendesk.engine.latent.directions_measuring import BATCH, Measurement, Trait, measure, measured, traits
from gendesk.engine.latent.survey import survey
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError, StoredDataError


class Pixels(Model):
    """A code is a picture of 1x4 pixels."""

    latent_size = 4

    def encode(self, images: Tensor) -> Tensor:
        return images.flatten(1)

    def decode(self, codes: Tensor) -> Tensor:
        return codes.reshape(-1, 1, 1, 4).clamp(0, 1)


class Stretching(Model):
    """Its first layer stretches the second number of a code most, then the fourth."""

    latent_size = 4

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, 6)
        with torch.no_grad():
            self.first.weight.zero_()
            for number, (unit, scale) in enumerate(((0, 1.0), (1, 8.0), (2, 0.5), (3, 3.0))):
                self.first.weight[unit, number] = scale

    def decode(self, codes: Tensor) -> Tensor:
        return torch.sigmoid(self.first(codes)).reshape(-1, 1, 2, 3)


def pictures(count: int, seed: int = 1) -> ImageSplit:
    """Pixel 0 is bright with glasses, pixel 1 with a smile, pixel 2 for class 1; pixel 3 is noise."""
    rng = np.random.default_rng(seed)
    glasses = rng.integers(0, 3, count)
    smile = rng.random(count)
    labels = rng.integers(0, 2, count)
    noise = rng.integers(0, 20, (count, 4))
    bright = np.stack([100 * (glasses > 0), 100 * smile, 100 * labels, np.zeros(count)], 1)
    images = (noise + bright).astype(np.uint8).reshape(count, 1, 4, 1)
    values = np.stack([glasses, smile], 1).astype(np.float32)
    return ImageSplit(images, labels.astype(np.int64), values)


def run_data(folder: Path, train: ImageSplit) -> RunData:
    info = ImageInfo(
        kind=DatasetKind.IMAGES,
        name="four",
        title="Four pixels",
        fingerprint="f",
        train_count=len(train),
        test_count=40,
        height=1,
        width=4,
        channels=1,
        classes=("dark", "light"),
        attributes=(
            Attribute(name="glasses", title="Glasses", values=("none", "round", "sun")),
            Attribute(name="smile", title="Smile"),
        ),
    )
    return RunData(folder, ImageDataset(info, train, pictures(40, 2)), lambda _target: None)


def finish(model: Model, data: RunData, trait: Trait) -> Measurement:
    measurement = Measurement(trait)
    while not measurement.done:
        with torch.inference_mode():
            measurement = measure(model, data, measurement)
    return measurement


def test_what_can_be_asked_follows_from_the_data(tmp_path: Path) -> None:
    found = traits(Pixels(), run_data(tmp_path, pictures(100)))
    told = [(trait.title, trait.value, trait.values, trait.any_value) for trait in found]
    assert told == [
        ("Glasses", "", (1, 2), True),
        ("Glasses", "none", (0,), False),
        ("Glasses", "round", (1,), False),
        ("Glasses", "sun", (2,), False),
        ("Smile", "", (), False),
        ("Class", "light", (1,), False),
    ]
    assert found[4].threshold == pytest.approx(0.5, abs=0.1)
    assert traits(Pixels(), RunData(tmp_path, None, lambda _target: None)) == ()


def test_attributes_are_found_counted_and_brought_to_unit_length(tmp_path: Path) -> None:
    data = run_data(tmp_path, pictures(3000))
    glasses, *_, smile, light = traits(Pixels(), data)
    for trait, pixel, length in ((glasses, 0, 100 / 255), (smile, 1, 50 / 255), (light, 2, 100 / 255)):
        measurement = finish(Pixels(), data, trait)
        direction = measured(measurement, "name")
        assert measurement.done == "settled" and measurement.seen == 2 * BATCH < 3000
        assert np.linalg.norm(direction.vector) == pytest.approx(1, abs=1e-6)
        assert direction.vector[pixel] > 0.98 and direction.length == pytest.approx(length, rel=0.1)
        assert direction.positives + direction.negatives == measurement.seen
        assert [line.pictures for line in direction.log] == [BATCH, 2 * BATCH]
        assert direction.log[-1].length == pytest.approx(direction.length)


def test_a_rare_attribute_is_not_settled_by_batches_without_it(tmp_path: Path) -> None:
    train = pictures(3000)
    assert train.attributes is not None
    train.attributes[:, 0] = 0
    train.attributes[7, 0] = 1  # one of three thousand
    data = run_data(tmp_path, train)
    trait = traits(Pixels(), data)[0]
    measurement = finish(Pixels(), data, trait)
    assert measurement.done == "all" and measured(measurement, "glasses").positives == 1
    train.attributes[7, 0] = 0
    with pytest.raises(InputError, match="no training pictures with glasses"):
        measured(finish(Pixels(), data, trait), "glasses")


def test_unknown_values_count_for_neither_side(tmp_path: Path) -> None:
    train = pictures(400)
    assert train.attributes is not None
    train.attributes[:100] = np.nan
    data = run_data(tmp_path, train)
    found = traits(Pixels(), data)
    for trait in (found[0], found[4]):
        direction = measured(finish(Pixels(), data, trait), "name")
        assert direction.positives + direction.negatives == 300


def test_ten_thousand_positives_are_enough(tmp_path: Path) -> None:
    data = run_data(tmp_path, pictures(400))
    begun = Measurement(Trait(-1, "Class", "light", (1,)))
    first = measure(Pixels(), data, begun)
    assert first.done == "all"
    rng = np.random.default_rng(3)
    images = rng.integers(0, 256, (12_000, 1, 4, 1)).astype(np.uint8) * (rng.random((12_000, 1, 1, 1)) < 0.5)
    restless = ImageSplit(images, np.ones(12_000, np.int64), None)  # nobody is without, so nothing ever settles
    measurement = finish(Pixels(), run_data(tmp_path, restless), begun.trait)
    assert measurement.done == "many" and measurement.seen == 10_000


def test_two_groups_of_codes_and_of_own_pictures_make_a_direction() -> None:
    codes = np.eye(4, dtype=np.float32)
    none = np.empty((0, 1, 4, 1), np.uint8)
    direction = between(Pixels(), Groups("mine", codes[:1], codes[1:2], none, none))
    np.testing.assert_allclose(direction.vector, [0.5**0.5, -(0.5**0.5), 0, 0], atol=1e-6)
    assert (direction.length, direction.kind) == (pytest.approx(2**0.5), Kind.GROUPS)
    own = np.array([0, 0, 255, 0], np.uint8).reshape(1, 1, 4, 1)
    direction = between(Pixels(), Groups("mine", codes[:1], codes[1:2], own, none))
    np.testing.assert_allclose(direction.vector, np.array([0.5, -1, 0.5, 0]) / 1.5**0.5, atol=1e-6)
    assert (direction.positives, direction.negatives) == (2, 1)
    with pytest.raises(InputError, match="at least one picture"):
        between(Pixels(), Groups("mine", codes[:1], codes[:0], none, none))
    with pytest.raises(InputError, match="same mean"):
        between(Pixels(), Groups("mine", codes[:1], codes[:1], none, none))


def test_principal_components_are_those_of_real_codes(tmp_path: Path) -> None:
    found = survey(Pixels(), run_data(tmp_path, pictures(100)))
    first = principal(found, 0, "first")
    assert np.linalg.norm(first.vector) == pytest.approx(1, abs=1e-6)
    shares = [principal(found, number, "").share for number in range(4)]
    assert shares == sorted(shares, reverse=True) and sum(shares) == pytest.approx(1)


def test_a_decoder_alone_tells_what_it_stretches_most() -> None:
    with torch.inference_mode():
        found = decoder_components(Stretching(), ComponentsWanted(3))
    assert [one.name for one in found] == ["1", "2", "3"]
    for one, number in zip(found, (1, 3, 0), strict=True):
        assert abs(one.vector[number]) > 0.98 and one.kind is Kind.DECODER
    assert found[0].share == pytest.approx(64 / 74.25, abs=0.02)
    assert len(decoder_components(Pixels(), ComponentsWanted(9))) == 4  # without layers, by its pictures
    with torch.no_grad(), pytest.raises(InputError, match="the same of every code"):
        dull = Stretching()
        dull.first.weight.zero_()
        dull.first.bias.fill_(0.1)  # whose mean over many codes is not exactly itself
        decoder_components(dull, ComponentsWanted(1))


def test_others_leave_alone_what_is_kept() -> None:
    rows = vectors([direction("a", 1, 1, 0, 0), direction("b", 1, 0, 0, 0), direction("c", 2, 0, 0, 0)], 4)
    free = leaving_alone(rows, [False, True, False])
    np.testing.assert_allclose(free, [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]], atol=1e-6)
    np.testing.assert_allclose(cosines(free), np.diag([1, 1, 0]), atol=1e-6)
    np.testing.assert_array_equal(leaving_alone(rows, [False] * 3), rows)
    both = leaving_alone(rows, [False, True, True])  # two kept ones that are the same
    np.testing.assert_allclose(both[0], [0, 1, 0, 0], atol=1e-6)


def direction(name: str, *values: float) -> Direction:
    vector = np.array(values) / np.linalg.norm(values)
    return Direction(name, Kind.PRINCIPAL, tuple(vector.astype(np.float32).tolist()), share=0.5)


def test_directions_are_kept_with_the_run(tmp_path: Path) -> None:
    data = run_data(tmp_path, pictures(600))
    model = Pixels()
    glasses = measured(finish(model, data, traits(model, data)[0]), "Glasses, of any kind")
    assert load_directions(model, data) == ()
    for kept in ((glasses, direction("b", 1, 2, 3, 4)), ()):
        save_directions(model, data, kept)
        found = load_directions(model, data)
        assert [(one.name, one.kind, one.log) for one in found] == [(one.name, one.kind, one.log) for one in kept]
        for one, other in zip(found, kept, strict=True):
            np.testing.assert_allclose(one.vector, other.vector, atol=1e-6)
    with pytest.raises(InputError, match="cannot be saved"):
        save_directions(model, RunData(Path("/proc/nowhere"), None, lambda _target: None), (glasses,))


def hostile(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "name": "a", "kind": "groups", "positives": 1, "negatives": 1, "length": 1.0, "share": 0.0, "log": [],
    }  # fmt: skip
    return {**values, **changes}


@pytest.mark.parametrize(
    ("listed", "stored"),
    [
        ([hostile(name="x" * 5000)], torch.ones(1, 4)),
        ([hostile(kind="other")], torch.ones(1, 4)),
        ([hostile(length=-1.0)], torch.ones(1, 4)),
        ([hostile()] * 1000, torch.ones(1000, 4)),
        ([hostile()], torch.ones(1, 5)),
        ([hostile()], torch.ones(2, 4)),
        ([hostile()], torch.zeros(1, 4)),
        ([hostile()], torch.full((1, 4), torch.nan)),
        ([hostile()], torch.ones(1, 4, dtype=torch.int64)),
        ({"not": "a list"}, torch.ones(1, 4)),
    ],
)
def test_files_of_strangers_are_checked(tmp_path: Path, listed: object, stored: Tensor) -> None:
    tree = {"directions": listed, "vectors": {"$tensor": "v"}}
    header = {"gendesk": json.dumps({"schema": 1, "tree": tree})}
    save_file({"v": stored}, tmp_path / DIRECTIONS_FILE, header)
    with pytest.raises(StoredDataError, match=r"remove it to begin anew\.$"):
        read_directions(tmp_path, 4)


def test_what_is_no_such_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / DIRECTIONS_FILE
    path.write_bytes(b"\x80\x04pickle")
    with pytest.raises(StoredDataError, match="cannot be read"):
        read_directions(tmp_path, 4)
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(StoredDataError, match="no file of directions"):
        read_directions(tmp_path, 4)
    path.unlink()
    path.symlink_to("/dev/zero")
    with pytest.raises(StoredDataError, match="no file of directions"):
        read_directions(tmp_path, 4)
    path.unlink()
    nested = '{"schema": 1, "tree": ' + "[" * 100_000 + "]" * 100_000 + "}"
    save_file({"v": torch.ones(1)}, path, {"gendesk": nested})
    with pytest.raises(StoredDataError):
        read_directions(tmp_path, 4)
