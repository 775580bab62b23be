"""What can be set: the width of the hidden layers and how they are trained.

The book draws the idea (Foster, Generative Deep Learning, 1st edition, chapter 1, figure 1.12) and prints no numbers;
the defaults for training are those of its first autoencoder, in chapter 3.
"""

from gendesk.config import ConfigModel, setting


class HiddenLayer(ConfigModel):
    """One dense layer of the encoder; the decoder has the same ones in the opposite order."""

    units: int = setting(128, "Units", "How many numbers the layer makes.", group="Model", ge=1, le=4096)


class TinsConfig(ConfigModel):
    """A dense autoencoder with a code of two numbers."""

    hidden: tuple[HiddenLayer, ...] = setting(
        (HiddenLayer(units=128), HiddenLayer(units=128)),
        "Hidden layers",
        "Dense layers from the picture down to the code, and back up in the decoder. More and wider layers bend the "
        "latent plane more and draw clearer lines.",
        group="Model",
        ge=1,
        le=6,
    )
    code_penalty: float = setting(
        0.0001,
        "Code penalty",
        "Weight of the mean squared code in the loss. It draws the codes together, so that the plane stays even and "
        "corners are not pulled far out; too large, and different tins get the same code. 0 has none.",
        group="Training",
        ge=0,
        le=1,
    )
    batch_size: int = setting(
        32, "Batch size", "Pictures per step. More is steadier and needs more memory.", group="Training", ge=1, le=4096
    )
    learning_rate: float = setting(
        0.0005,
        "Learning rate",
        "Size of a step (Adam). Too large makes the loss leap, too small makes learning slow.",
        group="Training",
        ge=0.0000001,
        le=1,
    )
