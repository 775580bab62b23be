"""The health centre with a few findings of a run."""

from PySide6.QtWidgets import QWidget

from gendesk.app.health_centre import HealthCentre
from gendesk.engine.events import Warned
from gendesk.engine.health import explanation_of

RUN = "0007-vae-quick"


def build() -> QWidget:
    centre = HealthCentre()
    centre.resize(380, 760)
    centre.set_run(RUN, [_overfitting(), _exploding(), _lost()], {"learning_rate": 0.002, "dropout": 0.0})
    return centre


def _overfitting() -> Warned:
    return Warned(
        run_id=RUN,
        step=4_250,
        time=1.0,
        kind="overfitting",
        text="On held-out data total has risen 3 times in a row, up to step 4,250.",
        advice="The model begins to learn its data by heart: stop here, or use more data, dropout or a smaller model.",
        explanation=explanation_of("overfitting"),
        changes={"dropout": 0.25},
    )


def _exploding() -> Warned:
    return Warned(
        run_id=RUN,
        step=12_480,
        time=2.0,
        kind="exploding-gradients",
        text="The norm of the gradients leapt to 3.1e+05 at step 12,480; its median was 41.2.",
        advice="Lower the learning rate, or clip the gradients if the recipe can; the best checkpoint is from before.",
        explanation=explanation_of("exploding-gradients"),
        changes={"learning_rate": 0.0002},
    )


def _lost() -> Warned:
    return Warned(
        run_id=RUN,
        step=12_530,
        time=3.0,
        kind="storage",
        text="Metrics or pictures cannot be saved: No space left on device.",
        advice="Training goes on; metrics wait in memory and are written as soon as it is possible again.",
    )
