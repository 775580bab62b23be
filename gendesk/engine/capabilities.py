"""What a trained model may offer; a studio opens for whatever offers what it needs.

Images are float32 (count, channels, height, width) in 0..1, latent codes float32 (count, latent_size).
"""

from typing import Any, Protocol, runtime_checkable

from torch import Generator, Tensor

from gendesk.data.dataset import TextInfo


@runtime_checkable
class Decodes(Protocol):
    """Turns latent codes into images."""

    latent_size: int

    def decode(self, codes: Tensor) -> Tensor: ...


@runtime_checkable
class DrawsCodes(Protocol):
    """Knows how its codes are spread, where that is not N(0, I): random codes (count, latent_size)."""

    def random_codes(self, count: int, generator: Generator) -> Tensor: ...


@runtime_checkable
class DecodesClasses(Protocol):
    """Can be asked for a class, or a mixture of them, beside the code.

    `decode_classes` takes codes (count, latent_size) and the share of each class (count, classes), which sum to 1 where
    nothing exotic is wanted; `decode` alone takes all classes alike.
    """

    classes: tuple[str, ...]

    def decode_classes(self, codes: Tensor, shares: Tensor) -> Tensor: ...


@runtime_checkable
class Encodes(Protocol):
    """Turns images into latent codes (the mean, where the encoder gives a distribution)."""

    latent_size: int

    def encode(self, images: Tensor) -> Tensor: ...


@runtime_checkable
class Classifies(Protocol):
    """Tells classes apart: logits (count, classes), in the order of the names in `classes`."""

    classes: tuple[str, ...]

    def classify(self, images: Tensor) -> Tensor: ...


@runtime_checkable
class Judges(Protocol):
    """Tells how real images look, (count,): the higher, the more real.

    Where `judges_probabilities` is true, 0 is surely made and 1 surely real; else scores have no bounds.
    """

    judges_probabilities: bool

    def judge(self, images: Tensor) -> Tensor: ...


@runtime_checkable
class ExtractsFeatures(Protocol):
    """Turns images into numbers that say what is in them: (count, feature_size), the input of a last, linear layer."""

    feature_size: int

    def features(self, images: Tensor) -> Tensor: ...


@runtime_checkable
class Writes(Protocol):
    """Says what comes next in a text, and keeps in a state what it has read, so that nothing is read twice.

    `text` describes the tokens. `context` is how many tokens it can look back at; 0 is as many as there are.
    """

    text: TextInfo
    context: int

    def begin(self, count: int) -> Any:
        """Return the state of `count` texts of which nothing has been read."""
        ...

    def advance(self, tokens: Tensor, state: Any) -> tuple[Tensor, Any]:
        """Read tokens int64 (count, length): logits of what comes next (count, vocabulary), and the new state.

        The old state may be used up. Where a text outgrows the context, its beginning is forgotten.
        """
        ...

    def read(self, tokens: Tensor) -> Tensor:
        """Return logits (count, length, vocabulary) of what follows each of the tokens int64 (count, length)."""
        ...


@runtime_checkable
class Samples(Protocol):
    """Makes new images from nothing but random numbers."""

    def sample(self, count: int, generator: Generator) -> Tensor: ...
