"""Points of a plane that are drawn when they are asked for."""

import hashlib

import numpy as np

from gendesk.data.dataset import Float32Array, PointDataset, PointInfo, UInt8Array

_SEED = 2_019
_TRAIN_COUNT, _TEST_COUNT = 5_000, 5_000
_PICTURE_WIDTH = 320


def make_land() -> PointDataset:
    """Draw points that lie anywhere on land, each place alike, on a map 360 degrees wide; see `land_mask`.

    This is the hidden rule of Foster, Generative Deep Learning, chapter 1, figure 1.6.
    """
    from gendesk.data.land import HEIGHT, WIDTH, land_mask  # here, because it takes its time and few look at maps

    region = land_mask()
    rng = np.random.default_rng(_SEED)
    rows, columns = np.nonzero(region)
    chosen = rng.integers(len(rows), size=_TRAIN_COUNT + _TEST_COUNT)
    inside = rng.uniform(size=(len(chosen), 2))
    x = (columns[chosen] + inside[:, 0]) * WIDTH / region.shape[1]
    y = HEIGHT - (rows[chosen] + inside[:, 1]) * HEIGHT / region.shape[0]
    points = np.stack([x, y], axis=1).astype(np.float32)
    train, test = points[:_TRAIN_COUNT], points[_TRAIN_COUNT:]
    info = PointInfo(
        name="land",
        title="Points on land",
        fingerprint=hashlib.sha256(points.astype("<f4").tobytes()).hexdigest(),
        train_count=len(train),
        test_count=len(test),
        width=WIDTH,
        height=HEIGHT,
    )
    return PointDataset(info, train, test, region)


MAKERS = {"land": make_land}


def picture_of(points: Float32Array, info: PointInfo) -> UInt8Array:
    """Draw points as dark dots on white: uint8 (height, 320, 1)."""
    height = max(1, round(_PICTURE_WIDTH * info.height / info.width))
    columns = np.clip(points[:, 0] / info.width * _PICTURE_WIDTH, 0, _PICTURE_WIDTH - 1).astype(int)
    rows = np.clip((1 - points[:, 1] / info.height) * height, 0, height - 1).astype(int)
    picture = np.full((height, _PICTURE_WIDTH, 1), 255, dtype=np.uint8)
    picture[rows, columns] = 32
    return picture
