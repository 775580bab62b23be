"""The data sets that gendesk draws itself: nothing to download, the same pixels on every machine.

Each comes from a module of its own, which is imported when it is drawn. A module of pictures has a `VERSION`, raised
when the pixels change, and `make(options, progress)`, which returns a Source and raises Cancelled.
"""

import importlib
from typing import TYPE_CHECKING

from gendesk.data.dataset import DatasetKind
from gendesk.data.entry import CatalogueEntry

if TYPE_CHECKING:
    from collections.abc import Callable

    from gendesk.data.options import ImageOptions
    from gendesk.data.progress import Progress
    from gendesk.data.readers.source import Source

_LICENCE = "MIT, as gendesk"
_SOURCE = "gendesk draws them itself"

_GLYPHS = CatalogueEntry(
    name="glyphs",
    title="Glyphs (drawn digits)",
    kind=DatasetKind.IMAGES,
    summary="20,000 digits drawn by a program in the manner of many hands, 28x28 grey; nothing to download.",
    licence=_LICENCE,
    source=_SOURCE,
    classes=tuple("0123456789"),
)
_LAND = CatalogueEntry(
    name="land",
    title="Points on land",
    kind=DatasetKind.POINTS,
    summary="5,000 + 5,000 places of a world map, anywhere on land; nothing to download.",
    licence=_LICENCE,
    source=_SOURCE,
)
EMBEDDED = (_GLYPHS, _LAND)

_MODULES = {"glyphs": "glyphs"}


def maker(name: str) -> "tuple[str, Callable[[ImageOptions, Progress], Source]] | None":
    """Return version and maker of an embedded set of pictures, None if no such set has this name."""
    if name not in _MODULES:
        return None
    module = importlib.import_module(f"gendesk.data.{_MODULES[name]}")
    return module.VERSION, module.make
