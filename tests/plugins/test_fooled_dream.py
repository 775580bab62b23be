"""The check that tells when a driver has learnt to fool M."""

import pytest
from gendesk.plugins.worldmodel.config import ControllerConfig
from gendesk.plugins.worldmodel.stages.overfitting import FooledDream


def findings(dreams, scores, every=5, config=None):
    """Look at generations, of which each so-manieth is evaluated; None dreams nothing."""
    check = FooledDream(config or ControllerConfig(trained_in="dream"))
    found = []
    for number, dream in enumerate(dreams, start=1):
        values = {} if dream is None else {"dream_mean": dream}
        if number % every == 0:
            values["score"] = scores[number // every - 1]
        if finding := check.look(number, values):
            found.append((number, finding))
    return found


def test_rising_dreams_and_falling_races_are_told_once():
    # The evaluations that Foster's repository keeps, and dreams that rise as his did.
    found = findings([8.5 + 2 * n for n in range(150)], [94.1, 115.8, 85.4, -16.0, -20.0, -30.0], every=25)
    ((step, finding),) = found
    assert step == 100
    assert finding.text.startswith(
        "The dream score rises while the score on real tracks falls: C has learnt to fool M."
    )
    assert finding.kind == "fooled-dream"
    assert finding.explanation
    assert finding.changes == {"trained_in": "alternating", "temperature": 1.15}
    ControllerConfig().with_values(finding.changes)


def test_where_it_dreams_only_half_of_the_time():
    config = ControllerConfig(trained_in="alternating")
    dreams = [10.0 * n if (n // 5) % 2 == 0 else None for n in range(60)]
    falling = [200, 220, 150, 160, 90, 100, 40, 50, 10, 20, 0, 0]
    ((step, finding),) = findings(dreams, falling, config=config)
    assert step == 25
    assert finding.changes == {"trained_in": "real"}


@pytest.mark.parametrize(
    ("dreams", "scores"),
    [
        (range(1, 31), [10, 20, 30, 40, 50, 60]),  # all is well
        ([5.0] * 30, [300, 200, 100, 50, 20, 0]),  # the dream does not rise
        (range(30, 0, -1), [300, 200, 100, 50, 20, 0]),  # the dream falls, too
        (range(1, 31), [300, 295, 290, 310, 305, 300]),  # luck of the draw
        (range(1, 31), [300, 100, 310, 90, 305, 100]),  # it goes up and down
        ([None] * 30, [300, 200, 100, 50, 20, 0]),  # it never dreams
    ],
)
def test_what_is_no_reason_to_warn(dreams, scores):
    assert findings(list(dreams), scores) == []
