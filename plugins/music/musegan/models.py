"""What is left of MuseGAN after training: the generator, its average, and the critic."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Generator as RandomGenerator
from torch import Tensor
from torch.func import functional_call

from gendesk.data.dataset import ScoreInfo
from gendesk.engine.music.excerpts import STEPS, VOICES, Cut
from gendesk.engine.recipe import Model
from gendesk.errors import InputError
from gendesk.music.tokens.grid_view import PITCHES, Int8Array
from gendesk.nn.averaging import Average

from .config import MuseganConfig
from .networks import PARTS, Critic, Generator, initialized


class MuseGan(Model):
    """Makes `cut.bars` bars in four voices from noise (batch, parts, size); see `gendesk.engine.music.console`."""

    def __init__(self, config: MuseganConfig) -> None:
        super().__init__()
        self.size = config.latent_size
        self.parts = PARTS
        self.cut = Cut(config.bars, config.excerpts == "everywhere", config.key == "C")
        self.generator = Generator(config)
        self.critic = Critic(config)
        initialized(self.generator, self.critic, config.weights)
        self._average = Average(self, self.generator, kept=bool(config.average))

    def random_codes(self, count: int, generator: RandomGenerator) -> Tensor:
        """Return noise (count, parts, size) from N(0, 1)."""
        return torch.randn(count, self.parts, self.size, generator=generator, device=generator.device)

    def perform(self, noise: Tensor) -> Tensor:
        """Return music (batch, bars, steps, pitches, tracks) in -1..1, by the averaged weights where there are any."""
        made: Tensor = functional_call(self.generator, self._average.weights(self), (noise,))
        return made

    def judge(self, music: Tensor) -> Tensor:
        """Return the critic's scores (batch,)."""
        scores: Tensor = self.critic(music)
        return scores

    def follow(self, decay: float, steps: int) -> None:
        """Move the average towards the generator."""
        self._average.follow(self, self.generator, decay, steps)


def build(config: MuseganConfig, info: ScoreInfo) -> MuseGan:
    """Make both networks with their first weights; raises InputError for music in fewer than four voices."""
    if info.voices < VOICES:
        voices = "one voice" if info.voices == 1 else f"{info.voices} voices"
        raise InputError(f"{info.title} cannot be used here: MuseGAN learns pieces in four voices, not in {voices}.")
    return MuseGan(config)


def to_music(grids: npt.ArrayLike, device: torch.device) -> Tensor:
    """Turn pitches [batch, bars, steps, tracks] into music (batch, bars, steps, pitches, tracks) of -1 and 1."""
    pitches = torch.from_numpy(np.asarray(grids, np.int64)).to(device)
    music = torch.full((*pitches.shape[:2], STEPS, PITCHES, VOICES), -1.0, device=device)
    marks = torch.where(pitches < 0, -1.0, 1.0)
    return music.scatter_(3, pitches.clamp(min=0)[:, :, :, None], marks[:, :, :, None])


def to_grids(music: Tensor) -> Int8Array:
    """Return pitches [batch, bars, steps, tracks]: at each step that of most value, so that no voice is ever silent."""
    return np.asarray(music.argmax(3).to(torch.int8).cpu().numpy())
