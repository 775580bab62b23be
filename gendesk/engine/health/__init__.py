"""Checks that watch a run and say in plain words what goes wrong; families add their own. Nothing here needs torch."""

from gendesk.engine.health.catalogue import WATCHED, Watched, explanation_of, title_of
from gendesk.engine.health.curves import LossExplosion, NoProgress, Overfitting, TrainingGap, non_finite
from gendesk.engine.health.finding import Finding, HealthCheck
from gendesk.engine.health.network import BloatedLayer, DeadUnits, ExplodingGradients, VanishingGradients
from gendesk.engine.health.remedies import Remedies

__all__ = [
    "WATCHED",
    "BloatedLayer",
    "DeadUnits",
    "ExplodingGradients",
    "Finding",
    "HealthCheck",
    "LossExplosion",
    "NoProgress",
    "Overfitting",
    "Remedies",
    "TrainingGap",
    "VanishingGradients",
    "Watched",
    "explanation_of",
    "non_finite",
    "title_of",
]
