"""`gendesk score`, as people and scripts meet it."""

import json
import shutil

import pytest

from gendesk import cli, plugins
from tests.support.training import PLUGINS, small_pictures


@pytest.fixture
def command(data_dir, capsys, monkeypatch):
    """Run a command in this process, with the tiny recipe among the person's plugins: (exit code, output, errors)."""
    monkeypatch.setattr(plugins, "__path__", list(plugins.__path__))
    monkeypatch.setenv("COLUMNS", "100")
    shutil.copytree(PLUGINS / "tiny", data_dir / "plugins" / "tiny")

    def run(*words):
        capsys.readouterr()
        return (cli.run([str(word) for word in words]), *capsys.readouterr())

    return run


def test_scores_of_a_run(command, data_dir, tmp_path):
    pictures = small_pictures(tmp_path)
    command("train", "tiny", "--data", pictures, "--device", "cpu", "--steps", "3")
    code, out, err = command("score", "0001", "--count", "70")
    assert code == 0, err
    assert "the feature network of" in err  # it was trained first
    lines = out.splitlines()
    assert lines[0].startswith(
        "70 pictures of 0001-tiny-quick at step 3, against 70 of small (gendesk features: small 12"
    )
    assert any(line.startswith("Fréchet distance (gendesk features) ") for line in lines)
    assert "FID" not in out
    code, out, _ = command("score", "0001", "--count", "30", "--json")
    found = json.loads(out.splitlines()[-1])
    assert code == 0
    assert (found["run"], found["step"], found["count"]) == ("0001-tiny-quick", 3, 30)
    assert found["frechet"] is None  # of more features than pictures
    assert found["kernel_error"] > 0
    assert list((data_dir / "features").iterdir())


def test_what_cannot_be_scored(command, tmp_path):
    pictures = small_pictures(tmp_path)
    command("train", "tiny", "--data", pictures, "--device", "cpu", "--steps", "1")

    def refused(*words):
        code, out, err = command("score", *words)
        assert (code, out) == (2, "")
        assert "Traceback" not in err
        return err

    assert "--count must be from 20 to 50,000 (given: 19)" in refused("0001", "--count", "19")
    assert "--seed must be" in refused("0001", "--seed", "-1")
    assert "is not pt_inception-2015-12-05-6726825d.pth" in refused("0001", "--inception", pictures)
    assert "is no file" in refused("0001", "--inception", tmp_path / "none.pth")
    assert "no pictures" in refused("0001", "--data", "land")
    (tmp_path / "larger").mkdir()
    larger = small_pictures(tmp_path / "larger", size=16)
    assert "12x12 and grey, the real ones 16x16 and grey" in refused("0001", "--data", larger)
    command("train", "cnn", "--data", pictures, "--device", "cpu", "--steps", "1")
    assert "This model cannot make samples." in refused("0002")
    assert command("runs", "--json")[1].count("0003") == 0  # nothing was trained in vain
