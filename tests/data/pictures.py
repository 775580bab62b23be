"""Makes real files for the tests of the readers."""

import gzip
import io
import json
import struct
import tarfile
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


def cifar_batch(count: int = 6, seed: int = 0, classes: int = 10) -> bytes:
    """Return a batch in the manner of CIFAR-10, labelled 0, 1, 2 ..."""
    pixels = np.random.default_rng(seed).integers(0, 256, (count, 3072), dtype=np.uint8)
    labels = (np.arange(count) % classes).astype(np.uint8)
    return np.concatenate([labels[:, np.newaxis], pixels], axis=1).tobytes()


CIFAR_NAMES = b"airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n"


def cifar_files(count: int = 6, test_count: int = 4) -> dict[str, bytes]:
    """Return small files of all the names that CIFAR-10 has, as in its archive."""
    batches = {f"data_batch_{number}.bin": cifar_batch(count, number) for number in range(1, 6)}
    files = batches | {"test_batch.bin": cifar_batch(test_count, 9), "batches.meta.txt": CIFAR_NAMES}
    return {f"cifar-10-batches-bin/{name}": data for name, data in files.items()}


def tar_bytes(members: dict[str, bytes], gz: bool = True) -> bytes:
    """Return a tar archive with these members."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return gzip.compress(buffer.getvalue(), 1) if gz else buffer.getvalue()


CROSS = [[(0, 0), (255, 255)], [(255, 0), (0, 255)]]
DOT = [[(128, 64)]]


def stroke_bytes(drawings: list[list[list[tuple[int, int]]]], recognised: list[bool] | None = None) -> bytes:
    """Return drawings (lists of strokes, lists of points) as a .bin file of Quick, Draw!"""
    parts = []
    for number, strokes in enumerate(drawings):
        known = recognised is None or recognised[number]
        parts.append(struct.pack("<Q2sBIH", 1000 + number, b"DE", known, 1_488_000_000, len(strokes)))
        for stroke in strokes:
            xs, ys = zip(*stroke, strict=True)
            parts.append(struct.pack("<H", len(stroke)) + bytes(xs) + bytes(ys))
    return b"".join(parts)


def stroke_lines(drawings: list[list[list[tuple[int, int]]]], recognised: list[bool] | None = None) -> bytes:
    """Return the same as simplified .ndjson."""
    lines = []
    for number, strokes in enumerate(drawings):
        known = recognised is None or recognised[number]
        axes = [[list(axis) for axis in zip(*stroke, strict=True)] for stroke in strokes]
        lines.append(json.dumps({"word": "cross", "recognized": known, "drawing": axes}))
    return ("\n".join(lines) + "\n").encode()
