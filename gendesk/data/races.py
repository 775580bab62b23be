"""Car races: nothing is stored, because a seed is all that a track needs."""

from gendesk.data.dataset import RaceDataset, RaceInfo

_EXAM = 100
"""Tracks on which a driver is examined, as in Ha and Schmidhuber, World Models (2018)."""
_TRAIN_START = 1_000
_SEEDS = 2**31
_SIZE = 64
# Changes when the same seed no longer gives the same track or the same picture of it.
_VERSION = "car-racing 1"


def make_races() -> RaceDataset:
    """Return gymnasium's CarRacing as gendesk draws it, with the first hundred tracks held out."""
    info = RaceInfo(
        name="car-racing",
        title="Car racing",
        fingerprint=_VERSION,
        train_count=_SEEDS - _TRAIN_START,
        test_count=_EXAM,
        train_start=_TRAIN_START,
        size=_SIZE,
    )
    return RaceDataset(info)


MAKERS = {"car-racing": make_races}
