"""Which checks a game gets: those that mean something for what it is played for."""

from gendesk.data.dataset import ImageInfo
from gendesk.engine.health import HealthCheck

from ..config import GanConfig
from .balance import CriticTooStrong, CriticTooWeak
from .bounds import ClipSaturation, GradientPenaltyHealth
from .steadiness import Oscillation, UnboundedCritic, UninformativeLoss
from .variety import Checkerboard, Memorised, ModeCollapse


def doctor(config: GanConfig, info: ImageInfo) -> tuple[HealthCheck, ...]:
    """Return fresh checks for a game on data such as `info` tells of."""
    checks: list[HealthCheck] = [ModeCollapse(config), Oscillation(config), Checkerboard(config), Memorised(config)]
    checks.append(CriticTooWeak(config))
    if config.objective == "wasserstein":
        checks.append(UnboundedCritic(config, info))
    else:
        checks.append(CriticTooStrong(config))
    if config.objective not in ("wasserstein", "hinge"):  # their losses are scores without a zero to rise from
        checks.append(UninformativeLoss(config))
    if config.regulariser == "clip":
        checks.append(ClipSaturation(config))
    if config.regulariser == "gradient-penalty":
        checks.append(GradientPenaltyHealth(config))
    return tuple(checks)
