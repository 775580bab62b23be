"""What can be set of the models that count outfits.

The defaults are the book's: Foster, Generative Deep Learning (1st edition), chapter 1.
"""

from gendesk.config import ConfigModel, setting


class OutfitsConfig(ConfigModel):
    pseudo_count: float = setting(
        0.0,
        "Pseudo-count",
        "Added to every count before shares are taken. 0 trusts the table alone, so that what it lacks never appears; "
        "1 is additive smoothing; more makes everything equally likely.",
        group="Model",
        ge=0,
        le=1000,
    )
