"""Who turns pictures into features for the scores: the feature network of a data set, or Inception for FID proper."""

import contextlib
import hashlib
import math
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from gendesk.data.dataset import ImageInfo, UInt8Array
from gendesk.engine.features import FeatureNetwork
from gendesk.errors import InputError
from gendesk.files import write_atomically
from gendesk.nn.inception import FEATURES, FidInception

Features = NDArray[np.float32]
Report = Callable[[float], None]
"""Is told the share in 0..1 that is done, and may raise to end the work."""

_MOST_KEPT = 24  # files of features


class FeatureExtractor(Protocol):
    """Turns images uint8 (count, height, width, channels) into features float32 (count, size).

    `name` says whose features they are, `title` also what they were learnt on. `identity` is a hash that changes when
    the features do. `batch` is how many images it likes to get at once.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def size(self) -> int: ...

    @property
    def identity(self) -> str: ...

    @property
    def batch(self) -> int: ...

    def features(self, images: UInt8Array) -> Features: ...


class GendeskFeatures:
    """The features of a network that gendesk has trained on the data; distances in them are no FID."""

    name = "gendesk features"
    batch = 250

    def __init__(self, network: FeatureNetwork, info: ImageInfo) -> None:
        side = f"{info.width}" if info.width == info.height else f"{info.width}x{info.height}"
        self.title = f"{self.name}: {info.name} {side} px"
        self.size = network.model.feature_size
        self.identity = _weights_hash(cast(nn.Module, network.model))  # what a run holds is always a module
        self._network = network

    def features(self, images: UInt8Array) -> Features:
        return self._network.features(images)


class InceptionFeatures:
    """The 2,048 features of Inception v3 that FID is defined on. Grey pictures are shown in three equal channels."""

    name = "Inception"
    title = "Inception v3 of 2015-12-05"
    size = FEATURES
    batch = 25  # its first layers make 30 MB of each picture

    def __init__(self, network: FidInception) -> None:
        self.identity = _weights_hash(network)
        self._network = network.eval()

    @torch.inference_mode()
    def features(self, images: UInt8Array) -> Features:
        parts = [self._batch(images[at : at + self.batch]) for at in range(0, len(images), self.batch)]
        return np.concatenate(parts)

    def _batch(self, images: UInt8Array) -> Features:
        pictures = torch.from_numpy(np.array(images)).permute(0, 3, 1, 2).float()
        if pictures.shape[1] == 1:
            pictures = pictures.expand(-1, 3, -1, -1)
        if pictures.shape[1] != 3:
            raise InputError(f"Inception sees grey pictures or red, green and blue; these have {pictures.shape[1]}.")
        features: Features = self._network(pictures).numpy()
        return features


def extract(extractor: FeatureExtractor, images: UInt8Array, report: Report | None = None) -> Features:
    """Return the features float32 (count, size) of images; raises InputError if some are not finite numbers."""
    parts = [np.empty((0, extractor.size), np.float32)]
    for at in range(0, len(images), extractor.batch):
        parts.append(extractor.features(np.asarray(images[at : at + extractor.batch])))
        if report is not None:
            report(min(1.0, (at + extractor.batch) / len(images)))
    features = np.concatenate(parts)
    if not np.isfinite(features).all():
        raise InputError(f"The network of {extractor.title} gives numbers that are not finite, so nothing is scored.")
    return features


def kept_features(
    extractor: FeatureExtractor, images: UInt8Array, folder: Path | None, report: Report | None = None
) -> Features:
    """Return the features of images as `extract` does; those that were asked for before come from `folder`.

    A file there is named by a hash of the network and of the pictures, so none is ever out of date; the newest stay.
    """
    if folder is None:
        return extract(extractor, images, report)
    path = folder / f"{_key(extractor, images)}.npy"
    known = _read(path, (len(images), extractor.size))
    if known is not None:
        return known
    features = extract(extractor, images, report)
    content = BytesIO()
    np.save(content, features)
    with contextlib.suppress(OSError):  # a full disk costs time the next time, and no score
        write_atomically(path, content.getvalue(), durable=False)
        _let_go(folder)
    return features


def _weights_hash(network: nn.Module) -> str:
    digest = hashlib.sha256()
    for name, tensor in network.state_dict().items():
        digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}".encode())
        digest.update(tensor.detach().cpu().contiguous().view(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()


def _key(extractor: FeatureExtractor, images: UInt8Array) -> str:
    digest = hashlib.sha256(f"{extractor.identity} {images.shape}".encode())
    digest.update(np.ascontiguousarray(images).data)
    return digest.hexdigest()[:32]


def _read(path: Path, shape: tuple[int, int]) -> Features | None:
    """Return what was kept; None if there is nothing, or something that gendesk has not written there."""
    try:
        with path.open("rb") as file:
            content = file.read(4 * math.prod(shape) + 1024)
        known = np.load(BytesIO(content), allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    fits = isinstance(known, np.ndarray) and known.shape == shape and known.dtype == np.float32
    return known if fits and bool(np.isfinite(known).all()) else None


def _let_go(folder: Path) -> None:
    """Remove the oldest files where there are too many."""
    files = sorted(folder.glob("*.npy"), key=lambda path: path.stat().st_mtime)
    for path in files[:-_MOST_KEPT]:
        path.unlink(missing_ok=True)
