"""What is left of each stage of the pipeline; every stage's model holds those of the stages before it.

The world that the races belong to travels with the models, so that a run can be taken to another machine alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Generator, Tensor, nn
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from gendesk.engine.exams import TrackScore
from gendesk.engine.recipe import Model

from .dream import Beginnings
from .networks.controller import ControllerShape, read, squashed
from .networks.memory import Forecast, Memory, State
from .networks.vision import Vision, drawn_codes

BEGINNINGS = 256
"""How many first frames a model keeps for dreams to begin with."""


@dataclass(frozen=True)
class World:
    """What is seen of a race, and how often a driver is asked: see `CarRacing64`."""

    action_repeat: int = 1
    crop_indicators: bool = False
    skip_zoom: bool = False

    def decisions(self, frames: int) -> int:
        """Return how many decisions so many frames of 1/50 s take, the last of them perhaps cut short."""
        return -(-frames // self.action_repeat)

    def options(self) -> dict[str, Any]:
        """Return the arguments of the environment."""
        return {
            "action_repeat": self.action_repeat,
            "crop_indicators": self.crop_indicators,
            "skip_zoom": self.skip_zoom,
        }


class WorldModel(Model):
    """Knows the world and nothing of it yet; its only numbers are the world's."""

    world_numbers: Tensor

    def __init__(self, world: World | None = None) -> None:
        super().__init__()
        world = world or World()
        numbers = (world.action_repeat, int(world.crop_indicators), int(world.skip_zoom))
        self.register_buffer("world_numbers", torch.tensor(numbers, dtype=torch.int64))

    @property
    def world(self) -> World:
        """What its races look like."""
        repeat, crop, skip = self.world_numbers.tolist()
        return World(int(repeat), bool(crop), bool(skip))

    def race_options(self) -> dict[str, Any]:
        """Return the arguments of the racing environment."""
        return self.world.options()


class SeeingModel(WorldModel):
    """V: encodes frames (count, 3, 64, 64) in 0..1 and decodes codes (count, latent_size)."""

    def __init__(self, world: World | None = None, latent_size: int = 32) -> None:
        super().__init__(world)
        self.latent_size = latent_size
        self.vision = Vision(latent_size)

    def encode(self, images: Tensor) -> Tensor:
        """Return the means of the codes."""
        return self.vision.encode(images)[0]

    def decode(self, codes: Tensor) -> Tensor:
        """Return the frames that codes stand for."""
        return self.vision.decode(codes)

    def sample(self, count: int, generator: Generator) -> Tensor:
        """Return frames of tracks that nobody has driven."""
        return self.decode(torch.randn(count, self.latent_size, generator=generator, device=self.world_numbers.device))


class DreamingModel(SeeingModel):
    """V and M, and how races begin."""

    beginning_mu: Tensor
    beginning_log_var: Tensor

    def __init__(self, world: World | None = None, latent_size: int = 32, units: int = 256, mixtures: int = 5) -> None:
        super().__init__(world, latent_size)
        self.memory = Memory(latent_size, units, mixtures)
        self.register_buffer("beginning_mu", torch.zeros(BEGINNINGS, latent_size))
        self.register_buffer("beginning_log_var", torch.zeros(BEGINNINGS, latent_size))

    @property
    def beginnings(self) -> Beginnings:
        """How races begin."""
        return Beginnings(self.beginning_mu, self.beginning_log_var)

    def foresee(self, codes: Tensor, actions: Tensor, rewards: Tensor) -> tuple[Forecast, Tensor]:
        """Return what comes after each step of races from their beginning, and what is remembered at their end."""
        forecast, state = self.memory(codes, actions, rewards, self.memory.empty_state(len(codes)))
        return forecast, state[0][0]

    def first_codes(self, count: int, generator: Generator) -> Tensor:
        """Draw codes (count, latent_size) of first frames."""
        chosen = torch.randint(BEGINNINGS, (count,), generator=generator, device=self.beginning_mu.device)
        return drawn_codes(self.beginning_mu[chosen], self.beginning_log_var[chosen], generator)

    def empty_state(self, count: int) -> State:
        """Return what is remembered before the first step of so many races."""
        return self.memory.empty_state(count)


class DrivingModel(DreamingModel):
    """V, M and C."""

    def __init__(
        self,
        world: World | None = None,
        shape: ControllerShape | None = None,
        mixtures: int = 5,
    ) -> None:
        self_shape = shape or ControllerShape()
        super().__init__(world, self_shape.latent_size, self_shape.units, mixtures)
        self.shape = self_shape
        self.controller = nn.ModuleList(nn.Linear(inputs, outputs) for inputs, outputs in self_shape.layers)
        for parameter in self.controller.parameters():
            nn.init.zeros_(parameter)

    @property
    def driver(self) -> Tensor:
        """The numbers of the controller in a row (parameters,), as evolution handles them."""
        return parameters_to_vector(self.controller.parameters()).detach()

    @torch.no_grad()
    def set_driver(self, numbers: Tensor) -> None:
        """Take numbers (parameters,) for the controller."""
        vector_to_parameters(numbers.to(self.world_numbers.device, torch.float32).clone(), self.controller.parameters())

    def drive(self, codes: Tensor, remembered: Tensor) -> Tensor:
        """Return actions (count, 3) for codes (count, latent_size) and memories (count, units)."""
        values = read(self.shape, codes, remembered)
        for layer in self.controller:
            values = layer(values).tanh()
        return squashed(self.shape, values)

    def exam(
        self,
        tracks: Sequence[int],
        settings: Mapping[str, Any],
        report: Callable[[TrackScore], None],
        stopping: Callable[[], bool],
    ) -> Sequence[TrackScore]:
        """Return what C scores on real tracks: see `gendesk.engine.capabilities.Examinable`."""
        from .exam import sit  # here, because it needs this module

        return sit(self, tracks, settings, report, stopping)
