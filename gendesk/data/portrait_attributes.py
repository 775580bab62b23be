"""What a portrait is described by: the names of all attributes and values, light enough for a catalogue.

The five features of an outfit and their values are those of Foster, Generative Deep Learning, chapter 1, table 1.2.
"""

from gendesk.data.dataset import Attribute

ACCESSORIES = ("none", "round", "sunglasses")
CLOTHING_COLORS = ("black", "blue01", "grey01", "pastel green", "pastel orange", "pink", "red", "white")
CLOTHINGS = ("hoodie", "overall", "crew-neck", "V-neck")
HAIR_COLORS = ("black", "blond", "brown", "pastel pink", "red", "silver-grey")
HAIR_STYLES = ("none", "long bun", "long wavy", "long straight", "short wavy", "short straight", "short curly")
SKINS = ("pale", "light", "golden", "tan", "brown", "dark")

OUTFIT_ATTRIBUTES = (
    Attribute(name="accessory", title="Accessory", values=ACCESSORIES),
    Attribute(name="clothing-color", title="Clothing colour", values=CLOTHING_COLORS),
    Attribute(name="clothing", title="Clothing", values=CLOTHINGS),
    Attribute(name="hair-color", title="Hair colour", values=HAIR_COLORS),
    Attribute(name="hair-style", title="Hair style", values=HAIR_STYLES),
)
"""The features of an outfit, in the order of the printed table."""

ATTRIBUTES = (
    *OUTFIT_ATTRIBUTES,
    Attribute(name="smile", title="Smile"),
    Attribute(name="skin", title="Skin tone", values=SKINS),
    Attribute(name="turn", title="Head turn"),
)
"""All that a portrait is described by, an outfit first."""
