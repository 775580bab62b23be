"""What generator and critic play for, as losses of the critic's scores (batch,).

| name | source |
| --- | --- |
| bce, non-saturating | Goodfellow and others, Generative Adversarial Nets (2014), equation 1 and the remark below it |
| least-squares | Mao and others, Least Squares Generative Adversarial Networks (2017), with 0, 1 and 1 |
| hinge | Lim and Ye, Geometric GAN (2017); Miyato and others (2018), equations 16 and 17 |
| wasserstein | Arjovsky, Chintala and Bottou, Wasserstein GAN (2017) |
"""

import torch
from torch import Tensor
from torch.nn import functional

from .config import GameConfig, Objective


def labels(config: GameConfig, count: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return what cross-entropy asks for on real and on generated pictures, (count,) each, in 0..1.

    Noise is added to the labels as the recipe writes them, and what leaves 0..1 is cut off; then 1 means real.
    """
    device = generator.device
    written = torch.full((2, count), 0.0, device=device)
    written[1 if config.inverted_labels else 0] = 1.0
    if config.label_noise:
        written += config.label_noise * torch.rand(2, count, generator=generator, device=device)
        written.clamp_(0, 1)
    real, fake = 1 - written if config.inverted_labels else written
    return real * config.real_label, fake


def real_loss(objective: Objective, scores: Tensor, target: Tensor) -> Tensor:
    """Return the critic's loss on real pictures; `target` (batch,) counts for the cross-entropies alone."""
    match objective:
        case "bce" | "non-saturating":
            return functional.binary_cross_entropy_with_logits(scores, target)
        case "least-squares":
            return (scores - 1).square().mean()
        case "hinge":
            return functional.relu(1 - scores).mean()
        case "wasserstein":
            return -scores.mean()


def fake_loss(objective: Objective, scores: Tensor, target: Tensor) -> Tensor:
    """Return the critic's loss on generated pictures; `target` (batch,) counts for the cross-entropies alone."""
    match objective:
        case "bce" | "non-saturating":
            return functional.binary_cross_entropy_with_logits(scores, target)
        case "least-squares":
            return scores.square().mean()
        case "hinge":
            return functional.relu(1 + scores).mean()
        case "wasserstein":
            return scores.mean()


def generator_loss(objective: Objective, scores: Tensor, real_label: float = 1.0) -> Tensor:
    """Return the generator's loss from the scores of its pictures."""
    match objective:
        case "bce":
            return -functional.binary_cross_entropy_with_logits(scores, torch.zeros_like(scores))
        case "non-saturating":
            return functional.binary_cross_entropy_with_logits(scores, torch.full_like(scores, real_label))
        case "least-squares":
            return (scores - 1).square().mean()
        case "hinge" | "wasserstein":
            return -scores.mean()


def boundary(objective: Objective) -> float | None:
    """Return the score above which a picture counts as called real; a Wasserstein critic has none."""
    return {"least-squares": 0.5, "wasserstein": None}.get(objective, 0.0)


def probability(objective: Objective, scores: Tensor) -> Tensor:
    """Return scores as a probability of being real where they are logits, and as they are everywhere else."""
    return scores.sigmoid() if objective in ("bce", "non-saturating") else scores
