"""Portraits of 20,000 people, all attributes known: every combination is as likely as any other.

Beside what the attributes tell, faces are narrower or wider and backgrounds have several colours.
"""

import numpy as np

from gendesk.data.dataset import Attribute, Float32Array
from gendesk.data.options import ImageOptions
from gendesk.data.portrait_attributes import ATTRIBUTES, HAIR_COLORS
from gendesk.data.portrait_source import PortraitSource
from gendesk.data.portraits import BACKGROUNDS
from gendesk.data.progress import Progress
from gendesk.data.readers.source import AttributeTable

VERSION = "1"  # raise it when the pixels change
SIDE = 64
TRAIN_COUNT, TEST_COUNT = 18_000, 2_000
_SEED = 1_815
_COUNT = TRAIN_COUNT + TEST_COUNT


def make(options: ImageOptions, progress: Progress) -> PortraitSource:
    """Return 18,000 portraits to train on and 2,000 held out, 64 pixels wide unless asked otherwise."""
    progress.update(0.0, "Inventing people")
    rng = np.random.default_rng(_SEED)
    values = np.stack([_column(rng, attribute) for attribute in ATTRIBUTES], axis=1)
    jaws = rng.uniform(-1.0, 1.0, _COUNT).tolist()
    backgrounds = rng.integers(len(BACKGROUNDS), size=_COUNT).tolist()
    looks = [{"jaw": jaw, "background": number} for jaw, number in zip(jaws, backgrounds, strict=True)]
    hair = next(number for number, attribute in enumerate(ATTRIBUTES) if attribute.name == "hair-color")
    labels = values[:, hair].astype(np.int64)
    table = AttributeTable(ATTRIBUTES, values)
    return PortraitSource(table, options.image_size or SIDE, TEST_COUNT, looks, HAIR_COLORS, labels)


def _column(rng: np.random.Generator, attribute: Attribute) -> Float32Array:
    """Draw one attribute for all: named values equally often, a smile of 0..1, a turn of -1..1."""
    if attribute.values:
        return rng.integers(len(attribute.values), size=_COUNT).astype(np.float32)
    low = -1.0 if attribute.name == "turn" else 0.0
    return rng.uniform(low, 1.0, _COUNT).astype(np.float32)
