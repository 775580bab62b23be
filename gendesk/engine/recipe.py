"""The contract between the engine and a family: what a recipe is, and what is left of it after training."""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar

import torch
from torch import Tensor, nn

from gendesk.config import ConfigModel
from gendesk.data.dataset import Dataset, DatasetKind, ImageDataset
from gendesk.engine.health import HealthCheck
from gendesk.engine.preview import ChartPreview, Preview
from gendesk.engine.upstream import Upstream

Metrics = Mapping[str, Tensor | float]
State = dict[str, Any]
ConfigT = TypeVar("ConfigT", bound=ConfigModel)
DataT = TypeVar("DataT", bound=Dataset)


class Model(nn.Module):
    """What is left after training: networks with capabilities (see `gendesk.engine.capabilities`)."""


@dataclass(frozen=True)
class MetricSpec:
    """A metric that a recipe reports: `group` names the chart it is drawn in, `goal` the better direction.

    Where two networks play against each other, neither direction is better. `level` is a value to hold the curve
    against, with what it is called. `drawn` tells how: as a line through all values; in pieces, where the metric is
    reported in some steps only; or as dots, which are single measurements on held-out data already. Two metrics with
    the same `band_of`, such as the worst and the best of a step, are the edges of a band around the metric of that
    name, which is declared before them in the same group.
    """

    name: str
    title: str
    description: str
    group: str
    goal: Literal["min", "max", "none"] = "min"
    level: tuple[float, str] | None = None
    drawn: Literal["line", "pieces", "dots"] = "line"
    band_of: str = ""


class Report(Protocol):
    """Tells people how far a long step is: a share of it from 0 to 1, a few words, and a chart of what is there."""

    def __call__(self, share: float, text: str, preview: ChartPreview | None = None) -> None: ...


def unheard(share: float, text: str, preview: ChartPreview | None = None) -> None:
    """Report to nobody."""


class Context:
    """What the engine lends to a recipe: the device, one explicit random generator, and the precision to compute in.

    `products` is a folder for what the recipe makes beside its weights, such as the races that it has driven. It need
    not exist yet. `upstream` is the run that this one builds on, None where it builds on none. A step that takes
    seconds asks `stopping` now and then, and raises StepInterrupted where it says so; it may `report` how far it is, as
    often as it likes and from the training thread. What is reported is shown, never saved.
    """

    def __init__(
        self,
        device: torch.device,
        seed: int,
        products: Path | None = None,
        upstream: Upstream | None = None,
        stopping: Callable[[], bool] = lambda: False,
        report: Report = unheard,
    ) -> None:
        self.device = device
        self.seed = seed
        self.generator = torch.Generator(device).manual_seed(seed)
        self.dtype = torch.float32
        self.upstream = upstream
        self.stopping = stopping
        self.report = report
        self._products = products

    @property
    def products(self) -> Path:
        """The folder for what the recipe makes; raises RuntimeError in a context that lends none."""
        if self._products is None:
            raise RuntimeError("This context lends no folder.")
        return self._products

    def autocast(self) -> contextlib.AbstractContextManager[Any]:
        """Compute in bfloat16 where `fast` precision has found it to be quicker; otherwise change nothing."""
        if self.dtype is torch.float32:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=self.dtype)

    def fixed_generator(self, purpose: int = 0) -> torch.Generator:
        """Return a fresh generator that gives the same numbers at every call, for previews to compare."""
        return torch.Generator(self.device).manual_seed(self.seed * 1_000_003 + purpose)


class Recipe(ABC, Generic[ConfigT, DataT]):
    """One thing that can be trained. A family author writes this and nothing else.

    The engine makes it on the training thread, calls `step` until the run is over, and asks for previews, validation
    and state between steps. What `state` returns must bring a new recipe to exactly the same point.
    """

    Config: ClassVar[type[ConfigModel]]
    accepts: ClassVar[DatasetKind]
    metrics: ClassVar[tuple[MetricSpec, ...]]
    best: ClassVar[str]
    """The metric whose value on held-out data decides which checkpoint is the best."""
    in_turns: ClassVar[bool] = False
    """Whether its steps are of several sorts, so that each reports only some of the metrics."""

    def __init__(self, config: ConfigT, data: DataT, context: Context) -> None:
        self.config = config
        self.data = data
        self.context = context

    @classmethod
    def metrics_of(cls, config: ConfigT) -> tuple[MetricSpec, ...]:  # noqa: ARG003 (for recipes that report less)
        """Return those of `metrics` that mean something with a config, which are the ones that a run reports."""
        return cls.metrics

    @classmethod
    @abstractmethod
    def build(cls, config: ConfigT, info: Any) -> Model:
        """Make the networks with fresh weights; raises InputError if the config does not suit the data.

        `info` is the DatasetInfo of the kind that the recipe accepts.
        """

    @abstractmethod
    def model(self) -> Model:
        """Return the model in training; its state dict is what checkpoints keep of it."""

    @property
    @abstractmethod
    def steps_per_epoch(self) -> int: ...

    @property
    @abstractmethod
    def samples_per_step(self) -> int: ...

    @classmethod
    def builds_on(cls, config: ConfigT) -> bool:  # noqa: ARG003 (for recipes that can do without)
        """Return whether a run with a config builds on another one, where the manifest names recipes before it."""
        return True

    def phases(self) -> Mapping[str, Callable[[], Metrics]]:
        """Return the named parts of a step, in order, where a person may want to run one alone (a GAN's two sides)."""
        return {}

    def step(self) -> Metrics:
        """Do one unit of progress and return its metrics, as tensors if they are on a device: nobody waits for them."""
        metrics: dict[str, Tensor | float] = {}
        for phase in self.phases().values():
            metrics.update(phase())
        return metrics

    @abstractmethod
    def previews(self) -> Iterator[Preview]:
        """Show what the model does now, from fixed seeds and fixed data."""

    def validate(self) -> Metrics:
        """Return metrics on held-out data, by the names of the training metrics."""
        return {}

    def health_checks(self) -> tuple[HealthCheck, ...]:
        """Return the family's own checks; the engine adds those that every run needs."""
        return ()

    @classmethod
    def pictures_among(cls, products: Sequence[Path]) -> ImageDataset | None:  # noqa: ARG003 (for those that make some)
        """Return pictures that a run, or one that it was built on, has made; None where there are none.

        They are for whoever looks at a model of pictures whose data are none. `products` are the folders of what the
        runs have made, the newest first.
        """
        return None

    def close(self) -> None:
        """End what was begun beside the training, such as processes; called once when the training is over."""

    @abstractmethod
    def state(self) -> State:
        """Return what training changes beside `model()`, the random generators and the step: tensors and plain data."""

    @abstractmethod
    def load_state(self, state: State) -> None:
        """Take over what `state` returned, in this or an earlier process."""
