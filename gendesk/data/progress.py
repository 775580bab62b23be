"""Telling how far a preparation is, and stopping it on request."""

import time
from collections.abc import Callable

from gendesk.errors import GendeskError

Report = Callable[[float, str], None]
_SECONDS_BETWEEN_REPORTS = 0.2


class Cancelled(GendeskError):  # noqa: N818 - it is a wish, not an error
    """A person stopped the preparation of a data set; only what was downloaded is kept."""


class Progress:
    """Passes on a few reports a second and asks at every update whether to go on; used by one thread."""

    def __init__(self, report: Report | None = None, cancelled: Callable[[], bool] | None = None) -> None:
        self._report = report
        self._cancelled = cancelled
        self._next_report = 0.0

    def update(self, fraction: float, sentence: str) -> None:
        """Report `fraction` (0..1) if one is due; raises Cancelled when the preparation is no longer wanted."""
        if self._cancelled is not None and self._cancelled():
            raise Cancelled("The preparation of the data was cancelled.")
        now = time.monotonic()
        if self._report is not None and (now >= self._next_report or fraction >= 1.0):
            self._next_report = now + _SECONDS_BETWEEN_REPORTS
            self._report(min(max(fraction, 0.0), 1.0), sentence)
