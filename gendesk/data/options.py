"""How a source becomes a data set: the size of pictures, the tokens of a text, the voices of music, and their parts."""

from typing import Literal

from pydantic import field_validator

from gendesk.config import ConfigModel, setting
from gendesk.data.dataset import DatasetKind, TextUnit

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


class TextOptions(ConfigModel):
    """The choices that a person has when a text is opened."""

    unit: TextUnit = setting(
        "characters",
        "Tokens",
        "What the text is cut into. characters: few, and words can be coined. words: every word and mark is one, and "
        "none can be coined. byte pairs: groups of bytes that stand together often, from letters to whole words.",
        group="Data",
    )
    vocabulary_size: int = setting(
        0,
        "Vocabulary",
        "How many different tokens there are at most, the most frequent ones; the others become one that stands for "
        "the unknown. 0 is automatic: all characters, all words up to 20,000, 2,000 byte pairs.",
        group="Data",
        unit="tokens",
        ge=0,
        le=50_000,
    )
    lower: bool = setting(
        False,
        "Lower case",
        "Write everything in small letters: fewer tokens to learn, and no names or beginnings of sentences.",
        group="Data",
    )
    cleaning: Literal["none", "spaces", "stories"] = setting(
        "none",
        "Cleaning",
        "none: the text as it is. spaces: runs of spaces become one, and of empty lines one. stories: five line ends "
        "in a row begin a new story, single ones become spaces, as the book cleans fables.",
        group="Data",
    )
    story_marks: int = setting(
        1,
        "Story marks",
        "How many times the mark | stands before every story, where stories are told apart. As many as the network "
        "looks back, and it begins a story without a memory of the last.",
        group="Data",
        unit="marks",
        advanced=True,
        ge=1,
        le=200,
    )
    encoding: Literal["auto", "utf-8", "utf-16", "cp1252", "latin-1", "cp1251", "koi8-r", "shift-jis", "gb18030"] = (
        setting(
            "auto",
            "Encoding",
            "How the files' bytes spell letters. auto looks for the usual signs, and takes Western European where "
            "there are none.",
            group="Data",
            advanced=True,
        )
    )
    test_share: float = setting(
        0.1,
        "Held out",
        "Share of the text, from its end, that is kept for validation.",
        group="Data",
        advanced=True,
        ge=0.0,
        le=0.5,
    )
    limit: int = setting(
        0,
        "Most characters",
        "How much of the text is used, from its beginning. 0 uses all, up to 100 million characters.",
        group="Data",
        unit="characters",
        advanced=True,
        ge=0,
        le=100_000_000,
    )


class ScoreOptions(ConfigModel):
    """The choices that a person has when pieces of music are opened."""

    steps_per_beat: int = setting(
        4,
        "Grid",
        "Into how many steps a quarter note is divided; notes move to the nearest. 4 are sixteenths, 12 hold triplets, "
        "too. More follow a player more closely, and give a network more to learn.",
        group="Data",
        unit="per beat",
        ge=1,
        le=24,
    )
    voices: int = setting(
        4,
        "Voices",
        "How many voices a piece has at most. Where more notes sound at once, they are dealt to so many voices by "
        "their height, and what finds no room is left out, as are drums. 0 keeps all tracks as they are.",
        group="Data",
        unit="voices",
        ge=0,
        le=8,
    )
    held_out: Literal["valid", "test"] = setting(
        "valid",
        "Held-out part",
        "Where the pieces are published in three parts: valid holds out those to choose a model by, test those for a "
        "number that is compared with others'. The part that is not chosen is not used.",
        group="Data",
        advanced=True,
    )
    test_share: float = setting(
        0.1,
        "Held out",
        "Share of the pieces that is kept for validation; used where the pieces come in no parts.",
        group="Data",
        advanced=True,
        ge=0.0,
        le=0.5,
    )
    split_seed: int = setting(
        1,
        "Split",
        "Decides by lot which pieces are held out, and which are used where there are more than wanted.",
        group="Data",
        advanced=True,
        ge=0,
        le=2**31 - 1,
    )
    limit: int = setting(
        0,
        "Most pieces",
        "How many pieces are used at most. 0 uses all, up to 100,000.",
        group="Data",
        unit="pieces",
        advanced=True,
        ge=0,
        le=100_000,
    )


DEFAULT_OPTIONS = ImageOptions()


class RaceOptions(ConfigModel):
    """Races have no options of their own: what is seen of them is a choice of the recipe that drives first."""


# The one without fields comes first, because nothing but an empty table can be meant for it.
DataOptions = RaceOptions | ImageOptions | TextOptions | ScoreOptions


def options_for(kind: DatasetKind) -> type[DataOptions]:
    """Return the options that a person has for data of a kind."""
    own: dict[DatasetKind, type[DataOptions]] = {
        DatasetKind.SCORES: ScoreOptions,
        DatasetKind.TEXT: TextOptions,
        DatasetKind.RACES: RaceOptions,
    }
    return own.get(kind, ImageOptions)
