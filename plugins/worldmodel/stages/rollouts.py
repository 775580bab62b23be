"""Stage 1: races, driven side by side, are stored frame by frame."""

from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from gendesk.config import ConfigModel
from gendesk.engine.preview import BarChart, BarsPreview, ImagePreview, Preview
from gendesk.engine.recipe import Context, Metrics, MetricSpec, State

from ..config import RolloutsConfig
from ..fleet import ModelFile, Trained, save_model
from ..models import DrivingModel, World, WorldModel
from ..racing.episodes import Episode, Played, Policy, play
from ..racing.policies import RUN_UP, Brownian, Structured, Uniform
from ..rollouts import FOLDER, Rollouts, episode_path, save_episode
from .stage import RacingStage

_SHOWN = 20
_AT_ONCE = 4
"""Races for each process at a time: enough that none waits for long, few enough to stop soon."""
_FILM = (
    "Twenty frames of the newest race, with steering, gas and brake, and the reward: a tenth is lost in each frame, "
    "and a new piece of road brings about three. V will learn to see from frames like these."
)
_SCORES = (
    "How many races came to which score. Drivers by chance come to between -30 and 30; what they never see, such as "
    "fast bends, V and M cannot learn."
)


class RolloutsRecipe(RacingStage[RolloutsConfig]):
    """A step is a race. Those that a run has driven already are not driven again."""

    Config: ClassVar[type[ConfigModel]] = RolloutsConfig
    metrics: ClassVar[tuple[MetricSpec, ...]] = (
        MetricSpec(
            "race_score",
            "Score of a race",
            "The sum of the rewards of a race: 1,000 shared among the tiles of the track, less 0.1 for each frame.",
            "Races",
            "max",
        ),
        MetricSpec("race_frames", "Frames", "How many frames were stored of a race.", "Frames", "none"),
    )
    best: ClassVar[str] = "race_score"

    def __init__(self, config: RolloutsConfig, data: Any, context: Context) -> None:
        super().__init__(config, data, context)
        self._world = World(config.action_repeat, config.crop_indicators, config.skip_zoom)
        self._driver: DrivingModel | None = None
        if config.policy == "controller":
            self._driver = self.model_before(DrivingModel)
            self._world = self._driver.world  # it knows no other
        self._model = WorldModel(self._world).to(context.device)
        self._driven = 0
        self._ready: deque[Played] = deque()
        self._begun = range(0)
        self._newest: Played | None = None
        self._file: ModelFile | None = None

    @classmethod
    def builds_on(cls, config: RolloutsConfig) -> bool:
        return config.policy == "controller"

    @classmethod
    def build(cls, config: RolloutsConfig, info: Any) -> WorldModel:  # noqa: ARG003
        return WorldModel(World(config.action_repeat, config.crop_indicators, config.skip_zoom))

    def model(self) -> WorldModel:
        return self._model

    @property
    def folder(self) -> Path:
        """Where the races are stored."""
        return self.context.products / FOLDER

    @property
    def steps_per_epoch(self) -> int:
        return 100

    def step(self) -> Metrics:
        if not self._ready:
            self._ready.extend(self._drive())
        played = self._newest = self._ready.popleft()
        self._driven += 1
        return {"race_score": float(played.rewards.sum()), "race_frames": float(len(played.observations))}

    def _drive(self) -> list[Played]:
        """Drive the next races and store them; raises StepInterrupted when the run is to stop."""
        first = self.data.train.start + self._driven
        seeds = self._begun = range(first, first + self.processes * _AT_ONCE)
        stored = Rollouts(self.folder)
        known = {seed: stored.of_seed(seed) for seed in seeds}
        missing = [self._episode(seed) for seed, played in known.items() if played is None]
        if missing:
            for played in self.workers().imap_unordered(play, missing):
                save_episode(episode_path(self.folder, played.seed), played)
                known[played.seed] = played
        return [played for played in known.values() if played is not None]

    def _episode(self, seed: int) -> Episode:
        steps = self._world.decisions(self.config.rollout_frames)
        return Episode(seed, self._policy(), steps, options=self._world.options())

    def _policy(self) -> Policy:
        if self._driver is None:
            return self._by_chance()
        if self._file is None:
            self._file = save_model(self.context.products / "driver.safetensors", self._driver)
        return Trained(self._file, self._driver.driver.numpy())

    def _by_chance(self) -> Policy:
        hold = self.config.hold
        if self.config.policy == "uniform":
            return Uniform(hold)
        if self.config.policy == "brownian":
            return Brownian(hold)
        return Structured(hold, self._world.decisions(RUN_UP))

    def previews(self) -> Iterator[Preview]:
        if self._newest is None:
            return
        played = self._newest
        chosen = _stretch(played)
        captions = tuple(caption(played, step) for step in chosen)
        frames = played.observations[chosen]
        yield ImagePreview("race", "Newest race", frames, 5, captions, description=_FILM)
        scores = Rollouts(self.folder).scores()
        if len(scores):
            low, high = float(np.floor(scores.min() / 10) * 10), float(np.floor(scores.max() / 10) * 10 + 10)
            counts, _ = np.histogram(scores, 20, (low, high))
            chart = BarChart("Races", counts.astype(np.float32)[None], low=low, high=high)
            yield BarsPreview("scores", "Scores", (chart,), _SCORES)

    def state(self) -> State:
        return {"driven": self._driven}

    def load_state(self, state: Mapping[str, Any]) -> None:
        self._driven = int(state["driven"])
        stored = Rollouts(self.folder)
        self._newest = stored.of_seed(self.data.train.start + self._driven - 1) if self._driven else None

    def close(self) -> None:
        """End the processes, and forget the races that they drove ahead: how many is a matter of chance."""
        super().close()
        end = self.data.train.start + self._driven
        for seed in self._begun:
            if seed >= end:
                episode_path(self.folder, seed).unlink(missing_ok=True)


def _stretch(played: Played) -> list[int]:
    """Return the places of frames around the middle of a race, or of all there are."""
    count = len(played.actions)
    start = max(0, min(count // 2, count - _SHOWN))
    return list(range(start, min(count, start + _SHOWN)))


def caption(played: Played, step: int) -> str:
    """Say what was done in a step, and what it brought."""
    steering, gas, brake = (float(value) for value in played.actions[step])
    done = [f"{name} {value:.2f}" for name, value in (("steer", steering), ("gas", gas), ("brake", brake)) if value]
    return f"{', '.join(done) or 'nothing'}\n{played.rewards[step]:+.2f}"
