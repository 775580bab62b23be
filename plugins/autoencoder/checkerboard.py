"""The checkerboard in what a convolutional autoencoder draws, measured at every validation."""

from typing import ClassVar, Generic

import torch

from gendesk.engine.batches import to_tensor
from gendesk.engine.recipe import Metrics, MetricSpec
from gendesk.nn.checkerboard import checkerboard

from . import previews
from .training import RECONSTRUCTION, TOTAL, AnyTraining, AutoencoderRecipe

_MEASURED = 64

CHECKERBOARD = MetricSpec(
    "checkerboard",
    "Checkerboard",
    "How much of a pattern of every second pixel the copies of held-out pictures show, in % of their energy, beyond "
    "what the pictures themselves have. Transposed convolutions leave it, most of all early in training; 0 is best, "
    "and from about 0.5 it can be seen. Upsampling layers in the decoder avoid it.",
    "Checkerboard",
)


class MeteredRecipe(AutoencoderRecipe[AnyTraining], Generic[AnyTraining]):
    """An autoencoder with convolutions, whose copies are searched for a checkerboard."""

    metrics: ClassVar[tuple[MetricSpec, ...]] = (TOTAL, RECONSTRUCTION, CHECKERBOARD)

    @torch.inference_mode()
    def validate(self) -> Metrics:
        """Return the losses on held-out pictures, and the checkerboard of the copies of some of them."""
        losses = super().validate()
        pictures = to_tensor(previews.chosen_pictures(self.data.test, _MEASURED), self.context.device)
        return {**losses, "checkerboard": checkerboard(self._model.reconstruct(pictures), pictures)}
