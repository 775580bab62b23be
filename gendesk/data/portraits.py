"""Cartoon portraits, head and shoulders, that are drawn from their description: any outfit, any size.

The names of all values are in portrait_attributes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gendesk.data.dataset import Attribute, UInt8Array
from gendesk.data.portrait_attributes import ATTRIBUTES, OUTFIT_ATTRIBUTES
from gendesk.data.portrait_canvas import Canvas, Color, oval
from gendesk.data.portrait_clothes import draw_clothes, draw_hood
from gendesk.data.portrait_face import draw_ears, draw_face, draw_head, draw_neck
from gendesk.data.portrait_hair import covers_ears, draw_back_hair, draw_front_hair

BACKGROUNDS: tuple[Color, ...] = (
    (186, 212, 226),
    (214, 205, 232),
    (201, 222, 203),
    (238, 211, 196),
    (235, 224, 188),
)
_CLOTHING_COLORS: dict[str, Color] = {
    "black": (44, 47, 56),
    "blue01": (72, 150, 221),
    "grey01": (148, 155, 165),
    "pastel green": (152, 219, 172),
    "pastel orange": (250, 196, 138),
    "pink": (240, 92, 152),
    "red": (208, 48, 52),
    "white": (250, 249, 246),
}
_HAIR_COLORS: dict[str, Color] = {
    "black": (40, 36, 44),
    "blond": (236, 193, 84),
    "brown": (122, 74, 42),
    "pastel pink": (246, 158, 196),
    "red": (192, 68, 30),
    "silver-grey": (176, 181, 192),
}
_SKINS: dict[str, Color] = {
    "pale": (252, 224, 205),
    "light": (243, 202, 172),
    "golden": (229, 178, 134),
    "tan": (203, 147, 104),
    "brown": (156, 102, 68),
    "dark": (108, 68, 48),
}


@dataclass(frozen=True)
class Portrait:
    """What a portrait shows.

    `smile` is from 0 (none) to 1 (broad), `turn` of the head from -1 (to the left of the picture) to 1 (to its right),
    `jaw` from -1 (narrow) to 1 (wide); `background` is an index of BACKGROUNDS.
    """

    accessory: str = "none"
    clothing_color: str = "blue01"
    clothing: str = "crew-neck"
    hair_color: str = "brown"
    hair_style: str = "short straight"
    smile: float = 0.5
    skin: str = "light"
    turn: float = 0.0
    jaw: float = 0.0
    background: int = 0


def draw(portrait: Portrait, size: int) -> UInt8Array:
    """Return a portrait `size` pixels wide and high: uint8 (size, size, 3). The same portrait gives the same pixels."""
    skin, hair = _SKINS[portrait.skin], _HAIR_COLORS[portrait.hair_color]
    cloth, turn, style = _CLOTHING_COLORS[portrait.clothing_color], portrait.turn, portrait.hair_style
    background = BACKGROUNDS[portrait.background]
    canvas = Canvas(size, background)
    canvas.fill(_HALO, _halo(background))
    draw_back_hair(canvas, style, hair, turn)
    if portrait.clothing == "hoodie":
        draw_hood(canvas, cloth)
    draw_neck(canvas, skin)
    draw_clothes(canvas, portrait.clothing, cloth)
    if not covers_ears(style):
        draw_ears(canvas, skin, turn)
    draw_head(canvas, skin, turn, portrait.jaw)
    draw_face(canvas, skin, hair, portrait.accessory, turn, portrait.smile)
    draw_front_hair(canvas, style, hair, turn)
    return canvas.picture()


_HALO = oval(0.0, 48.0, 45.0, 45.0, points=64)


def _halo(background: Color) -> Color:
    red, green, blue = ((3 * level + 2 * 255) // 5 for level in background)
    return red, green, blue


def can_draw(attributes: Sequence[Attribute]) -> bool:
    """Say whether the five features of an outfit are among the attributes, with values that a portrait can show."""
    given = {attribute.name: attribute.values for attribute in attributes}
    return all(given.get(wanted.name) and {*given[wanted.name]} <= {*wanted.values} for wanted in OUTFIT_ATTRIBUTES)


def from_values(attributes: Sequence[Attribute], values: Sequence[float]) -> Portrait:
    """Return the portrait that a row of a table of attributes describes.

    `values` has one number for each attribute: the number of a named value, rounded and brought into range, or the
    number itself. Attributes that a portrait does not have are passed over, and what is not given is as by default.
    """
    known = {attribute.name: attribute.values for attribute in ATTRIBUTES}
    fields: dict[str, Any] = {}
    for attribute, value in zip(attributes, values, strict=True):
        if attribute.name not in known:
            continue
        field = attribute.name.replace("-", "_")
        if not known[attribute.name]:
            low = -1.0 if attribute.name == "turn" else 0.0
            fields[field] = min(max(float(value), low), 1.0)
        elif attribute.values:
            named = attribute.values[min(max(round(float(value)), 0), len(attribute.values) - 1)]
            if named in known[attribute.name]:
                fields[field] = named
    return Portrait(**fields)
