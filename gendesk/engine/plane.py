"""Lays vectors out in a plane, so that a person can see which of them are alike."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gendesk.engine.text.tsne import tsne

Method = Literal["pca", "tsne"]


def laid_out(vectors: NDArray[np.floating], method: Method = "pca") -> tuple[NDArray[np.float32], tuple[float, float]]:
    """Return places float32 (points, 2) of vectors (points, width), and the shares (0..1) of the variance in PCA.

    PCA shows the two directions in which the vectors differ most; t-SNE goes on from there until neighbours stay
    neighbours. The same vectors have the same places every time.
    """
    centred = vectors.astype(np.float64)
    centred -= centred.mean(0)
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    # A direction and its opposite are as good; the same one is taken every time, so that the map does not jump.
    directions = directions[:2] * np.sign(directions[:2, :1] + 1e-12)
    variances = sizes**2 / max(float((sizes**2).sum()), 1e-12)
    places = np.zeros((len(centred), 2))
    places[:, : len(directions)] = centred @ directions.T
    if method == "tsne":
        places = tsne(centred, places)
    shares = (float(variances[0]), float(variances[1]) if len(variances) > 1 else 0.0)
    return places.astype(np.float32), shares
