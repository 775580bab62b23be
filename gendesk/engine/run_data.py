"""What belongs to a run beside its model, as operations get it: its folder, its data, and features of its pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gendesk.data.dataset import ImageDataset, ScoreDataset, TextDataset
from gendesk.engine.features import FeatureNetwork
from gendesk.engine.upstream import Upstream, products_of
from gendesk.errors import InputError


def _no_pictures() -> None:
    """Find none."""


@dataclass(frozen=True)
class RunData:
    """The pictures, the text or the music of a run, and the folder where what belongs to it is kept.

    `known` are the pictures, `known_text` is the text and `known_scores` are the pieces of music, or None where they
    cannot be had, as after a run has moved to another machine; `problem` then says why. `features(target)` is the
    feature network for the pictures, None where none has been trained. `step` is how many steps the model that an
    operation gets beside it has been trained. `upstream` is the run that this one was built on. `find_pictures()` looks
    for pictures among what was made, where the data are none: it may take seconds, and raise InputError.
    """

    folder: Path
    known: ImageDataset | None
    features: Callable[[str], FeatureNetwork | None]
    problem: str = ""
    step: int = 0
    known_text: TextDataset | None = None
    known_scores: ScoreDataset | None = None
    upstream: Upstream | None = None
    find_pictures: Callable[[], ImageDataset | None] = _no_pictures

    @property
    def products(self) -> list[Path]:
        """The folders of what this run has made, and of what the runs have made that it was built on, in this order."""
        return products_of(self.folder, self.upstream)

    @property
    def pictures(self) -> ImageDataset | None:
        """The pictures of the data, else those among what was made, else None; raises InputError."""
        return self.find_pictures() if self.known is None else self.known

    @property
    def images(self) -> ImageDataset:
        """The pictures, for what cannot do without; raises InputError."""
        found = self.pictures
        if found is None:
            raise InputError(self.problem or "The data of this run are no pictures.")
        return found

    @property
    def text(self) -> TextDataset:
        """The text, for what cannot do without; raises InputError."""
        if self.known_text is None:
            raise InputError(self.problem or "The data of this run are no text.")
        return self.known_text

    @property
    def scores(self) -> ScoreDataset:
        """The pieces of music, for what cannot do without; raises InputError."""
        if self.known_scores is None:
            raise InputError(self.problem or "The data of this run are no music.")
        return self.known_scores
