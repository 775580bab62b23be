"""Health checks speak when something is wrong, once, and keep silent otherwise."""

import math
import random

import pytest

from gendesk.config import ConfigModel, setting
from gendesk.engine.health import (
    WATCHED,
    BloatedLayer,
    DeadUnits,
    ExplodingGradients,
    Finding,
    HealthCheck,
    LossExplosion,
    NoProgress,
    Overfitting,
    Remedies,
    TrainingGap,
    VanishingGradients,
    explanation_of,
    non_finite,
    title_of,
)


def findings(check: HealthCheck, history: list[dict[str, float]]) -> list[Finding]:
    found = [check.look(step, values) for step, values in enumerate(history, 1)]
    return [finding for finding in found if finding]


def test_a_leap_of_the_loss_is_told_once() -> None:
    history = [{"loss": 2.0 + step % 3 / 10} for step in range(50)] + [{"loss": 900.0}, {"loss": 5000.0}]
    (finding,) = findings(LossExplosion("loss"), history)
    assert "loss leapt to 900 at step 51" in finding.text
    assert "about 2.1" in finding.text
    assert "learning rate" in finding.advice


@pytest.mark.parametrize(
    "history",
    [
        [{"loss": 1000.0 / step} for step in range(1, 300)],
        [{"loss": 2.0}] * 5 + [{"loss": 900.0}],
        [{"other": 2.0}] * 50 + [{"other": 9000.0}],
        [{"loss": -2.0}] * 50 + [{"loss": -150.0}],
    ],
    ids=["falls", "just begun", "another metric", "a critic's loss"],
)
def test_what_training_usually_does_is_no_leap(history: list[dict[str, float]]) -> None:
    assert findings(LossExplosion("loss"), history) == []


def epochs(training: list[float], validation: list[float]) -> list[dict[str, float]]:
    rows = []
    for train, test in zip(training, validation, strict=True):
        rows += [{"loss": train}] * 3 + [{"validation/loss": test}]
    return rows


def test_overfitting_is_told_once() -> None:
    history = epochs([5, 4, 3, 2, 1, 0.5], [5, 4, 4.1, 4.2, 4.3, 4.4])
    (finding,) = findings(Overfitting("loss"), history)
    assert finding.text == "On held-out data loss has risen 3 times in a row and not recovered by step 24."
    assert "by heart" in finding.advice


def test_of_a_metric_that_should_rise_the_fall_is_told() -> None:
    better, worse = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [6.0, 5.0, 4.0, 3.0, 2.0, 1.0]
    assert findings(Overfitting("loss", "max"), epochs(better, better)) == []
    (finding,) = findings(Overfitting("loss", "max"), epochs(better, worse))
    assert "loss has fallen 3 times" in finding.text


@pytest.mark.parametrize(
    ("training", "validation"),
    [
        ([5, 4, 3, 2, 1], [5, 4, 3, 2, 1]),
        ([5, 4, 3, 2, 1], [4, 4.1, 4.2, 4.1, 4.2]),
        ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]),
        ([5, 4, 3, 2, 1, 0.9], [4, 1, 1.001, 1.002, 1.003, 1.004]),
        ([5, 4, 3, 2, 1, 0.9], [4, 1, 1.2, 1.4, 1.6, 1.01]),
    ],
    ids=["both fall", "ups and downs", "both rise, which is no learning by heart", "next to nothing", "it recovers"],
)
def test_other_histories_are_no_overfitting(training: list[float], validation: list[float]) -> None:
    assert findings(Overfitting("loss"), epochs(training, validation)) == []


def test_the_first_value_that_is_no_number_is_named() -> None:
    assert non_finite(3, {"total": 1.0, "kl": 0.0}) is None
    assert "kl became NaN (not a number) at step 1,203;" in str(non_finite(1203, {"total": 1.0, "kl": math.nan}))
    assert "total became infinite at step 3;" in str(non_finite(3, {"total": -math.inf, "kl": math.nan}))


def test_a_wide_gap_between_training_and_held_out_data_is_overfitting() -> None:
    history = epochs([5, 2, 1, 0.5, 0.3, 0.2, 0.1], [5, 2.5, 2, 2, 2, 2, 2])
    (finding,) = findings(TrainingGap("loss"), history)
    assert finding.kind == "overfitting"
    assert "0.2 on training data and 2 on held-out data" in finding.text
    accuracy = epochs([0.5, 0.7, 0.8, 0.9, 0.95], [0.5, 0.65, 0.66, 0.67, 0.68])
    (finding,) = findings(TrainingGap("loss", "max"), accuracy)
    assert "0.95 on training data and 0.68 on held-out data" in finding.text


@pytest.mark.parametrize(
    ("training", "validation"),
    [
        ([5, 4, 3, 2, 1], [5, 4.5, 4, 3.5, 3]),
        ([5, 1e-7, 1e-8, 1e-8, 1e-8], [5, 1e-6, 1e-6, 1e-6, 1e-6]),
        ([5, 2, 1, 1, 1, 1], [5, 2, 1.3, 1.3, 1.3, 1.3]),
        ([-5, -6, -7, -8, -9], [-4, -3, -2, -1, 0]),
    ],
    ids=["both gain", "both are next to nothing", "a usual gap", "a critic's loss"],
)
def test_other_gaps_are_no_overfitting(training: list[float], validation: list[float]) -> None:
    assert findings(TrainingGap("loss"), epochs(training, validation)) == []


def noisy(values: list[float], share: float = 0.05) -> list[float]:
    rng = random.Random(3)
    return [value * (1 + rng.gauss(0, share)) for value in values]


def stuck(**curves: list[float]) -> list[Finding]:
    check = NoProgress(dict.fromkeys(curves, "min"), {"rate": "larger"}, {"rate": "smaller"})
    rows = zip(*curves.values(), strict=True)
    return findings(check, [dict(zip(curves, row, strict=True)) for row in rows])


def test_a_loss_that_never_fell_is_told() -> None:
    (finding,) = stuck(loss=noisy([2.3] * 2500))
    assert finding.kind == "no-progress"
    assert "After 2,000 steps nothing is better than at the start" in finding.text
    assert finding.changes == {"rate": "larger"}
    (finding,) = stuck(loss=noisy([2.3] * 5 + [9.0] * 2500))
    assert finding.changes == {"rate": "smaller"}


@pytest.mark.parametrize(
    "curves",
    [
        {"loss": noisy([1 + math.exp(-step / 100) for step in range(2500)])},
        {"loss": noisy([2.0] * 3 + [1.0] * 2500)},
        {"loss": noisy([2.3] * 2500, share=2.0)},
        {"loss": noisy([2.3] * 1500)},
        {"generator": noisy([0.7] * 5 + [1.5] * 2500), "critic": noisy([0.7] * 5 + [0.4] * 2500)},
    ],
    ids=["converged", "converged at once", "too noisy to tell", "has just begun", "two that fight"],
)
def test_what_got_anywhere_is_not_stuck(curves: dict[str, list[float]]) -> None:
    assert stuck(**curves) == []


def test_a_resumed_run_s_beginning_is_not_known() -> None:
    check = NoProgress({"loss": "min"}, {}, {})
    assert [check.look(step, {"loss": 2.3}) for step in range(500, 4000)] == [None] * 3500


def test_gradients_that_leap_are_told_once() -> None:
    check = ExplodingGradients({"learning_rate": 0.1})
    history = [{"gradient": 1.0 + step % 3} for step in range(30)]
    assert findings(check, [*history, {"gradient": 150.0}]) == []
    (finding,) = findings(ExplodingGradients({"learning_rate": 0.1}), [*history, {"gradient": math.inf}] * 2)
    assert finding.kind == "exploding-gradients"
    assert "leapt to inf at step 31; its median was 2" in finding.text
    assert finding.changes == {"learning_rate": 0.1}


def test_a_layer_without_gradient_is_told_when_it_lasts() -> None:
    faint = {"gradient": 1.0, "gradient/first": 1e-9, "gradient/middle": 0.0, "gradient/last": 0.5, "dead/act": 0.0}
    well = {**faint, "gradient/first": 0.1, "gradient/middle": 0.1}
    (finding,) = findings(VanishingGradients({}), [well] * 5 + [faint] * 20)
    assert "The weights of middle get almost no gradient at step 15" in finding.text
    assert "1 more layer does the same" in finding.text
    assert findings(VanishingGradients({}), [faint] * 9 + [well] + [faint] * 9) == []
    assert findings(VanishingGradients({}), [{"loss": 1.0}] * 50) == []


def test_dead_units_are_told_by_layer() -> None:
    assert findings(DeadUnits({}), [{"dead/relu": 0.4}] * 3) == []
    (finding,) = findings(DeadUnits({}), [{"dead/one": 0.5, "dead/two": 0.75}] * 3)
    assert finding.text.startswith("75% of the units of two put out zero")


class Config(ConfigModel):
    dense: int = setting(256, "Dense", "Units.", group="Model", ge=1)
    learning_rate: float = setting(0.001, "Rate", "Size of a step.", group="Training", ge=0.0005)
    critic_learning_rate: float = setting(0.01, "Rate", "Size of a step.", group="Training")
    dropout: float = setting(0.0, "Dropout", "Share.", group="Model", le=0.9)
    batch_norm: bool = setting(True, "Normalise", "Whether.", group="Model")


def test_a_layer_that_holds_most_of_the_model_is_told_with_its_size() -> None:
    sizes = {"encoder.dense.0": 90_000, "head": 5_000, "trunk": 5_000}
    (finding,) = findings(BloatedLayer(sizes, 100_000, Remedies(Config())), [{}] * 3)
    assert "encoder.dense.0 holds 90,000 of the model's 100,000 parameters, 90%" in finding.text
    assert finding.changes == {"dense": 128}


@pytest.mark.parametrize(
    ("sizes", "total"),
    [
        ({"a": 900, "b": 50, "c": 50}, 1000),
        ({"a": 90_000, "b": 10_000}, 100_000),
        ({}, 0),
        ({"a": 1, "b": 1, "c": 1}, 90_000),
    ],
    ids=["tiny", "two layers", "none", "a recurrent layer"],
)
def test_other_models_are_not_bloated(sizes: dict[str, int], total: int) -> None:
    assert findings(BloatedLayer(sizes, total, Remedies(Config())), [{}]) == []


def test_remedies_change_only_what_exists_and_may_be_changed() -> None:
    remedies = Remedies(Config(learning_rate=0.01))
    assert remedies.slower() == {"learning_rate": 0.001, "critic_learning_rate": 0.001}
    assert Remedies(Config()).slower() == {"critic_learning_rate": 0.001}  # the other one is as low as it may be
    assert remedies.at_least("dropout", 0.25) == {"dropout": 0.25}
    assert Remedies(Config(dropout=0.5)).at_least("dropout", 0.25) == {}
    assert remedies.at_least("batch_norm", least=True) == {}
    assert remedies.at_least("weight_decay", 0.1) == {}
    assert remedies.halved_in("decoder.trunk.3") == {}


def test_every_kind_has_a_name_and_a_meaning() -> None:
    for watched in WATCHED:
        assert title_of(watched.kind) == watched.title
        assert explanation_of(watched.kind) == watched.meaning
    assert title_of("posterior-collapse") == "Posterior collapse"
    assert explanation_of("posterior-collapse") == ""
