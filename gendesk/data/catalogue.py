"""The data sets that can be opened by name; light, because the window lists them before anything is loaded."""

from dataclasses import dataclass

from gendesk.data.dataset import DatasetKind


@dataclass(frozen=True)
class CatalogueEntry:
    """What a chooser shows of a data set: `name` opens it, `title` names it, `summary` is one sentence."""

    name: str
    title: str
    kind: DatasetKind
    summary: str
    licence: str


_ENTRIES = (
    CatalogueEntry(
        name="glyphs",
        title="Glyphs (drawn digits)",
        kind=DatasetKind.IMAGES,
        summary="20,000 digits drawn by a program in the manner of many hands, 28x28 grey; nothing to download.",
        licence="MIT, as gendesk",
    ),
)


def catalogue() -> tuple[CatalogueEntry, ...]:
    """Return the entries in the order in which they are shown."""
    return _ENTRIES
