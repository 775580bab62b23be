"""Which picture a table means by a name: paths are compared from their ends, and never opened."""

import re
from collections.abc import Sequence

NOBODY, SEVERAL = -1, -2
"""What `find` returns where no picture fits a name, or more than one."""

_LONGEST = 1024  # letters of a path
_NOWHERE = frozenset({"", ".", ".."})
_EXTENSION = re.compile(r"\.(png|jpe?g|webp|bmp|gif|tiff?)$", re.IGNORECASE)


class PictureNames:
    """Finds pictures by names that may have fewer folders than the picture's own path, or more.

    A name fits if one of the two paths ends with the other: `cats/1.png` is found by `1.png` and by `/data/cats/1.png`,
    and not by `dogs/1.png`.
    """

    def __init__(self, paths: Sequence[tuple[str, ...]], *, with_extension: bool) -> None:
        self._with_extension = with_extension
        self._whole: dict[str, int] = {}
        self._endings: dict[str, int] = {}
        for number, path in enumerate(paths):
            parts = (*path[:-1], path[-1] if with_extension else _EXTENSION.sub("", path[-1]))
            for start in range(len(parts)):
                known = self._endings if start else self._whole
                key = "/".join(parts[start:])
                known[key] = number if key not in known else SEVERAL

    def find(self, name: str) -> int:
        """Return the number of the picture that a name means, `NOBODY` or `SEVERAL`."""
        parts = [] if len(name) > _LONGEST else [part for part in re.split(r"[/\\]", name) if part not in _NOWHERE]
        if not parts:
            return NOBODY
        if not self._with_extension:
            parts[-1] = _EXTENSION.sub("", parts[-1])
        key = "/".join(parts)
        whole, ending = self._whole.get(key, NOBODY), self._endings.get(key, NOBODY)
        if whole != NOBODY:
            return whole
        if ending != NOBODY:
            return ending
        shorter = ("/".join(parts[start:]) for start in range(1, len(parts)))
        return next((self._whole[key] for key in shorter if key in self._whole), NOBODY)
