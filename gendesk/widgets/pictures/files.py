"""Pictures as PNG files that hold facts about themselves."""

from collections.abc import Mapping
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from gendesk.errors import InputError
from gendesk.files import replacing
from gendesk.widgets.pictures.picture import UInt8Array


def write_png(path: Path, picture: UInt8Array, metadata: Mapping[str, str] | None = None) -> None:
    """Write a picture with text chunks; an older file is replaced at once or not at all. Raises InputError."""
    texts = PngInfo()
    for key, value in (metadata or {}).items():
        texts.add_text(key, value)
    image = Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture)
    try:
        with replacing(path) as part:
            image.save(part, format="PNG", pnginfo=texts)
    except OSError as error:
        raise InputError(f"Cannot write {path}: {error.strerror or error}.") from error
