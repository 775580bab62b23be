"""CIFAR-10's binary version: the archive, its folder and single batches; and archives that are a trap."""

import gzip
import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from gendesk.data.library import DataLibrary
from gendesk.data.options import ImageOptions
from gendesk.errors import InputError
from tests.data.pictures import cifar_batch, cifar_files, tar_bytes

ARCHIVE = "cifar-10-binary.tar.gz"


def _save(folder: Path, members: dict[str, bytes]) -> Path:
    for name, data in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_the_archive_gives_both_parts_and_the_names(library: DataLibrary, tmp_path: Path) -> None:
    (tmp_path / ARCHIVE).write_bytes(tar_bytes(cifar_files()))
    dataset = library.open(str(tmp_path / ARCHIVE))
    assert dataset.info.item_shape == (3, 32, 32)
    assert (len(dataset.train), len(dataset.test)) == (30, 4)
    assert dataset.info.classes[:3] == ("airplane", "automobile", "bird")
    expected = {}
    for number in range(1, 6):
        for record in np.frombuffer(cifar_batch(6, number), np.uint8).reshape(-1, 3073):
            expected[np.moveaxis(record[1:].reshape(3, 32, 32), 0, 2).tobytes()] = record[0]
    pairs = zip(dataset.train.images, dataset.train.labels, strict=True)
    assert {image.tobytes(): label for image, label in pairs} == expected


@pytest.mark.parametrize("inside", ["", "cifar-10-batches-bin"])
def test_the_unpacked_folder_gives_the_same(library: DataLibrary, tmp_path: Path, inside: str) -> None:
    (tmp_path / ARCHIVE).write_bytes(tar_bytes(cifar_files()))
    folder = _save(tmp_path / "own", cifar_files())
    expected = library.open(str(tmp_path / ARCHIVE))
    dataset = library.open(str(folder / inside))
    assert dataset.info.fingerprint == expected.info.fingerprint
    assert dataset.info.classes == expected.info.classes


def test_an_archive_that_is_not_zipped_is_read(library: DataLibrary, tmp_path: Path) -> None:
    (tmp_path / "cifar.tar").write_bytes(tar_bytes(cifar_files(), gz=False))
    assert len(library.open(str(tmp_path / "cifar.tar")).train) == 30


@pytest.mark.parametrize("name", ["data_batch_3.bin", "test_batch.bin", "some of them.bin"])
def test_a_single_batch_is_read_for_itself(library: DataLibrary, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(cifar_batch(20))
    dataset = library.open(str(tmp_path / name), ImageOptions(test_share=0.2))
    assert (len(dataset.train), len(dataset.test)) == (16, 4)
    assert dataset.info.classes[3] == "cat"


def test_a_changed_batch_is_noticed(library: DataLibrary, tmp_path: Path) -> None:
    folder = _save(tmp_path / "own", cifar_files())
    before = library.open(str(folder)).info.fingerprint
    (folder / "cifar-10-batches-bin" / "data_batch_1.bin").write_bytes(cifar_batch(7, 77))
    assert library.open(str(folder)).info.fingerprint != before


def _tar_member(name: str, kind: bytes, link: str = "") -> bytes:
    """Return an archive that holds the batches and one member of another kind."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, link
        archive.addfile(member)
        for good, data in cifar_files().items():
            member = tarfile.TarInfo(good)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return gzip.compress(buffer.getvalue(), 1)


@pytest.mark.parametrize(
    ("name", "kind", "link"),
    [
        ("data_batch_6.bin", tarfile.SYMTYPE, "/etc/passwd"),
        ("data_batch_6.bin", tarfile.LNKTYPE, "/etc/passwd"),
        ("data_batch_6.bin", tarfile.FIFOTYPE, ""),
        ("data_batch_6.bin", tarfile.CHRTYPE, ""),
        ("../../out.bin", tarfile.REGTYPE, ""),
        ("/tmp/out.bin", tarfile.REGTYPE, ""),
    ],
)
def test_links_devices_and_stray_names_do_nothing(
    library: DataLibrary, tmp_path: Path, name: str, kind: bytes, link: str
) -> None:
    (tmp_path / ARCHIVE).write_bytes(_tar_member(name, kind, link))
    before = set(tmp_path.parent.rglob("*.bin"))
    assert len(library.open(str(tmp_path / ARCHIVE)).train) == 30
    assert set(tmp_path.parent.rglob("*.bin")) == before


def test_names_that_lead_out_of_the_archive_are_only_names(library: DataLibrary, tmp_path: Path) -> None:
    members = {f"../../{name}": data for name, data in cifar_files().items()}
    (tmp_path / ARCHIVE).write_bytes(tar_bytes(members))
    before = set(tmp_path.parent.rglob("*"))
    assert len(library.open(str(tmp_path / ARCHIVE)).train) == 30
    added = {path for path in set(tmp_path.parent.rglob("*")) - before if library.folder not in [path, *path.parents]}
    assert added == set()


def _claim(size: int) -> bytes:
    member = tarfile.TarInfo("data_batch_1.bin")
    member.size = size
    return member.tobuf(tarfile.GNU_FORMAT)


PYTHON_VERSION = {"cifar-10-batches-py/data_batch_1": b"\x80\x02pickle", "cifar-10-batches-py/test_batch": b"\x80"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "holds nothing"),
        (gzip.compress(b"no tar at all, but long enough to be a header" * 20), "not a tar archive"),
        (gzip.compress(_claim(1 << 40)), "1,099,511,627,776 bytes"),
        (gzip.compress(_claim(3073 * 5)), "ends too early"),
        (gzip.compress(_claim(200 << 20) + bytes(1000)), "which no real data does"),
        (tar_bytes(cifar_files())[:-200], "damaged or not complete"),
        (tar_bytes(PYTHON_VERSION), "no data_batch_1.bin"),
        (tar_bytes({f"{number}.txt": b"" for number in range(1200)}), "more than 1,000 files"),
        (tar_bytes({"data_batch_1.bin": bytes(3072)}), "no multiple of the 3,073"),
        (tar_bytes({"data_batch_1.bin": b""}), "0 bytes long"),
        (tar_bytes({"data_batch_1.bin": b"\x63" + bytes(3072)}), "the label 99, but there are 10 classes"),
        (b"<html>not found</html>", "not a tar archive"),
    ],
)
def test_archives_that_are_none_or_a_trap_are_one_sentence(
    library: DataLibrary, tmp_path: Path, data: bytes, said: str
) -> None:
    (tmp_path / ARCHIVE).write_bytes(data)
    with pytest.raises(InputError, match=rf"^[^\n]*{said}[^\n]*\.$"):
        library.open(str(tmp_path / ARCHIVE))
    assert list(library.folder.iterdir()) == []
