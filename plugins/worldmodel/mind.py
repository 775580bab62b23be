"""What V sees, M remembers and C decides in one race, awake or asleep, one decision at a time.

It is `driver.Driver` taken apart for a race that is looked at: also a person may act, V and M look on where there is no
C yet, and what M foretells is kept. The arithmetic is the same, so a race comes out the same in both.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from gendesk.engine.batches import to_images, to_tensor
from gendesk.errors import InputError

from .models import DreamingModel, DrivingModel, SeeingModel, WorldModel
from .networks.controller import act
from .networks.memory import Forecast, Memory, State, drawn_next, memory_losses
from .networks.vision import drawn_codes, seen_codes

ACTION = 3
"""Numbers of an action: steering -1..1, gas 0..1 and brake 0..1."""


def nobody() -> InputError:
    """Return what to raise where a controller is to drive and there is none."""
    return InputError("There is no controller yet that could drive; take the wheel yourself.")


class Mind:
    """Follows one race with the parts of the model that there are; all its chance is in the race's seed.

    `code` (1, latent_size) is what is seen now. `forecast` is what M had foretold of it, and `surprise` how unlikely
    it was then, in nats to a number of the code; both are None at the start, and without M.
    """

    def __init__(self, model: SeeingModel, seed: int) -> None:
        self.model = model
        self.order = model.shape.order if isinstance(model, DrivingModel) else "paper"
        self.code = torch.zeros(1, model.latent_size)
        self.forecast: Forecast | None = None
        self.surprise: float | None = None
        self._random = np.random.default_rng(seed)
        self._action = torch.zeros(1, ACTION)
        self.gained = torch.zeros(1)
        memory = self._memory
        self.state: State | None = None if memory is None else memory.empty_state(1)

    @property
    def _memory(self) -> Memory | None:
        return self.model.memory if isinstance(self.model, DreamingModel) else None

    @torch.inference_mode()
    def see(self, observation: NDArray[np.uint8], reward: float = 0.0) -> None:
        """Look at an observation uint8 (64, 64, 3), and note whether a reward came with it (more than 0)."""
        mu, log_var = self.model.vision.encode(to_tensor(observation[None]))
        sees = self.model.shape.sees if isinstance(self.model, DrivingModel) else "drawn"
        self.code = seen_codes(mu, log_var, sees, [self._random])
        self.gained = torch.tensor([float(reward > 0)])
        if self.forecast is not None:
            self.surprise = float(memory_losses(self.forecast, self.code, self.gained)[0])
        if self.order == "book":
            self._remember()

    @torch.inference_mode()
    def act(self, person: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Return what is done now, float32 (3,): what a person does, else what C decides; M is told of it.

        Raises InputError where there is neither.
        """
        self._action = self._decided() if person is None else torch.from_numpy(person.copy())[None]
        if self.order == "paper":
            self._remember()
        action: NDArray[np.float32] = self._action[0].numpy().copy()
        return action

    def _decided(self) -> Tensor:
        model = self.model
        if not isinstance(model, DrivingModel) or self.state is None:
            raise nobody()
        return act(model.shape, model.driver[None], self.code[:, None], self.state[0][0][:, None])[:, 0]

    def _remember(self) -> None:
        memory = self._memory
        if memory is not None and self.state is not None:
            self.state = memory.step(self.code, self._action, self.gained, self.state)
            self.forecast = memory.forecast(self.state[0][0])

    @torch.inference_mode()
    def drawn(self) -> NDArray[np.uint8]:
        """Return what V draws of the code, uint8 (64, 64, 3)."""
        picture: NDArray[np.uint8] = to_images(self.model.vision.decode(self.code))[0]
        return picture


class Dream(Mind):
    """A mind whose observations are its own: M draws what comes next. It goes as in `dream.dreamt_scores`.

    In the book's order there are two memories: the dream's own, and that which C reads: it was told the action before.
    """

    def __init__(self, model: DreamingModel, seed: int) -> None:
        super().__init__(model, seed)
        self._generator = Generator().manual_seed(seed)
        self._dreaming, self._coming = model.memory.empty_state(1), self.forecast

    @torch.inference_mode()
    def begin(self) -> None:
        """Fall asleep where one of the races began that M was trained on."""
        assert isinstance(self.model, DreamingModel)
        beginnings = self.model.beginnings
        chosen = torch.randint(len(beginnings.mu), (1,), generator=self._generator)
        self.code = drawn_codes(beginnings.mu[chosen], beginnings.log_var[chosen], self._generator)

    def begin_from(self, awake: Mind) -> None:
        """Fall asleep with what another mind sees and remembers now."""
        self.code, self.state, self.forecast, self.gained = awake.code, awake.state, awake.forecast, awake.gained
        self._coming = awake.forecast
        if awake.state is not None:
            self._dreaming = awake.state

    @torch.inference_mode()
    def act(self, person: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Return what is done, as awake; the dream is told of it, too."""
        if self.order == "book":
            self._remember()
        action = super().act(person)
        if self.order == "paper":
            self._coming = self.forecast
        elif isinstance(self.model, DreamingModel):
            memory = self.model.memory
            self._dreaming = memory.step(self.code, self._action, self.gained, self._dreaming)
            self._coming = memory.forecast(self._dreaming[0][0])
        return action

    @torch.inference_mode()
    def dream(self, temperature: float) -> float:
        """See what comes of the last action in the dream, and return its reward: 0 or 1."""
        assert self._coming is not None
        self.code, self.gained = drawn_next(self._coming, temperature, self._generator)
        return float(self.gained[0])


def can_see(model: WorldModel | None) -> bool:
    """Return whether there is a V."""
    return isinstance(model, SeeingModel)


def can_dream(model: WorldModel | None) -> bool:
    """Return whether a race can be dreamt: that needs V and M."""
    return isinstance(model, DreamingModel)


def can_drive(model: WorldModel | None) -> bool:
    """Return whether there is a controller."""
    return isinstance(model, DrivingModel)
