"""Prepared texts on the disk: tokens that are mapped into memory, and a description."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from pydantic import ValidationError

from gendesk.data.cache import ArrayFile, write_meta
from gendesk.data.dataset import Int32Array, SkippedFile, TextDataset, TextInfo

SCHEMA = 1
_TOKENS, _META = "tokens.npy", "meta.json"


@dataclass(frozen=True)
class Facts:
    """What was counted while a text was prepared.

    `read` characters were read, and `more` tells whether there were more; `characters` and `words` are those of the
    cleaned text, which starts with `beginning`, and `encodings` are (name, files).
    """

    read: int
    more: bool
    characters: int
    words: int
    beginning: str
    encodings: tuple[tuple[str, int], ...]


class TokenFile(ArrayFile):
    """Writes tokens one block after the other into a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / _TOKENS, "<i4")

    def add(self, tokens: Int32Array) -> None:
        """Write tokens (count,)."""
        self.append(tokens.astype("<i4", copy=False))


def describe(folder: Path, info: TextInfo, skipped: Sequence[SkippedFile], facts: Facts) -> None:
    """Write, last, the description of the tokens in `folder`."""
    meta = {"schema": SCHEMA, "info": info.model_dump(mode="json"), "skipped": [asdict(item) for item in skipped]}
    write_meta(folder / _META, {**meta, "facts": asdict(facts)})


def load(folder: Path) -> tuple[TextDataset, Facts] | None:
    """Map a prepared text; None if there is none, or one that an older gendesk wrote or somebody damaged."""
    try:
        meta = json.loads((folder / _META).read_text(encoding="utf-8"))
        if meta["schema"] != SCHEMA:
            return None
        info = TextInfo.model_validate(meta["info"])
        skipped = tuple(SkippedFile(**item) for item in meta["skipped"])
        encodings = tuple((str(name), int(count)) for name, count in meta["facts"]["encodings"])
        facts = Facts(**{**meta["facts"], "encodings": encodings})
        tokens = np.load(folder / _TOKENS, mmap_mode="r", allow_pickle=False)
    except (OSError, EOFError, ValueError, KeyError, TypeError, ValidationError):
        return None
    if tokens.shape != (info.train_count + info.test_count,) or tokens.dtype != np.int32:
        return None
    return TextDataset(info, tokens[: info.train_count], tokens[info.train_count :], skipped), facts
