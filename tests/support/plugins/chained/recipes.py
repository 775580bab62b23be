"""Stages of a pipeline that count: each goes on from the number that the run before it has come to."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import torch
from torch import nn

from gendesk.config import ConfigModel, setting
from gendesk.data.dataset import DatasetKind, RaceDataset
from gendesk.engine.preview import Preview, TablePreview
from gendesk.engine.recipe import MetricSpec, Model, Recipe


class CountConfig(ConfigModel):
    upstream: str = setting("", "Upstream", "The run to build on; empty: the latest finished one.", group="Model")
    step_ms: float = setting(0.0, "Step time", "How long a step takes.", group="Test", unit="ms", ge=0)
    fail_at: int = setting(0, "Fail at", "The step that fails; 0: none.", group="Test", ge=0)


class FirstConfig(CountConfig):
    goes_on: bool = setting(False, "Goes on", "Whether it begins with what the last stage has made.", group="Test")


class CountModel(Model):
    """Knows one number."""

    def __init__(self) -> None:
        super().__init__()
        self.number = nn.Parameter(torch.zeros(()))


class CountRecipe(Recipe[CountConfig, RaceDataset]):
    Config: ClassVar[type[ConfigModel]] = CountConfig
    accepts = DatasetKind.RACES
    metrics = (MetricSpec("number", "Number", "What has been counted.", "Number", "max"),)
    best = "number"

    def __init__(self, config: CountConfig, data: RaceDataset, context: Any) -> None:
        super().__init__(config, data, context)
        self._model = self.build(config, data.info)
        if context.upstream is not None:
            self._model.load_state_dict(context.upstream.model().state_dict())
        self._done = 0

    @classmethod
    def build(cls, config: CountConfig, info: Any) -> CountModel:
        return CountModel()

    def model(self) -> CountModel:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return 10

    @property
    def samples_per_step(self) -> int:
        return 1

    def step(self) -> Mapping[str, Any]:
        time.sleep(self.config.step_ms / 1000)
        self._done += 1
        if self._done == self.config.fail_at:
            raise ValueError("the step was told to fail")
        with torch.no_grad():
            self._model.number += 1
        self.context.products.mkdir(exist_ok=True)
        (self.context.products / f"{self._done:04d}.safetensors").write_bytes(bytes(100))
        return {"number": float(self._model.number)}

    def previews(self) -> Iterator[Preview]:
        rows = (("number", f"{float(self._model.number):.0f}"),)
        yield TablePreview("table", "Table", ("Name", "Value"), rows, "What has been counted.")

    def state(self) -> dict[str, Any]:
        return {"done": self._done}

    def load_state(self, state: dict[str, Any]) -> None:
        self._done = state["done"]


class FirstRecipe(CountRecipe):
    Config = FirstConfig

    @classmethod
    def builds_on(cls, config: Any) -> bool:
        return bool(config.goes_on)
