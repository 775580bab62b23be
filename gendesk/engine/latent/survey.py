"""A survey of a latent space: where the codes of real pictures lie, and along which directions they spread."""

import math
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from gendesk.data.dataset import Int64Array, UInt8Array
from gendesk.engine.capabilities import Decodes, DecodesClasses, DrawsCodes, Encodes
from gendesk.engine.inference import decode, encode
from gendesk.engine.latent.decoding import Points, decode_points
from gendesk.engine.recipe import Model
from gendesk.engine.run_data import RunData
from gendesk.errors import InputError

Codes = NDArray[np.float32]

_COUNT = 1000
_MOST_BYTES = 32 << 20  # of pictures to look at
_OPENED = 60  # to choose from
_SEED = 20


@dataclass(frozen=True)
class Survey:
    """What a studio must know of a latent space.

    `codes` (count, latent_size) are those of held-out pictures, of which `pictures` uint8 (count, height, width,
    channels) shows the first ones and `labels` (count,) the classes, by their number in `names`, -1 for none. A model
    that does not encode, or whose data cannot be had, has draws from its prior there, with what it decodes them to.
    `mean` and `deviation` (latent_size,) are those of the codes. `components` (latent_size, latent_size) are
    orthonormal rows, the directions along which the codes spread most first, and `variances` (latent_size,) how much.
    `real` uint8 (up to 60, height, width, channels) are held-out pictures to open, none where they cannot be had.
    `mixes` names the classes that a conditional model can be asked for, and is empty for any other. `step` is how many
    steps the model had been trained.
    """

    latent_size: int
    encodes: bool
    mixes: tuple[str, ...]
    names: tuple[str, ...]
    codes: Codes
    labels: Int64Array
    pictures: UInt8Array
    mean: Codes
    deviation: Codes
    components: Codes
    variances: Codes
    step: int = 0
    real: UInt8Array = field(default_factory=lambda: np.empty((0, 1, 1, 1), np.uint8))

    @property
    def openable(self) -> UInt8Array:
        """Pictures to open, uint8 (up to 60, height, width, channels): held-out ones where there are any."""
        return self.real if len(self.real) else self.pictures[:_OPENED]

    @property
    def shape(self) -> tuple[int, int, int]:
        """(height, width, channels) of a picture."""
        height, width, channels = self.pictures.shape[1:]
        return height, width, channels


def survey(model: Model, data: RunData, _: object = None) -> Survey:
    """Look at up to 1,000 codes; raises InputError for a model that does not decode."""
    if not isinstance(model, Decodes):
        raise InputError("This model has no latent space to walk in.")
    known = data.pictures
    if isinstance(model, Encodes) and known is not None:
        test = known.test
        shown = _shown(test.images.shape[1:])
        codes = encode(model, np.asarray(test.images[:_COUNT]))
        pictures, labels = np.array(test.images[:shown]), np.array(test.labels[:_COUNT])  # copies: they outlive the map
    else:
        codes = draw_codes(model, _COUNT, _SEED)
        shown = _shown(decode(model, codes[:1]).shape[1:])
        pictures, labels = _made(model, codes[:shown]), np.full(len(codes), -1, np.int64)
    components, variances = principal_components(codes)
    mixes = model.classes if isinstance(model, DecodesClasses) else ()
    return Survey(
        model.latent_size,
        isinstance(model, Encodes),
        mixes,
        known.info.classes if known is not None else (),
        codes,
        labels,
        pictures,
        codes.mean(0),
        codes.std(0),
        components,
        variances,
        data.step,
        pictures[:0] if known is None else np.array(known.test.images[:_OPENED]),
    )


def _made(model: Model, codes: Codes) -> UInt8Array:
    """Return what codes (count, latent_size) are decoded to, with the classes in turn where there are any."""
    if not isinstance(model, DecodesClasses):
        return decode(model, codes)
    count = len(model.classes)
    return decode_points(model, Points(codes, np.eye(count, dtype=np.float32)[np.arange(len(codes)) % count]))


def _shown(shape: tuple[int, ...]) -> int:
    """Return how many pictures of a shape may be kept."""
    return max(1, min(_COUNT, _MOST_BYTES // max(1, math.prod(shape))))


def draw_codes(model: Decodes, count: int, seed: int) -> Codes:
    """Draw codes (count, latent_size) from the model's own prior, else from N(0, I)."""
    generator = torch.Generator().manual_seed(seed)
    if isinstance(model, DrawsCodes):
        return model.random_codes(count, generator).float().cpu().numpy()
    return torch.randn(count, model.latent_size, generator=generator).numpy()


def principal_components(codes: Codes) -> tuple[Codes, Codes]:
    """Return orthonormal rows (latent_size, latent_size), largest variance first, and the variances (latent_size,).

    Rows are turned so that their largest entry is positive: the same codes always give the same directions.
    """
    centred = codes.astype(np.float64) - codes.mean(0)
    covariance = centred.T @ centred / max(1, len(codes) - 1)
    variances, vectors = np.linalg.eigh(covariance)
    rows = vectors.T[::-1]
    signs = np.sign(rows[np.arange(len(rows)), np.abs(rows).argmax(1)])
    signs[signs == 0] = 1
    return (rows * signs[:, None]).astype(np.float32), np.maximum(variances[::-1], 0).astype(np.float32)
