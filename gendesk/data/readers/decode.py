"""From a picture in any mode to uint8 pixels of one shape."""

import io
import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from gendesk.data.dataset import UInt8Array
from gendesk.data.readers.limits import MAX_PIXELS
from gendesk.data.readers.source import UnreadableError

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FIRST_TURNED = 5


@dataclass(frozen=True)
class Layout:
    """The shape that all pictures get.

    `crop` says how a picture gets these proportions, as in ImageOptions.
    `own_size`: the pictures are believed to have this size, and one that has not is a Surprise.
    `all_grey`: the pictures are believed to be grey, and one that is not is a Surprise.
    """

    height: int
    width: int
    channels: int
    crop: Literal["centre", "pad", "stretch"] = "centre"
    own_size: bool = False
    all_grey: bool = False


class Surprise(Exception):  # noqa: N818 - it is news, not an error
    """A picture does not bear out what was believed of all: either its size or its colours."""

    def __init__(self, *, size: bool = False, colour: bool = False) -> None:
        super().__init__()
        self.size = size
        self.colour = colour


def silence_pillow() -> None:
    """Keep Pillow's remarks on odd files off the console: such files are skipped or read, and told about, by us."""
    warnings.filterwarnings("ignore", module=r"PIL\.")


def open_picture(data: bytes) -> Image.Image:
    """Read the header of an encoded picture; raises UnreadableError."""
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise UnreadableError(f"has more than {MAX_PIXELS:,} pixels") from error
    except Exception as error:  # Pillow raises nearly anything on damaged files
        raise UnreadableError("is not a picture that can be read") from error
    if image.width * image.height > MAX_PIXELS:
        raise UnreadableError(f"has more than {MAX_PIXELS:,} pixels")
    return image


def fit(image: Image.Image, layout: Layout) -> UInt8Array:
    """Decode a picture to uint8 (height, width, channels); raises UnreadableError or Surprise."""
    try:
        plain = _decoded(image, layout)
    except Exception as error:  # as in open_picture
        raise UnreadableError("is damaged or of a kind that cannot be decoded") from error
    size = (layout.width, layout.height)
    if plain.size != size:
        if layout.own_size:
            raise Surprise(size=True)
        plain = _RESIZE[layout.crop](plain, size)
    if layout.channels == 3:
        return np.asarray(plain if plain.mode == "RGB" else plain.convert("RGB"))
    if plain.mode == "RGB" and layout.all_grey and not _is_grey(plain):
        raise Surprise(colour=True)
    return np.asarray(plain if plain.mode == "L" else plain.convert("L"))[..., np.newaxis]


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Return (width, height) of a picture as it is meant to be seen, without decoding it."""
    turned = _orientation(image) >= _FIRST_TURNED
    return (image.height, image.width) if turned else image.size


def _decoded(image: Image.Image, layout: Layout) -> Image.Image:
    if image.format is not None:  # it comes from a file
        if not layout.own_size:
            # JPEG can decode at a half, a quarter or an eighth; twice the wanted size leaves enough to smooth.
            image.draft(None, (2 * layout.width, 2 * layout.height))
        image = _upright(image)
    return _plain(image)


def _upright(image: Image.Image) -> Image.Image:
    turn = _TURNS.get(_orientation(image))
    return image if turn is None else image.transpose(turn)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF says nothing about the pixels
        return 1


def _plain(image: Image.Image) -> Image.Image:
    """Decode to mode L or RGB.

    Transparent pictures are laid on white, the page that drawings and icons with transparency are made for.
    """
    if image.mode.startswith("I") or image.mode == "F":
        return _eight_bits(image)
    if image.has_transparency_data:
        drawn = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", drawn.size, "white"), drawn).convert("RGB")
    if image.mode == "L":
        image.load()
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Scale integers from 16 bits, and floats from 0..1, or from 0..255 where any is above 1."""
    values = np.asarray(image)
    if image.mode == "F":
        if not np.isfinite(values).all():
            raise ValueError("not a number")
        scaled = values * 255.0 if values.max() <= 1.0 else values
        return Image.fromarray(np.clip(np.rint(scaled), 0, 255).astype(np.uint8))
    return Image.fromarray((np.clip(values, 0, 65535).astype(np.uint16) >> 8).astype(np.uint8))


def _cropped(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Scale the largest centred part with the wanted proportions, with antialiasing."""
    scale = min(image.width / size[0], image.height / size[1])
    width, height = size[0] * scale, size[1] * scale
    left, top = (image.width - width) / 2, (image.height - height) / 2
    box = (left, top, min(left + width, image.width), min(top + height, image.height))
    return image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)


def _padded(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Scale the whole picture into the middle of a white page."""
    scale = min(size[0] / image.width, size[1] / image.height)
    width, height = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    page = Image.new(image.mode, size, "white")
    page.paste(_stretched(image, (width, height)), ((size[0] - width) // 2, (size[1] - height) // 2))
    return page


def _stretched(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


_RESIZE = {"centre": _cropped, "pad": _padded, "stretch": _stretched}


def _is_grey(image: Image.Image) -> bool:
    pixels = np.asarray(image)
    return bool((pixels[..., :1] == pixels[..., 1:]).all())
