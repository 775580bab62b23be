"""How well a few typed letters fit a title: they must come in order, and should begin words or stand together."""

from dataclasses import dataclass
from functools import lru_cache

_LETTER = 1
_TOGETHER = 6  # right behind the letter before
_WORD = 5  # at the beginning of a word
_FIRST = 3  # at the very beginning
_IN_PLACE = 0.4  # what a hit in the menu's path counts beside one in the title
_LONGEST = 120


@dataclass(frozen=True)
class Fit:
    """How well a query fits; `marks` are the places of the letters of the title that it found."""

    score: float
    marks: tuple[int, ...] = ()


def fit(query: str, title: str, place: str = "") -> Fit | None:
    """Return how well all words of a query fit a title, or the path that leads to it; None if one fits neither."""
    score = 0.0
    marks: set[int] = set()
    for word in query.split():
        found = best_places(word, title)
        beside = best_places(word, place)
        if found is None and beside is None:
            return None
        in_title = found.score if found else -1.0
        in_place = beside.score * _IN_PLACE if beside else -1.0
        score += max(in_title, in_place)
        if found and in_title >= in_place:
            marks.update(found.marks)
    # Of two titles that fit alike, the shorter one holds less that was not asked for.
    return Fit(score - 0.01 * len(title), tuple(sorted(marks)))


@lru_cache(maxsize=8192)
def best_places(word: str, text: str) -> Fit | None:
    """Return the best places of the letters of a word in a text, in their order; None if it does not hold them."""
    letters, folded = _folded(word), _folded(text[:_LONGEST])
    if not letters or len(letters) > len(folded):
        return None
    # best[place] is the best way to put all letters so far, the last of them there.
    best: dict[int, tuple[float, tuple[int, ...]]] = {}
    for index, letter in enumerate(letters):
        step: dict[int, tuple[float, tuple[int, ...]]] = {}
        before: tuple[float, tuple[int, ...]] | None = (0.0, ()) if index == 0 else None
        for place, there in enumerate(folded):
            if there == letter and (before is not None or place - 1 in best):
                step[place] = _placed(place, folded, before, best.get(place - 1))
            if index and place in best and (before is None or best[place][0] > before[0]):
                before = best[place]
        if not step:
            return None
        best = step
    score, marks = max(best.values(), key=lambda way: way[0])
    return Fit(score, marks)


def _placed(
    place: int,
    text: str,
    before: tuple[float, tuple[int, ...]] | None,
    joined: tuple[float, tuple[int, ...]] | None,
) -> tuple[float, tuple[int, ...]]:
    """Put a letter at a place, behind the best way to put those before it, or right behind its neighbour."""
    bonus = _LETTER + (_WORD if place == 0 or not text[place - 1].isalnum() else 0) + (_FIRST if place == 0 else 0)
    ways = []
    if before is not None:
        ways.append((before[0] + bonus, (*before[1], place)))
    if joined is not None:
        ways.append((joined[0] + bonus + _TOGETHER, (*joined[1], place)))
    return max(ways, key=lambda way: way[0])


def _folded(text: str) -> str:
    """Return a text without upper case, letter by letter, so that places stay what they are."""
    return "".join(small if len(small := letter.casefold()) == 1 else letter for letter in text)
