"""What belongs to a run beside its model, as operations get it: its folder, its data, and features of its pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gendesk.data.dataset import ImageDataset
from gendesk.engine.features import FeatureNetwork


@dataclass(frozen=True)
class RunData:
    """The pictures of a run, and the folder where what belongs to it is kept.

    `features(target)` is the feature network for these pictures, None where none has been trained.
    """

    folder: Path
    images: ImageDataset
    features: Callable[[str], FeatureNetwork | None]
