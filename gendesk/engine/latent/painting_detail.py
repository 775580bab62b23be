"""What a decoder cannot explain of an opened picture, put back wherever nothing has been painted.

After the blending of Brock et al., "Neural Photo Editing with Introspective Adversarial Networks" (2016): a soft mask,
made from how much the decoded picture has changed, says where it is shown in place of the opened one.
"""

import numpy as np
from numpy.typing import NDArray

from gendesk.data.dataset import UInt8Array

FloatArray = NDArray[np.float32]

_CHANGED = 0.08  # of the range of a colour: what people see as another colour


def with_detail(
    picture: UInt8Array, base: UInt8Array, original: UInt8Array, painted: FloatArray, softness: float
) -> UInt8Array:
    """Show a changed picture where it was painted on or has changed, and elsewhere the original, to the last bit.

    Pictures are uint8 (height, width, channels): `base` is the original's reconstruction and `picture` the changed one.
    `painted` and `softness` are those of `change_mask`.
    """
    mask = change_mask(picture, base, painted, softness)[..., None]
    shown = original + mask * (picture.astype(np.float32) - original)
    return np.asarray(np.rint(shown.clip(0, 255)), np.uint8)


def change_mask(picture: UInt8Array, base: UInt8Array, painted: FloatArray, softness: float) -> FloatArray:
    """Return where a picture was painted on or visibly differs from another one, (height, width) in 0..1.

    `painted` float32 (height, width) in 0..1 are the strokes: what a light one does would else be too little to count.
    The mask is 1 there, and falls to 0 within about twice `softness`, in pixels.
    """
    change = np.abs(picture.astype(np.float32) - base).max(2) / 255
    radius = max(1, round(softness))
    grown = _blurred(np.maximum(painted, change > _CHANGED), radius)
    sure = ((grown - 0.02) / 0.15).clip(0, 1)  # as far as the second blur reaches, but hardly for a lone pixel
    return _blurred(sure, radius)


def _blurred(values: FloatArray, radius: int) -> FloatArray:
    """Average twice over squares of 2 * radius + 1 pixels, which is nearly Gaussian; edges are repeated."""
    size = 2 * radius + 1
    for _ in range(2):
        for axis in (0, 1):
            room = [(radius + 1, radius) if one == axis else (0, 0) for one in (0, 1)]
            sums = np.pad(values, room, mode="edge").cumsum(axis, dtype=np.float64)
            ends = sums.take(range(size, sums.shape[axis]), axis), sums.take(range(sums.shape[axis] - size), axis)
            values = np.asarray((ends[0] - ends[1]) / size, np.float32)
    return values
