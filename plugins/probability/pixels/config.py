"""What can be set of the pixel model.

The defaults are the book's: Foster, Generative Deep Learning (1st edition), chapter 1, "Planet Pixel".
"""

from gendesk.config import ConfigModel, setting


class PixelsConfig(ConfigModel):
    pseudo_count: float = setting(
        0.0,
        "Pseudo-count",
        "Added to the count of every colour at every pixel before shares are taken. 0 allows a pixel only the colours "
        "that it has had; more strews colours that were never there, like sand.",
        group="Model",
        ge=0,
        le=100,
    )
