"""How pictures become a data set: their size, their colours, and how many are held out."""

from typing import Literal

from pydantic import field_validator

from gendesk.config import ConfigModel, setting

SMALLEST_SIDE = 8
FEWEST_PICTURES = 10


class ImageOptions(ConfigModel):
    """The choices that a person has when a source of pictures is opened."""

    image_size: int = setting(
        0,
        "Image size",
        "Side of the square pictures. 0 is automatic: the pictures' own size if all share one from 4 to 128, else 64. "
        "Drawings that are stored as strokes are drawn at this size, automatically at 32.",
        group="Data",
        unit="px",
        ge=0,
        le=512,
    )
    crop: Literal["centre", "pad", "stretch"] = setting(
        "centre",
        "Crop",
        "How a picture gets other proportions: centre cuts off what stands out at two sides, pad shows all of it with "
        "white at two sides, stretch pulls it out of shape. Changes nothing where the proportions are right already.",
        group="Data",
    )
    color: Literal["auto", "grey", "rgb"] = setting(
        "auto",
        "Colours",
        "Colour channels of the pictures. Automatic is grey if all pictures are grey, else red, green and blue.",
        group="Data",
    )
    test_share: float = setting(
        0.1,
        "Held out",
        "Share of the pictures that is kept for validation, at least one; used where the data has no test part.",
        group="Data",
        advanced=True,
        ge=0.0,
        le=0.5,
    )

    limit: int = setting(
        0,
        "Most pictures",
        "How many pictures are used: a random choice, always the same one. 0 uses all. Fewer are prepared sooner and "
        "take less room, but a model learns them by heart earlier.",
        group="Data",
        unit="pictures",
        advanced=True,
        ge=0,
        le=10_000_000,
    )
    recognised_only: bool = setting(
        False,
        "Recognised only",
        "For strokes of Quick, Draw!: leaves out the drawings that the game did not recognise as what they should be.",
        group="Data",
        advanced=True,
    )

    @field_validator("image_size")
    @classmethod
    def _large_enough(cls, side: int) -> int:
        if 0 < side < SMALLEST_SIDE:
            raise ValueError(f"Give 0 for automatic, or {SMALLEST_SIDE} to 512")
        return side

    @field_validator("limit")
    @classmethod
    def _enough(cls, count: int) -> int:
        if 0 < count < FEWEST_PICTURES:
            raise ValueError(f"Give 0 for all, or at least {FEWEST_PICTURES}")
        return count


DEFAULT_OPTIONS = ImageOptions()
