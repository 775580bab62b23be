"""Pictures for games that are played in tests: small ones, whose classes differ in brightness."""

import numpy as np

from gendesk.data.dataset import ImageDataset, ImageInfo, ImageSplit

CLASSES = ("dark", "grey", "light")


def shades() -> ImageDataset:
    """Return 60 grey pictures of 12x12 pixels, 40 of them to train on."""
    rng = np.random.default_rng(5)
    labels = np.arange(60) % 3
    images = (rng.random((60, 12, 12, 1)) * 60 + labels[:, None, None, None] * 60).astype(np.uint8)
    sizes = {"train_count": 40, "test_count": 20, "height": 12, "width": 12, "channels": 1}
    info = ImageInfo(name="small", title="Small", fingerprint="1", classes=CLASSES, **sizes)
    return ImageDataset(info, ImageSplit(images[:40], labels[:40]), ImageSplit(images[40:], labels[40:]))
