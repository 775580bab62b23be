"""One race that is looked at while it goes on: driven by a controller or a person, on a track or in M's dream.

A race goes on frame by frame, 1/50 s each, because a picture of each is wanted; a decision lasts `action_repeat` of
them. That gives the observations, rewards and flags of the environment that repeats actions by itself, bit for bit.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gendesk.errors import InputError, RunError

from .mind import ACTION, Dream, Mind, nobody
from .models import DreamingModel, SeeingModel, World, WorldModel
from .networks.memory import drawn_next
from .race_log import LIMIT, RaceLog, made_environment

FRAMES_PER_SECOND = 50
_BARE = World(crop_indicators=True, skip_zoom=True)
"""What a person sees who drives without any model; the instruments are beside it."""


@dataclass(frozen=True)
class Thought:
    """What the model makes of a moment: V's code float32 (latent_size,), and of M, where there is one, the rest.

    `surprise` is in nats to a number of the code; `reward_logit` is that of a reward now, as M had foretold it;
    `remembered` is the root of the mean square of M's output, 0..1.
    """

    code: NDArray[np.float32]
    surprise: float | None = None
    reward_logit: float | None = None
    remembered: float | None = None


@dataclass(frozen=True)
class Moment:
    """Where a race stands after a frame, or in a dream after a decision.

    `observation` is uint8 (64, 64, 3), None in a dream; `action` float32 (3,) is what has just been done, `reward` what
    it has brought in this frame and `score` in all. `frame` counts from the start; `lasted` of them have just gone by.
    `speed` is in metres a second, `tiles` are those that were visited and all; both are None in a dream. `decided`
    says whether a decision has come to its end, so that V and M have looked.
    """

    observation: NDArray[np.uint8] | None
    action: NDArray[np.float32]
    reward: float = 0.0
    score: float = 0.0
    frame: int = 0
    lasted: int = 0
    speed: float | None = None
    tiles: tuple[int, int] | None = None
    decided: bool = True
    terminated: bool = False
    truncated: bool = False
    thought: Thought | None = None

    @property
    def over(self) -> bool:
        """Whether the race has come to its end."""
        return self.terminated or self.truncated


@dataclass(frozen=True)
class Start:
    """What a race is: who looks on, the seed of the track and of all chance, and whether it is only dreamt.

    With `beside` M dreams the same actions from the same start beside the race. A race ends after `limit` frames, or
    what of them makes whole decisions. One that is `replayed` is that of a log, see `replay`.
    """

    model: WorldModel | None = None
    seed: int = 1
    dreaming: bool = False
    beside: bool = False
    limit: int = LIMIT
    replayed: RaceLog | None = None

    @property
    def world(self) -> World:
        """What is seen, and how long a decision lasts: without M it may be short, as a person's hands want it."""
        if self.replayed is not None:
            return self.replayed.world
        world = self.model.world if self.model is not None else _BARE
        return world if isinstance(self.model, DreamingModel) else replace(world, action_repeat=1)

    @property
    def frames(self) -> int:
        """How many frames it lasts at most: whole decisions, as where the environment repeats them."""
        return max(1, self.limit // self.world.action_repeat) * self.world.action_repeat


def replay(log: RaceLog, model: WorldModel | None = None) -> Start:
    """Return how a race begins that is driven as a log says; a model looks on where it sees the world as that does."""
    looks_on = model is not None and Start(model).world == log.world
    return Start(model if looks_on else None, log.seed, limit=log.limit, replayed=log)


class Drive:
    """A race, from `restart` to its end; `close` it. The same seed and actions give the same race.

    `temperature` of the dream may be changed at any time.
    """

    moment: Moment

    def __init__(self, start: Start, temperature: float = 1.0) -> None:
        """Begin the race; raises InputError where it is to be dreamt and there is no M."""
        self.start, self.temperature = start, temperature
        self._environment: Any = None
        self._repeat = start.world.action_repeat
        self.restart()

    def restart(self, seed: int | None = None) -> None:
        """Begin anew, on another track or on the same."""
        if seed is not None:
            self.start = replace(self.start, seed=seed)
        self._actions: list[NDArray[np.float32]] = []
        self._rewards: list[float] = []
        self._score, self._gained, self._left = 0.0, 0.0, 0
        self._action = np.zeros(ACTION, np.float32)
        self.mind: Mind | None = None
        self.dream: Dream | None = None
        if self.start.dreaming:
            self._fall_asleep()
        else:
            self._go_to_start()

    def set_model(self, model: WorldModel) -> None:
        """Go on with a model that has been trained further, of the same kind and shape, if one looks on at all."""
        if self.start.model is None:
            return
        self.start = replace(self.start, model=model)
        for mind in (self.mind, self.dream):
            if mind is not None and isinstance(model, SeeingModel):
                mind.model = model

    def frame(self, person: NDArray[np.float32] | None = None) -> Moment:
        """Go on by a frame, in a dream by a decision; at the end of a race nothing happens any more.

        `person` is a person's action float32 (3,), which counts at the beginning of a decision; with None the
        controller drives, or the log. Raises InputError where there is no controller, and RunError where a reward is
        not that of the log, as with another version of the physics.
        """
        if not self.moment.over:
            self.moment = self._dreamt(person) if self.start.dreaming else self._driven(person)
        return self.moment

    def advance(self, person: NDArray[np.float32] | None = None) -> Moment:
        """Go on until a decision has come to its end; otherwise as `frame`."""
        while not self.frame(person).decided:
            pass
        return self.moment

    def wake(self) -> None:
        """Let the dream beside the race begin again at what is seen now."""
        if self.dream is not None and self.mind is not None:
            self.dream.begin_from(self.mind)

    @property
    def log(self) -> RaceLog:
        """What was done since the start, as far as decisions have come to their end."""
        rewards = np.array(self._rewards, np.float64)
        return RaceLog(self.start.seed, self.recent_actions(), rewards, self.start.world, self.start.frames)

    def recent_actions(self, count: int = 0) -> NDArray[np.float32]:
        """Return the last so many decisions, or all with 0, float32 (n, 3)."""
        return np.array(self._actions[-count:], np.float32).reshape(-1, ACTION)

    def close(self) -> None:
        """Let go of the environment."""
        if self._environment is not None:
            self._environment.close()
            self._environment = None

    # On a track

    def _go_to_start(self) -> None:
        start, model = self.start, self.start.model
        if self._environment is None:
            self._environment = made_environment(start.world, start.frames)
        observation, _ = self._environment.reset(seed=start.seed)
        if isinstance(model, SeeingModel):
            self.mind = Mind(model, start.seed)
            self.mind.see(observation)
        if start.beside and isinstance(model, DreamingModel) and self.mind is not None:
            self.dream = Dream(model, start.seed)
            self.dream.begin_from(self.mind)
        self.moment = Moment(observation, self._action, tiles=self._tiles(), speed=0.0, thought=_thought(self.mind))

    def _driven(self, person: NDArray[np.float32] | None) -> Moment:
        if self._left == 0:
            self._action = self._chosen(person)
            self._gained, self._left = 0.0, self._repeat
        observation, reward, terminated, truncated, _ = self._environment.step(self._action)
        self._left -= 1
        self._gained += float(reward)
        score = self._score + self._gained
        decided = terminated or truncated or self._left == 0
        if decided:
            self._end_decision(observation)
        if decided and self.start.replayed is not None:
            truncated = self._compared(self.start.replayed, terminated=terminated, truncated=truncated)
        return Moment(
            observation,
            self._action,
            float(reward),
            score,
            frame=self.moment.frame + 1,
            lasted=1,
            speed=math.hypot(*self._environment.unwrapped.car.hull.linearVelocity),
            tiles=self._tiles(),
            decided=decided,
            terminated=bool(terminated),
            truncated=bool(truncated),
            thought=_thought(self.mind) if decided else self.moment.thought,
        )

    def _compared(self, log: RaceLog, *, terminated: bool, truncated: bool) -> bool:
        """Return whether a replay ends here without the race's own end; raises RunError where it is another race."""
        try:
            log.check(len(self._rewards) - 1, self._gained, over=terminated or truncated)
        except RunError:
            self.moment = replace(self.moment, truncated=True)
            raise
        return truncated or (not terminated and len(self._rewards) == len(log.rewards))

    def _chosen(self, person: NDArray[np.float32] | None) -> NDArray[np.float32]:
        log = self.start.replayed
        if log is not None:
            person = log.actions[len(self._actions)]
        person = None if person is None else np.array(person, np.float32)
        if self.mind is not None:
            action = self.mind.act(person)
        elif person is not None:
            action = person
        else:
            raise nobody()
        if self.dream is not None:
            self.dream.act(action)
        return action

    def _end_decision(self, observation: NDArray[np.uint8]) -> None:
        self._note(self._gained)
        self._left = 0
        if self.dream is not None:
            self.dream.dream(self.temperature)
        if self.mind is not None:
            self.mind.see(observation, self._gained)

    def _note(self, reward: float) -> None:
        self._actions.append(self._action)
        self._rewards.append(reward)
        self._score += reward

    def _tiles(self) -> tuple[int, int]:
        world = self._environment.unwrapped
        return int(world.tile_visited_count), len(world.track)

    # In a dream

    def _fall_asleep(self) -> None:
        if not isinstance(self.start.model, DreamingModel):
            raise InputError("There is no M yet that could dream; train it first.")
        self.dream = Dream(self.start.model, self.start.seed)
        self.dream.begin()
        self.moment = Moment(None, self._action, thought=_thought(self.dream))

    def _dreamt(self, person: NDArray[np.float32] | None) -> Moment:
        assert self.dream is not None
        self._action = self.dream.act(None if person is None else np.array(person, np.float32))
        reward = self.dream.dream(self.temperature)
        self._note(reward)
        frame = self.moment.frame + self._repeat
        return Moment(
            None,
            self._action,
            reward,
            self._score,
            frame,
            self._repeat,
            truncated=frame >= self.start.frames,
            thought=_thought(self.dream),
        )


def expected_picture(mind: Mind) -> NDArray[np.uint8] | None:
    """Return what M had expected to see now, uint8 (64, 64, 3): the likeliest code, drawn by V."""
    if mind.forecast is None:
        return None
    imagined = Mind(mind.model, 0)
    imagined.code, _ = drawn_next(mind.forecast, 0)
    return imagined.drawn()


def _thought(mind: Mind | None) -> Thought | None:
    if mind is None:
        return None
    code = mind.code[0].numpy().copy()
    if mind.forecast is None or mind.state is None:
        return Thought(code)
    remembered = float(mind.state[0].square().mean().sqrt())
    return Thought(code, mind.surprise, float(mind.forecast.reward[0]), remembered)
