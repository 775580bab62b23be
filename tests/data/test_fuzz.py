"""Any bytes in place of any file that can be read end in a data set or in one sentence."""

import gzip
import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from gendesk.data.library import DataLibrary
from gendesk.errors import InputError
from tests.data.pictures import CROSS, DOT, cifar_batch, idx_bytes, noise, stroke_bytes, stroke_lines, tar_bytes

Pack = Callable[[bytes], bytes]


def _plain(data: bytes) -> bytes:
    return data


def _zipped(data: bytes) -> bytes:
    return gzip.compress(data, 1)


def _saved(save: object, **arrays: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    if arrays:
        np.savez_compressed(buffer, **arrays)
    else:
        np.save(buffer, save)
    return buffer.getvalue()


def _picture(kind: str, seed: int = 0) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(noise(1, 12, 12, 3, seed)[0]).save(buffer, kind)
    return buffer.getvalue()


def _archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{'ab'[number % 2]}/{number}.png", _picture("PNG", number))
    return buffer.getvalue()


def _npz_of(data: bytes) -> bytes:
    """Put a damaged array into a whole archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", data)
    return buffer.getvalue()


ARRAY = noise(5, 4, 4)
TAR = tar_bytes({"data_batch_1.bin": cifar_batch(4), "test_batch.bin": cifar_batch(2)}, gz=False)
# What is damaged, and what is packed around the damage, so that it gets past the checksums.
WHOLE: dict[str, tuple[bytes, Pack]] = {
    "a.idx": (idx_bytes(ARRAY[..., 0]), _plain),
    "b.idx": (idx_bytes(ARRAY[..., 0]), _zipped),
    "train-labels-idx1-ubyte": (idx_bytes(np.arange(5, dtype=np.uint8)), _plain),
    "c.idx.gz": (gzip.compress(idx_bytes(ARRAY[..., 0])), _plain),
    "a.npy": (_saved(ARRAY), _plain),
    "f.npy": (_saved(ARRAY.astype(np.float32)), _plain),
    "flat.npy": (_saved(noise(5, 8, 8).reshape(5, 64)), _plain),
    "a.npz": (_saved(None, images=ARRAY, labels=np.arange(5)), _plain),
    "b.npz": (_saved(ARRAY), _npz_of),
    "a.zip": (_archive(), _plain),
    "a.tar": (TAR, _plain),
    "a.tar.gz": (TAR, _zipped),
    "data_batch_1.bin": (cifar_batch(4), _plain),
    "a.bin": (stroke_bytes([CROSS, DOT, CROSS, DOT]), _plain),
    "a.ndjson": (stroke_lines([CROSS, DOT, CROSS, DOT]), _plain),
}
PICTURES = {kind: _picture(kind) for kind in ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")}


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    data = bytearray(whole)
    # Mostly in the headers, where it hurts.
    places = st.one_of(st.integers(0, min(140, len(data) - 1)), st.integers(0, len(data) - 1))
    for place, value in draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=6)):
        data[place] = value
    cut = draw(st.one_of(st.none(), st.integers(0, len(data))))
    return bytes(data[:cut]) + draw(st.binary(max_size=3))


def _is_read_or_refused(path: Path, named: bool) -> None:
    with tempfile.TemporaryDirectory() as cache:
        try:
            dataset = DataLibrary(Path(cache)).open(str(path))
        except InputError as error:
            assert not named or path.name in str(error)
            assert "\n" not in str(error)
        else:
            assert len(dataset.train) >= 2
            assert len(dataset.test) >= 1


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", WHOLE)
def test_damaged_files_are_read_or_refused(name: str) -> None:
    whole, pack = WHOLE[name]

    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(damaged(whole))
    def try_out(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(pack(data))
            _is_read_or_refused(Path(folder) / name, named=not name.endswith(".bin"))

    try_out()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", PICTURES)
def test_damaged_pictures_among_good_ones_are_read_or_skipped(kind: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number in range(3):
            (Path(folder) / f"good{number}.png").write_bytes(_picture("PNG", number))

        @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(damaged(PICTURES[kind]))
        def try_out(data: bytes) -> None:
            (Path(folder) / "bad.png").write_bytes(data)
            with tempfile.TemporaryDirectory() as cache:
                dataset = DataLibrary(Path(cache)).open(folder)
            assert len(dataset.train) + len(dataset.test) + len(dataset.skipped) == 4

        try_out()


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([".bin", ".ndjson", ".npy", ".npz", ".zip", ".tar.gz", ".tgz", ".idx", ""]), st.binary())
def test_any_bytes_are_refused(suffix: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"any{suffix}"
        path.write_bytes(data)
        _is_read_or_refused(path, named=False)
