"""All that one training needs to be told; frozen when it starts, saved with the run, enough to repeat it."""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from gendesk.config import ConfigModel, setting
from gendesk.data.options import DataOptions, ImageOptions
from gendesk.errors import InputError


class RunSettings(ConfigModel):
    """Settings that every recipe shares: how long, where, and how often the run looks at itself."""

    epochs: float = setting(
        10.0,
        "Epochs",
        "How many times every training image is shown. More takes longer and usually looks better, up to a point.",
        group="Training",
        ge=0.001,
        le=100_000,
    )
    steps: int = setting(
        0,
        "Steps",
        "Stop after this many steps; 0 trains for the epochs given above.",
        group="Run",
        advanced=True,
        ge=0,
        le=100_000_000,
    )
    seed: int = setting(
        1,
        "Seed",
        "Where all randomness starts: the same seed and settings give the same model.",
        group="Run",
        ge=0,
        le=2**31 - 1,
    )
    device: str = setting("auto", "Device", "What trains: auto, cpu, cuda, cuda:1, mps ...", group="Run")
    precision: Literal["exact", "fast"] = setting(
        "exact",
        "Precision",
        "exact: 32-bit numbers, and resuming continues bit for bit. fast: tries 16-bit numbers on this machine and "
        "takes what is quicker.",
        group="Run",
    )
    threads: int = setting(
        0, "Threads", "CPU threads for training; 0 takes all cores.", group="Run", advanced=True, ge=0, le=256
    )
    preview_every: int = setting(
        100,
        "Previews every",
        "Steps between two sets of pictures. Fewer steps show more, and cost a little time.",
        group="Run",
        unit="steps",
        ge=1,
        le=1_000_000,
    )
    validate_every: int = setting(
        0,
        "Validate every",
        "Steps between two tests on held-out data; 0 tests after each epoch.",
        group="Run",
        unit="steps",
        advanced=True,
        ge=0,
        le=1_000_000,
    )
    checkpoint_seconds: float = setting(
        60.0,
        "Save every",
        "Time between two saved states. After a crash or a power cut, at most this much work is lost.",
        group="Run",
        unit="s",
        advanced=True,
        ge=0,
        le=86_400,
    )
    keep_checkpoints: int = setting(
        3,
        "Keep",
        "How many of the newest saved states are kept, beside the best and the pinned ones.",
        group="Run",
        unit="states",
        advanced=True,
        ge=1,
        le=1000,
    )
    score_every: int = setting(
        0,
        "Score every",
        "Steps between two scores of the samples against real pictures, worked out beside the training; 0: none. They "
        "need a feature network for the data. While one is worked out, no other begins.",
        group="Run",
        unit="steps",
        advanced=True,
        ge=0,
        le=1_000_000,
    )
    score_count: int = setting(
        1000,
        "Scored pictures",
        "How many samples are compared with as many real pictures. More make scores steadier and take longer; only "
        "scores of the same count compare.",
        group="Run",
        unit="pictures",
        advanced=True,
        ge=20,
        le=50_000,
    )
    score_fid: bool = setting(
        False,
        "FID",
        "Measure FID with each score, too, from the Inception weights in the settings of gendesk. It takes 2,500 "
        "pictures, up to an hour's work of a CPU, and the end of the run waits for the last one.",
        group="Run",
        advanced=True,
    )


class RunConfig(BaseModel):
    """Recipe, preset, data and every setting of one run; `config` holds the recipe's own settings as plain data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    recipe: str
    preset: str
    data: str
    config: dict[str, Any]
    settings: RunSettings = RunSettings()
    data_options: DataOptions = ImageOptions()
    name: str = ""

    def with_values(self, config_model: type[ConfigModel], values: dict[str, Any]) -> Self:
        """Return a copy with some fields replaced, wherever they belong; raises InputError for unknown or bad ones."""
        options = type(self.data_options).model_fields
        own = {name: value for name, value in values.items() if name in config_model.model_fields}
        run = {name: value for name, value in values.items() if name in RunSettings.model_fields}
        data = {name: value for name, value in values.items() if name in options}
        unknown = values.keys() - own.keys() - run.keys() - data.keys()
        if unknown:
            known = [*config_model.model_fields, *RunSettings.model_fields, *options]
            raise InputError(
                f"{self.recipe} has no setting {sorted(unknown)[0]}; known are {', '.join(sorted(known))}."
            )
        checked_config = config_model.model_validate(self.config).with_values(own)
        return self.model_copy(
            update={
                "config": checked_config.model_dump(mode="json"),
                "settings": self.settings.with_values(run),
                "data_options": self.data_options.with_values(data),
            }
        )
