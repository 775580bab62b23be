"""What a chooser shows of a data set, before anything of it is loaded."""

from dataclasses import dataclass

from gendesk.data.dataset import Attribute, DatasetKind


@dataclass(frozen=True)
class CatalogueEntry:
    """What a chooser shows of a data set: `name` opens it, `title` names it, `summary` is one sentence.

    `source` says who made it and when, `homepage` is its address. `published` data are downloaded on first use:
    `download_bytes` of them, or 0 where that is not known before. `shape` (height, width, channels), `classes` and
    `attributes` of pictures are what a model is sized for before they are opened; ten classes stand for any.
    """

    name: str
    title: str
    kind: DatasetKind
    summary: str
    licence: str
    source: str = ""
    homepage: str = ""
    download_bytes: int = 0
    published: bool = False
    shape: tuple[int, int, int] = (28, 28, 1)
    classes: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
