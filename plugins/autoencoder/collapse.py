"""Posterior collapse: the health check of every variational autoencoder."""

from collections.abc import Mapping

from gendesk.config import ConfigModel
from gendesk.engine.health import Finding, Remedies

ACTIVE_NATS = 0.01
"""A dimension that carries less than this, on average over held-out pictures, is told nothing by the encoder."""

_FIRST_STEPS = 200
_FEW = 0.25  # of the dimensions


class PosteriorCollapse:
    """Warns when the latent code carries next to nothing, or when most of its dimensions do.

    The first steps are spared: every code is empty before anything has been learnt. So is a warm-up, during which the
    KL divergence is not yet what it is going to be.
    """

    def __init__(self, config: ConfigModel, latent_size: int, warm_up_steps: int = 0) -> None:
        self._latent_size = latent_size
        self._first = max(_FIRST_STEPS, warm_up_steps)
        remedies = Remedies(config)
        self._changes = remedies.scaled("reconstruction_factor", 10.0)
        self._gentler = remedies.at_least("free_bits", 0.05)
        self._warned: set[str] = set()

    def look(self, step: int, values: Mapping[str, float]) -> Finding | None:
        kl, active = values.get("validation/kl"), values.get("validation/active")
        if kl is None or active is None or step < self._first:
            return None
        if kl < ACTIVE_NATS * self._latent_size:
            return self._once("posterior-collapse", self._nothing(step, kl))
        if self._latent_size >= 4 and active < _FEW * self._latent_size:
            return self._once("idle-dimensions", self._few(step, round(active)))
        return None

    def _once(self, kind: str, finding: Finding) -> Finding | None:
        if kind in self._warned:
            return None
        self._warned.add(kind)
        return finding

    def _nothing(self, step: int, kl: float) -> Finding:
        return Finding(
            f"The latent code carries almost nothing (KL {kl:.3g} at step {step:,}): the decoder ignores it.",
            "Raise the reconstruction factor.",
            kind="posterior-collapse",
            explanation="All pictures are coded alike, because an exact copy counts too little against a code that "
            "looks like noise. Such a decoder draws the mean of all pictures.",
            changes=self._changes,
        )

    def _few(self, step: int, active: int) -> Finding:
        return Finding(
            f"Only {active} of the {self._latent_size} numbers of the code carry anything at step {step:,}.",
            "Give every number some free nats, or take a smaller code.",
            kind="idle-dimensions",
            explanation="The KL divergence has silenced the others: they are noise that the decoder has learnt to "
            "overlook. That is harmless, but they can neither be walked along nor painted with.",
            changes=self._gentler,
        )
