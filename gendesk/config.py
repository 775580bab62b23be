"""One declaration per setting: form, command line, saved JSON and tooltips all come from these pydantic models."""

import copy
import json
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.fields import FieldInfo

from gendesk.errors import InputError


class ConfigModel(BaseModel):
    """Base of every config: frozen, no unknown fields, no NaN, and every field declared with `setting`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    def with_values(self, values: Mapping[str, Any]) -> Self:
        """Return a checked copy with some fields replaced; raises InputError in one sentence."""
        return checked(type(self), {**self.model_dump(), **values})


def setting(
    default: Any,
    title: str,
    description: str,
    *,
    group: str,
    unit: str = "",
    advanced: bool = False,
    ge: float | None = None,
    le: float | None = None,
    **extra: Any,
) -> Any:
    """Declare one field of a config.

    `group` is its section in the form; `unit` stands behind the number; `advanced` fields are folded away;
    `ge` and `le` bound a number, or the length of a tuple.
    """
    bounds: dict[str, Any] = {"ge": ge, "le": le}
    if isinstance(default, tuple):
        bounds = {"min_length": ge, "max_length": le}
    return Field(
        default,
        title=title,
        description=description,
        json_schema_extra={"group": group, "unit": unit, "advanced": advanced},
        **bounds,
        **extra,
    )


ModelT = TypeVar("ModelT", bound=ConfigModel)


def with_defaults(base: type[ModelT], name: str, **defaults: Any) -> type[ModelT]:
    """Return a config like `base`, with other defaults for some fields; words and bounds stay those of `base`."""
    unknown = defaults.keys() - base.model_fields.keys()
    if unknown:
        raise TypeError(f"{base.__name__} has no field {sorted(unknown)[0]}.")
    fields: dict[str, Any] = {}
    for field, default in defaults.items():
        info = copy.copy(base.model_fields[field])
        info.default = default
        fields[field] = (info.annotation, info)
    return create_model(name, __base__=base, __module__=base.__module__, __doc__=base.__doc__, **fields)


class FieldKind(StrEnum):
    INTEGER = "integer"
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    TEXT = "text"
    TABLE = "table"


@dataclass(frozen=True)
class FieldSpec:
    """What a form, a tooltip or a help page needs to know of one field.

    `minimum` and `maximum` bound a number, or the number of rows of a table; `columns` are the fields of its rows.
    """

    name: str
    title: str
    description: str
    group: str
    unit: str
    advanced: bool
    kind: FieldKind
    default: Any
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Any, ...] = ()
    columns: tuple["FieldSpec", ...] = ()


_LIMITS = {"ge": "minimum", "le": "maximum", "min_length": "minimum", "max_length": "maximum"}


def field_specs(model: type[ConfigModel]) -> tuple[FieldSpec, ...]:
    """Return the fields of a config model in the order of their declaration."""
    return tuple(_field_spec(name, info) for name, info in model.model_fields.items())


def _field_spec(name: str, info: FieldInfo) -> FieldSpec:
    extra = info.json_schema_extra
    if not isinstance(extra, dict) or not info.title or not info.description:
        raise TypeError(f"The field {name} is not declared with setting().")
    kind, choices, columns = _kind_of(info.annotation)
    default = info.get_default(call_default_factory=True)
    limits = {
        key: getattr(constraint, attribute)
        for constraint in info.metadata
        for key, attribute in (
            ("minimum", "ge"),
            ("maximum", "le"),
            ("minimum", "min_length"),
            ("maximum", "max_length"),
        )
        if getattr(constraint, attribute, None) is not None
    }
    return FieldSpec(
        name=name,
        title=info.title,
        description=info.description,
        group=str(extra["group"]),
        unit=str(extra["unit"]),
        advanced=bool(extra["advanced"]),
        kind=kind,
        default=_plain(default),
        choices=choices,
        columns=columns,
        **limits,
    )


def _kind_of(annotation: Any) -> tuple[FieldKind, tuple[Any, ...], tuple[FieldSpec, ...]]:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return FieldKind.CHOICE, arguments, ()
    if origin is tuple and isinstance(arguments[0], type) and issubclass(arguments[0], ConfigModel):
        return FieldKind.TABLE, (), field_specs(arguments[0])
    simple = {bool: FieldKind.SWITCH, int: FieldKind.INTEGER, float: FieldKind.NUMBER, str: FieldKind.TEXT}
    if isinstance(annotation, type) and annotation in simple:
        return simple[annotation], (), ()
    raise TypeError(f"No form field is known for the type {annotation}.")


def _plain(value: Any) -> Any:
    if isinstance(value, ConfigModel):
        return value.model_dump()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def checked(model: type[ModelT], values: Mapping[str, Any]) -> ModelT:
    """Make a config from plain values; raises InputError in one sentence that names the field."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InputError(_sentence(model, error)) from error


def _sentence(model: type[ConfigModel], error: ValidationError) -> str:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"There is no setting named {field}; known are {', '.join(_model_at(model, first['loc']).model_fields)}."
    message = first["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{field or 'The settings'}: {message} (given: {_shown(first['input'])})." if field else f"{message}."


def _model_at(model: type[ConfigModel], location: tuple[int | str, ...]) -> type[ConfigModel]:
    """Return the model that the last part of a location is a field of: the outer one, or that of a table's rows."""
    for part in location[:-1]:
        if isinstance(part, str):
            model = typing.get_args(model.model_fields[part].annotation)[0]
    return model


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def parse_assignments(assignments: list[str]) -> dict[str, Any]:
    """Read `FIELD=VALUE` words into plain values: JSON where it parses, else text; raises InputError."""
    values: dict[str, Any] = {}
    for word in assignments:
        name, equals, text = word.partition("=")
        if not equals or not name.strip():
            raise InputError(f"Write settings as FIELD=VALUE, not {word!r}.")
        try:
            values[name.strip()] = json.loads(text)
        except ValueError:  # no JSON, or a number of more digits than Python reads
            values[name.strip()] = {"True": True, "False": False}.get(text, text)
    return values


def differences(before: ConfigModel, after: ConfigModel) -> dict[str, tuple[Any, Any]]:
    """Return the fields whose values differ, with both values as plain data."""
    old, new = before.model_dump(), after.model_dump()
    return {name: (old.get(name), value) for name, value in new.items() if old.get(name) != value}
