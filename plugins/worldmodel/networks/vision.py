"""V: a variational autoencoder for pictures of 64 x 64, which sees a frame as 32 numbers.

Architecture: Foster, Generative Deep Learning (1st edition), figure 8.7, with the kernels and strides of the author's
code. Ha and Schmidhuber's (World Models, 2018) is wider: 4,348,547 parameters.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from gendesk.nn import keras

from .controller import Sees

SIZE = 64
"""Pixels on each side of a frame."""
_FLAT = 128 * 2 * 2
_UNFLATTENED = 1024


class Vision(nn.Module):
    """Encodes frames (count, 3, 64, 64) in [0, 1] as normal distributions of codes (count, latent_size), and back."""

    def __init__(self, latent_size: int = 32) -> None:
        super().__init__()
        self.latent_size = latent_size
        self.encoder = keras.initialized(
            nn.Sequential(
                *(nn.Conv2d(3, 32, 4, 2), nn.ReLU()),
                *(nn.Conv2d(32, 64, 4, 2), nn.ReLU()),
                *(nn.Conv2d(64, 64, 4, 2), nn.ReLU()),
                *(nn.Conv2d(64, 128, 4, 2), nn.ReLU()),
                nn.Flatten(),
            )
        )
        self.mu = keras.initialized(nn.Linear(_FLAT, latent_size))
        self.log_var = keras.initialized(nn.Linear(_FLAT, latent_size))
        self.decoder = keras.initialized(
            nn.Sequential(
                nn.Linear(latent_size, _UNFLATTENED),
                nn.Unflatten(1, (_UNFLATTENED, 1, 1)),
                *(nn.ConvTranspose2d(_UNFLATTENED, 64, 5, 2), nn.ReLU()),
                *(nn.ConvTranspose2d(64, 64, 5, 2), nn.ReLU()),
                *(nn.ConvTranspose2d(64, 32, 6, 2), nn.ReLU()),
                *(nn.ConvTranspose2d(32, 3, 6, 2), nn.Sigmoid()),
            )
        )

    def encode(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Return mean and logarithm of the variance of the codes, each (count, latent_size)."""
        hidden = self.encoder(frames)
        return self.mu(hidden), self.log_var(hidden)

    def decode(self, codes: Tensor) -> Tensor:
        """Return frames (count, 3, 64, 64) in [0, 1] for codes (count, latent_size)."""
        frames: Tensor = self.decoder(codes)
        return frames


def drawn_codes(mu: Tensor, log_var: Tensor, generator: Generator | None = None) -> Tensor:
    """Draw codes z = mu + exp(log_var / 2) * noise, of the shape of `mu`."""
    noise = torch.empty_like(mu).normal_(generator=generator)
    return mu + (log_var / 2).exp() * noise


def seen_codes(mu: Tensor, log_var: Tensor, sees: Sees, random: Sequence[np.random.Generator]) -> Tensor:
    """Return the codes (races, latent_size) by which races know their frames; each draws from a chance of its own."""
    if sees == "mean":
        return mu
    noise = np.stack([one.standard_normal(mu.shape[1], np.float32) for one in random])
    return mu + (log_var / 2).exp() * torch.from_numpy(noise)


def vision_losses(frames: Tensor, seen: Tensor, mu: Tensor, log_var: Tensor, free: float) -> tuple[Tensor, Tensor]:
    """Return the mean loss of reconstruction and of the codes, in units of one frame.

    The first is the sum of squared errors over a frame's numbers. The second is the KL divergence from N(0, 1) in nats,
    of which `free` nats for each number of the code cost nothing more (0.5 in the author's code: a floor of 16 nats).
    """
    reconstruction = functional.mse_loss(seen, frames, reduction="none").sum((1, 2, 3)).mean()
    divergence = -0.5 * (1 + log_var - mu.square() - log_var.exp()).sum(1)
    return reconstruction, divergence.clamp(min=free * mu.shape[1]).mean()
