"""What people make among the doodles: a house, a sailing boat, a bicycle, a cup and an umbrella."""

from itertools import pairwise

import numpy as np

from gendesk.data.doodles_pen import Drawing, Floats, arc, curve, dot, line, maybe, ring

Rng = np.random.Generator


def _box(left: float, top: float, right: float, bottom: float) -> Drawing:
    return [line((left, top), (right, top), (right, bottom), (left, bottom), (left, top))]


def house(rng: Rng) -> Drawing:
    """Draw a house: walls, a roof, and mostly a door, windows and a chimney, perhaps with smoke."""
    wide, tall, roof = rng.uniform(0.36, 0.5), rng.uniform(0.42, 0.65), rng.uniform(0.28, 0.46)
    eaves = wide + (rng.uniform(0.04, 0.12) if rng.random() < 0.6 else 0.0)
    top = 0.0
    flat = rng.uniform(0.15, 0.28) if rng.random() < 0.2 else 0.0
    ridge = line((-eaves, top), (-flat, top - roof), (flat, top - roof), (eaves, top))
    drawing = [*_box(-wide, top, wide, tall), ridge]
    x, door = rng.uniform(-0.4, 0.4) * wide, rng.uniform(0.07, 0.11)
    if rng.random() < 0.88:
        high = tall * rng.uniform(0.4, 0.58)
        drawing.append(line((x - door, tall), (x - door, tall - high), (x + door, tall - high), (x + door, tall)))
        drawing += maybe(rng, 0.3, dot(rng, x + 0.5 * door, tall - high / 2))
    for side in (-1.0, 1.0):
        if rng.random() < 0.68:
            drawing += _window(rng, side * wide * 0.6, tall * rng.uniform(0.22, 0.34), rng.uniform(0.07, 0.1))
    drawing += maybe(rng, 0.15, ring(rng, 0.0, top - roof * 0.42, 0.07))
    if rng.random() < 0.55:
        drawing += _chimney(rng, eaves, flat, roof)
    return drawing


def _window(rng: Rng, x: float, y: float, half: float) -> Drawing:
    cross = line((x, y - half), (x, y + half)), line((x - half, y), (x + half, y))
    return _box(x - half, y - half, x + half, y + half) + maybe(rng, 0.4, *cross)


def _chimney(rng: Rng, eaves: float, flat: float, roof: float) -> Drawing:
    left, width, above = flat + (eaves - flat) * rng.uniform(0.25, 0.4), 0.1, rng.uniform(0.0, 0.12)

    def height(x: float) -> float:
        return -roof * (1 - (x - flat) / (eaves - flat))

    right = left + width
    drawing = [line((left, height(left)), (left, -roof - above), (right, -roof - above), (right, height(right)))]
    smoke = [(left + 0.05 + 0.05 * (-1) ** step + 0.03 * step, -roof - above - 0.06 - 0.07 * step) for step in range(4)]
    return drawing + maybe(rng, 0.5, curve(*smoke))


def sailing_boat(rng: Rng) -> Drawing:
    """Draw a boat with a hull, a mast, one or two sails, and now and then a flag or waves."""
    wide, deep, narrow = rng.uniform(0.45, 0.55), rng.uniform(0.16, 0.26), rng.uniform(0.55, 0.8)
    if rng.random() < 0.6:
        hull = line((-wide, 0.0), (wide, 0.0), (wide * narrow, deep), (-wide * narrow, deep), (-wide, 0.0))
        drawing = [hull]
    else:
        drawing = [curve((-wide, 0.0), (-wide * 0.7, deep * 0.8), (0.0, deep), (wide * 0.7, deep * 0.8), (wide, 0.0))]
        drawing.append(line((-wide, 0.0), (wide, 0.0)))
    mast, top = rng.uniform(-0.12, 0.1), rng.uniform(-0.95, -0.72)
    drawing.append(line((mast, 0.0), (mast, top)))
    foot, reach = rng.uniform(-0.14, -0.06), rng.uniform(0.3, 0.45)
    head = top + rng.uniform(0.0, 0.08)
    drawing.append(_sail(rng, mast + 0.015, head, foot, reach))
    if rng.random() < 0.65:
        drawing.append(_sail(rng, mast - 0.015, head + rng.uniform(0.0, 0.2), foot, -reach * rng.uniform(0.6, 0.95)))
    flag = line((mast, top), (mast + 0.16, top - 0.05), (mast, top - 0.1), (mast, top))
    drawing += maybe(rng, 0.25, flag)
    if rng.random() < 0.4:
        xs = np.linspace(-wide - 0.1, wide + 0.1, 9)
        drawing.append(curve(*((x, deep + 0.08 + (0.03 if step % 2 else -0.03)) for step, x in enumerate(xs.tolist()))))
    return drawing


def _sail(rng: Rng, x: float, head: float, foot: float, reach: float) -> Floats:
    belly = rng.uniform(0.0, 0.1) * np.sign(reach)
    leech = curve((x, head), (x + reach * 0.5 + belly, (head + foot) / 2), (x + reach, foot))
    return np.concatenate([leech, line((x + reach, foot), (x, foot), (x, head))])


def bicycle(rng: Rng) -> Drawing:
    """Draw a bicycle that goes to the right: two wheels, a frame, a saddle and a handlebar, at times with spokes."""
    radius, apart = rng.uniform(0.21, 0.27), rng.uniform(0.31, 0.38)
    rear, front = (-apart, 0.0), (apart, 0.0)
    drawing = [ring(rng, *rear, radius), ring(rng, *front, radius)]
    crank = (rng.uniform(-0.08, 0.0), rng.uniform(-0.02, 0.04))
    seat = (crank[0] - rng.uniform(0.06, 0.13), -rng.uniform(0.3, 0.38))
    head = (apart - rng.uniform(0.08, 0.14), -rng.uniform(0.32, 0.4))
    drawing.append(line(rear, seat, crank, rear))
    drawing.append(line(seat, head, crank) if rng.random() < 0.7 else line(crank, head))
    bar = (head[0] + rng.uniform(-0.04, 0.02), head[1] - rng.uniform(0.08, 0.14))
    drawing.append(line(front, head, bar))
    grip = rng.uniform(0.08, 0.13)
    if rng.random() < 0.5:
        drawing.append(curve(bar, (bar[0] + grip, bar[1] + 0.02), (bar[0] + grip * 0.8, bar[1] + 0.1)))
    else:
        drawing.append(line((bar[0] - grip, bar[1] + 0.03), bar))
    post = (seat[0] - 0.02, seat[1] - 0.08)
    drawing += maybe(rng, 0.92, line(seat, post), line((post[0] - 0.09, post[1]), (post[0] + 0.09, post[1])))
    drawing += maybe(rng, 0.35, ring(rng, *crank, 0.05))
    if rng.random() < 0.2:
        turn = rng.uniform(0.0, np.pi)
        spokes = [np.array([np.cos(turn + step), np.sin(turn + step)]) * radius for step in (0.0, np.pi / 2)]
        drawing += [np.stack([hub - spoke, hub + spoke]) for hub in np.array([rear, front]) for spoke in spokes]
    return drawing


def cup(rng: Rng) -> Drawing:
    """Draw a cup with a handle, seen a little from above or from the side, often with steam or a saucer."""
    wide, narrow, tall = rng.uniform(0.28, 0.4), rng.uniform(0.6, 1.0), rng.uniform(0.45, 0.65)
    rim = rng.uniform(0.05, 0.1)
    low = wide * narrow
    if rng.random() < 0.7:
        bowl = line((-wide, 0.0), (-low, tall), (low, tall), (wide, 0.0))
    else:
        bowl = curve(
            (-wide, 0.0),
            (-wide * 0.92, tall * 0.55),
            (-low * 0.6, tall),
            (low * 0.6, tall),
            (wide * 0.92, tall * 0.55),
            (wide, 0.0),
        )
    drawing = [ring(rng, 0.0, 0.0, wide, rim) if rng.random() < 0.7 else line((-wide, 0.0), (wide, 0.0)), bowl]
    side, reach = wide * (0.55 + 0.45 * narrow), rng.uniform(0.16, 0.26)
    middle, high = tall * rng.uniform(0.38, 0.48), tall * rng.uniform(0.22, 0.32)
    drawing.append(arc(side, middle, reach, high, -0.25, 0.5))
    drawing += maybe(rng, 0.4, arc(side, middle, reach * 0.55, high * 0.55, -0.25, 0.5))
    if rng.random() < 0.55:
        count = int(rng.integers(2, 4))
        for x in np.linspace(-0.5, 0.5, count) * wide:
            foot, sway = -rim - 0.07, rng.choice([-0.05, 0.05])
            drawing.append(curve((x, foot), (x + sway, foot - 0.1), (x - sway, foot - 0.2), (x, foot - 0.3)))
    if rng.random() < 0.35:
        drawing.append(arc(0.0, tall + 0.02, wide * 1.5, 0.1, -0.03, 0.56))
    return drawing


def umbrella(rng: Rng) -> Drawing:
    """Draw an open umbrella: a dome with a scalloped edge, ribs, and a stick with a hook, perhaps in the rain."""
    tall, bays = rng.uniform(0.38, 0.52), int(rng.integers(2, 6))
    dome = arc(0.0, 0.0, 0.5, tall, 0.5, 0.5)
    ends = np.linspace(-0.5, 0.5, bays + 1)
    sag = rng.uniform(0.06, 0.12)
    if rng.random() < 0.85:
        edge = np.concatenate([arc((a + b) / 2, 0.0, (b - a) / 2, sag, 0.5, 0.5) for a, b in pairwise(ends.tolist())])
    else:
        edge = line((-0.5, 0.0), (0.5, 0.0))
    drawing = [dome, edge]
    if rng.random() < 0.55:
        drawing += [curve((0.0, -tall), (x * 0.75, -tall * 0.55), (x, 0.0)) for x in ends[1:-1].tolist() if x]
    foot, hook = rng.uniform(0.42, 0.58), rng.uniform(0.07, 0.12)
    grip = arc(-hook, foot, hook, hook, 0.0, rng.uniform(0.4, 0.6))
    stick = np.concatenate([line((0.0, -sag), (0.0, foot)), grip])
    drawing += [stick, *maybe(rng, 0.65, line((0.0, -tall), (0.0, -tall - 0.08)))]
    if rng.random() < 0.22:
        for _ in range(int(rng.integers(3, 6))):
            x, y = rng.uniform(0.15, 0.5) * rng.choice([-1.0, 1.0]), rng.uniform(0.15, 0.5)
            drawing.append(line((x, y), (x - 0.03, y + 0.09)))
    return drawing
