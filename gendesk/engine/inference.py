"""What studios and the command line do with a trained model: numpy arrays in, numpy arrays out."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from gendesk.data.dataset import UInt8Array
from gendesk.engine.batches import to_images, to_tensor
from gendesk.engine.capabilities import Decodes, Encodes, Samples
from gendesk.engine.latent.decoding import Points, decode_points
from gendesk.engine.preview import ImagePreview
from gendesk.engine.recipe import Model
from gendesk.engine.runs import Run
from gendesk.engine.samples import save_mosaic
from gendesk.errors import InputError

_BATCH = 250


@dataclass(frozen=True)
class Abilities:
    """What a model offers, as plain values for studios."""

    decodes: bool
    encodes: bool
    samples: bool
    latent_size: int


def abilities(model: Model, _: object = None) -> Abilities:
    """Tell which capabilities a model has; `latent_size` is 0 for one without a latent space."""
    latent_size = getattr(model, "latent_size", 0)
    return Abilities(isinstance(model, Decodes), isinstance(model, Encodes), isinstance(model, Samples), latent_size)


def decode(model: Model, codes: NDArray[np.float32]) -> UInt8Array:
    """Turn codes (count, latent_size) into images uint8 (count, height, width, channels)."""
    return decode_points(model, Points(codes))


def encode(model: Model, images: UInt8Array) -> NDArray[np.float32]:
    """Turn images uint8 (count, height, width, channels) into codes float32 (count, latent_size)."""
    if not isinstance(model, Encodes):
        raise InputError("This model cannot encode.")
    parts = [model.encode(to_tensor(images[at : at + _BATCH])).numpy() for at in range(0, len(images), _BATCH)]
    return np.concatenate(parts)


def sample(model: Model, count: int, seed: int) -> UInt8Array:
    """Return new images uint8 (count, height, width, channels); the same seed gives the same ones."""
    if not isinstance(model, Samples):
        raise InputError("This model cannot make samples.")
    generator = torch.Generator().manual_seed(seed)
    with torch.inference_mode():
        return to_images(model.sample(count, generator))


def save_samples(model: Model, run: Run, count: int, seed: int, path: Path) -> None:
    """Write a sheet of samples that tells in its metadata how it was made; raises InputError."""
    if not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: there is no folder {path.parent}.")
    if not isinstance(model, Samples):
        raise InputError(f"{run.id} makes no pictures of its own; what it has shown so far is in {run.samples}.")
    images = sample(model, count, seed)
    sheet = ImagePreview("samples", f"Samples, seed {seed}", images, columns=min(count, round(count**0.5 + 0.499)))
    try:
        save_mosaic(path, sheet, run.record.config.model_dump_json(), run.record.step)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}.") from error
