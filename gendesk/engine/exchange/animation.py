"""How a preview changes over training, as an animated GIF: every saved step a frame, with its number below."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gendesk.data.dataset import UInt8Array
from gendesk.data.progress import Progress
from gendesk.engine.exchange.kinds import Exported
from gendesk.engine.runs import Run
from gendesk.engine.samples import sample_steps
from gendesk.errors import InputError, StoredDataError
from gendesk.gif import write_gif

_SIDE = 600  # small mosaics are enlarged towards this many pixels
_LARGEST_SIDE = 2000
_SHORTEST = 20  # ms; browsers slow down what is shorter
_LONGEST = 1000
_HELD = 2000
_LINE = 22
_DEFAULT_NAME = "samples"


def write_animation(run: Run, out: Path, name: str, seconds: float, progress: Progress) -> Exported:
    """Write the steps of the preview `name`, "" for the samples; raises InputError in one sentence.

    All frames but the last play in `seconds`, as far as 20 to 1000 ms a frame allow, and repeat for ever. One frame is
    in memory at a time.
    """
    if not 0 < seconds <= 3600:
        raise InputError(f"A GIF plays for up to 3,600 seconds (given: {seconds:g}).")
    name = name or _first_name(run)
    paths = _paths(run, name)
    milliseconds = round(min(max(seconds * 1000 / len(paths), _SHORTEST), _LONGEST))
    count, width, height = write_gif(out, _frames(run, name, paths, progress), milliseconds, last_milliseconds=_HELD)
    notes = (f"Left out, because they cannot be read: {len(paths) - count}.",) if count < len(paths) else ()
    facts = {"preview": name, "frames": count, "milliseconds": milliseconds, "width": width, "height": height}
    return Exported((out,), facts, notes)


def _first_name(run: Run) -> str:
    names = {path.stem for path in run.samples.glob("*/*.png")}
    return _DEFAULT_NAME if _DEFAULT_NAME in names or not names else min(names)


def _paths(run: Run, name: str) -> list[Path]:
    there = {path.stem for path in run.samples.glob("*/*.png")}
    if name not in there:
        known = f"; it has {', '.join(sorted(there))}" if there else ""
        raise InputError(f"The run {run.id} has no pictures named {name}{known}.")
    paths = (run.samples / f"{step:08d}" / f"{name}.png" for step in sample_steps(run.samples, name))
    return [path for path in paths if path.is_file()]


def _frames(run: Run, name: str, paths: list[Path], progress: Progress) -> Iterator[UInt8Array]:
    """Yield frames (height, width, 1 or 3); pictures that cannot be read are passed over."""
    readable = False
    for index, path in enumerate(paths):
        progress.update(index / len(paths), f"Drawing step {int(path.parent.name):,}")
        try:
            with Image.open(path, formats=["PNG"]) as picture:
                frame = np.asarray(_captioned(_scaled(picture), f"Step {int(path.parent.name):,}"))
        except Exception:  # noqa: BLE001 (Pillow raises almost anything over a damaged file)
            continue
        readable = True
        yield frame if frame.ndim == 3 else frame[..., None]
    if not readable:
        raise StoredDataError(f"None of the pictures of {name} in the run {run.id} can be read.")


def _scaled(picture: Image.Image) -> Image.Image:
    """Enlarge small pictures by a whole number, so that their pixels stay sharp, and shrink huge ones."""
    plain = picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    factor = max(1, round(_SIDE / max(plain.size)))
    if factor > 1:
        return plain.resize((plain.width * factor, plain.height * factor), Image.Resampling.NEAREST)
    if max(plain.size) > _LARGEST_SIDE:
        plain.thumbnail((_LARGEST_SIDE, _LARGEST_SIDE), Image.Resampling.BOX)
    return plain


def _captioned(picture: Image.Image, caption: str) -> Image.Image:
    """Add a dark line with white words below a picture."""
    framed = Image.new(picture.mode, (picture.width, picture.height + _LINE), 24 if picture.mode == "L" else (24,) * 3)
    framed.paste(picture)
    font = ImageFont.load_default(14)
    white = 235 if picture.mode == "L" else (235,) * 3
    ImageDraw.Draw(framed).text((8, picture.height + _LINE // 2), caption, white, font, anchor="lm")
    return framed
