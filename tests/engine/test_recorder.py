"""What a run notes survives a disk that refuses: training goes on, and nothing that was measured is lost."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from gendesk.engine.engine import Engine
from gendesk.engine.events import JobState, Marked, Scalars, Warned
from gendesk.engine.health.warnings_file import WARNINGS_FILE, WarningsLog, read_warnings
from gendesk.engine.job import Job
from gendesk.engine.runs import RunState
from tests.support.training import Watcher, engine_in, small_pictures


@pytest.fixture
def engine(data_dir, tmp_path):
    with engine_in(data_dir) as made:
        made.pictures = str(small_pictures(tmp_path))
        yield made


def tiny(engine: Engine, **values):
    return engine.config("tiny", data=engine.pictures, **values)


def step_of(watcher: Watcher) -> int:
    return int(watcher.of(Scalars)[-1].steps[-1]) if watcher.of(Scalars) else 0


@contextmanager
def standing_still(watcher: Watcher, job: Job):
    """The run writes nothing while its files are exchanged under it."""
    pauses = len(marks_of_pauses(watcher))
    job.pause()
    watcher.wait_for(lambda: len(marks_of_pauses(watcher)) > pauses)
    yield
    job.resume()


def marks_of_pauses(watcher: Watcher) -> list[Marked]:
    return [event for event in watcher.of(Marked) if event.kind == "pause"]


def test_metrics_wait_until_they_can_be_written(engine):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=100_000, step_ms=1.0))
    watcher.wait_for(lambda: step_of(watcher) > 20)
    path = job.run.metrics_file
    with standing_still(watcher, job):
        before = path.read_bytes()
        path.unlink()
        path.mkdir()  # whatever is written to it now fails, also for root
    (warning,) = watcher.wait_for(lambda: watcher.of(Warned))
    assert warning.kind == "storage"
    assert "cannot be saved" in warning.text
    refused = step_of(watcher)
    watcher.wait_for(lambda: step_of(watcher) > refused + 50)
    with standing_still(watcher, job):
        path.rmdir()
        path.write_bytes(before)
    watcher.wait_for(lambda: path.stat().st_size > len(before))
    job.stop()
    assert job.join(20)
    assert job.state is JobState.FINISHED
    steps, _ = job.run.history()["loss"]
    assert steps.tolist() == list(range(1, job.run.record.step + 1))
    assert [warning.kind for warning in watcher.of(Warned)].count("storage") == 1


def test_the_last_metrics_are_tried_at_the_end(engine):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=100_000, step_ms=0.5))
    watcher.wait_for(lambda: step_of(watcher) > 20)
    path = job.run.metrics_file
    with standing_still(watcher, job):
        before = path.read_bytes()
        path.unlink()
        path.mkdir()
    watcher.wait_for(lambda: watcher.of(Warned))
    with standing_still(watcher, job):
        path.rmdir()
        path.write_bytes(before)
    job.stop()
    assert job.join(20)
    assert job.run.history()["loss"][0].tolist() == list(range(1, job.run.record.step + 1))


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")
def test_a_disk_that_takes_half_a_row_leaves_no_torn_line(tmp_path):
    """A limit of 1000 bytes a file cuts the second batch anywhere; when it is lifted, every row is there once."""
    path = tmp_path / "metrics.csv"
    code = f"""
import resource, signal
from pathlib import Path
from gendesk.engine.metrics_log import MetricsLog
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
log = MetricsLog(Path({str(path)!r}), ["loss"])
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
log.append([(step, step / 7, {{"loss": step / 3}}) for step in range(1, 21)])
for limit in (1000, 1003, 900):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        log.append([(step, step / 7, {{"loss": step / 3}}) for step in range(limit * 10, limit * 10 + 100)])
    except OSError as error:
        print(error.errno)
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
log.append([(100_000, 1.0, {{"loss": 1.0}})])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert len(done.stdout.split()) == 3
    header, *rows = path.read_text().splitlines()
    assert header == "step,seconds,loss"
    steps = [int(row.split(",")[0]) for row in rows]
    assert steps == [*range(1, 21), *(limit * 10 + n for limit in (1000, 1003, 900) for n in range(100)), 100_000]
    assert {row.count(",") for row in rows} == {2}


def test_a_run_whose_folder_cannot_be_written_ends_in_a_sentence_and_the_next_one_begins(engine, tmp_path):
    watcher = Watcher(engine)
    first = engine.start(tiny(engine, steps=100_000, step_ms=0.5))
    second = engine.start(tiny(engine, steps=20))
    watcher.wait_for(lambda: step_of(watcher) > 20)
    with standing_still(watcher, first):
        first.run.folder.rename(tmp_path / "away")
        first.run.folder.write_text("a file where the folder was")
    watcher.wait_for(lambda: watcher.of(Warned))
    told = step_of(watcher)
    watcher.wait_for(lambda: step_of(watcher) > told + 50)
    first.stop()
    assert first.join(20)
    assert first.state is JobState.FAILED
    assert "cannot be saved" in first.error
    assert second.join(20)
    assert second.state is JobState.FINISHED, second.error
    assert engine.runs.open(second.run.id).state is RunState.FINISHED


def test_a_finding_keeps_the_table_that_it_would_change(tmp_path):
    layers = [{"filters": 64, "upsampling": False}, {"filters": 1, "upsampling": True}]
    changes = {"layers": layers, "n": 2}
    warning = Warned(run_id=tmp_path.name, step=3, kind="checkerboard", text="Seen.", changes=changes)
    log = WarningsLog(tmp_path / WARNINGS_FILE)
    log.add(warning)
    log.save()
    assert read_warnings(tmp_path / WARNINGS_FILE)[0].changes == changes


def test_a_run_folder_that_is_deleted_is_made_again(engine, tmp_path):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=100_000, step_ms=0.5))
    watcher.wait_for(lambda: step_of(watcher) > 20)
    with standing_still(watcher, job):
        job.run.folder.rename(tmp_path / "away")
    watcher.wait_for(lambda: watcher.of(Warned))
    job.stop()
    assert job.join(20)
    assert job.state is JobState.FINISHED, job.error
    assert engine.load_model(job.run.id).decode is not None


def test_warnings_are_kept_with_the_run_and_told_once_in_its_life(engine):
    job = engine.start(tiny(engine, steps=10, fail_in="preview"))
    assert job.join(20)
    path = job.run.folder / WARNINGS_FILE
    (kept,) = read_warnings(path)
    assert (kept.run_id, kept.kind, kept.step) == (job.run.id, "preview", 0)
    watcher = Watcher(engine)
    again = engine.resume("latest", 10)
    assert again.join(20)
    assert watcher.of(Warned) == []
    assert len(read_warnings(path)) == 1


def test_a_run_that_is_lost_says_what_to_change(engine):
    watcher = Watcher(engine)
    job = engine.start(tiny(engine, steps=200, nan_at=100, checkpoint_seconds=0, learning_rate=0.1))
    assert job.join(20)
    assert job.state is JobState.FAILED
    (kept,) = read_warnings(job.run.folder / WARNINGS_FILE)
    assert (kept.kind, kept.step, kept.changes) == ("not-a-number", 100, {"learning_rate": 0.01})
    assert kept.text == job.error
    assert kept.explanation
    assert [event.kind for event in watcher.of(Marked)][-1] == "warning"
    # A resumed run goes back to a state before that, so it may say it again.
    again = engine.resume(job.run.id)
    assert again.join(20)
    assert [event.kind for event in watcher.of(Warned)].count("not-a-number") == 2
    assert len(read_warnings(job.run.folder / WARNINGS_FILE)) == 1


@pytest.mark.parametrize(
    "damage",
    [b"", b"\xff\xfe\x00", b"[]\n", b'{"step": 1}\n', b'{"step":"x","time":0,"text":"y"}\n', b"{" * 2_000_000],
    ids=["empty", "binary", "no object", "too little", "a wrong type", "very long"],
)
def test_a_damaged_file_of_warnings_costs_only_its_own_lines(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "0001-run" / WARNINGS_FILE
    path.parent.mkdir()
    assert read_warnings(path) == []
    good = b'{"step":3,"time":1.5,"kind":"overfitting","text":"seen","changes":{"dropout":0.25}}\n'
    path.write_bytes(good + damage)
    (warning,) = read_warnings(path)
    assert (warning.run_id, warning.step, warning.changes) == ("0001-run", 3, {"dropout": 0.25})
