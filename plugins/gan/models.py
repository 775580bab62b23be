"""What is left of a game after training: the generator, its average, and the critic that it was trained against."""

import torch
from torch import Generator as RandomGenerator
from torch import Tensor, nn
from torch.func import functional_call

from gendesk.data.dataset import ImageInfo
from gendesk.engine.recipe import Model
from gendesk.nn.averaging import Average

from . import networks
from .config import GanConfig
from .objectives import probability


class Gan(Model):
    """Generator and critic. Pictures are 0..1 for the world outside, and in the range of the config for the networks.

    Where the config wants it, a moving average of the generator's weights is kept in buffers, and makes the pictures
    that people see; the generator itself is the one that plays.
    """

    def __init__(self, config: GanConfig, generator: nn.Module, critic: nn.Module) -> None:
        super().__init__()
        self.latent_size = config.latent_size
        self.generator = generator
        self.critic = critic
        self._average = Average(self, generator, kept=bool(config.average))
        self._uniform = config.latent == "uniform"
        self._symmetric = config.picture_range == "-1 to 1"
        self._objective = config.objective

    @property
    def judges_probabilities(self) -> bool:
        """Whether `judge` answers with probabilities in 0..1 and not with scores without bounds."""
        return self._objective in ("bce", "non-saturating")

    def random_codes(self, count: int, generator: RandomGenerator) -> Tensor:
        """Return codes (count, latent_size) from the distribution that the generator is trained with."""
        if self._uniform:
            return torch.rand(count, self.latent_size, generator=generator, device=generator.device) * 2 - 1
        return torch.randn(count, self.latent_size, generator=generator, device=generator.device)

    def decode(self, codes: Tensor) -> Tensor:
        return self.to_world(self.generated(codes))

    def generated(self, codes: Tensor, *further: Tensor) -> Tensor:
        """Return what the generator makes with its average weights, in its own range; `further` is for its forward."""
        made: Tensor = functional_call(self.generator, self._average.weights(self), (codes, *further))
        return made

    def sample(self, count: int, generator: RandomGenerator) -> Tensor:
        return self.decode(self.random_codes(count, generator))

    def judge(self, images: Tensor) -> Tensor:
        """Return the critic's verdict on pictures in 0..1, (batch,): the higher, the more real."""
        return probability(self._objective, self.critic(self.from_world(images)))

    def to_world(self, made: Tensor) -> Tensor:
        """Turn what the generator makes into pictures in 0..1."""
        return ((made + 1) / 2 if self._symmetric else made).clamp(0, 1)

    def from_world(self, images: Tensor) -> Tensor:
        """Turn pictures in 0..1 into what the critic is shown."""
        return images * 2 - 1 if self._symmetric else images

    def follow(self, decay: float, steps: int) -> None:
        """Move the average towards the generator, faster in the first `steps`, when it has little worth keeping."""
        self._average.follow(self, self.generator, decay, steps)


def convolutional(config: GanConfig, info: ImageInfo) -> Gan:
    """Make the two networks of the tables in the config, with their first weights."""
    return assembled(config, networks.Generator(config, info), networks.Critic(config, info))


def assembled(config: GanConfig, generator: nn.Module, critic: nn.Module, kind: type[Gan] = Gan) -> Gan:
    """Give two networks their first weights, bound the critic's where the config says so, and join them."""
    for network in (generator, critic):
        networks.initialized(network, config)
    if config.regulariser == "spectral-norm":
        networks.bound_layers(critic)
    return kind(config, generator, critic)
