"""Makes real files for the tests of the readers."""

import gzip
import struct
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image


def noise(count: int, height: int = 12, width: int = 12, channels: int = 1, seed: int = 0) -> np.ndarray:
    """Return uint8 pictures (count, height, width, channels)."""
    return np.random.default_rng(seed).integers(0, 256, size=(count, height, width, channels), dtype=np.uint8)


def save_pngs(folder: Path, images: np.ndarray) -> Path:
    """Write pictures 000.png, 001.png and so on into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, pixels in enumerate(images):
        Image.fromarray(pixels.squeeze()).save(folder / f"{number:03}.png")
    return folder


def zip_folder(folder: Path, archive: Path) -> Path:
    """Pack a folder, itself included, as file managers do."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(folder.rglob("*")):
            file.write(path, path.relative_to(folder.parent))
    return archive


def idx_bytes(values: np.ndarray) -> bytes:
    """Return an IDX file of unsigned bytes."""
    return struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape) + values.tobytes()


def save_idx(folder: Path, count: int = 12, test_count: int = 4, dot: bool = False, gz: bool = True) -> np.ndarray:
    """Write a set in the manner of MNIST; returns the training pictures (count, 7, 5), labelled 0, 1, 2, 0, 1 ..."""
    folder.mkdir(parents=True, exist_ok=True)
    images = noise(count, 7, 5)[..., 0]
    parts = {"train": images, "t10k": noise(test_count, 7, 5, seed=1)[..., 0]}
    for part, pictures in parts.items():
        labels = (np.arange(len(pictures)) % 3).astype(np.uint8)
        for what, values in (("images", pictures), ("labels", labels)):
            name = f"{part}-{what}{'.' if dot else '-'}idx{values.ndim}-ubyte"
            data = idx_bytes(values)
            (folder / (name + ".gz" * gz)).write_bytes(gzip.compress(data, 1) if gz else data)
    return images


def together(dataset_images: np.ndarray) -> set[bytes]:
    """Return pictures as a set, to compare without regard to their order."""
    return {np.ascontiguousarray(image).tobytes() for image in dataset_images}
