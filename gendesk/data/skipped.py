"""Files that were left out, told in groups: thousands of them fit into a few lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from gendesk.data.dataset import SkippedFile

_EXAMPLES = 3


@dataclass(frozen=True)
class SkippedGroup:
    """Files that were left out for the same reason: how many, and some of their names."""

    reason: str
    count: int
    examples: tuple[str, ...]


def grouped(skipped: Iterable[SkippedFile]) -> tuple[SkippedGroup, ...]:
    """Put files with the same reason together, the largest group first."""
    by_reason: dict[str, list[str]] = {}
    for file in skipped:
        by_reason.setdefault(file.reason, []).append(file.path)
    groups = [SkippedGroup(reason, len(names), tuple(names[:_EXAMPLES])) for reason, names in by_reason.items()]
    return tuple(sorted(groups, key=lambda group: -group.count))
