"""What grows and lives among the doodles: a cat, a fish, a flower, a face and a tree, each different every time."""

import numpy as np

from gendesk.data.doodles_pen import Drawing, Floats, arc, curve, dot, line, maybe, mirrored, ring

Rng = np.random.Generator


def cat(rng: Rng) -> Drawing:
    """Draw a cat's head with pointed ears and whiskers, or a sitting cat with a tail."""
    return _sitting_cat(rng) if rng.random() < 0.35 else _cat_head(rng, 0.0, 0.0, 0.45, fine=True)


def _cat_head(rng: Rng, x: float, y: float, size: float, *, fine: bool) -> Drawing:
    across, down = size * rng.uniform(0.95, 1.2), size * rng.uniform(0.8, 1.0)
    drawing = [ring(rng, x, y, across, down)]
    inner, outer, tip = rng.uniform(0.12, 0.28), rng.uniform(0.82, 0.95), rng.uniform(1.45, 1.8)
    ear = line(
        (x + inner * across, y - 0.95 * down),
        (x + rng.uniform(0.65, 0.85) * across, y - tip * down),
        (x + outer * across, y - 0.4 * down),
    )
    drawing += [ear, *mirrored([ear], x)]
    apart, high = 0.4 * across, y - 0.15 * down
    if fine and rng.random() < 0.4:
        drawing += [ring(rng, x - apart, high, 0.12 * size), ring(rng, x + apart, high, 0.12 * size)]
    else:
        drawing += [dot(rng, x - apart, high, 0.1 * size), dot(rng, x + apart, high, 0.1 * size)]
    if fine:
        drawing += _cat_snout(rng, x, y, across, down)
    return drawing


def _cat_snout(rng: Rng, x: float, y: float, across: float, down: float) -> Drawing:
    nose = y + 0.2 * down
    drawing = maybe(
        rng, 0.7, line((x - 0.1 * across, nose), (x + 0.1 * across, nose), (x, nose + 0.14 * down), (x - 0.1, nose))
    )
    smile = curve(
        (x, nose + 0.14 * down), (x + 0.15 * across, nose + 0.4 * down), (x + 0.36 * across, nose + 0.26 * down)
    )
    drawing += maybe(rng, 0.7, smile, *mirrored([smile], x))
    rows = int(rng.integers(2, 4)) if rng.random() < 0.88 else 0
    spread, length = rng.uniform(0.12, 0.2), rng.uniform(0.6, 0.85)
    for row in range(rows):
        slope = (row - (rows - 1) / 2) * spread
        whisker = line(
            (x + 0.5 * across, nose + (0.1 + slope) * down),
            (x + (0.5 + length) * across, nose + (0.05 + 2.4 * slope) * down),
        )
        drawing += [whisker, *mirrored([whisker], x)]
    return drawing


def _sitting_cat(rng: Rng) -> Drawing:
    head = rng.uniform(0.2, 0.24)
    wide, tall = rng.uniform(0.26, 0.36), rng.uniform(0.4, 0.5)
    middle = head * 0.85 + tall
    drawing = _cat_head(rng, 0.0, 0.0, head, fine=False)
    drawing.append(arc(0.0, middle, wide, tall, -0.25 + 0.08, 0.84))
    side, reach = wide * 0.9, rng.uniform(0.25, 0.4)
    drawing.append(
        curve(
            (side, middle + 0.55 * tall),
            (side + 0.75 * reach, middle + 0.6 * tall),
            (side + reach, middle + rng.uniform(-0.2, 0.2) * tall),
            (side + rng.uniform(0.4, 0.8) * reach, middle - rng.uniform(0.35, 0.7) * tall),
        )
    )
    leg = line((0.08, middle + 0.25 * tall), (0.08, middle + 0.97 * tall))
    return drawing + maybe(rng, 0.6, leg, *mirrored([leg], 0.0))


def fish(rng: Rng) -> Drawing:
    """Draw a fish that swims to the left: a body, a tail, an eye, and often fins, gills, scales or bubbles."""
    tall = rng.uniform(0.2, 0.36)
    tail_x, tail_y = rng.uniform(0.72, 0.85), rng.uniform(0.18, 0.3)
    if rng.random() < 0.35:  # in one go, as a loop that crosses itself
        top = ((tail_x, -tail_y), (0.4, 0.08), (0.0, tall), (-0.36, tall * 0.7))
        under = ((-0.5, 0.0), (-0.36, -tall * 0.7), (0.0, -tall), (0.4, -0.08), (tail_x, tail_y))
        body = [curve(*top, *under), curve((tail_x, -tail_y), (tail_x - 0.08, 0.0), (tail_x, tail_y))]
    else:
        notch = rng.uniform(0.02, 0.14)
        tail = line((0.46, 0.0), (tail_x, -tail_y), (tail_x - notch, 0.0), (tail_x, tail_y), (0.46, 0.0))
        body = [ring(rng, 0.0, 0.0, 0.5, tall), tail]
    eye = (-0.3, -0.22 * tall - 0.02)
    body.append(ring(rng, *eye, 0.045) if rng.random() < 0.5 else dot(rng, *eye, 0.035))
    body += maybe(rng, 0.5, arc(-0.2, 0.0, 0.08, 0.6 * tall, -0.2, 0.4))
    body += maybe(rng, 0.5, curve((-0.12, -tall), (0.08, -tall - rng.uniform(0.1, 0.22)), (0.26, -0.8 * tall)))
    body += maybe(rng, 0.35, curve((-0.05, tall), (0.08, tall + rng.uniform(0.08, 0.18)), (0.2, 0.85 * tall)))
    body += maybe(rng, 0.4, curve((-0.49, 0.06), (-0.42, 0.09), (-0.38, 0.05)))
    if rng.random() < 0.3:
        for x in (0.02, 0.17):
            body.append(arc(x, 0.0, 0.07, 0.42 * tall, -0.22, 0.44))
    if rng.random() < 0.25:
        for number in range(int(rng.integers(1, 4))):
            body.append(ring(rng, -0.64 - 0.03 * number, -0.1 - 0.15 * number, 0.035))
    return body


def flower(rng: Rng) -> Drawing:
    """Draw a flower: petals around a middle, a stem, and leaves."""
    petals, middle = int(rng.integers(5, 9)), rng.uniform(0.09, 0.15)
    reach = rng.uniform(0.28, 0.38)
    kind = rng.random()
    drawing = [ring(rng, 0.0, 0.0, middle)]
    start = rng.uniform(0.0, 1.0)
    angles = [start + number / petals for number in range(petals)]
    if kind < 0.5:
        drawing += [_petal(rng, angle, middle, reach, 0.46 / petals) for angle in angles]
    elif kind < 0.85:
        size = (middle + reach) / 2 * np.sin(np.pi / petals) * 1.05
        distance = middle + size
        around = [2 * np.pi * angle for angle in angles]
        drawing += [ring(rng, distance * np.cos(a), distance * np.sin(a), size) for a in around]
    else:
        turns = np.linspace(0.0, 1.0, 12 * petals)
        radius = reach * (0.78 + 0.22 * np.abs(np.sin(np.pi * petals * turns)) ** 0.7)
        drawing.append(np.stack([radius * np.cos(2 * np.pi * turns), radius * np.sin(2 * np.pi * turns)], axis=1))
    if rng.random() < 0.12:
        return drawing
    foot, sway = rng.uniform(0.95, 1.2), rng.normal(0.0, 0.06)
    below = reach * 0.95
    drawing.append(curve((0.0, below), (sway, (below + foot) / 2), (sway / 2, foot)))
    for side in (-1.0, 1.0):
        drawing += maybe(rng, 0.65, _leaf(rng, sway * 0.8, foot - rng.uniform(0.15, 0.4), side))
    return drawing


def _petal(rng: Rng, angle: float, middle: float, reach: float, half: float) -> Floats:
    tip = reach * rng.uniform(0.92, 1.08)
    places = [(angle - half, middle), (angle - half * 0.95, 0.75 * tip), (angle, tip)]
    places += [(angle + half * 0.95, 0.75 * tip), (angle + half, middle)]
    return curve(*((r * np.cos(2 * np.pi * a), r * np.sin(2 * np.pi * a)) for a, r in places))


def _leaf(rng: Rng, x: float, y: float, side: float) -> Floats:
    long, high = side * rng.uniform(0.18, 0.3), rng.uniform(0.08, 0.2)
    return curve((x, y), (x + 0.35 * long, y - 1.1 * high), (x + long, y - high), (x + 0.7 * long, y), (x, y))


def face(rng: Rng) -> Drawing:
    """Draw a face in one of many moods: eyes, mouth, and often nose, brows, ears, hair or glasses."""
    across, down = rng.uniform(0.4, 0.47), rng.uniform(0.43, 0.52)
    drawing = [ring(rng, 0.0, 0.0, across, down)]
    apart, high, eye = rng.uniform(0.15, 0.2), rng.uniform(-0.16, -0.06), rng.uniform(0.04, 0.075)
    kind = rng.random()
    drawing += [dot(rng, x, high, 0.05) if kind < 0.4 else ring(rng, x, high, eye) for x in (-apart, apart)]
    if kind > 0.85:
        drawing += [arc(x, high, 0.13, 0.11, 0.0, 1.0) for x in (-apart, apart)]
        drawing.append(line((-apart + 0.13, high), (apart - 0.13, high)))
    brow = rng.normal(0.0, 0.04)
    right = line((apart - 0.08, high - 0.14 + brow), (apart + 0.09, high - 0.15 - brow))
    drawing += maybe(rng, 0.35, right, *mirrored([right], 0.0))
    nose = rng.random()
    if nose < 0.35:
        drawing.append(line((0.02, high + 0.06), (-0.05, 0.1), (0.04, 0.11)))
    elif nose < 0.6:
        drawing.append(arc(0.0, 0.07, 0.05, 0.045, 0.0, 0.5))
    drawing += _mouth(rng)
    ear = arc(across, -0.02, 0.09, 0.12, -0.25, 0.5)
    drawing += maybe(rng, 0.35, ear, *mirrored([ear], 0.0))
    return drawing + _hair(rng, across, down)


def _mouth(rng: Rng) -> Drawing:
    wide, low, mood = rng.uniform(0.12, 0.24), rng.uniform(0.2, 0.27), rng.normal(0.08, 0.09)
    lip = curve((-wide, low), (0.0, low + mood), (wide, low))
    kind = rng.random()
    if kind < 0.15:
        return [ring(rng, 0.0, low, 0.07, rng.uniform(0.06, 0.1))]
    return [lip, line((-wide, low), (wide, low))] if kind < 0.35 and mood > 0.05 else [lip]


def _hair(rng: Rng, across: float, down: float) -> Drawing:
    kind = rng.random()
    if kind < 0.3:  # a few hairs that stand up
        count = int(rng.integers(3, 8))
        roots = np.linspace(-0.62, -0.62 + 0.24 * count / 5, count) + rng.normal(0.06, 0.02)
        length = rng.uniform(1.2, 1.4)
        return [
            line((across * np.cos(a), down * np.sin(a)), (length * across * np.cos(a), length * down * np.sin(a)))
            for a in 2 * np.pi * np.clip(roots / 2, -0.45, -0.05)
        ]
    if kind < 0.5:  # long, down both sides
        lock = curve((0.0, -down * 1.06), (across * 0.95, -down * 0.6), (across * 1.15, down * rng.uniform(0.4, 1.0)))
        return [lock, *mirrored([lock], 0.0)]
    if kind < 0.65:  # a fringe
        return [line(*((x, -down * (0.62 if step % 2 else 0.85)) for step, x in enumerate(np.linspace(-0.3, 0.3, 7))))]
    return []


def tree(rng: Rng) -> Drawing:
    """Draw a tree: a cloud of leaves or a fir's triangles on a trunk, sometimes with fruit or on grass."""
    trunk, foot = rng.uniform(0.06, 0.11), rng.uniform(0.75, 0.95)
    drawing = _fir(rng, trunk, foot) if rng.random() < 0.38 else _round_tree(rng, trunk, foot)
    ground = curve((-0.4, foot), (-0.1, foot + rng.normal(0.0, 0.02)), (0.4, foot))
    return drawing + maybe(rng, 0.25, ground)


def _round_tree(rng: Rng, trunk: float, foot: float) -> Drawing:
    wide, tall = rng.uniform(0.36, 0.5), rng.uniform(0.34, 0.46)
    bumps = int(rng.integers(7, 11))
    turns = np.linspace(0.0, 1.0, 10 * bumps) + 0.25
    depth = rng.uniform(0.1, 0.24) if rng.random() < 0.75 else 0.0
    bump = 1 - depth + depth * np.abs(np.sin(np.pi * bumps * turns)) ** 0.6
    crown = np.stack([wide * bump * np.cos(2 * np.pi * turns), tall * bump * np.sin(2 * np.pi * turns)], axis=1)
    flare = rng.uniform(0.0, 0.06)
    side = curve((trunk, tall * 0.88), (trunk * 0.85, (tall + foot) / 2), (trunk + flare, foot))
    drawing = [crown, side, *mirrored([side], 0.0)]
    if rng.random() < 0.3:
        for _ in range(int(rng.integers(3, 6))):
            angle, reach = rng.uniform(0.0, 2 * np.pi), rng.uniform(0.2, 0.65)
            drawing.append(ring(rng, reach * wide * np.cos(angle), reach * tall * np.sin(angle), 0.04))
    return drawing


def _fir(rng: Rng, trunk: float, foot: float) -> Drawing:
    levels = int(rng.integers(2, 5))
    wide, top, low = rng.uniform(0.34, 0.46), rng.uniform(-0.75, -0.55), foot - rng.uniform(0.16, 0.28)
    right = [(0.0, top)]
    for level in range(1, levels + 1):
        y = top + (low - top) * level / levels
        right.append((wide * (0.35 + 0.65 * level / levels), y))
        if level < levels:
            right.append((wide * 0.5 * level / levels, y - 0.02))
    left = [(-x, y) for x, y in reversed(right)]
    stem = line((trunk, low), (trunk, foot), (-trunk, foot), (-trunk, low))
    drawing = [line(*right, *left), stem]
    return drawing + maybe(rng, 0.2, line((-0.08, top - 0.05), (0.08, top - 0.05)), line((0.0, top - 0.13), (0.0, top)))
