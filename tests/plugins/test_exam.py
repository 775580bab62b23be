"""The exam of a driver: its scores, the processes that find them, the file that keeps them, and the command."""

import json
import multiprocessing
import os
import time

import numpy as np
import psutil
import pytest
import torch
from gendesk.plugins.worldmodel.exam import examine_tracks
from gendesk.plugins.worldmodel.fleet import Trained, save_model
from gendesk.plugins.worldmodel.models import DreamingModel, DrivingModel, World
from gendesk.plugins.worldmodel.networks.controller import ControllerShape
from gendesk.plugins.worldmodel.racing.episodes import Episode, play

from gendesk.data.races import make_races
from gendesk.engine.capabilities import Examinable
from gendesk.engine.control import StepInterrupted
from gendesk.engine.exams import EXAM_FILE, ExamReport, TrackScore, add_exam, exam_tracks, load_exams, sit_exam
from gendesk.engine.run_config import RunConfig
from gendesk.engine.runs import RunRecord
from gendesk.errors import InputError, StoredDataError

FRAMES = 40
SETTINGS = {"race_frames": FRAMES, "processes": 1, "evaluation_tracks": 1, "pedals": "clipped"}


@pytest.fixture(scope="module")
def driver() -> DrivingModel:
    torch.manual_seed(3)
    model = DrivingModel(World(4, True, True), ControllerShape(latent_size=4, units=8), 2).eval()
    model.set_driver(torch.randn(model.shape.parameters) * 0.3)
    return model


def record(settings=SETTINGS, data=None) -> RunRecord:
    return RunRecord(
        id="0001-world-controller-quick",
        family="worldmodel",
        recipe_title="C",
        config=RunConfig(recipe="world-controller", preset="quick", data="car-racing", config=dict(settings)),
        data=make_races().info if data is None else data,
        created=0.0,
        updated=0.0,
    )


def report(scores=(100.0, 300.0, -20.0), step=5, **changes) -> ExamReport:
    tracks = tuple(
        TrackScore(track=number, score=score, steps=10, finished=False) for number, score in enumerate(scores)
    )
    return ExamReport(**{"step": step, "tracks": tracks, "seconds": 2.0, "made": 0.0, **changes})


class Repeated:
    """Drives by a log of actions."""

    def __init__(self, actions):
        self.actions = actions

    def begin(self, random):
        self.left = list(self.actions)

    def act(self, observation, reward):
        return self.left.pop(0)


def children() -> set[int | None]:
    return {one.pid for one in multiprocessing.active_children()}


def test_a_track_scores_what_it_does_when_driven_alone_and_its_actions_score_it_again(driver, tmp_path):
    steps = driver.world.decisions(FRAMES)
    assert steps == FRAMES // 4
    before = children()
    races = sorted(examine_tracks(driver, range(2), processes=2, race_frames=FRAMES), key=lambda one: one.seed)
    assert children() == before
    alone = Trained(save_model(tmp_path / "driver.safetensors", driver), driver.driver.numpy())
    for race in races:
        options = driver.race_options()
        played = play(Episode(race.seed, alone, steps, options=options))
        assert race.score == played.rewards.sum()
        np.testing.assert_array_equal(race.actions, played.actions)
        repeated = play(Episode(race.seed, Repeated(race.actions), steps, options=options))
        assert repeated.rewards.sum() == race.score
    assert races[0].score != races[1].score


def test_an_exam_by_a_runs_settings(driver):
    told = []
    found = sit_exam(driver, record(), 7, 2, told.append)
    assert isinstance(driver, Examinable)
    assert (found.step, [one.track for one in found.tracks]) == (7, [0, 1])
    assert sorted(told, key=lambda one: one.track) == list(found.tracks)
    assert {one.steps for one in found.tracks} == {FRAMES // 4}
    assert found.seconds > 0


def test_what_cannot_be_examined(driver):
    with pytest.raises(InputError, match="no trained driver"):
        sit_exam(DrivingModel(None, driver.shape, 2), record(), 7, 2, print)
    with pytest.raises(InputError, match="does not drive"):
        sit_exam(DreamingModel(None, 4, 8, 2), record(), 7, 2, print)
    with pytest.raises(InputError, match="100 tracks"):
        exam_tracks(record(), 101)
    with pytest.raises(InputError, match="race_frames"):
        sit_exam(driver, record({"race_frames": -1}), 7, 2, print)


def test_stopping_ends_the_processes_soon(driver):
    before, began = children(), time.perf_counter()
    with pytest.raises(StepInterrupted):
        list(examine_tracks(driver, range(50), processes=1, stopping=lambda: time.perf_counter() - began > 0.3))
    assert time.perf_counter() - began < 10  # fifty tracks take far longer
    assert children() == before


def test_leaving_an_exam_in_the_middle_ends_its_processes(driver):
    before = children()
    races = examine_tracks(driver, range(50), processes=1, race_frames=FRAMES)
    next(races)
    assert len(children() - before) >= 1
    races.close()
    assert children() == before


def test_statistics_and_histogram():
    found = report()
    assert (found.lowest, found.highest) == (-20, 300)
    assert found.mean == pytest.approx(380 / 3)
    assert found.deviation == pytest.approx(np.std([100, 300, -20]))
    assert report((901.0, 900.0, 20.0, 930.0)).share_above() == 0.5
    chart = found.histogram()
    assert (chart.low, chart.high) == (-50, 350)
    assert chart.values.tolist() == [[1, 0, 0, 1, 0, 0, 0, 1]]


@pytest.mark.parametrize("scores", [(5.0,), (0.0, 0.0), (-93.2, 906.0), (1e6, -1e6), (-0.1, 0.1)])
def test_a_histogram_holds_every_track(scores):
    chart = report(scores).histogram()
    assert chart.values.sum() == len(scores)
    assert chart.low <= min(scores) <= max(scores) <= chart.high
    assert chart.values.shape[1] <= 13


def test_exams_are_kept_newest_first_and_repeated_ones_replaced(tmp_path):
    assert load_exams(tmp_path) == ()
    first, later, again = report(), report(step=9), report((1.0, 2.0, 3.0))
    for one in (first, later, again):
        add_exam(tmp_path, one)
    assert load_exams(tmp_path) == (again, later)
    assert [path.name for path in tmp_path.iterdir()] == [EXAM_FILE]
    for step in range(100, 130):
        add_exam(tmp_path, report(step=step))
    assert [one.step for one in load_exams(tmp_path)] == list(range(129, 109, -1))


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"schema_version": 2, "exams": []}', '{"schema_version": 1, "exams": [{"step": 1}]}', "9" * 99, "\0"],
)
def test_a_damaged_file_is_told_and_replaced(tmp_path, content):
    (tmp_path / EXAM_FILE).write_text(content)
    with pytest.raises(StoredDataError, match="exam"):
        load_exams(tmp_path)
    add_exam(tmp_path, report())
    assert load_exams(tmp_path) == (report(),)


def test_scores_that_are_no_numbers_are_refused(tmp_path):
    add_exam(tmp_path, report())
    text = (tmp_path / EXAM_FILE).read_text().replace("300.0", "NaN")
    (tmp_path / EXAM_FILE).write_text(text)
    with pytest.raises(StoredDataError):
        load_exams(tmp_path)


# The command


@pytest.fixture
def run_id(data_dir, driver) -> str:
    """A run of the controller stage as training leaves it."""
    from gendesk.engine.checkpoints import checkpoint_path, save_checkpoint

    config = {**SETTINGS, "latent_size": 4, "units": 8, "mixtures": 2}
    made = record(config)
    folder = data_dir / "runs" / made.id
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(made.model_dump_json())
    save_checkpoint(checkpoint_path(folder / "checkpoints", 12), {"model": driver.state_dict()})
    return made.id


def test_the_command(data_dir, run_id, driver, capsys):
    from gendesk import cli

    assert cli.run(["exam", run_id, "--tracks", "2", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out.splitlines()[-1])
    (kept,) = load_exams(data_dir / "runs" / run_id)
    assert (facts["run"], facts["step"], facts["count"]) == (run_id, 12, 2)
    assert facts["mean"] == kept.mean
    assert cli.run(["exam", run_id, "--tracks", "2"]) == 0
    out = capsys.readouterr().out
    assert f"mean {kept.mean:.1f} ± {kept.deviation:.1f}" in out
    assert "█" in out
    (again,) = load_exams(data_dir / "runs" / run_id)
    assert again.tracks == kept.tracks
    assert cli.run(["exam", run_id, "--tracks", "0"]) == 2
    assert "100 tracks" in capsys.readouterr().err


def test_ctrl_c_ends_the_command_and_its_processes(data_dir, run_id):
    import signal
    import subprocess
    import sys

    command = [sys.executable, "-m", "gendesk", "--data-dir", str(data_dir), "exam", run_id, "--tracks", "100"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    watched = psutil.Process(process.pid)
    until = time.monotonic() + 60
    while not (workers := [one for one in watched.children(recursive=True) if one.num_threads() > 1]):
        assert time.monotonic() < until and process.poll() is None
    began = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(30) == 130
    assert time.monotonic() - began < 8  # a second, where nothing else is going on
    _, alive = psutil.wait_procs(workers, timeout=2)
    assert not alive
    assert not (data_dir / "runs" / run_id / EXAM_FILE).exists()
