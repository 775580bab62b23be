"""What runs make beside their weights: it stays out of archives, is refused by imports, and counts as room."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from gendesk.cli import run as run_command
from gendesk.engine.engine import Engine
from gendesk.engine.exchange import ExportKind, export_run, import_run
from gendesk.engine.run_store import RunStore
from gendesk.engine.runs import Run
from gendesk.errors import InputError
from tests.support.training import PLUGINS, engine_in, families


@pytest.fixture
def engine(data_dir: Path):
    with engine_in(data_dir) as made:
        yield made


@pytest.fixture
def chain(engine: Engine) -> list[Run]:
    """Return a finished run of each of three stages, each with products."""
    jobs = engine.start_chain([engine.config(name) for name in ("chain-first", "chain-middle", "chain-last")])
    assert all(job.join(30) for job in jobs)
    return [engine.runs.open(job.run.id) for job in jobs]


def export(run: Run, out: Path):
    return export_run(run, ExportKind.ZIP, out, families())


def test_products_stay_out_of_archives_and_that_is_said(chain: list[Run], tmp_path: Path) -> None:
    middle = chain[1]
    assert len(list((middle.folder / "products").iterdir())) == 3
    written = export(middle, tmp_path / "run.zip")
    with zipfile.ZipFile(tmp_path / "run.zip") as archive:
        assert not [name for name in archive.namelist() if "products" in name]
    assert written.notes == (
        "What the run has made beside its weights (0.0 MB in products) is not in the archive.",
        f"The run {chain[0].id}, on which it was built, is not in the archive.",
    )


def test_progress_counts_what_is_packed_alone(chain: list[Run], tmp_path: Path) -> None:
    (chain[0].folder / "products" / "races.bin").write_bytes(bytes(5_000_000))
    shares: list[float] = []
    export_run(chain[0], ExportKind.ZIP, tmp_path / "run.zip", families(), report=lambda share, _: shares.append(share))
    assert shares[-1] > 0.9


def test_products_of_a_folder_are_left_where_they_are(chain: list[Run], tmp_path: Path) -> None:
    elsewhere = RunStore(tmp_path / "elsewhere")
    taken = import_run(elsewhere, chain[0].folder)
    assert "products" in taken.left_out
    assert not (taken.run.folder / "products").exists()


@pytest.mark.parametrize("name", ["products/0001.safetensors", "products/model.pt", "products/samples/1.png"])
def test_an_archive_cannot_bring_products(chain: list[Run], tmp_path: Path, name: str) -> None:
    export(chain[0], tmp_path / "run.zip")
    with zipfile.ZipFile(tmp_path / "run.zip", "a") as archive:
        archive.writestr(f"{chain[0].id}/{name}", b"strange")
    taken = import_run(RunStore(tmp_path / "elsewhere"), tmp_path / "run.zip")
    assert taken.left_out == (f"{chain[0].id}/{name}",)
    assert not (taken.run.folder / "products").exists()


def test_a_run_of_the_same_number_is_not_taken_for_what_an_imported_one_was_built_on(
    chain: list[Run], tmp_path: Path
) -> None:
    export(chain[1], tmp_path / "run.zip")
    with engine_in(tmp_path / "elsewhere") as other:
        assert other.start(other.config("chain-first")).join(30)
        assert other.runs.ids() == [chain[0].id]
        taken = import_run(other.runs, tmp_path / "run.zip").run
        assert taken.record.upstream is not None
        assert taken.record.upstream.run == f"{chain[0].id} of another machine"
        assert other.upstreams.before(taken) is None
        with pytest.raises(InputError, match="which is not there"):
            other.upstreams.choose(other.families.recipe("chain-middle"), taken.record.upstream.run)


def test_a_run_that_comes_back_keeps_what_it_was_built_on(engine: Engine, chain: list[Run], tmp_path: Path) -> None:
    export(chain[1], tmp_path / "run.zip")
    assert import_run(engine.runs, tmp_path / "run.zip").run.record.upstream == chain[1].record.upstream


def test_the_list_of_runs_tells_the_room_with_products(
    data_dir: Path, chain: list[Run], capsys: pytest.CaptureFixture[str]
) -> None:
    (chain[0].folder / "products" / "races.bin").write_bytes(bytes(5_000_000))
    assert run_command(["runs", "--sizes", "--json"]) == 0
    sizes = [row["bytes"] for row in json.loads(capsys.readouterr().out)]
    assert sizes[0] > 5_000_000 > sizes[1] > 300
    assert run_command(["runs", "--sizes"]) == 0
    assert "5.0" in capsys.readouterr().out
    assert run_command(["runs", "--json"]) == 0
    assert "bytes" not in json.loads(capsys.readouterr().out)[0]


def test_a_run_that_makes_no_pictures_says_so(
    data_dir: Path, chain: list[Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(PLUGINS / "chained", data_dir / "plugins" / "chained")
    assert run_command(["sample", chain[0].id, "--out", str(tmp_path / "a.png")]) == 2
    said = capsys.readouterr().err
    assert f"{chain[0].id} makes no pictures of its own; what it has shown so far is in" in " ".join(said.split())
    assert run_command(["sample", chain[0].id, "--out", str(tmp_path / "a.png"), "--prompt", "x"]) == 2
    assert "--prompt is for texts" in " ".join(capsys.readouterr().err.split())
