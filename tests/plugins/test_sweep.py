"""The temperature sweep: from dreams to real tracks, in one go or in pieces, and where the two part."""

import multiprocessing

import numpy as np
import pytest
import torch
from gendesk.plugins.worldmodel.config import ControllerConfig
from gendesk.plugins.worldmodel.fleet import save_model
from gendesk.plugins.worldmodel.models import DreamingModel, DrivingModel, World
from gendesk.plugins.worldmodel.networks.controller import ControllerShape
from gendesk.plugins.worldmodel.sweep import STATE_FILE, Dreams, Sweep, as_driver, dream
from gendesk.plugins.worldmodel.sweep_report import (
    SWEEP_FILE,
    TEMPERATURES,
    RoadScore,
    SweepReport,
    SweepRow,
    SweepSettings,
    load_sweep,
    save_sweep,
)

from gendesk.engine.control import StepInterrupted
from gendesk.errors import InputError, StoredDataError

CONFIG = ControllerConfig(race_frames=40, latent_size=4, units=8, mixtures=2, pedals="clipped", processes=1)
SETTINGS = SweepSettings(temperatures=(1.2, 0.5), generations=2, tracks=2, population=4, dreams=2)


@pytest.fixture(scope="module")
def model() -> DrivingModel:
    torch.manual_seed(3)
    made = DrivingModel(World(4, True, True), ControllerShape(latent_size=4, units=8, pedals="clipped"), 2).eval()
    made.beginning_mu.normal_()
    return made


def row(temperature: float, dreams: float, score: float) -> SweepRow:
    races = tuple(RoadScore(track=n, score=score + n, rewarded=3) for n in range(2))
    return SweepRow(temperature=temperature, curve=(1.0,), dreams=(dreams, dreams + 1), races=races)


def report(*rows: SweepRow) -> SweepReport:
    settings = SweepSettings(temperatures=tuple(one.temperature for one in rows), generations=1, tracks=2)
    return SweepReport(step=1, settings=settings, rows=rows)


class Stopping:
    """Says stop once so many reports have come."""

    def __init__(self, after: int) -> None:
        self.after, self.reports = after, []

    def __call__(self) -> bool:
        return len(self.reports) >= self.after


def test_a_sweep_in_pieces_is_the_same_as_in_one_go(model, tmp_path):
    whole, pieces = tmp_path / "whole", tmp_path / "pieces"
    for folder in (whole, pieces):
        folder.mkdir()
    told = []
    found = Sweep(model, CONFIG, SETTINGS, whole, 9).run(1, told.append)
    assert found.is_complete and found.share == 1 and found.step == 9
    assert [one.temperature for one in found.rows] == [0.5, 1.2]
    assert [len(one.curve) for one in found.rows] == [2, 2]
    assert [[race.track for race in one.races] for one in found.rows] == [[0, 1], [0, 1]]
    assert [len(one.dreams) for one in found.rows] == [2, 2]
    assert [one.share for one in told] == sorted(one.share for one in told)
    assert load_sweep(whole) == found
    assert not (whole / STATE_FILE).exists()
    for reports in (1, 3):  # after a generation, and in the middle of the races
        stopping = Stopping(reports)
        with pytest.raises(StepInterrupted):
            Sweep(model, CONFIG, SETTINGS, pieces, 9).run(1, stopping.reports.append, stopping)
        kept = load_sweep(pieces)
        assert kept is not None and 0 < kept.share < 1
        assert Sweep(model, CONFIG, SETTINGS, pieces, 9).report == kept
    assert Sweep(model, CONFIG, SETTINGS, pieces, 9).run(1) == found
    assert multiprocessing.active_children() == []


def test_another_sweep_and_a_damaged_one_begin_anew(model, tmp_path):
    stopping = Stopping(1)
    with pytest.raises(StepInterrupted):
        Sweep(model, CONFIG, SETTINGS, tmp_path).run(1, stopping.reports.append, stopping)
    assert Sweep(model, CONFIG, SETTINGS, tmp_path).report.share > 0
    assert Sweep(model, CONFIG, SETTINGS.model_copy(update={"seed": 2}), tmp_path).report.share == 0
    other = DrivingModel(model.world, model.shape, 2).eval()
    assert Sweep(other, CONFIG, SETTINGS, tmp_path).report.share == 0
    content = (tmp_path / STATE_FILE).read_bytes()
    (tmp_path / STATE_FILE).write_bytes(content[:-100])
    assert Sweep(model, CONFIG, SETTINGS, tmp_path).report.share == 0


def test_dreams_of_a_place_depend_on_their_seed_and_temperature_only(model, tmp_path):
    file = save_model(tmp_path / "driver.safetensors", model)
    candidates = np.random.default_rng(0).normal(size=(3, model.shape.parameters)).astype(np.float32)
    scores = [
        dream(Dreams(place, file, candidates, temperature, 2, 10, seed))[1]
        for place, temperature, seed in ((0, 1.0, 5), (1, 1.0, 5), (0, 1.0, 6))
    ]
    assert scores[0].shape == (3, 2)
    np.testing.assert_array_equal(scores[0], scores[1])


def test_a_model_without_a_controller_gets_one(model, tmp_path):
    dreaming = DreamingModel(World(4, True, True), 4, 8, 2).eval()
    made = as_driver(dreaming, ControllerConfig())
    assert (made.shape.latent_size, made.shape.units, made.world) == (4, 8, dreaming.world)
    torch.testing.assert_close(made.memory.state_dict(), dreaming.memory.state_dict())
    assert as_driver(model, CONFIG) is model
    with pytest.raises(InputError, match="begin with zeros"):
        Sweep(dreaming, CONFIG, SETTINGS.model_copy(update={"start": "driver"}), tmp_path)


def test_where_dream_and_road_part():
    parting = report(row(0.5, 300, 50), row(1.0, 250, 100), row(1.15, 200, 400), row(1.3, 150, 90)).parting()
    assert parting == (1.0, 1.15)
    assert report(row(0.5, 100, 50), row(1.0, 250, 100)).parting() is None  # the dream promises less, too
    assert report(row(0.5, 300, 400), row(1.0, 250, 100)).parting() is None  # the coldest is the best
    vague = row(0.5, 300, 50).model_copy(update={"dreams": (500.0, 110.0)})
    assert report(vague, row(1.0, 200, 400)).parting() is None  # that the dream promises more may be luck
    assert report(row(0.5, 300, 50), vague.model_copy(update={"temperature": 0.8}), row(1.0, 200, 400)).parting() == (
        0.5,
        1.0,
    )
    unfinished = row(1.0, 250, 100).model_copy(update={"races": ()})
    assert report(row(0.5, 300, 50), unfinished).parting() is None


def test_luck_is_no_parting():
    lucky = row(1.0, 250, 0).model_copy(
        update={"races": (RoadScore(track=0, score=400, rewarded=1), RoadScore(track=1, score=-60, rewarded=1))}
    )
    assert report(row(0.5, 300, 100), lucky).parting() is None


def test_settings_and_files(tmp_path):
    assert SweepSettings().temperatures == TEMPERATURES
    assert SweepSettings(temperatures=(1.0, 0.5, 1.0)).temperatures == (0.5, 1.0)
    for wrong in ((), (0.0,), (float("nan"),), (11.0,)):
        with pytest.raises(ValueError, match="temperatures"):
            SweepSettings(temperatures=wrong)
    assert load_sweep(tmp_path) is None
    found = report(row(0.5, 3, 5), row(1.0, 2, 1))
    save_sweep(tmp_path, found)
    assert load_sweep(tmp_path) == found
    for content in ("", "[]", '{"step": 1}', "\0"):
        (tmp_path / SWEEP_FILE).write_text(content)
        with pytest.raises(StoredDataError, match="sweep"):
            load_sweep(tmp_path)
