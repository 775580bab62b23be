"""Clothes of portraits, in any colour: hoodie, overall, crew-neck and V-neck."""

from gendesk.data.portrait_canvas import Canvas, Color, Shape, brightness, darker, mirrored, oval, smooth, stroke

_LIGHT_SHIRT: Color = (244, 234, 214)
_DARK_SHIRT: Color = (74, 84, 112)
_BUTTON: Color = (240, 190, 70)
_BRIGHT = 170.0

_SHOULDERS = ((-13, 72.6), (-13, 72.6), (-22, 76), (-33, 80), (-39, 87), (-41.5, 100), (-41.5, 100))
_ROUND_NECK = ((41.5, 100), (41.5, 100), (39, 87), (33, 80), (22, 76), (13, 72.6), (13, 72.6), (8, 77.6), (0, 79.8),
               (-8, 77.6))  # fmt: skip
_CREW = smooth(*_SHOULDERS, *_ROUND_NECK)
_CREW_BAND = stroke((-14, 72.4), (-8.6, 78.2), (0, 80.6), (8.6, 78.2), (14, 72.4), width=3.0, taper=0.9)
_V = smooth(*_SHOULDERS, *_ROUND_NECK[:7], (0, 95), (0, 95))
_V_BAND = smooth((-13, 71.6), (-13, 71.6), (0, 91.6), (0, 91.6), (13, 71.6), (13, 71.6), (15.6, 73.4), (15.6, 73.4),
                 (0, 96.6), (0, 96.6), (-15.6, 73.4), (-15.6, 73.4))  # fmt: skip
_SLEEVE = stroke((-29.6, 100), (-28.6, 94), (-29.4, 88.6), width=1.2)

_HOOD = smooth((-24, 77), (-23, 68), (-17.5, 62), (0, 59), (17.5, 62), (23, 68), (24, 77), (0, 84))
_HOOD_ROLL = smooth((-11, 70), (-19.6, 68.5), (-24.6, 73.6), (-21.6, 79.6), (-10, 83.6), (0, 87.2), (0, 87.2),
                    (0, 79), (-7, 77))  # fmt: skip
_STRING = stroke((-6.4, 84), (-7.2, 89), (-6.6, 95), width=1.7, taper=0.9)
_STRING_END = oval(-6.6, 95.6, 1.3, 1.9, points=14)

_BIB = smooth((-16.6, 88), (-16.6, 88), (16.6, 88), (16.6, 88), (19.6, 100), (19.6, 100), (-19.6, 100), (-19.6, 100))
_BIB_HEM = stroke((-16.4, 89.6), (0, 89.6), (16.4, 89.6), width=1.1, taper=0.9)
_STRAP = smooth((-24.6, 76.6), (-24.6, 76.6), (-17.4, 74), (-17.4, 74), (-9.6, 91.4), (-9.6, 91.4), (-16.6, 92.6),
                (-16.6, 92.6))  # fmt: skip
_POCKET = smooth((-6.6, 95), (-6.6, 95), (6.6, 95), (6.6, 95), (6.6, 102), (6.6, 102), (-6.6, 102), (-6.6, 102))
_STUD = oval(-13.2, 90.6, 2.1, 2.1, points=16)


def draw_hood(canvas: Canvas, color: Color) -> None:
    """Draw the part of a hoodie that is behind the neck."""
    canvas.fill(_HOOD, darker(color, 0.34))


def draw_clothes(canvas: Canvas, clothing: str, color: Color) -> None:
    """Draw what covers the shoulders; the neck is drawn before."""
    if clothing == "overall":
        _draw_overall(canvas, color)
        return
    shade = darker(color)
    canvas.fill(_V if clothing == "V-neck" else _CREW, color)
    _fill_both(canvas, _SLEEVE, shade)
    if clothing == "V-neck":
        canvas.fill(_V_BAND, shade)
    elif clothing == "crew-neck":
        canvas.fill(_CREW_BAND, shade)
    else:
        _draw_hoodie_front(canvas, color)


def _draw_hoodie_front(canvas: Canvas, color: Color) -> None:
    _fill_both(canvas, _HOOD_ROLL, darker(color, 0.16))
    string = _LIGHT_SHIRT if brightness(color) < _BRIGHT else _DARK_SHIRT
    _fill_both(canvas, _STRING, string)
    _fill_both(canvas, _STRING_END, string)


def _draw_overall(canvas: Canvas, color: Color) -> None:
    shirt = _LIGHT_SHIRT if brightness(color) < _BRIGHT else _DARK_SHIRT
    canvas.fill(_CREW, shirt)
    canvas.fill(_CREW_BAND, darker(shirt, 0.14))
    _fill_both(canvas, _STRAP, color)
    canvas.fill(_BIB, color)
    canvas.fill(_BIB_HEM, darker(color, 0.2))
    canvas.fill(_POCKET, darker(color, 0.12))
    _fill_both(canvas, _STUD, _BUTTON)


def _fill_both(canvas: Canvas, shape: Shape, color: Color) -> None:
    canvas.fill(shape, color)
    canvas.fill(mirrored(shape), color)
