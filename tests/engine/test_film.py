"""Films: what the encoder is given, what is left when it fails, and a real file where there is a real encoder."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gendesk.engine.film import can_make_films, find_encoder, write_mp4
from gendesk.errors import InputError

posix = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for the encoder is a script")

KEEPS = """
Path(sys.argv[-1]).write_bytes(" ".join(sys.argv[1:-1]).encode() + b"|" + sys.stdin.buffer.read())
"""
COMPLAINS = """
sys.stdin.buffer.read()
print("first line", file=sys.stderr)
sys.exit("Unknown encoder 'x'.")
"""


def frames(count: int = 5, height: int = 6, width: int = 8, channels: int = 3) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (count, height, width, channels), dtype=np.uint8)


def encoder(folder: Path, body: str) -> str:
    """Write a program that stands in for ffmpeg."""
    program = folder / "encoder"
    program.write_text(f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\n{body}")
    program.chmod(0o755)
    return str(program)


@posix
def test_the_encoder_gets_raw_frames_and_makes_the_file(tmp_path: Path) -> None:
    given = frames()
    (tmp_path / "out").mkdir()
    write_mp4(tmp_path / "out" / "film.mp4", given, 10, encoder(tmp_path, KEEPS))
    arguments, _, raw = (tmp_path / "out" / "film.mp4").read_bytes().partition(b"|")
    assert b"-s 8x6 -r 10" in arguments and b"yuv420p" in arguments
    assert raw == given.tobytes()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["film.mp4"]


@posix
def test_odd_sides_are_made_even_and_grey_is_made_colour(tmp_path: Path) -> None:
    given = frames(2, 5, 7, 1)
    write_mp4(tmp_path / "film.mp4", given, 10, encoder(tmp_path, KEEPS))
    arguments, _, raw = (tmp_path / "film.mp4").read_bytes().partition(b"|")
    assert b"-s 8x6" in arguments
    sent = np.frombuffer(raw, np.uint8).reshape(2, 6, 8, 3)
    assert np.array_equal(sent[:, :5, :7], given.repeat(3, axis=3))
    assert np.array_equal(sent[:, 5], sent[:, 4]) and np.array_equal(sent[:, :, 7], sent[:, :, 6])


@posix
@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (COMPLAINS, "The encoder ffmpeg could not make the film: Unknown encoder 'x'."),
        ("sys.exit(3)", "The encoder ffmpeg could not make the film: it gave no reason."),
        ("sys.stdin.buffer.read()", "The encoder ffmpeg could not make the film: it gave no reason."),
    ],
)
def test_a_failing_encoder_is_one_sentence_and_leaves_no_file(tmp_path: Path, body: str, sentence: str) -> None:
    program = encoder(tmp_path, body)
    with pytest.raises(InputError, match=re.escape(sentence)):
        write_mp4(tmp_path / "film.mp4", frames(40, 200, 200), 10, program)
    assert [path.name for path in tmp_path.iterdir()] == ["encoder"]


@posix
def test_a_cancelled_film_ends_the_encoder_and_leaves_an_older_file(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("older")

    def cancelled() -> Iterator[np.ndarray]:
        yield from frames(2)
        raise KeyError("cancelled")

    with pytest.raises(KeyError):
        write_mp4(tmp_path / "film.mp4", cancelled(), 10, encoder(tmp_path, KEEPS))
    assert (tmp_path / "film.mp4").read_text() == "older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["encoder", "film.mp4"]


def test_no_frames_and_no_encoder_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no pictures to save"):
        write_mp4(tmp_path / "film.mp4", [], 10, "nothing")
    with pytest.raises(InputError, match="cannot be started"):
        write_mp4(tmp_path / "film.mp4", frames(), 10, str(tmp_path / "missing"))


def test_without_an_encoder_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if can_make_films():
        pytest.skip("the package imageio-ffmpeg brings an encoder")
    with pytest.raises(InputError, match="need the program ffmpeg"):
        find_encoder()


@pytest.mark.skipif(not can_make_films(), reason="there is no encoder")
def test_a_real_film_holds_its_frames(tmp_path: Path) -> None:
    shades = np.array([20, 120, 220], np.uint8).reshape(3, 1, 1, 1).repeat(33, 1).repeat(47, 2)
    write_mp4(tmp_path / "film.mp4", shades, 5)
    command = [find_encoder(), "-v", "error", "-i", str(tmp_path / "film.mp4"), "-f", "rawvideo", "-pix_fmt", "rgb24"]
    raw = subprocess.run([*command, "-"], capture_output=True, check=True).stdout
    shown = np.frombuffer(raw, np.uint8).reshape(3, 34, 48, 3)
    assert np.abs(shown.mean((1, 2, 3)) - [20, 120, 220]).max() < 4
