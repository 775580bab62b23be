"""Downloads from a server with bad habits: only the right file is kept, and a failure is one sentence."""

import gzip
import hashlib
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gendesk.data.download import MIRROR_VARIABLE, fetch
from gendesk.data.progress import Cancelled, Progress
from gendesk.data.published import PublishedFile, PublishedSet
from gendesk.data.transfer import Patience
from gendesk.errors import InputError
from tests.support.data_server import DataServer, Served

HASTY = Patience(tries=2, pause=0.02, timeout=5.0)
DATA = gzip.compress(bytes(range(256)) * 10 + os.urandom(300_000), 1)
NAME = "pictures.gz"
PLACE = f"first/{NAME}"
HTML = b"<!DOCTYPE html><title>Log in to the network</title>"


def _published(*mirrors: str, data: bytes = DATA, name: str = NAME, known: bool = True) -> PublishedSet:
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    file = PublishedFile(name, len(data), md5) if known else PublishedFile(name)
    return PublishedSet("set", "A set", "set", (file,), mirrors, "https://example.org/set")


def _fetch(server: DataServer, root: Path, *places: str, known: bool = True, progress: Progress | None = None) -> bytes:
    """Fetch from the folders `places` of a server, in this order; returns what was kept."""
    mirrors = [f"{server.address}{place}/" for place in places or ("first",)]
    (path,) = fetch(_published(*mirrors, known=known), root, progress or Progress(), HASTY)
    assert path == root / "set" / NAME
    return path.read_bytes()


def _left(root: Path) -> set[str]:
    return {path.name for path in (root / "set").iterdir()} - {".lock"}


@pytest.mark.parametrize("known", [True, False])
def test_a_file_is_fetched_once_and_kept(server: DataServer, tmp_path: Path, known: bool) -> None:
    server.files[PLACE] = Served(DATA)
    assert _fetch(server, tmp_path, known=known) == DATA
    assert _fetch(server, tmp_path, known=known) == DATA
    assert server.asked == [(PLACE, "")]
    assert _left(tmp_path) == {NAME}


def test_progress_tells_amount_and_rate(server: DataServer, tmp_path: Path) -> None:
    server.files[PLACE] = Served(DATA)
    told: list[tuple[float, str]] = []
    _fetch(server, tmp_path, progress=Progress(lambda *news: told.append(news)))
    assert all(0 <= fraction <= 1 for fraction, _ in told)
    assert told[0][1].startswith("Downloading A set: 0.0 of 0.3 MB, ")
    assert told[0][1].endswith(" MB/s")


def test_a_size_that_nobody_tells_is_no_obstacle(server: DataServer, tmp_path: Path) -> None:
    server.files[PLACE] = Served(DATA, length=False)
    assert _fetch(server, tmp_path, known=False) == DATA


def test_a_cut_connection_is_resumed_where_it_broke(server: DataServer, tmp_path: Path) -> None:
    server.files[PLACE] = Served(DATA, cuts=[100_000])
    assert _fetch(server, tmp_path) == DATA
    (_, first), (_, second) = server.asked
    assert (first, second) == ("", "bytes=100000-")
    assert server.sent == len(DATA)


def test_a_connection_that_is_cut_again_and_again_is_followed_while_it_gets_on(
    server: DataServer, tmp_path: Path
) -> None:
    server.files[PLACE] = Served(DATA, cuts=[70_000] * 4)
    assert _fetch(server, tmp_path) == DATA
    assert len(server.asked) == 5
    assert server.sent == len(DATA)


def test_a_connection_without_progress_is_given_up(server: DataServer, tmp_path: Path) -> None:
    server.files[PLACE] = Served(DATA, cuts=[5_000] * 10)
    with pytest.raises(InputError, match=rf"{NAME} of A set cannot be downloaded: 127\.0\.0\.1:\d+ broke off"):
        _fetch(server, tmp_path)
    assert len(server.asked) == HASTY.tries


def test_the_next_session_goes_on_with_what_a_killed_one_left(server: DataServer, tmp_path: Path) -> None:
    server.files[PLACE] = Served(DATA, cuts=[100_000, 0])
    with pytest.raises(InputError):
        _fetch(server, tmp_path)
    assert (tmp_path / "set" / f"{NAME}.part").stat().st_size == 100_000
    (tmp_path / "set" / "tmpabcdefgh").write_bytes(b"left by a kill in the last moment")
    assert _fetch(server, tmp_path) == DATA
    assert server.asked[-1] == (PLACE, "bytes=100000-")
    assert _left(tmp_path) == {NAME}


@pytest.mark.parametrize("etag", ['"second"', ""])
def test_a_file_that_changed_meanwhile_starts_afresh(server: DataServer, tmp_path: Path, etag: str) -> None:
    server.files[PLACE] = Served(os.urandom(10) + DATA[10:], etag=etag and '"first"', cuts=[100_000, 0])
    server.files[PLACE].data = b"\x1f\x8b" + server.files[PLACE].data[2:]
    with pytest.raises(InputError):
        _fetch(server, tmp_path)
    server.files[PLACE] = Served(DATA, etag=etag)
    assert _fetch(server, tmp_path) == DATA


def test_a_server_that_ignores_ranges_is_asked_for_all(server: DataServer, tmp_path: Path) -> None:
    server.files[PLACE] = Served(DATA, ranges=False, cuts=[100_000])
    assert _fetch(server, tmp_path) == DATA
    assert server.sent == len(DATA) + 100_000


def test_a_wrong_hash_is_never_kept(server: DataServer, tmp_path: Path) -> None:
    server.files[PLACE] = Served(DATA[:-1] + b"x")
    with pytest.raises(InputError, match=r"other data than are published \(the MD5 differs\)"):
        _fetch(server, tmp_path)
    assert _left(tmp_path) == set()


@pytest.mark.parametrize(
    ("served", "said"),
    [
        (None, "answered 404 Not Found"),
        (Served(HTML, content_type="text/html; charset=utf-8"), "sent a web page instead of the file"),
        (Served(b"\n " + HTML), "offers a file of 53 bytes"),
        (Served(DATA + b"x"), "offers a file of"),
        (Served(b"x" + DATA[1:]), "sent something that is no gzip file"),
        (Served(DATA + b"x", length=False), "instead of"),
        (Served(DATA[:-1], length=False), "instead of"),
        (Served(b"", status=503), "answered 503 Service Unavailable"),
    ],
)
def test_what_came_instead_is_told_and_the_mirror_gives_the_file(
    server: DataServer, tmp_path: Path, served: Served | None, said: str
) -> None:
    if served is not None:
        server.files[PLACE] = served
    with pytest.raises(InputError, match=said) as caught:
        _fetch(server, tmp_path)
    sentence = str(caught.value)
    for part in (NAME, "A set", "https://example.org/set", str(tmp_path / "set"), "gendesk train --data PATH"):
        assert part in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    server.files[f"second/{NAME}"] = Served(DATA)
    assert _fetch(server, tmp_path, "first", "second") == DATA


@pytest.mark.parametrize("served", [Served(HTML), Served(b""), Served(HTML, content_type="text/html")])
def test_web_pages_are_known_also_where_no_hash_is_published(
    server: DataServer, tmp_path: Path, served: Served
) -> None:
    server.files[PLACE] = served
    with pytest.raises(InputError, match=r"web page instead of the file|sent 0 bytes"):
        _fetch(server, tmp_path, known=False)
    assert NAME not in _left(tmp_path)


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(InputError, match=r"127\.0\.0\.1:9 cannot be reached; check the network"):
        fetch(_published("http://127.0.0.1:9/"), tmp_path, Progress(), HASTY)


def test_a_silent_server_is_given_up(server: DataServer, tmp_path: Path) -> None:
    server.files[PLACE] = Served(DATA, stalls_after=0)
    with pytest.raises(InputError, match="did not answer in time"):
        fetch(_published(f"{server.address}first/"), tmp_path, Progress(), Patience(tries=1, pause=0, timeout=0.3))


@pytest.mark.parametrize("stalls_after", [0, 50_000])
def test_a_slow_download_can_be_cancelled_and_goes_on_later(
    server: DataServer, tmp_path: Path, stalls_after: int
) -> None:
    server.files[PLACE] = Served(DATA, stalls_after=stalls_after)
    wish = threading.Event()
    told: list[float] = []

    def report(fraction: float, sentence: str) -> None:
        told.append(fraction)
        if server.sent >= stalls_after and len(told) > 1:
            wish.set()

    start = time.monotonic()
    with pytest.raises(Cancelled):
        _fetch(server, tmp_path, progress=Progress(report, wish.is_set))
    assert time.monotonic() - start < 3
    server.files[PLACE].stalls_after = None
    assert _fetch(server, tmp_path) == DATA


def test_a_mirror_of_ones_own_is_asked_first(
    server: DataServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MIRROR_VARIABLE, f"{server.address}school")
    server.files[f"school/set/{NAME}"] = Served(DATA)
    assert _fetch(server, tmp_path) == DATA
    assert [path for path, _ in server.asked] == [f"school/set/{NAME}"]


def test_a_file_put_in_place_by_hand_is_used_if_it_is_the_right_one(server: DataServer, tmp_path: Path) -> None:
    place = tmp_path / "set" / NAME
    place.parent.mkdir()
    place.write_bytes(DATA)
    assert _fetch(server, tmp_path) == DATA
    assert server.asked == []
    place.write_bytes(DATA[:-1])
    with pytest.raises(InputError, match=rf"the {NAME} that is there now is another one"):
        _fetch(server, tmp_path)
    assert place.read_bytes() == DATA[:-1]
    server.files[PLACE] = Served(DATA)
    assert _fetch(server, tmp_path) == DATA


def test_several_ask_at_once_and_one_downloads(server: DataServer, tmp_path: Path) -> None:
    server.files[PLACE] = Served(DATA)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: _fetch(server, tmp_path), range(4))) == [DATA] * 4
    assert len(server.asked) == 1


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is read-only to root, or on Windows")
def test_a_folder_that_cannot_be_written_is_one_sentence(server: DataServer, tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set").chmod(0o500)
    try:
        with pytest.raises(InputError, match=r"A set cannot be stored in .*: Permission denied\.$"):
            _fetch(server, tmp_path)
    finally:
        (tmp_path / "set").chmod(0o700)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_full_disk_is_one_sentence_and_the_download_goes_on_later(server: DataServer, tmp_path: Path) -> None:
    import resource

    server.files[PLACE] = Served(DATA)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, hard))
    try:
        with pytest.raises(InputError, match=r"A set cannot be stored in .*: File too large\.$"):
            _fetch(server, tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert _fetch(server, tmp_path) == DATA
    assert server.asked[-1] == (PLACE, f"bytes={1 << 16}-")


def test_a_file_in_the_way_of_the_folder_is_one_sentence(server: DataServer, tmp_path: Path) -> None:
    (tmp_path / "set").write_text("in the way")
    with pytest.raises(InputError, match=r"A set cannot be stored in .*\.$"):
        _fetch(server, tmp_path)
