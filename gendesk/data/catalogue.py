"""The data sets that can be opened by name; light, because the window lists them before anything is loaded."""

from dataclasses import replace

from gendesk.data import published
from gendesk.data.dataset import DatasetKind
from gendesk.data.embedded import EMBEDDED
from gendesk.data.entry import CatalogueEntry

_QUICKDRAW_SOURCE = "Google Creative Lab, 2017, from the players of Quick, Draw!"


def _published(data: published.PublishedSet, summary: str, licence: str, source: str) -> CatalogueEntry:
    return CatalogueEntry(
        name=data.reference,
        title=data.title,
        kind=DatasetKind.IMAGES,
        summary=summary,
        licence=licence,
        source=source,
        homepage=data.homepage,
        download_bytes=data.size,
        published=True,
        shape=data.shape,
        classes=data.classes or tuple("0123456789"),
    )


_MNIST = _published(
    published.MNIST,
    "60,000 + 10,000 handwritten digits, 28x28 grey, in ten classes.",
    "CC BY-SA 3.0",
    "Yann LeCun, Corinna Cortes and Christopher Burges, 1998, from NIST's forms",
)
_FASHION_MNIST = _published(
    published.FASHION_MNIST,
    "60,000 + 10,000 pieces of clothing, 28x28 grey, in ten classes; harder than digits.",
    "MIT",
    "Zalando Research, 2017",
)
_CIFAR10 = _published(
    published.CIFAR10,
    "50,000 + 10,000 photos of animals and vehicles, 32x32 in colour, in ten classes.",
    "None stated; its makers ask to be cited",
    "Alex Krizhevsky, Vinod Nair and Geoffrey Hinton, 2009",
)


def _quickdraw(data: published.PublishedSet) -> CatalogueEntry:
    drawn = data.reference.partition(":")[2].replace(",", ", ")
    if data.folder == published.QUICKDRAW:
        summary = f"Sketches of {drawn} by players of a game, 28x28, white on black; drawn into pixels by Google."
    else:
        summary = f"Sketches of {drawn} by players of a game, drawn here from their strokes, 32x32, dark on white."
    return _published(data, summary, "CC BY 4.0", _QUICKDRAW_SOURCE)


# There are 123,202 cats of 784 pixels, behind a header; the size of their strokes is not published.
_CATS = replace(_quickdraw(published.quickdraw_set(published.QUICKDRAW, ["cat"])), download_bytes=96_590_448)
_CAT_STROKES = _quickdraw(published.quickdraw_set(published.QUICKDRAW_STROKES, ["cat"]))


def _book(data: published.PublishedSet) -> CatalogueEntry:
    return CatalogueEntry(
        name=data.reference,
        title=data.title,
        kind=DatasetKind.TEXT,
        summary=f"Book {data.reference.partition(':')[2]} of Project Gutenberg, without its header and footer.",
        licence="Public domain in the USA; Gutenberg's terms apply",
        source="Project Gutenberg",
        homepage=data.homepage,
        published=True,
    )


_AESOP = replace(
    _book(published.AESOP),
    title="Aesop's Fables (Gutenberg 11339)",
    summary="284 fables in V. S. Vernon Jones's translation: what chapter 6 of the book trains on.",
    source="V. S. Vernon Jones, 1912, from Project Gutenberg",
)
_ENTRIES = (*EMBEDDED, _MNIST, _FASHION_MNIST, _CIFAR10, _CATS, _CAT_STROKES, _AESOP)


def catalogue() -> tuple[CatalogueEntry, ...]:
    """Return the entries in the order in which they are shown; of Quick, Draw! only the cats, of books only Aesop."""
    return _ENTRIES


def find_entry(reference: str) -> CatalogueEntry | None:
    """Return the entry that opens by this name, also for any other name of Quick, Draw! or number of a book.

    None if there is none. Raises InputError as `published_set` and `gutenberg_book` do.
    """
    known = {entry.name: entry for entry in _ENTRIES}
    if reference in known:
        return known[reference]
    book = published.gutenberg_book(reference)
    if book is not None:
        return known.get(book.reference) or _book(book)
    data = published.published_set(reference)
    return None if data is None else known.get(data.reference) or _quickdraw(data)
