"""Write contact sheets of the drawn portraits: python tests/gallery/portraits.py FOLDER."""

import sys
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gendesk.data import avatars, palette_portraits
from gendesk.data.options import DEFAULT_OPTIONS, ImageOptions
from gendesk.data.outfits import outfit_portraits
from gendesk.data.portrait_attributes import ACCESSORIES, CLOTHING_COLORS, CLOTHINGS, HAIR_COLORS, HAIR_STYLES, SKINS
from gendesk.data.portraits import Portrait, draw
from gendesk.data.progress import Progress


def save(path: Path, pictures: list[NDArray[np.uint8]], columns: int, scale: int = 1) -> None:
    """Write pictures of one size, so many in a row, each `scale` times as large, without smoothing."""
    side, rows = pictures[0].shape[0], -(-len(pictures) // columns)
    sheet = np.full((rows, side, columns, side, 3), 255, dtype=np.uint8)
    for number, picture in enumerate(pictures):
        sheet[number // columns, :, number % columns] = picture
    image = Image.fromarray(sheet.reshape(rows * side, columns * side, 3))
    image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST).save(path)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    base = Portrait()
    heads = [
        replace(base, hair_style=style, accessory=accessory, hair_color=HAIR_COLORS[number % 6])
        for number, (accessory, style) in enumerate(product(ACCESSORIES, HAIR_STYLES))
    ]
    clothes = [
        replace(base, clothing=clothing, clothing_color=color, hair_style=HAIR_STYLES[number % 7])
        for number, (clothing, color) in enumerate(product(CLOTHINGS, CLOTHING_COLORS))
    ]
    colors = [replace(base, hair_style=style, hair_color=color) for color, style in product(HAIR_COLORS, HAIR_STYLES)]
    faces = [
        replace(base, skin=skin, smile=number / 6, turn=number / 3 - 1, background=number % 5, hair_style=style)
        for skin, (number, style) in product(SKINS, enumerate(HAIR_STYLES))
    ]
    groups = {"heads": (heads, 7), "clothes": (clothes, 8), "hair_colors": (colors, 7), "faces": (faces, 7)}
    for name, (group, columns) in groups.items():
        for size, scale in ((128, 1), (64, 2), (32, 3)):
            save(folder / f"{name}_{size}.png", [draw(portrait, size) for portrait in group], columns, scale)
    outfits = outfit_portraits()
    save(folder / "outfits_64.png", [draw(portrait, 64) for portrait in outfits], 10, 2)
    for size, scale in ((128, 1), (64, 2), (32, 3)):
        people = avatars.make(ImageOptions(image_size=size), Progress())
        save(folder / f"avatars_{size}.png", [np.asarray(people.read(number)) for number in range(100)], 10, scale)
    small = palette_portraits.make(DEFAULT_OPTIONS, Progress())
    save(folder / "palette_portraits.png", [np.asarray(small.read(number)) for number in range(100)], 10, 3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
