"""All pieces of the orchestra console, each held against another one."""

from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from gendesk.engine.music.comparing import NearestReal, VoiceDifference, differences, marked
from gendesk.engine.music.console import Performance
from gendesk.engine.music.excerpts import score_of
from gendesk.music.score import Score
from gendesk.music.tokens.grid_view import Int8Array

MIX, A, B, NEAREST, PIECE = "mix", "a", "b", "nearest", "piece"
_CONTEXT = "ConsoleStudio"


@dataclass(frozen=True)
class Shown:
    """A piece to show, empty where there is none yet.

    `score` is how it sounds, `drawn` has strong notes for what differs, and `caption` is a sentence about it.
    `differences` are those of its voices from another piece, which is called `other`.
    """

    score: Score = field(default_factory=Score)
    drawn: Score = field(default_factory=Score)
    caption: str = ""
    differences: tuple[VoiceDifference, ...] = ()
    other: str = ""


@dataclass
class Pieces:
    """What there is at the moment: a performance, what was made of excerpts, and what is nearest to one of them.

    `searched` is the piece to which `nearest` belongs, that of the key `searched_key`, and `problem` a sentence on why
    nothing can be searched.
    """

    performance: Performance | None = None
    chain: Int8Array | None = None
    nearest: NearestReal | None = None
    searched: Int8Array | None = None
    searched_key: str = MIX
    problem: str = ""
    _scores: dict[str, tuple[Int8Array, Score]] = field(default_factory=dict, init=False)

    def grid(self, key: str) -> Int8Array | None:
        """Return the pitches [bars, 16, 4] of a piece."""
        if key == PIECE:
            return self.chain
        if key == NEAREST:
            return None if self.nearest is None else self.nearest.grid
        if self.performance is None:
            return None
        return {MIX: self.performance.mix, A: self.performance.a, B: self.performance.b}[key]

    def shown(self, key: str, *, marks: bool) -> Shown:
        """Return a piece: A against the mix, the mix and B against A, the nearest one against what was searched."""
        score = self._score(key)
        if score is None:
            return Shown(caption=self.problem if key == NEAREST else "")
        other_key = {MIX: A, A: MIX, NEAREST: self.searched_key}.get(key, A)
        other = self._score(other_key)
        if key == PIECE or other is None:
            return Shown(score, score)
        drawn = marked(score, other) if marks else score
        return Shown(score, drawn, self._caption(key), differences(score, other), _called(other_key))

    def _score(self, key: str) -> Score | None:
        """Return a piece as a score, which is made once."""
        grid = self.grid(key)
        if grid is None:
            return None
        known = self._scores.get(key)
        if known is None or known[0] is not grid:
            title = self.nearest.title if key == NEAREST and self.nearest is not None else _tr("Orchestra")
            known = self._scores[key] = (grid, score_of(grid, title))
        return known[1]

    def _caption(self, key: str) -> str:
        if key != NEAREST or self.nearest is None:
            return ""
        near = self.nearest
        return _tr(
            "Nearest to {what} of {searched} training excerpts: {title}, from bar {bar}; {same:.0%} of the steps are "
            "the same, distance {distance:.1f}."
        ).format(
            what=_called(self.searched_key),
            searched=f"{near.searched:,}",
            title=near.title,
            bar=near.bar,
            same=near.same,
            distance=near.distance,
        )


def _called(key: str) -> str:
    return _tr("the mix") if key == MIX else key.upper()


def _tr(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)
