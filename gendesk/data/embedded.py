"""The data sets that gendesk makes itself: nothing to download, the same pixels and letters on every machine.

Each comes from a module of its own, which is imported when it is made. A module of pictures has a `VERSION`, raised
when the pixels change, and `make(options, progress)`, which returns a Source and raises Cancelled. A module of text has
a function `version()`, whose value changes when the text does, and `read(limit, progress)`, which returns a RawText of
`limit` characters at most and raises Cancelled. A module of music has
`version()`, too, and `read(progress)`, which returns RawScores and raises Cancelled.
"""

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gendesk.data.dataset import Attribute, DatasetKind
from gendesk.data.entry import CatalogueEntry
from gendesk.data.portrait_attributes import ATTRIBUTES, HAIR_COLORS, OUTFIT_ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from gendesk.data.options import ImageOptions
    from gendesk.data.progress import Progress
    from gendesk.data.readers.source import Source
    from gendesk.data.scores.reading import RawScores
    from gendesk.data.text.reading import RawText

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
_DOODLES = CatalogueEntry(
    name="doodles",
    title="Doodles (drawn things)",
    kind=DatasetKind.IMAGES,
    summary="20,000 pen drawings of cats, houses, bicycles and seven other things, 28x28 grey; nothing to download.",
    licence=_LICENCE,
    source=_SOURCE,
    classes=("bicycle", "cat", "cup", "face", "fish", "flower", "house", "sailing boat", "tree", "umbrella"),
)
_LAND = CatalogueEntry(
    name="land",
    title="Points on land",
    kind=DatasetKind.POINTS,
    summary="5,000 + 5,000 places of a world map, anywhere on land; nothing to download.",
    licence=_LICENCE,
    source=_SOURCE,
)
_SHAPES10 = CatalogueEntry(
    name="shapes10",
    title="Shapes (ten kinds)",
    kind=DatasetKind.IMAGES,
    summary="10,000 + 2,000 discs, stars, hearts, arrows and others in any place, size, turn and colour, 32x32.",
    licence=_LICENCE,
    source=_SOURCE,
    shape=(32, 32, 3),
    classes=("disc", "ring", "triangle", "square", "star", "cross", "heart", "crescent", "arrow", "spiral"),
)
_TINS = CatalogueEntry(
    name="tins",
    title="Tins",
    kind=DatasetKind.IMAGES,
    summary="2,000 + 400 tins, 28x28 grey, that differ in height and width only; both are known of each.",
    licence=_LICENCE,
    source=_SOURCE,
    attributes=(Attribute(name="height", title="Height"), Attribute(name="width", title="Width")),
)
_AVATARS = CatalogueEntry(
    name="avatars",
    title="Avatars (drawn portraits)",
    kind=DatasetKind.IMAGES,
    summary="20,000 cartoon portraits, 64x64 colour, of whom hair, clothes, glasses, smile, skin and pose are known.",
    licence=_LICENCE,
    source=_SOURCE,
    shape=(64, 64, 3),
    classes=HAIR_COLORS,
    attributes=ATTRIBUTES,
)
_OUTFITS = CatalogueEntry(
    name="outfits",
    title="Fifty outfits",
    kind=DatasetKind.IMAGES,
    summary="50 portraits, 64x64 colour, in the outfits that chapter 1 of the book counts, and 200 further ones.",
    licence=_LICENCE,
    source=_SOURCE,
    shape=(64, 64, 3),
    attributes=OUTFIT_ATTRIBUTES,
)
_PALETTE_PORTRAITS = CatalogueEntry(
    name="palette-portraits",
    title="Palette portraits",
    kind=DatasetKind.IMAGES,
    summary="3,300 small portraits, 32x32, in one palette of 256 colours; their outfits are known.",
    licence=_LICENCE,
    source=_SOURCE,
    shape=(32, 32, 3),
    attributes=OUTFIT_ATTRIBUTES,
)
_FABLES = CatalogueEntry(
    name="fables",
    title="Fables (written by a grammar)",
    kind=DatasetKind.TEXT,
    summary="2,500 short fables of foxes, crows and others, with a moral each, 316,000 words; nothing to download.",
    licence=_LICENCE,
    source="gendesk writes them itself",
)
_PYTHON = CatalogueEntry(
    name="python",
    title="Python's own source code",
    kind=DatasetKind.TEXT,
    summary="The modules of the standard library on this machine, 10 million characters; nothing to download.",
    licence="PSF-2.0",
    source="The Python Software Foundation and contributors",
)
_CHORALES = CatalogueEntry(
    name="chorales",
    title="Chorales (composed by rules)",
    kind=DatasetKind.SCORES,
    summary="400 four-voice pieces of 8 to 16 bars, composed by rules of harmony and voice leading; no download.",
    licence=_LICENCE,
    source="gendesk composes them itself",
)
_MELODIES = CatalogueEntry(
    name="melodies",
    title="Melodies (composed by rules)",
    kind=DatasetKind.SCORES,
    summary="1,000 tunes for one voice in four metres, composed from motives that return and vary; no download.",
    licence=_LICENCE,
    source="gendesk composes them itself",
)
_CAR_RACING = CatalogueEntry(
    name="car-racing",
    title="Car racing (gymnasium)",
    kind=DatasetKind.RACES,
    summary="A car seen from above on tracks that are drawn by chance, one for each seed; nothing to download.",
    licence="MIT",
    source="Oleg Klimov and the contributors of gymnasium; the pictures are drawn here",
    homepage="https://gymnasium.farama.org/environments/box2d/car_racing/",
    shape=(64, 64, 3),
)
_BACH = CatalogueEntry(
    name="bach-chorales",
    title="Bach's chorales (music21)",
    kind=DatasetKind.SCORES,
    summary="The four-part chorales of Johann Sebastian Bach that come with music21, where music21 is installed.",
    licence="Public domain; the files as music21's corpus has them",
    source="Johann Sebastian Bach; encoded by the contributors of music21",
    homepage="https://www.music21.org",
)
EMBEDDED = (
    *(_GLYPHS, _DOODLES, _AVATARS, _LAND, _SHAPES10, _TINS, _OUTFITS, _PALETTE_PORTRAITS),
    *(_FABLES, _PYTHON),
    *(_CHORALES, _MELODIES, _BACH, _CAR_RACING),
)

_MODULES = {
    "glyphs": "glyphs",
    "doodles": "doodles",
    "avatars": "avatars",
    "shapes10": "shapes10",
    "tins": "tins",
    "outfits": "outfits",
    "palette-portraits": "palette_portraits",
}


def maker(name: str) -> "tuple[str, Callable[[ImageOptions, Progress], Source]] | None":
    """Return version and maker of an embedded set of pictures, None if no such set has this name."""
    if name not in _MODULES:
        return None
    module = importlib.import_module(f"gendesk.data.{_MODULES[name]}")
    return module.VERSION, module.make


_TEXT_MODULES = {"fables": "fables", "python": "standard_library"}


@dataclass(frozen=True)
class TextMaker:
    """A text that gendesk makes: `version` changes when it does; `read` takes the number of characters wanted."""

    title: str
    version: str
    read: "Callable[[int, Progress], RawText]"


def text_maker(name: str) -> TextMaker | None:
    """Return how an embedded text is made, None if no such text has this name."""
    if name not in _TEXT_MODULES:
        return None
    module = importlib.import_module(f"gendesk.data.text.{_TEXT_MODULES[name]}")
    title = next(entry.title for entry in EMBEDDED if entry.name == name)
    return TextMaker(title, module.version(), module.read)


_SCORE_MODULES = {"chorales": "chorales", "melodies": "melodies", "bach-chorales": "bach"}


@dataclass(frozen=True)
class ScoreMaker:
    """Pieces that gendesk makes, or finds in a package: `version` changes when they do."""

    title: str
    version: str
    read: "Callable[[Progress], RawScores]"


def score_maker(name: str) -> ScoreMaker | None:
    """Return how embedded pieces are made, None if no such pieces have this name."""
    if name not in _SCORE_MODULES:
        return None
    module = importlib.import_module(f"gendesk.data.scores.{_SCORE_MODULES[name]}")
    title = next(entry.title for entry in EMBEDDED if entry.name == name)
    return ScoreMaker(title, module.version(), module.read)
