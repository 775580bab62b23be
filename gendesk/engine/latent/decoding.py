"""Pictures for points of a latent space, with the mixture of classes that a conditional model is asked for."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from gendesk.data.dataset import UInt8Array
from gendesk.engine.batches import to_images
from gendesk.engine.capabilities import Decodes, DecodesClasses
from gendesk.engine.recipe import Model
from gendesk.errors import InputError

_BATCH = 250


@dataclass(frozen=True)
class Points:
    """Codes float32 (count, latent_size); `mix` (classes,) or (count, classes) counts for conditional models only."""

    codes: NDArray[np.float32]
    mix: NDArray[np.float32] | None = None


def decode_points(model: Model, points: Points) -> UInt8Array:
    """Turn points into images uint8 (count, height, width, channels); raises InputError if the model cannot."""
    parts = [to_images(decoded(model, codes, mix)) for codes, mix in _batches(points)]
    return np.concatenate(parts)


def decoded(model: Model, codes: torch.Tensor, mix: torch.Tensor | None) -> torch.Tensor:
    """Turn codes (count, latent_size) into pictures (count, channels, height, width) in 0..1."""
    if mix is not None and isinstance(model, DecodesClasses):
        return model.decode_classes(codes, mix.expand(len(codes), -1))
    if not isinstance(model, Decodes):
        raise InputError("This model cannot decode.")
    return model.decode(codes)


def _batches(points: Points) -> list[tuple[torch.Tensor, torch.Tensor | None]]:
    batches: list[tuple[torch.Tensor, torch.Tensor | None]] = []
    for at in range(0, len(points.codes), _BATCH):
        mix = points.mix
        if mix is not None:
            mix = mix[at : at + _BATCH] if mix.ndim > 1 else mix
        codes = torch.from_numpy(np.ascontiguousarray(points.codes[at : at + _BATCH]))
        batches.append((codes, None if mix is None else torch.from_numpy(np.ascontiguousarray(mix))))
    return batches
