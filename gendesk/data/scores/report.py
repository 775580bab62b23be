"""What is in a set of pieces, as far as a person wants to know before training on it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from gendesk.data.dataset import ScoreDataset, ScoreInfo
from gendesk.data.scores.store import Facts
from gendesk.data.skipped import SkippedGroup, grouped
from gendesk.music.score import Score

SHOWN = 12
_FEW_PIECES = 50
_MANY_CHORDS = 5_000
_NOTABLE = 0.05


@dataclass(frozen=True)
class ScoreReport:
    """What was found, what was left out, and what a recipe will see.

    `found` pieces were there to choose from. `keys` and `meters` are (name, pieces), the most common first. `ranges`
    are (lowest, highest) pitch of each voice, the top one first, over the pieces with the most voices. `lengths` are
    (from, to, pieces) in beats, equally wide. `moved` (0..1) is the share of notes that did not lie on the grid, and
    `dropped` are notes that found no voice. `pieces` are a few to look at and to hear, spread over those to train on.
    `memory_bytes` is the size of all pieces on the disk.
    """

    info: ScoreInfo
    found: int
    keys: tuple[tuple[str, int], ...]
    meters: tuple[tuple[str, int], ...]
    ranges: tuple[tuple[int, int], ...]
    lengths: tuple[tuple[float, float, int], ...]
    moved: float
    dropped: int
    pieces: tuple[Score, ...]
    skipped: tuple[SkippedGroup, ...]
    warnings: tuple[str, ...]
    memory_bytes: int

    @property
    def skipped_count(self) -> int:
        return sum(group.count for group in self.skipped)

    def as_json(self) -> dict[str, Any]:
        """Return everything but the pieces as plain data."""
        names = ("found", "keys", "meters", "ranges", "lengths", "moved", "dropped", "warnings")
        return {
            **{name: getattr(self, name) for name in names},
            "info": self.info.model_dump(mode="json"),
            "skipped": [asdict(group) for group in self.skipped],
            "bytes": self.memory_bytes,
        }


def report_of(dataset: ScoreDataset, facts: Facts) -> ScoreReport:
    """Say what is in prepared pieces; `facts` were counted when they were prepared."""
    info = dataset.info
    step = max(1, len(dataset.train) // SHOWN)
    return ScoreReport(
        info=info,
        found=facts.found,
        keys=facts.keys,
        meters=facts.meters,
        ranges=facts.ranges,
        lengths=facts.lengths,
        moved=facts.moved,
        dropped=facts.dropped,
        pieces=tuple(dataset.train[at] for at in range(0, len(dataset.train), step))[:SHOWN],
        skipped=grouped(dataset.skipped),
        warnings=tuple(_warnings(info, facts)),
        memory_bytes=facts.bytes,
    )


def _warnings(info: ScoreInfo, facts: Facts) -> Iterator[str]:
    count = info.train_count + info.test_count
    if count < _FEW_PIECES:
        yield f"{count} pieces are few: a network will rather learn them by heart than learn from them."
    if not info.test_count:
        yield "Nothing is held out, so that nobody will know whether a network learns the pieces by heart."
    if facts.moved > _NOTABLE:
        yield f"{facts.moved:.0%} of the notes did not lie on the grid and were moved; a finer one keeps the rhythm."
    if facts.dropped > _NOTABLE * info.notes:
        yield f"{facts.dropped:,} notes found no voice and were left out; more voices keep them."
    if len(info.chords) > _MANY_CHORDS:
        yield f"{len(info.chords):,} different chords are many: most of them sound too rarely to be learnt."
    if facts.unparted:
        yield f"{facts.unparted:,} pieces belong to a part that is neither trained on nor held out."
