"""Files from strangers: whatever they hold, they cost little, reach nothing outside, and give one sentence at most."""

import io
import os
import struct
import sys
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gendesk.data.library import DataLibrary
from gendesk.data.options import ImageOptions
from gendesk.errors import InputError
from tests.data.pictures import noise, save_pngs, tar_bytes

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no FIFOs, and links need a privilege there")


def _png(seed: int = 0) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(noise(1, seed=seed)[0, ..., 0]).save(buffer, "PNG")
    return buffer.getvalue()


def _bomb_png(width: int, height: int) -> bytes:
    """Return a small PNG that claims to be huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")


def _zip(path: Path, members: dict[str, bytes], good: int = 4) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(good):
            archive.writestr(f"good{number}.png", _png(number))
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def _reasons(library: DataLibrary, path: Path) -> dict[str, str]:
    """Open four good pictures among others and return why the others were skipped."""
    dataset = library.open(str(path))
    assert len(dataset.train) + len(dataset.test) == 4
    return {skip.path: skip.reason for skip in dataset.skipped}


def test_names_that_lead_out_of_an_archive_write_nothing(library: DataLibrary, tmp_path: Path) -> None:
    names = ["../../out.png", "/abs.png", "..\\..\\back.png", "C:\\windows\\c.png"]
    path = _zip(tmp_path / "slip.zip", {name: _png() for name in names}, good=0)
    before = set(tmp_path.parent.rglob("*.png"))
    dataset = library.open(str(path))
    assert len(dataset.train) + len(dataset.test) == 4
    assert set(tmp_path.parent.rglob("*.png")) == before
    assert not list(library.folder.rglob("*.png"))


@pytest.mark.parametrize("size", [(9_000, 9_000), (12_000, 12_000), (60_000, 60_000)])
def test_pictures_of_too_many_pixels_are_skipped(library: DataLibrary, tmp_path: Path, size: tuple[int, int]) -> None:
    folder = save_pngs(tmp_path / "own", noise(4))
    (folder / "bomb.png").write_bytes(_bomb_png(*size))
    assert _reasons(library, folder) == {"bomb.png": "has more than 64,000,000 pixels"}


def test_members_that_explode_are_skipped(library: DataLibrary, tmp_path: Path) -> None:
    path = _zip(tmp_path / "own.zip", {"tight.png": bytes(8 << 20), "large.png": os.urandom(1024) * (65 << 10)})
    assert _reasons(library, path) == {
        "large.png": "is larger than 64 MiB",
        "tight.png": "is packed suspiciously tightly, as only a trap would be",
    }


def test_files_that_are_too_large_are_skipped(library: DataLibrary, tmp_path: Path) -> None:
    folder = save_pngs(tmp_path / "own", noise(4))
    with (folder / "sparse.png").open("wb") as file:
        file.truncate(1 << 40)
    assert _reasons(library, folder) == {"sparse.png": "is larger than 64 MiB"}


def test_a_member_with_a_false_size_or_checksum_is_skipped(library: DataLibrary, tmp_path: Path) -> None:
    path = _zip(tmp_path / "own.zip", {"short.png": _png(), "wrong.png": _png()})
    data = bytearray(path.read_bytes())
    for name, place, value in ((b"short.png", 24, 10), (b"wrong.png", 16, 0)):
        # The last mention of a name is in the directory at the end, 46 bytes behind the start of its entry.
        start = data.rindex(name) - 46
        data[start + place : start + place + 4] = value.to_bytes(4, "little")
    path.write_bytes(data)
    assert _reasons(library, path) == dict.fromkeys(("short.png", "wrong.png"), "is damaged in the archive")


def test_encrypted_members_are_skipped(library: DataLibrary, tmp_path: Path) -> None:
    path = _zip(tmp_path / "own.zip", {"secret.png": _png()})
    data = bytearray(path.read_bytes())
    data[data.rindex(b"secret.png") - 46 + 8] |= 1
    path.write_bytes(data)
    assert _reasons(library, path) == {"secret.png": "is encrypted"}


@posix
def test_links_in_an_archive_are_not_followed(library: DataLibrary, tmp_path: Path) -> None:
    target = save_pngs(tmp_path / "else", noise(1)) / "000.png"
    path = _zip(tmp_path / "own.zip", {})
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("link.png")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, str(target))
    assert _reasons(library, path) == {"link.png": "is not a picture that can be read"}


@posix
def test_links_that_lead_out_of_a_folder_are_skipped(library: DataLibrary, tmp_path: Path) -> None:
    elsewhere = save_pngs(tmp_path / "else", noise(2, seed=7))
    folder = save_pngs(tmp_path / "own", noise(3))
    (folder / "inside.png").symlink_to(folder / "000.png")
    (folder / "outside.png").symlink_to(elsewhere / "000.png")
    (folder / "nowhere.png").symlink_to(tmp_path / "missing")
    (folder / "round.png").symlink_to(folder / "round.png")
    (folder / "all").symlink_to(elsewhere)
    (folder / "again").symlink_to(folder)
    reasons = _reasons(library, folder)
    assert reasons.keys() == {"outside.png", "nowhere.png", "round.png", "all", "again"}
    assert reasons["outside.png"] == "is a link that leads out of the folder"


@posix
def test_a_folder_may_itself_be_reached_by_a_link(library: DataLibrary, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(save_pngs(tmp_path / "own", noise(4)))
    assert _reasons(library, tmp_path / "link") == {}


@posix
def test_pipes_are_not_read(library: DataLibrary, tmp_path: Path) -> None:
    folder = save_pngs(tmp_path / "own", noise(4))
    os.mkfifo(folder / "pipe.png")
    assert _reasons(library, folder) == {"pipe.png": "is not an ordinary file"}
    for name in ("pipe.zip", "pipe.npy", "pipe.npz", "pipe.bin", "pipe.ndjson", "pipe.tar.gz", "pipe.png", "pipe"):
        os.mkfifo(tmp_path / name)
        with pytest.raises(InputError, match="ordinary file"):
            library.open(str(tmp_path / name))


@posix
def test_names_that_are_no_text_are_shown_and_kept(library: DataLibrary, tmp_path: Path) -> None:
    folder = save_pngs(tmp_path / "own", noise(4))
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.png")).write_bytes(b"x")
    except OSError:
        pytest.skip("This file system only takes names that are text.")
    assert list(_reasons(library, folder)) == ["??.png"]


@pytest.mark.parametrize("name", ["own.zip", "own.npz"])
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "damaged or not complete"),
        (b"PK\x03\x04 and no more", "damaged or not complete"),
        (b"\n<!DOCTYPE html><title>Quota exceeded</title>", "web page; download the file again"),
    ],
)
def test_archives_that_are_none_are_one_sentence(
    library: DataLibrary, tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=rf"^{name} cannot be read: .*{said}.*\.$"):
        library.open(str(tmp_path / name))


def test_an_archive_cut_short_is_one_sentence(library: DataLibrary, tmp_path: Path) -> None:
    path = _zip(tmp_path / "own.zip", {})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match=r"^own\.zip cannot be read"):
        library.open(str(path))


def test_an_archive_without_pictures_is_one_sentence(library: DataLibrary, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no usable pictures in own\.zip"):
        library.open(str(_zip(tmp_path / "own.zip", {"readme.txt": b"hello", "__MACOSX/._a.png": b"x"}, good=0)))


def test_damage_anywhere_in_a_picture_is_survived(library: DataLibrary, tmp_path: Path) -> None:
    folder = save_pngs(tmp_path / "own", noise(4))
    rng = np.random.default_rng(5)
    picture = Image.fromarray(noise(1, 24, 24, 3)[0])
    for number in range(120):
        buffer = io.BytesIO()
        picture.save(buffer, ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF")[number % 6])
        data = bytearray(buffer.getvalue())
        for place in rng.integers(0, len(data), size=6):
            data[place] = rng.integers(256)
        (folder / f"bad{number}.png").write_bytes(data)
    dataset = library.open(str(folder))
    assert len(dataset.train) + len(dataset.test) + len(dataset.skipped) == 124


@posix
@pytest.mark.parametrize("name", ["a.npy", "a.bin", "a.ndjson", "data_batch_1.bin", "train-images-idx3-ubyte"])
@pytest.mark.parametrize("kind", ["pipe", "endless", "outside", "round"])
def test_folders_whose_files_are_none_are_one_sentence(
    library: DataLibrary, tmp_path: Path, name: str, kind: str
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    if kind == "pipe":
        os.mkfifo(folder / name)
    elif kind == "round":
        (folder / name).symlink_to(folder / name)
    else:
        (tmp_path / "else").write_bytes(b"a secret")
        (folder / name).symlink_to("/dev/zero" if kind == "endless" else tmp_path / "else")
    with pytest.raises(InputError, match=r"^[^\n]*\.$"):
        library.open(str(folder))


@posix
@pytest.mark.parametrize("name", ["/dev/zero", "/dev/null", "zero.npy", "zero.zip", "zero.bin", "zero.tar.gz"])
def test_devices_are_not_read(library: DataLibrary, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if not path.exists():
        path.symlink_to("/dev/zero")
    with pytest.raises(InputError, match="is neither a folder nor an ordinary file"):
        library.open(str(path))


def test_pictures_of_one_pixel_are_scaled_up(library: DataLibrary, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    for number in range(6):
        Image.new("L", (1, 1), 40 * number).save(folder / f"{number}.png")
    dataset = library.open(str(folder))
    assert dataset.info.item_shape == (1, 64, 64)
    assert all(len(np.unique(image)) == 1 for image in dataset.train.images)


@pytest.mark.parametrize("size", [(1, 100), (100, 1), (3, 3)])
def test_slivers_are_no_obstacle(library: DataLibrary, tmp_path: Path, size: tuple[int, int]) -> None:
    folder = save_pngs(tmp_path / "own", noise(6, *size))
    for crop in ("centre", "pad", "stretch"):
        assert library.open(str(folder), ImageOptions(crop=crop)).info.item_shape == (1, 64, 64)


@pytest.mark.parametrize("name", ["sparse.npy", "sparse.bin", "sparse.ndjson", "sparse.tar.gz", "sparse.idx"])
def test_files_of_a_terabyte_of_nothing_are_one_sentence(library: DataLibrary, tmp_path: Path, name: str) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(InputError, match=r"^sparse\b[^\n]*\.$"):
        library.open(str(tmp_path / name))


def test_a_tar_bomb_is_not_unpacked(library: DataLibrary, tmp_path: Path) -> None:
    (tmp_path / "bomb.tar.gz").write_bytes(tar_bytes({"data_batch_1.bin": bytes(3073 * 30_000)}))
    with pytest.raises(InputError, match="which no real data does"):
        library.open(str(tmp_path / "bomb.tar.gz"))
    assert list(library.folder.iterdir()) == []
