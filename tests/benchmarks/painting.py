"""Painting in latent space on a trained model of avatars: is a stroke met, does the rest stay, and how soon.

From each of 100 random codes a stroke is painted with the settings that the page begins with, on the hair, the shirt or
the background: once in a colour that one of the data's pictures has there, taken from the half that differs most from
what is there already, and once in black, red, blue or yellow, which few pictures have and no background. `descend` is
asked again and again on one core, as the studio's worker does.

    python tests/benchmarks/painting.py [--quick] [--data-dir FOLDER --run RUN] [--pictures FILE.png]

Without a run it trains the quick preset of `vae-faces` first, with --quick for 60 steps only, too few to paint well.
Each line is JSON: `error_before` and `error_after` are mean absolute colour errors inside the stroke, `error_nearest`
is that of the best of 2,000 draws from the prior, which tells whether the decoder can draw the colour there at all, and
`share_halved` is how many strokes at least halved the error; `change_outside` is the mean absolute change elsewhere.
All are in 0..1; log priors are in nats per number of the code; times are in ms, on the clock and, as `work`, those that
the core has worked for it: the same when other programs keep the machine busy. The last line is that of all strokes in
colours of the data.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

SATURATED = {"black": (0.0, 0.0, 0.0), "red": (0.9, 0.1, 0.1), "blue": (0.1, 0.3, 0.9), "yellow": (0.95, 0.85, 0.2)}
# From and to (across, down), and the brush's diameter, in shares of the picture's width.
STROKES = {
    "hair": ((0.38, 0.16), (0.62, 0.16), 0.16),
    "shirt": ((0.3, 0.93), (0.7, 0.93), 0.14),
    "background": ((0.08, 0.2), (0.08, 0.7), 0.16),
}
DRAWS = 2000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--run")
    parser.add_argument("--pictures", type=Path)
    arguments = parser.parse_args()

    from gendesk.engine.engine import Engine
    from gendesk.engine.threads import become_helper_thread, tune_allocator

    tune_allocator()
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(arguments.data_dir or Path(folder))
        try:
            run = arguments.run or train(engine, quick=arguments.quick)
            model, known = engine.load_model(run), engine.run_data(run).known
            assert known is not None
            examples = np.array(known.train.images[:DRAWS])
        finally:
            engine.close()
    become_helper_thread()
    rows = paint_all(model, examples, 12 if arguments.quick else 100)
    if arguments.pictures:
        save(rows[:48], arguments.pictures)
    for colors in ("saturated", "of the data"):
        for name in (*STROKES, None):
            chosen = [row for row in rows if row["colors"] == colors and name in (None, row["stroke"])]
            print(json.dumps({"colors": colors, "strokes": name or "all", **summary(chosen)}))


def train(engine: Any, *, quick: bool) -> str:
    """Train a run, with `quick` a short one, and return its id."""
    length = {"steps": 60} if quick else {}
    job = engine.start(engine.config("vae-faces", "quick", **length))
    job.join()
    return str(job.run.id)


def paint_all(model: Any, examples: Any, count: int) -> list[dict[str, Any]]:
    """Paint two strokes from each of so many codes; `examples` uint8 (n, height, width, 3) are pictures of the data."""
    import torch

    from gendesk.engine.inference import decode
    from gendesk.engine.latent.painting import Prior, find_prior
    from gendesk.engine.latent.survey import draw_codes

    size = model.latent_size
    prior = find_prior(model, Prior(np.zeros(size, np.float32), np.ones(size, np.float32)))
    codes = draw_codes(model, count, 1)
    with torch.inference_mode():
        pictures, drawn = decode(model, codes), decode(model, draw_codes(model, DRAWS, 2))
    strokes = [Stroke(name, examples, drawn) for name in STROKES]
    black, random = SATURATED["black"], np.random.default_rng(3)
    paint(model, codes[0], pictures[0], prior, strokes[0], black)  # the first use of a network is slower
    rows = []
    for n, (code, picture) in enumerate(zip(codes, pictures, strict=True)):
        stroke = strokes[n % len(strokes)]
        saturated = list(SATURATED.values())[n // len(strokes) % len(SATURATED)]
        for colors, color in (("of the data", stroke.color(picture, random)), ("saturated", saturated)):
            rows.append({"colors": colors, **paint(model, code, picture, prior, stroke, color)})
    return rows


class Stroke:
    """One of STROKES on pictures: its mask float32 (height, width), and the colours that are found under it."""

    def __init__(self, name: str, examples: Any, drawn: Any) -> None:
        from gendesk.widgets.latent_paint.brush import covered

        height, width = examples.shape[1:3]
        start, end, diameter = ((width * np.array(part)) for part in STROKES[name])
        self.name = name
        self.mask = covered(height, width, tuple(start), tuple(end), float(diameter))
        self._colors = np.array([self._median(picture) for picture in examples], np.float32)
        self._drawn = drawn[:, self.mask > 0.5].astype(np.float32) / 255

    def color(self, picture: Any, random: np.random.Generator) -> Any:
        """Return a colour of the data that differs from what a picture has there."""
        distances = np.abs(self._colors - self._median(picture)).mean(1)
        return self._colors[random.choice(np.nonzero(distances >= np.median(distances))[0])]

    def nearest(self, color: Any) -> float:
        """Return the least mean absolute error that a draw from the prior has in this colour."""
        return float(np.abs(self._drawn - np.array(color, np.float32)).mean((1, 2)).min())

    def _median(self, picture: Any) -> Any:
        return np.median(picture[self.mask > 0.5], 0) / 255


def paint(model: Any, code: Any, before: Any, prior: Any, stroke: Stroke, color: Any) -> dict[str, Any]:
    """Paint one stroke on the picture of a code, until it has settled."""
    import torch

    from gendesk.engine.latent.painting import Descent, Wish, descend, difference

    mask = stroke.mask
    kept = before.astype(np.float32) / 255
    target = np.broadcast_to(np.array(color, np.float32), kept.shape).copy()
    descent = Descent(code, None, prior, Wish(mask, target, kept))
    began, busy, times, work = time.perf_counter(), time.thread_time(), [], []
    while True:
        with torch.inference_mode():
            moved = descend(model, descent)
        times.append((time.perf_counter() - began) * 1000)
        work.append((time.thread_time() - busy) * 1000)
        if moved.settled:
            break
        descent = moved.descent
    return {
        "stroke": stroke.name,
        "error_before": difference(kept, target, mask),
        "error_nearest": stroke.nearest(color),
        "error_after": moved.off_inside,
        "change_outside": moved.off_outside,
        "log_prior_before": float(prior.log_density(code[None])[0]),
        "log_prior_after": moved.log_density,
        "first": times[0],
        "settled": times[-1],
        "first_work": work[0],
        "settled_work": work[-1],
        "pictures": (before, mask, target, moved.picture),
    }


def summary(rows: list[dict[str, Any]]) -> dict[str, float]:
    means = {
        name: float(np.mean([row[name] for row in rows]))
        for name in (
            "error_before",
            "error_after",
            "error_nearest",
            "change_outside",
            "log_prior_before",
            "log_prior_after",
        )
    }
    halved = float(np.mean([row["error_after"] <= row["error_before"] / 2 for row in rows]))
    times = {
        f"{name}_p{part}_ms": float(np.percentile([row[name] for row in rows], part))
        for name in ("first", "settled", "first_work", "settled_work")
        for part in (50, 95)
    }
    return {name: round(value, 3) for name, value in {**means, "share_halved": halved, **times}.items()}


def save(rows: list[dict[str, Any]], path: Path) -> None:
    """Write before, stroke and after for some of the strokes."""
    from PIL import Image

    def strip(row: dict[str, Any]) -> Any:
        before, mask, target, after = row["pictures"]
        shown = before + mask[..., None] * (target * 255 - before)
        return np.concatenate([before, np.rint(shown).astype(np.uint8), after], axis=1)

    strips = [strip(row) for row in rows]
    sheet = np.concatenate([np.concatenate(strips[at : at + 4], axis=1) for at in range(0, len(strips) // 4 * 4, 4)])
    Image.fromarray(sheet).resize((sheet.shape[1] * 2, sheet.shape[0] * 2), Image.Resampling.NEAREST).save(path)


if __name__ == "__main__":
    main()
