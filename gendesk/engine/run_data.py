"""What a run was trained on, as operations on its model get it: the data set, and features that tell its pictures."""

from collections.abc import Callable
from dataclasses import dataclass

from gendesk.data.dataset import ImageDataset
from gendesk.engine.features import FeatureNetwork


@dataclass(frozen=True)
class RunData:
    """The pictures of a run. `features(target)` is the feature network for them, None where none has been trained."""

    images: ImageDataset
    features: Callable[[str], FeatureNetwork | None]
