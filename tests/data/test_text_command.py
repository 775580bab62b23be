"""What the command line says about texts."""

import json
from pathlib import Path

import pytest

from gendesk import cli


def test_a_text_is_checked_listed_and_removed(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    path = tmp_path / "grapes.txt"
    path.write_text("The [red]fox[/red] said: sour!\n" * 60)
    assert cli.run(["data", str(path), "--set", "unit=words"]) == 0
    said = capsys.readouterr().out
    assert "grapes.txt: 1,860 characters, 240 words." in said
    assert "The [red]fox[/red] said" in said
    assert cli.run(["data"]) == 0
    assert "12 words" in capsys.readouterr().out
    assert cli.run(["data", "grapes", "--remove"]) == 0
    assert "Removed 1 prepared" in capsys.readouterr().out


def test_a_folder_is_read_as_text_when_asked(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "notes").write_text("All work and no play.\n" * 20)
    assert cli.run(["data", str(tmp_path / "own"), "--text", "--json"]) == 0
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert report["characters"] == report["found"] == 440
    assert report["info"]["kind"] == "text"
    assert cli.run(["data", str(tmp_path / "own"), "--text", "--set", "unit=letters"]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
