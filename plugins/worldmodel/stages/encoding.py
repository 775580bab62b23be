"""Stage 3: V reads the rollouts, so that M need not look at a picture again."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch

from gendesk.config import ConfigModel
from gendesk.engine.batches import to_tensor
from gendesk.engine.preview import HeatMapPreview, Preview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, State
from gendesk.errors import InputError

from ..config import EncodingStageConfig
from ..models import SeeingModel
from ..racing.episodes import Played
from ..rollouts import FOLDER, Rollouts
from ..series import Encoded, SeriesStore
from .stage import SERIES, Stage, folder_before, same_size

_BATCH = 256
_SHOWN_STEPS, _SHOWN_NUMBERS = 40, 32
_CODES = (
    "The codes of the newest race, a column for each step: a number of the code that is not in use keeps its colour, "
    "one that says where the road is changes slowly."
)


class EncodingRecipe(Stage[EncodingStageConfig]):
    """A step is a race, of which mean and variance of the codes are kept, so that M can draw them anew each time."""

    Config: ClassVar[type[ConfigModel]] = EncodingStageConfig
    metrics: ClassVar[tuple[MetricSpec, ...]] = (
        MetricSpec(
            "spread",
            "Spread of the codes",
            "The standard deviation of the codes' means within a race, over all numbers: near 0, V sees no difference.",
            "Codes",
            "max",
        ),
        MetricSpec("noise", "Noise of the codes", "The mean standard deviation with which codes are drawn.", "Codes"),
    )
    best: ClassVar[str] = "spread"

    def __init__(self, config: EncodingStageConfig, data: Any, context: Context) -> None:
        super().__init__(config, data, context)
        self._model = self.model_before(SeeingModel).to(context.device)
        same_size(self.upstream().run, "latent_size", config.latent_size, self._model.latent_size)
        self._rollouts = Rollouts(folder_before(self.upstream(), FOLDER))
        self._encoded = 0
        self._newest: Encoded | None = None

    @classmethod
    def build(cls, config: EncodingStageConfig, info: Any) -> SeeingModel:  # noqa: ARG003
        return SeeingModel(latent_size=config.latent_size)

    def model(self) -> SeeingModel:
        return self._model

    @property
    def folder(self) -> Path:
        """Where the codes are stored."""
        return self.context.products / SERIES

    @property
    def steps_per_epoch(self) -> int:
        return len(self._rollouts)

    @torch.inference_mode()
    def step(self) -> Metrics:
        """Encode the next race; where more steps are wanted than there are races, begin anew."""
        played = self._rollouts.episode(self._encoded % len(self._rollouts))
        encoded = self._newest = self._encode(played)
        SeriesStore(self.folder).save(encoded)
        self._encoded += 1
        spread = encoded.mu.std(0).mean()
        return {"spread": float(spread), "noise": float(np.exp(encoded.log_var / 2).mean())}

    def _encode(self, played: Played) -> Encoded:
        self._model.eval()
        frames = played.observations
        parts = [
            self._model.vision.encode(to_tensor(frames[start : start + _BATCH], self.context.device))
            for start in range(0, len(frames), _BATCH)
        ]
        mu, log_var = (torch.cat(tensors).cpu().numpy() for tensors in zip(*parts, strict=True))
        return Encoded(played.seed, mu, log_var, played.actions, played.rewards > 0, played.terminated)

    def previews(self) -> Iterator[Preview]:
        if self._newest is None:
            return
        mu = self._newest.mu[:_SHOWN_STEPS, :_SHOWN_NUMBERS].T.astype(np.float32)
        rows = tuple(f"z{number}" for number in range(len(mu)))
        columns = tuple(str(step) for step in range(mu.shape[1]))
        yield HeatMapPreview("codes", "Codes of a race", mu, rows, columns, "Number", "Step", _CODES)

    def close(self) -> None:
        """Keep apart how the races begin, as far as they have been encoded."""
        if self._encoded:
            with contextlib.suppress(InputError):  # it is told where somebody needs it
                SeriesStore(self.folder).save_beginnings()

    def state(self) -> State:
        return {"encoded": self._encoded}

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._encoded = int(state["encoded"])
        if self._encoded:
            played = self._rollouts.episode((self._encoded - 1) % len(self._rollouts))
            with torch.inference_mode():
                self._newest = self._encode(played)
