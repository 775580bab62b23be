"""Races as data: tracks by their seeds, told of by the check and by the command."""

import json
from pathlib import Path

import pytest

from gendesk.cli import run as run_command
from gendesk.data.check import check
from gendesk.data.dataset import RaceDataset, RaceInfo
from gendesk.data.library import DataLibrary
from gendesk.data.options import ImageOptions, RaceOptions
from gendesk.errors import InputError


@pytest.mark.parametrize("options", [RaceOptions(), ImageOptions()])
def test_the_check_tells_of_tracks_and_reads_nothing(tmp_path: Path, options: RaceOptions | ImageOptions) -> None:
    report = check(DataLibrary(tmp_path), "car-racing", options)
    assert isinstance(report.info, RaceInfo)
    assert report.found == report.info.train_count + report.info.test_count
    assert report.pictures.shape == (0, 64, 64, 3)
    assert (report.memory_bytes, report.skipped, report.warnings) == (0, (), ())
    assert json.loads(json.dumps(report.as_json()))["info"]["kind"] == "races"
    assert list(tmp_path.iterdir()) == []


def test_the_tracks_of_the_exam_are_not_trained_on(tmp_path: Path) -> None:
    data = DataLibrary(tmp_path).open("car-racing", RaceOptions())
    assert isinstance(data, RaceDataset)
    assert not set(data.test) & set(data.train[:100])
    assert data.test[-1] < data.train[0]


def test_the_command_tells_what_a_race_is(data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["data", "car-racing"]) == 0
    text = capsys.readouterr().out
    assert "every seed is a track; 1,000 to 2,147,483,647 are to train on, 0 to 99 are held out" in text
    assert "64 x 64, colour" in text
    assert "Licence: MIT" in text
    assert run_command(["data", "car-racing", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["info"]["test_count"] == 100
    assert run_command(["data"]) == 0
    assert "car-racing: A car seen from above" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--image-size", "32"], ["--set", "color=grey"], ["--text"], ["--music"]])
def test_the_command_refuses_what_races_do_not_have(
    data_dir: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert run_command(["data", "car-racing", *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_other_data_are_no_races(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'glyphs' is no race; known are car-racing"):
        check(DataLibrary(tmp_path), "glyphs", RaceOptions())
