"""Configs as people meet them: fields of a form, words of the command line, sentences about mistakes."""

import json
from typing import Literal

import pytest
from pydantic import field_validator

from gendesk.config import ConfigModel, FieldKind, checked, differences, field_specs, parse_assignments, setting
from gendesk.engine.run_config import RunConfig
from gendesk.errors import InputError


class Layer(ConfigModel):
    width: int = setting(8, "Width", "How wide.", group="Model", ge=1, le=64)


class Settings(ConfigModel):
    rate: float = setting(0.1, "Rate", "How fast.", group="Training", unit="1/s", ge=0, le=1)
    count: int = setting(3, "Count", "How many.", group="Training", ge=1)
    flag: bool = setting(False, "Flag", "Whether.", group="Training", advanced=True)
    loss: Literal["mse", "bce"] = setting("mse", "Loss", "Which.", group="Training")
    device: str = setting("auto", "Device", "Where.", group="Run")
    layers: tuple[Layer, ...] = setting((Layer(width=4),), "Layers", "What.", group="Model", ge=1, le=3)

    @field_validator("count")
    @classmethod
    def _not_thirteen(cls, count: int) -> int:
        if count == 13:
            raise ValueError("Thirteen brings bad luck")
        return count


def test_fields_tell_a_form_all_it_needs() -> None:
    specs = {spec.name: spec for spec in field_specs(Settings)}
    kinds = [FieldKind.NUMBER, FieldKind.INTEGER, FieldKind.SWITCH, FieldKind.CHOICE, FieldKind.TEXT, FieldKind.TABLE]
    assert [spec.kind for spec in specs.values()] == kinds
    rate = specs["rate"]
    assert (rate.title, rate.description, rate.group, rate.unit) == ("Rate", "How fast.", "Training", "1/s")
    assert (rate.minimum, rate.maximum, rate.default, rate.advanced) == (0, 1, 0.1, False)
    assert (specs["count"].minimum, specs["count"].maximum) == (1, None)
    assert specs["flag"].advanced
    assert specs["loss"].choices == ("mse", "bce")
    assert (specs["layers"].minimum, specs["layers"].maximum) == (1, 3)
    assert specs["layers"].default == [{"width": 4}]
    assert [column.name for column in specs["layers"].columns] == ["width"]


def test_a_field_without_words_for_people_is_a_mistake_of_its_author() -> None:
    class Bare(ConfigModel):
        rate: float = 1.0

    with pytest.raises(TypeError, match="rate is not declared"):
        field_specs(Bare)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"rate": 2}, "rate: Input should be less than or equal to 1 (given: 2)."),
        ({"rate": float("nan")}, "rate: Input should be a finite number (given: nan)."),
        ({"count": 2.5}, "count: Input should be a valid integer, got a number with a fractional part (given: 2.5)."),
        ({"count": 13}, "count: Thirteen brings bad luck (given: 13)."),
        ({"loss": "mae"}, "loss: Input should be 'mse' or 'bce' (given: 'mae')."),
        ({"layers": [{"width": 4}, {"width": 0}]}, "layers.1.width: Input should be greater than or equal to 1"),
        ({"layers": [{"wide": 4}]}, "There is no setting named layers.0.wide; known are width."),
        ({"rite": 1}, "There is no setting named rite; known are rate, count, flag, loss, device, layers."),
        ({"device": "x" * 500, "count": "y" * 500}, "(given: 'yyy"),
    ],
)
def test_a_mistake_is_one_sentence_that_names_field_and_value(values: dict, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        checked(Settings, values)
    text = str(caught.value)
    assert sentence in text
    assert text.endswith(".")
    assert "\n" not in text
    assert len(text) < 200


def test_changed_copies_are_checked_too() -> None:
    changed = Settings().with_values({"rate": 0.5, "layers": [{"width": 2}]})
    assert changed.rate == 0.5
    assert changed.layers == (Layer(width=2),)
    assert differences(Settings(), changed) == {"rate": (0.1, 0.5), "layers": (({"width": 4},), ({"width": 2},))}
    with pytest.raises(InputError, match="count"):
        Settings().with_values({"count": 0})


def test_configs_are_frozen_and_round_trip_through_json() -> None:
    config = Settings(count=5, layers=(Layer(width=1), Layer(width=2)))
    assert Settings.model_validate(json.loads(json.dumps(config.model_dump(mode="json")))) == config
    with pytest.raises(ValueError, match="frozen"):
        config.count = 6  # type: ignore[misc]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("a=3", 3),
        ("a=0.5", 0.5),
        ("a=1e-3", 0.001),
        ("a=true", True),
        ("a=True", True),
        ("a=False", False),
        ("a=bce", "bce"),
        ("a=", ""),
        ("a=x=y", "x=y"),
        (" a =3", 3),
        ('a=[{"filters": 4}]', [{"filters": 4}]),
        ('a="3"', "3"),
        ("a=[1,", "[1,"),
        ("a=" + "9" * 5000, "9" * 5000),
    ],
)
def test_words_of_the_command_line_become_plain_values(word: str, value: object) -> None:
    parsed = parse_assignments([word])["a"]
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize("word", ["a", "=3", " =3", ""])
def test_words_without_a_field_are_refused(word: str) -> None:
    with pytest.raises(InputError, match="FIELD=VALUE"):
        parse_assignments([word])


def test_a_run_config_sorts_values_to_where_they_belong() -> None:
    base = RunConfig(recipe="vae", preset="quick", data="glyphs", config={})
    made = base.with_values(Settings, {"rate": 0.5, "steps": 7, "image_size": 32})
    assert (made.config["rate"], made.settings.steps, made.data_options.image_size) == (0.5, 7, 32)
    assert made.config["layers"] == [{"width": 4}]
    assert RunConfig.model_validate_json(made.model_dump_json()) == made
    with pytest.raises(InputError, match=r"vae has no setting rite; known are .*count.*image_size.*steps"):
        base.with_values(Settings, {"rite": 1})


@pytest.mark.parametrize(
    "values",
    [{"steps": -1}, {"seed": -1}, {"epochs": 0}, {"precision": "half"}, {"image_size": 3}, {"preview_every": 0}],
)
def test_bad_values_of_every_part_are_refused(values: dict) -> None:
    with pytest.raises(InputError, match=next(iter(values))):
        RunConfig(recipe="vae", preset="quick", data="glyphs", config={}).with_values(Settings, values)
