"""The fields and values of a run's config as the form shows them: recipe, run settings and data options in one list."""

import dataclasses
from typing import TYPE_CHECKING, Any

from gendesk.config import ConfigModel, FieldKind, FieldSpec, field_specs

if TYPE_CHECKING:
    from gendesk.data.dataset import DatasetKind
    from gendesk.engine.run_config import RunConfig


def form_fields(config_model: type[ConfigModel], kind: "DatasetKind") -> list[FieldSpec]:
    """Return the fields of a recipe's config, of every run and of a kind of data; devices are this machine's."""
    from gendesk.data.options import options_for
    from gendesk.engine.devices import devices
    from gendesk.engine.run_config import RunSettings

    choices = ("auto", *(device.id for device in devices()))
    fields = [*field_specs(config_model), *field_specs(RunSettings), *field_specs(options_for(kind))]
    return [
        dataclasses.replace(field, kind=FieldKind.CHOICE, choices=choices) if field.name == "device" else field
        for field in fields
    ]


def flat_values(config: "RunConfig") -> dict[str, Any]:
    """Return all values of a run config by field name, as the form knows them."""
    return {
        **config.config,
        **config.settings.model_dump(mode="json"),
        **config.data_options.model_dump(mode="json"),
    }
