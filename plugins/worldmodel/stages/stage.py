"""What all stages have in common: their data, and what the run before them has left."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from gendesk.config import ConfigModel
from gendesk.data.dataset import DatasetKind, ImageDataset, RaceDataset
from gendesk.engine.preview import Preview
from gendesk.engine.recipe import Model, Recipe
from gendesk.engine.threads import available_cores
from gendesk.engine.upstream import Upstream
from gendesk.errors import InputError, StoredDataError

from ..config import ProcessesConfig
from ..frames import frames_among
from ..models import WorldModel
from ..workers import Workers

SERIES = "series"
"""The folder, among a run's products, of the races that it encoded."""
StageConfig = TypeVar("StageConfig", bound=ConfigModel)
RacingConfig = TypeVar("RacingConfig", bound=ProcessesConfig)
ModelT = TypeVar("ModelT", bound=WorldModel)


class Stage(Recipe[StageConfig, RaceDataset], Generic[StageConfig]):
    """A recipe that takes up what another run has made."""

    accepts: ClassVar[DatasetKind] = DatasetKind.RACES

    @property
    def samples_per_step(self) -> int:
        return 1

    def previews(self) -> Iterator[Preview]:
        return iter(())

    @classmethod
    def pictures_among(cls, products: Sequence[Path]) -> ImageDataset | None:
        return frames_among(products)

    def upstream(self) -> Upstream:
        """Return the run that this one builds on; raises InputError where there is none."""
        if self.context.upstream is None:
            raise InputError("This stage builds on the one before; train that one first.")
        return self.context.upstream

    def model_before(self, kind: type[ModelT]) -> ModelT:
        """Return the model of the run before, which must have come so far; raises InputError."""
        model: Model = self.upstream().model()
        if not isinstance(model, kind):
            raise InputError(f"The run {self.upstream().run} has no {kind.__name__}; name another one as upstream.")
        return model


class RacingStage(Stage[RacingConfig], Generic[RacingConfig]):
    """A stage that drives races in processes of its own."""

    _workers: Workers | None = None

    @property
    def processes(self) -> int:
        """How many processes race side by side: those wanted, or one for each core."""
        return self.config.processes or available_cores()

    def workers(self) -> Workers:
        """Return the processes, which are started when they are first needed."""
        if self._workers is None:
            self._workers = Workers(self.processes, self.context.stopping)
        return self._workers

    def close(self) -> None:
        """End the processes."""
        if self._workers is not None:
            self._workers.terminate()
            self._workers = None


def folder_before(upstream: Upstream, name: str) -> Path:
    """Return the newest folder of a name among the products of a chain of runs; raises StoredDataError."""
    for link in upstream.chain():
        if (link.products / name).is_dir():
            return link.products / name
    raise StoredDataError(f"The {name} that {upstream.run} was built on are gone; begin with that stage again.")


def taken_over(model: ModelT, before: WorldModel) -> ModelT:
    """Give a model what one of an earlier stage has learnt; return the model."""
    own = model.state_dict()
    known = {name: value for name, value in before.state_dict().items() if name in own}
    model.load_state_dict({**own, **known})
    return model


def same_size(run: str, name: str, given: int, known: int) -> None:
    """Raise InputError unless a size is that of the run before."""
    if given != known:
        raise InputError(f"The run {run} was trained with {name} = {known}; set it likewise (given: {given}).")
