"""Dimensions of a latent space one by one: which ones real pictures use, and how far."""

import numpy as np
from numpy.typing import NDArray

from gendesk.engine.latent.survey import Codes, Survey

REACH = 3.0  # deviations from the middle to the ends
# A dimension whose codes hardly spread says nothing of the pictures. For a VAE, whose busiest dimensions have a
# deviation of about 1, a tenth is the variance of 0.01 of Burda et al. 2015 (arXiv 1509.00519, section 5.3).
_IDLE = 0.1


def active_first(deviation: NDArray[np.floating]) -> tuple[list[int], list[int]]:
    """Return the active dimensions, the most active first, and the idle ones, for deviations (latent_size,)."""
    order = np.argsort(-deviation, kind="stable")
    active = deviation[order] >= _IDLE * deviation.max()
    return order[active].tolist(), order[~active].tolist()


def slider_ends(survey: Survey) -> Codes:
    """Return the lowest and the highest value of each slider, (latent_size, 2).

    An idle dimension, which has no width of its own, gets that of a usual active one: so one can see that it is idle.
    Without an encoder the codes are drawn from a prior, and a slider goes no further than that does: a uniform one
    ends at -1 and 1.
    """
    active, idle = active_first(survey.deviation)
    width = survey.deviation.copy()
    width[idle] = np.median(width[active])
    width = np.maximum(REACH * width, 1e-3)  # a model that has just begun may encode all pictures alike
    ends: Codes = np.stack([survey.mean - width, survey.mean + width], axis=1)
    if survey.encodes:
        return ends
    return ends.clip(survey.codes.min(0)[:, None], survey.codes.max(0)[:, None])


def along(code: Codes, dimension: int, ends: Codes, count: int) -> Codes:
    """Return codes (count, latent_size) that go from one end of a dimension, (2,), to the other."""
    codes = np.repeat(code[None], count, 0)
    codes[:, dimension] = np.linspace(float(ends[0]), float(ends[1]), count)
    return codes
