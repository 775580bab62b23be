"""The history of metrics survives what crashes leave behind, and shows a reader whole rows only."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gendesk.engine.checkpoints import checkpoint_path
from gendesk.engine.metrics_log import MetricsLog, read_history
from tests.support.training import engine_in, small_pictures

HEADER = "step,seconds,loss,validation/loss\n"


@pytest.fixture
def log(tmp_path: Path) -> MetricsLog:
    return MetricsLog(tmp_path / "metrics.csv", ["loss", "validation/loss"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.csv"


def test_rows_come_back_by_metric(log: MetricsLog, path: Path) -> None:
    log.append([(1, 0.1, {"loss": 2.5}), (2, 0.2, {"loss": 1.25}), (2, 0.3, {"validation/loss": 3.0})])
    log.append([(3, 0.4, {"loss": 1.0})])
    history = read_history(path)
    assert history["loss"][0].tolist() == [1, 2, 3]
    assert history["loss"][1].tolist() == [2.5, 1.25, 1.0]
    assert [array.tolist() for array in history["validation/loss"]] == [[2], [3.0]]
    assert history["loss"][0].dtype == np.int64
    assert history["loss"][1].dtype == np.float64


def test_it_is_a_table_that_other_programs_read(log: MetricsLog, path: Path) -> None:
    log.append([(1, 0.1234, {"loss": 1 / 3})])
    assert path.read_text() == HEADER + "1,0.123,0.333333333,\n"


def test_there_is_no_history_before_the_first_row(path: Path) -> None:
    assert read_history(path) == {}
    MetricsLog(path, ["loss"]).cut_after(5)
    assert not path.exists()
    path.touch()
    assert read_history(path) == {}


def test_values_that_are_no_numbers_are_kept(log: MetricsLog, path: Path) -> None:
    log.append([(1, 0.1, {"loss": float("nan")}), (2, 0.2, {"loss": float("inf")})])
    np.testing.assert_array_equal(read_history(path)["loss"][1], [np.nan, np.inf])


def test_a_resumed_run_writes_its_steps_once(log: MetricsLog, path: Path) -> None:
    log.append([(step, step / 10, {"loss": float(step)}) for step in range(1, 9)])
    log.cut_after(5)
    log.append([(6, 0.6, {"loss": 60.0})])
    steps, values = read_history(path)["loss"]
    assert steps.tolist() == [1, 2, 3, 4, 5, 6]
    assert values[-1] == 60.0


@pytest.mark.parametrize("length", range(len(HEADER) + len("7,0.5,0.123456789,\n") * 2))
def test_a_crash_may_cut_the_file_anywhere(path: Path, log: MetricsLog, length: int) -> None:
    log.append([(1, 0.5, {"loss": 0.123456789}), (7, 0.6, {"loss": 0.5})])
    path.write_bytes(path.read_bytes()[:length])
    whole = path.read_text().count("\n") - 1
    kept = [0.123456789, 0.5][: max(0, whole)]
    assert read_history(path).get("loss", (None, np.array([])))[1].tolist() == kept
    log.cut_after(7)
    log.append([(8, 0.7, {"loss": 9.0})])
    assert read_history(path)["loss"][1].tolist() == [*kept, 9.0]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(garbage=st.binary(max_size=40))
def test_garbage_in_the_middle_costs_its_own_rows_only(tmp_path: Path, garbage: bytes) -> None:
    """What a power cut leaves of a file's last block: zeros, or something older."""
    path = tmp_path / "garbage.csv"
    path.write_bytes(HEADER.encode() + b"1,0.1,2.5,\n" + garbage + b"\n3,0.3,0.5,\n")
    log = MetricsLog(path, ["loss", "validation/loss"])
    for _ in range(2):
        steps, values = read_history(path)["loss"]
        assert steps[0] == 1
        assert steps[-1] == 3
        assert values[0] == 2.5
        log.cut_after(3)


def test_a_run_without_a_saved_state_starts_its_history_anew(data_dir: Path, tmp_path: Path) -> None:
    with engine_in(data_dir) as engine:
        job = engine.start(engine.config("tiny", data=str(small_pictures(tmp_path)), steps=5, device="cpu"))
        assert job.join(30)
        for step in job.run.steps_saved():
            checkpoint_path(job.run.checkpoints, step).unlink()
        again = engine.resume("latest", 7)
        assert again.join(30)
    assert again.run.history()["loss"][0].tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_an_update_that_renames_metrics_shifts_no_column(log: MetricsLog, path: Path) -> None:
    log.append([(1, 0.1, {"loss": 2.5}), (2, 0.2, {"validation/loss": 3.0})])
    with path.open("a") as file:
        file.write("3,0.3,9.9")  # what a crash left
    renamed = MetricsLog(path, ["error", "loss"])
    renamed.cut_after(2)
    renamed.append([(3, 0.3, {"loss": 1.0, "error": 0.5})])
    assert path.read_text().splitlines()[0] == "step,seconds,loss,validation/loss,error"
    history = read_history(path)
    assert [array.tolist() for array in history["loss"]] == [[1, 3], [2.5, 1.0]]
    assert [array.tolist() for array in history["validation/loss"]] == [[2], [3.0]]
    assert [array.tolist() for array in history["error"]] == [[3], [0.5]]


def test_rows_that_wait_follow_the_columns_of_the_file(log: MetricsLog, path: Path) -> None:
    log.append([(1, 0.1, {"loss": 2.5})])
    renamed = MetricsLog(path, ["error", "loss"])
    renamed.hold([(2, 0.2, {"error": 0.5, "loss": 1.5})])
    renamed.append()
    assert read_history(path)["loss"][1].tolist() == [2.5, 1.5]
    assert read_history(path)["error"][0].tolist() == [2]


def test_of_very_many_rows_that_wait_the_newest_are_kept(path: Path) -> None:
    log = MetricsLog(path, ["loss"], most_waiting=3)
    path.mkdir()
    for step in range(1, 7):
        with pytest.raises(OSError):
            log.append([(step, 0.1, {"loss": float(step)})])
    path.rmdir()
    log.append([(7, 0.2, {"loss": 7.0})])
    assert read_history(path)["loss"][0].tolist() == [5, 6, 7]
