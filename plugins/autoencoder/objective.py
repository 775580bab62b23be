"""What autoencoders make small: the error of copies, and how far codes are from the normal distribution."""

from typing import Protocol

import torch
from torch import Generator, Tensor
from torch.nn import functional

from .config import TrainingConfig


class _Pressure(Protocol):
    """The part of a config that says how codes are drawn towards N(0, I)."""

    beta: float
    warm_up: float
    free_bits: float


def reconstruction_loss(logits: Tensor, images: Tensor, config: TrainingConfig) -> Tensor:
    """Return the error of copies times its factor, averaged over the batch.

    `logits` and `images` are (batch, channels, height, width), the sigmoid of logits being the copy. The error of a
    picture is the mean over its pixels, or their sum. Foster's text says RMSE; its listing takes no root.
    """
    if config.loss == "bce":
        error = functional.binary_cross_entropy_with_logits(logits.float(), images)
    else:
        error = functional.mse_loss(torch.sigmoid(logits.float()), images)
    pixels = images[0].numel() if config.reduction == "sum" else 1
    return config.reconstruction_factor * pixels * error


def draw(mu: Tensor, log_var: Tensor, generator: Generator) -> Tensor:
    """Sample z = mu + sigma * epsilon with epsilon from N(0, I): the reparametrisation trick."""
    epsilon = torch.randn(mu.shape, generator=generator, device=mu.device, dtype=mu.dtype)
    return mu + torch.exp(log_var / 2) * epsilon


def kl_by_dimension(mu: Tensor, log_var: Tensor) -> Tensor:
    """Return the KL divergence of N(mu, sigma^2) from N(0, 1) for each dimension, (latent_size,), in nats.

    It is averaged over the batch: -1/2 (1 + log_var - mu^2 - exp(log_var)), Kingma and Welling 2014, appendix B.
    """
    return -0.5 * (1 + log_var - mu.square() - log_var.exp()).mean(0)


def kl_term(by_dimension: Tensor, config: _Pressure, epochs: float) -> Tensor:
    """Return what the KL divergence adds to the loss after so many epochs of training.

    Every dimension counts at least its free nats (Kingma et al. 2016, appendix C8), and the weight grows in a straight
    line during the warm-up.
    """
    counted = by_dimension.clamp(min=config.free_bits) if config.free_bits else by_dimension
    grown = min(1.0, epochs / config.warm_up) if config.warm_up else 1.0
    return config.beta * grown * counted.sum()
