"""How pictures become a data set: their size, their colours, and how many are held out."""

from typing import Literal

from pydantic import field_validator

from gendesk.config import ConfigModel, setting

SMALLEST_SIDE = 8


class ImageOptions(ConfigModel):
    """The choices that a person has when a source of pictures is opened."""

    image_size: int = setting(
        0,
        "Image size",
        "Side of the square pictures. 0 is automatic: the pictures' own size if all share one up to 128, else 64. "
        "Pictures are scaled and cropped around their centre, never stretched.",
        group="Data",
        unit="px",
        ge=0,
        le=512,
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

    @field_validator("image_size")
    @classmethod
    def _large_enough(cls, side: int) -> int:
        if 0 < side < SMALLEST_SIDE:
            raise ValueError(f"Give 0 for automatic, or {SMALLEST_SIDE} to 512")
        return side


DEFAULT_OPTIONS = ImageOptions()
