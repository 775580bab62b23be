"""What the command line says about music."""

import json
from pathlib import Path

import pytest

from gendesk import cli
from tests.support.pieces import save_json, save_tunes, tables


def test_music_is_checked_listed_and_removed(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert cli.run(["data", "chorales", "--set", "limit=20"]) == 0
    said = capsys.readouterr().out
    assert "Chorales (composed by rules): 20 pieces, 18 to train on, 2 held out." in said
    assert "in at most 4 voices, on 4 steps per beat" in said
    assert " begins: " in said
    assert "Licence: MIT" in said
    assert cli.run(["data"]) == 0
    listed = capsys.readouterr().out
    assert "melodies: 1,000 tunes" in listed
    assert "notes" in listed.split("Prepared")[1]
    assert cli.run(["data", "chorales", "--remove"]) == 0
    assert "Removed 1 prepared" in capsys.readouterr().out


def test_a_folder_or_table_is_read_as_music_when_asked(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_tunes(tmp_path / "[red]own", 12)
    (tmp_path / "[red]own" / "x.txt").write_text("hello")
    assert cli.run(["data", str(tmp_path / "[red]own"), "--music"]) == 0
    said = capsys.readouterr().out
    assert "[red]own: 12 pieces" in said
    assert "Left out: 1 that is no MIDI file, such as x.txt." in said
    path = save_json(tmp_path / "tables.json", tables())
    assert cli.run(["data", str(path), "--music", "--json"]) == 0
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["info"]["kind"] == "scores"
    assert report["info"]["train_count"] == 12
    assert cli.run(["data", str(path), "--music", "--set", "voices=nine"]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
