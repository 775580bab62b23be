"""Health checks speak when something is wrong, once, and keep silent otherwise."""

import math

import pytest

from gendesk.engine.health import Finding, HealthCheck, LossExplosion, Overfitting, non_finite


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
    assert finding.text == "On held-out data loss has risen 3 times in a row, up to step 20."
    assert "by heart" in finding.advice


def test_of_a_metric_that_should_rise_the_fall_is_told() -> None:
    better, worse = [1.0, 2.0, 3.0, 4.0, 5.0], [5.0, 4.0, 3.0, 2.0, 1.0]
    assert findings(Overfitting("loss", "max"), epochs(better, better)) == []
    (finding,) = findings(Overfitting("loss", "max"), epochs(better, worse))
    assert "loss has fallen 3 times" in finding.text


@pytest.mark.parametrize(
    ("training", "validation"),
    [
        ([5, 4, 3, 2, 1], [5, 4, 3, 2, 1]),
        ([5, 4, 3, 2, 1], [4, 4.1, 4.2, 4.1, 4.2]),
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
    ],
    ids=["both fall", "ups and downs", "both rise, which is no learning by heart"],
)
def test_other_histories_are_no_overfitting(training: list[float], validation: list[float]) -> None:
    assert findings(Overfitting("loss"), epochs(training, validation)) == []


def test_the_first_value_that_is_no_number_is_named() -> None:
    assert non_finite(3, {"total": 1.0, "kl": 0.0}) is None
    assert "kl became NaN (not a number) at step 1,203;" in str(non_finite(1203, {"total": 1.0, "kl": math.nan}))
    assert "total became infinite at step 3;" in str(non_finite(3, {"total": -math.inf, "kl": math.nan}))
