"""M: a recurrent network that foretells the next code of a race as a mixture of normal distributions, and its reward.

Architecture: Foster, Generative Deep Learning (1st edition), figure 8.13; losses: listing 8.3, with a log-sum-exp that
does not overflow. Temperature: Ha and Schmidhuber, World Models (2018).
"""

import math
from typing import NamedTuple

import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from gendesk.nn import keras

ACTIONS = 3
"""Steering, gas and brake."""
State = tuple[Tensor, Tensor]
"""Output and cell of the LSTM, each (1, count, units)."""


class Forecast(NamedTuple):
    """What may come next, for any leading dimensions (...).

    `log_pi` (..., codes, mixtures) are normalised logarithms of the weights, `mu` and `log_sigma` of the same shape
    those of the normal distributions; `reward` (...,) is the logit of a reward.
    """

    log_pi: Tensor
    mu: Tensor
    log_sigma: Tensor
    reward: Tensor

    def of(self, mask: Tensor) -> "Forecast":
        """Return what is said where a mask of the leading dimensions is true."""
        return Forecast(*(values[mask] for values in self))


class Memory(nn.Module):
    """Reads a code, the action taken and whether there was a reward before; foretells the next code and reward."""

    def __init__(self, latent_size: int = 32, units: int = 256, mixtures: int = 5) -> None:
        super().__init__()
        self.latent_size, self.units, self.mixtures = latent_size, units, mixtures
        self.lstm = keras.initialized(nn.LSTM(latent_size + ACTIONS + 1, units, batch_first=True))
        self.head = keras.initialized(nn.Linear(units, 3 * mixtures * latent_size + 1))

    def empty_state(self, count: int) -> State:
        """Return what is remembered before the first step of so many races."""
        zeros = self.head.weight.new_zeros(1, count, self.units)
        return zeros, zeros

    def forward(self, codes: Tensor, actions: Tensor, rewards: Tensor, state: State) -> tuple[Forecast, State]:
        """Read codes (count, steps, latent_size), actions (count, steps, 3) and rewards 0 or 1 (count, steps)."""
        hidden, state = self.lstm(torch.cat([codes, actions, rewards[..., None]], -1), state)
        return self.forecast(hidden), state

    def step(self, codes: Tensor, actions: Tensor, rewards: Tensor, state: State) -> State:
        """Read one step of codes (count, latent_size), actions (count, 3) and rewards (count,); foretell nothing."""
        _, after = self.lstm(torch.cat([codes, actions, rewards[:, None]], -1)[:, None], state)
        return after[0], after[1]

    def forecast(self, hidden: Tensor) -> Forecast:
        """Return what outputs (..., units) of the LSTM foretell."""
        numbers = self.head(hidden)
        parts = numbers[..., :-1].unflatten(-1, (self.latent_size, 3, self.mixtures))
        log_pi, mu, log_sigma = parts.unbind(-2)
        return Forecast(log_pi.log_softmax(-1), mu, log_sigma, numbers[..., -1])


def memory_losses(forecast: Forecast, codes: Tensor, rewards: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean losses, in nats, of a number of the codes that came (..., latent_size), and of rewards 0 or 1."""
    distance = (codes[..., None] - forecast.mu) * (-forecast.log_sigma).exp()
    log_density = -0.5 * distance.square() - forecast.log_sigma - 0.5 * math.log(2 * math.pi)
    of_codes = -(forecast.log_pi + log_density).logsumexp(-1).mean()
    return of_codes, functional.binary_cross_entropy_with_logits(forecast.reward, rewards)


def drawn_next(forecast: Forecast, temperature: float, generator: Generator | None = None) -> tuple[Tensor, Tensor]:
    """Draw the next codes (..., latent_size), and rewards 0 or 1 (...): 1 where it is likelier than not.

    Each number chooses a mixture of its own. Temperatures above 1 make rare ones likelier and the noise wider, by its
    square root; at 0 the likeliest mean is taken.
    """
    rewards = (forecast.reward > 0).to(forecast.mu.dtype)
    if temperature <= 0:
        return _of(forecast.mu, forecast.log_pi.argmax(-1)), rewards
    chances = (forecast.log_pi / temperature).softmax(-1)
    chosen = torch.multinomial(chances.flatten(0, -2), 1, generator=generator).view(chances.shape[:-1])
    mu, sigma = _of(forecast.mu, chosen), _of(forecast.log_sigma, chosen).exp()
    noise = torch.empty_like(mu).normal_(generator=generator)
    return mu + sigma * noise * math.sqrt(temperature), rewards


def _of(values: Tensor, chosen: Tensor) -> Tensor:
    """Return of each number (..., mixtures) the one that is chosen (...)."""
    return values.gather(-1, chosen[..., None])[..., 0]
