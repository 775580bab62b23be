"""The checks that every run gets without its recipe's help."""

from typing import Any

from gendesk.engine.health.curves import Goal, LossExplosion, NoProgress, Overfitting, TrainingGap
from gendesk.engine.health.finding import HealthCheck
from gendesk.engine.health.network import BloatedLayer, DeadUnits, ExplodingGradients, VanishingGradients
from gendesk.engine.health.probe import layer_sizes
from gendesk.engine.health.remedies import Remedies
from gendesk.engine.recipe import Recipe


def usual_checks(recipe: Recipe[Any, Any]) -> list[HealthCheck]:
    """Return fresh checks for a training that begins or goes on."""
    remedies = Remedies(recipe.config)
    slower = remedies.slower()
    regularised = remedies.at_least("dropout", 0.25)
    goals: dict[str, Goal] = {spec.name: spec.goal for spec in recipe.metrics if spec.goal != "none"}
    sizes, total = layer_sizes(recipe.model())
    return [
        LossExplosion(recipe.best, slower),
        Overfitting(recipe.best, goals[recipe.best], regularised),
        *(TrainingGap(name, goal, regularised) for name, goal in goals.items() if goal == "max" or name == recipe.best),
        NoProgress(goals, remedies.scaled("learning_rate", 10.0), slower),
        ExplodingGradients(slower),
        VanishingGradients(remedies.at_least("batch_norm", least=True)),
        DeadUnits(slower),
        BloatedLayer(sizes, total, remedies),
    ]
