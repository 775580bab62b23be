"""What belongs to a run beside its model, as operations get it: its folder, its data, and features of its pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gendesk.data.dataset import ImageDataset
from gendesk.engine.features import FeatureNetwork
from gendesk.errors import InputError


@dataclass(frozen=True)
class RunData:
    """The pictures of a run, and the folder where what belongs to it is kept.

    `known` are the pictures, or None where they cannot be had, as after a run has moved to another machine; `problem`
    then says why. `features(target)` is the feature network for them, None where none has been trained. `step` is how
    many steps the model that an operation gets beside it has been trained.
    """

    folder: Path
    known: ImageDataset | None
    features: Callable[[str], FeatureNetwork | None]
    problem: str = ""
    step: int = 0

    @property
    def images(self) -> ImageDataset:
        """The pictures, for what cannot do without; raises InputError."""
        if self.known is None:
            raise InputError(self.problem)
        return self.known
