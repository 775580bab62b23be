"""Hair of portraits, behind and in front of the head, in any colour."""

from dataclasses import dataclass

import numpy as np

from gendesk.data.portrait_canvas import (
    Canvas,
    Color,
    Shape,
    darker,
    lighter,
    mirrored,
    on_neck,
    oval,
    smooth,
    stroke,
    turned,
)


@dataclass(frozen=True)
class _Style:
    """Shapes of a hair style: behind the shoulders, on the front of the head, and strands in light and in shade."""

    back: tuple[Shape, ...] = ()
    front: tuple[Shape, ...] = ()
    light: tuple[Shape, ...] = ()
    shade: tuple[Shape, ...] = ()


def covers_ears(style: str) -> bool:
    """Say whether nobody sees the ears."""
    return style in ("long wavy", "long straight", "short curly")


def draw_back_hair(canvas: Canvas, style: str, hair: Color, turn: float) -> None:
    """Draw what is behind neck and shoulders; it goes the other way when the head turns."""
    for shape in _STYLES[style].back:
        canvas.fill(on_neck(shape + np.array([-1.8 * turn, 0.0])), darker(hair, 0.22))


def draw_front_hair(canvas: Canvas, style: str, hair: Color, turn: float) -> None:
    """Draw what lies on the head and before the shoulders."""
    shapes = _STYLES[style]
    parts = (shapes.front, hair), (shapes.shade, darker(hair, 0.2)), (shapes.light, lighter(hair, 0.28))
    for group, color in parts:
        for shape in group:
            canvas.fill(turned(shape, turn), color)


_BUN = _Style(
    front=(
        oval(0, 11.2, 9.8, 7.4),
        smooth((-20.4, 42), (-20.4, 42), (-20.6, 32), (-16.4, 20.6), (-7, 15), (0, 14.2), (7, 15), (16.4, 20.6),
               (20.6, 32), (20.4, 42), (20.4, 42), (18, 35), (13, 28.6), (5, 25.6), (0, 26.6), (-5, 25.6), (-13, 28.6),
               (-18, 35)),
    ),
    shade=(stroke((-7.6, 16), (0, 17.6), (7.6, 16), width=2.4),),
    light=(
        stroke((-5.4, 11), (-2, 7.2), (3, 6.4), width=1.5),
        stroke((-14.4, 27), (-10, 21.6), (-3.6, 19), width=1.6),
    ),
)  # fmt: skip
_LOCK = smooth((-17.6, 30), (-21.4, 36), (-22.8, 50), (-24, 70), (-24.8, 86), (-24.8, 86), (-14.8, 86), (-14.8, 86),
               (-15.6, 76), (-18, 62), (-18.6, 46))  # fmt: skip
_LONG_STRAIGHT = _Style(
    back=(
        smooth((-24.8, 84), (-24.8, 84), (-23.6, 60), (-22, 30), (-14, 15), (0, 11.4), (14, 15), (22, 30), (23.6, 60),
               (24.8, 84), (24.8, 84)),
    ),
    front=(
        _LOCK, mirrored(_LOCK),
        smooth((-22.8, 50), (-22.8, 50), (-22.2, 32), (-15, 17.4), (-5, 12.2), (5, 12.2), (15, 17.4), (22.2, 32),
               (22.8, 50), (22.8, 50), (18.4, 44), (16.4, 34), (16.4, 34), (8, 31.4), (0, 31), (-8, 31.4), (-16.4, 34),
               (-16.4, 34), (-18.4, 44)),
    ),
    light=(
        stroke((-15.6, 25.6), (-9, 20.2), (0, 18.4), width=2.0),
        stroke((-21, 60), (-21.4, 70), (-22, 80), width=1.4),
        stroke((21, 56), (21.2, 66), (22, 76), width=1.4),
    ),
    shade=(stroke((-4.4, 30.4), (-4.8, 27), (-4, 23.6), width=1.0), stroke((6, 30.8), (6.6, 27), (6, 24), width=1.0)),
)  # fmt: skip
_WAVE = smooth((-17, 28), (-23, 32), (-25.6, 41), (-23.8, 49), (-28.4, 57), (-26.4, 65), (-29.4, 72), (-27.4, 80),
               (-21.6, 84), (-15.8, 80), (-17.6, 74), (-14.8, 68), (-19, 60), (-17.4, 52), (-19.6, 43), (-18, 35),
               )  # fmt: skip
_LONG_WAVY = _Style(
    back=(
        smooth((-20, 86), (-29, 76), (-25.6, 66), (-27.6, 56), (-23.6, 44), (-24.4, 30), (-15, 15), (0, 10), (15, 15),
               (24.4, 30), (23.6, 44), (27.6, 56), (25.6, 66), (29, 76), (20, 86)),
    ),
    front=(
        _WAVE, mirrored(_WAVE),
        smooth((-22.4, 46), (-25, 38), (-23, 26), (-15, 15), (-4, 11.4), (8, 11.6), (17, 17), (23.4, 27), (25, 38),
               (22.4, 46), (19, 41), (16.6, 33), (10, 28.4), (4.6, 21.6), (4.6, 21.6), (-1, 28), (-9.6, 31.6),
               (-16.4, 35), (-19, 41)),
    ),
    light=(
        stroke((-18.4, 29), (-12, 21.4), (-3, 18), width=2.0),
        stroke((-25, 58), (-23.4, 66), (-26, 74), width=1.6),
        stroke((24.6, 58), (23, 66), (25.6, 74), width=1.6),
    ),
    shade=(stroke((4.4, 22.4), (5.6, 17.6), (9, 14.4), width=1.2),),
)  # fmt: skip
_SHORT_STRAIGHT = _Style(
    front=(
        smooth((-19.4, 44), (-19.4, 44), (-21, 34), (-19, 23), (-11.6, 15.4), (0, 12.6), (11.6, 15.4), (19, 23),
               (21, 34), (19.4, 44), (19.4, 44), (17.8, 36), (16, 30.6), (11.4, 26), (11.4, 26), (4, 29.6), (-6, 31),
               (-15, 31.4), (-17.6, 36)),
    ),
    light=(stroke((-14.6, 25.6), (-9, 20), (0, 17.6), width=1.8),),
    shade=(stroke((11, 25.6), (12.4, 21.6), (12, 17.4), width=1.1),),
)  # fmt: skip
_SHORT_WAVY = _Style(
    front=(
        smooth((-18.2, 42), (-20.2, 38), (-20.8, 31.6), (-23.6, 26), (-21, 20.4), (-19.6, 13.8), (-11.4, 11.8),
               (-4.6, 6.6), (5, 5.4), (12.4, 8.6), (19.6, 11), (21.4, 19), (23.8, 25.6), (20.8, 31.6), (20.2, 38),
               (18.2, 42), (17.6, 36), (15.6, 30.6), (9.4, 30), (4, 25), (-3, 29.4), (-9.6, 27), (-15.6, 31.6),
               (-17.6, 36)),
    ),
    light=(
        stroke((-17, 27), (-13, 19.6), (-6, 19), (0, 14), width=2.0),
        stroke((8, 14), (13, 17), (16, 22), width=1.6),
    ),
    shade=(stroke((3.6, 26), (7.6, 21.6), (14, 22.6), (18, 28), width=1.2),),
)  # fmt: skip
_CURLS = ((-19.6, 42.6, 5.2), (-21.4, 33.6, 6.4), (-19, 24, 7), (-13.4, 16, 7.2), (-5, 11.6, 7.4), (5, 11.6, 7.4),
          (13.4, 16, 7.2), (19, 24, 7), (21.4, 33.6, 6.4), (19.6, 42.6, 5.2))  # fmt: skip
_FRINGE = ((-14.6, 28, 4.8), (-7.6, 25.8, 5.2), (0, 25, 5.2), (7.6, 25.8, 5.2), (14.6, 28, 4.8))
_SHORT_CURLY = _Style(
    back=(oval(0, 32, 22, 20),),
    front=(
        smooth((-18.6, 36), (-19, 24), (-10, 15), (0, 13), (10, 15), (19, 24), (18.6, 36), (14, 28), (0, 25),
               (-14, 28)),
        *(oval(x, y, radius, radius, points=20) for x, y, radius in (*_CURLS, *_FRINGE)),
    ),
    light=tuple(
        stroke((x - 3.4, y + 0.6), (x - 1.8, y - 2.6), (x + 1.8, y - 3), width=1.3)
        for x, y, _ in (*_CURLS[1:6:2], *_FRINGE[1:4:2])
    ),
    shade=tuple(
        stroke((x - 2.6, y + 3.2), (x + 0.6, y + 3.8), (x + 3.4, y + 1.4), width=1.2)
        for x, y, _ in (*_CURLS[2:9:2], *_FRINGE[::2])
    ),
)  # fmt: skip
_STYLES = {
    "none": _Style(),
    "long bun": _BUN,
    "long wavy": _LONG_WAVY,
    "long straight": _LONG_STRAIGHT,
    "short wavy": _SHORT_WAVY,
    "short straight": _SHORT_STRAIGHT,
    "short curly": _SHORT_CURLY,
}
