"""All stages one after the other, in one run."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from gendesk.config import ConfigModel, checked
from gendesk.engine.health import HealthCheck
from gendesk.engine.preview import Preview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, State
from gendesk.engine.upstream import Upstream

from ..config import WorldModelConfig
from ..models import DreamingModel, DrivingModel, SeeingModel, World, WorldModel
from .controller import ControllerRecipe
from .encoding import EncodingRecipe
from .memory import MemoryRecipe
from .overfitting import FooledDream
from .rollouts import RolloutsRecipe
from .stage import Stage
from .vision import VisionRecipe

STAGES: tuple[type[Stage[Any]], ...] = (
    RolloutsRecipe,
    VisionRecipe,
    EncodingRecipe,
    MemoryRecipe,
    ControllerRecipe,
)


class WorldModelRecipe(Stage[WorldModelConfig]):
    """A step is one of the stage that the run has come to; what a stage has learnt, the next ones find in the model."""

    Config: ClassVar[type[ConfigModel]] = WorldModelConfig
    in_turns: ClassVar[bool] = True
    metrics: ClassVar[tuple[MetricSpec, ...]] = tuple(spec for stage in STAGES for spec in stage.metrics)
    best: ClassVar[str] = ControllerRecipe.best

    def __init__(self, config: WorldModelConfig, data: Any, context: Context) -> None:
        super().__init__(config, data, context)
        self._model = self.build(config, data.info).to(context.device)
        self._done = 0
        self._at = -1
        self._stage: Stage[Any] | None = None

    @classmethod
    def builds_on(cls, config: WorldModelConfig) -> bool:
        return RolloutsRecipe.builds_on(_part(RolloutsRecipe, config))

    @classmethod
    def build(cls, config: WorldModelConfig, info: Any) -> DrivingModel:  # noqa: ARG003
        world = World(config.action_repeat, config.crop_indicators, config.skip_zoom)
        return DrivingModel(world, config.shape, config.mixtures)

    @classmethod
    def metrics_of(cls, config: WorldModelConfig) -> tuple[MetricSpec, ...]:
        return tuple(spec for stage in STAGES for spec in stage.metrics_of(_part(stage, config)))

    def model(self) -> DrivingModel:
        return self._model

    @property
    def steps_per_epoch(self) -> int:
        return self._ends[-1]

    @property
    def _ends(self) -> tuple[int, ...]:
        """After which steps the first four stages are over."""
        races = self.config.races
        seen = races + self.config.vision_steps
        return races, seen, seen + races, seen + races + self.config.memory_steps

    @property
    def _due(self) -> int:
        """The number of the stage that the next step belongs to."""
        return sum(self._done >= end for end in self._ends)

    def step(self) -> Metrics:
        metrics = self._begun(self._due).step()
        self._done += 1
        return metrics

    def _begun(self, number: int) -> Stage[Any]:
        """Return a stage, which takes up what those before it have left in this run."""
        if self._stage is None or self._at != number:
            self.close()
            kind = STAGES[number]
            self._stage, self._at = kind(_part(kind, self.config), self.data, self._context_of(kind)), number
            self._link(self._stage)
        return self._stage

    def _context_of(self, kind: type[Stage[Any]]) -> Context:
        before = self.context.upstream
        if kind is not RolloutsRecipe:
            before = Upstream("this run", "world-model", "", self.context.products, self.model)
        lent = self.context
        own = Context(lent.device, lent.seed, lent.products, before, lent.stopping, lent.report)
        own.generator, own.dtype = self.context.generator, self.context.dtype
        return own

    def _link(self, stage: Stage[Any]) -> None:
        """Make the stage's networks part of this model, so that they are seen and saved while they learn."""
        trained = stage.model()
        if isinstance(trained, WorldModel):
            self._model.world_numbers.copy_(trained.world_numbers)
        if isinstance(trained, SeeingModel):
            self._model.vision = trained.vision
        if isinstance(trained, DreamingModel):
            self._model.memory = trained.memory
            self._model.beginning_mu.copy_(trained.beginning_mu)
            self._model.beginning_log_var.copy_(trained.beginning_log_var)
        if isinstance(trained, DrivingModel):
            self._model.controller = trained.controller

    def validate(self) -> Metrics:
        return {} if self._stage is None else self._stage.validate()

    def health_checks(self) -> tuple[HealthCheck, ...]:
        return (FooledDream(self.config),)

    def previews(self) -> Iterator[Preview]:
        return iter(()) if self._stage is None else self._stage.previews()

    def state(self) -> State:
        inner = None if self._stage is None else self._stage.state()
        return {"done": self._done, "at": self._at, "inner": inner}

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._done = int(state["done"])
        if state["inner"] is not None:
            self._begun(int(state["at"])).load_state(state["inner"])

    def close(self) -> None:
        if self._stage is not None:
            self._stage.close()
            self._stage = None


def _part(kind: type[Stage[Any]], config: WorldModelConfig) -> Any:
    """Return the config of a stage."""
    values = config.model_dump()
    known = {name: values[name] for name in kind.Config.model_fields if name in values}
    return checked(kind.Config, {**known, "upstream": ""})
