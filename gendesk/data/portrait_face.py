"""Heads, faces and glasses of portraits."""

import numpy as np

from gendesk.data.portrait_canvas import (
    Canvas,
    Color,
    Shape,
    brightness,
    darker,
    lighter,
    mirrored,
    mixed,
    on_neck,
    oval,
    smooth,
    stroke,
    turned,
)

_INK: Color = (48, 38, 48)
_WHITE: Color = (252, 252, 252)
_LIP: Color = (196, 78, 84)
_MOUTH: Color = (126, 36, 52)
_BLUSH: Color = (238, 104, 104)
_SHADOW: Color = (112, 38, 44)
_FRAME: Color = (52, 44, 62)
_LENS: Color = (232, 242, 248)
_DARK_LENS: Color = (30, 30, 42)
_GLINT: Color = (96, 106, 132)

_NECK = smooth((-7.6, 52), (-7.6, 52), (-7.4, 66), (-10, 73), (-20, 79), (-14, 90), (0, 100), (14, 90), (20, 79),
               (10, 73), (7.4, 66), (7.6, 52), (7.6, 52))  # fmt: skip
_NECK_SHADE = smooth((-7.5, 60), (-7.3, 67), (-3, 72.6), (3, 72.6), (7.3, 67), (7.5, 60))
_HEAD = smooth((0, 18.5), (-10.5, 20.8), (-17.6, 29), (-18.9, 40), (-17.4, 50), (-11.8, 60), (-4.5, 64.6), (0, 65.2),
               (4.5, 64.6), (11.8, 60), (17.4, 50), (18.9, 40), (17.6, 29), (10.5, 20.8))  # fmt: skip
_EAR = smooth((-17, 39), (-20.6, 37.6), (-22.6, 41), (-21.6, 45.5), (-18.6, 48.4), (-16.5, 47))
_EAR_SHADE = stroke((-20.6, 40.4), (-19.6, 42.6), (-19.4, 45.6), width=1.2)
_SHINE = smooth((-8.5, 23.6), (-3, 21.6), (1, 22.2), (-3.5, 24.6), (-7.5, 27))

_BROW = stroke((-12.8, 36.6), (-8.6, 34.2), (-4.2, 35.6), width=2.9, taper=0.55)
_EYE_WHITE = oval(-8.4, 42.2, 3.5, 3.2)
_IRIS = oval(-8.4, 42.5, 2.2, 2.5)
_SPARK = oval(-7.6, 41.5, 0.8, 0.8, points=10)
_LASH = stroke((-12.4, 42), (-8.6, 38.7), (-4.7, 41), width=1.2)
_CHEEK = oval(-11.4, 50.2, 3.9, 2.6)
_NOSE = smooth((0.2, 44.5), (-0.6, 47), (-2.6, 49.6), (0, 51), (2.6, 49.8), (1.1, 48.6))

_ROUND = oval(-8.8, 42.4, 7.4, 7.2)
_ROUND_LENS = oval(-8.8, 42.4, 5.8, 5.6)
_BRIDGE = stroke((-2.6, 41.6), (0, 40.4), (2.6, 41.6), width=1.7, taper=0.9)
_TEMPLE = stroke((-15.4, 41.6), (-17.5, 41), (-20.5, 40.4), width=1.7, taper=0.9)
_SHADES = smooth((-16.6, 38.4), (-15.6, 37), (-9, 36.6), (-2.4, 37), (-1.4, 38.4), (-2, 43.6), (-5, 47.6), (-9.6, 48.6),
                 (-14, 46.6), (-16.2, 42.6))  # fmt: skip
_SHADES_GLINT = stroke((-13.8, 43), (-11.6, 40.6), (-9.4, 38.9), width=2.0)


def draw_neck(canvas: Canvas, skin: Color) -> None:
    """Draw the neck and what clothes may leave bare below it."""
    canvas.fill(_NECK, skin)
    canvas.fill(_NECK_SHADE, mixed(skin, _SHADOW, 0.3))


def draw_ears(canvas: Canvas, skin: Color, turn: float) -> None:
    """Draw ears; the head is drawn later."""
    behind = np.array([-1.6 * turn, 0.0])
    for ear, shade in ((_EAR, _EAR_SHADE), (mirrored(_EAR), mirrored(_EAR_SHADE))):
        canvas.fill(on_neck(ear + behind), mixed(skin, _SHADOW, 0.08))
        canvas.fill(on_neck(shade + behind), mixed(skin, _SHADOW, 0.3))


def draw_head(canvas: Canvas, skin: Color, turn: float, jaw: float) -> None:
    """Draw a head without a face; `jaw` as in Portrait."""
    wider = 1.0 + 0.09 * jaw * np.clip((_HEAD[:, 1] - 40.0) / 20.0, 0.0, 1.0)
    canvas.fill(turned(_HEAD * np.stack([wider, np.ones_like(wider)], axis=1), 0.35 * turn), skin)
    canvas.fill(turned(_SHINE, turn), lighter(skin, 0.35))


def draw_face(canvas: Canvas, skin: Color, hair: Color, accessory: str, turn: float, smile: float) -> None:
    """Draw a face; its eyebrows have the colour of the hair."""
    _fill_both(canvas, _CHEEK, mixed(skin, _BLUSH, (0.2 + 0.15 * smile) * skin[1] / 200), turn)
    _fill_both(canvas, _BROW, _brow_color(skin, hair), turn)
    canvas.fill(turned(_NOSE, 1.15 * turn), mixed(skin, _SHADOW, 0.22))
    _draw_mouth(canvas, skin, turn, smile)
    if accessory == "sunglasses":
        _draw_sunglasses(canvas, turn)
        return
    if accessory == "round":
        _draw_round_glasses(canvas, skin, turn)
    for shape, color in ((_EYE_WHITE, _WHITE), (_IRIS, _INK), (_LASH, _INK)):
        _fill_both(canvas, shape, color, turn)
    for middle in (-8.4, 8.4):
        canvas.fill(turned(_SPARK + np.array([middle + 8.4, 0.0]), turn), _WHITE)


def _brow_color(skin: Color, hair: Color) -> Color:
    return darker(hair, 0.24) if brightness(hair) < brightness(skin) or brightness(hair) > 150 else lighter(hair, 0.15)


def _fill_both(canvas: Canvas, shape: Shape, color: Color, turn: float) -> None:
    """Fill a shape on the left of the face and its mirror image."""
    canvas.fill(turned(shape, turn), color)
    canvas.fill(turned(mirrored(shape), turn), color)


def _draw_mouth(canvas: Canvas, skin: Color, turn: float, smile: float) -> None:
    """Draw a mouth that widens, turns up and opens with the smile."""
    half, corner = 4.6 + 4.4 * smile, 56.7 - 3.4 * smile
    sag, gap = 56.2 + 1.0 * smile, 9.0 * max(0.0, smile - 0.35)
    beside = 0.3 * corner + 0.7 * sag
    upper = [(-half, corner), (-0.5 * half, beside), (0.0, sag), (0.5 * half, beside), (half, corner)]
    lip = mixed(_LIP, _MOUTH, 0.35)
    if gap > 0.0:
        lower = [(x, y + gap * drop) for (x, y), drop in zip(upper, (0.0, 0.78, 1.0, 0.78, 0.0), strict=True)]
        teeth = [(x, y + 0.5 * gap * drop) for (x, y), drop in zip(upper, (0.0, 0.7, 1.0, 0.7, 0.0), strict=True)]
        for under, color in ((lower, _MOUTH), (teeth, _WHITE)):
            canvas.fill(turned(smooth(upper[0], *upper, upper[-1], *under[-2:0:-1]), turn), color)
        canvas.fill(turned(stroke(*lower, width=1.4, taper=0.6), turn), lip)
    else:
        chin = stroke((-2.2, sag + 3.0), (0.0, sag + 3.4), (2.2, sag + 3.0), width=0.9)
        canvas.fill(turned(chin, turn), mixed(skin, _SHADOW, 0.16))
    canvas.fill(turned(stroke(*upper, width=2.0, taper=0.6), turn), lip)


def _draw_round_glasses(canvas: Canvas, skin: Color, turn: float) -> None:
    for shape, color in ((_TEMPLE, _FRAME), (_ROUND, _FRAME), (_ROUND_LENS, mixed(skin, _LENS, 0.45))):
        _fill_both(canvas, shape, color, turn)
    canvas.fill(turned(_BRIDGE, turn), _FRAME)


def _draw_sunglasses(canvas: Canvas, turn: float) -> None:
    for shape in (_TEMPLE, _SHADES):
        _fill_both(canvas, shape, _DARK_LENS, turn)
    canvas.fill(turned(_BRIDGE, turn), _DARK_LENS)
    for middle in (-8.8, 9.2):
        canvas.fill(turned(_SHADES_GLINT + np.array([middle + 8.8, 0.0]), turn), _GLINT)
