"""The smallest recipe that uses everything the contract offers; its config tells it where to fail."""

import time
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import numpy as np
import torch
from torch import nn

from gendesk.config import ConfigModel, setting
from gendesk.data.dataset import DatasetKind, ImageDataset
from gendesk.engine.batches import ImageBatches, to_images, to_tensor
from gendesk.engine.preview import BarChart, BarsPreview, HeatMapPreview, ImagePreview, Preview, TablePreview
from gendesk.engine.recipe import MetricSpec, Model, Recipe


class TinyConfig(ConfigModel):
    batch_size: int = setting(8, "Batch size", "Pictures per step.", group="Training", ge=1, le=1000)
    learning_rate: float = setting(0.1, "Learning rate", "Size of a step.", group="Training", ge=0, le=1e30)
    fail_in: Literal["", "set-up", "step", "preview", "memory"] = setting("", "Fail in", "Where.", group="Test")
    fail_at: int = setting(3, "Fail at", "From which step on.", group="Test", ge=0)
    nan_at: int = setting(0, "NaN at", "The step whose loss is not a number; 0: none.", group="Test", ge=0)
    charts: bool = setting(False, "Charts", "Whether numbers are previewed, too.", group="Test")
    parts: int = setting(0, "Parts", "How often a step tells how far it is.", group="Test", ge=0)
    step_ms: float = setting(0.0, "Step time", "How long a step takes.", group="Test", unit="ms", ge=0)


class TinyModel(Model):
    """Knows one brightness, and decodes a code (count, 2) to a picture of that brightness moved by the code."""

    latent_size = 2

    def __init__(self, shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.shape = shape
        self.level = nn.Parameter(torch.zeros(()))
        self.bias = nn.Parameter(torch.randn(()))

    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        brightness = (self.level + codes.sum(1) * 0.1).clamp(0, 1)
        return brightness[:, None, None, None].expand(-1, *self.shape)

    def sample(self, count: int, generator: torch.Generator) -> torch.Tensor:
        return self.decode(torch.randn(count, 2, generator=generator))


class TinyRecipe(Recipe[TinyConfig, ImageDataset]):
    Config = TinyConfig
    accepts = DatasetKind.IMAGES
    metrics = (MetricSpec("loss", "Loss", "Squared error.", "Loss"), MetricSpec("noise", "Noise", "A dice.", "Noise"))
    best = "loss"

    def __init__(self, config: TinyConfig, data: Any, context: Any) -> None:
        super().__init__(config, data, context)
        if config.fail_in == "set-up":
            raise RuntimeError("the set-up was told to fail")
        self._model = self.build(config, data.info)
        self._batches = ImageBatches(data.train, config.batch_size, context.seed, context.device)
        self._optimizer = torch.optim.Adam(self._model.parameters(), lr=config.learning_rate)
        self._count = 0

    @classmethod
    def build(cls, config: TinyConfig, info: Any) -> TinyModel:
        return TinyModel(info.item_shape)

    def model(self) -> TinyModel:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return self._batches.per_epoch

    @property
    def samples_per_step(self) -> int:
        return self._batches.batch_size

    def phases(self) -> Mapping[str, Any]:
        return {"level": lambda: self._train(self._model.level), "bias": lambda: self._train(self._model.bias)}

    def _train(self, parameter: torch.Tensor) -> dict[str, Any]:
        self._count += 1
        if self._count // 2 >= self.config.fail_at:
            if self.config.fail_in == "step":
                raise ValueError("the step was told to fail")
            if self.config.fail_in == "memory":
                raise MemoryError
        for part in range(self.config.parts):
            done = np.where(np.arange(self.config.parts) <= part, 1.0, np.nan).astype(np.float32)[None]
            names = tuple(map(str, range(self.config.parts)))
            chart = HeatMapPreview("parts", "Parts", done, ("done",), names)
            self.context.report((part + 1) / self.config.parts, f"Part {part + 1} of {self.config.parts}", chart)
        time.sleep(self.config.step_ms / 2000)
        images, _ = self._batches.next()
        noise = torch.rand((), generator=self.context.generator) + torch.rand(())
        loss = (images.mean() - parameter).square() + noise * 0
        if self.config.nan_at and self._count // 2 >= self.config.nan_at:
            loss = loss * float("nan")
        self._optimizer.zero_grad()
        loss.backward()
        self._optimizer.step()
        return {"loss": loss, "noise": noise}

    def validate(self) -> dict[str, Any]:
        images = to_tensor(self.data.test.images[:100])
        return {"loss": (images.mean() - self._model.level).square()}

    def previews(self) -> Iterator[Preview]:
        if self.config.fail_in == "preview":
            raise ValueError("the preview was told to fail")
        pictures = self._model.sample(4, self.context.fixed_generator())
        yield ImagePreview("samples", "Samples", to_images(pictures), columns=2)
        if self.config.charts:
            yield from self._charts()

    def _charts(self) -> Iterator[Preview]:
        """Show how many phases have been done, as each kind of chart."""
        done = np.array([[self._count, 0]], dtype=np.float32)
        names = ("done", "nothing")
        yield HeatMapPreview(
            "map", "Map", done, ("count",), names, "Row", "Column", "The count as a colour.", ((0, 0),)
        )
        yield BarsPreview("bars", "Bars", (BarChart("Count", done, names),), "The count as a bar.")
        yield TablePreview("table", "Table", ("Name", "Value"), (("count", f"{self._count}"),), "The count in a row.")

    def state(self) -> dict[str, Any]:
        return {"optimizer": self._optimizer.state_dict(), "batches": self._batches.state(), "count": self._count}

    def load_state(self, state: dict[str, Any]) -> None:
        self._optimizer.load_state_dict(state["optimizer"])
        self._batches.load_state(state["batches"])
        self._count = state["count"]
